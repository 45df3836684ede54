//! `--against`, `--staged` and `--pre-commit`: what a change is, and what of it is checked.

use std::env;

use clap::Args;

use crate::check::{self, Outcome, Report, Scope, Sides};
use crate::repo::git::{self, Gap, GitTree, Repository, WorkingTree};
use crate::repo::{Change, TreeSource};
use crate::rules::Env;
use crate::secret;

use super::Error;
use super::beside::Beside;
use super::tree::Tree;

/// Which change is checked.
#[derive(Debug, Args)]
#[command(next_help_heading = "Changes")]
pub struct ChangeArgs {
    /// Report only what is new since the common commit of HEAD and REV
    #[arg(long, value_name = "REV")]
    pub against: Option<String>,
    /// Check what is staged instead of the working tree: the services that it touches, and what is new
    /// in others
    #[arg(long)]
    pub staged: bool,
    /// Check what the hook of pre-commit is run for: what is staged during `git commit`, the commits of a
    /// push, else (`pre-commit run`) the whole tree
    #[arg(long, conflicts_with_all = ["against", "staged"])]
    pub pre_commit: bool,
}

/// What is compared.
struct Compared {
    /// With the common commit of HEAD and this one; without one, with HEAD.
    base: Option<String>,
    /// What is staged, not the working tree.
    is_staged: bool,
    report: Report,
}

impl ChangeArgs {
    /// The change that the flags describe; `None` if the tree is checked as it is.
    pub(super) fn open<'t>(&self, tree: &'t Tree, verbose: bool) -> Result<Option<Changed<'t>>, Error> {
        let Some(compared) = self.compared() else { return Ok(None) };
        let repository = Repository::of(tree.disk.root())?;
        let base = match &compared.base {
            Some(revision) => repository.merge_base(revision)?,
            None => repository.head()?,
        };
        let base = match base {
            Some(base) => base,
            // The first commit has none before it.
            None if compared.is_staged => repository.nothing()?,
            None => return Err(git::Error::Unborn.into()),
        };
        if verbose {
            say!("soalint: against commit {}", base.name());
        }
        let before = GitTree::of_commit(&repository, &base)?;
        let (after, change) = if compared.is_staged {
            let (after, staged) = repository.staged(&base, &tree.disk)?;
            let change = staged.change(&repository, &before, &after);
            (After::Staged(Box::new(after)), change)
        } else {
            let change = repository.change_since(&base, &before, &tree.disk)?;
            (After::Disk(&tree.disk), change)
        };
        Ok(Some(Changed { before, after, change, report: compared.report }))
    }

    fn compared(&self) -> Option<Compared> {
        let named = |variable| env::var(variable).ok().filter(|value| !value.is_empty());
        if self.pre_commit {
            if let Some(from) = named("PRE_COMMIT_FROM_REF") {
                return Some(Compared { base: Some(from), is_staged: false, report: Report::Touched });
            }
            // `git commit` tells its hooks which index it is about to commit; nothing else does.
            let is_commit = env::var_os("GIT_INDEX_FILE").is_some_and(|index| !index.is_empty());
            return is_commit.then_some(Compared { base: None, is_staged: true, report: Report::Touched });
        }
        let report = if self.against.is_some() { Report::New } else { Report::Touched };
        let is_any = self.against.is_some() || self.staged;
        is_any.then(|| Compared { base: self.against.clone(), is_staged: self.staged, report })
    }
}

/// A change: the trees before and after it, and what differs.
pub(super) struct Changed<'t> {
    before: GitTree<'static>,
    after: After<'t>,
    change: Change,
    report: Report,
}

