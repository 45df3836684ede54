//! What is wrong with deployments.json: generated, read by everything that deploys the service, and no YAML.

use crate::diagnostic::Finding;
use crate::effective::{Deployments, Forest, InstanceConfig, ServiceConfig, entries, is_fault};
use crate::findings::Findings;
use crate::model::kind::FileKind;
use crate::repo::{Document, Holder, Service, Unread};
use crate::rules::{Env, Sink, yaml};
use crate::text::printable;

const UNDEPLOYED: &str = "PaaSTA takes the images from it: without it no instance of the service is deployed";
const NOT_STARTED: &str = "local-run takes the images from it, and fails on it";
const WRITE_AGAIN: &str = "let generate_deployments_for_service write it again, or delete it";

/// Reports what PaaSTA fails on in deployments.json, for the instances that need it; `read` gets what it holds.
pub(crate) fn report(
    env: &Env,
    service: &Service,
    read: impl FnOnce() -> Option<Result<Vec<u8>, Unread>>,
    out: &mut Findings,
) {
    let Some(entry) = service.entries.iter().find(|entry| entry.name == Deployments::FILE_NAME) else {
        return;
    };
    let content = match entry.kind.unread() {
        Some(reason) => Err(reason),
        None => read().unwrap_or(Err(Unread::Dangling)),
    };
    let place = service.entry_place(Deployments::FILE_NAME);
    let bytes = match content {
        Ok(bytes) => bytes,
        Err(reason) => {
            let finding = yaml::unreadable_file::words(place, &reason, Holder::File).service(&service.name);
            let finding =
                if matches!(reason, Unread::LeavesTree) { finding } else { finding.why(UNDEPLOYED) };
            return Sink::new(env, &yaml::unreadable_file::RULE, out).report(finding);
        }
    };
    let has_instances = service.documents.iter().any(Document::has_instances);
    let deployments = if has_instances { Deployments::parse(&bytes) } else { return };
    let forest = Forest::new([service]);
    if !deployments.may_fail() {
        return;
    }
    // What else is wrong with the service has findings of its own.
    let Some(Ok(config)) = forest.config(&service.name) else { return };
    for document in &service.documents {
        let (Some(kind), Some(cluster)) = (document.kind, &document.cluster) else { continue };
        report_instances(env, (service, &config, document), (kind, cluster), &deployments, out);
    }
}

/// Reports what each instance of a file meets; findings of the same words become one.
fn report_instances(
    env: &Env,
    (service, config, document): (&Service, &ServiceConfig<'_>, &Document),
    (kind, cluster): (FileKind, &str),
    deployments: &Deployments,
    out: &mut Findings,
) {
    for written in entries(service, kind, cluster).flatten() {
        let own = config.value(written.entry.value, written.document);
        let Ok(instance) = InstanceConfig::new(config, kind, cluster, written.name, own) else { continue };
        let fault = match instance.deployed(deployments) {
            Ok(branch) => branch.fault(kind),
            Err(refusal) => Some(refusal).filter(is_fault),
        };
        let Some(fault) = fault else { continue };
        let place = service.entry_place(Deployments::FILE_NAME);
        let finding = Finding::new(place, printable(&fault.message))
            .related(document.place(written.entry.key.span()), "needed here")
            .why(if kind == FileKind::Adhoc { NOT_STARTED } else { UNDEPLOYED })
            .help(WRITE_AGAIN)
            .service(&service.name)
            .cluster(cluster)
            .instance(written.name);
        Sink::new(env, &yaml::unreadable_file::RULE, out).report(finding);
    }
}
