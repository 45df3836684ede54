//! What git knows of a tree: an earlier commit, the index, and which services changed.
//!
//! Through the `git` command, which is there wherever a change is, and read-only: objects, the index
//! and file times. A repository can be hostile, so whatever its configuration could make git run is
//! switched off: filters, hooks, the file system monitor, fetching of missing objects. Needs git 2.31.

mod commit;
mod objects;
mod staged;

pub use commit::CommitTree;
pub use staged::StagedTree;

use std::collections::BTreeSet;
use std::env;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::printable;

/// Why git could not tell.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The tree is in no repository.
    #[error("`{0}` is not in a git repository")]
    NoRepository(String),
    /// There is no `git` to run.
    #[error("cannot run git: {0}")]
    NoGit(io::Error),
    /// There is no such commit.
    #[error("git knows no commit `{0}`")]
    NoCommit(String),
    /// The commits have nothing in common.
    #[error("`{0}` and HEAD have no common commit here")]
    NoMergeBase(String),
    /// The index is in the middle of a merge.
    #[error("the index has conflicts")]
    Conflicts,
    /// The repository belongs to another user, so git does not trust it (`safe.directory` in git-config).
    #[error("the repository at `{0}` belongs to another user, and git does not trust it")]
    OtherOwner(String),
    /// git failed, in its own words.
    #[error("git: {0}")]
    Failed(String),
}

/// The repository that a tree lies in.
#[derive(Clone, Debug)]
pub struct Repository {
    /// Its working tree.
    top: PathBuf,
    /// The root of the tree from there: empty, or ending in `/`.
    prefix: Vec<u8>,
    /// Configuration that overrides the repository's own.
    overrides: Vec<(OsString, &'static str)>,
    /// Another index than the repository's: `git commit FILE` gives its hooks one.
    index: Option<PathBuf>,
}

/// A commit by its full name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit(String);

impl Commit {
    /// Its full name.
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// The root of the repository that `path` lies in: the nearest directory upwards with a `.git`.
pub fn top_of(path: &Path) -> Option<&Path> {
    path.ancestors().find(|ancestor| is_top(ancestor))
}

/// Whether a directory is the root of a repository.
pub fn is_top(directory: &Path) -> bool {
    directory.join(".git").exists()
}

impl Repository {
    /// The repository of the tree at `root` (a path without links).
    pub fn of(root: &Path) -> Result<Self, Error> {
        let nothing = || Error::NoRepository(printable(root.as_os_str()));
        let top = top_of(root).ok_or_else(nothing)?;
        let relative = root.strip_prefix(top).map_err(|_| nothing())?;
        let mut prefix = bytes_of(relative.as_os_str());
        if !prefix.is_empty() {
            prefix.push(b'/');
        }
        let overrides =
            [("core.fsmonitor", "false"), ("core.hooksPath", "/dev/null"), ("core.untrackedCache", "false")];
        let overrides = overrides.into_iter().map(|(key, value)| (OsString::from(key), value)).collect();
        let mut repository = Self { top: top.to_owned(), prefix, overrides, index: None };
        repository.switch_filters_off()?;
        repository.index = repository.index_of_hook()?;
        Ok(repository)
    }

    /// A filter is a command that git runs on the content of files: each that is configured gets an
    /// empty one, which is none.
    fn switch_filters_off(&mut self) -> Result<(), Error> {
        let pattern = r"^filter\..*\.(clean|smudge|process|required)$";
        let listed = self.run(&["config", "-z", "--name-only", "--get-regexp", pattern])?;
        match listed.status.code() {
            // 1: there is none.
            Some(0 | 1) => {}
            _ => return Err(failure(&listed)),
        }
        for key in listed.stdout.split(|byte| *byte == 0).filter(|key| !key.is_empty()) {
            let value = if key.ends_with(b".required") { "false" } else { "" };
            self.overrides.push((os_string(key.to_vec()), value));
        }
        Ok(())
    }

