//! Directories and files by their paths, where there are no handles of directories.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::{RawKind, read_limit};

pub(super) type Handle = PathBuf;

pub(super) fn open_root(root: &Path) -> io::Result<Handle> {
    Ok(root.to_owned())
}

pub(super) fn open_directory(parent: &Handle, name: &OsStr) -> io::Result<Handle> {
    Ok(parent.join(name))
}

pub(super) fn open_below(root: &Handle, path: &Path) -> io::Result<Handle> {
    Ok(root.join(path))
}

pub(super) fn list(directory: &Handle) -> io::Result<Vec<(OsString, RawKind)>> {
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        entries.push((entry.file_name(), raw_kind(entry.file_type()?)));
    }
    Ok(entries)
}

pub(super) fn kind_of(directory: &Handle, name: &OsStr) -> io::Result<RawKind> {
    Ok(raw_kind(std::fs::symlink_metadata(directory.join(name))?.file_type()))
}

fn raw_kind(kind: std::fs::FileType) -> RawKind {
    if kind.is_symlink() {
        RawKind::Link
    } else if kind.is_dir() {
        RawKind::Directory
    } else if kind.is_file() {
        RawKind::File
    } else {
        RawKind::Other
    }
}

pub(super) fn read(directory: &Handle, name: &OsStr) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(directory.join(name))?;
    let limit = u64::try_from(read_limit()).unwrap_or(u64::MAX);
    file.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

pub(super) fn is_exhausted(_error: &io::Error) -> bool {
    false
}

pub(super) fn is_loop(_error: &io::Error) -> bool {
    false
}
