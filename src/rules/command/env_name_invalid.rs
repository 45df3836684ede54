//! Names of environment variables.

use crate::diagnostic::Severity;
use crate::rules::written::{excerpt, own_text, written};
use crate::rules::{Check, DocumentCx, Level, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds environment variables whose name a shell cannot use.
    ///
    /// ## Why it matters
    ///
    /// Names of variables are letters, digits and `_`, and do not start with a digit. Marathon and
    /// Docker pass others on, but a shell drops them or cannot name them, and `cmd` runs in
    /// a shell. A name that is empty, or holds a `=`, cannot be passed on at all.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   env:
    ///     log-level: info
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   env:
    ///     LOG_LEVEL: info
    /// ```
    ///
    /// ## Source
    ///
    /// POSIX.1-2017, Base Definitions, 8.1; Docker's `--env`. Later versions of PaaSTA refuse such names.
    "env-name-invalid" in Command,
    level: Warning,
    also: &[Level::Error],
    on: On::keys(&["env"]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for env in written(cx, "env") {
        for variable in own_text(env.value) {
            let Some(name) = variable.key.as_str() else { continue };
            if is_portable(name) {
                continue;
            }
            let impossible = name.is_empty() || name.contains(['=', '\0']);
            let message = if name.is_empty() {
                "this variable has no name".to_owned()
            } else {
                format!("`{}` is no name for an environment variable", excerpt(name))
            };
            let why = if name.contains('=') {
                "a variable of another name is set: what follows the `=` becomes a part of its value"
            } else if impossible {
                "the container cannot be started with such a variable"
            } else {
                "shells drop such a variable or cannot name it, so it may not reach the program"
            };
            sink.report(
                cx.at(variable.key.span(), message)
                    .label("letters, digits and `_` only, no digit first")
                    .why(why)
                    .help("use letters, digits and `_`, and start with a letter or `_`")
                    .severity(if impossible { Severity::Error } else { Severity::Warning }),
            );
        }
    }
}

fn is_portable(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name.bytes().next().is_some_and(|byte| !byte.is_ascii_digit())
}
