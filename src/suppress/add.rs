//! Writing ignores: each finding gets a repair that ignores it, and [`crate::fix`] applies and proves
//! those like all others.

use std::collections::HashMap;
use std::sync::Arc;

use crate::check::Outcome;
use crate::diagnostic::{Diagnostic, Fix, FixSafety};
use crate::dialect::DialectName;
use crate::source::{Edit, SourceText, Span};
use crate::yaml::{self, Budget, Tree};

use super::apply::can_be_ignored;
use super::comment::{Directive, Reach, directives};
use super::cover::Entries;

/// Gives each finding the repair that ignores it for `reason`, and takes away every other. What cannot
/// be ignored has none.
pub(crate) fn offer_ignores(outcome: &mut Outcome, dialect: DialectName, reason: &str) {
    let mut files: HashMap<Arc<str>, Option<File>> = HashMap::new();
    for diagnostic in &mut outcome.diagnostics {
        let edit =
            if is_ignorable(diagnostic, dialect) { ignore(diagnostic, reason, &mut files) } else { None };
        diagnostic.finding.fix = edit.map(|edit| Fix {
            title: format!("ignore `{}`", diagnostic.rule.name),
            safety: FixSafety::Safe,
            edits: vec![edit],
            rename: None,
        });
    }
}

fn is_ignorable(diagnostic: &Diagnostic, dialect: DialectName) -> bool {
    !diagnostic.is_rest() && diagnostic.each().all(|each| can_be_ignored(each, dialect))
}

/// A file as far as it matters where its comments go.
struct File {
    tree: Tree,
    entries: Entries,
}

fn ignore(
    diagnostic: &Diagnostic,
    reason: &str,
    files: &mut HashMap<Arc<str>, Option<File>>,
) -> Option<Edit> {
    let (rule, place) = (diagnostic.rule.name, &diagnostic.place);
    let (Some(source), Some(span)) = (&place.source, place.span) else {
        // The file as such; a directory has no file to write to.
        let text = format!("{}\n", comment(Reach::File, rule, reason));
        return place.file.contains('/').then_some(Edit { span: Span::at(0), text });
    };
    let file = files.entry(Arc::clone(&place.file)).or_insert_with(|| {
        let tree = yaml::parse(source.text().as_bytes(), &Budget::default()).ok()?;
        let entries = Entries::of(&tree);
        Some(File { tree, entries })
    });
    let File { tree, entries } = file.as_ref()?;
    let comment = comment(Reach::Entry, rule, reason);
    let line = source.line_span(source.line_of(span.start));
    // A value that goes on below its first line has no end of a line to write at before it ends.
    match entries.on_line(line).filter(|entry| entry.span.end > line.end) {
        Some(entry) => Some(above(source, entry.span, &comment)),
        None => Some(at_the_end(tree, line, rule, reason, &comment)),
    }
}

fn comment(reach: Reach, rule: &str, reason: &str) -> String {
    let comment = format!("# soalint: {}[{rule}] {reason}", reach.keyword());
    comment.trim_end().to_owned()
}

/// A line of its own above an entry, as far to the right.
fn above(source: &SourceText, entry: Span, comment: &str) -> Edit {
    let line = source.line_of(entry.start);
    let span = source.line_span(line);
    let text = span.of(source.text());
    let indent = " ".repeat(text.len() - text.trim_start_matches(' ').len());
    // The file's own line break.
    let next = source.line_span(line + 1).start;
    let line_break = Span::new(span.end, next).of(source.text());
    let line_break = if line_break.is_empty() { "\n" } else { line_break };
    Edit { span: Span::at(span.start), text: format!("{indent}{comment}{line_break}") }
}

