//! What could not be read of a service that was checked. What stands there is unknown: whoever asks for all
//! instances of a cluster, or for one that may be among them, must be told.

use crate::diagnostic::Diagnostic;
use crate::model::kind::FileKind;
use crate::repo::{Document, Service};
use crate::yaml::Kind;

use super::namespaces::{self, Written};
use super::valid::{CheckedTree, PayloadKind, file_name, is_about_smartstack_key};

/// What of a service holds what nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A directory: any file.
    Everything,
    /// A file of a framework: its instances.
    Instances,
    /// A file that SmartStack's namespaces come from.
    Namespaces,
}

/// A directory or file of a service of which nothing can be given.
#[derive(Clone, Debug)]
pub struct Unread<'a> {
    /// Its service.
    pub service: &'a Service,
    /// Name of the file in the directory; `None` is the directory itself.
    pub file: Option<String>,
    /// What it would have held.
    pub holds: Holds,
    /// The errors that say why.
    pub reasons: Vec<&'a Diagnostic>,
}

impl Unread<'_> {
    /// The directory or file, relative to the root of the tree.
    pub fn path(&self) -> String {
        match &self.file {
            Some(file) => format!("{}/{file}", self.service.name),
            None => self.service.name.clone(),
        }
    }
}

impl PayloadKind {
    /// The files whose instances have a payload of this kind of their own.
    pub const fn instance_files(self) -> &'static [FileKind] {
        match self {
            PayloadKind::Marathon | PayloadKind::Nerve => &[FileKind::Marathon],
            PayloadKind::Chronos => &[FileKind::Chronos],
            PayloadKind::Adhoc => &[FileKind::Adhoc],
            PayloadKind::Sensu => &[FileKind::Marathon, FileKind::Chronos],
            PayloadKind::Synapse | PayloadKind::Haproxy | PayloadKind::Jenkins => &[],
        }
    }
}

impl CheckedTree {
    /// What of a service could not be read, so that payloads of `kind` in that cluster may be missing whose
    /// names nobody knows. Kinds that are the same for all clusters take any.
    pub fn unread<'a>(
        &'a self,
        service: &'a Service,
        kind: PayloadKind,
        cluster: Option<&str>,
    ) -> Vec<Unread<'a>> {
        if service.error.is_some() {
            return vec![self.unread_at(service, None, Holds::Everything, kind)];
        }
        if matches!(kind, PayloadKind::Synapse | PayloadKind::Haproxy) {
            return self.unread_namespaces(service, kind).into_iter().collect();
        }
        let files = kind.instance_files().iter();
        files.filter_map(|file| self.unread_instances(service, *file, kind, cluster.unwrap_or(""))).collect()
    }

    /// The file of a framework in a cluster, if its instances are not known.
    pub fn unread_instances<'a>(
        &'a self,
        service: &'a Service,
        file_kind: FileKind,
        kind: PayloadKind,
        cluster: &str,
    ) -> Option<Unread<'a>> {
        let file = format!("{}-{cluster}.yaml", file_kind.name());
        let document = service.document(&file).filter(|document| !is_readable(document))?;
        Some(self.unread_at(service, Some(document.name().to_owned()), Holds::Instances, kind))
    }

    /// All files of frameworks, of whatever cluster, whose instances are not known.
    pub fn unread_files<'a>(&'a self, service: &'a Service, kind: PayloadKind) -> Vec<Unread<'a>> {
        let holds = |document: &&Document| document.has_instances() && !is_readable(document);
        let at = |document: &Document| {
            self.unread_at(service, Some(document.name().to_owned()), Holds::Instances, kind)
        };
        service.documents.iter().filter(holds).map(at).collect()
    }

    /// The file that keeps the namespaces of a service from being known, if there is one.
    fn unread_namespaces<'a>(&'a self, service: &'a Service, kind: PayloadKind) -> Option<Unread<'a>> {
        match namespaces::written(service) {
            Written::Unknown(file) => {
                Some(self.unread_at(service, Some(file.name().to_owned()), Holds::Namespaces, kind))
            }
            Written::Nowhere | Written::In { .. } => None,
        }
    }

    fn unread_at<'a>(
        &'a self,
        service: &'a Service,
        file: Option<String>,
        holds: Holds,
        kind: PayloadKind,
    ) -> Unread<'a> {
        let at = file.as_deref().unwrap_or("");
        // What stands in place of the namespaces is said of the instances that have to read them.
        let is_in_their_place =
            |error: &Diagnostic| holds == Holds::Namespaces && is_about_smartstack_key(error);
        let is_whole = |error: &&Diagnostic| {
            kind.is_blocked_by(error.rule.blocks)
                && file_name(error) == at
                && (error.subject.instance.is_none() && error.also.is_empty() || is_in_their_place(error))
        };
        let reasons = self.errors_of(service).filter(is_whole).collect();
        Unread { service, file, holds, reasons }
    }
}

/// Whether what a file holds by name is known: PaaSTA takes nothing for an empty mapping.
fn is_readable(document: &Document) -> bool {
    document.tree().is_some_and(|tree| matches!(tree.root().kind(), Kind::Map | Kind::Null))
}
