//! Check results of a service's valid instances.

use std::collections::BTreeSet;

use crate::check::{CheckedTree, PayloadKind};
use crate::effective::{Deployments, Forest};
use crate::emit::{Context, Form, Held, Payload, Subject, convert, settings};
use crate::model::kind::FileKind;
use crate::repo::Service;

use super::{State, event};

/// The results that would be sent for the Marathon instances and Chronos jobs of a service whose
/// names `wanted` accepts. A job that has the name of a Marathon instance is called
/// `service.job.chronos`.
pub fn compile(
    (checked, forest, service): (&CheckedTree, &Forest<'_>, &Service),
    context: &Context<'_>,
    deployments: &Deployments,
    state: &State,
    form: Form,
    wanted: &dyn Fn(&str) -> bool,
) -> (Vec<Payload<'static>>, Held) {
    let (mut payloads, mut held): (Vec<Payload<'static>>, Held) = Default::default();
    let mut names = BTreeSet::new();
    let Some(config) = forest.config(&service.name) else { return (payloads, held) };
    let expected = match &config {
        Ok(config) => settings::expected_instances(context, forest, config, deployments),
        Err(refusal) => Err(refusal.clone()),
    };
    for kind in [FileKind::Marathon, FileKind::Chronos] {
        for instance in checked.instances(service, kind, PayloadKind::Sensu, context.cluster) {
            let instance = match instance {
                Ok(instance) if wanted(instance.name()) => instance,
                Err(refused) if wanted(&refused.name) => {
                    held.add(&refused);
                    continue;
                }
                Ok(_) | Err(_) => continue,
            };
            let sent = match &config {
                Ok(config) => Subject::new(context, forest, config, deployments, &instance)
                    .and_then(|subject| event(&subject, &expected, state))
                    .and_then(|event| {
                        let sent = |event: super::Event<'_>| match form {
                            Form::Target => event.payload.map(|payload| convert::owned(&payload)),
                            Form::Paasta => Ok(convert::owned(&event.arguments)),
                        };
                        event.map(sent).transpose()
                    }),
                Err(refusal) => Err(refusal.clone()),
            };
            match sent {
                Ok(Some(value)) => {
                    let mut name = format!("{}.{}", service.name, instance.name());
                    if !names.insert(name.clone()) {
                        name.push_str(".chronos");
                    }
                    let service = service.name.clone();
                    payloads.push(Payload { service, name, value, is_placeholder: false });
                }
                Ok(None) => {}
                Err(refusal) => held.refuse(forest, &instance, &refusal),
            }
        }
    }
    (payloads, held)
}