    /// The index that the environment names, if it is one of this repository.
    fn index_of_hook(&self) -> Result<Option<PathBuf>, Error> {
        let Some(named) = env::var_os("GIT_INDEX_FILE").filter(|name| !name.is_empty()) else {
            return Ok(None);
        };
        let Ok(index) = std::fs::canonicalize(named) else { return Ok(None) };
        let mut answer = self.succeed(&["rev-parse", "--absolute-git-dir"])?;
        if answer.ends_with(b"\n") {
            answer.pop();
        }
        let directory = std::fs::canonicalize(PathBuf::from(os_string(answer)));
        Ok(directory.is_ok_and(|directory| index.starts_with(directory)).then_some(index))
    }

    /// The commit that `revision` names.
    pub fn commit(&self, revision: &str) -> Result<Commit, Error> {
        let unknown = || Error::NoCommit(crate::text::printable(revision));
        // No name of a commit starts so (git check-ref-format); git must not see an option.
        if revision.is_empty() || revision.starts_with('-') || revision.contains('\0') {
            return Err(unknown());
        }
        let wanted = format!("{revision}^{{commit}}");
        let output = self.run(&["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted])?;
        match output.status.code() {
            Some(0) => {
                let name = String::from_utf8_lossy(&output.stdout).trim().to_owned();
                let is_name = name.len() >= 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
                if is_name { Ok(Commit(name)) } else { Err(unknown()) }
            }
            Some(1) => Err(unknown()),
            _ if output.stderr.is_empty() => Err(unknown()),
            _ => Err(failure(&output)),
        }
    }

    /// Whether HEAD or the index has something at a path below the root of the tree.
    pub fn knows(&self, path: &Path) -> bool {
        let path = [self.prefix.as_slice(), &bytes_of(path.as_os_str())].concat();
        let listed = |arguments: &[&str]| {
            let mut command = self.command(arguments);
            let output = command.arg("--").arg(os_string(path.clone())).output();
            output.is_ok_and(|output| output.status.success() && !output.stdout.is_empty())
        };
        listed(&["ls-files", "-z", "--cached"]) || listed(&["ls-tree", "-z", "HEAD"])
    }

    /// The best common commit of `revision` and HEAD: where a change began.
    pub fn merge_base(&self, revision: &str) -> Result<Commit, Error> {
        let (head, other) = (self.commit("HEAD")?, self.commit(revision)?);
        let output = self.run(&["merge-base", head.name(), other.name()])?;
        match output.status.code() {
            Some(0) => Ok(Commit(String::from_utf8_lossy(&output.stdout).trim().to_owned())),
            Some(1) => Err(Error::NoMergeBase(crate::text::printable(revision))),
            _ => Err(failure(&output)),
        }
    }

    /// The services in which the working tree differs from `commit`, files unknown to git included.
    pub fn changed_since(&self, commit: &Commit) -> Result<BTreeSet<OsString>, Error> {
        // Two walks over all files: side by side.
        let (tracked, untracked) = rayon::join(
            || self.differing(&["diff-index", "-z", "--name-only"], &[commit.name()]),
            || self.untracked(),
        );
        let mut services = tracked?;
        services.extend(untracked?);
        Ok(services)
    }

    /// The services in which the index differs from `commit`; without one from nothing.
    pub fn staged_since(&self, commit: Option<&Commit>) -> Result<BTreeSet<OsString>, Error> {
        match commit {
            Some(commit) => {
                self.differing(&["diff-index", "--cached", "-z", "--name-only"], &[commit.name()])
            }
            None => self.services_in(&["ls-files", "-z"]),
        }
    }

    /// The services in which the working tree differs from the index.
    pub fn unstaged(&self) -> Result<BTreeSet<OsString>, Error> {
        let (tracked, untracked) =
            rayon::join(|| self.differing(&["diff-files", "-z", "--name-only"], &[]), || self.untracked());
        let mut services = tracked?;
        services.extend(untracked?);
        Ok(services)
    }

    /// The services that have files of which git knows nothing. Ignored ones count: soalint reads them.
    fn untracked(&self) -> Result<BTreeSet<OsString>, Error> {
        // With --directory a directory without any known file is one line, whatever it holds.
        let listed = self.paths(&["ls-files", "-z", "--others", "--directory"])?;
        let holds_tree = |path: &[u8]| path.ends_with(b"/") && self.prefix.starts_with(path);
        if listed.split(|byte| *byte == 0).any(holds_tree) {
            return self.services_in(&["ls-files", "-z", "--others"]);
        }
        Ok(self.services_of(&listed))
    }

    fn differing(&self, command: &[&str], rest: &[&str]) -> Result<BTreeSet<OsString>, Error> {
        let flags = ["--no-renames", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all"];
        self.services_in(&[command, &flags, rest].concat())
    }

    /// Runs a command that lists paths, and takes the directories of the tree's root from them.
    fn services_in(&self, arguments: &[&str]) -> Result<BTreeSet<OsString>, Error> {
        Ok(self.services_of(&self.paths(arguments)?))
    }

    fn services_of(&self, paths: &[u8]) -> BTreeSet<OsString> {
        let mut services = BTreeSet::new();
        for path in paths.split(|byte| *byte == 0) {
            let Some(path) = path.strip_prefix(self.prefix.as_slice()) else { continue };
            let Some(slash) = path.iter().position(|byte| *byte == b'/') else {
                // A file in the root is of no service; a link may be one.
                if !path.is_empty() {
                    services.insert(os_string(path.to_vec()));
                }
                continue;
            };
            services.insert(os_string(path.get(..slash).unwrap_or_default().to_vec()));
        }
        services
    }

    /// Runs a command that lists paths on those of the tree.
    fn paths(&self, arguments: &[&str]) -> Result<Vec<u8>, Error> {
        let mut command = self.command(arguments);
        command.arg("--");
        if !self.prefix.is_empty() {
            command.arg(os_string(self.prefix.clone()));
        }
        let output = command.output().map_err(Error::NoGit)?;
        if output.status.success() { Ok(output.stdout) } else { Err(failure(&output)) }
    }

    fn succeed(&self, arguments: &[&str]) -> Result<Vec<u8>, Error> {
        let output = self.run(arguments)?;
        if output.status.success() { Ok(output.stdout) } else { Err(failure(&output)) }
    }

    fn run(&self, arguments: &[&str]) -> Result<Output, Error> {
        self.command(arguments).output().map_err(Error::NoGit)
    }

    /// git in the working tree, with nothing of the repository's own to run.
    fn command(&self, arguments: &[&str]) -> Command {
        /// What hooks find set, and would lead git to another repository than that of the tree.
        const OTHERS: [&str; 8] = [
            "GIT_DIR",
            "GIT_WORK_TREE",
            "GIT_INDEX_FILE",
            "GIT_PREFIX",
            "GIT_COMMON_DIR",
            "GIT_NAMESPACE",
            "GIT_EXTERNAL_DIFF",
            "GIT_ATTR_SOURCE",
        ];
        let mut command = Command::new("git");
        command.current_dir(&self.top).args(["--no-pager", "--literal-pathspecs", "--no-replace-objects"]);
        command.args(arguments).stdin(Stdio::null());
        for name in OTHERS {
            command.env_remove(name);
        }
        command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0");
        // No network, ever: a partial clone must not fetch what it lacks, by whatever protocol.
        command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_ALLOW_PROTOCOL", "");
        if let Some(index) = &self.index {
            command.env("GIT_INDEX_FILE", index);
        }
        // After what the environment itself configures in this way (git-config, GIT_CONFIG_COUNT).
        let count = env::var("GIT_CONFIG_COUNT").ok().and_then(|count| count.parse::<usize>().ok());
        let first = count.unwrap_or(0);
        command.env("GIT_CONFIG_COUNT", (first + self.overrides.len()).to_string());
        for (index, (key, value)) in self.overrides.iter().enumerate() {
            command.env(format!("GIT_CONFIG_KEY_{}", first + index), key);
            command.env(format!("GIT_CONFIG_VALUE_{}", first + index), value);
        }
        command
    }
}

/// What git says, on one line.
fn failure(output: &Output) -> Error {
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("it failed without a word");
    let line = line.strip_prefix("fatal: ").or_else(|| line.strip_prefix("error: ")).unwrap_or(line);
    if let Some(path) = line.strip_prefix("detected dubious ownership in repository at ") {
        return Error::OtherOwner(crate::text::printable(path.trim_matches('\'')));
    }
    Error::Failed(crate::text::printable(line))
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
