//! Lists of services and ports for other programs: `generate_services_file.py` in its three
//! formats, and the fact for synapse (`synapse_srv_namespaces_fact.py`).

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::effective::ServiceConfig;
use crate::emit::python::{self, Dict, Value};
use crate::emit::{Refusal, convert};
use crate::report::escape::inert;
use crate::text::is_hidden;
use crate::yaml;

use super::registration::namespaces;

/// Address under which every host reaches its own HAProxy.
const YOCALHOST: &str = "169.254.255.254";

/// A namespace in a list.
#[derive(Clone, Debug)]
struct Listed<'a, 's> {
    name: String,
    values: &'a Value<'s>,
}

impl<'a, 's> Listed<'a, 's> {
    fn port(&self) -> Option<&'a Value<'s>> {
        self.values.get("proxy_port").filter(|port| !port.is_none())
    }
}

/// Which namespaces of which services are listed, by name.
pub type Keep<'k> = &'k dyn Fn(&str, &str) -> bool;

fn listed<'a, 's>(services: &'a [ServiceConfig<'s>], keep: Keep<'_>) -> Result<Vec<Listed<'a, 's>>, Refusal> {
    let mut all = Vec::new();
    for service in services {
        for (namespace, values) in namespaces(service) {
            if !keep(service.name(), namespace) {
                continue;
            }
            if values.as_dict().is_none() {
                return Err(Refusal::new(
                    "AttributeError",
                    format!("the namespace `{namespace}` is not a mapping"),
                )
                .at(values.origin));
            }
            all.push(Listed { name: format!("{}.{namespace}", service.name()), values });
        }
    }
    Ok(all)
}

/// A name as it can stand between the separators of a list: these formats have no quotes.
fn unquoted(name: &str) -> Result<&str, Refusal> {
    let separates = |c: char| c.is_whitespace() || is_hidden(c) || ",:=#".contains(c);
    if name.is_empty() || name.contains(separates) {
        let message = format!("a list has no way to write the name `{name}`");
        return Err(Refusal::new("ValueError", message)
            .why("a part of it would be read as another entry")
            .help("use letters, digits, `_` and `-` in names"));
    }
    Ok(name)
}

/// `synapse_srv_namespaces=a.main:20001,...` and a newline.
///
/// # Errors
/// A namespace that is not a mapping; a name with a separator in it.
pub fn fact(services: &[ServiceConfig<'_>], keep: Keep<'_>) -> Result<String, Refusal> {
    let mut texts = Vec::new();
    for namespace in listed(services, keep)? {
        if let Some(port) = namespace.values.get("proxy_port") {
            texts.push(format!("{}:{}", unquoted(&namespace.name)?, python::str(port)));
        }
    }
    texts.sort();
    Ok(format!("synapse_srv_namespaces={}\n", texts.join(",")))
}

/// Lines as /etc/services has them. `ports` gives the text of a service's file `port`. The comment at
/// the end of a line is all of the description on that one line: a second one would be an entry.
///
/// # Errors
/// A port that is not a number; a namespace that is not a mapping; a name with a separator in it.
pub fn rfc1700(
    services: &[ServiceConfig<'_>],
    keep: Keep<'_>,
    ports: impl Fn(&str) -> Option<String>,
) -> Result<String, Refusal> {
    let mut lines = Vec::new();
    for service in services {
        let fallback = Value::default("No description");
        let description = one_line(&python::str(service.get("description").unwrap_or(&fallback)));
        let mut line = |name: &str, port: &Value<'_>| {
            let port = python::truncate(port)
                .map_err(|exception| Refusal::of("proxy_port", &exception, port.origin))?;
            lines.push(format!("{}\t{port}/tcp\t# {description}", unquoted(name)?));
            Ok::<(), Refusal>(())
        };
        if let Some(port) = own_port(service, &ports).filter(|port| !port.is_none()) {
            line(service.name(), &port)?;
        }
        for namespace in listed(std::slice::from_ref(service), keep)? {
            if let Some(port) = namespace.port() {
                line(&namespace.name, port)?;
            }
        }
    }
    Ok(lines.join("\n"))
}

/// The port of a service that does not use SmartStack: the key of service.yaml, else what its file
/// `port` says, if that is a number.
pub fn own_port<'s>(
    service: &ServiceConfig<'s>,
    ports: impl Fn(&str) -> Option<String>,
) -> Option<Value<'s>> {
    let of_file = || Some(Value::computed(ports(service.name())?.trim().parse::<i64>().ok()?));
    service.get("port").cloned().or_else(of_file)
}

