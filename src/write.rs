//! The one writer: everything that soalint writes to a disk goes through here.
//!
//! A file is written under another name beside its place, and takes that place at once: whoever looks sees
//! the old file or the new one, whole. The other name cannot be guessed, so nothing can wait there (`temporary`);
//! it goes when the run is interrupted, and one that a killed run left is recognised and removed.
//!
//! No link is followed. A [`Directory`] is opened once, and its files and directories by name relative
//! to it. Only the path that the user names may lead through links, which are the user's own, unless
//! they lie in a tree or repository, which strangers fill, and lead out of it ([`Bounds`]).
//!
//! ```text
//! let out = Directory::make(Path::new("out"), &Bounds::of_tree(root))?;   // with its parents
//! out.write("web.main.json", bytes)?;                // whole or not at all; a link there is replaced
//! let cluster = out.subdirectory("norcal-prod")?;    // made if need be; a link is refused
//! let text = cluster.read(".soalint-emit.json", 1 << 20)?;   // `None` if there is none; a link is refused
//! cluster.remove("gone.main.json")?;                 // only a file; whether there was one
//! let staged = out.stage("catalog.json", bytes)?;    // for several files that belong together:
//! staged.commit()?;                                  // first all of them staged, then all committed
//! ```
//!
//! The `tempfile` crate works with paths, not with the handle of a directory, so that a directory swapped
//! for a link would be followed, and does not remove its files on a signal.

mod bounds;
mod existing;
mod leftover;
mod platform;
mod temporary;

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Component, Path};
use std::sync::Arc;

pub use bounds::Bounds;

use existing::Keep;
use leftover::Leftovers;
use platform::{Handle, Kind};
use temporary::Temporary;

/// A directory to write in. What is done in it is done to its own entries, wherever a link of the same
/// path may lead later.
#[derive(Debug)]
pub struct Directory {
    handle: Arc<Handle>,
    leftovers: Leftovers,
}

impl Directory {
    /// The directory at a path that the user names, made with its parents if need be.
    ///
    /// # Errors
    /// It cannot be made or opened, or a link leads out of `bounds`.
    pub fn make(path: &Path, bounds: &Bounds) -> io::Result<Self> {
        let real = bounds.resolve(path)?;
        fs::create_dir_all(&real)?;
        Self::open(&real)
    }

    /// The directory at a path without links.
    pub(crate) fn open(real: &Path) -> io::Result<Self> {
        Ok(Self::of(platform::open(real)?))
    }

    fn of(handle: Handle) -> Self {
        let leftovers = Leftovers::sweep(&handle);
        Self { handle: Arc::new(handle), leftovers }
    }

