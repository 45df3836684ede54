//! What a change touches: services, and names that files had before.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::index::Listed;
use super::listing::{Name, Steps};
use super::resolve::{Lookup, Recorded, Target, resolve};
use super::working::OnDisk;
use super::{Commit, Error, GitTree, Repository, WorkingTree, bytes_of, os_string};
use crate::repo::{Change, TreeSource as _, printable};

/// Files that git compares with files that are gone, to find out which were renamed, each with each
/// (git-diff, `-l`: git's own default).
const MOST_RENAMES: &str = "-l1000";

/// How a tree differs from a commit. Paths are relative to the root of the repository.
#[derive(Debug, Default)]
pub(super) struct Differences {
    /// Paths that differ, and whether there is something now.
    paths: BTreeMap<Vec<u8>, bool>,
    /// New names by old ones.
    renames: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl Differences {
    /// Parses `:mode mode object object STATUS`, path, and another path if it was renamed.
    fn parse(raw: &[u8]) -> Self {
        let mut differences = Self::default();
        let mut fields = raw.split(|byte| *byte == 0);
        while let (Some(line), Some(path)) = (fields.next(), fields.next()) {
            let status = line.rsplit(|byte| *byte == b' ').next().and_then(<[u8]>::first);
            match status {
                Some(b'R') => {
                    let Some(new) = fields.next() else { break };
                    differences.paths.insert(path.to_vec(), false);
                    differences.paths.insert(new.to_vec(), true);
                    differences.renames.insert(path.to_vec(), new.to_vec());
                }
                Some(b'D') => {
                    // A path can be there a second time, with its sides of a conflict.
                    differences.paths.entry(path.to_vec()).or_insert(false);
                }
                Some(_) => {
                    differences.paths.insert(path.to_vec(), true);
                }
                None => {}
            }
        }
        differences
    }

    /// Paths where something differs from before.
    pub(super) fn present(&self) -> impl Iterator<Item = &[u8]> {
        self.paths.iter().filter(|(_, is_there)| **is_there).map(|(path, _)| path.as_slice())
    }

    /// Paths where there is nothing any more.
    pub(super) fn removed(&self) -> impl Iterator<Item = &[u8]> {
        self.paths.iter().filter(|(_, is_there)| !**is_there).map(|(path, _)| path.as_slice())
    }

    /// Whether something at or below `path` differs.
    fn is_below(&self, path: &[u8]) -> bool {
        if path.is_empty() {
            return !self.paths.is_empty();
        }
        let mut after = self.paths.range(path.to_vec()..).map(|(other, _)| other.as_slice());
        // `web-2/x` stands between `web` and `web/x`.
        after
            .by_ref()
            .take_while(|other| other.starts_with(path))
            .any(|other| matches!(other.get(path.len()), None | Some(b'/')))
    }
}

/// How the index differs from a commit, and its links.
#[derive(Debug)]
pub struct Staged {
    pub(super) differences: Differences,
    /// Paths of all links.
    pub(super) links: Vec<Vec<u8>>,
}

impl Staged {
    /// What a change of `before` to what is staged touches.
    pub fn change(&self, repository: &Repository, before: &GitTree<'_>, after: &GitTree<'_>) -> Change {
        repository.change(&self.differences, &self.links, before, after)
    }
}

impl Repository {
    /// The steps to the root of the tree.
    pub(super) fn root(&self) -> Steps {
        steps(self.prefix())
    }

    /// How the index (`cached`), or the working tree as far as git knows it, differs from `base`.
    pub(super) fn differences(&self, base: &Commit, is_cached: bool) -> Result<Differences, Error> {
        let flags = ["--cached", "--ita-invisible-in-index", "-M50%", MOST_RENAMES];
        self.raw_differences(if is_cached { &flags } else { &flags[1..] }, base)
    }

    /// How the index differs from `base`, with what is only announced (`git add --intent-to-add`).
    pub(super) fn visible(&self, base: &Commit) -> Result<Differences, Error> {
        self.raw_differences(&["--cached", "--ita-visible-in-index", "--no-renames"], base)
    }

    fn raw_differences(&self, flags: &[&str], base: &Commit) -> Result<Differences, Error> {
        let arguments =
            ["diff-index", "-z", "--raw", "--no-ext-diff", "--no-textconv", "--ignore-submodules=dirty"];
        let arguments = [&arguments[..], flags, &[base.name()]].concat();
        Ok(Differences::parse(&self.paths(&arguments)?))
    }

    /// What a change of `before`, the tree of `base`, to the working tree touches.
    pub fn change_since(
        &self,
        base: &Commit,
        before: &GitTree<'_>,
        after: &WorkingTree,
    ) -> Result<Change, Error> {
        // Walks over all files: side by side.
        let ((tracked, added), (untracked, index)) = rayon::join(
            || rayon::join(|| self.differences(base, false), || self.visible(base)),
            || rayon::join(|| self.untracked(after), || self.index()),
        );
        let (mut differences, index) = (tracked?, index?);
        differences.paths.extend(untracked?.into_iter().map(|path| (path, true)));
        // An entry that only the index has is no difference to git where the disk has no such file, nor is an
        // empty directory in its place, or around it, an untracked one.
        for path in added?.present() {
            let is_there = self.is_on_disk(path) || self.is_on_disk(self.new_service(path, before));
            if !differences.paths.contains_key(path) && is_there {
                differences.paths.insert(path.to_vec(), true);
            }
        }
        // git does not look at these; whether they are as they were only their content tells.
        for entry in index.entries().filter(|entry| entry.is_flagged() || entry.may_be_intended()) {
            if !entry.is_skipped() || self.is_on_disk(entry.path) {
                differences.paths.insert(entry.path.to_vec(), true);
            }
        }
        Ok(self.change(&differences, &links(&index), before, &OnDisk { top: self.top(), tree: after }))
    }

