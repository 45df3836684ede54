//! A tree in memory: for tests, the examples of the rules, and editors.

use std::collections::BTreeMap;
use std::ffi::OsString;

use super::{EntryKind, RawEntry, RawService, ServiceName, TreeSource, Unread, Wanted};

/// Files by path (`service/file.yaml`).
#[derive(Debug, Default)]
pub struct MemoryTree {
    names: Vec<ServiceName>,
    files: BTreeMap<String, BTreeMap<String, Vec<u8>>>,
    stray_files: Vec<String>,
}

impl MemoryTree {
    /// A tree of the given files; paths are `service/name`, or `/name` for what stands in the root.
    pub fn new<P: AsRef<str>, B: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, B)>) -> Self {
        let mut tree = MemoryTree::default();
        for (path, bytes) in files {
            let Some((service, name)) = path.as_ref().split_once('/') else { continue };
            if !service.is_empty() {
                tree.files.entry(service.to_owned()).or_default().insert(name.to_owned(), bytes.into());
            } else if super::is_configuration(name) {
                tree.stray_files.push(name.to_owned());
            }
        }
        tree.names = tree.files.keys().map(|name| ServiceName::new(OsString::from(name))).collect();
        tree
    }
}

impl TreeSource for MemoryTree {
    fn service_names(&self) -> &[ServiceName] {
        &self.names
    }

    fn stray_files(&self) -> &[String] {
        &self.stray_files
    }

    fn load(&self, name: &ServiceName, wanted: &Wanted) -> RawService {
        let mut entries: Vec<RawEntry> = Vec::new();
        for (file, bytes) in self.files.get(&name.text).into_iter().flatten() {
            let Some((directory, inside)) = file.split_once('/') else {
                let content = wanted.includes(file).then(|| Ok(bytes.clone()));
                entries.push(RawEntry {
                    name: file.clone(),
                    kind: EntryKind::File,
                    inside: None,
                    unlisted: None,
                    content,
                });
                continue;
            };
            // The files of a directory follow each other.
            if entries.last().is_none_or(|last| last.name != directory) {
                let name = directory.to_owned();
                entries.push(RawEntry {
                    name,
                    kind: EntryKind::Directory,
                    inside: None,
                    unlisted: None,
                    content: None,
                });
            }
            if let Some(last) = entries.last_mut().filter(|last| last.inside.is_none()) {
                last.inside = super::service::is_configuration(inside).then(|| inside.to_owned());
            }
        }
        RawService { name: name.text.clone(), entries, error: None }
    }

    fn read(&self, name: &ServiceName, file: &str) -> Option<Result<Vec<u8>, Unread>> {
        self.files.get(&name.text)?.get(file).cloned().map(Ok)
    }
}