/// `service.namespace` with host and port, as JSON.
///
/// # Errors
/// A port that is not a number; a namespace that is not a mapping.
pub fn json(services: &[ServiceConfig<'_>], keep: Keep<'_>) -> Result<String, Refusal> {
    let mut out = String::new();
    let mut all = Dict::new();
    for (name, port) in hosts(services, keep)? {
        let entry = Dict::of([("host", Value::computed(YOCALHOST)), ("port", Value::computed(port))]);
        all.insert(name, Value::computed(entry));
    }
    python::write_json(&Value::computed(all), 0, &mut out)?;
    Ok(out)
}

/// The same as YAML, with the time and host of writing in a comment.
///
/// # Errors
/// As [`json`].
pub fn yaml_file(
    services: &[ServiceConfig<'_>],
    keep: Keep<'_>,
    now: &str,
    hostname: &str,
) -> Result<String, Refusal> {
    let mut out = format!(
        "# This file is automatically generated by paasta_tools.\n\
         # It was automatically generated at {now} on {hostname}.\n---\n"
    );
    let hosts = hosts(services, keep)?;
    if hosts.is_empty() {
        out.truncate(out.len() - 1);
        out.push_str(" {}\n");
    }
    for (name, port) in hosts {
        // PyYAML writes a longer key as one of any kind (`Emitter.check_simple_key`).
        let is_simple = name.chars().count() < 128;
        let (before, after) = if is_simple { ("", ":\n  ") } else { ("? ", "\n: ") };
        // Writing to a string cannot fail.
        let _ = write!(out, "{before}{}{after}host: {YOCALHOST}\n  port: {port}\n", yaml_key(&name));
    }
    Ok(out)
}

/// Names with their ports, sorted.
fn hosts(services: &[ServiceConfig<'_>], keep: Keep<'_>) -> Result<Vec<(String, i64)>, Refusal> {
    let mut hosts = Vec::new();
    for namespace in listed(services, keep)? {
        let Some(port) = namespace.port() else { continue };
        let number =
            convert::int(port).map_err(|exception| Refusal::of("proxy_port", &exception, port.origin))?;
        hosts.push((namespace.name, number));
    }
    hosts.sort();
    Ok(hosts)
}

/// The text on one line, as far as it goes into a comment: what ends a line, steers a terminal or cannot be seen is
/// a space, and nothing is a command to the log of a CI system.
fn one_line(text: &str) -> String {
    let is_lost = |c: char| c.is_control() || is_hidden(c);
    let line = text.trim_end_matches(is_lost).chars().map(|c| if is_lost(c) { ' ' } else { c });
    inert(&line.collect::<String>()).into_owned()
}

/// A key as PyYAML writes it: bare if it reads as the same text, else in single quotes, or in double
/// quotes if it has characters other than ASCII's visible ones.
fn yaml_key(name: &str) -> Cow<'_, str> {
    if !name.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Owned(double_quoted(name));
    }
    let reads_as_text = || {
        let tree = yaml::parse(name.as_bytes(), &yaml::Budget::default());
        tree.is_ok_and(|tree| tree.root().as_str() == Some(name))
    };
    let has_edge = name.starts_with(' ') || name.ends_with(' ');
    if !has_edge && !name.starts_with("---") && !name.starts_with("...") && reads_as_text() {
        return Cow::Borrowed(name);
    }
    Cow::Owned(format!("'{}'", name.replace('\'', "''")))
}

/// `Emitter.write_double_quoted` with its table of escapes.
fn double_quoted(name: &str) -> String {
    let mut quoted = String::from("\"");
    for c in name.chars() {
        let escape = match c {
            '\0' => "\\0",
            '\u{7}' => "\\a",
            '\u{8}' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\u{b}' => "\\v",
            '\u{c}' => "\\f",
            '\r' => "\\r",
            '\u{1b}' => "\\e",
            '"' => "\\\"",
            '\\' => "\\\\",
            '\u{85}' => "\\N",
            '\u{a0}' => "\\_",
            '\u{2028}' => "\\L",
            '\u{2029}' => "\\P",
            ' '..='~' => {
                quoted.push(c);
                continue;
            }
            _ => "",
        };
        // Writing to a string cannot fail.
        let _ = match u32::from(c) {
            _ if !escape.is_empty() => write!(quoted, "{escape}"),
            code @ ..=0xFF => write!(quoted, "\\x{code:02X}"),
            code @ ..=0xFFFF => write!(quoted, "\\u{code:04X}"),
            code => write!(quoted, "\\U{code:08X}"),
        };
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `yaml.safe_dump` of PyYAML 3.11 and 6.0.3 writes these keys.
    #[test]
    fn keys_are_quoted_as_pyyaml_does() {
        for (name, written) in [
            ("web.main", "web.main"),
            ("svc.a b", "svc.a b"),
            ("svc. b", "svc. b"),
            ("s,b", "s,b"),
            ("s=b", "s=b"),
            ("s.a?", "s.a?"),
            ("s.[a", "s.[a"),
            ("-x.y", "-x.y"),
            ("svc.a: b", "'svc.a: b'"),
            ("svc.a #b", "'svc.a #b'"),
            ("*s.b", "'*s.b'"),
            ("? a", "'? a'"),
            ("1.5", "'1.5'"),
            (" s.a", "' s.a'"),
            ("s.a ", "'s.a '"),
            ("it's.#", "it's.#"),
            ("s.\u{e9}", "\"s.\\xE9\""),
            ("s.a\tb", "\"s.a\\tb\""),
            ("s.a\u{1b}b", "\"s.a\\eb\""),
            ("s.\u{1f600}\"", "\"s.\\U0001F600\\\"\""),
        ] {
            assert_eq!(yaml_key(name), written, "{name:?}");
        }
    }
}
