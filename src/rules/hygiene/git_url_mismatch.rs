//! Repositories of another name.

use crate::model::kind::FileKind;
use crate::rules::support::words::shown;
use crate::rules::{Blocks, Check, DocumentCx, On, Rule, Sink};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds services whose repository has another name than the service.
    ///
    /// ## Why it matters
    ///
    /// Two services from one repository are fine. But a `git_url` that was copied with the rest of the
    /// file builds the other service under this name. It is advice and off by default.
    ///
    /// ## Example
    ///
    /// ```yaml shop/service.yaml
    /// git_url: git@git.example.com:services/search.git
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml shop/service.yaml
    /// git_url: git@git.example.com:services/shop.git
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `utils:get_git_url`: by default the repository is named after the service.
    "git-url-mismatch" in Hygiene,
    level: Info,
    blocks: Blocks::Nothing,
    on: On::keys(&["git_url"]).within(&[FileKind::Service]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    if cx.root.kind() != Kind::Map {
        return;
    }
    let Some(entry) = cx.root.entry("git_url") else { return };
    let Some(text) = entry.value.as_str().map(str::trim) else { return };
    let name = text.trim_end_matches('/').rsplit(['/', ':']).next().unwrap_or("");
    let name = name.strip_suffix(".git").unwrap_or(name);
    let letters = |text: &str| -> String { text.chars().filter(|c| !matches!(c, '-' | '_' | '.')).collect() };
    if name.is_empty() || letters(name).eq_ignore_ascii_case(&letters(&cx.service.name)) {
        return;
    }
    sink.report(
        cx.at(
            entry.value.span(),
            format!("the repository `{}` has another name than the service", shown(name)),
        )
        .label(format!("the service is `{}`", shown(&cx.service.name)))
        .why("if the file was copied, another service is built under this name")
        .help("check that the source code of this service lives there"),
    );
}
