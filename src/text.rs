//! Text of the tree made safe to show.

/// A character that can be shown in place of one that must not reach a terminal.
///
/// Control characters would move the cursor or change colours; invisible and direction-changing
/// ones would make a line read differently than it is.
pub(crate) fn visible(c: char) -> char {
    match c {
        // Nearly every character is one of these.
        ' '..='~' | '\t' => c,
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\x7f' => '\u{2421}',
        c if is_unseen(c) => '\u{fffd}',
        c => c,
    }
}

/// Whether a terminal would not show the character as itself.
pub(crate) fn is_hidden(c: char) -> bool {
    visible(c) != c
}

/// Characters beyond ASCII that terminals obey, hide, or show each in its own way.
///
/// By Unicode's data (UnicodeData.txt, PropList.txt, DerivedCoreProperties.txt): control and format characters,
/// except the visible signs that stand around a number; separators of lines and paragraphs; what is ignored by
/// default, such as fillers and variation selectors; private characters; and code points that are no characters.
const fn is_unseen(c: char) -> bool {
    let code = c as u32;
    matches!(
        c,
        '\u{80}'..='\u{9f}'
            | '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{e000}'..='\u{f8ff}'
            | '\u{fdd0}'..='\u{fdef}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
            | '\u{f0000}'..='\u{10ffff}'
    ) || code & 0xfffe == 0xfffe
}

/// `text` on one line, without anything that a terminal would obey.
pub fn printable(text: &str) -> String {
    // Nearly every text is plain.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    text.chars().map(|c| if c == '\t' { ' ' } else { visible(c) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_unicode_calls_unseen_is_not_shown() {
        let unseen = regex::Regex::new(concat!(
            r"^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Noncharacter_Code_Point}",
            r"--\p{Prepended_Concatenation_Mark}]$",
        ))
        .unwrap();
        let mut text = String::new();
        let wrong: Vec<String> = ('\0'..=char::MAX)
            .filter(|c| !matches!(c, '\t' | '\n'))
            .filter(|c| {
                text.clear();
                text.push(*c);
                unseen.is_match(&text) != is_hidden(*c)
            })
            .map(|c| format!("U+{:04X}", u32::from(c)))
            .collect();
        assert_eq!(wrong, Vec::<String>::new());
        assert!(is_hidden('\n') && is_hidden('\u{180e}') && !is_hidden('é') && !is_hidden('\t'));
    }
}
