//! Files beside those of services: read no further than wanted.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use crate::repo::disk;

/// What is wrong with a link out of the tree.
pub(super) const LEAVES: &str = "is a link that leaves the tree, which is not followed";

/// What is wrong with a link to nothing.
pub(super) const NOWHERE: &str = "is a link that leads nowhere";

/// What is wrong with `path` unless it leads to something within `root` (whose links are resolved), or to nothing
/// yet in a directory within it. Nothing outside the tree is read or written unless the command line
/// names it (docs/design.md section 9).
pub(super) fn wrong_link(root: &Path, path: &Path) -> Option<&'static str> {
    let is_inside = |path: &Path| fs::canonicalize(path).map(|real| real.starts_with(root));
    match is_inside(path) {
        Ok(is_inside) => (!is_inside).then_some(LEAVES),
        // It could lead somewhere later.
        Err(_) if path.is_symlink() => Some(NOWHERE),
        Err(_) => {
            let stays = path.parent().is_some_and(|parent| is_inside(parent).unwrap_or(true));
            (!stays).then_some(LEAVES)
        }
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
