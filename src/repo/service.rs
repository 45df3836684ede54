//! One service directory: its entries as found, its files as read.

use std::sync::{Arc, OnceLock};

use crate::diagnostic::{Place, Step};
use crate::model::kind::{FileKind, FileName, classify};
use crate::source::{SourceText, Span};
use crate::yaml::{self, Kind, Reader, Tree};

use super::Unread;
use super::paths::Paths;

/// What an entry of a service directory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link, by what it leads to.
    Link(Link),
    /// A socket, a device, a pipe: never opened.
    Other,
}

impl EntryKind {
    /// Whether it is a file that is read, directly or through a link.
    pub const fn is_file(self) -> bool {
        matches!(self, EntryKind::File | EntryKind::Link(Link::File))
    }

    /// Why it is not a file that can be opened; `None` if it is one.
    pub(crate) const fn unread(self) -> Option<Unread> {
        match self {
            EntryKind::File | EntryKind::Link(Link::File) => None,
            EntryKind::Directory | EntryKind::Link(Link::Directory) => Some(Unread::Directory),
            EntryKind::Link(Link::Dangling) => Some(Unread::Dangling),
            EntryKind::Link(Link::Escapes) => Some(Unread::LeavesTree),
            EntryKind::Link(Link::Unknown) => Some(Unread::LinkUnknown),
            EntryKind::Other => Some(Unread::Special),
        }
    }
}

/// What a symbolic link leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// A file within the tree.
    File,
    /// A directory.
    Directory,
    /// Nothing.
    Dangling,
    /// Something outside the tree: not followed (design.md section 13).
    Escapes,
    /// Something that the system does not let us find out.
    Unknown,
}

/// An entry with its bytes, as the source of the tree gives it.
#[derive(Debug)]
pub struct RawEntry {
    /// Printable name.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
    /// A directory's first file that has the name of a configuration file.
    pub inside: Option<String>,
    /// Why a directory could not be looked into.
    pub unlisted: Option<Unread>,
    /// Bytes, or why they cannot be had; `None` where the file was not wanted.
    pub content: Option<Result<Vec<u8>, Unread>>,
}

/// A directory with the bytes of its wanted files.
#[derive(Debug)]
pub struct RawService {
    /// Printable name.
    pub name: String,
    /// Entries in any order.
    pub entries: Vec<RawEntry>,
    /// Why the directory could not be listed: nothing is known of it then.
    pub error: Option<Unread>,
}

/// An entry of the directory listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirEntry {
    /// Printable name.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
    /// A directory's first file that has the name of a configuration file, which nothing reads there.
    pub inside: Option<String>,
    /// Why a directory could not be looked into.
    pub unlisted: Option<Unread>,
}

/// What a file says.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly every file parses")]
pub enum Content {
    /// It is YAML, and this is how PaaSTA reads it.
    Parsed(Tree),
    /// PaaSTA's reader refuses it.
    Refused(Box<yaml::Error>),
    /// It could not be read, and why.
    Unreadable(Unread),
}

/// One YAML file of a service.
#[derive(Debug)]
pub struct Document {
    /// Path relative to the root of the tree.
    pub file: Arc<str>,
    /// What PaaSTA takes it for; `None` for YAML that no component reads by that name.
    pub kind: Option<FileKind>,
    /// Cluster part of the name, if PaaSTA would see it as one (`[0-9a-z_-]*`).
    pub cluster: Option<String>,
    /// Whether it is reached through a symbolic link.
    pub is_link: bool,
    /// What it says.
    pub content: Content,
    /// Found when the first finding needs a path.
    paths: OnceLock<Paths>,
    /// Where the name starts in `file`: it is asked for again and again.
    name_start: usize,
}

impl Document {
    /// Reads a file as PaaSTA does; `file` is its path, `content` its bytes or why there are none.
    pub fn read(file: Arc<str>, content: Result<Vec<u8>, Unread>, reader: &Reader) -> Self {
        let content = match content {
            Ok(bytes) => match reader.read(bytes) {
                Ok(tree) => Content::Parsed(tree),
                Err(error) => Content::Refused(error),
            },
            Err(reason) => Content::Unreadable(reason),
        };
        Self::new(file, content)
    }

    /// A file that the reader refused.
    pub(crate) fn refused(file: Arc<str>, error: Box<yaml::Error>) -> Self {
        Self::new(file, Content::Refused(error))
    }

    fn new(file: Arc<str>, content: Content) -> Self {
        let name_start = file.rfind('/').map_or(0, |slash| slash + 1);
        let name = file.get(name_start..).unwrap_or_default();
        let (kind, cluster) = FileKind::from_file_name(name).unzip();
        let cluster = cluster.flatten().map(str::to_owned);
        Document { file, kind, cluster, is_link: false, content, paths: OnceLock::new(), name_start }
    }

