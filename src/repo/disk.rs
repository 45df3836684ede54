//! A tree on disk: the only place that reads files of a tree.
//!
//! On Unix, directories are opened once and their files by name relative to them, which costs the
//! kernel about half the work of whole paths (docs/design.md section 12). Links are never followed
//! out of the tree, and nothing but regular files is opened.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::yaml::Budget;

use super::{EntryKind, FileId, Link, RawEntry, RawService, ServiceName, TreeSource, Wanted, printable};

mod write;

/// A soa-configs tree on disk.
#[derive(Debug)]
pub struct DiskTree {
    /// The root with all links resolved: what lies below it is in the tree.
    real_root: PathBuf,
    services: Vec<ServiceName>,
    handle: platform::Handle,
}

impl DiskTree {
    /// Lists the services of the tree at `root`: its directories (and links to directories in
    /// the tree) whose names do not start with a dot.
    ///
    /// # Errors
    /// The root cannot be listed.
    pub fn open(root: &Path) -> io::Result<Self> {
        let real_root = std::fs::canonicalize(root)?;
        let handle = platform::open_root(&real_root)?;
        let mut services = Vec::new();
        for (name, kind) in platform::list(&handle)? {
            let is_service = match kind {
                RawKind::Directory => true,
                RawKind::Link => {
                    matches!(link_kind(&real_root, &real_root.join(&name)), Link::Directory)
                }
                RawKind::File | RawKind::Other => false,
            };
            if is_service && !name.as_encoded_bytes().starts_with(b".") {
                services.push(ServiceName::new(name));
            }
        }
        services.sort();
        Ok(Self { real_root, services, handle })
    }

    /// The root with all links resolved.
    pub fn root(&self) -> &Path {
        &self.real_root
    }

    fn read_entry(
        &self,
        directory: &platform::Handle,
        service: &ServiceName,
        name: &OsStr,
        kind: RawKind,
        wanted: &Wanted,
    ) -> RawEntry {
        let text = printable(name);
        let kind = match kind {
            RawKind::File => EntryKind::File,
            RawKind::Directory => EntryKind::Directory,
            RawKind::Other => EntryKind::Other,
            RawKind::Link => {
                let path = self.real_root.join(&service.raw).join(name);
                EntryKind::Link(link_kind(&self.real_root, &path))
            }
        };
        let is_wanted = super::service::is_yaml(&text) && wanted.includes(&text);
        let content = is_wanted.then(|| match kind {
            EntryKind::File => platform::read(directory, name, false),
            EntryKind::Link(Link::File) => platform::read(directory, name, true),
            EntryKind::Link(Link::Dangling) => Err("it is a link that leads nowhere".to_owned()),
            EntryKind::Link(Link::Escapes) => {
                Err("it is a link that leaves the tree, which is not followed".to_owned())
            }
            EntryKind::Directory | EntryKind::Link(Link::Directory) => Err("it is a directory".to_owned()),
            EntryKind::Other => Err("it is no regular file".to_owned()),
        });
        let inside = (kind == EntryKind::Directory && *wanted == Wanted::Everything)
            .then(|| first_configuration(directory, name))
            .flatten();
        RawEntry { name: text, kind, inside, content }
    }
}

impl TreeSource for DiskTree {
    fn service_names(&self) -> &[ServiceName] {
        &self.services
    }

    fn load(&self, name: &ServiceName, wanted: &Wanted) -> RawService {
        // Where one file is all that is wanted, the directory need not be listed to find it. Links,
        // pipes and what else is no plain file are left to the listing.
        if let Some(file) = wanted.only_file()
            && let Ok(bytes) =
                platform::read(&self.handle, Path::new(&name.raw).join(file).as_os_str(), false)
            && !bytes.is_empty()
        {
            let entry = RawEntry {
                name: file.to_owned(),
                kind: EntryKind::File,
                inside: None,
                content: Some(Ok(bytes)),
            };
            return RawService { name: name.text.clone(), entries: vec![entry], error: None };
        }
        let opened = platform::open_directory(&self.handle, &name.raw);
        let listed = opened.and_then(|directory| {
            let entries = platform::list(&directory)?;
            Ok((directory, entries))
        });
        match listed {
            Ok((directory, entries)) => RawService {
                name: name.text.clone(),
                entries: entries
                    .into_iter()
                    .map(|(file, kind)| self.read_entry(&directory, name, &file, kind, wanted))
                    .collect(),
                error: None,
            },
            Err(error) => {
                RawService { name: name.text.clone(), entries: Vec::new(), error: Some(describe(&error)) }
            }
        }
    }

