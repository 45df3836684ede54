//! Our verdicts against those of paasta-tools 0.66.6 (tests/data/README.md).
//!
//! In dialect paasta-0.66 we are never laxer than `paasta validate` or than the code that builds
//! payloads, and where we are stricter, a committed list says with which rule.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::LazyLock;

use serde_json::Value;
use soalint::check::{Outcome, Scope, check};
use soalint::config::Settings;
use soalint::diagnostic::{Diagnostic, Severity};
use soalint::dialect::DialectName;
use soalint::repo::disk::DiskTree;
use soalint::rules::{Blocks, Env, find};

use crate::cases::{Case, are_ours, cases};

/// Errors that no configuration causes, as type and the beginning of the message, with the reason.
const NOT_CONFIGURATION: &[(&str, &str, &str)] = &[
    ("NoDeploymentsAvailable", "", "deployments.json is missing or has no entry"),
    ("NoDockerImageError", "", "deployments.json names no image"),
    ("PaastaNotConfiguredError", "", "the system configuration lacks a setting"),
    (
        "NoSlavesAvailableError",
        "",
        "no agent of this cluster fits; which agents there are is not in the tree",
    ),
    ("TypeError", "'<' not supported between", "an agent lacks the attribute of `discover`"),
];

struct Checked {
    case: &'static Case,
    outcome: Outcome,
}

impl Checked {
    fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.outcome.diagnostics.iter().filter(|d| d.severity == Severity::Error)
    }

    fn has_error(&self, service: &str, instance: Option<&str>) -> bool {
        self.errors().any(|d| {
            let subject = &d.subject;
            // A missing team says nothing of payloads; a `monitoring` that is no mapping does.
            if d.rule.blocks == Blocks::JenkinsAndSensu && d.rule.name != "monitoring-shape" {
                return false;
            }
            let of_service = subject.service.as_deref() == Some(service);
            // A finding about a file or directory as a whole is about all its instances.
            of_service
                && instance.is_none_or(|name| {
                    subject.instance.as_deref().is_none_or(|other| is_same_name(other, name))
                })
        })
    }
}

/// Whether both name the same instance; a name that is no text is `True` in Python.
fn is_same_name(ours: &str, recorded: &str) -> bool {
    ours == recorded || (matches!(recorded, "True" | "False" | "None") && ours.eq_ignore_ascii_case(recorded))
}

fn checked() -> &'static [Checked] {
    static CHECKED: LazyLock<Vec<Checked>> = LazyLock::new(|| cases().iter().map(check_case).collect());
    &CHECKED
}

fn check_case(case: &'static Case) -> Checked {
    let settings = Settings { dialect: DialectName::Paasta066, ..Settings::default() };
    let tree = DiskTree::open(case.soa()).expect("a tree");
    Checked { case, outcome: check(&tree, &Scope::Everything, &Env::new(settings)) }
}

/// The type and message of a recorded exception.
fn exception(value: &Value) -> Option<(&str, &str)> {
    let error = value.get("error")?;
    Some((error.get("type")?.as_str()?, error.get("message")?.as_str()?))
}

fn entries<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    value
        .get(key)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
}

/// Why the payload of an instance could not be built, if that is so.
fn failure<'a>(kind: &str, recorded: &'a Value) -> Option<(&'a str, &'a str)> {
    let part = |name: &str| recorded.get(name).and_then(exception);
    match kind {
        // Local runs have no payload: what counts is what would run.
        "adhoc" => exception(recorded).or_else(|| {
            let settings = recorded.get("settings")?;
            ["args", "cmd", "env", "docker_parameters"].iter().find_map(|key| exception(settings.get(key)?))
        }),
        _ => exception(recorded).or_else(|| part("payload")),
    }
}

fn is_configuration((kind, message): (&str, &str)) -> bool {
    !NOT_CONFIGURATION.iter().any(|(other, start, _)| kind == *other && message.starts_with(start))
}

/// Service and instance of a recorded name; a name without a dot is a service whose file failed.
fn subject(name: &str) -> (&str, Option<&str>) {
    match name.split_once('.') {
        Some((service, instance)) => (service, Some(instance)),
        None => (name, None),
    }
}

