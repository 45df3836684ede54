//! What repairs would change, as a unified diff.

use std::io::{self, Write};
use std::time::Duration;

use similar::TextDiff;

use crate::fix::Change;
use crate::secret;
use crate::text::visible;

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

/// Writes the differences of `changes`; secrets and control characters are not shown.
///
/// # Errors
/// Output failed.
pub fn write(changes: &[Change], style: &Style, out: &mut dyn Write) -> io::Result<()> {
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
                let shown: String = secret::mask(text).chars().map(visible).collect();
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
