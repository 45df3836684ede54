//! Prose for a terminal: lines that are as long as it is wide. Where nobody watches, text goes out as it
//! is written, so that a search finds it.

/// A page in Markdown: paragraphs and items of lists are filled, everything else stays.
pub(super) fn page(text: &str, width: usize) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut paragraph = String::new();
    let mut is_code = false;
    for line in text.lines() {
        let is_fence = line.trim_start().starts_with("```");
        if is_code || is_fence || is_set(line) {
            flush(&mut paragraph, width, &mut out);
            out.push_str(line);
            out.push('\n');
            is_code ^= is_fence;
            continue;
        }
        if marker(line).is_some() {
            flush(&mut paragraph, width, &mut out);
        }
        if paragraph.is_empty() {
            paragraph.push_str(line.trim_end());
        } else {
            paragraph.push(' ');
            paragraph.push_str(line.trim());
        }
    }
    flush(&mut paragraph, width, &mut out);
    out
}

/// A line with its continuations indented.
pub(super) fn line(text: &str, indent: usize, width: usize) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    fill(text, indent, width, &mut out);
    out
}

/// Lines that are no prose: blank ones, headings, tables, what is indented.
fn is_set(line: &str) -> bool {
    line.trim().is_empty() || line.starts_with(['#', '|']) || line.starts_with("    ")
}

/// The marker of an item of a list, with the blanks around it.
fn marker(line: &str) -> Option<&str> {
    let text = line.trim_start();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.get(digits..)?;
    let length = if digits > 0 {
        rest.starts_with(". ").then_some(digits + 2)?
    } else {
        (rest.starts_with("- ") || rest.starts_with("* ")).then_some(2)?
    };
    line.get(..line.len() - text.len() + length)
}

fn flush(paragraph: &mut String, width: usize, out: &mut String) {
    if !paragraph.is_empty() {
        let indent = marker(paragraph).map_or(0, str::len);
        fill(paragraph, indent, width, out);
        paragraph.clear();
    }
}

/// Breaks at blanks; a word that is longer than a line stays whole.
fn fill(text: &str, indent: usize, width: usize, out: &mut String) {
    let mut used = 0;
    for (at, word) in text.split(' ').enumerate() {
        let length = word.chars().count();
        if at > 0 && used > indent && used + 1 + length > width {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            used = indent;
        } else if at > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += length;
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_filled_and_code_is_not() {
        let text = "## A heading that is much longer than the line\n\nOne two three four\nfive six.\n\n- an item of\n  a list\n- b\n\n```yaml\nmain: {a: 1, b: 2, c: 3, d: 4}\n\nx\n```\n| a table | of two |\n";
        let filled = "## A heading that is much longer than the line\n\nOne two three four five\nsix.\n\n- an item of a list\n- b\n\n```yaml\nmain: {a: 1, b: 2, c: 3, d: 4}\n\nx\n```\n| a table | of two |\n";
        assert_eq!(page(text, 24), filled);
        let narrow = page(text, 12);
        assert!(
            narrow.contains("One two\nthree four\nfive six.\n\n- an item of\n  a list\n- b\n"),
            "{narrow}"
        );
    }

    #[test]
    fn a_long_word_has_a_line_of_its_own() {
        assert_eq!(line("  ab  cd efghijklmnop q", 4, 10), "  ab  cd\n    efghijklmnop\n    q\n");
        assert_eq!(line("", 4, 10), "\n");
        assert_eq!(line("abcdef", 4, 2), "abcdef\n");
    }
}
