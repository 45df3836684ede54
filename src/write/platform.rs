//! What the system does to the entries of one directory.

/// What an entry is; links are not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Directory,
    Link,
    Other,
}

pub(super) use system::*;

#[cfg(unix)]
mod system {
    use std::ffi::{OsStr, OsString};
    use std::fs::File;
    use std::io;
    use std::os::fd::OwnedFd;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::MetadataExt as _;
    use std::path::Path;

    use rustix::fs::{AtFlags, CWD, Dir, FileType, FlockOperation, Mode, OFlags};
    use rustix::fs::{flock, mkdirat, openat, renameat, statat, unlinkat};

    use super::Kind;

    pub(in super::super) type Handle = OwnedFd;

    /// Linux gives a handle on a directory that we may write to but not list.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    const DIRECTORY: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    const DIRECTORY: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

    /// Without blocking: a pipe put in place of a file must not hang us.
    const FILE: OFlags = OFlags::NOFOLLOW.union(OFlags::NONBLOCK).union(OFlags::CLOEXEC);

    pub(in super::super) fn open(path: &Path) -> io::Result<Handle> {
        Ok(openat(CWD, path, DIRECTORY | OFlags::NOFOLLOW, Mode::empty())?)
    }

    pub(in super::super) fn open_directory(parent: &Handle, name: &OsStr) -> io::Result<Handle> {
        Ok(openat(parent, name, DIRECTORY | OFlags::NOFOLLOW, Mode::empty())?)
    }

    pub(in super::super) fn make_directory(parent: &Handle, name: &OsStr) -> io::Result<()> {
        Ok(mkdirat(parent, name, Mode::from_raw_mode(0o777))?)
    }

