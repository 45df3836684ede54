//! The tree: which services there are, what their directories hold, what the files say.
//!
//! ```text
//! disk or memory ──TreeSource──▶ RawService (bytes) ──parse──▶ Service (documents) ──facts──▶ ServiceFacts
//! ```
//!
//! Only [`disk`] and [`git`] do I/O. A [`Service`] lives while its own rules run; what rules of the whole
//! tree need of it is kept as [`ServiceFacts`], a few hundred bytes.

pub mod disk;
mod facts;
pub mod git;
pub mod memory;
pub mod overlay;
mod paths;
pub(crate) mod root;
mod service;
mod unread;

use std::collections::{BTreeMap, BTreeSet};

pub use facts::{
    Dependency, Job, NamespaceFact, Parent, PortFact, ProxiedThrough, Registration, Scheduled, ServiceFacts,
};
pub use service::{Content, DirEntry, Document, EntryKind, Link, RawEntry, RawService, Service};
pub(crate) use service::{REPLACEABLE, is_configuration, is_yaml};
pub(crate) use unread::Holder;
pub use unread::Unread;

/// Facts of unselected services that a rule of the whole tree needs.
///
/// The names of all services are always known. When only some services are selected, only the
/// files behind these facts are read in the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Namespaces and ports: smartstack.yaml of every service.
    pub namespaces: bool,
    /// Chronos jobs of the services that a selected service's jobs depend on, directly or not.
    pub parents: bool,
}

impl Needs {
    /// Names of services only.
    pub const NAMES: Needs = Needs { namespaces: false, parents: false };
    /// See [`Needs::namespaces`].
    pub const NAMESPACES: Needs = Needs { namespaces: true, parents: false };
    /// See [`Needs::parents`].
    pub const PARENTS: Needs = Needs { namespaces: false, parents: true };

    /// What either needs.
    #[must_use]
    pub const fn or(self, other: Needs) -> Needs {
        Needs { namespaces: self.namespaces || other.namespaces, parents: self.parents || other.parents }
    }
}

/// Which files of a service to load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Every YAML file of the directory.
    Everything,
    /// Only smartstack.yaml, and only if the rest is not needed.
    Smartstack,
    /// All that namespaces depend on: a key `smartstack` in service.yaml replaces smartstack.yaml
    /// (paasta-behaviour.md section 2).
    Namespaces,
    /// Only the chronos files.
    Chronos,
    /// No file: only the listing.
    Nothing,
}

impl Wanted {
    /// The name of the file, if there is only one.
    pub fn only_file(&self) -> Option<&'static str> {
        matches!(self, Wanted::Smartstack).then_some("smartstack.yaml")
    }

    /// Whether a file of that name is among them.
    pub fn includes(&self, name: &str) -> bool {
        match self {
            Wanted::Everything => true,
            Wanted::Namespaces => matches!(name, "smartstack.yaml" | "service.yaml"),
            Wanted::Smartstack => name == "smartstack.yaml",
            Wanted::Chronos => name.starts_with("chronos-"),
            Wanted::Nothing => false,
        }
    }
}

/// Where services come from: a directory on disk, or a set of files in memory.
pub trait TreeSource: Sync {
    /// Names of the service directories, sorted; those that cannot be read are among them.
    fn service_names(&self) -> &[ServiceName];

    /// Printable names of the files in the root itself that have the name of a service's file, sorted:
    /// nothing reads them there.
    fn stray_files(&self) -> &[String] {
        &[]
    }

    /// The directory listing of a service with the bytes of the wanted files.
    fn load(&self, name: &ServiceName, wanted: &Wanted) -> RawService;

    /// The bytes of another file of a service, or why they cannot be had; `None` if the directory
    /// has no such entry.
    fn read(&self, name: &ServiceName, file: &str) -> Option<Result<Vec<u8>, Unread>>;

    /// The service directory that this one is: another one's name where it is a link.
    fn real_service(&self, name: &ServiceName) -> String {
        name.text.clone()
    }

    /// The file that this one is: another one where it is a link, `None` if that is no file of a
    /// service.
    fn real_file(&self, name: &ServiceName, file: &str) -> Option<FileId> {
        Some(FileId { service: name.text.clone(), file: file.to_owned() })
    }
}

/// How a tree differs from the one before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The services in which something differs, by links that lead elsewhere as well.
    pub touched: BTreeSet<String>,
    /// New paths of renamed files by their old ones, relative to the root of the tree.
    pub renames: BTreeMap<String, String>,
}

impl Change {
    /// Where that stands now what stood at `path`, if it was renamed. A service that is gone has the name of the
    /// one that all its renamed files went to; `is_service` tells which services there are now.
    pub fn renamed(&self, path: &str, is_service: impl Fn(&str) -> bool) -> Option<String> {
        if let Some(new) = self.renames.get(path) {
            return Some(new.clone());
        }
        let (service, rest) =
            path.split_once('/').map_or((path, None), |(service, rest)| (service, Some(rest)));
        if is_service(service) {
            return None;
        }
        let first = format!("{service}/");
        let own = self.renames.range(first.clone()..).take_while(|(old, _)| old.starts_with(&first));
        let mut services = own.filter_map(|(_, new)| Some(new.split_once('/')?.0));
        let new = services.next().filter(|new| services.all(|other| other == *new))?;
        Some(rest.map_or_else(|| new.to_owned(), |rest| format!("{new}/{rest}")))
    }
}

/// A file of a service.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId {
    /// Printable name of the directory.
    pub service: String,
    /// Printable name within it.
    pub file: String,
}

/// A service directory: its name as the file system has it and as people read it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServiceName {
    /// Printable; bytes that are no UTF-8 are escaped (`\xff`).
    pub text: String,
    /// The name itself.
    pub raw: std::ffi::OsString,
}

impl ServiceName {
    /// A name from the file system.
    pub fn new(raw: std::ffi::OsString) -> Self {
        Self { text: printable(&raw), raw }
    }
}

/// A file name as text: invalid UTF-8 becomes `\xHH`, everything else stays.
pub fn printable(name: &std::ffi::OsStr) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}
