//! Payloads of a service: every instance that was asked for, as text or as a finding.

use std::collections::{BTreeMap, HashSet};

use crate::check::{CheckedTree, PayloadKind, ValidInstance, Withheld};
use crate::diagnostic::{Diagnostic, Finding, Place, Severity};
use crate::effective::{Deployments, Forest};
use crate::model::kind::FileKind;
use crate::repo::Service;
use crate::rules::{Rule, internal};

use super::adhoc::{self, Machine};
use super::python::{self, Dict, Value};
use super::{Context, Refusal, Subject, chronos, marathon, settings};

static UNBUILDABLE: &Rule = &internal::unbuildable_payload::RULE;

/// What local-run starts under a name.
type Started<'s> = Result<ValidInstance<'s>, Withheld<'s>>;

/// Which form a payload has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// What the target system gets.
    #[default]
    Target,
    /// What PaaSTA builds and hashes.
    Paasta,
}

/// What to compile.
#[derive(Debug)]
pub struct Request<'r> {
    /// What is the same for all.
    pub context: &'r Context<'r>,
    /// Kind of payload: Marathon, Chronos or adhoc.
    pub kind: PayloadKind,
    /// Its form.
    pub form: Form,
    /// What local-run would find out about the machine.
    pub machine: &'r Machine,
}

/// A payload.
#[derive(Debug)]
pub struct Payload<'s> {
    /// `service.instance`.
    pub name: String,
    /// What is emitted.
    pub value: Value<'s>,
    /// Whether its image is a placeholder.
    pub is_placeholder: bool,
}

impl Request<'_> {
    /// Kind of file that holds the instances.
    fn file_kind(&self) -> FileKind {
        match self.kind {
            PayloadKind::Chronos => FileKind::Chronos,
            PayloadKind::Adhoc => FileKind::Adhoc,
            _ => FileKind::Marathon,
        }
    }

    /// Compiles the instances of a service whose names `wanted` accepts, and hands over each
    /// payload while its parts are there.
    pub fn compile<R>(
        &self,
        checked: &CheckedTree,
        forest: &Forest<'_>,
        service: &Service,
        deployments: &Deployments,
        wanted: &dyn Fn(&str) -> bool,
        mut take: impl FnMut(Payload<'_>) -> Result<R, Refusal>,
    ) -> (Vec<R>, Held) {
        let mut held = Held::default();
        let mut taken = Vec::new();
        let instances = checked.instances(service, self.file_kind(), self.kind, self.context.cluster);
        if instances.is_empty() {
            // Few services are in every cluster.
            return (taken, held);
        }
        let config = forest.config(&service.name);
        let started = match self.kind {
            PayloadKind::Adhoc => checked.started_before_adhoc(service, self.context.cluster),
            _ => BTreeMap::new(),
        };
        for instance in instances {
            let instance = match instance {
                Ok(instance) if wanted(instance.name()) => instance,
                Err(withheld) if wanted(&withheld.name) => {
                    held.add(&withheld);
                    continue;
                }
                Ok(_) | Err(_) => continue,
            };
            let built = match &config {
                Some(Ok(config)) => self.build(forest, config, deployments, (instance, &started), &mut held),
                Some(Err(refusal)) => Err(refusal.clone()),
                None => continue,
            };
            match built.and_then(|payload| payload.map(&mut take).transpose()) {
                Ok(Some(result)) => taken.push(result),
                Ok(None) => {}
                Err(refusal) => held.refuse(forest, &instance, &refusal),
            }
        }
        (taken, held)
    }

    fn build<'s>(
        &self,
        forest: &Forest<'s>,
        config: &'s crate::effective::ServiceConfig<'s>,
        deployments: &Deployments,
        (instance, started): (ValidInstance<'s>, &BTreeMap<String, Started<'s>>),
        held: &mut Held,
    ) -> Result<Option<Payload<'s>>, Refusal> {
        let subject = Subject::new(self.context, forest, config, deployments, &instance)?;
        let value = match self.kind {
            PayloadKind::Chronos => chronos::Job::of(&subject)?.payload,
            PayloadKind::Adhoc => {
                let started = match started.get(instance.name()) {
                    Some(Err(withheld)) => {
                        held.add(withheld);
                        return Ok(None);
                    }
                    Some(Ok(first)) => *first,
                    None => instance,
                };
                let started = Subject::new(self.context, forest, config, deployments, &started)?;
                self.adhoc(&subject, &started)?
            }
            _ => {
                let app = marathon::App::of(&subject)?;
                match self.form {
                    Form::Target => app.rest()?,
                    Form::Paasta => app.payload,
                }
            }
        };
        let name = format!("{}.{}", config.name(), instance.name());
        Ok(Some(Payload { name, value, is_placeholder: subject.is_placeholder }))
    }

    /// Effective settings and the command line of local-run; for the instance `interactive` also
    /// what local-run uses when no instance is named.
    fn adhoc<'s>(&self, subject: &Subject<'_, 's>, started: &Subject<'_, 's>) -> Result<Value<'s>, Refusal> {
        let mut values = Dict::new();
        for (name, value) in settings::settings(subject, &Ok(BTreeMap::new())) {
            values.push(name.into(), value?);
        }
        let argv = adhoc::argv(started, self.machine)?.into_iter().map(Value::computed);
        let mut payload = Dict::of([
            ("argv", Value::computed(argv.collect::<Vec<_>>())),
            ("settings", Value::computed(values)),
        ]);
        if subject.config.name() == "interactive" {
            payload.insert("interactive", settings::interactive(subject)?);
        }
        Ok(Value::computed(payload))
    }
}