/// At the end of a line: in the ignore that is there for the same reason, else behind what is there.
fn at_the_end(tree: &Tree, line: Span, rule: &str, reason: &str, comment: &str) -> Edit {
    let text = tree.text();
    let comments = tree.comments();
    let at = comments.partition_point(|comment| comment.span.start < line.start);
    let Some(there) = comments.get(at).map(|comment| comment.span).filter(|span| span.start < line.end)
    else {
        let end = line.start + u32::try_from(line.of(text).trim_end().len()).unwrap_or_default();
        return Edit { span: Span::new(end, line.end), text: format!("  {comment}") };
    };
    let mut found: Vec<Directive> = Vec::new();
    directives(there.of(text), there.start, &mut found, &mut Vec::new());
    let same = |d: &&Directive| d.reach == Reach::Entry && d.until.is_none() && d.reason == reason;
    let written = there.of(text);
    let text = match found.iter().find(same) {
        Some(directive) => {
            let (ahead, behind) = written.split_at((directive.brackets.end - there.start) as usize);
            format!("{ahead}, {rule}{behind}")
        }
        None => format!("{}  {comment}", written.trim_end()),
    };
    // The whole comment is rewritten: what is before its end stays as it is.
    Edit { span: there, text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Scope, check};
    use crate::config::Settings;
    use crate::fix;
    use crate::repo::TreeSource;
    use crate::repo::memory::MemoryTree;
    use crate::rules::Env;

    /// The file after ignores were added, and the findings that are left.
    fn added(text: &str, reason: &str) -> (String, Vec<String>) {
        let tree = MemoryTree::new([("web/marathon-prod.yaml", text)]);
        let env = Env::new(Settings::default());
        let offer = |source: &dyn TreeSource, _: Option<&std::collections::BTreeSet<String>>| {
            let mut outcome = check(source, &Scope::Everything, &env);
            offer_ignores(&mut outcome, env.settings.dialect, reason);
            outcome
        };
        let fixed = fix::fix(&tree, true, &offer);
        let after = fixed
            .changes
            .first()
            .map_or(text.to_owned(), |change| String::from_utf8(change.after.clone()).unwrap());
        let left = fixed.outcome.diagnostics.iter().filter(|d| d.place.span.is_some());
        (after, left.map(|d| d.rule.name.to_owned()).collect())
    }

    #[test]
    fn comments_go_to_the_end_of_the_line() {
        let (text, left) = added("a:\n  cmd: x\n  args: [y] # old \n", "OPS-1");
        assert_eq!(text, "a:\n  cmd: x\n  args: [y] # old  # soalint: ignore[cmd-and-args] OPS-1\n");
        assert_eq!(left, [""; 0]);
        let (text, _) = added("a:\r\n  cmd: x\r\n  args: [y]  \r\n", "");
        assert_eq!(text, "a:\r\n  cmd: x\r\n  args: [y]  # soalint: ignore[cmd-and-args]\r\n");
    }

    #[test]
    fn values_over_several_lines_get_a_line_above() {
        let (text, left) = added("a:\n  cmd: x\n  args: [y,\n    z]\n", "OPS-1");
        assert_eq!(text, "a:\n  cmd: x\n  # soalint: ignore[cmd-and-args] OPS-1\n  args: [y,\n    z]\n");
        assert_eq!(left, [""; 0]);
    }

    #[test]
    fn errors_of_shape_stay() {
        let (text, left) = added("a:\n  cmd: x\n  cpus: many\n", "OPS-1");
        assert_eq!(text, "a:\n  cmd: x\n  cpus: many\n");
        assert_eq!(left, ["type-mismatch"]);
    }

    #[test]
    fn rules_of_one_line_share_a_comment() {
        let tree = yaml::parse(b"a: 1  # soalint: ignore[b] why\n", &Budget::default()).unwrap();
        let line = Span::new(0, 30);
        let edit = at_the_end(&tree, line, "c", "why", "# soalint: ignore[c] why");
        assert_eq!(edit.text, "# soalint: ignore[b, c] why");
        let edit = at_the_end(&tree, line, "c", "else", "# soalint: ignore[c] else");
        assert_eq!(edit.text, "# soalint: ignore[b] why  # soalint: ignore[c] else");
    }
}
