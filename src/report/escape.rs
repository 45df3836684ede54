//! Text of the tree inside other languages: markup, workflow commands, logs, JSON.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use crate::text::{is_hidden, printable};

/// Text of an element or an attribute of XML 1.0.
///
/// Control characters are shown as [`printable`] shows them, and the two code points that no XML
/// document may hold become U+FFFD.
pub(super) fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            // Within an attribute a bare line break would be read as a blank.
            escaped.push_str("&#10;");
        }
        for c in printable(line).chars() {
            match c {
                '&' => escaped.push_str("&amp;"),
                '<' => escaped.push_str("&lt;"),
                '>' => escaped.push_str("&gt;"),
                '"' => escaped.push_str("&quot;"),
                '\'' => escaped.push_str("&apos;"),
                // Two of them could begin a command (see `inert`).
                '#' => escaped.push_str("&#35;"),
                '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
                c => escaped.push(c),
            }
        }
    }
    escaped
}

/// Text in GitHub's and GitLab's Markdown, on one line, that neither begins nor ends any markup.
///
/// A character reference is never markup for CommonMark (section 2.5), so every ASCII character that
/// could be is written as one. Names of people and numbers of issues are looked for in the text that
/// results: a zero-width space keeps `@name` and `#1` from becoming a mention and a reference.
pub(super) fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() * 2);
    let mut before = ' ';
    for c in printable(text).chars() {
        match c {
            // `www.` is the one place where a dot makes a link.
            '.' if !matches!(before, 'w' | 'W') => escaped.push('.'),
            '@' | '#' => {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "&#{};&#8203;", u32::from(c));
            }
            ' ' | '/' | ',' | '-' | '?' | '%' | ';' => escaped.push(c),
            c if c.is_ascii_punctuation() => {
                let _ = write!(escaped, "&#{};", u32::from(c));
            }
            c => escaped.push(c),
        }
        before = c;
    }
    escaped
}

/// The same, where words between backticks are shown as code.
pub(super) fn markdown_with_code(text: &str) -> String {
    let mut parts: Vec<&str> = text.split('`').collect();
    // An odd backtick stands for itself.
    let rest = if parts.len().is_multiple_of(2) { parts.pop() } else { None };
    let mut escaped = String::with_capacity(text.len() * 2);
    for (index, part) in parts.iter().enumerate() {
        match (index.is_multiple_of(2), part.is_empty()) {
            (true, _) => escaped.push_str(&markdown(part)),
            (false, true) => escaped.push_str("&#96;&#96;"),
            (false, false) => escaped.push_str(&code(part)),
        }
    }
    if let Some(rest) = rest {
        escaped.push_str(&markdown("`"));
        escaped.push_str(&markdown(rest));
    }
    escaped
}

/// Text as code in Markdown: the element, since a code span cannot hold every text in a table.
pub(super) fn code(text: &str) -> String {
    format!("<code>{}</code>", markdown(text))
}