    /// Name of the directory that the file is in.
    pub fn service(&self) -> Option<&str> {
        self.file.split_once('/').map(|(service, _)| service)
    }

    /// Kind of schema that `paasta validate` holds the file against: it looks at every file whose
    /// name starts with a kind, and not at links (paasta-behaviour.md section 13).
    pub fn validated_as(&self) -> Option<FileKind> {
        validated_as(self.name(), self.is_link)
    }

    /// Name within the directory.
    pub fn name(&self) -> &str {
        self.file.get(self.name_start..).unwrap_or_default()
    }

    /// The tree, if the file parsed.
    pub fn tree(&self) -> Option<&Tree> {
        match &self.content {
            Content::Parsed(tree) => Some(tree),
            Content::Refused(_) | Content::Unreadable(_) => None,
        }
    }

    /// Whether soalint knows what the file is for: PaaSTA 0.66 reads it by its name, or holds it against a schema. Files of
    /// other programs and later versions of PaaSTA (`eks-prod.yaml`, `tron-prod.yaml`) are only read as YAML.
    pub fn is_of_known_kind(&self) -> bool {
        self.kind.is_some() || self.validated_as().is_some()
    }

    /// Whether its bytes were read, whatever they say.
    pub fn is_read(&self) -> bool {
        !matches!(self.content, Content::Unreadable(_))
    }

    /// The text, as far as it could be read.
    pub fn source(&self) -> Option<&Arc<SourceText>> {
        match &self.content {
            Content::Parsed(tree) => Some(tree.source()),
            Content::Refused(error) => Some(&error.source),
            Content::Unreadable(_) => None,
        }
    }

    /// Whether every reader of its service reads it
    /// (`service_configuration_lib:read_service_configuration_from_dir`).
    pub fn is_shared(&self) -> bool {
        self.name() == "service.yaml" || REPLACEABLE.iter().any(|(_, file)| *file == self.name())
    }

    /// A place in this file.
    pub fn place(&self, span: Span) -> Place {
        match self.source() {
            Some(source) => Place::span(&self.file, source, span),
            None => Place::whole(Arc::clone(&self.file)),
        }
    }

    /// The whole file as a place.
    pub fn whole(&self) -> Place {
        Place::whole(Arc::clone(&self.file))
    }

    /// Keys and indexes that lead from the root to the text at `span`.
    pub fn path_to(&self, span: Span) -> Vec<Step> {
        match self.tree() {
            Some(tree) => self.paths.get_or_init(|| Paths::of(tree)).to(tree, span),
            None => Vec::new(),
        }
    }

    /// Whether the file holds instances by name at its top level.
    pub fn has_instances(&self) -> bool {
        self.kind.is_some_and(FileKind::has_instances)
    }
}

/// Files that service.yaml can replace by a key, with the key
/// (`service_configuration_lib:read_service_configuration_from_dir`).
pub(crate) const REPLACEABLE: [(&str, &str); 6] = [
    ("lb_extras", "lb.yaml"),
    ("monitoring", "monitoring.yaml"),
    ("deploy", "deploy.yaml"),
    ("data", "data.yaml"),
    ("smartstack", "smartstack.yaml"),
    ("dependencies", "dependencies.yaml"),
];

/// A service directory, read.
#[derive(Debug)]
pub struct Service {
    /// Name of the directory, printable.
    pub name: String,
    /// Everything in the directory, sorted by name.
    pub entries: Vec<DirEntry>,
    /// The YAML files, sorted by name.
    pub documents: Vec<Document>,
    /// Why the directory could not be listed: nothing is known of it then.
    pub error: Option<Unread>,
    /// Index of service.yaml among the documents, if it is a mapping: it is asked for again and again.
    defaults: Option<usize>,
    /// Indexes of the entries with another name than PaaSTA knows, or nearly such a name.
    oddly_named: Vec<usize>,
}

fn validated_as(name: &str, is_link: bool) -> Option<FileKind> {
    let mut kinds = FileKind::ALL.into_iter().filter(|kind| kind.has_instances());
    kinds.find(|kind| !is_link && name.starts_with(kind.name()))
}

impl RawEntry {
    /// As [`Document::is_of_known_kind`], of a file that may be one.
    pub(crate) fn is_of_known_kind(&self) -> bool {
        let is_link = matches!(self.kind, EntryKind::Link(_));
        FileKind::from_file_name(&self.name).is_some() || validated_as(&self.name, is_link).is_some()
    }
}

