//! Writing to the tree: whole files or nothing, never anything but what was read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::repo::FileId;

use super::{DiskTree, describe, read_limit};

impl DiskTree {
    /// Replaces a file that holds `before` by one that holds `after`: it is written beside it and
    /// takes its place at once, with its permissions.
    ///
    /// # Errors
    /// In words, if the file is not what was read, is none of the tree's own regular files, or
    /// cannot be written. It is then as it was.
    pub fn replace(&self, id: &FileId, before: &[u8], after: &[u8]) -> Result<(), String> {
        let path = self.own_file(id)?;
        let written = write_beside(&path, after).map_err(|error| describe(&error))?;
        let replaced = unchanged(&path, before)
            .and_then(|()| fs::rename(&written, &path).map_err(|error| describe(&error)));
        if replaced.is_err() {
            // What is left behind is only litter; the first error is the one to report.
            let _ = fs::remove_file(&written);
        }
        replaced
    }

    /// Gives a file that holds `before` another name in its directory; one that is there already is
    /// never overwritten.
    ///
    /// # Errors
    /// As for [`replace`](Self::replace), or if there is a file of that name.
    pub fn rename(&self, id: &FileId, name: &str, before: &[u8]) -> Result<(), String> {
        let path = self.own_file(id)?;
        unchanged(&path, before)?;
        let new = path.with_file_name(name);
        if new.parent() != path.parent() || new.file_name().is_none_or(|own| own != name) {
            return Err("the new name is no name of a file".to_owned());
        }
        // A second link fails where something is there; a rename would replace it.
        fs::hard_link(&path, &new).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => "there is a file of the new name".to_owned(),
            _ => describe(&error),
        })?;
        fs::remove_file(&path).map_err(|error| {
            let _ = fs::remove_file(&new);
            describe(&error)
        })
    }

    /// The path of a regular file of the tree, reached without any link.
    fn own_file(&self, id: &FileId) -> Result<PathBuf, String> {
        let root = self.root();
        let path = root.join(&id.service).join(&id.file);
        let real = fs::canonicalize(&path).map_err(|error| describe(&error))?;
        if real != path || !real.starts_with(root) {
            return Err("a link leads there".to_owned());
        }
        let is_file = fs::symlink_metadata(&real).is_ok_and(|metadata| metadata.is_file());
        if is_file { Ok(real) } else { Err("it is no regular file".to_owned()) }
    }
}

/// Whether the file still holds what was read.
fn unchanged(path: &Path, before: &[u8]) -> Result<(), String> {
    let limit = u64::try_from(read_limit()).unwrap_or(u64::MAX);
    let mut now = Vec::with_capacity(before.len() + 1);
    let read = File::open(path).and_then(|file| file.take(limit).read_to_end(&mut now));
    read.map_err(|error| describe(&error))?;
    if now == before { Ok(()) } else { Err("it was changed in the meantime".to_owned()) }
}

/// Writes a file of a new name beside `path`, with the owner and permissions of that.
fn write_beside(path: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let temporary = path.with_file_name(format!(".{name}.{}.soalint", std::process::id()));
    let metadata = fs::metadata(path)?;
    // Fails on whatever is there, links included.
    let mut file = OpenOptions::new().write(true).create_new(true).open(&temporary)?;
    let written = file.write_all(bytes).and_then(|()| {
        keep_owner(&file, &metadata);
        fs::set_permissions(&temporary, metadata.permissions())?;
        file.sync_data()
    });
    match written {
        Ok(()) => Ok(temporary),
        Err(error) => {
            let _ = fs::remove_file(&temporary);
            Err(error)
        }
    }
}

/// Gives the new file the owner of the old one, as far as we may.
#[cfg(unix)]
fn keep_owner(file: &File, metadata: &fs::Metadata) {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    // Only a privileged user may; for everybody else the new file is theirs, as an editor makes it.
    let _ = fchown(file, Some(metadata.uid()), Some(metadata.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_file: &File, _metadata: &fs::Metadata) {}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(name: &str) -> (PathBuf, DiskTree) {
        let root = std::env::temp_dir().join(format!("soalint-write-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(root.join("web")).unwrap();
        fs::write(root.join("web/a.yaml"), "old").unwrap();
        let tree = DiskTree::open(&root).unwrap();
        (root, tree)
    }

    fn id(file: &str) -> FileId {
        FileId { service: "web".to_owned(), file: file.to_owned() }
    }

    #[test]
    fn files_are_replaced_as_a_whole() {
        let (root, tree) = tree("replace");
        let path = root.join("web/a.yaml");
        assert!(tree.replace(&id("a.yaml"), b"other", b"new").is_err());
        assert_eq!(fs::read(&path).unwrap(), b"old");
        tree.replace(&id("a.yaml"), b"old", b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(root.join("web")).unwrap().count(), 1);
        assert!(tree.replace(&id("missing.yaml"), b"", b"new").is_err());
        assert!(tree.replace(&id("../web/a.yaml"), b"new", b"newer").is_err());
        fs::remove_dir_all(&root).unwrap();
    }

    #[test]
    fn nothing_is_overwritten_by_a_new_name() {
        let (root, tree) = tree("rename");
        fs::write(root.join("web/b.yaml"), "there").unwrap();
        assert!(tree.rename(&id("a.yaml"), "b.yaml", b"old").is_err());
        for name in ["../c.yaml", "", ".", "..", "x/y"] {
            assert!(tree.rename(&id("a.yaml"), name, b"old").is_err(), "{name}");
        }
        tree.rename(&id("a.yaml"), "c.yaml", b"old").unwrap();
        assert_eq!(fs::read(root.join("web/b.yaml")).unwrap(), b"there");
        assert_eq!(fs::read(root.join("web/c.yaml")).unwrap(), b"old");
        assert!(!root.join("web/a.yaml").exists());
        fs::remove_dir_all(&root).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn permissions_stay_and_links_are_not_followed() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let (root, tree) = tree("links");
        let path = root.join("web/a.yaml");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        tree.replace(&id("a.yaml"), b"old", b"new").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        symlink("a.yaml", root.join("web/link.yaml")).unwrap();
        assert!(tree.replace(&id("link.yaml"), b"new", b"newer").is_err());
        assert_eq!(fs::read(&path).unwrap(), b"new");
        fs::remove_dir_all(&root).unwrap();
    }
}
