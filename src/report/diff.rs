//! What repairs would change, as a unified diff.

use std::io::{self, Write};
use std::time::Duration;

use similar::TextDiff;

use crate::fix::Change;
use crate::source::{SourceText, Span};
use crate::text::visible;

use super::escape::{Inert, inert};
use super::{Style, printable};

const RED: &str = "31";
const GREEN: &str = "32";
const CYAN: &str = "36";
const BOLD: &str = "1";

/// Lines shown before and after a change.
const CONTEXT: usize = 3;

/// Files larger than this, in bytes, are not compared for the smallest difference.
const LARGE: usize = 128 * 1024;

/// After this long, the difference of a large file may be shown coarser than it is.
const PATIENCE: Duration = Duration::from_secs(2);

/// Writes the differences of `changes` as a patch that `git apply` and `patch -p1` take where the user stands;
/// secrets, control characters and commands of CI systems are not shown. Returns why it cannot be applied, if so.
///
/// # Errors
/// Output failed.
pub fn write(changes: &[Change], style: &Style, out: &mut dyn Write) -> io::Result<Option<&'static str>> {
    Inert::lines(out, |out| write_changes(changes, style, out))
}

fn write_changes(changes: &[Change], style: &Style, out: &mut dyn Write) -> io::Result<Option<&'static str>> {
    let mut is_altered = false;
    let mut is_elsewhere = false;
    for change in changes {
        let path = |file: &str| style.path(&format!("{}/{file}", change.file.service));
        let old = path(&change.file.file);
        is_elsewhere |= old.starts_with('/') || old.split('/').any(|step| step == "..");
        match &change.rename {
            // Not as git would say it: `patch` would not understand.
            Some(name) => {
                let new = path(name);
                line(out, style, BOLD, &format!("rename from {}", printable(&old)))?;
                line(out, style, BOLD, &format!("rename to {}", printable(&new)))?;
                let mut half = |names: [Option<&str>; 2], texts: [&[u8]; 2]| {
                    write_file(names, texts, style, out).map(|altered| is_altered |= altered)
                };
                half([Some(&old), None], [&change.before, b""])?;
                half([None, Some(&new)], [b"", &change.after])?;
            }
            None => {
                is_altered |= write_file([Some(&old); 2], [&change.before, &change.after], style, out)?;
            }
        }
    }
    Ok(match (is_altered, is_elsewhere) {
        (true, _) => Some("it hides secrets or shows control characters as others"),
        (false, true) => {
            Some("some files are not below the current directory: run soalint from the root of the tree")
        }
        (false, false) => None,
    })
}

/// Writes the difference of two texts; a file without a name does not exist. Returns whether a line is not
/// shown as it is.
fn write_file(
    names: [Option<&str>; 2],
    texts: [&[u8]; 2],
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<bool> {
    let [before, after] = texts.map(String::from_utf8_lossy);
    if before == after {
        return Ok(false);
    }
    let [old, new] = names;
    line(out, style, BOLD, &format!("--- {}", name_in_patch("a", old)))?;
    line(out, style, BOLD, &format!("+++ {}", name_in_patch("b", new)))?;
    let is_large = before.len().max(after.len()) > LARGE;
    let mut config = TextDiff::configure();
    if is_large {
        config.algorithm(similar::Algorithm::Patience).timeout(PATIENCE);
    }
    let diff = config.diff_lines(&*before, &*after);
    let (before, after) =
        (Side::new(&before, diff.iter_old_slices()), Side::new(&after, diff.iter_new_slices()));
    let mut is_altered = false;
    for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
        line(out, style, CYAN, &hunk.header().to_string())?;
        for piece in hunk.iter_changes() {
            let (sign, color) = match piece.tag() {
                similar::ChangeTag::Delete => ('-', RED),
                similar::ChangeTag::Insert => ('+', GREEN),
                similar::ChangeTag::Equal => (' ', ""),
            };
            let (text, end) = match piece.value().strip_suffix("\r\n") {
                Some(text) => (text, "\r"),
                None => (piece.value().trim_end_matches('\n'), ""),
            };
            let old = piece.old_index().map(|index| before.masked(index, text));
            let new = piece.new_index().map(|index| after.masked(index, text));
            let masked = match (old, new) {
                (Some(old), Some(new)) => both(text, &old, &new),
                (old, new) => old.or(new).unwrap_or_default(),
            };
            let masked = after.source.scrub(&before.source.scrub(&masked)).into_owned();
            let shown: String = masked.chars().map(visible).collect();
            is_altered |= shown != text || inert(text) != text;
            line(out, style, color, &format!("{sign}{shown}{end}"))?;
            if piece.missing_newline() {
                line(out, style, "", "\\ No newline at end of file")?;
            }
        }
    }
    Ok(is_altered)
}

/// The name of a file in a patch: below the directory that `-p1` takes away, in quotes if it has characters
/// that end a line or a quote, and with the tab that ends a name with spaces (GNU diff, "Detailed Unified").
fn name_in_patch(side: &str, name: Option<&str>) -> String {
    let Some(name) = name else { return "/dev/null".to_owned() };
    let name = format!("{side}/{name}");
    if name.chars().any(|c| c.is_control() || c == '"' || c == '\\' || visible(c) != c) {
        return quoted(&name);
    }
    let end = if name.contains(' ') { "\t" } else { "" };
    format!("{name}{end}")
}

/// A name as git and `patch` write it in quotes: what is not plain is a byte in octal digits.
fn quoted(name: &str) -> String {
    use std::fmt::Write as _;
    let mut text = "\"".to_owned();
    for byte in name.bytes() {
        match byte {
            b'"' | b'\\' => text.extend(['\\', char::from(byte)]),
            b' '..=b'~' => text.push(char::from(byte)),
            // Writing to a string cannot fail.
            _ => drop(write!(text, "\\{byte:03o}")),
        }
    }
    text.push('"');
    text
}

fn line(out: &mut dyn Write, style: &Style, color: &str, text: &str) -> io::Result<()> {
    if style.color && !color.is_empty() {
        writeln!(out, "\x1b[{color}m{text}\x1b[0m")
    } else {
        writeln!(out, "{text}")
    }
}

/// One of the texts that are compared, with what must not be shown of it.
struct Side {
    source: SourceText,
    /// Where each of its lines begins.
    lines: Vec<usize>,
}

impl Side {
    fn new<'l>(text: &str, lines: impl Iterator<Item = &'l str>) -> Self {
        let begin = |at: &mut usize, line: &str| {
            let begin = *at;
            *at += line.len();
            Some(begin)
        };
        let lines = lines.scan(0, begin).collect();
        Self { source: SourceText::new(text.to_owned()), lines }
    }

    /// The line of that index, whose text without its end is `text`, without secrets.
    fn masked(&self, index: usize, text: &str) -> String {
        let start = self.lines.get(index).copied().unwrap_or(0);
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.source.masked(Span::new(offset(start), offset(start + text.len())))
    }
}

/// `text` with what either of two masked forms of it hides: one of the texts may have been no YAML.
fn both(text: &str, old: &str, new: &str) -> String {
    let pairs = text.chars().zip(old.chars().zip(new.chars()));
    pairs.map(|(c, (old, new))| if c == old { new } else { old }).collect()
}
