//! Files beside those of services: read no further than wanted.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use crate::repo::disk;

/// Whether `path` leads to something within `root` (whose links are resolved), or to nothing yet in a
/// directory within it. Nothing outside the tree is read or written unless the command line names it
/// (docs/design.md section 9).
pub(super) fn stays_in(root: &Path, path: &Path) -> bool {
    let is_inside = |path: &Path| fs::canonicalize(path).map(|real| real.starts_with(root));
    match is_inside(path) {
        Ok(is_inside) => is_inside,
        // A link that leads nowhere could lead somewhere later.
        Err(_) if path.is_symlink() => false,
        Err(_) => path.parent().is_some_and(|parent| is_inside(parent).unwrap_or(true)),
    }
}

/// The first `limit` bytes of a regular file; a pipe or a device is never opened.
pub(super) fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    disk::open_regular(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A regular file as a whole.
pub(super) fn read_whole(path: &Path) -> io::Result<Vec<u8>> {
    disk::read_regular(path)
}