/// What is not emitted, and why.
#[derive(Debug, Default)]
pub struct Held {
    /// `service.instance`, and the names of the rules that hold it back.
    pub withheld: Vec<(String, Vec<&'static str>)>,
    /// The findings of those rules.
    pub findings: Vec<Diagnostic>,
    /// Where those stand that are in `findings` already: one may hold back thousands of instances.
    seen: HashSet<usize>,
}

impl Held {
    /// Something is withheld because of errors that a check found.
    pub(crate) fn add(&mut self, withheld: &crate::check::Withheld<'_>) {
        self.add_named(format!("{}.{}", withheld.service.name, withheld.name), &withheld.reasons);
    }

    /// The same, whatever it is.
    pub(crate) fn add_named(&mut self, name: String, reasons: &[&Diagnostic]) {
        let mut rules: Vec<&'static str> = reasons.iter().map(|d| d.rule.name).collect();
        rules.dedup();
        for reason in reasons {
            if self.seen.insert(std::ptr::from_ref::<Diagnostic>(reason).addr()) {
                self.findings.push((*reason).clone());
            }
        }
        self.withheld.push((name, rules));
    }

    pub(crate) fn refuse(&mut self, forest: &Forest<'_>, instance: &ValidInstance<'_>, refusal: &Refusal) {
        self.refuse_at(forest, instance.place(), (&instance.service().name, instance.name()), refusal);
    }

    /// Something of a service cannot be built; `name` is empty for the service as a whole.
    pub(crate) fn refuse_at(
        &mut self,
        forest: &Forest<'_>,
        whole: Place,
        (service, name): (&str, &str),
        refusal: &Refusal,
    ) {
        let place = refusal.origin.and_then(|origin| forest.place(origin)).unwrap_or(whole);
        let (shown, full) = match name {
            "" => (service, service.to_owned()),
            name => (name, format!("{service}.{name}")),
        };
        let message = format!("`{shown}` cannot be built: {}", refusal.message);
        let mut finding = Finding::new(place, message)
            .why("PaaSTA would fail on it, so it would not be deployed")
            .help(refusal.help)
            .service(service)
            .identity(refusal.message.clone());
        if !name.is_empty() {
            finding = finding.instance(name);
        }
        self.findings.push(Diagnostic { rule: UNBUILDABLE, severity: Severity::Error, finding });
        self.withheld.push((full, vec![UNBUILDABLE.name]));
    }

    /// Says of everything withheld in which cluster that is.
    pub fn name_cluster(&mut self, cluster: &str) {
        for (name, _) in &mut self.withheld {
            name.push_str(" in ");
            name.push_str(cluster);
        }
    }

    /// Adds what another service brought.
    pub fn append(&mut self, mut other: Held) {
        self.withheld.append(&mut other.withheld);
        self.findings.append(&mut other.findings);
    }

    /// Sorts the findings and drops repeated ones.
    pub fn settle(&mut self) {
        self.findings.sort_by(Diagnostic::order);
        self.findings.dedup_by(|a, b| a.order(b).is_eq());
    }
}

/// A payload as JSON text, indented as an entry of an object that is itself `level` objects deep.
///
/// # Errors
/// A value that JSON has no word for.
pub fn json_entry(payload: &Payload<'_>, level: usize) -> Result<String, Refusal> {
    let mut text = String::with_capacity(4096);
    let name = Value::computed(payload.name.clone());
    python::write_json(&name, 0, &mut text)?;
    text.push_str(": ");
    python::write_json(&payload.value, level + 1, &mut text)?;
    Ok(text)
}
