//! Reading `.soalint.yaml`: a mistake in it gets the same treatment as any other, its place, the
//! reason and a suggestion.

use std::sync::Arc;

use serde::Deserialize as _;

use crate::diagnostic::{Finding, Place};
use crate::dialect::DialectName;
use crate::repo::Document;
use crate::rules::{self, Level, RULES, Rule};
use crate::source::{SourceText, Span};
use crate::suggest;
use crate::text::printable;
use crate::yaml::{self, Budget, DeError, Entry, Kind, Notice, Tree, Value};

use super::{BaselineFile, ConfigFile, Ignores, PerPath, Ports, Profile, RuleSettings, Site};

/// A configuration and the text that it comes from.
#[derive(Debug)]
pub struct Read {
    /// What it says.
    pub file: ConfigFile,
    /// How it is written.
    pub tree: Tree,
}

/// Reads the file called `name`.
///
/// # Errors
/// What is wrong with it, in the order of the text.
pub fn read(name: &str, bytes: &[u8]) -> Result<Read, Vec<Finding>> {
    let name: Arc<str> = Arc::from(name);
    let tree = yaml::parse(bytes, &Budget::default()).map_err(|mut error| {
        error.source = public(error.source.text());
        let unreadable = Finding::new(Place::span(&name, &error.source, error.span), error.problem.clone());
        let document = Document::refused(Arc::clone(&name), error);
        vec![rules::reader::refusal(&document).unwrap_or(unreadable)]
    })?;
    let root = tree.root();
    let at = Finder { name: &name, tree: &tree, source: public(tree.text()) };
    let file = match root.kind() {
        Kind::Null => Ok(ConfigFile::default()),
        _ => ConfigFile::deserialize(root).map_err(|first| {
            // serde stops at its first mistake: each key for itself has one.
            let mut all: Vec<Finding> =
                entries(Some(root)).flat_map(of_key).map(|error| at.refused(error)).collect();
            if all.is_empty() {
                all.push(at.refused(first));
            }
            all
        }),
    };
    // What serde does not know, it cannot refuse.
    let mut mistakes = Vec::new();
    at.duplicates(&mut mistakes);
    at.rule_names(root.get("rules"), &mut mistakes);
    for path in entries(root.get("per-path")) {
        at.rule_names(path.value.get("rules"), &mut mistakes);
    }
    at.location_types(root.get("site"), &mut mistakes);
    at.port_range(root.get("ports"), &mut mistakes);
    match file {
        Ok(file) if mistakes.is_empty() => Ok(Read { file, tree }),
        Ok(_) => Err(sorted(mistakes)),
        Err(mut refused) => {
            refused.retain(|mistake| !mistakes.iter().any(|known| known.place.span == mistake.place.span));
            mistakes.append(&mut refused);
            Err(sorted(mistakes))
        }
    }
}

/// The text as messages may quote it.
fn public(text: &str) -> Arc<SourceText> {
    Arc::new(SourceText::of_configuration(text.to_owned()))
}

/// The keys of the file.
const KEYS: [&str; 9] =
    ["dialect", "profile", "preview", "rules", "per-path", "ignores", "baseline", "ports", "site"];

/// What serde refuses of one key and its value.
fn of_key(entry: Entry<'_>) -> Vec<DeError> {
    fn fits<'t, T: serde::Deserialize<'t>>(value: Value<'t>) -> Vec<DeError> {
        T::deserialize(value).err().into_iter().collect()
    }
    let value = entry.value;
    let mut found = match entry.key.text() {
        "dialect" => fits::<Option<DialectName>>(value),
        "profile" => fits::<Profile>(value),
        "preview" => fits::<bool>(value),
        "rules" => RuleSettings::mistakes(value),
        "per-path" => fits::<PerPath>(value),
        "ignores" => fits::<Ignores>(value),
        "baseline" => fits::<Option<BaselineFile>>(value),
        "ports" => fits::<Ports>(value),
        "site" => fits::<Site>(value),
        key => vec![DeError { span: Some(entry.key.span()), ..serde::de::Error::unknown_field(key, &KEYS) }],
    };
    for error in &mut found {
        error.span.get_or_insert(value.span());
    }
    found
}

fn sorted(mut mistakes: Vec<Finding>) -> Vec<Finding> {
    mistakes.sort_by_key(|mistake| mistake.place.span);
    mistakes
}

/// Makes findings of places in the file.
struct Finder<'a> {
    name: &'a Arc<str>,
    tree: &'a Tree,
    /// Its text.
    source: Arc<SourceText>,
}

