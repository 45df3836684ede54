//! Writing to the tree: whole files or nothing, never anything but what was read.

use std::fs;

use crate::repo::FileId;
use crate::write::Directory;

use super::{DiskTree, describe};

/// Writes to the files of a tree.
pub struct Writer<'t> {
    tree: &'t DiskTree,
    /// The directory of the last change: most services have several.
    last: Option<(String, Directory)>,
}

impl DiskTree {
    /// A writer for its files.
    pub const fn writer(&self) -> Writer<'_> {
        Writer { tree: self, last: None }
    }
}

impl Writer<'_> {
    /// Replaces a file that holds `before` by one that holds `after`.
    ///
    /// # Errors
    /// In words, if the directory is a link, or for a reason of [`Directory::replace`].
    pub fn replace(&mut self, id: &FileId, before: &[u8], after: &[u8]) -> Result<(), String> {
        let directory = self.directory(&id.service)?;
        directory.replace(&id.file, before, after).map_err(|error| describe(&error))
    }

    /// Gives a file that holds `before` another name in its directory; one that is there already is
    /// never overwritten.
    ///
    /// # Errors
    /// In words, if the directory is a link, or for a reason of [`Directory::rename`].
    pub fn rename(&mut self, id: &FileId, name: &str, before: &[u8]) -> Result<(), String> {
        let directory = self.directory(&id.service)?;
        directory.rename(&id.file, name, before).map_err(|error| describe(&error))
    }

    fn directory(&mut self, service: &str) -> Result<&Directory, String> {
        let is_last = self.last.as_ref().is_some_and(|(name, _)| name == service);
        if !is_last {
            let path = self.tree.root().join(service);
            let is_own = fs::canonicalize(&path).map_err(|error| describe(&error))? == path;
            if !is_own {
                return Err("a link leads there".to_owned());
            }
            let directory = Directory::open(&path).map_err(|error| describe(&error))?;
            self.last = Some((service.to_owned(), directory));
        }
        self.last.as_ref().map(|(_, directory)| directory).ok_or_else(|| "it is gone".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

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
        assert!(tree.writer().replace(&id("a.yaml"), b"other", b"new").is_err());
        assert_eq!(fs::read(&path).unwrap(), b"old");
        tree.writer().replace(&id("a.yaml"), b"old", b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(root.join("web")).unwrap().count(), 1);
        assert!(tree.writer().replace(&id("missing.yaml"), b"", b"new").is_err());
        assert!(tree.writer().replace(&id("../web/a.yaml"), b"new", b"newer").is_err());
        fs::remove_dir_all(&root).unwrap();
    }

    #[test]
    fn nothing_is_overwritten_by_a_new_name() {
        let (root, tree) = tree("rename");
        fs::write(root.join("web/b.yaml"), "there").unwrap();
        assert!(tree.writer().rename(&id("a.yaml"), "b.yaml", b"old").is_err());
        for name in ["../c.yaml", "", ".", "..", "x/y"] {
            assert!(tree.writer().rename(&id("a.yaml"), name, b"old").is_err(), "{name}");
        }
        tree.writer().rename(&id("a.yaml"), "c.yaml", b"old").unwrap();
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
        tree.writer().replace(&id("a.yaml"), b"old", b"new").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        symlink("a.yaml", root.join("web/link.yaml")).unwrap();
        assert!(tree.writer().replace(&id("link.yaml"), b"new", b"newer").is_err());
        assert_eq!(fs::read(&path).unwrap(), b"new");
        fs::remove_dir_all(&root).unwrap();
    }
}