enum After<'t> {
    Disk(&'t WorkingTree),
    Staged(Box<GitTree<'t>>),
}

impl Changed<'_> {
    /// Where the configuration of the later tree is, which judges both unless it is part of the change
    /// ([`Changed::beside_before`]).
    pub(super) fn beside<'c>(&'c self, tree: &'c Tree) -> Beside<'c> {
        match &self.after {
            After::Disk(_) => Beside::Disk(tree),
            After::Staged(staged) => Beside::Git(staged),
        }
    }

    /// Where that of the earlier tree is, if a change of it counts: whoever asks for what is new since a commit
    /// does not ask what a stricter configuration says of what was there.
    pub(super) fn beside_before(&self) -> Option<Beside<'_>> {
        (self.report == Report::Touched).then_some(Beside::Git(&self.before))
    }

    /// The later tree.
    pub(super) fn after(&self) -> &dyn TreeSource {
        match &self.after {
            After::Disk(disk) => *disk,
            After::Staged(staged) => &**staged,
        }
    }

    /// The services that are checked, out of those of `scope`.
    pub(super) fn touched(&self, scope: &Scope) -> Scope {
        let touched = self.change.touched.iter().filter(|service| scope.includes(service));
        Scope::Services(touched.cloned().collect())
    }

    /// Why the later tree could not be read as a whole, if that is what is staged.
    pub(super) fn failure(&self) -> Option<Error> {
        match &self.after {
            After::Disk(_) => None,
            After::Staged(staged) => staged.failure().map(Error::from),
        }
    }

    /// Checks the change; `earlier` is what the earlier tree is judged by, if the change is one of that as well.
    ///
    /// # Errors
    /// The earlier tree could not be read as a whole: what is new, nobody knows then.
    pub(super) fn check(&self, scope: &Scope, earlier: Option<&Env>, env: &Env) -> Result<Outcome, Error> {
        let sides = Sides { before: &self.before, after: self.after(), change: &self.change };
        let mut outcome = match earlier {
            Some(earlier) => check::check_reconfigured(sides, scope, earlier, env),
            None => check::check_against(sides, self.report, scope, env),
        };
        if outcome.files == 0 {
            outcome.nothing = Some(self.nothing(scope));
        }
        match self.before.failure() {
            Some(error) => Err(error.into()),
            None => Ok(outcome),
        }
    }

    /// Why there is no file to check.
    fn nothing(&self, scope: &Scope) -> &'static str {
        let is_staged = matches!(self.after, After::Staged(_));
        let mut touched = self.change.touched.iter().filter(|service| scope.includes(service));
        let has = |source: &dyn TreeSource, service: &String| {
            source.service_names().iter().any(|name| name.text == *service)
        };
        let is_removed = |service: &&String| has(&self.before, service) && !has(self.after(), service);
        if touched.any(|service| is_removed(&service)) {
            return "Nothing to check: no service depends on what was removed";
        }
        match (is_staged, scope) {
            (true, _) if self.change.touched.is_empty() => "Nothing is staged",
            (true, Scope::Services(_)) => "Nothing to check: no file of these services is staged",
            (true, Scope::Everything) => "Nothing to check: no file of a service is staged",
            (false, Scope::Services(_)) => "Nothing to check: no file of these services has changed",
            (false, Scope::Everything) => "Nothing to check: no file of a service has changed",
        }
    }
}

impl From<git::Error> for Error {
    fn from(error: git::Error) -> Self {
        // What was given for a name may be an address with a password.
        let message = secret::mask(&error.to_string()).into_owned();
        let help = match error {
            git::Error::NoRepository(_) => "--against and --staged compare with what git knows of the tree".into(),
            git::Error::NoGit(_) => "what changed, and what a sparse checkout leaves out, git alone knows".into(),
            git::Error::EmptyName => "is a variable not set? name a commit or a branch: --against origin/main".into(),
            git::Error::Unborn => "there is nothing to compare with yet: `soalint check` checks the tree as it is".into(),
            git::Error::Range { from, .. } if from.is_empty() => {
                "name one commit or branch: what is compared with is its common commit with HEAD".into()
            }
            git::Error::Range { from, .. } => {
                let from = secret::mask(&from);
                format!("`--against {from}` compares with the common commit of `{from}` and HEAD")
            }
            git::Error::NoCommit { gap: Some(Gap::Shallow), .. }
            | git::Error::NoMergeBase { gap: Some(Gap::Shallow), .. }
            | git::Error::Missing { gap: Some(Gap::Shallow), .. } => {
                "this clone is shallow: `git fetch --unshallow` (on GitHub: `fetch-depth: 0` of actions/checkout), \
                 and fetch the branch to compare with"
                    .into()
            }
            git::Error::NoCommit { .. } => {
                "is it spelt right? a branch of the server has to be fetched: `git fetch origin BRANCH`, then \
                 `--against origin/BRANCH`"
                    .into()
            }
            git::Error::NotCommit { .. } => "name a commit, a branch or a tag of one".into(),
            git::Error::NoMergeBase { .. } => "the two have nothing in common: compare with another branch".into(),
            git::Error::Missing { gap: Some(Gap::Filtered), .. } => {
                "this clone leaves out objects (`--filter`), and soalint fetches nothing: `git fetch --refetch --no-filter` \
                 fetches them, and a clone without `--filter` has them"
                    .into()
            }
            git::Error::Missing { .. } => "the repository is damaged: `git fsck` says what it lacks".into(),
            git::Error::Unmerged(_) => "resolve the conflicts and stage the result with `git add`".into(),
            // Usual in a container of CI.
            git::Error::OtherOwner(top) => {
                format!("if you trust it: git config --global --add safe.directory {top}")
            }
            git::Error::Failed(_) => String::new(),
        };
        Error::usage(message, help)
    }
}
