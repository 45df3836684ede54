//! Payloads of a whole service: its pipeline, its lines in the lists of ports.

use std::collections::BTreeSet;

use crate::check::PayloadKind;
use crate::effective::ServiceConfig;
use crate::emit::python::Value;
use crate::emit::smartstack::services;
use crate::emit::{Form, Held, Payload, Refusal, jenkins};
use crate::repo::{Service, ServiceName, TreeSource as _};

use super::super::args::FormArg;
use super::super::output::{Layout, Output, Text};
use super::super::{Error, node};
use super::{Done, Job};

/// Services with their namespaces.
type Names<'n> = BTreeSet<(&'n str, &'n str)>;

impl Job<'_> {
    pub(super) fn jenkins(&self, output: &mut Output<'_>, done: &mut Done) -> Result<Held, Error> {
        let mut held = Held::default();
        for service in self.checked.services() {
            let reasons = self.checked.service_errors(service, PayloadKind::Jenkins, "");
            if service.error.is_some() {
                continue;
            }
            if !reasons.is_empty() {
                held.add_named(&service.name, None, &reasons);
                continue;
            }
            let Some(config) = self.forest.config(&service.name) else { continue };
            let built = config.and_then(|config| self.pipeline(service, &config, output.layout(), &mut held));
            match built {
                Ok(None) => {}
                Ok(Some(text)) => {
                    done.given += 1;
                    output.write(text)?;
                }
                Err(refusal) => {
                    held.refuse_at(self.forest, service.place(), (&service.name, None), &refusal);
                }
            }
        }
        Ok(held)
    }

    /// The pipeline of a service, if it has one. It names the instances that each step deploys, so all of
    /// them must be known.
    fn pipeline(
        &self,
        service: &Service,
        config: &ServiceConfig<'_>,
        layout: Layout,
        held: &mut Held,
    ) -> Result<Option<Text>, Refusal> {
        let facts = jenkins::facts(config)?;
        let Some(pipeline) = jenkins::Pipeline::of(config)? else { return Ok(None) };
        let unread = self.checked.unread_files(service, PayloadKind::Jenkins);
        if !unread.is_empty() {
            let reasons: Vec<_> = unread.into_iter().flat_map(|file| file.reasons).collect();
            held.add_named(&service.name, None, &reasons);
            return Ok(None);
        }
        if self.is_whole() {
            let text = pipeline.jenkinsfile();
            return Ok(Some(Text::file(Some(&service.name), &service.name, "jenkinsfile", text)));
        }
        let value = match self.form() {
            Form::Target => Value::computed(pipeline.jenkinsfile()),
            Form::Paasta => facts,
        };
        let (service, name) = (service.name.clone(), service.name.clone());
        let payload = Payload { service, name, value, is_placeholder: false };
        Ok(Some(Text::of(&payload, layout)?))
    }

    /// The lists of ports for other programs: of every namespace that other kinds of payloads get, too.
    pub(super) fn list(&self, output: &mut Output<'_>, done: &mut Done) -> Result<Held, Error> {
        let mut held = Held::default();
        let mut valid: Names<'_> = BTreeSet::new();
        let mut configs: Vec<ServiceConfig<'_>> = Vec::new();
        for service in self.checked.services().iter().filter(|s| self.selected.has_service(&s.name)) {
            for namespace in self.checked.namespaces(service, PayloadKind::Synapse) {
                match namespace {
                    Ok(namespace) => {
                        valid.insert((&service.name, namespace.name()));
                    }
                    Err(refused) => held.add_named(&service.name, Some(&refused.name), &refused.reasons),
                }
            }
            if !self.checked.unread(service, PayloadKind::Synapse, None).is_empty() {
                continue;
            }
            // Each alone first: one that has no place in the list must not cost the others theirs.
            let listed = match self.forest.config(&service.name) {
                Some(Ok(config)) => self.list_of(std::slice::from_ref(&config), &valid).map(|_| config),
                Some(Err(refusal)) => Err(refusal),
                None => continue,
            };
            match listed.and_then(|config| self.check_port(service, &config).map(|()| config)) {
                Ok(config) => configs.push(config),
                Err(refusal) => {
                    valid.retain(|(name, _)| *name != service.name);
                    held.refuse_at(self.forest, service.place(), (&service.name, None), &refusal);
                }
            }
        }
        done.given += valid.len();
        let (extension, text) = self.list_of(&configs, &valid).map_err(|refusal| {
            Error::usage(format!("the list cannot be written: {}", refusal.message), refusal.help)
        })?;
        output.write(Text::file(None, "services", extension, text))?;
        Ok(held)
    }

    fn list_of(
        &self,
        configs: &[ServiceConfig<'_>],
        valid: &Names<'_>,
    ) -> Result<(&'static str, String), Refusal> {
        let keep = |service: &str, namespace: &str| valid.contains(&(service, namespace));
        Ok(match self.args.form {
            FormArg::ServicesJson => ("json", services::json(configs, &keep)?),
            FormArg::ServicesYaml => {
                // As Python's isoformat has it: six digits of a second, or none.
                let digits = if self.target.now.subsec_nanosecond() == 0 {
                    "%Y-%m-%dT%H:%M:%S"
                } else {
                    "%Y-%m-%dT%H:%M:%S.%6f"
                };
                let now = self.target.now.strftime(digits).to_string();
                ("yaml", services::yaml_file(configs, &keep, &now, node::name(&self.args.node))?)
            }
            FormArg::Fact => ("txt", services::fact(configs, &keep)?),
            _ => {
                let port_file = |service: &str| String::from_utf8(self.port_file(service)?.ok()?).ok();
                ("txt", services::rfc1700(configs, &keep, port_file)?)
            }
        })
    }

    /// Refuses a service of which nobody knows whether it has a port of its own.
    fn check_port(&self, service: &Service, config: &ServiceConfig<'_>) -> Result<(), Refusal> {
        if self.args.form != FormArg::Rfc1700 || config.get("port").is_some() || !service.has_entry("port") {
            return Ok(());
        }
        let reason = match self.port_file(&service.name) {
            Some(Ok(_)) => return Ok(()),
            Some(Err(reason)) => reason,
            None => "it is a link that leads nowhere".to_owned(),
        };
        Err(Refusal::new("OSError", format!("its file `port` cannot be read: {reason}"))
            .why("nobody knows whether the service has a port of its own")
            .help("put a regular, readable file there, or delete the entry"))
    }

    fn port_file(&self, service: &str) -> Option<Result<Vec<u8>, String>> {
        let read = self.tree.disk.read(&ServiceName::new(service.to_owned().into()), "port")?;
        Some(read.map_err(|reason| reason.to_string()))
    }
}
