//! Defaults in service.yaml that PaaSTA cannot use for the instances that get them.

use std::collections::HashSet;

use super::super::check::{Problem, ShapeError, Step, check_default};
use super::super::defaults::breaks;
use super::super::words;
use super::{ShapeCx, is_spoken_for, steps};
use crate::diagnostic::{self, Finding};
use crate::findings::Findings;
use crate::model::keys;
use crate::model::kind::FileKind;
use crate::model::table::Key;
use crate::repo::{Document, Service};
use crate::rules::{self, Env, InstanceCx, Rule, Sink, instances_of};
use crate::yaml::{Entry, Kind, Value};

/// Most findings about parts of one default, a list of volumes for example: the rest have the same
/// cause.
const MOST: usize = 20;

/// A finding with the entry of the default that it is about.
type Words<'a> = (&'static Rule, Finding, Option<Value<'a>>);

const KINDS: [FileKind; 3] = [FileKind::Marathon, FileKind::Chronos, FileKind::Adhoc];

/// Reports what is wrong with defaults, once each, for the instances that get them.
pub(crate) fn report(env: &Env, service: &Service, out: &mut Findings) {
    let Some((document, root)) = service.defaults() else { return };
    if root.kind() != Kind::Map {
        return;
    }
    for default in root.entries() {
        let Some(name) = default.key.as_str() else { continue };
        if name == "smartstack" {
            smartstack(env, service, document, default, out);
            continue;
        }
        // Of facts about the service, the check of the file has spoken.
        if keys::entry_record(FileKind::Service).is_some_and(|facts| facts.key(name).is_some()) {
            continue;
        }
        let mut said: Vec<Words<'_>> = Vec::new();
        for kind in KINDS.into_iter().filter(|kind| has_instances(service, *kind)) {
            let problems = problems(env, service, kind, default, name);
            if problems.is_empty() {
                continue;
            }
            let takers = || takers(env, service, kind, name);
            if said.is_empty() {
                if takers().next().is_none() {
                    continue;
                }
                said = explain(env, document, kind, &problems);
            }
            for (nth, cx) in takers().enumerate() {
                // What is said first holds the payload back; the parts are for people.
                let most = if nth == 0 { MOST } else { 1 };
                let told = said.iter().filter(|(_, _, part)| !overrides_part(&cx, name, *part));
                for (rule, finding, _) in told.take(most) {
                    Sink::new(env, rule, out).report(cx.inherits(finding.clone()));
                }
            }
        }
    }
}

/// `smartstack` in service.yaml takes the place of smartstack.yaml, whatever it is.
fn smartstack(env: &Env, service: &Service, document: &Document, default: Entry<'_>, out: &mut Findings) {
    let value = default.value;
    if value.kind() == Kind::Map {
        return;
    }
    let span = if value.span().is_empty() { default.key.span() } else { value.span() };
    let noun = words::noun(value);
    let mut finding = Finding::new(
        document.place(span),
        format!("`smartstack` must be a mapping of namespaces to their settings, not {noun}"),
    )
    .label(format!("{noun} here"))
    .why("it takes the place of smartstack.yaml: no instance of the service is deployed or starts, and hosts lose their configuration of SmartStack")
    .help("remove it, and write the namespaces to smartstack.yaml");
    finding.subject.path = vec![diagnostic::Step::Key("smartstack".to_owned())];
    let kinds = [FileKind::Marathon, FileKind::Adhoc];
    let documents = service.documents.iter().filter(|d| d.kind.is_some_and(|kind| kinds.contains(&kind)));
    let mut is_said = false;
    for cx in documents.flat_map(|document| instances_of(env, service, document)) {
        is_said = true;
        Sink::new(env, &rules::schema::type_mismatch::RULE, out).report(cx.inherits(finding.clone()));
    }
    if !is_said {
        let finding = finding.service(&service.name);
        Sink::new(env, &rules::schema::type_mismatch::RULE, out).report(finding);
    }
}

fn has_instances(service: &Service, kind: FileKind) -> bool {
    service.documents.iter().any(|document| document.kind == Some(kind))
}

/// What PaaSTA cannot use in a default of instances of `kind`.
fn problems<'a>(
    env: &Env,
    service: &Service,
    kind: FileKind,
    default: Entry<'a>,
    name: &str,
) -> Vec<Problem<'a>> {
    let Some(key) = key_of(kind, name) else { return Vec::new() };
    let mut problems = Vec::new();
    check_default(kind, env.dialect, default, key, &mut |problem| {
        let is_one = problems.len() < MOST
            && !problem.mild
            && breaks(kind, name, default.value, problem)
            && !is_spoken_for(&ShapeError { service, dialect: env.dialect, kind, problem });
        if is_one {
            problems.push(problem.clone());
        }
    });
    problems
}

/// The code that reads a key is often that of all kinds, whatever their schemas say.
fn key_of(kind: FileKind, name: &str) -> Option<&'static Key> {
    let of = |kind| keys::entry_record(kind).and_then(|record| record.key(name));
    of(kind).or_else(|| of(FileKind::Marathon))
}

/// The instances of `kind` that get the default.
fn takers<'a>(
    env: &'a Env,
    service: &'a Service,
    kind: FileKind,
    name: &'a str,
) -> impl Iterator<Item = InstanceCx<'a>> {
    let documents = service.documents.iter().filter(move |document| document.kind == Some(kind));
    documents.flat_map(|document| instances_of(env, service, document)).filter(move |cx| {
        let body = cx.instance.entry.value;
        let is_read = match (kind, name) {
            // Only where there is no command (`local_run:run_docker_container`).
            (FileKind::Adhoc, "args") => cx.set("cmd").is_none(),
            _ => true,
        };
        // An empty instance is refused for that.
        let merges = |own: Value<'_>| own.kind() == Kind::Map;
        body.kind() == Kind::Map && is_read && cx.own(name).is_none_or(|own| merges(own.value))
    })
}

/// Whether the instance's own mapping replaces the default that is wrong: all of it, if that is no
/// mapping, or the entry in question.
fn overrides_part(cx: &InstanceCx<'_>, name: &str, part: Option<Value<'_>>) -> bool {
    let Some(own) = cx.own(name) else { return false };
    match part.and_then(Value::as_str) {
        Some(part) => own.value.entry(part).is_some(),
        None => true,
    }
}

/// The words for each problem.
fn explain<'a>(env: &Env, document: &Document, kind: FileKind, problems: &[Problem<'a>]) -> Vec<Words<'a>> {
    let mut explainer = ShapeCx::new(kind, env.dialect, document, HashSet::new());
    let mut words = Vec::new();
    for problem in problems {
        let Some((rule, mut finding)) = explainer.explain(problem) else { continue };
        finding.subject.path = steps(problem.path.get(1..).unwrap_or_default());
        let part = match problem.path.get(2) {
            Some(Step::Key(key)) => Some(*key),
            _ => None,
        };
        words.push((rule, finding.why(consequence(kind)), part));
    }
    words
}

/// What becomes of the instances.
const fn consequence(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Chronos => {
            "every key of service.yaml is a default of its Chronos jobs, and PaaSTA refuses those that get this one"
        }
        FileKind::Adhoc => {
            "every key of service.yaml is a default of its adhoc instances, and those that get this one do not start"
        }
        _ => {
            "every key of service.yaml is a default of its Marathon instances, and those that get this one are never deployed"
        }
    }
}
