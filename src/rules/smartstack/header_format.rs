//! Headers that HAProxy can take.

use crate::rules::support::words::shown;
use crate::rules::{Blocks, Check, Located, NamespaceCx, On, Rule, Sink};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds extra headers that break HAProxy's configuration.
    ///
    /// ## Why it matters
    ///
    /// Names and values of `extra_headers` and `extra_healthcheck_headers` are written into
    /// HAProxy's configuration as they are. There a blank ends the value, `#` begins a comment,
    /// and a new line begins another setting: HAProxy refuses the file, or sends half of the
    /// value.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   extra_headers:
    ///     X-Mode: read only
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   extra_headers:
    ///     X-Mode: read\ only
    /// ```
    ///
    /// ## Source
    ///
    /// synapse-tools `configure_synapse`: `reqadd` and `httpchk` lines; HAProxy's manual on
    /// quoting and escaping.
    "header-format" in Smartstack,
    level: Error,
    blocks: Blocks::Smartstack,
    on: On::keys(&["extra_headers", "extra_healthcheck_headers"]),
    check: Check::Namespace(check),
};

fn check(cx: &NamespaceCx<'_>, sink: &mut Sink<'_>) {
    for key in ["extra_headers", "extra_healthcheck_headers"] {
        let Some(headers) = cx.set(key).filter(|headers| headers.value.kind() == Kind::Map) else { continue };
        for entry in headers.value.entries() {
            let Some(name) = entry.key.as_str() else { continue };
            let located = Located::new(headers.document, entry);
            if name.is_empty() || !name.chars().all(is_token) {
                let wrong = name.chars().find(|c| !is_token(*c));
                sink.report(
                    cx.at(entry.key.span(), format!("`{}` cannot be the name of a header", shown(name)))
                        .label(wrong.map_or("is empty".to_owned(), |c| format!("has {}", character(c))))
                        .why("HAProxy refuses its configuration, or the header is not what was meant")
                        .help("use letters, digits and `-` only"),
                );
            } else if let Some(wrong) = entry.value.as_str().and_then(first_breaking) {
                sink.report(
                    cx.at_value(&located, format!("the value of `{}` has {}", shown(name), character(wrong)))
                        .label("is written into HAProxy's configuration as it is")
                        .why(match wrong {
                            '#' => {
                                "HAProxy takes the rest of the line for a comment, so the value is cut off"
                            }
                            _ => "HAProxy refuses its configuration on every host",
                        })
                        .help("put a backslash before it, or use a value without it"),
                );
            }
        }
    }
}

/// Whether a character may be in the name of a header (RFC 7230, section 3.2.6).
fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

/// The first character that breaks a line of HAProxy's configuration: a blank or `#` without a
/// backslash, or a control character. Quotes protect what is in them, which nobody can judge here.
fn first_breaking(value: &str) -> Option<char> {
    if value.contains(['"', '\'']) {
        return value.chars().find(|c| c.is_control());
    }
    let mut is_escaped = false;
    for c in value.chars() {
        if c.is_control() || (!is_escaped && (c == ' ' || c == '#')) {
            return Some(c);
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    None
}

fn character(c: char) -> String {
    match c {
        ' ' => "a blank".to_owned(),
        '\n' => "a line break".to_owned(),
        '\t' => "a tab".to_owned(),
        c if c.is_control() => "a control character".to_owned(),
        c => format!("`{}`", shown(&c.to_string())),
    }
}
