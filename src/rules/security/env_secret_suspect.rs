//! Secrets in environment variables.

use crate::rules::written::{excerpt, own_text, written};
use crate::rules::{Check, DocumentCx, On, Rule, Sink};
use crate::secret::{holds_secret, is_placeholder, is_secret_name};

pub(crate) static RULE: Rule = rule! {
    /// Finds environment variables that hold a password, key or token in plain text.
    ///
    /// ## Why it matters
    ///
    /// The configuration is a shared repository: everyone who can read it, and everyone who can list
    /// the apps of Marathon, reads the value, and it stays in the history after it has been
    /// removed. A secret belongs in a file that the host shares with the container.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   env:
    ///     DB_PASSWORD: tangerine-41
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   env:
    ///     DB_PASSWORD_FILE: /etc/secrets/shop/db-password
    ///   extra_volumes:
    ///     - {containerPath: /etc/secrets, hostPath: /etc/secrets, mode: RO}
    /// ```
    ///
    /// ## Options
    ///
    /// `allow`: variables that only sound like secrets.
    ///
    /// ```config
    /// rules: {env-secret-suspect: {options: {allow: [TOKEN_LIFETIME_POLICY]}}}
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `extra_volumes`, which names secrets as their common use. What looks like a
    /// secret: names with words such as `password`, `secret`, `token`, `api_key`, and values such as
    /// cloud keys, private keys, signed tokens and addresses with a password: the forms that the public lists
    /// of gitleaks and detect-secrets name.
    "env-secret-suspect" in Security,
    level: Warning,
    on: On::keys(&["env"]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for env in written(cx, "env") {
        for variable in own_text(env.value) {
            let (Some(name), Some(value)) = (variable.key.as_str(), variable.value.as_str()) else {
                continue;
            };
            let allowed = &cx.env.settings.options.env_secret_suspect.allow;
            if !may_be_secret(name, value) || allowed.iter().any(|allowed| allowed == name) {
                continue;
            }
            // The value is named by its variable only: this very report must not leak it.
            sink.report(
                cx.at(
                    variable.value.span(),
                    format!("`{}` looks like a secret in plain text", excerpt(name)),
                )
                .label("everyone who can read the configuration can read this")
                .why("the value stays in the history of the repository, and Marathon shows it to everyone")
                .help("change the secret, put it in a file on the hosts, and mount that with `extra_volumes`")
                .secret(name),
            );
        }
    }
}

fn may_be_secret(name: &str, value: &str) -> bool {
    if is_secret_name(name) && !is_placeholder(value) {
        return true;
    }
    // Only values with such characters can match, and the search is not free.
    value.len() >= 12 && holds_secret(value)
}
