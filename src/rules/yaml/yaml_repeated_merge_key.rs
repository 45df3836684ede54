//! Finds two merge keys (`<<`) in one mapping.

use crate::diagnostic::Finding;
use crate::repo::Document;
use crate::rules::{Check, Fixable, Rule};
use crate::source::{Edit, Span};
use crate::yaml::Tree;

pub(crate) static RULE: Rule = rule! {
    /// Finds two merge keys (`<<`) in one mapping.
    ///
    /// ## Why it matters
    ///
    /// Readers of YAML disagree on which of them count. A list of aliases says the same without doubt.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// small: &small {cpus: 0.1}
    /// large: &large {mem: 4096}
    /// main:
    ///   <<: *small
    ///   <<: *large
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// small: &small {cpus: 0.1}
    /// large: &large {mem: 4096}
    /// main:
    ///   <<: [*small, *large]
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: of two merge keys the later one wins for PaaSTA, and so it does in the list.
    ///
    /// ## Source
    ///
    /// The YAML 1.1 merge type; readers were compared.
    "yaml-repeated-merge-key" in Yaml,
    level: Warning,
    fix: Fixable::Sometimes,
    check: Check::Reader,
};

pub(crate) fn words(document: &Document, first: Span, second: Span) -> Finding {
    Finding::new(document.place(second), "`<<` is there twice in one mapping")
        .label("again")
        .related(document.place(first), "first one")
        .why("readers of YAML disagree on which of them count")
        .help("merge a list: `<<: [*two, *one]`, in which the first one wins")
        .safe_fix("merge a list", document.tree().and_then(|tree| one_list(tree, first, second)))
}

/// One merge key for two of one mapping: the later one of the text wins, as it did.
fn one_list(tree: &Tree, first: Span, second: Span) -> Option<Vec<Edit>> {
    let (source, text) = (tree.source(), tree.text());
    let alias = |key: Span| {
        let after = text.get(key.end as usize..)?;
        let name = after.trim_start_matches([' ', ':']);
        let start = key.end + u32::try_from(after.len() - name.len()).ok()?;
        let inside = name.strip_prefix('*')?;
        let length =
            1 + inside.find(|c: char| c.is_whitespace() || ",]}".contains(c)).unwrap_or(inside.len());
        Some(Span::new(start, start + u32::try_from(length).ok()?))
    };
    let (one, two) = (alias(first)?, alias(second)?);
    let number = source.line_of(first.start);
    let line = source.line_span(number);
    let is_alone = Span::new(line.start, first.start).of(text).trim().is_empty()
        && Span::new(one.end, line.end).of(text).trim().is_empty();
    let next = source.line_span(number + 1).start;
    let both = format!("[{}, {}]", two.of(text), one.of(text));
    (is_alone && next > line.end && next <= second.start).then(|| {
        let line = Edit { span: Span::new(line.start, next), text: String::new() };
        vec![line, Edit { span: two, text: both }]
    })
}
