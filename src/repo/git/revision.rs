//! Which commit a name means, and why a clone does not have it.

use super::{Error, Repository};
use crate::text::printable;

/// A commit by its full name; or a tree without files, which is what comes before the first commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit(String);

impl Commit {
    /// Its full name.
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// What a clone lacks of the repository that it was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// The content of files, or whole directories (`git clone --filter`).
    Filtered,
    /// The commits before some (`git clone --depth`).
    Shallow,
}

impl Repository {
    /// The commit that `revision` names.
    pub fn commit(&self, revision: &str) -> Result<Commit, Error> {
        if revision.trim().is_empty() {
            return Err(Error::EmptyName);
        }
        let unknown = || match revision.split_once("..") {
            Some((from, _)) => Error::Range { range: printable(revision), from: printable(from) },
            None => Error::NoCommit { revision: printable(revision), gap: self.gap() },
        };
        // No name of a commit starts so (git check-ref-format); git must not see an option.
        if revision.starts_with('-') || revision.contains('\0') {
            return Err(unknown());
        }
        // Not in one step: what follows `:/` or `HEAD:` is a message or a path to its end.
        let object = self.object_named(revision)?.ok_or_else(unknown)?;
        if let Ok(Some(commit)) = self.object_named(&format!("{object}^{{commit}}")) {
            return Ok(Commit(commit));
        }
        match self.line(&["cat-file", "-t", &format!("{object}^{{}}")]).as_deref() {
            Ok(b"tree") => Err(Error::NotCommit { revision: printable(revision), kind: "directory" }),
            Ok(b"blob") => Err(Error::NotCommit { revision: printable(revision), kind: "file" }),
            _ => Err(unknown()),
        }
    }

    /// The full name of the object that `revision` names, whether it is here or not; `None` if there is none.
    fn object_named(&self, revision: &str) -> Result<Option<String>, Error> {
        let output = self.run(&["rev-parse", "--verify", "--quiet", "--end-of-options", revision])?;
        match output.status.code() {
            Some(0) => {
                let name = String::from_utf8_lossy(&output.stdout).trim().to_owned();
                let is_name = name.len() >= 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
                Ok(is_name.then_some(name))
            }
            Some(1) => Ok(None),
            _ if output.stderr.is_empty() => Ok(None),
            _ => Err(self.failure(&output)),
        }
    }

    /// The commit that the next one follows, if it is not the first.
    pub fn head(&self) -> Result<Option<Commit>, Error> {
        match self.commit("HEAD") {
            Ok(head) => Ok(Some(head)),
            Err(Error::NoCommit { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What comes before the first commit.
    pub fn nothing(&self) -> Result<Commit, Error> {
        // The name of a tree without entries; nothing is written.
        let name = self.line(&["hash-object", "-t", "tree", "--stdin"])?;
        Ok(Commit(String::from_utf8_lossy(&name).into_owned()))
    }

    /// The best common commit of `revision` and HEAD: where a change began. `None` before the first commit.
    pub fn merge_base(&self, revision: &str) -> Result<Option<Commit>, Error> {
        let Some(head) = self.head()? else {
            // HEAD by any of its names is not there yet; other names are to be right all the same.
            if !self.is_head(revision)? {
                self.commit(revision)?;
            }
            return Ok(None);
        };
        let other = self.commit(revision)?;
        let output = self.run(&["merge-base", head.name(), other.name()])?;
        match output.status.code() {
            Some(0) => Ok(Some(Commit(String::from_utf8_lossy(&output.stdout).trim().to_owned()))),
            Some(1) => Err(Error::NoMergeBase { revision: printable(revision), gap: self.gap() }),
            _ => Err(self.failure(&output)),
        }
    }

    /// Whether `revision` is another name of HEAD.
    fn is_head(&self, revision: &str) -> Result<bool, Error> {
        let output = self.run(&["symbolic-ref", "--quiet", "HEAD"])?;
        let branch = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        let short = branch.strip_prefix("refs/heads/").unwrap_or(&branch);
        Ok(matches!(revision, "HEAD" | "@") || revision == branch || revision == short)
    }

    /// What this clone lacks, if it was made so.
    pub(super) fn gap(&self) -> Option<Gap> {
        // Both are left behind by options of `git clone`; what cannot be asked is taken for complete.
        let promised = r"^(remote\..*\.promisor|extensions\.partialclone)$";
        if self.succeed(&["config", "--get-regexp", promised]).is_ok() {
            return Some(Gap::Filtered);
        }
        let shallow = self.line(&["rev-parse", "--is-shallow-repository"]);
        shallow.is_ok_and(|answer| answer == b"true").then_some(Gap::Shallow)
    }
}
