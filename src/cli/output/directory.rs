//! A directory of payloads, one file each, and the list of what soalint wrote into it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};

use crate::emit::Omission;
use crate::report::escape::inert;
use crate::text::printable;
use crate::write::{self, Bounds};

use super::super::Error;
use super::super::args::JsonOrYaml;
use super::manifest::{self, Entry, Manifest, NotWritten, Written};
use super::{Part, Shape, Text};

/// The list of a big tree has some megabytes; a file that could be a payload has to fit as well.
const MOST_BYTES: u64 = 64 << 20;

/// A directory that payloads are written into.
pub(in crate::cli) struct Directory {
    place: Place,
    shape: Shape,
    /// What earlier runs wrote, without the part that is being written.
    manifest: Manifest,
    current: Option<Current>,
    /// The clusters that this run is about.
    begun: Vec<Option<String>>,
    /// How many files could not be written.
    failures: usize,
}

/// How many files are named at most that could not be written: a full disk refuses them all.
const MOST_FAILURES: usize = 20;

/// Bytes of payloads that wait until the list is written: often enough to bound the memory, and seldom enough
/// for a list of some megabytes.
const MOST_WAITING: usize = 8 << 20;

/// The part that is being written.
struct Current {
    /// What an earlier run wrote of it.
    before: Written,
    /// What this run writes.
    now: Written,
    /// The directory below, if each cluster has one.
    below: Option<String>,
    /// Files that are not written yet, with their payloads.
    waiting: Vec<(String, Text)>,
    waiting_bytes: usize,
    /// Payloads that could not be written.
    failed: BTreeSet<String>,
}

/// Whose file on the list it is.
#[derive(Clone, Copy)]
enum Owner {
    /// The part that is being written.
    Current,
    /// Another part, by its place in the list.
    Other(usize),
}

impl Directory {
    pub(super) fn open(path: &Path, bounds: &Bounds, shape: Shape) -> Result<Self, Error> {
        let top = write::Directory::make(path, bounds).map_err(|error| unusable(path, &error))?;
        let place = Place { path: path.to_path_buf(), top, below: BTreeMap::new() };
        let manifest = place.manifest()?;
        Ok(Self { place, shape, manifest, current: None, begun: Vec::new(), failures: 0 })
    }

    pub(super) const fn format(&self) -> JsonOrYaml {
        self.shape.format
    }

    pub(super) fn begin(&mut self, part: &Part<'_>) -> Result<(), Error> {
        let below = part.cluster.filter(|_| self.shape.is_several).map(manifest::safe_name);
        if let Some(name) = &below {
            self.place.make_below(name)?;
        }
        self.begun.push(part.cluster.map(str::to_owned));
        self.take(part, below);
        Ok(())
    }

    /// Takes out of the list what an earlier run wrote of a part.
    fn take(&mut self, part: &Part<'_>, below: Option<String>) {
        let at = self.manifest.parts.iter().position(|known| known.is_of(part));
        let before = at.map_or_else(|| Written::of(part), |at| self.manifest.parts.remove(at));
        self.current = Some(Current {
            before,
            now: Written::of(part),
            below,
            waiting: Vec::new(),
            waiting_bytes: 0,
            failed: BTreeSet::new(),
        });
    }

    /// Takes a payload; it is written together with others, by the end of the part.
    pub(super) fn write(&mut self, text: Text) {
        let Some(current) = &mut self.current else { return };
        let extension = text.extension.unwrap_or(match self.shape.format {
            JsonOrYaml::Json => "json",
            JsonOrYaml::Yaml => "yaml",
        });
        let file = manifest::relative(current.below.as_deref(), &text.name, extension);
        current.waiting_bytes += text.body.len();
        current.waiting.push((file, text));
        if current.waiting_bytes >= MOST_WAITING {
            self.flush();
        }
    }

    /// Writes the payloads that wait. Their names are put on the list before, so that a run that is stopped
    /// halfway leaves no file that later runs take for somebody's. What cannot be written is said, and the
    /// rest goes on.
    fn flush(&mut self) {
        let Some(mut current) = self.current.take() else { return };
        current.waiting_bytes = 0;
        let waiting = std::mem::take(&mut current.waiting);
        let owners = self.owners(&current);
        let mut free: Vec<(Entry, String, Option<Owner>)> = Vec::with_capacity(waiting.len());
        for (file, text) in waiting {
            let owner = owners.get(&file).copied();
            let entry = Entry { file, payload: text.name, service: text.service };
            match self.check_free(&entry.file, &text.body, owner) {
                Ok(()) => free.push((entry, text.body, owner)),
                Err(reason) => self.fail(&mut current, entry, &reason),
            }
        }
        let announced = self.announce(&current, &free);
        for (entry, body, owner) in free {
            let written = match &announced {
                Err(error) if owner.is_none() => Err(format!("`{}`: {error}", manifest::FILE_NAME)),
                _ => self.place.write(&entry.file, body.as_bytes()).map_err(|error| error.to_string()),
            };
            match written {
                Ok(()) => {
                    if let Some(Owner::Other(at)) = owner {
                        self.take_over(at, &entry.file);
                    }
                    current.now.files.push(entry);
                }
                Err(reason) => self.fail(&mut current, entry, &reason),
            }
        }
        self.current = Some(current);
    }

