//! Reading `.soalint.yaml`: a mistake in it gets the same treatment as any other, its place, the
//! reason and a suggestion.

use std::sync::Arc;

use serde::Deserialize as _;

use crate::diagnostic::{Finding, Place};
use crate::dialect::DialectName;
use crate::rules::{self, Level, RULES};
use crate::source::Span;
use crate::suggest;
use crate::text::printable;
use crate::yaml::{self, Budget, Entry, Kind, Notice, Tree, Value};

use super::ConfigFile;

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
    let tree = yaml::parse(bytes, &Budget::default()).map_err(|error| {
        let place = Place::span(&name, &error.source, error.span);
        vec![Finding::new(place, format!("this is not valid YAML: {}", error.problem))]
    })?;
    let root = tree.root();
    let at = Finder { name: &name, tree: &tree };
    let file = match root.kind() {
        Kind::Null => Ok(ConfigFile::default()),
        _ => ConfigFile::deserialize(root).map_err(|error| {
            let span = error.span.unwrap_or_default();
            at.suggest(at.finding(span, error.message), span)
        }),
    };
    // What serde does not know, it cannot refuse: serde stops at its first mistake, these are all found.
    let mut mistakes = Vec::new();
    at.duplicates(&mut mistakes);
    at.rule_names(root.get("rules"), &mut mistakes);
    for path in entries(root.get("per-path")) {
        at.rule_names(path.value.get("rules"), &mut mistakes);
    }
    at.location_types(root.get("site"), &mut mistakes);
    match file {
        Ok(file) if mistakes.is_empty() => Ok(Read { file, tree }),
        Ok(_) => Err(sorted(mistakes)),
        Err(mistake) => {
            let is_known = |m: &Finding| m.place.span == mistake.place.span;
            if !mistakes.iter().any(is_known) {
                mistakes.push(mistake);
            }
            Err(sorted(mistakes))
        }
    }
}

fn sorted(mut mistakes: Vec<Finding>) -> Vec<Finding> {
    mistakes.sort_by_key(|mistake| mistake.place.span);
    mistakes
}

/// Makes findings of places in the file.
struct Finder<'a> {
    name: &'a Arc<str>,
    tree: &'a Tree,
}

/// The entries of a value that may be no mapping.
fn entries(value: Option<Value<'_>>) -> impl Iterator<Item = Entry<'_>> {
    value.filter(|value| value.kind() == Kind::Map).into_iter().flat_map(Value::entries)
}

impl Finder<'_> {
    fn finding(&self, span: Span, message: impl AsRef<str>) -> Finding {
        Finding::new(Place::span(self.name, self.tree.source(), span), printable(message.as_ref()))
    }

    /// The same key twice: only one of them can have been meant.
    fn duplicates(&self, mistakes: &mut Vec<Finding>) {
        for notice in self.tree.notices() {
            if let Notice::DuplicateKey { key, first, second } = notice {
                let earlier = Place::span(self.name, self.tree.source(), *first);
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
                        .why("PaaSTA refuses such a file or drops part of it, whatever soalint says")
                        .help(
                            "delete this line; `soalint baseline write` records the findings that are there \
                             already, and only new ones are reported then",
                        ),
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

    /// Puts serde's words into ours: what was expected, and the nearest known word.
    fn suggest(&self, finding: Finding, span: Span) -> Finding {
        let Some((head, expected)) = finding.message.split_once(", expected ") else { return finding };
        let got = ["invalid type: ", "invalid value: "].iter().find_map(|prefix| head.strip_prefix(prefix));
        if let Some(got) = got {
            let expected = match expected {
                "u16" => "a whole number from 0 to 65535",
                "a sequence" => "a list",
                "a map" => "a mapping",
                other => other,
            };
            let message = format!("expected {expected}, got {got}");
            return Finding { message, ..finding };
        }
        let message =
            head.replace("unknown field", "unknown key").replace("unknown variant", "unknown value");
        let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
        let near = suggest::nearest(span.of(self.tree.text()), known.iter().copied());
        let label = near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
        let help = format!("known here: {}", known.join(", "));
        Finding { message, ..finding.clone() }.label(label).help(help)
    }
}
