//! The tree as the next commit will have it: what is staged, whatever the working tree says.
//!
//! Only services in which the two differ are read from the index; the others are the same on disk,
//! where reading is cheaper.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;

use super::objects::{Mode, Objects, TreeEntry};
use super::{Error, Repository, bytes_of, os_string};
use crate::repo::disk::{DiskTree, read_limit};
use crate::repo::service::{is_configuration, is_yaml};
use crate::repo::{
    EntryKind, Link, RawEntry, RawService, ServiceName, TreeSource, Unread, Wanted, printable,
};

/// Names on one command line; beyond that the whole index is listed.
const MOST_ARGUMENTS: usize = 200;

/// A soa-configs tree in the index.
#[derive(Debug)]
pub struct StagedTree<'d> {
    disk: &'d DiskTree,
    objects: Objects,
    names: Vec<ServiceName>,
    /// The services that are not on disk as they are staged, with their entries.
    staged: BTreeMap<String, Vec<Staged>>,
}

/// An entry of a service.
#[derive(Debug)]
struct Staged {
    entry: TreeEntry,
    /// A directory's first file that has the name of a configuration file.
    inside: Option<String>,
}

impl<'d> StagedTree<'d> {
    /// The index of `repository`, where `disk` is its working tree.
    pub fn open(repository: &Repository, disk: &'d DiskTree) -> Result<Self, Error> {
        let differing = repository.unstaged()?;
        let mut staged = list(repository, &differing)?;
        let is_on_disk = |name: &&ServiceName| !differing.contains(&name.raw);
        let mut names: Vec<ServiceName> = disk.service_names().iter().filter(is_on_disk).cloned().collect();
        staged.retain(|name, _| !name.as_encoded_bytes().starts_with(b"."));
        names.extend(staged.keys().map(|name| ServiceName::new(name.clone())));
        names.sort();
        let staged = staged.into_iter().map(|(name, entries)| (printable(&name), entries)).collect();
        Ok(Self { disk, objects: Objects::of(repository)?, names, staged })
    }

    /// Why not everything could be read: what was read is then of no value.
    pub fn failure(&self) -> Option<Error> {
        self.objects.failure().map(Error::Failed)
    }

    fn blob(&self, entry: &TreeEntry) -> Result<Vec<u8>, Unread> {
        let object = self.objects.get(&entry.object, read_limit());
        object.map(|object| object.bytes).ok_or_else(|| Unread::MissingObject)
    }
}

/// What the index has of `services`.
fn list(
    repository: &Repository,
    services: &BTreeSet<OsString>,
) -> Result<BTreeMap<OsString, Vec<Staged>>, Error> {
    let mut listed = BTreeMap::new();
    if services.is_empty() {
        return Ok(listed);
    }
    let mut command = repository.command(&["ls-files", "-z", "--stage", "--"]);
    if services.len() <= MOST_ARGUMENTS {
        for service in services {
            command.arg(os_string([repository.prefix.as_slice(), &bytes_of(service)].concat()));
        }
    } else if !repository.prefix.is_empty() {
        command.arg(os_string(repository.prefix.clone()));
    }
    let output = command.output().map_err(Error::NoGit)?;
    if !output.status.success() {
        return Err(super::failure(&output));
    }
    for line in output.stdout.split(|byte| *byte == 0).filter(|line| !line.is_empty()) {
        let Some((service, staged)) = parse(line, &repository.prefix)? else { continue };
        if !services.contains(&service) {
            continue;
        }
        let entries: &mut Vec<Staged> = listed.entry(service).or_default();
        match entries.last_mut().filter(|last| last.entry.name == staged.entry.name) {
            // Files in a directory of a service make one entry of it.
            Some(last) => last.inside = last.inside.take().into_iter().chain(staged.inside).min(),
            None => entries.push(staged),
        }
    }
    Ok(listed)
}

/// Parses `mode object stage TAB path`.
fn parse(line: &[u8], prefix: &[u8]) -> Result<Option<(OsString, Staged)>, Error> {
    let Some(tab) = line.iter().position(|byte| *byte == b'\t') else { return Ok(None) };
    let mut words = line.get(..tab).unwrap_or_default().split(|byte| *byte == b' ');
    let (Some(mode), Some(object), Some(stage)) = (words.next(), words.next(), words.next()) else {
        return Ok(None);
    };
    if stage != b"0" {
        return Err(Error::Conflicts);
    }
    let Some(path) = line.get(tab + 1..).and_then(|path| path.strip_prefix(prefix)) else { return Ok(None) };
    let mut steps = path.splitn(3, |byte| *byte == b'/');
    let (Some(service), Some(name), below) = (steps.next(), steps.next(), steps.next()) else {
        return Ok(None);
    };
    let entry = TreeEntry {
        mode: if below.is_some() { Mode::Directory } else { Mode::parse(mode) },
        name: name.to_vec(),
        object: String::from_utf8_lossy(object).into_owned(),
    };
    let is_hidden = name.starts_with(b".");
    let inside = below.map(|below| printable(&os_string(below.to_vec())));
    let inside = inside.filter(|inside| !is_hidden && is_configuration(inside));
    Ok(Some((os_string(service.to_vec()), Staged { entry, inside })))
}

impl TreeSource for StagedTree<'_> {
    fn service_names(&self) -> &[ServiceName] {
        &self.names
    }

    fn load(&self, name: &ServiceName, wanted: &Wanted) -> RawService {
        let Some(entries) = self.staged.get(&name.text) else { return self.disk.load(name, wanted) };
        // Where a link leads to is not in the index but on disk.
        let has_links = entries.iter().any(|staged| staged.entry.mode == Mode::Link);
        let mut on_disk = if has_links { self.disk.load(name, wanted).entries } else { Vec::new() };
        let entries = entries.iter().map(|Staged { entry, inside }| {
            let file = printable(&os_string(entry.name.clone()));
            if entry.mode == Mode::Link
                && let Some(index) = on_disk.iter().position(|other| other.name == file)
            {
                return on_disk.swap_remove(index);
            }
            let is_wanted = is_yaml(&file) && wanted.includes(&file);
            let (kind, content): (_, Option<Result<Vec<u8>, Unread>>) = match entry.mode {
                Mode::File => (EntryKind::File, is_wanted.then(|| self.blob(entry))),
                Mode::Directory | Mode::Submodule => {
                    (EntryKind::Directory, is_wanted.then(|| Err(Unread::Directory)))
                }
                Mode::Link => (EntryKind::Link(Link::Dangling), is_wanted.then(|| Err(Unread::Dangling))),
            };
            RawEntry { name: file, kind, inside: inside.clone(), content }
        });
        RawService { name: name.text.clone(), entries: entries.collect(), error: None }
    }

    fn read(&self, name: &ServiceName, file: &str) -> Option<Result<Vec<u8>, Unread>> {
        let Some(entries) = self.staged.get(&name.text) else { return self.disk.read(name, file) };
        let mut entries = entries.iter().map(|staged| &staged.entry);
        let entry = entries.find(|entry| entry.name == file.as_bytes())?;
        match entry.mode {
            Mode::File => Some(self.blob(entry)),
            Mode::Link => self.disk.read(name, file),
            Mode::Directory | Mode::Submodule => Some(Err(Unread::Directory)),
        }
    }
}