/// The data of a workflow command, as the runner decodes it.
pub(super) fn command_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a workflow command, as the runner decodes it.
pub(super) fn command_property(text: &str) -> String {
    command_data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A path as the path of a URI (RFC 3986, section 3.3): `/` stays.
pub(super) fn uri_path(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

/// Lines for the log of a CI system that none of them takes for a command: GitHub reads `::name` at
/// the start of a line and `##[name]` anywhere, Azure `##vso[name]`, TeamCity `##teamcity[name]`.
pub(crate) fn inert(text: &str) -> Cow<'_, str> {
    let starts_command = |line: &str| line.trim_start().starts_with("::");
    if !text.contains("##") && !text.lines().any(starts_command) {
        return Cow::Borrowed(text);
    }
    let mut quiet = String::with_capacity(text.len() + 8);
    for line in text.split_inclusive('\n') {
        if starts_command(line) {
            let indent = line.len() - line.trim_start().len();
            quiet.push_str(line.get(..indent).unwrap_or_default());
            quiet.push('\\');
            quiet.push_str(&without_brackets(line.get(indent..).unwrap_or_default(), "#\\#"));
        } else {
            quiet.push_str(&without_brackets(line, "#\\#"));
        }
    }
    Cow::Owned(quiet)
}

/// JSON, or a list of JSON values, in which no CI system sees a command (see [`inert`]): outside of strings it has no `#`.
pub(crate) fn inert_json(text: String) -> String {
    if text.contains("##") { without_brackets(&text, "#\\u0023") } else { text }
}

/// `text` as YAML in double quotes, if a terminal would obey or hide something of it or a CI system could take a part of
/// it for a command where it begins a line (see [`inert`]).
pub(crate) fn inert_yaml(text: &str) -> Option<String> {
    let is_obeyed = |c: char| is_hidden(c) && c != '\n';
    // A key stands at the start of a line, too.
    let has_line = || text.lines().any(|line| line.trim_start().starts_with("::"));
    let has_brackets = || text.contains("##") && without_brackets(text, "") != text;
    if !text.chars().any(is_obeyed) && !has_line() && !has_brackets() {
        return None;
    }
    let mut quoted = String::with_capacity(text.len() + 16);
    quoted.push('"');
    let mut before = ' ';
    for c in text.chars() {
        // Writing to a string cannot fail.
        let _ = match c {
            '"' | '\\' => write!(quoted, "\\{c}"),
            '#' if before == '#' => write!(quoted, "\\x23"),
            '\n' => write!(quoted, "\\n"),
            c if is_hidden(c) => match u32::from(c) {
                code @ 0..=0xff => write!(quoted, "\\x{code:02x}"),
                code @ 0..=0xffff => write!(quoted, "\\u{code:04x}"),
                code => write!(quoted, "\\U{code:08x}"),
            },
            c => write!(quoted, "{c}"),
        };
        before = c;
    }
    quoted.push('"');
    Some(quoted)
}

/// `text` with `hashes` in place of each `##` that letters and a bracket follow.
fn without_brackets(text: &str, hashes: &str) -> String {
    let mut quiet = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("##") {
        let (before, after) = rest.split_at(at);
        let after = after.get(2..).unwrap_or_default();
        quiet.push_str(before);
        let name = after.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
        if name.starts_with('[') {
            quiet.push_str(hashes);
            rest = after;
        } else {
            // `###[`: the second may begin a command.
            quiet.push('#');
            rest = rest.get(at + 1..).unwrap_or_default();
        }
    }
    quiet.push_str(rest);
    quiet
}

/// Passes lines on so that no CI system takes one for a command (see [`inert`]): for everything that is written to
/// standard output for people and has words of the tree in it.
pub(crate) struct Inert<'w> {
    out: &'w mut dyn Write,
    /// The start of a line.
    line: Vec<u8>,
}

impl<'w> Inert<'w> {
    /// In front of `out`, which gets whole lines, and the last one on [`Write::flush`].
    pub(crate) fn new(out: &'w mut dyn Write) -> Self {
        Self { out, line: Vec::new() }
    }

    /// Lets `write` write lines.
    pub(crate) fn lines<R>(
        out: &'w mut dyn Write,
        write: impl FnOnce(&mut dyn Write) -> io::Result<R>,
    ) -> io::Result<R> {
        let mut lines = Self::new(out);
        let result = write(&mut lines)?;
        lines.pass_on()?;
        Ok(result)
    }

    fn pass_on(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        match std::str::from_utf8(&line) {
            Ok(text) => self.out.write_all(inert(text).as_bytes()),
            // Nothing of ours is no text.
            Err(_) => self.out.write_all(inert(&String::from_utf8_lossy(&line)).as_bytes()),
        }
    }
}

impl Write for Inert<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match bytes.iter().rposition(|byte| *byte == b'\n') {
            Some(end) => {
                let (lines, rest) = bytes.split_at(end + 1);
                self.line.extend_from_slice(lines);
                self.pass_on()?;
                self.line.extend_from_slice(rest);
            }
            None => self.line.extend_from_slice(bytes),
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass_on()?;
        self.out.flush()
    }
}

/// Writes `value` as indented JSON in which no CI system sees a command (see [`inert`]).
pub(crate) fn json_pretty(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, InertJson(PrettyFormatter::new())))?;
    writeln!(out)
}

/// The same as text, without the line feed at its end.
pub(crate) fn json_text(value: &impl Serialize) -> io::Result<String> {
    let mut bytes = Vec::new();
    json_pretty(value, &mut bytes)?;
    let text = String::from_utf8(bytes).map_err(io::Error::other)?;
    Ok(text.trim_end().to_owned())
}

/// The same on one line.
pub(super) fn json_line(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, InertJson(CompactFormatter)))?;
    writeln!(out)
}

