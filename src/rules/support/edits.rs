//! Text edits that several fixes make: those of the YAML module, by the name that rules know.

use crate::diagnostic::Finding;
use crate::text::printable;
use crate::yaml::edit;
pub(crate) use crate::yaml::edit::{append, quoted, remove_item, replace, wrap};

/// Offers to write `meant` instead of `wrong`, if that is what stands at the place of the finding.
pub(crate) fn offer(finding: Finding, wrong: &str, meant: Option<&str>) -> Finding {
    let Some((meant, span)) = meant.zip(finding.place.span) else { return finding };
    let edits = edit::replace_written(finding.place.text(), span, wrong, meant);
    finding.unsafe_fix(format!("write `{}`", printable(meant)), edits)
}
