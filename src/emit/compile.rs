//! Payloads of a service: every instance that was asked for, as text or as a finding.

use std::collections::BTreeMap;

use crate::check::{CheckedTree, PayloadKind, ValidInstance, Withheld};
use crate::diagnostic::Diagnostic;
use crate::effective::{Deployments, Forest};
use crate::model::kind::FileKind;
use crate::repo::Service;

use super::adhoc::{self, Machine};
use super::python::{self, Dict, Value};
use super::{Context, Held, Refusal, Subject, chronos, marathon, settings};

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
    /// Its service.
    pub service: String,
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
        let unread = self.unread_before(checked, service);
        for instance in instances {
            let instance = match instance {
                Ok(instance) if wanted(instance.name()) && !unread.is_empty() => {
                    held.add_named(&service.name, Some(instance.name()), &unread);
                    continue;
                }
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

    /// Why nobody knows whether local-run would start another instance of the name: it looks into the
    /// files of Marathon and Chronos first, and fails on those that it cannot read.
    fn unread_before<'a>(&self, checked: &'a CheckedTree, service: &'a Service) -> Vec<&'a Diagnostic> {
        if self.kind != PayloadKind::Adhoc {
            return Vec::new();
        }
        let unread = |file| checked.unread_instances(service, file, self.kind, self.context.cluster);
        [FileKind::Marathon, FileKind::Chronos]
            .into_iter()
            .filter_map(unread)
            .flat_map(|u| u.reasons)
            .collect()
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
        let service = config.name().to_owned();
        Ok(Some(Payload { service, name, value, is_placeholder: subject.is_placeholder }))
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
