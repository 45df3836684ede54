//! A tree on disk: the only place that reads files of a tree.
//!
//! On Unix, directories are opened once and their files by name relative to them, which costs the
//! kernel about half the work of whole paths (docs/design.md section 12). Links are never followed
//! out of the tree, and nothing but regular files is opened. What cannot be read is never left out: it
//! is in the tree as [`Unread`], with the reason.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::yaml::Budget;

use super::{
    EntryKind, FileId, Link, RawEntry, RawService, ServiceName, TreeSource, Unread, Wanted, printable,
};

#[cfg_attr(not(unix), path = "disk/portable.rs")]
mod platform;
mod write;

/// A soa-configs tree on disk.
#[derive(Debug)]
pub struct DiskTree {
    /// The root with all links resolved: what lies below it is in the tree.
    real_root: PathBuf,
    services: Vec<ServiceName>,
    /// The services that are links: the directory below the root that each leads to, or why it is not read.
    links: BTreeMap<OsString, Result<PathBuf, Unread>>,
    stray_files: Vec<String>,
    handle: platform::Handle,
    /// Held by the one thread that reads after all handles of files were in use.
    turn: Mutex<()>,
    /// Whether not even one thread by itself got the handles that it needs.
    exhausted: AtomicBool,
}

/// No handle for a file is left: other threads of this process, or other processes, have them all.
struct NoHandles;

/// How long a thread waits for handles that other processes hold, in milliseconds, a try after each.
const WAITS: [u64; 5] = [0, 1, 10, 100, 500];

impl DiskTree {
    /// Lists the services of the tree at `root`: its directories, and links that PaaSTA would take for
    /// one, whose names do not start with a dot.
    ///
    /// # Errors
    /// The root cannot be listed.
    pub fn open(root: &Path) -> io::Result<Self> {
        let real_root = fs::canonicalize(root)?;
        let handle = platform::open_root(&real_root)?;
        let mut tree = Self {
            real_root,
            services: Vec::new(),
            links: BTreeMap::new(),
            stray_files: Vec::new(),
            handle,
            turn: Mutex::new(()),
            exhausted: AtomicBool::new(false),
        };
        for (name, kind) in platform::list(&tree.handle)? {
            tree.add(name, kind);
        }
        tree.services.sort();
        tree.stray_files.sort();
        Ok(tree)
    }

    /// Adds an entry of the root.
    fn add(&mut self, name: OsString, kind: RawKind) {
        if name.as_encoded_bytes().starts_with(b".") {
            return;
        }
        let text = printable(&name);
        let kind = match kind {
            RawKind::Link => {
                let kind = self.kind_of_link(Path::new(&name));
                let target = match kind {
                    EntryKind::Link(Link::Directory) => Some(self.below(Path::new(&name))),
                    EntryKind::Link(Link::Escapes) if self.leads_to_file(&name) => None,
                    // A service's name has no dot (rule service-name-chars): `README.md -> nowhere` is none.
                    _ if text.contains('.') => None,
                    _ => kind.unread().map(Err),
                };
                if let Some(target) = target {
                    self.links.insert(name.clone(), target);
                    self.services.push(ServiceName::new(name));
                    return;
                }
                kind
            }
            RawKind::Directory => {
                self.services.push(ServiceName::new(name));
                return;
            }
            RawKind::File => EntryKind::File,
            RawKind::Other => EntryKind::Other,
        };
        if kind != EntryKind::Other && super::is_configuration(&text) {
            self.stray_files.push(text);
        }
    }

    /// Whether a link in the root leads to a regular file, wherever that is.
    fn leads_to_file(&self, name: &OsStr) -> bool {
        fs::metadata(self.real_root.join(name)).is_ok_and(|target| target.is_file())
    }

    /// The root with all links resolved.
    pub fn root(&self) -> &Path {
        &self.real_root
    }

    /// Whether something was not read because the process may not open more files: what was found is then
    /// not all that there is.
    pub fn is_exhausted(&self) -> bool {
        self.exhausted.load(Ordering::Relaxed)
    }

    /// Reads with the handles that are left. A thread that gets none gives back what it holds and waits
    /// for its turn, so that one thread at least can go on; other processes get some time as well.
    fn patiently<T>(&self, read: impl Fn() -> Result<T, NoHandles>) -> Result<T, Unread> {
        if let Ok(done) = read() {
            return Ok(done);
        }
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        for wait in WAITS {
            if self.is_exhausted() {
                break;
            }
            thread::sleep(Duration::from_millis(wait));
            if let Ok(done) = read() {
                return Ok(done);
            }
        }
        self.exhausted.store(true, Ordering::Relaxed);
        Err(Unread::NoHandles)
    }