    /// A directory in it, made if need be.
    ///
    /// # Errors
    /// There is a link or something else of that name, or it cannot be made.
    pub fn subdirectory(&self, name: impl AsRef<OsStr>) -> io::Result<Self> {
        let name = entry(name.as_ref())?;
        match platform::make_directory(&self.handle, name) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        match self.existing_directory(name)? {
            Some(directory) => Ok(directory),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// A directory in it, if there is one.
    ///
    /// # Errors
    /// There is a link or something else of that name, or it cannot be opened.
    pub fn existing_directory(&self, name: impl AsRef<OsStr>) -> io::Result<Option<Self>> {
        let name = entry(name.as_ref())?;
        match platform::kind(&self.handle, name)? {
            None => Ok(None),
            Some(Kind::Directory) => Ok(Some(Self::of(platform::open_directory(&self.handle, name)?))),
            Some(Kind::Link) => Err(refused("it is a link, which is not followed")),
            Some(_) => Err(refused("it is not a directory")),
        }
    }

    /// Writes a file, whole or not at all. A file that is there keeps its permissions, and its owner as far
    /// as we may; a link that is there is replaced; other names of the same file (hard links) keep what they have.
    ///
    /// # Errors
    /// There is something else than a file, or one that we may not write; or writing fails.
    pub fn write(&self, name: impl AsRef<OsStr>, bytes: &[u8]) -> io::Result<()> {
        self.stage(name, bytes)?.commit()
    }

    /// Writes everything of [`write`](Self::write) but the file's name, which [`Staged::commit`] gives it.
    ///
    /// # Errors
    /// As for [`write`](Self::write).
    pub fn stage(&self, name: impl AsRef<OsStr>, bytes: &[u8]) -> io::Result<Staged<'_>> {
        let name = entry(name.as_ref())?;
        self.leftovers.remove_of(&self.handle, name);
        let there = match platform::kind(&self.handle, name)? {
            None | Some(Kind::Link) => None,
            Some(Kind::File) => Some(self.own_file(name)?.metadata()?),
            Some(Kind::Directory) => return Err(refused("it is a directory")),
            Some(Kind::Other) => return Err(refused("it is not a regular file")),
        };
        let temporary = Temporary::create(&self.handle, there.is_none())?;
        if let Some(there) = there {
            existing::keep(temporary.file(), &there, Keep::WhatWeMay)?;
        }
        temporary.file().write_all(bytes)?;
        Ok(Staged { name: name.to_owned(), temporary, directory: self })
    }

    /// Replaces a file that holds `before` by one that holds `after`, with its owner and permissions.
    ///
    /// # Errors
    /// In words, if the file is not what was read, is a link, has other names, may not be written by
    /// us, or cannot be replaced by one of the same owner and permissions. It is then as it was.
    pub fn replace(&self, name: impl AsRef<OsStr>, before: &[u8], after: &[u8]) -> io::Result<()> {
        let name = entry(name.as_ref())?;
        let there = self.own_file(name)?;
        let metadata = there.metadata()?;
        existing::check_replaceable(&metadata)?;
        check_unchanged(&there, before)?;
        self.leftovers.remove_of(&self.handle, name);
        let temporary = Temporary::create(&self.handle, false)?;
        existing::keep(temporary.file(), &metadata, Keep::Everything)?;
        temporary.file().write_all(after)?;
        temporary.file().sync_data()?;
        // Writing takes time.
        let now = self.own_file(name)?;
        check_unchanged(&now, before)?;
        if !existing::is_same(&metadata, &now.metadata()?) {
            return Err(changed());
        }
        temporary.rename_to(name)
    }

    /// Gives a file that holds `before` another name; one that is there already is never overwritten.
    ///
    /// # Errors
    /// In words, if the file is not what was read or is a link, or there is something of the new name.
    pub fn rename(&self, name: impl AsRef<OsStr>, new: impl AsRef<OsStr>, before: &[u8]) -> io::Result<()> {
        let (name, new) = (entry(name.as_ref())?, entry(new.as_ref())?);
        if platform::kind(&self.handle, name)? != Some(Kind::File) {
            return Err(refused("it is not a regular file"));
        }
        check_unchanged(&platform::open_to_read(&self.handle, name)?, before)?;
        platform::rename_to_new(&self.handle, name, new).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => refused("there is a file of the new name"),
            _ => error,
        })
    }

    /// Removes a file; says whether there was one. A link or something else of that name is left alone.
    ///
    /// # Errors
    /// It cannot be removed.
    pub fn remove(&self, name: impl AsRef<OsStr>) -> io::Result<bool> {
        let name = entry(name.as_ref())?;
        if platform::kind(&self.handle, name)? != Some(Kind::File) {
            return Ok(false);
        }
        match platform::remove(&self.handle, name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            removed => removed.map(|()| true),
        }
    }

    /// The bytes of a file, if there is one.
    ///
    /// # Errors
    /// There is a link or something else of that name, or a file that cannot be read or has more than
    /// `limit` bytes.
    pub fn read(&self, name: impl AsRef<OsStr>, limit: u64) -> io::Result<Option<Vec<u8>>> {
        let name = entry(name.as_ref())?;
        match platform::kind(&self.handle, name)? {
            None => return Ok(None),
            Some(Kind::File) => {}
            Some(Kind::Link) => return Err(refused("it is a link, which is not followed")),
            Some(_) => return Err(refused("it is not a regular file")),
        }
        let mut bytes = Vec::new();
        let file = platform::open_to_read(&self.handle, name)?;
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is too large"));
        }
        Ok(Some(bytes))
    }

    /// A regular file that we may write.
    fn own_file(&self, name: &OsStr) -> io::Result<fs::File> {
        match platform::kind(&self.handle, name)? {
            None => Err(io::ErrorKind::NotFound.into()),
            Some(Kind::File) => {
                platform::open_to_change(&self.handle, name).map_err(|error| match error.kind() {
                    io::ErrorKind::PermissionDenied => refused("this user may not write to it"),
                    _ => error,
                })
            }
            Some(Kind::Link) => Err(refused("a link leads there")),
            Some(_) => Err(refused("it is not a regular file")),
        }
    }
}