/// A JSON string without a line break after it.
pub(super) fn json_string(text: &str, out: &mut dyn Write) -> io::Result<()> {
    text.serialize(&mut Serializer::with_formatter(out, InertJson(CompactFormatter)))?;
    Ok(())
}

/// JSON whose strings have escapes for what a terminal would obey or hide, and for a `#` that could
/// begin a command.
struct InertJson<F>(F);

impl<F: Formatter> Formatter for InertJson<F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut text = Cow::Borrowed(fragment);
        if fragment.contains("##") {
            text = Cow::Owned(without_brackets(fragment, "#\\u0023"));
        }
        if text.chars().any(is_hidden) {
            text = Cow::Owned(with_escapes(&text));
        }
        self.0.write_string_fragment(writer, &text)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

/// `text` with hidden characters as JSON escapes them.
fn with_escapes(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(c);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_has_no_markup_and_no_character_that_xml_forbids() {
        assert_eq!(
            xml("a<b>&\"'\u{1}\u{ffff}]]>\nc"),
            "a&lt;b&gt;&amp;&quot;&apos;\u{2401}\u{fffd}]]&gt;&#10;c"
        );
    }

    #[test]
    fn markdown_is_text() {
        assert_eq!(markdown("a|b\n<i>"), "a&#124;b\u{240a}&#60;i&#62;");
        assert_eq!(markdown("@all fix #1"), "&#64;&#8203;all fix &#35;&#8203;1");
        assert_eq!(markdown_with_code("`a_b` is `c`"), "<code>a&#95;b</code> is <code>c</code>");
        assert_eq!(markdown_with_code("one ` alone"), "one &#96; alone");
        assert_eq!(markdown_with_code("`` and `x`"), "&#96;&#96; and <code>x</code>");
    }

    #[test]
    fn commands_keep_their_parameters_apart() {
        assert_eq!(command_data("100%\r\na:b,c"), "100%25%0D%0Aa:b,c");
        assert_eq!(command_property("a:b,c%0A"), "a%3Ab%2Cc%250A");
    }

    #[test]
    fn uris_are_ascii() {
        assert_eq!(uri_path("a b/é?#%.yaml"), "a%20b/%C3%A9%3F%23%25.yaml");
    }

    #[test]
    fn logs_hold_no_commands() {
        assert_eq!(inert("plain ## text\n a::b\n"), "plain ## text\n a::b\n");
        assert_eq!(inert("::error::x\n  ::warning::y\n"), "\\::error::x\n  \\::warning::y\n");
        assert_eq!(inert("a ###[error]b ##vso[x]"), "a ##\\#[error]b #\\#vso[x]");
    }

    #[test]
    fn lines_are_inert_however_they_are_written() {
        let mut out = Vec::new();
        Inert::lines(&mut out, |out| {
            for piece in ["a #", "#vso[x]\n", " :", ":error::\nb\n:", ":c"] {
                out.write_all(piece.as_bytes())?;
            }
            Ok(())
        })
        .unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "a #\\#vso[x]\n \\::error::\nb\n\\::c");
    }

    #[test]
    fn yaml_stays_the_same_value() {
        let all = "##vso[x]\n::error::\"y\\\n###[z]\t\u{1b}\u{9b}\u{202e}\u{e0001}é\r\u{2028}";
        for text in [all, "##[a]", "::error::", "a\n  ::b", "\u{200b}"] {
            let yaml = inert_yaml(text).unwrap();
            let read = crate::yaml::parse(yaml.as_bytes(), &crate::yaml::Budget::default()).unwrap();
            assert_eq!(read.root().text(), text, "{yaml}");
            assert!(!yaml.contains("##") && !yaml.chars().any(is_hidden), "{yaml}");
        }
        for text in ["", "a # b ## c", "é\nb", "#[x]", "a::b\n"] {
            assert_eq!(inert_yaml(text), None, "{text}");
        }
    }

    #[test]
    fn json_stays_the_same_value() {
        let value = serde_json::json!({"##[a]": ["x##vso[task]", "## b", {}, "\u{9b}\u{202e}\u{e0001}é"]});
        let mut line = Vec::new();
        json_line(&value, &mut line).unwrap();
        let text = String::from_utf8(line).unwrap();
        assert!(!text.contains("##[") && !text.contains("##vso["), "{text}");
        assert!(text.contains("\\u009b\\u202e\\udb40\\udc01é"), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
        let mut pretty = Vec::new();
        json_pretty(&value, &mut pretty).unwrap();
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&pretty).unwrap(), value);
    }
}
