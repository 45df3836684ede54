//! `--against` and `--staged`: what a change is, and what of it is checked.

use std::collections::BTreeSet;
use std::ffi::OsString;

use clap::Args;

use crate::check::{self, Outcome, Scope};
use crate::repo::ServiceName;
use crate::repo::git::{self, Commit, CommitTree, Repository, StagedTree};
use crate::rules::Env;

use super::Error;
use super::tree::Tree;

/// Which change is checked.
#[derive(Debug, Args)]
#[command(next_help_heading = "Changes")]
pub struct ChangeArgs {
    /// Report only what is new since the common commit of HEAD and REV
    #[arg(long, value_name = "REV")]
    pub against: Option<String>,
    /// Check what is staged instead of the working tree, in the services that it touches
    #[arg(long)]
    pub staged: bool,
}

impl ChangeArgs {
    /// Whether the tree is checked as it is.
    pub(super) const fn is_none(&self) -> bool {
        self.against.is_none() && !self.staged
    }

    /// Checks the tree, or the change that the flags describe.
    pub(super) fn check(
        &self,
        tree: &Tree,
        scope: &Scope,
        env: &Env,
        verbose: bool,
    ) -> Result<Outcome, Error> {
        if self.is_none() {
            return Ok(check::check(&tree.disk, scope, env));
        }
        let repository = Repository::of(tree.disk.root())?;
        let Some(revision) = &self.against else { return staged(&repository, tree, scope, env) };
        let base = repository.merge_base(revision)?;
        if verbose {
            say!("soalint: against commit {}", base.name());
        }
        let before = CommitTree::open(&repository, &base)?;
        let outcome = if self.staged {
            let after = StagedTree::open(&repository, &tree.disk)?;
            let touched = services(repository.staged_since(Some(&base))?);
            let outcome = check::check_against(&before, &after, &touched, scope, env);
            unless_failed(outcome, after.failure())?
        } else {
            let touched = services(repository.changed_since(&base)?);
            check::check_against(&before, &tree.disk, &touched, scope, env)
        };
        unless_failed(outcome, before.failure())
    }
}

/// Checks the services that the next commit touches, as it will have them.
fn staged(repository: &Repository, tree: &Tree, scope: &Scope, env: &Env) -> Result<Outcome, Error> {
    let head: Option<Commit> = match repository.commit("HEAD") {
        Ok(head) => Some(head),
        // The first commit has none before it.
        Err(git::Error::NoCommit(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let mut touched = services(repository.staged_since(head.as_ref())?);
    let is_any_staged = !touched.is_empty();
    if let Scope::Services(wanted) = scope {
        touched.retain(|service| wanted.contains(service));
    }
    let source = StagedTree::open(repository, &tree.disk)?;
    let mut outcome = check::check(&source, &Scope::Services(touched), env);
    outcome.nothing = match outcome.services {
        0 if !is_any_staged => Some("Nothing is staged"),
        0 if matches!(scope, Scope::Services(_)) => {
            Some("Nothing to check: no file of these services is staged")
        }
        0 => Some("Nothing to check: no file of a service is staged"),
        _ => None,
    };
    unless_failed(outcome, source.failure())
}

fn services(names: BTreeSet<OsString>) -> BTreeSet<String> {
    names.into_iter().map(|name| ServiceName::new(name).text).collect()
}

/// What was found, unless git could not give everything.
fn unless_failed(outcome: Outcome, failure: Option<git::Error>) -> Result<Outcome, Error> {
    match failure {
        Some(error) => Err(error.into()),
        None => Ok(outcome),
    }
}

impl From<git::Error> for Error {
    fn from(error: git::Error) -> Self {
        let help = match &error {
            git::Error::NoRepository(_) => "--against and --staged compare with what git knows of the tree",
            git::Error::NoGit(_) => "--against and --staged need the git command",
            git::Error::NoCommit(_) | git::Error::NoMergeBase(_) => {
                "fetch it first; in CI, check out the whole history (on GitHub: `fetch-depth: 0`)"
            }
            git::Error::Conflicts => "resolve them and stage the result",
            // Usual in a container of CI.
            git::Error::OtherOwner(top) => {
                let advice = format!("if you trust it: git config --global --add safe.directory {top}");
                return Error::usage(error.to_string(), advice);
            }
            git::Error::Failed(_) => "",
        };
        Error::usage(error.to_string(), help)
    }
}
