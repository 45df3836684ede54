//! What git knows of a tree: a commit, the index, what a sparse checkout leaves out, and which services
//! changed.
//!
//! ```text
//! objects ──▶ listing ──┬─▶ GitTree: a commit, or the index   ─┐
//! index ──────▲         └─▶ WorkingTree: disk, and what it lacks├─▶ Change: services, renamed files
//!                 resolve: links, in either ───────────────────┘
//! ```
//!
//! Through the `git` command, which is there wherever a change is, and read-only: objects, the index
//! and file times. A repository can be hostile, so whatever its configuration could make git run is
//! switched off: filters, hooks, the file system monitor, fetching of missing objects. Needs git 2.31.

mod change;
mod command;
mod index;
mod listing;
mod objects;
mod resolve;
mod revision;
mod tree;
mod working;

pub use change::Staged;
pub use command::{Repository, is_top, top_of};
pub use revision::{Commit, Gap};
pub use tree::GitTree;
pub use working::WorkingTree;

use std::ffi::{OsStr, OsString};

/// Why git could not tell.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The tree is in no repository.
    #[error("`{0}` is not in a git repository")]
    NoRepository(String),
    /// There is no `git` to run.
    #[error("cannot run git: {0}")]
    NoGit(String),
    /// The name of a commit is empty.
    #[error("the name of the commit to compare with is empty")]
    EmptyName,
    /// There is no commit at all.
    #[error("there is no commit yet")]
    Unborn,
    /// A range where one commit is wanted.
    #[error("`{range}` is a range, and a change is compared with one commit")]
    Range {
        /// The range.
        range: String,
        /// Where it begins.
        from: String,
    },
    /// There is no such commit.
    #[error("git knows no commit `{revision}`")]
    NoCommit {
        /// Its name, as given.
        revision: String,
        /// What the clone lacks.
        gap: Option<Gap>,
    },
    /// It is there, and has no history.
    #[error("`{revision}` is a {kind}, and a change is compared with a commit")]
    NotCommit {
        /// Its name, as given.
        revision: String,
        /// What it is.
        kind: &'static str,
    },
    /// The commits have nothing in common.
    #[error("`{revision}` and HEAD have no common commit here")]
    NoMergeBase {
        /// The other commit, as given.
        revision: String,
        /// What the clone lacks.
        gap: Option<Gap>,
    },
    /// An object that the repository should have.
    #[error("{} is missing here", match object { Some(name) => format!("the object {name}"), None => "an object".to_owned() })]
    Missing {
        /// Its name, if git says it.
        object: Option<String>,
        /// What the clone lacks.
        gap: Option<Gap>,
    },
    /// The index is in the middle of a merge.
    #[error("the index has conflicts in {}", some_of(.0))]
    Unmerged(Vec<String>),
    /// The repository belongs to another user, so git does not trust it (`safe.directory` in git-config).
    #[error("the repository at `{0}` belongs to another user, and git does not trust it")]
    OtherOwner(String),
    /// git failed, in its own words.
    #[error("git: {0}")]
    Failed(String),
}

/// The first of these names, and how many more there are.
fn some_of(names: &[String]) -> String {
    const MOST: usize = 10;
    let shown: Vec<String> =
        names.iter().take(MOST).map(|name| format!("`{}`", crate::text::printable(name))).collect();
    let more = match names.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", shown.join(", "))
}

#[cfg(unix)]
fn os_string(bytes: Vec<u8>) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes)
}

#[cfg(unix)]
fn bytes_of(name: &OsStr) -> Vec<u8> {
    std::os::unix::ffi::OsStrExt::as_bytes(name).to_vec()
}

// Elsewhere git writes names in UTF-8, with `/`.
#[cfg(not(unix))]
fn os_string(bytes: Vec<u8>) -> OsString {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

#[cfg(not(unix))]
fn bytes_of(name: &OsStr) -> Vec<u8> {
    name.to_string_lossy().replace('\\', "/").into_bytes()
}