/// A file that is written and has no name yet; without [`commit`](Self::commit) it is gone.
#[derive(Debug)]
pub struct Staged<'d> {
    name: OsString,
    temporary: Temporary,
    directory: &'d Directory,
}

impl Staged<'_> {
    /// Gives the file its name.
    ///
    /// # Errors
    /// The name cannot be given; what was there is as it was.
    pub fn commit(self) -> io::Result<()> {
        // What came there meanwhile may be anything.
        match platform::kind(&self.directory.handle, &self.name)? {
            None | Some(Kind::Link | Kind::File) => self.temporary.rename_to(&self.name),
            Some(_) => Err(refused("it is not a regular file")),
        }
    }
}

/// Writes a file that the user names, whole or not at all. What is not a regular file (`/dev/null`, a
/// pipe, `/dev/fd/3`) is written to as it is, and a link keeps leading to its file.
///
/// # Errors
/// As for [`Directory::write`], or a link leads out of `bounds` or nowhere.
pub fn file(path: &Path, bytes: &[u8], bounds: &Bounds) -> io::Result<()> {
    if is_descriptor(path) {
        // A file behind it is open already, and is to be written on.
        return fs::OpenOptions::new().append(true).open(path)?.write_all(bytes);
    }
    let real = bounds.resolve(path)?;
    match fs::symlink_metadata(&real) {
        Ok(found) if found.is_dir() => return Err(refused("it is a directory")),
        Ok(found) if !found.is_file() => {
            return fs::OpenOptions::new().write(true).open(&real)?.write_all(bytes);
        }
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let (Some(parent), Some(name)) = (real.parent(), real.file_name()) else {
        return Err(refused("it is a directory"));
    };
    Directory::open(parent)?.write(name, bytes)
}

/// Whether a path stands for what the program was started with.
pub(crate) fn is_descriptor(path: &Path) -> bool {
    ["/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/fd", "/proc/self/fd"]
        .iter()
        .any(|known| path.starts_with(known))
}

/// Refuses what would lead somewhere else than to an entry of a directory.
fn entry(name: &OsStr) -> io::Result<&OsStr> {
    let mut parts = Path::new(name).components();
    match (parts.next(), parts.next()) {
        (Some(Component::Normal(only)), None) if only == name => Ok(name),
        _ => Err(refused("it is not a name of a file")),
    }
}

/// Fails unless the file still holds what was read.
fn check_unchanged(file: &fs::File, before: &[u8]) -> io::Result<()> {
    let mut now = Vec::with_capacity(before.len() + 1);
    file.take(before.len() as u64 + 1).read_to_end(&mut now)?;
    if now == before { Ok(()) } else { Err(changed()) }
}

fn changed() -> io::Error {
    refused("it was changed in the meantime")
}

fn refused(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, reason)
}
