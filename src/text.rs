//! Text of the tree made safe to show.

/// A character that can be shown in place of one that must not reach a terminal.
///
/// Control characters would move the cursor or change colours; invisible and direction-changing
/// ones would make a line read differently than it is.
pub(crate) fn visible(c: char) -> char {
    match c {
        '\t' => '\t',
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\x7f' => '\u{2421}',
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}' => '\u{fffd}',
        c => c,
    }
}

/// `text` on one line, without anything that a terminal would obey.
pub fn printable(text: &str) -> String {
    // Nearly every text is plain.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    text.chars().map(|c| if c == '\t' { ' ' } else { visible(c) }).collect()
}