    fn read(&self, name: &ServiceName, file: &str) -> Option<Result<Vec<u8>, String>> {
        let path = self.real_root.join(&name.raw).join(file);
        let kind = path.symlink_metadata().ok()?.file_type();
        if kind.is_symlink() {
            match link_kind(&self.real_root, &path) {
                Link::File => {}
                Link::Dangling => return None,
                Link::Directory | Link::Escapes => {
                    return Some(Err("it is a link to something else than a file of the tree".to_owned()));
                }
            }
        } else if !kind.is_file() {
            return Some(Err("it is no regular file".to_owned()));
        }
        let directory = platform::open_directory(&self.handle, &name.raw).map_err(|error| describe(&error));
        Some(directory.and_then(|directory| platform::read(&directory, OsStr::new(file), kind.is_symlink())))
    }

    fn real_service(&self, name: &ServiceName) -> String {
        let path = self.real_root.join(&name.raw);
        let is_link = path.symlink_metadata().is_ok_and(|metadata| metadata.file_type().is_symlink());
        let real = is_link.then(|| std::fs::canonicalize(&path).ok()).flatten();
        match real.as_ref().and_then(|real| real.strip_prefix(&self.real_root).ok()) {
            Some(relative) => printable(relative.as_os_str()),
            None => name.text.clone(),
        }
    }

    fn real_file(&self, name: &ServiceName, file: &str) -> Option<FileId> {
        let real = std::fs::canonicalize(self.real_root.join(&name.raw).join(file)).ok()?;
        let relative = real.strip_prefix(&self.real_root).ok()?;
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

fn link_kind(real_root: &Path, path: &Path) -> Link {
    match std::fs::canonicalize(path) {
        Err(_) => Link::Dangling,
        Ok(target) if !target.starts_with(real_root) => Link::Escapes,
        Ok(target) if target.is_dir() => Link::Directory,
        Ok(_) => Link::File,
    }
}

/// The first file of a directory that PaaSTA would read in the directory of a service. Hidden
/// directories are somebody else's.
fn first_configuration(parent: &platform::Handle, name: &OsStr) -> Option<String> {
    if name.as_encoded_bytes().starts_with(b".") {
        return None;
    }
    let directory = platform::open_directory(parent, name).ok()?;
    let files = platform::list(&directory).ok()?.into_iter();
    let names = files.filter(|(_, kind)| *kind == RawKind::File).map(|(file, _)| printable(&file));
    names.filter(|name| super::service::is_configuration(name)).min()
}

/// The system's words without its number and without paths of this machine.
fn describe(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or("");
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => "unknown error".to_owned(),
    }
}

/// A file beside those of services may be this large: the state of a big cluster has some megabytes.
const MOST_BYTES: u64 = 64 << 20;

/// Opens a regular file; a pipe or a device is never opened, which could wait for ever.
///
/// # Errors
/// It cannot be opened, or is something else.
pub fn open_regular(path: &Path) -> io::Result<fs::File> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
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

#[cfg(unix)]
mod platform {
    use super::{OsStr, OsString, Path, RawKind, describe, io, read_limit};

    use std::os::fd::OwnedFd;
    use std::os::unix::ffi::OsStrExt as _;

    use rustix::buffer::spare_capacity;
    use rustix::fs::{CWD, Dir, FileType, Mode, OFlags, fstat, openat};

    pub(super) type Handle = OwnedFd;

    const DIRECTORY: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

