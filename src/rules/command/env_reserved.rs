//! Variables that the stack sets itself.

use crate::model::kind::FileKind;
use crate::rules::written::{own_text, written};
use crate::rules::{Check, DocumentCx, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds environment variables that PaaSTA, Marathon, Mesos or Chronos set themselves.
    ///
    /// ## Why it matters
    ///
    /// A container learns from `PAASTA_SERVICE`, `PAASTA_INSTANCE`, `PAASTA_CLUSTER` and
    /// `PAASTA_DOCKER_IMAGE` what it is. A value in `env` wins, and what relies on the variable
    /// (logs, metrics, libraries) is then told something else. Variables of Marathon, Mesos and
    /// Chronos are set over. `PORT` and `HOST`, which many programs want set, are not reported.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   env:
    ///     PAASTA_CLUSTER: norcal-prod
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   env:
    ///     DATABASE_CLUSTER: norcal-prod
    /// ```
    ///
    /// ## Source
    ///
    /// The configuration reference on `env`; paasta-tools 0.66.6 `utils:InstanceConfig.get_env`, in which
    /// the user's values win; the documentation of Marathon and Chronos.
    "env-reserved" in Command,
    level: Warning,
    on: On::keys(&["env"]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    let kind = cx.document.kind;
    for env in written(cx, "env") {
        for variable in own_text(env.value) {
            let Some(name) = variable.key.as_str() else { continue };
            let Some((owner, why)) = owner(name, kind) else { continue };
            sink.report(
                cx.at(
                    variable.key.span(),
                    format!("{owner} sets `{name}` itself", name = crate::rules::written::excerpt(name)),
                )
                .label("not yours to set")
                .why(why)
                .help("remove it, or give your variable another name"),
            );
        }
    }
}

/// Who sets the variable, and what happens if two do.
fn owner(name: &str, kind: Option<FileKind>) -> Option<(&'static str, &'static str)> {
    const OURS: &str = "your value wins, and everything that asks this variable who the container is gets it";
    const THEIRS: &str = "it is set anew in the container, so your value may never arrive";
    match name {
        "PAASTA_SERVICE" | "PAASTA_INSTANCE" | "PAASTA_CLUSTER" | "PAASTA_DOCKER_IMAGE" => {
            Some(("PaaSTA", OURS))
        }
        "MESOS_TASK_ID" | "MESOS_SANDBOX" => Some(("Mesos", THEIRS)),
        "mesos_task_id" if kind == Some(FileKind::Chronos) => Some(("Chronos", THEIRS)),
        _ if name.starts_with("MARATHON_APP_") && kind != Some(FileKind::Chronos) => {
            Some(("Marathon", THEIRS))
        }
        _ if name.starts_with("CHRONOS_") && kind == Some(FileKind::Chronos) => Some(("Chronos", THEIRS)),
        _ => None,
    }
}