    pub(in super::super) fn kind(directory: &Handle, name: &OsStr) -> io::Result<Option<Kind>> {
        match statat(directory, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(found) => Ok(Some(match FileType::from_raw_mode(found.st_mode) {
                FileType::RegularFile => Kind::File,
                FileType::Directory => Kind::Directory,
                FileType::Symlink => Kind::Link,
                _ => Kind::Other,
            })),
            Err(rustix::io::Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Fails on whatever is there, links included.
    pub(in super::super) fn create(
        directory: &Handle,
        name: &OsStr,
        for_everybody: bool,
    ) -> io::Result<File> {
        let flags = FILE | OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL;
        let mode = Mode::from_raw_mode(if for_everybody { 0o666 } else { 0o600 });
        Ok(openat(directory, name, flags, mode)?.into())
    }

    /// For reading, if it may be written, too.
    pub(in super::super) fn open_to_change(directory: &Handle, name: &OsStr) -> io::Result<File> {
        open_file(directory, name, OFlags::RDWR)
    }

    pub(in super::super) fn open_to_read(directory: &Handle, name: &OsStr) -> io::Result<File> {
        open_file(directory, name, OFlags::RDONLY)
    }

    fn open_file(directory: &Handle, name: &OsStr, access: OFlags) -> io::Result<File> {
        let file = File::from(openat(directory, name, FILE | access, Mode::empty())?);
        // It may have been another one when it was looked at.
        if file.metadata()?.is_file() {
            Ok(file)
        } else {
            Err(crate::write::refused("it is not a regular file"))
        }
    }

    pub(in super::super) fn rename(directory: &Handle, from: &OsStr, to: &OsStr) -> io::Result<()> {
        Ok(renameat(directory, from, directory, to)?)
    }

    /// Fails if there is something of the new name.
    pub(in super::super) fn rename_to_new(directory: &Handle, from: &OsStr, to: &OsStr) -> io::Result<()> {
        #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
        {
            use rustix::fs::{RenameFlags, renameat_with};
            use rustix::io::Errno;
            match renameat_with(directory, from, directory, to, RenameFlags::NOREPLACE) {
                // Some file systems cannot.
                Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
                renamed => return Ok(renamed?),
            }
        }
        // A second link fails where something is there.
        rustix::fs::linkat(directory, from, directory, to, AtFlags::empty())?;
        remove(directory, from).inspect_err(|_| {
            // The first error is the one to report.
            let _ = remove(directory, to);
        })
    }

    pub(in super::super) fn remove(directory: &Handle, name: &OsStr) -> io::Result<()> {
        Ok(unlinkat(directory, name, AtFlags::empty())?)
    }

    pub(in super::super) fn list(directory: &Handle) -> io::Result<Vec<OsString>> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let readable = openat(directory, ".", flags, Mode::empty())?;
        let mut names = Vec::new();
        for entry in Dir::read_from(readable)? {
            names.push(OsStr::from_bytes(entry?.file_name().to_bytes()).to_owned());
        }
        Ok(names)
    }

    /// Whether the file is now locked by us; where a file system has no locks, nobody has.
    pub(in super::super) fn try_lock(file: &File) -> bool {
        !matches!(flock(file, FlockOperation::NonBlockingLockExclusive), Err(rustix::io::Errno::WOULDBLOCK))
    }

    /// Whether the file can be found in a directory.
    pub(in super::super) fn has_name(file: &File) -> bool {
        file.metadata().is_ok_and(|metadata| metadata.nlink() > 0)
    }
}

#[cfg(not(unix))]
mod system {
    use std::ffi::{OsStr, OsString};
    use std::fs::{self, File, OpenOptions};
    use std::io;
    use std::path::{Path, PathBuf};

    use super::Kind;

    pub(in super::super) type Handle = PathBuf;

    pub(in super::super) fn open(path: &Path) -> io::Result<Handle> {
        if path.is_dir() { Ok(path.to_owned()) } else { Err(io::ErrorKind::NotADirectory.into()) }
    }

    pub(in super::super) fn open_directory(parent: &Handle, name: &OsStr) -> io::Result<Handle> {
        open(&parent.join(name))
    }

    pub(in super::super) fn make_directory(parent: &Handle, name: &OsStr) -> io::Result<()> {
        fs::create_dir(parent.join(name))
    }

    pub(in super::super) fn kind(directory: &Handle, name: &OsStr) -> io::Result<Option<Kind>> {
        match fs::symlink_metadata(directory.join(name)) {
            Ok(found) if found.is_symlink() => Ok(Some(Kind::Link)),
            Ok(found) if found.is_dir() => Ok(Some(Kind::Directory)),
            Ok(found) if found.is_file() => Ok(Some(Kind::File)),
            Ok(_) => Ok(Some(Kind::Other)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(in super::super) fn create(
        directory: &Handle,
        name: &OsStr,
        _for_everybody: bool,
    ) -> io::Result<File> {
        OpenOptions::new().write(true).create_new(true).open(directory.join(name))
    }

    pub(in super::super) fn open_to_change(directory: &Handle, name: &OsStr) -> io::Result<File> {
        OpenOptions::new().read(true).write(true).open(directory.join(name))
    }

    pub(in super::super) fn open_to_read(directory: &Handle, name: &OsStr) -> io::Result<File> {
        File::open(directory.join(name))
    }

    pub(in super::super) fn rename(directory: &Handle, from: &OsStr, to: &OsStr) -> io::Result<()> {
        fs::rename(directory.join(from), directory.join(to))
    }

    pub(in super::super) fn rename_to_new(directory: &Handle, from: &OsStr, to: &OsStr) -> io::Result<()> {
        fs::hard_link(directory.join(from), directory.join(to))?;
        remove(directory, from)
    }

    pub(in super::super) fn remove(directory: &Handle, name: &OsStr) -> io::Result<()> {
        fs::remove_file(directory.join(name))
    }

    pub(in super::super) fn list(directory: &Handle) -> io::Result<Vec<OsString>> {
        fs::read_dir(directory)?.map(|entry| Ok(entry?.file_name())).collect()
    }

    /// A file that somebody has open cannot be removed here.
    pub(in super::super) fn try_lock(_file: &File) -> bool {
        true
    }

    pub(in super::super) fn has_name(_file: &File) -> bool {
        true
    }
}