    /// The files that are on the list.
    fn owners(&self, current: &Current) -> HashMap<String, Owner> {
        let own = current.before.files.iter().map(|entry| (entry.file.clone(), Owner::Current));
        let parts = self.manifest.parts.iter().enumerate();
        let others = parts.flat_map(|(at, part)| {
            part.files.iter().map(move |entry| (entry.file.clone(), Owner::Other(at)))
        });
        own.chain(others).collect()
    }

    /// Refuses to write over what soalint did not write.
    fn check_free(&mut self, file: &str, body: &str, owner: Option<Owner>) -> Result<(), String> {
        match self.place.read(file) {
            Ok(None) => Ok(()),
            // Whatever has come in its place: a link is replaced, not followed.
            _ if owner.is_some() => Ok(()),
            // What says the same may as well be taken for our own.
            Ok(Some(there)) if there == body.as_bytes() => Ok(()),
            Ok(Some(_)) => Err("it is not a file that soalint wrote".to_owned()),
            Err(reason) => Err(reason.to_string()),
        }
    }

    /// Puts the names of files that are not on the list yet there, beside those of earlier runs.
    fn announce(&mut self, current: &Current, free: &[(Entry, String, Option<Owner>)]) -> io::Result<()> {
        let mut new = free.iter().filter(|(_, _, owner)| owner.is_none()).map(|(entry, ..)| entry).peekable();
        if new.peek().is_none() {
            return Ok(());
        }
        let mut intended = current.before.clone();
        intended.files.extend(current.now.files.iter().chain(new).cloned());
        intended.files.sort();
        intended.files.dedup_by(|a, b| a.file == b.file);
        self.manifest.parts.push(intended);
        let written = self.place.write(manifest::FILE_NAME, self.manifest.text().as_bytes());
        self.manifest.parts.pop();
        written
    }

    /// A file that another part had is of this one now.
    fn take_over(&mut self, at: usize, file: &str) {
        let Some(owner) = self.manifest.parts.get_mut(at) else { return };
        owner.files.retain(|entry| entry.file != file);
        let cluster = owner.cluster.as_ref().map(|name| format!(" for {name}")).unwrap_or_default();
        let was = printable(&format!("{} in form {}{cluster}", owner.kind, owner.form));
        say!("replaced: {} (it was of {})", self.place.shown(file), inert(&was));
    }

    fn fail(&mut self, current: &mut Current, entry: Entry, reason: &str) {
        self.failures += 1;
        if self.failures <= MOST_FAILURES {
            say!("not written: {}: {}", self.place.shown(&entry.file), inert(&printable(reason)));
        }
        current.failed.insert(entry.payload);
    }

    pub(super) fn end(
        &mut self,
        withheld: &[Omission],
        covers: &dyn Fn(&Entry) -> bool,
    ) -> Result<(), Error> {
        self.flush();
        let Some(Current { before, mut now, failed, .. }) = self.current.take() else { return Ok(()) };
        now.files.sort();
        let mut kept = Vec::new();
        for entry in before.files {
            if now.files.binary_search_by(|new| new.file.cmp(&entry.file)).is_ok() {
                continue;
            }
            // The file of before is still right for a payload that could only not be written.
            if covers(&entry) && !failed.contains(&entry.payload) {
                self.remove(&entry)?;
            } else {
                kept.push(entry);
            }
        }
        now.files.append(&mut kept);
        now.files.sort();
        let is_about = |old: &NotWritten| {
            let (payload, service) = (old.name.clone(), Some(old.service.clone()));
            covers(&Entry { file: String::new(), payload, service })
        };
        now.withheld.extend(before.withheld.into_iter().filter(|old| !is_about(old)));
        now.withheld.extend(withheld.iter().map(NotWritten::of));
        now.withheld.sort();
        now.withheld.dedup();
        self.manifest.parts.push(now);
        Ok(())
    }