    /// What a link leads to; `path` is relative to the root.
    fn kind_of_link(&self, path: &Path) -> EntryKind {
        EntryKind::Link(match fs::canonicalize(self.real_root.join(path)) {
            Err(error) if is_unknown(&error) => Link::Unknown,
            Err(_) => Link::Dangling,
            Ok(target) if !target.starts_with(&self.real_root) => Link::Escapes,
            Ok(target) => match fs::metadata(&target) {
                Ok(found) if found.is_dir() => Link::Directory,
                Ok(_) => Link::File,
                Err(error) if is_unknown(&error) => Link::Unknown,
                Err(_) => Link::Dangling,
            },
        })
    }

    /// What `path` is once all links are resolved, relative to the root.
    fn below(&self, path: &Path) -> Result<PathBuf, Unread> {
        let real =
            fs::canonicalize(self.real_root.join(path)).map_err(|error| Unread::from_system(&error))?;
        real.strip_prefix(&self.real_root).map(Path::to_path_buf).map_err(|_| Unread::LeavesTree)
    }

    /// Opens the directory of a service, through the link that it may be, and through no other.
    fn open_service(&self, name: &ServiceName) -> Result<Result<platform::Handle, Unread>, NoHandles> {
        let opened = match self.links.get(&name.raw) {
            Some(Err(reason)) => return Ok(Err(reason.clone())),
            Some(Ok(real)) => platform::open_below(&self.handle, real),
            None => platform::open_directory(&self.handle, &name.raw),
        };
        ok_or_unread(opened)
    }

    /// Lists a service and reads the wanted files.
    fn try_load(&self, name: &ServiceName, wanted: &Wanted) -> Result<RawService, NoHandles> {
        let unread = |error| RawService { name: name.text.clone(), entries: Vec::new(), error: Some(error) };
        let directory = match self.open_service(name)? {
            Ok(directory) => directory,
            Err(reason) => return Ok(unread(reason)),
        };
        let listed = match ok_or_unread(platform::list(&directory))? {
            Ok(listed) => listed,
            Err(reason) => return Ok(unread(reason)),
        };
        let mut entries = Vec::with_capacity(listed.len());
        for (file, kind) in listed {
            entries.push(self.read_entry(&directory, name, &file, kind, wanted)?);
        }
        // Names can be listed in a directory that nothing can be reached through: that is one thing to say, not
        // one for each file.
        let is_refused = entries.iter().any(|entry| matches!(entry.content, Some(Err(Unread::System(_)))));
        if is_refused && let Err(error) = platform::kind_of(&directory, OsStr::new(".")) {
            return Ok(unread(Unread::from_system(&error)));
        }
        Ok(RawService { name: name.text.clone(), entries, error: None })
    }

    fn read_entry(
        &self,
        directory: &platform::Handle,
        service: &ServiceName,
        name: &OsStr,
        kind: RawKind,
        wanted: &Wanted,
    ) -> Result<RawEntry, NoHandles> {
        let text = printable(name);
        let kind = match kind {
            RawKind::File => EntryKind::File,
            RawKind::Directory => EntryKind::Directory,
            RawKind::Other => EntryKind::Other,
            RawKind::Link => self.kind_of_link(&Path::new(&service.raw).join(name)),
        };
        let is_wanted = super::is_yaml(&text) && wanted.includes(&text);
        let content = match (is_wanted, kind.unread()) {
            (false, _) => None,
            (true, Some(reason)) => Some(Err(reason)),
            (true, None) => Some(self.read_file(directory, service, name, kind)?),
        };
        let inside = if kind == EntryKind::Directory && *wanted == Wanted::Everything {
            first_configuration(directory, name)?
        } else {
            Ok(None)
        };
        let (inside, unlisted) = match inside {
            Ok(inside) => (inside, None),
            Err(reason) => (None, Some(reason)),
        };
        Ok(RawEntry { name: text, kind, inside, unlisted, content })
    }

    /// The bytes of a regular file, directly or through a link that stays in the tree.
    fn read_file(
        &self,
        directory: &platform::Handle,
        service: &ServiceName,
        name: &OsStr,
        kind: EntryKind,
    ) -> Result<Result<Vec<u8>, Unread>, NoHandles> {
        if kind == EntryKind::File {
            return ok_or_unread(platform::read(directory, name));
        }
        // The way without links, step by step: a link that is put there meanwhile is not followed.
        match self.below(&Path::new(&service.raw).join(name)) {
            Ok(real) => {
                let file = real.file_name().unwrap_or_default();
                let parent = real.parent().unwrap_or(Path::new(""));
                let bytes = platform::open_below(&self.handle, parent)
                    .and_then(|directory| platform::read(&directory, file));
                ok_or_unread(bytes)
            }
            Err(reason) => Ok(Err(reason)),
        }
    }

