//! Commands that end at a `#`.

use crate::diagnostic::{Edit, Severity};
use crate::rules::written::{own_text, written};
use crate::rules::{Check, DocumentCx, Fixable, Level, On, Rule, Sink};
use crate::source::Span;
use crate::yaml::edit::quoted;
use crate::yaml::{Style, Tree, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds unquoted commands that a `#` cuts off.
    ///
    /// ## Why it matters
    ///
    /// In an unquoted value a `#` after a blank begins a comment, and the rest of the line is gone. Where
    /// the command has a quote that nothing closes, it was surely cut off; a `#` with text right behind
    /// it is advice only, for some people write comments so.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cmd: bin/notify --text 'build # 12'
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cmd: "bin/notify --text 'build # 12'"
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Quoting the whole line changes the command, so it is unsafe.
    ///
    /// ## Source
    ///
    /// YAML 1.1, section 6.6: comments.
    "yaml-unescaped-hash" in Yaml,
    level: Warning,
    also: &[Level::Info],
    fix: Fixable::Sometimes,
    on: On::keys(&["cmd", "healthcheck_cmd", "args", "env"]),
    check: Check::Document(check),
};

/// What comments begin with though no blank follows the `#`.
const COMMENTS: [&str; 6] = ["todo", "fixme", "xxx", "note", "soalint", "nosec"];

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    let tree = cx.root.tree();
    if !tree.comments().iter().any(|comment| may_cut(tree, comment.span)) {
        return;
    }
    for key in ["cmd", "healthcheck_cmd"] {
        for located in written(cx, key) {
            judge(cx, located.value, sink);
        }
    }
    for args in written(cx, "args") {
        for item in args.value.items().filter(|item| item.is_alias() == args.value.is_alias()) {
            judge(cx, item, sink);
        }
    }
    for env in written(cx, "env") {
        for entry in own_text(env.value) {
            judge(cx, entry.value, sink);
        }
    }
}

/// Whether a comment follows something on its line that it could be a part of.
fn may_cut(tree: &Tree, comment: Span) -> bool {
    let before = tree.text().get(..comment.start as usize).unwrap_or_default();
    // Most comments have lines of their own.
    if before.trim_end_matches(' ').bytes().last().is_none_or(|byte| byte == b'\n') {
        return false;
    }
    let line = before.rsplit('\n').next().unwrap_or_default();
    let is_tight = comment.of(tree.text()).trim_start_matches('#').starts_with(|c: char| c.is_alphanumeric());
    is_tight || line.contains(['\'', '"'])
}

fn judge(cx: &DocumentCx<'_>, value: Value<'_>, sink: &mut Sink<'_>) {
    let Some(text) = value.as_str().filter(|_| value.style() == Style::Plain) else { return };
    let Some(comment) = comment_after(value) else { return };
    let is_open = has_open_quote(text);
    let words = comment.of(value.tree().text()).trim_start_matches('#');
    let is_comment = !words.starts_with(|c: char| c.is_alphanumeric())
        || COMMENTS
            .iter()
            .any(|known| words.get(..known.len()).is_some_and(|word| word.eq_ignore_ascii_case(known)));
    if !is_open && is_comment {
        return;
    }
    let mut finding = cx
        .at(comment, "the value ends before this `#`: the rest is a comment")
        .label(if is_open { "a quote in the value is never closed" } else { "no part of the value" })
        .related(cx.document.place(value.span()), "this is all that PaaSTA gets")
        .why("in an unquoted value a `#` after a blank begins a comment")
        .help("put the whole value in quotes, or a blank after the `#` if it is a comment");
    if !is_open {
        finding = finding.severity(Severity::Info);
    }
    let whole = value.span().to(comment);
    if let Some(text) = quoted(whole.of(value.tree().text())).filter(|_| !value.is_alias()) {
        finding = finding.unsafe_fix("put the whole line in quotes", vec![Edit { span: whole, text }]);
    }
    sink.report(finding);
}

/// The comment on the last line of the value.
fn comment_after(value: Value<'_>) -> Option<Span> {
    let end = value.span().end;
    let rest = value.tree().text().get(end as usize..)?;
    let line = rest.split(['\n', '\r']).next()?;
    let blank = line.len() - line.trim_start().len();
    let start = end + u32::try_from(blank).ok()?;
    let length = u32::try_from(line.trim().len()).ok()?;
    line.trim_start().starts_with('#').then(|| Span::new(start, start + length))
}

/// Whether a shell would wait for another quote at the end.
fn has_open_quote(text: &str) -> bool {
    let mut open = None;
    let mut before = ' ';
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        // An apostrophe within a word is none.
        let mut is_apostrophe = || {
            c == '\''
                && before.is_alphanumeric()
                && characters.peek().is_some_and(|next| next.is_alphanumeric())
        };
        open = match open {
            Some(quote) if c == quote && !(quote == '"' && before == '\\') => None,
            None if matches!(c, '\'' | '"') && before != '\\' && !is_apostrophe() => Some(c),
            open => open,
        };
        before = c;
    }
    open.is_some()
}

#[cfg(test)]
mod tests {
    use super::has_open_quote;

    #[test]
    fn open_quotes_are_found() {
        for text in ["echo 'a", "echo \"a", "sh -c 'echo \"x\"", "echo 'it\"s"] {
            assert!(has_open_quote(text), "{text}");
        }
        for text in ["", "echo a", "echo 'a'", "echo \"it's\"", "don't", "echo \\'", "a 'b' \"c\""] {
            assert!(!has_open_quote(text), "{text}");
        }
    }
}
