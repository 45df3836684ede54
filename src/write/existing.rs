//! What a new file takes over from the one in whose place it comes.

use std::fs::{File, Metadata};
use std::io;

/// How much of the old file's owner and permissions the new one must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keep {
    /// All of it: the file is the user's.
    Everything,
    /// The permissions, and the owner as far as we may: the file is what soalint wrote.
    WhatWeMay,
}

/// Gives `new` the owner and permissions of the file with the metadata `old`.
#[cfg(unix)]
pub(super) fn keep(new: &File, old: &Metadata, keep: Keep) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let own = new.metadata()?;
    if (own.uid(), own.gid()) != (old.uid(), old.gid()) {
        let kept = fchown(new, Some(old.uid()), Some(old.gid()));
        if kept.is_err() && keep == Keep::Everything {
            let words = "it belongs to another user or group, which a new file in its place would not";
            return Err(super::refused(words));
        }
    }
    new.set_permissions(old.permissions())
}

#[cfg(not(unix))]
pub(super) fn keep(new: &File, old: &Metadata, _keep: Keep) -> io::Result<()> {
    new.set_permissions(old.permissions())
}

/// Refuses a file of which a new one in its place would be a copy for one of its names only.
#[cfg(unix)]
pub(super) fn check_replaceable(file: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let others = file.nlink().saturating_sub(1);
    if others == 0 {
        return Ok(());
    }
    let names = if others == 1 { "another name (a hard link)" } else { "other names (hard links)" };
    Err(super::refused(&format!("it has {names}, which would keep the old text")))
}

#[cfg(not(unix))]
pub(super) fn check_replaceable(_file: &Metadata) -> io::Result<()> {
    Ok(())
}

/// Whether both are of the same file.
#[cfg(unix)]
pub(super) fn is_same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
pub(super) fn is_same(_one: &Metadata, _other: &Metadata) -> bool {
    true
}
