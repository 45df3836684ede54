//! What an editor shows beside errors: titles, descriptions, examples.
//!
//! `description` is shown as it is, so it has no markup and no line breaks within a sentence;
//! `markdownDescription` is what editors that know Markdown show instead.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::yaml::edit;

/// Describes a schema: in plain words, and in Markdown where that says it better.
pub(super) fn describe(schema: &mut Map<String, Value>, text: &str) {
    let text = joined(text);
    schema.insert("description".into(), json!(plain(&text)));
    if text.contains('`') {
        schema.insert("markdownDescription".into(), json!(text));
    }
}

/// A text with every paragraph on one line.
pub(super) fn joined(text: &str) -> String {
    let paragraphs: Vec<String> =
        text.split("\n\n").map(|paragraph| paragraph.lines().collect::<Vec<_>>().join(" ")).collect();
    paragraphs.join("\n\n")
}

/// A text without Markdown's marks for code.
pub(super) fn plain(text: &str) -> String {
    joined(text).replace('`', "")
}

/// What editors call a value, of "a limit: a mapping with ...": "limit". Without it they name the
/// nearest mapping that has a name, so that a limit would be called an instance.
pub(super) fn title(what: &str) -> String {
    let name = what.split_once(": ").map_or(what, |(name, _)| name);
    let bare = ["a ", "an ", "the "].into_iter().find_map(|article| name.strip_prefix(article));
    plain(bare.unwrap_or(name))
}

/// Whether a value can be a default or example of a schema. Editors insert mappings and lists badly:
/// without the quotes that their texts need, `[object Object]`, a list in a list as one text.
pub(super) const fn is_scalar(value: &Value) -> bool {
    !matches!(value, Value::Array(_) | Value::Object(_))
}

/// An example that [`is_scalar`] keeps out of the schema, for its Markdown: `key: value` in YAML.
pub(super) fn example(key: &str, value: &Value) -> String {
    let mut text = String::from("\n\nExample:\n\n```yaml\n");
    entry(key, value, "", &mut text);
    text.push_str("```");
    text
}

/// An entry in block style; a list of anything but mappings stands in brackets, as the documentation
/// writes constraints and locations.
fn entry(key: &str, value: &Value, indent: &str, text: &mut String) {
    let inner = format!("{indent}  ");
    let result = match value {
        Value::Object(entries) => {
            let result = writeln!(text, "{indent}{key}:");
            for (key, value) in entries {
                entry(key, value, &inner, text);
            }
            result
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            let result = writeln!(text, "{indent}{key}:");
            for item in items {
                let mut mark = "- ";
                for (key, value) in item.as_object().into_iter().flatten() {
                    entry(&format!("{mark}{key}"), value, &inner, text);
                    mark = "  ";
                }
            }
            result
        }
        other => writeln!(text, "{indent}{key}: {}", flow(other)),
    };
    // Writing to a string cannot fail.
    result.unwrap_or_default();
}

/// A value on one line.
pub(super) fn flow(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::String(text) => edit::string(text).unwrap_or_else(|| value.to_string()),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_names() {
        let titles =
            ["a limit: a mapping with `soft`", "an HTTP method", "the pipeline", "settings"].map(title);
        assert_eq!(titles, ["limit", "HTTP method", "pipeline", "settings"]);
        assert_eq!(title("a mapping with `outbound_firewall`"), "mapping with outbound_firewall");
    }

    #[test]
    fn paragraphs_become_lines() {
        let mut schema = Map::new();
        describe(&mut schema, "What `x` is,\nand why.\n\nUndocumented.");
        assert_eq!(schema["description"], "What x is, and why.\n\nUndocumented.");
        assert_eq!(schema["markdownDescription"], "What `x` is, and why.\n\nUndocumented.");
        describe(&mut schema, "y");
        assert_eq!(schema["description"], "y");
    }

    #[test]
    fn examples_are_yaml_that_means_them() {
        for value in [
            json!({"LOG_LEVEL": "info", "WORKERS": "4"}),
            json!([{"step": "itest", "wait": false}, {"step": "yes"}]),
            json!([["a", "LIKE", r"c4\..*"], ["hostname", "UNIQUE"]]),
            json!({"nofile": {"soft": 1024}}),
            json!(["*", "a, b"]),
        ] {
            let shown = example("key", &value);
            let text = shown.trim_start_matches("\n\nExample:\n\n```yaml\n").trim_end_matches("```");
            let tree = crate::yaml::parse(text.as_bytes(), &crate::yaml::Budget::default()).unwrap();
            let read: Value = serde::Deserialize::deserialize(tree.root()).unwrap();
            assert_eq!(read, json!({ "key": value }), "{text}");
        }
    }
}
