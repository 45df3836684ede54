//! Secrets on the command line.

use std::collections::BTreeMap;

use crate::rules::inside::Inside;
use crate::rules::written::written;
use crate::rules::{Check, DocumentCx, On, Rule, Sink};
use crate::secret::{is_placeholder, is_secret_name, secrets_in, secrets_in_list};
use crate::source::Span;
use crate::yaml::{Kind, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds passwords, tokens and keys in `cmd` and `args`.
    ///
    /// ## Why it matters
    ///
    /// Everybody who can read the configuration can read them, and so can everybody who can list the
    /// processes of the host or look at the instance in Marathon. They stay in the history of the
    /// repository for good.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cmd: python -m server --db-password=tangerine
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cmd: python -m server --db-password-file=/etc/secrets/db
    ///   extra_volumes:
    ///     - {containerPath: /etc/secrets, hostPath: /etc/secrets, mode: RO}
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `extra_volumes`, which names secrets that are on the host as a use of it. What
    /// programs take for a secret (`mysql -p...`, `sshpass -p`, `docker login -p`) is in their manuals; tokens are
    /// known by the public lists of gitleaks and detect-secrets.
    "cmd-secret" in Security,
    level: Warning,
    on: On::keys(&["cmd", "args"]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for cmd in written(cx, "cmd") {
        judge(cx, cmd.value, "cmd", sink);
    }
    for args in written(cx, "args").into_iter().filter(|args| args.value.kind() == Kind::Seq) {
        let given: BTreeMap<_, _> =
            secrets_in_list(args.value.items().map(Value::as_str)).into_iter().collect();
        let mut flag = None;
        for (index, arg) in args.value.items().enumerate() {
            let before = std::mem::replace(&mut flag, arg.as_str().filter(|text| text.starts_with('-')));
            if arg.is_alias() {
                continue;
            }
            let own = given.get(&index);
            match (before, own) {
                (Some(name), _) if is_value_of_secret(name, arg) => report(cx, arg, arg.span(), "args", sink),
                (_, Some(range)) if !arg.text().get(range.clone()).is_none_or(is_placeholder) => {
                    report(cx, arg, Inside::of(arg, range).span, "args", sink);
                }
                _ => judge(cx, arg, "args", sink),
            }
        }
    }
}

/// Whether `arg` is what follows a flag that speaks of a secret.
fn is_value_of_secret(flag: &str, arg: Value<'_>) -> bool {
    let value = arg.as_str().filter(|text| !text.starts_with('-') && !is_placeholder(text));
    value.is_some() && !flag.contains('=') && is_secret_name(flag.trim_start_matches('-'))
}

fn judge(cx: &DocumentCx<'_>, value: Value<'_>, key: &str, sink: &mut Sink<'_>) {
    let Some(text) = value.as_str() else { return };
    let Some(found) = secrets_in(text).into_iter().next() else { return };
    report(cx, value, Inside::of(value, &found).span, key, sink);
}

/// What it is stays unsaid: this very report must not leak it.
fn report(cx: &DocumentCx<'_>, value: Value<'_>, span: Span, key: &str, sink: &mut Sink<'_>) {
    let span = if span.is_empty() { value.span() } else { span };
    sink.report(
        cx.at(span, format!("`{key}` seems to contain a secret in plain text"))
            .label("everyone who can read the configuration can read this")
            .why("it stays in the history of the repository, and the list of processes of the host shows it")
            .help("change the secret, put it in a file on the hosts, and mount that with `extra_volumes`")
            .secret(key),
    );
}