    fn try_read(&self, name: &ServiceName, file: &str) -> Result<Option<Result<Vec<u8>, Unread>>, NoHandles> {
        let directory = match self.open_service(name)? {
            Ok(directory) => directory,
            Err(reason) => return Ok(Some(Err(reason))),
        };
        let kind = match platform::kind_of(&directory, OsStr::new(file)) {
            Ok(RawKind::File) => EntryKind::File,
            Ok(RawKind::Directory) => EntryKind::Directory,
            Ok(RawKind::Other) => EntryKind::Other,
            Ok(RawKind::Link) => self.kind_of_link(&Path::new(&name.raw).join(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Ok(Some(Err(Unread::from_system(&error)))),
        };
        match kind.unread() {
            Some(reason) => Ok(Some(Err(reason))),
            None => self.read_file(&directory, name, OsStr::new(file), kind).map(Some),
        }
    }
}

impl TreeSource for DiskTree {
    fn service_names(&self) -> &[ServiceName] {
        &self.services
    }

    fn stray_files(&self) -> &[String] {
        &self.stray_files
    }

    fn load(&self, name: &ServiceName, wanted: &Wanted) -> RawService {
        // Where one file is all that is wanted, the directory need not be listed to find it. Links,
        // pipes and what else is no plain file are left to the listing.
        if let Some(file) = wanted.only_file()
            && !self.links.contains_key(&name.raw)
            && let Ok(bytes) = platform::read(&self.handle, Path::new(&name.raw).join(file).as_os_str())
            && !bytes.is_empty()
        {
            let entry = RawEntry {
                name: file.to_owned(),
                kind: EntryKind::File,
                inside: None,
                unlisted: None,
                content: Some(Ok(bytes)),
            };
            return RawService { name: name.text.clone(), entries: vec![entry], error: None };
        }
        self.patiently(|| self.try_load(name, wanted)).unwrap_or_else(|reason| RawService {
            name: name.text.clone(),
            entries: Vec::new(),
            error: Some(reason),
        })
    }

    fn read(&self, name: &ServiceName, file: &str) -> Option<Result<Vec<u8>, Unread>> {
        self.patiently(|| self.try_read(name, file)).unwrap_or_else(|reason| Some(Err(reason)))
    }

    fn real_service(&self, name: &ServiceName) -> String {
        match self.links.get(&name.raw) {
            Some(Ok(real)) => printable(real.as_os_str()),
            Some(Err(_)) | None => name.text.clone(),
        }
    }

    fn real_file(&self, name: &ServiceName, file: &str) -> Option<FileId> {
        let relative = self.below(&Path::new(&name.raw).join(file)).ok()?;
        let mut parts = relative.components().map(|part| printable(part.as_os_str()));
        let id = FileId { service: parts.next()?, file: parts.next()? };
        parts.next().is_none().then_some(id)
    }
}

/// An entry as the directory lists it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RawKind {
    File,
    Directory,
    Link,
    Other,
}

/// Whether the error tells nothing of what is there.
fn is_unknown(error: &io::Error) -> bool {
    // A link that leads to itself, through others or not, leads nowhere.
    !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
        && !platform::is_loop(error)
}

/// The result, or why there is none; apart from that, whether handles ran out.
fn ok_or_unread<T>(result: io::Result<T>) -> Result<Result<T, Unread>, NoHandles> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(error) if platform::is_exhausted(&error) => Err(NoHandles),
        Err(error) => Ok(Err(Unread::from_system(&error))),
    }
}

/// The first file of a directory that PaaSTA would read in the directory of a service. Hidden
/// directories are somebody else's.
fn first_configuration(
    parent: &platform::Handle,
    name: &OsStr,
) -> Result<Result<Option<String>, Unread>, NoHandles> {
    if name.as_encoded_bytes().starts_with(b".") {
        return Ok(Ok(None));
    }
    let listed = platform::open_directory(parent, name).and_then(|directory| platform::list(&directory));
    Ok(ok_or_unread(listed)?.map(|files| {
        let files = files.into_iter().filter(|(_, kind)| *kind == RawKind::File);
        files.map(|(file, _)| printable(&file)).filter(|name| super::is_configuration(name)).min()
    }))
}

/// The system's words without its number and without paths of this machine.
fn describe(error: &io::Error) -> String {
    Unread::from_system(error).to_string()
}

/// A file beside those of services may be this large: the state of a big cluster has some megabytes.
const MOST_BYTES: u64 = 64 << 20;

/// Opens a regular file; a pipe or a device is never opened, which could wait for ever.
///
/// # Errors
/// It cannot be opened, or is something else.
pub fn open_regular(path: &Path) -> io::Result<fs::File> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    fs::File::open(path)
}

/// The bytes of a regular file.
///
/// # Errors
/// It cannot be read, is something else, or is larger than 64 MB.
pub fn read_regular(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_regular(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 64 MB"));
    }
    Ok(bytes)
}

/// One byte more than the reader accepts, so that it can say that the file is too large.
pub(super) fn read_limit() -> usize {
    Budget::default().max_bytes + 1
}