    pub(super) fn finish(
        mut self,
        part: &Part<'_>,
        is_all: bool,
        lost: &[Omission],
        covers: &dyn Fn(&Entry) -> bool,
    ) -> Result<bool, Error> {
        if is_all {
            // Clusters that the tree does not have any more, or only where nobody can read.
            let is_gone = |known: &&Written| known.is_like(part) && !self.begun.contains(&known.cluster);
            let gone: Vec<Option<String>> =
                self.manifest.parts.iter().filter(is_gone).map(|known| known.cluster.clone()).collect();
            for cluster in &gone {
                self.take(&Part { cluster: cluster.as_deref(), ..*part }, None);
                let has = |lost: &&Omission| {
                    self.current.as_ref().is_some_and(|current| current.before.names(&lost.service))
                };
                let withheld: Vec<Omission> = lost.iter().filter(has).cloned().collect();
                self.end(&withheld, covers)?;
            }
        }
        self.manifest.parts.retain(|part| !part.files.is_empty() || !part.withheld.is_empty());
        self.manifest.parts.sort();
        self.place.write(manifest::FILE_NAME, self.manifest.text().as_bytes())?;
        if let Some(more @ 1..) = self.failures.checked_sub(MOST_FAILURES) {
            say!("... and {more} more are not written");
        }
        Ok(self.failures == 0)
    }

    /// Removes a file of an earlier run, and says so: whoever deploys what lies in the directory must not
    /// deploy it. What is not a file any more is not of an earlier run.
    fn remove(&mut self, entry: &Entry) -> Result<(), Error> {
        let shown = self.place.shown(&entry.file);
        match self.place.remove(&entry.file) {
            Ok(true) => say!("removed: {shown} (of an earlier run)"),
            Ok(false) => {}
            Err(error) => {
                let message = format!("cannot remove `{shown}`, which is of an earlier run: {error}");
                return Err(Error::usage(message, ""));
            }
        }
        Ok(())
    }
}

/// The directory, and those of clusters in it. No link is followed in it.
struct Place {
    /// As the user names it.
    path: PathBuf,
    top: write::Directory,
    /// Directories of clusters that are open.
    below: BTreeMap<String, write::Directory>,
}

impl Place {
    fn make_below(&mut self, name: &str) -> Result<(), Error> {
        let made = self.top.subdirectory(name).map_err(|error| unusable(&self.path.join(name), &error))?;
        self.below.insert(name.to_owned(), made);
        Ok(())
    }

    /// The directory that an entry lies in, if it is there, and its name in it.
    fn find<'a>(&'a mut self, file: &'a str) -> io::Result<Option<(&'a write::Directory, &'a str)>> {
        let Some((below, name)) = file.split_once('/') else { return Ok(Some((&self.top, file))) };
        if !self.below.contains_key(below)
            && let Some(there) = self.top.existing_directory(below)?
        {
            self.below.insert(below.to_owned(), there);
        }
        Ok(self.below.get(below).map(|directory| (directory, name)))
    }

    fn read(&mut self, file: &str) -> io::Result<Option<Vec<u8>>> {
        match self.find(file)? {
            Some((directory, name)) => directory.read(name, MOST_BYTES),
            None => Ok(None),
        }
    }

    fn write(&mut self, file: &str, bytes: &[u8]) -> io::Result<()> {
        match self.find(file)? {
            Some((directory, name)) => directory.write(name, bytes),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// Removes a file; says whether there was one.
    fn remove(&mut self, file: &str) -> io::Result<bool> {
        match self.find(file) {
            Ok(Some((directory, name))) => directory.remove(name),
            Ok(None) => Ok(false),
            // The cluster's directory has become a link or a file of somebody's.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn manifest(&self) -> Result<Manifest, Error> {
        let wrong = |reason: &str| {
            let path = self.path.join(manifest::FILE_NAME);
            Error::usage(
                format!("`{}` is not a list that soalint wrote: {reason}", path.to_string_lossy()),
                "nothing was written or removed; if nobody needs the list, remove it",
            )
        };
        match self.top.read(manifest::FILE_NAME, MOST_BYTES) {
            Ok(None) => Ok(Manifest::default()),
            Ok(Some(bytes)) => Manifest::parse(&bytes).map_err(|reason| wrong(&reason)),
            Err(error) => Err(wrong(&error.to_string())),
        }
    }

    fn shown(&self, file: &str) -> String {
        inert(&printable(&self.path.join(file).to_string_lossy())).into_owned()
    }
}

fn unusable(path: &Path, reason: &io::Error) -> Error {
    Error::usage(format!("cannot use the directory `{}`: {reason}", path.to_string_lossy()), "")
}