impl Service {
    /// Reads the wanted files of a directory as PaaSTA does.
    pub fn parse(raw: RawService, reader: &Reader) -> Self {
        let RawService { name, mut entries, error } = raw;
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        let mut documents = Vec::new();
        let mut listing = Vec::with_capacity(entries.len());
        for entry in entries {
            if is_yaml(&entry.name)
                && let Some(content) = entry.content
            {
                let file = Arc::from(format!("{name}/{}", entry.name));
                let mut document = Document::read(file, content, reader);
                document.is_link = matches!(entry.kind, EntryKind::Link(_));
                documents.push(document);
            }
            listing.push(DirEntry {
                name: entry.name,
                kind: entry.kind,
                inside: entry.inside,
                unlisted: entry.unlisted,
            });
        }
        let is_mapping = |document: &Document| document.tree().is_some_and(|t| t.root().kind() == Kind::Map);
        let defaults = documents
            .binary_search_by(|document| document.name().cmp("service.yaml"))
            .ok()
            .filter(|index| documents.get(*index).is_some_and(is_mapping));
        let is_odd =
            |entry: &DirEntry| !matches!(classify(&entry.name), FileName::Known { .. } | FileName::NotYaml);
        let oddly_named = (0..).zip(&listing).filter(|(_, entry)| is_odd(entry)).map(|(at, _)| at).collect();
        Self { name, entries: listing, documents, error, defaults, oddly_named }
    }

    /// Entries whose name ends like one of YAML and is not one that PaaSTA knows.
    pub fn oddly_named(&self) -> impl Iterator<Item = &DirEntry> {
        self.oddly_named.iter().filter_map(|at| self.entries.get(*at))
    }

    /// The document of that file name.
    pub fn document(&self, name: &str) -> Option<&Document> {
        let index = self.documents.binary_search_by(|document| document.name().cmp(name)).ok()?;
        self.documents.get(index)
    }

    /// The tree of that file name, if it is a mapping.
    pub fn mapping(&self, name: &str) -> Option<(&Document, yaml::Value<'_>)> {
        let document = self.document(name)?;
        let root = document.tree()?.root();
        (root.kind() == Kind::Map).then_some((document, root))
    }

    /// service.yaml, whose keys are defaults of every instance, if it is a mapping.
    pub fn defaults(&self) -> Option<(&Document, yaml::Value<'_>)> {
        let document = self.documents.get(self.defaults?)?;
        Some((document, document.tree()?.root()))
    }

    /// Whether the instances of every framework could be read, so that an absence is sure: every
    /// file parsed, every name is text, and no file is one of a framework that soalint does not know.
    pub fn knows_all_instances(&self) -> bool {
        self.error.is_none()
            && self.documents.iter().all(|document| match document.tree().map(Tree::root) {
                Some(root) if document.has_instances() => {
                    matches!(root.kind(), Kind::Map | Kind::Null)
                        && root.entries().all(|entry| entry.key.kind() == Kind::Str)
                }
                Some(_) => document.kind.is_some() || !may_hold_instances(document.name()),
                None => false,
            })
    }

    /// Whether nothing can be hidden in the files of these names: each is read, or is not there.
    pub fn knows(&self, files: &[&str]) -> bool {
        let is_known = |name: &&str| self.document(name).is_none_or(|document| document.tree().is_some());
        self.error.is_none() && files.iter().all(is_known)
    }

    /// Whether the directory has an entry of that name, of any kind.
    pub fn has_entry(&self, name: &str) -> bool {
        self.entries.binary_search_by(|entry| entry.name.as_str().cmp(name)).is_ok()
    }

    /// The directory as a place.
    pub fn place(&self) -> Place {
        Place::whole(self.name.as_str())
    }

    /// An entry of the directory as a place.
    pub fn entry_place(&self, name: &str) -> Place {
        Place::whole(format!("{}/{name}", self.name))
    }
}

/// Whether a file that PaaSTA 0.66 does not read by its name could be meant for instances: of
/// another framework (`kubernetes-norcal-prod.yaml`), or under a misspelt name.
fn may_hold_instances(name: &str) -> bool {
    match classify(name) {
        FileName::Unknown { near } => near.is_some_and(FileKind::has_instances) || name.contains('-'),
        _ => false,
    }
}

/// Whether PaaSTA would read a file of that name, if it stood in the directory of a service.
pub(crate) fn is_configuration(name: &str) -> bool {
    matches!(classify(name), FileName::Known { .. } | FileName::UpperCaseCluster { .. })
}

/// Whether PaaSTA looks at a file of that name at all.
pub(crate) fn is_yaml(name: &str) -> bool {
    name.strip_suffix(".yaml").is_some_and(|stem| !stem.is_empty() && !name.starts_with('.'))
}
