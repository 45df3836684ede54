//! A tree with some of its files changed, so that what an edit would bring about can be checked
//! before anything is written.

use std::collections::BTreeMap;

use super::{EntryKind, FileId, Link, RawEntry, RawService, ServiceName, TreeSource, Unread, Wanted};

/// A tree with some of its files changed, added or gone.
#[derive(Clone)]
pub struct Overlay<'s> {
    base: &'s dyn TreeSource,
    /// By what the files really are, links followed; `None` for one that is gone.
    files: BTreeMap<FileId, Option<Vec<u8>>>,
    /// Services whose directory is a link to that of another service.
    linked: BTreeMap<String, String>,
}

impl<'s> Overlay<'s> {
    /// `base` as it is.
    pub fn new(base: &'s dyn TreeSource) -> Self {
        let real = base.service_names().iter().map(|name| (name.text.clone(), base.real_service(name)));
        let linked = real.filter(|(name, real)| name != real).collect();
        Self { base, files: BTreeMap::new(), linked }
    }

    /// Changes or adds a file.
    pub fn set(&mut self, id: FileId, bytes: Vec<u8>) {
        self.files.insert(id, Some(bytes));
    }

    /// Takes a file away.
    pub fn remove(&mut self, id: FileId) {
        self.files.insert(id, None);
    }

    /// The bytes of a file, by what it really is.
    pub fn bytes(&self, id: &FileId) -> Option<Vec<u8>> {
        match self.files.get(id) {
            Some(changed) => changed.clone(),
            None => self.base.read(self.service(&id.service)?, &id.file)?.ok(),
        }
    }

    /// The service of that printable name.
    pub fn service(&self, name: &str) -> Option<&'s ServiceName> {
        let names = self.base.service_names();
        let index = names.binary_search_by(|service| service.text.as_str().cmp(name)).ok()?;
        names.get(index)
    }

    fn real_name<'a>(&'a self, name: &'a str) -> &'a str {
        self.linked.get(name).map_or(name, String::as_str)
    }
}

impl TreeSource for Overlay<'_> {
    fn service_names(&self) -> &[ServiceName] {
        self.base.service_names()
    }

    fn stray_files(&self) -> &[String] {
        self.base.stray_files()
    }

    fn load(&self, name: &ServiceName, wanted: &Wanted) -> RawService {
        let mut service = self.base.load(name, wanted);
        if self.files.is_empty() {
            return service;
        }
        let real = self.real_name(&name.text);
        let first = FileId { service: real.to_owned(), file: String::new() };
        let mut own = self.files.range(first..).take_while(|(id, _)| id.service == real).peekable();
        let is_changed = own.peek().is_some();
        service.entries.retain_mut(|entry| {
            let is_link = entry.kind == EntryKind::Link(Link::File);
            let id = match (is_link, is_changed) {
                (true, _) => self.base.real_file(name, &entry.name),
                (false, true) => Some(FileId { service: real.to_owned(), file: entry.name.clone() }),
                (false, false) => None,
            };
            match id.and_then(|id| self.files.get(&id)) {
                Some(Some(bytes)) if entry.content.is_some() => entry.content = Some(Ok(bytes.clone())),
                // A link to what is gone leads nowhere; only files themselves are taken away.
                Some(None) => return is_link,
                _ => {}
            }
            true
        });
        for (id, bytes) in own {
            if let Some(bytes) = bytes
                && !service.entries.iter().any(|entry| entry.name == id.file)
            {
                let is_wanted = super::service::is_yaml(&id.file) && wanted.includes(&id.file);
                let content = is_wanted.then(|| Ok(bytes.clone()));
                service.entries.push(RawEntry {
                    name: id.file.clone(),
                    kind: EntryKind::File,
                    inside: None,
                    unlisted: None,
                    content,
                });
            }
        }
        service
    }

    fn read(&self, name: &ServiceName, file: &str) -> Option<Result<Vec<u8>, Unread>> {
        let id = self.real_file(name, file);
        match id.and_then(|id| self.files.get(&id)) {
            Some(changed) => changed.clone().map(Ok),
            None => self.base.read(name, file),
        }
    }

    fn real_service(&self, name: &ServiceName) -> String {
        self.real_name(&name.text).to_owned()
    }

    fn real_file(&self, name: &ServiceName, file: &str) -> Option<FileId> {
        // What was added is not on the disk.
        let own = FileId { service: self.real_name(&name.text).to_owned(), file: file.to_owned() };
        if self.files.contains_key(&own) { Some(own) } else { self.base.real_file(name, file) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo::memory::MemoryTree;

    fn id(service: &str, file: &str) -> FileId {
        FileId { service: service.to_owned(), file: file.to_owned() }
    }

    #[test]
    fn changed_files_hide_those_of_the_tree() {
        let tree = MemoryTree::new([("web/a.yaml", "1"), ("web/b.yaml", "2"), ("other/a.yaml", "3")]);
        let mut overlay = Overlay::new(&tree);
        overlay.set(id("web", "a.yaml"), b"changed".to_vec());
        overlay.remove(id("web", "b.yaml"));
        overlay.set(id("web", "c.yaml"), b"new".to_vec());
        let shown = |name: &str| {
            let service = overlay.service(name).unwrap();
            let entries = overlay.load(service, &Wanted::Everything).entries;
            let text = |entry: RawEntry| {
                let content = entry.content.and_then(Result::ok).unwrap_or_default();
                format!("{}={}", entry.name, String::from_utf8_lossy(&content))
            };
            entries.into_iter().map(text).collect::<Vec<_>>()
        };
        assert_eq!(shown("web"), ["a.yaml=changed", "c.yaml=new"]);
        assert_eq!(shown("other"), ["a.yaml=3"]);
        let web = overlay.service("web").unwrap();
        assert_eq!(overlay.read(web, "a.yaml"), Some(Ok(b"changed".to_vec())));
        assert_eq!(overlay.read(web, "b.yaml"), None);
        assert_eq!(overlay.bytes(&id("other", "a.yaml")), Some(b"3".to_vec()));
    }
}
