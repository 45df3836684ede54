//! Running git with nothing of the repository's own to run.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::{Error, bytes_of, os_string};
use crate::repo::printable;

/// The repository that a tree lies in.
#[derive(Clone, Debug)]
pub struct Repository {
    /// Its working tree.
    top: PathBuf,
    /// The root of the tree from there: empty, or ending in `/`.
    prefix: Vec<u8>,
    /// Configuration that overrides the repository's own.
    overrides: Vec<(OsString, &'static str)>,
    /// What leads git to this repository and its index, where the working tree alone does not.
    environment: Vec<(&'static str, OsString)>,
}

/// What hooks find set, and could lead git to another repository than that of the tree.
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

/// Settings that git must not take from the repository: two name programs, one makes git keep whole in
/// memory what soalint reads the beginning of, and with a sparse index as it is `diff-index` aborts where a
/// directory became a file (git 2.47).
const OVERRIDES: [(&str, &str); 5] = [
    ("core.fsmonitor", "false"),
    ("core.hooksPath", "/dev/null"),
    ("core.untrackedCache", "false"),
    ("core.bigFileThreshold", "16m"),
    ("index.sparse", "false"),
];

/// The root of the working tree that `path` lies in: the nearest directory upwards with a `.git`.
pub fn top_of(path: &Path) -> Option<&Path> {
    path.ancestors().find(|ancestor| is_top(ancestor))
}

/// Whether a directory is the root of a working tree.
pub fn is_top(directory: &Path) -> bool {
    directory.join(".git").exists()
}

/// A variable of the environment that is set to something.
fn named(variable: &str) -> Option<OsString> {
    env::var_os(variable).filter(|value| !value.is_empty())
}

impl Repository {
    /// The repository of the tree at `root` (a path without links): the one that it lies in, unless `GIT_DIR`
    /// and `GIT_WORK_TREE` name one whose working tree is nearer.
    pub fn of(root: &Path) -> Result<Self, Error> {
        let own = top_of(root);
        let named_top = named("GIT_WORK_TREE").and_then(|top| std::fs::canonicalize(top).ok());
        let is_nearer = |top: &PathBuf| root.starts_with(top) && own.is_none_or(|own| top.starts_with(own));
        let mut repository = Self {
            top: PathBuf::new(),
            prefix: Vec::new(),
            overrides: OVERRIDES.map(|(key, value)| (OsString::from(key), value)).to_vec(),
            environment: Vec::new(),
        };
        let index = named("GIT_INDEX_FILE").map(|index| ("GIT_INDEX_FILE", index));
        match (named("GIT_DIR"), named_top.filter(is_nearer), own) {
            (Some(directory), Some(top), _) => {
                // It is relative to the current directory, and git will be run in another.
                let directory = std::path::absolute(directory).unwrap_or_default();
                let names = [("GIT_DIR", directory.into()), ("GIT_WORK_TREE", top.clone().into())];
                repository.environment.extend(names.into_iter().chain(index));
                repository.top = top;
            }
            (_, _, Some(top)) => {
                repository.top = top.to_owned();
                // The index of a hook (`git commit FILE` gives it one of its own) is of its repository.
                repository.environment.extend(index.filter(|_| repository.is_that_of_the_environment()));
            }
            (_, _, None) => return Err(Error::NoRepository(printable(root.as_os_str()))),
        }
        let relative = root.strip_prefix(&repository.top).unwrap_or(Path::new(""));
        repository.prefix = bytes_of(relative.as_os_str());
        if !repository.prefix.is_empty() {
            repository.prefix.push(b'/');
        }
        repository.switch_filters_off()?;
        Ok(repository)
    }

    /// Whether git, without us, would work on this repository here.
    fn is_that_of_the_environment(&self) -> bool {
        let Some(directory) = named("GIT_DIR") else {
            let here = env::current_dir().and_then(std::fs::canonicalize);
            return here.is_ok_and(|here| top_of(&here) == Some(&self.top));
        };
        let own = self.line(&["rev-parse", "--absolute-git-dir"]).ok();
        let own = own.and_then(|own| std::fs::canonicalize(PathBuf::from(os_string(own))).ok());
        own.is_some() && own == std::fs::canonicalize(directory).ok()
    }

    /// A filter is a command that git runs on the content of files: each that is configured gets an
    /// empty one, which is none.
    fn switch_filters_off(&mut self) -> Result<(), Error> {
        let pattern = r"^filter\..*\.(clean|smudge|process|required)$";
        let listed = self.run(&["config", "-z", "--name-only", "--get-regexp", pattern])?;
        match listed.status.code() {
            // 1: there is none.
            Some(0 | 1) => {}
            _ => return Err(self.failure(&listed)),
        }
        for key in listed.stdout.split(|byte| *byte == 0).filter(|key| !key.is_empty()) {
            let value = if key.ends_with(b".required") { "false" } else { "" };
            self.overrides.push((os_string(key.to_vec()), value));
        }
        Ok(())
    }

    /// Its working tree.
    pub(super) fn top(&self) -> &Path {
        &self.top
    }

    /// The root of the tree from the working tree's: empty, or ending in `/`.
    pub(super) fn prefix(&self) -> &[u8] {
        &self.prefix
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

    /// Runs a command that lists paths, on those of the tree.
    pub(super) fn paths(&self, arguments: &[&str]) -> Result<Vec<u8>, Error> {
        let mut command = self.command(arguments);
        command.arg("--");
        if !self.prefix.is_empty() {
            command.arg(os_string(self.prefix.clone()));
        }
        let output = command.output().map_err(|error| Error::NoGit(error.to_string()))?;
        if output.status.success() { Ok(output.stdout) } else { Err(self.failure(&output)) }
    }

    /// Runs a command that must succeed.
    pub(super) fn succeed(&self, arguments: &[&str]) -> Result<Vec<u8>, Error> {
        let output = self.run(arguments)?;
        if output.status.success() { Ok(output.stdout) } else { Err(self.failure(&output)) }
    }

    /// What a command prints, without the line break at its end.
    pub(super) fn line(&self, arguments: &[&str]) -> Result<Vec<u8>, Error> {
        let mut answer = self.succeed(arguments)?;
        if answer.ends_with(b"\n") {
            answer.pop();
        }
        Ok(answer)
    }

    /// Runs a command.
    pub(super) fn run(&self, arguments: &[&str]) -> Result<Output, Error> {
        self.command(arguments).output().map_err(|error| Error::NoGit(error.to_string()))
    }

    /// git in the working tree, with nothing of the repository's own to run.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.current_dir(&self.top).args(["--no-pager", "--literal-pathspecs", "--no-replace-objects"]);
        command.args(arguments).stdin(Stdio::null());
        for name in OTHERS {
            command.env_remove(name);
        }
        command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0");
        // No network, ever: a partial clone must not fetch what it lacks, by whatever protocol.
        command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_ALLOW_PROTOCOL", "");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
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

    /// What git says, on one line; or what it means, where that is known.
    pub(super) fn failure(&self, output: &Output) -> Error {
        let text = String::from_utf8_lossy(&output.stderr);
        let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("it failed silently");
        let line = line.strip_prefix("fatal: ").or_else(|| line.strip_prefix("error: ")).unwrap_or(line);
        if let Some(path) = line.strip_prefix("detected dubious ownership in repository at ") {
            return Error::OtherOwner(crate::text::printable(path.trim_matches('\'')));
        }
        if ["lazy fetching disabled", "promisor", "unable to read"].iter().any(|words| text.contains(words))
            && let Some(gap) = self.gap()
        {
            return Error::Missing { object: None, gap: Some(gap) };
        }
        Error::Failed(crate::text::printable(line))
    }
}
