//! What stands where a secret is expected and is none.

use super::guess::Form;

/// Whether a value under a secret's name is none: empty, a variable, a path, a word of YAML, the name of a signal, a
/// reference to where the secret is, a very short number.
pub(crate) fn is_harmless(value: &str, form: Form) -> bool {
    let value = value.trim();
    let inside = value.trim_matches(['"', '\'', '\\']);
    let Some(first) = inside.chars().next() else { return true };
    let is_name =
        |text: &str| text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    let is_one_word = !inside.contains(char::is_whitespace);
    match first {
        '$' => {
            let rest = inside.get(1..).unwrap_or("");
            rest.starts_with('(') || is_name(rest) || (rest.starts_with('{') && rest.ends_with('}'))
        }
        '/' => inside.get(1..).is_some_and(|rest| rest.contains('/')),
        '.' => is_one_word && ["./", "../"].iter().any(|start| inside.starts_with(start)),
        '~' => inside.len() == 1 || inside.starts_with("~/"),
        '%' => {
            inside.len() > 2 && inside.get(1..inside.len() - 1).is_some_and(is_name) && inside.ends_with('%')
        }
        '<' => inside.ends_with('>'),
        '{' => inside.ends_with('}'),
        '*' | '&' => form != Form::Refused && is_one_word,
        '|' | '>' if form != Form::Text => inside
            .split('#')
            .next()
            .unwrap_or("")
            .trim_end()
            .bytes()
            .skip(1)
            .all(|b| matches!(b, b'-' | b'+') || b.is_ascii_digit()),
        '0'..='9' => inside.len() <= 3 && inside.bytes().all(|b| b.is_ascii_digit() || b == b'.'),
        _ => is_word(inside) || (is_one_word && is_reference(inside)),
    }
}

/// A word of YAML, or the name of a signal.
fn is_word(value: &str) -> bool {
    const SIGNALS: [&str; 14] = [
        "HUP", "INT", "QUIT", "ABRT", "KILL", "USR1", "USR2", "PIPE", "ALRM", "TERM", "CHLD", "CONT", "STOP",
        "WINCH",
    ];
    ["true", "false", "yes", "no", "on", "off", "null", "none"]
        .iter()
        .any(|word| value.eq_ignore_ascii_case(word))
        || value.strip_prefix("SIG").is_some_and(|signal| SIGNALS.contains(&signal))
}

/// What says where a secret is.
fn is_reference(value: &str) -> bool {
    let is_path = value.strip_prefix("file:").is_some_and(|rest| rest.starts_with('/'));
    let is_called =
        ["SECRET(", "SHARED_SECRET("].iter().any(|start| value.starts_with(start)) && value.ends_with(')');
    is_path || is_called || value.starts_with("arn:aws:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_is_harmless() {
        for value in [
            "",
            "true",
            "None",
            "12",
            "0.5",
            "$DB_PASSWORD",
            "${db_password}",
            "$(cat /x)",
            "/etc/secrets/x",
            "./secrets/x",
            "~/.netrc",
            "<password>",
            "{{ password }}",
            "%DB_PASSWORD%",
            "SIGTERM",
            "SECRET(db)",
            "SHARED_SECRET(db)",
            "file:///etc/secrets/x",
            "arn:aws:secretsmanager:us-west-2:123456789012:secret:x",
        ] {
            assert!(is_harmless(value, Form::Text), "{value}");
        }
        for value in [
            "1234",
            "$ecret",
            "/slash",
            "~tilde",
            "SIGNAL",
            "%x",
            "./a b",
            "truely",
            "{open",
            "SECRET(db",
            "file:x",
        ] {
            assert!(!is_harmless(value, Form::Text), "{value}");
        }
    }
}
