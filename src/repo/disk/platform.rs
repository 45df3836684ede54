//! Directories and files by handles, on Unix.

use std::cell::RefCell;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use rustix::buffer::spare_capacity;
use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, fstat, openat, statat};
use rustix::io::Errno;

use super::{RawKind, read_limit};

pub(super) type Handle = OwnedFd;

const DIRECTORY: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

pub(super) fn open_root(root: &Path) -> io::Result<Handle> {
    Ok(openat(CWD, root, DIRECTORY, Mode::empty())?)
}

/// Opens a directory that is not a link.
pub(super) fn open_directory(parent: &Handle, name: &OsStr) -> io::Result<Handle> {
    Ok(openat(parent, name, DIRECTORY | OFlags::NOFOLLOW, Mode::empty())?)
}

/// Opens the directory at `path`, a relative path without `..`, none of whose steps may be a link.
pub(super) fn open_below(root: &Handle, path: &Path) -> io::Result<Handle> {
    let mut directory = open_directory(root, OsStr::new("."))?;
    for step in path {
        directory = open_directory(&directory, step)?;
    }
    Ok(directory)
}

/// What is in a directory that was just opened: a handle can be listed once.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn list(directory: &Handle) -> io::Result<Vec<(OsString, RawKind)>> {
    /// Room for the listing of most services in one call of the system.
    const ROOM: usize = 1 << 13;
    let mut entries = Vec::with_capacity(16);
    let mut room = [const { std::mem::MaybeUninit::uninit() }; ROOM];
    let mut listing = rustix::fs::RawDir::new(directory, &mut room);
    while let Some(entry) = listing.next() {
        let entry = entry?;
        add_entry(directory, entry.file_name().to_bytes(), entry.file_type(), &mut entries)?;
    }
    Ok(entries)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn list(directory: &Handle) -> io::Result<Vec<(OsString, RawKind)>> {
    let mut entries = Vec::with_capacity(16);
    for entry in rustix::fs::Dir::read_from(directory)? {
        let entry = entry?;
        add_entry(directory, entry.file_name().to_bytes(), entry.file_type(), &mut entries)?;
    }
    Ok(entries)
}

fn add_entry(
    directory: &Handle,
    name: &[u8],
    kind: FileType,
    entries: &mut Vec<(OsString, RawKind)>,
) -> io::Result<()> {
    if name != b"." && name != b".." {
        let name = OsStr::from_bytes(name);
        let kind = match kind {
            // Some file systems do not say in the listing.
            FileType::Unknown => kind_of(directory, name)?,
            kind => raw_kind(kind),
        };
        entries.push((name.to_owned(), kind));
    }
    Ok(())
}

/// What an entry of a directory is; a link is one, whatever it leads to.
pub(super) fn kind_of(directory: &Handle, name: &OsStr) -> io::Result<RawKind> {
    let found = statat(directory, name, AtFlags::SYMLINK_NOFOLLOW)?;
    Ok(raw_kind(FileType::from_raw_mode(found.st_mode)))
}

const fn raw_kind(kind: FileType) -> RawKind {
    match kind {
        FileType::RegularFile => RawKind::File,
        FileType::Directory => RawKind::Directory,
        FileType::Symlink => RawKind::Link,
        _ => RawKind::Other,
    }
}

/// Reads a file that is not a link, up to the limit of the reader.
pub(super) fn read(directory: &Handle, name: &OsStr) -> io::Result<Vec<u8>> {
    // Without blocking: a pipe put in place of the file must not hang us.
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOFOLLOW;
    let file = openat(directory, name, flags, Mode::empty())?;
    BUFFER.with_borrow_mut(|buffer| {
        buffer.clear();
        read_into(&file, buffer)?;
        Ok(buffer.as_slice().to_vec())
    })
}

thread_local! {
    /// What is read goes on in a vector that is not larger than it: whole trees are kept in memory.
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(Vec::with_capacity(1 << 16));
}

/// Reads to the end, or up to the limit of the reader.
fn read_into(file: &OwnedFd, bytes: &mut Vec<u8>) -> io::Result<()> {
    // Most files are small: one read that comes back short has seen the end.
    loop {
        let room = bytes.capacity() - bytes.len();
        let got = match rustix::io::read(file, spare_capacity(bytes)) {
            Ok(got) => got,
            // A pipe that was put in place of the file: it has no writer, or nothing to read yet.
            Err(Errno::AGAIN) => 0,
            Err(error) => return Err(error.into()),
        };
        // What ends at once may be a pipe, too; an empty file is rare enough to look.
        if bytes.is_empty() && FileType::from_raw_mode(fstat(file)?.st_mode) != FileType::RegularFile {
            return Err(io::Error::other("it is not a regular file"));
        }
        if got < room || bytes.len() >= read_limit() {
            return Ok(());
        }
        bytes.reserve(bytes.len() * 3);
    }
}

/// Whether the process or the system may open no more files.
pub(super) fn is_exhausted(error: &io::Error) -> bool {
    matches!(Errno::from_io_error(error), Some(Errno::MFILE | Errno::NFILE))
}

/// Whether links lead round and round.
pub(super) fn is_loop(error: &io::Error) -> bool {
    Errno::from_io_error(error) == Some(Errno::LOOP)
}