    pub(super) fn open_root(root: &Path) -> io::Result<Handle> {
        Ok(openat(CWD, root, DIRECTORY, Mode::empty())?)
    }

    pub(super) fn open_directory(parent: &Handle, name: &OsStr) -> io::Result<Handle> {
        Ok(openat(parent, name, DIRECTORY, Mode::empty())?)
    }

    pub(super) fn list(directory: &Handle) -> io::Result<Vec<(OsString, RawKind)>> {
        let mut entries = Vec::with_capacity(16);
        for entry in Dir::read_from(directory)? {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if name == b"." || name == b".." {
                continue;
            }
            let kind = match entry.file_type() {
                FileType::RegularFile => RawKind::File,
                FileType::Directory => RawKind::Directory,
                FileType::Symlink => RawKind::Link,
                // Some file systems do not say in the listing.
                FileType::Unknown => kind_of(directory, OsStr::from_bytes(name)),
                _ => RawKind::Other,
            };
            entries.push((OsStr::from_bytes(name).to_owned(), kind));
        }
        Ok(entries)
    }

    fn kind_of(directory: &Handle, name: &OsStr) -> RawKind {
        let flags = rustix::fs::AtFlags::SYMLINK_NOFOLLOW;
        match rustix::fs::statat(directory, name, flags).map(|s| FileType::from_raw_mode(s.st_mode)) {
            Ok(FileType::RegularFile) => RawKind::File,
            Ok(FileType::Directory) => RawKind::Directory,
            Ok(FileType::Symlink) => RawKind::Link,
            _ => RawKind::Other,
        }
    }

    /// Reads a file up to the limit of the reader. `follow` for links that were found to stay in
    /// the tree.
    pub(super) fn read(directory: &Handle, name: &OsStr, follow: bool) -> Result<Vec<u8>, String> {
        read_file(directory, name, follow).map_err(|error| describe(&error))
    }

    fn read_file(directory: &Handle, name: &OsStr, follow: bool) -> io::Result<Vec<u8>> {
        // Without blocking: a pipe put in place of the file must not hang us.
        let mut flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
        if !follow {
            flags |= OFlags::NOFOLLOW;
        }
        let file = openat(directory, name, flags, Mode::empty())?;
        if follow && FileType::from_raw_mode(fstat(&file)?.st_mode) != FileType::RegularFile {
            return Err(io::Error::other("no regular file"));
        }
        // Most files are small: one read that comes back short has seen the end.
        let mut bytes = Vec::with_capacity(4096);
        loop {
            let room = bytes.capacity() - bytes.len();
            let got = rustix::io::read(&file, spare_capacity(&mut bytes))?;
            if got < room || bytes.len() >= read_limit() {
                return Ok(bytes);
            }
            bytes.reserve(bytes.len() * 3);
        }
    }
}

#[cfg(not(unix))]
mod platform {
    use super::{OsStr, OsString, Path, PathBuf, RawKind, describe, io, read_limit};

    use std::io::Read as _;

    pub(super) type Handle = PathBuf;

    pub(super) fn open_root(root: &Path) -> io::Result<Handle> {
        Ok(root.to_owned())
    }

    pub(super) fn open_directory(parent: &Handle, name: &OsStr) -> io::Result<Handle> {
        Ok(parent.join(name))
    }

    pub(super) fn list(directory: &Handle) -> io::Result<Vec<(OsString, RawKind)>> {
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(directory)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            let kind = if kind.is_symlink() {
                RawKind::Link
            } else if kind.is_dir() {
                RawKind::Directory
            } else if kind.is_file() {
                RawKind::File
            } else {
                RawKind::Other
            };
            entries.push((entry.file_name(), kind));
        }
        Ok(entries)
    }

    pub(super) fn read(directory: &Handle, name: &OsStr, _follow: bool) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        let file = std::fs::File::open(directory.join(name)).map_err(|error| describe(&error))?;
        let limit = u64::try_from(read_limit()).unwrap_or(u64::MAX);
        file.take(limit).read_to_end(&mut bytes).map_err(|error| describe(&error))?;
        Ok(bytes)
    }
}
