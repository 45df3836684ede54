//! What repairs would change, as a unified diff.

use std::io::{self, Write};
use std::time::Duration;

use similar::TextDiff;

use crate::fix::Change;
use crate::source::{SourceText, Span};
use crate::text::visible;

use super::escape::Inert;
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

/// Writes the differences of `changes`; secrets, control characters and commands of CI systems are not shown.
///
/// # Errors
/// Output failed.
pub fn write(changes: &[Change], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    Inert::lines(out, |out| write_changes(changes, style, out))
}

fn write_changes(changes: &[Change], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for change in changes {
        let directory = format!("{}{}/", style.prefix, change.file.service);
        let old = printable(&format!("{directory}{}", change.file.file));
        let new = match &change.rename {
            Some(name) => {
                let new = printable(&format!("{directory}{name}"));
                line(out, style, BOLD, &format!("rename from {old}"))?;
                line(out, style, BOLD, &format!("rename to {new}"))?;
                new
            }
            None => old.clone(),
        };
        if change.before == change.after {
            continue;
        }
        line(out, style, BOLD, &format!("--- {old}"))?;
        line(out, style, BOLD, &format!("+++ {new}"))?;
        let (before, after) =
            (String::from_utf8_lossy(&change.before), String::from_utf8_lossy(&change.after));
        let is_large = before.len().max(after.len()) > LARGE;
        let mut config = TextDiff::configure();
        if is_large {
            config.algorithm(similar::Algorithm::Patience).timeout(PATIENCE);
        }
        let diff = config.diff_lines(&*before, &*after);
        let (before, after) =
            (Side::new(&before, diff.iter_old_slices()), Side::new(&after, diff.iter_new_slices()));
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
                line(out, style, color, &format!("{sign}{shown}{end}"))?;
                if piece.missing_newline() {
                    line(out, style, "", "\\ No newline at end of file")?;
                }
            }
        }
    }
    Ok(())
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