#[test]
fn nothing_fails_inside() {
    for checked in checked() {
        assert!(!checked.outcome.internal_error, "{}", checked.case.name);
    }
}

#[test]
fn what_paasta_validate_refuses_is_an_error() {
    let (mut refused, mut missed) = (0, String::new());
    for checked in checked() {
        let case = checked.case;
        for (service, verdict) in entries(case.expected(), "validate") {
            if verdict.get("ok") == Some(&Value::Bool(true)) {
                continue;
            }
            refused += 1;
            if !checked.has_error(service, None) {
                let why = match exception(verdict) {
                    Some((kind, message)) => format!("{kind}: {message}"),
                    None => verdict.get("output").map(ToString::to_string).unwrap_or_default(),
                };
                writeln!(missed, "{} {service}: {why}", case.name).unwrap();
            }
        }
    }
    println!("{refused} services that paasta validate refuses");
    assert!(missed.is_empty(), "accepted here:\n{missed}");
    assert!(refused > 0);
}

#[test]
fn what_cannot_be_built_is_an_error() {
    let (mut failed, mut excluded, mut missed) = (0, 0, String::new());
    for checked in checked() {
        let case = checked.case;
        for kind in ["marathon", "chronos", "adhoc"] {
            for (name, recorded) in entries(case.expected(), kind) {
                let Some(error) = failure(kind, recorded) else { continue };
                if !is_configuration(error) {
                    excluded += 1;
                    continue;
                }
                failed += 1;
                let (service, instance) = subject(name);
                if !checked.has_error(service, instance) {
                    let (error, message) = error;
                    writeln!(missed, "{} {kind} {name}: {error}: {message}", case.name).unwrap();
                }
            }
        }
    }
    println!(
        "{failed} instances that cannot be built, {excluded} more for other reasons than their configuration"
    );
    assert!(missed.is_empty(), "accepted here:\n{missed}");
    assert!(failed > 0);
}

/// Where we refuse what `paasta validate` accepts and what can be built. Every line is there
/// because something behind PaaSTA provably fails on it; a new line needs the same.
#[test]
fn stricter_than_paasta_validate() {
    let mut rows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for checked in checked() {
        let case = checked.case;
        let failing: BTreeSet<(String, String)> = ["marathon", "chronos", "adhoc"]
            .into_iter()
            .flat_map(|kind| entries(case.expected(), kind).map(move |entry| (kind, entry)))
            .filter(|(kind, (_, recorded))| failure(kind, recorded).is_some_and(is_configuration))
            .map(|(_, (name, _))| {
                let (service, instance) = subject(name);
                (service.to_owned(), instance.unwrap_or_default().to_owned())
            })
            .collect();
        for diagnostic in checked.errors() {
            let service = diagnostic.subject.service.clone().unwrap_or_default();
            let instance = diagnostic.subject.instance.clone().unwrap_or_default();
            let accepted = case.expected()["validate"][&service]["ok"] == Value::Bool(true);
            // A finding about a whole file stands for every instance in it.
            let built = !failing.iter().any(|(failed, name)| {
                *failed == service && (name.is_empty() || instance.is_empty() || *name == instance)
            });
            if accepted && built {
                let organisational = diagnostic.rule.blocks == Blocks::JenkinsAndSensu;
                let line = match (organisational, instance.as_str()) {
                    (true, _) => format!("{} {service}", case.name),
                    (false, "") => format!("{} {service}: {}", case.name, diagnostic.message),
                    (false, _) => format!("{} {service}.{instance}: {}", case.name, diagnostic.message),
                };
                rows.entry(diagnostic.rule.name.to_owned()).or_default().insert(line);
            }
        }
    }
    let mut list = String::new();
    for (rule, lines) in rows {
        // Those about people, not tasks, are many and alike.
        let organisational = find(&rule).is_some_and(|rule| rule.blocks == Blocks::JenkinsAndSensu);
        if organisational {
            writeln!(list, "{rule}: {} services", lines.len()).unwrap();
            continue;
        }
        writeln!(list, "{rule}").unwrap();
        for line in lines {
            writeln!(list, "  {line}").unwrap();
        }
    }
    if !are_ours() {
        println!("{list}");
        return;
    }
    insta::with_settings!({snapshot_path => "../../snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("stricter-than-paasta-validate", list);
    });
}