    /// Files of which git knows nothing, and empty directories. Ignored ones count: soalint reads them.
    fn untracked(&self, disk: &WorkingTree) -> Result<Vec<Vec<u8>>, Error> {
        // With --directory a directory without any known file is one line, whatever it holds.
        let listed = self.paths(&["ls-files", "-z", "--others", "--directory"])?;
        let listed = listed.split(|byte| *byte == 0).filter(|path| !path.is_empty());
        let listed: Vec<Vec<u8>> = listed.map(<[u8]>::to_vec).collect();
        let holds_tree = |path: &Vec<u8>| path.ends_with(b"/") && self.prefix().starts_with(path);
        if listed.iter().any(holds_tree) {
            // git knows nothing of the whole tree.
            let services = disk.service_names().iter();
            return Ok(services.map(|name| [self.prefix(), &bytes_of(&name.raw)].concat()).collect());
        }
        Ok(listed)
    }

    /// The path of the service of `path` if the tree before has none of that name; else `path`.
    fn new_service<'p>(&self, path: &'p [u8], before: &GitTree<'_>) -> &'p [u8] {
        let below = path.strip_prefix(self.prefix()).unwrap_or(path);
        let Some(name) = below.split(|byte| *byte == b'/').next() else { return path };
        let is_known = before.service_names().iter().any(|known| bytes_of(&known.raw) == name);
        if is_known { path } else { path.get(..self.prefix().len() + name.len()).unwrap_or(path) }
    }

    fn is_on_disk(&self, path: &[u8]) -> bool {
        self.top().join(PathBuf::from(os_string(path.to_vec()))).symlink_metadata().is_ok()
    }

    fn change(
        &self,
        differences: &Differences,
        links: &[Vec<u8>],
        before: &dyn Lookup,
        after: &dyn Lookup,
    ) -> Change {
        let below = |path: &[u8]| path.strip_prefix(self.prefix()).map(<[u8]>::to_vec);
        let service = |path: &[u8]| Some(text(below(path)?.split(|byte| *byte == b'/').next()?));
        let mut touched: BTreeSet<String> =
            differences.paths.keys().filter_map(|path| service(path)).collect();
        let leads_elsewhere = |link: &[u8]| leads_elsewhere(link, differences, before, after);
        let mut inside: BTreeMap<&[u8], Vec<&[u8]>> = BTreeMap::new();
        for link in links {
            inside.entry(parent(link)).or_default().push(link);
        }
        for link in links {
            let depth = below(link).map_or(usize::MAX, |path| steps(&path).len());
            let is_other = match depth {
                // What lies in the directory of a service can lead elsewhere as well.
                1 => {
                    leads_elsewhere(link) || {
                        let directory = directory_of(link, after);
                        let links = directory.and_then(|directory| inside.get(directory.as_slice()));
                        links.is_some_and(|links| links.iter().any(|link| leads_elsewhere(link)))
                    }
                }
                2 => leads_elsewhere(link),
                _ => false,
            };
            if is_other {
                touched.extend(service(link));
            }
        }
        touched.remove("");
        let renames = differences.renames.iter();
        let renames = renames.filter_map(|(old, new)| Some((text(&below(old)?), text(&below(new)?))));
        Change { touched, renames: renames.collect() }
    }
}

/// Whether a link that is as it was leads to something else than before.
fn leads_elsewhere(link: &[u8], differences: &Differences, before: &dyn Lookup, after: &dyn Lookup) -> bool {
    let path = steps(link);
    let recorded = Recorded::new(after);
    let now = follow(&recorded, &path);
    if let Target::Directory(directory) = &now
        && differences.is_below(&joined(directory))
    {
        return true;
    }
    // If all was as it is on the way, it led to the same before.
    if !recorded.into_asked().iter().any(|asked| differences.is_below(&joined(asked))) {
        return false;
    }
    match (follow(before, &path), now) {
        // The working tree does not know objects: what differs is among the differences.
        (Target::File(before, _), Target::File(now, _)) => {
            before != now || differences.is_below(&joined(&now))
        }
        (before, now) => before != now,
    }
}

/// The directory that a link leads to.
fn directory_of(link: &[u8], tree: &dyn Lookup) -> Option<Vec<u8>> {
    match follow(tree, &steps(link)) {
        Target::Directory(directory) => Some(joined(&directory)),
        _ => None,
    }
}

/// The path of the directory that something lies in.
fn parent(path: &[u8]) -> &[u8] {
    path.iter().rposition(|byte| *byte == b'/').and_then(|slash| path.get(..slash)).unwrap_or_default()
}

fn follow(tree: &dyn Lookup, path: &[Name]) -> Target {
    let Some((name, directory)) = path.split_last() else { return Target::Nothing };
    resolve(tree, directory, name)
}

/// Paths of the links in the index.
fn links(index: &Listed) -> Vec<Vec<u8>> {
    let links = index.entries().filter(|entry| entry.mode == super::objects::Mode::Link);
    links.map(|entry| entry.path.to_vec()).collect()
}

fn steps(path: &[u8]) -> Steps {
    path.split(|byte| *byte == b'/').filter(|step| !step.is_empty()).map(<[u8]>::to_vec).collect()
}

fn joined(steps: &[Name]) -> Vec<u8> {
    steps.join(&b'/')
}

fn text(path: &[u8]) -> String {
    printable(&os_string(path.to_vec()))
}