/// The entries of a value that may be no mapping.
fn entries(value: Option<Value<'_>>) -> impl Iterator<Item = Entry<'_>> {
    value.filter(|value| value.kind() == Kind::Map).into_iter().flat_map(Value::entries)
}

impl Finder<'_> {
    fn finding(&self, span: Span, message: impl AsRef<str>) -> Finding {
        Finding::new(Place::span(self.name, &self.source, span), printable(message.as_ref()))
    }

    fn refused(&self, error: DeError) -> Finding {
        let span = error.span.unwrap_or_default();
        self.suggest(self.finding(span, error.message), span)
    }

    /// The same key twice: only one of them can have been meant.
    fn duplicates(&self, mistakes: &mut Vec<Finding>) {
        for notice in self.tree.notices() {
            if let Notice::DuplicateKey { key, first, second } = notice {
                let earlier = Place::span(self.name, &self.source, *first);
                mistakes.push(
                    self.finding(*second, format!("the key `{key}` is here twice"))
                        .related(earlier, "it is here, too"),
                );
            }
        }
    }

    /// Names that are no rules, and levels of rules that have only one.
    fn rule_names(&self, rules: Option<Value<'_>>, mistakes: &mut Vec<Finding>) {
        for entry in entries(rules) {
            let name = entry.key.text();
            let Some(rule) = rules::find(name) else {
                mistakes.push(self.unknown_rule(entry.key.span(), name));
                continue;
            };
            let is_fixed = DialectName::ALL.into_iter().all(|dialect| rule.is_fixed(dialect));
            let level = entry.value.get("level").unwrap_or(entry.value);
            if is_fixed && level.kind() != Kind::Map && level.text() != Level::Error.name() {
                mistakes.push(
                    self.finding(level.span(), format!("`{name}` is always an error"))
                        .why(Rule::WHY_FIXED)
                        .help(format!("delete this line; {}", rule.help_if_fixed())),
                );
            }
        }
    }

    fn unknown_rule(&self, span: Span, name: &str) -> Finding {
        let finding = self.finding(span, format!("there is no rule `{name}`"));
        if RULES.iter().any(|rule| rule.group.name() == name) {
            return finding
                .label("this is a group of rules")
                .help("name its rules one by one; `soalint rules` lists them");
        }
        match suggest::nearest(name, RULES.iter().map(|rule| rule.name)) {
            Some(near) => finding.label(format!("did you mean `{near}`?")),
            None => finding.help("`soalint rules` lists the rules"),
        }
    }

    /// Locations of a type that the site does not have.
    fn location_types(&self, site: Option<Value<'_>>, mistakes: &mut Vec<Finding>) {
        let site = site.filter(|site| site.kind() == Kind::Map);
        let Some(types) = site.and_then(|site| site.get("location-types")) else { return };
        let types: Vec<&str> = types.items().map(Value::text).collect();
        let mut open: Vec<Value<'_>> =
            site.and_then(|site| site.get("location-mapping")).into_iter().collect();
        while let Some(mapping) = open.pop() {
            for entry in entries(Some(mapping)) {
                open.push(entry.value);
                let Some((_, kind)) = entry.key.text().rsplit_once('_') else { continue };
                if !types.contains(&kind) {
                    let finding =
                        self.finding(entry.key.span(), format!("`{kind}` is not among the `location-types`"));
                    mistakes.push(match suggest::nearest(kind, types.iter().copied()) {
                        Some(near) => finding.label(format!("did you mean `{near}`?")),
                        None => finding.help(format!("known here: {}", types.join(", "))),
                    });
                }
            }
        }
    }

    /// A range of ports that holds none.
    fn port_range(&self, ports: Option<Value<'_>>, mistakes: &mut Vec<Finding>) {
        let ports = ports.filter(|ports| ports.kind() == Kind::Map);
        let Some(range) = ports.and_then(|ports| ports.get("range")) else { return };
        let bounds: Vec<Option<i64>> = range.items().map(Value::as_i64).collect();
        match bounds.as_slice() {
            [Some(first), Some(last)] if first > last => mistakes.push(
                self.finding(range.span(), format!("no port is from {first} to {last}"))
                    .help(format!("the lowest port comes first: [{last}, {first}]")),
            ),
            [_, _] => {}
            _ if range.kind() == Kind::Seq => mistakes.push(
                self.finding(range.span(), "a range is the first and the last port")
                    .help("write it like [20000, 21000]"),
            ),
            _ => {}
        }
    }

    /// Puts serde's words into ours: what was expected, and the nearest known word.
    fn suggest(&self, finding: Finding, span: Span) -> Finding {
        let Some((head, expected)) = finding.message.split_once(", expected ") else { return finding };
        let got = ["invalid type: ", "invalid value: "].iter().find_map(|prefix| head.strip_prefix(prefix));
        if let Some(got) = got {
            let expected = match expected {
                "u16" => "a whole number from 0 to 65535",
                "a sequence" => "a list",
                "a map" => "a mapping",
                other if other.starts_with("struct ") => "a mapping",
                other => other,
            };
            let message = format!("expected {expected}, got {}", in_yaml_words(got));
            let known = quoted(expected);
            let text = span.of(self.tree.text());
            // `0.66` for `paasta-0.66`.
            let meant = known.iter().find(|word| text.len() > 2 && word.ends_with(text));
            let label = meant.map(|word| format!("did you mean `{word}`?")).unwrap_or_default();
            return Finding { message, ..finding }.label(label);
        }
        let message =
            head.replace("unknown field", "unknown key").replace("unknown variant", "unknown value");
        let known = quoted(expected);
        let near = suggest::nearest(span.of(self.tree.text()), known.iter().copied());
        let label = near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
        let help = format!("known here: {}", known.join(", "));
        Finding { message, ..finding.clone() }.label(label).help(help)
    }
}

/// The words that stand between backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// serde's name of a value as people who write YAML call it.
fn in_yaml_words(got: &str) -> String {
    const WORDS: [(&str, &str); 6] = [
        ("floating point ", "the number "),
        ("integer ", "the number "),
        ("boolean ", "the boolean "),
        ("string ", "the text "),
        ("sequence", "a list"),
        ("map", "a mapping"),
    ];
    let renamed = WORDS.iter().find_map(|(name, word)| Some(format!("{word}{}", got.strip_prefix(name)?)));
    renamed.unwrap_or_else(|| got.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_the_file_is_known() {
        let schema = schemars::schema_for!(ConfigFile);
        let properties = schema.get("properties").and_then(serde_json::Value::as_object).unwrap();
        let mut known: Vec<&str> = properties.keys().map(String::as_str).collect();
        known.sort_unstable();
        let mut keys = KEYS;
        keys.sort_unstable();
        assert_eq!(keys.as_slice(), known);
    }
}
