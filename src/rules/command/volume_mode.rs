//! The mode of a volume.

use crate::diagnostic::Edit;
use crate::model::kind::FileKind;
use crate::rules::volumes::volumes;
use crate::rules::written::excerpt;
use crate::rules::{Check, DocumentCx, Fixable, On, Rule, Sink};
use crate::schema::check::What;

pub(crate) static RULE: Rule = rule! {
    /// Finds volumes whose `mode` is neither `RO` nor `RW`.
    ///
    /// ## Why it matters
    ///
    /// Marathon compares the mode letter by letter and refuses an app with `ro`; `paasta validate` does
    /// not look. Chronos takes `ro` and `rw`, too.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_volumes:
    ///     - {containerPath: /data, hostPath: /data, mode: ro}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_volumes:
    ///     - {containerPath: /data, hostPath: /data, mode: RO}
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: only the case changes.
    ///
    /// ## Source
    ///
    /// Marathon's AppDefinition (`mode` is an enumeration); the documentation of `extra_volumes`, which
    /// promises no error-checking.
    "volume-mode" in Command,
    level: Error,
    fix: Fixable::Sometimes,
    supersedes: &["unknown-value"],
    on: On::keys(&["extra_volumes"]),
    speaks_for: Some(|error| {
        let is_part = error.problem.path.len() == 4;
        is_part && error.is_below(&["extra_volumes"]) && matches!(error.problem.what, What::Word(_))
    }),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for volume in volumes(cx) {
        let Some(mode) = volume.get("mode") else { continue };
        let Some(text) = mode.as_str() else { continue };
        let folds = matches!(text.to_ascii_uppercase().as_str(), "RO" | "RW");
        // Defaults in service.yaml may be for either kind; lower case is then said for Marathon only.
        let strict = cx.document.kind == Some(FileKind::Marathon);
        if matches!(text, "RO" | "RW") || (folds && !strict) {
            continue;
        }
        let finding = cx
            .at(mode.span(), format!("`{}` is no mode of a volume", excerpt(text)))
            .label("`RO` or `RW`")
            .why(if strict {
                "Marathon refuses the app, although `paasta validate` accepts it"
            } else {
                "what runs it refuses the volume"
            });
        sink.report(if folds {
            let upper = text.to_ascii_uppercase();
            let edit = Edit { span: mode.span(), text: upper.clone() };
            finding.help(format!("write `{upper}`")).safe_fix(format!("write `{upper}`"), vec![edit])
        } else {
            finding.help("write `RO` to read only, or `RW` to read and write")
        });
    }
}
