//! Random repositories: what `--staged` says of the services that a commit touches is what a check of a clone of
//! that commit says of them; what either way to look at a change says of others is what two checks of the whole
//! trees have between them; a sparse checkout is as good as the tree that it leaves out parts of.
//!
//! `SOALINT_REPOSITORIES=5000` tries more than the usual 200; `SOALINT_SEED` begins elsewhere.

#![cfg(unix)]

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use soalint::check::{Outcome, Report, Scope, Sides, check, check_against};
use soalint::config::Settings;
use soalint::diagnostic::Diagnostic;
use soalint::repo::disk::DiskTree;
use soalint::repo::git::{GitTree, Repository, WorkingTree};
use soalint::repo::{Change, TreeSource, printable};
use soalint::rules::Env;

use crate::support::random::{Dice, examples};

/// Changes that one repository goes through.
const CHANGES: usize = 10;

/// How a repository is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Plain,
    Nested,
    Worktree,
    Cone,
    Lines,
    SparseIndex,
    NestedSparse,
    SplitIndex,
    Version4,
    Sha256,
}

struct World {
    /// The root of the working tree.
    top: PathBuf,
    /// The root of the tree of services.
    root: PathBuf,
    kind: Kind,
    dice: Dice,
}

/// git, which may fail: not every change can be made in every state.
fn try_git(directory: &Path, arguments: &[&OsStr], index: Option<&Path>) -> Option<Vec<u8>> {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]);
    command.args(["-c", "core.autocrlf=false", "-c", "gc.auto=0", "-c", "advice.updateSparsePath=false"]);
    command.args(arguments).current_dir(directory).env("GIT_CONFIG_GLOBAL", "/dev/null").stdin(Stdio::null());
    for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
        command.env_remove(name);
    }
    if let Some(index) = index {
        command.env("GIT_INDEX_FILE", index);
    }
    let output = command.output().expect("git runs");
    output.status.success().then_some(output.stdout)
}

impl World {
    fn new(name: &str, kind: Kind, seed: u64, texts: &BTreeMap<String, String>) -> Self {
        let base = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("property-{}", number("SOALINT_SEED", 1)));
        let base = base.join(name);
        let _ = fs::remove_dir_all(&base);
        fs::create_dir_all(&base).expect("a directory");
        let base = fs::canonicalize(base).expect("a directory");
        let top = base.join("repository");
        let format = if kind == Kind::Sha256 { "--object-format=sha256" } else { "--object-format=sha1" };
        let made = try_git(&base, &["init", "-q", format, "-b", "main", "repository"].map(OsStr::new), None);
        made.expect("a repository");
        let root = if matches!(kind, Kind::Nested | Kind::NestedSparse) {
            top.join("some/configs")
        } else {
            top.clone()
        };
        let mut world = Self { top, root, kind, dice: Dice(seed) };
        if kind == Kind::Version4 {
            world.git(&["config", "index.version", "4"]);
        }
        let services: BTreeSet<&str> =
            texts.keys().filter_map(|path| Some(path.split_once('/')?.0)).collect();
        let services: Vec<&str> = services.into_iter().collect();
        let chosen: BTreeSet<&str> = (0..5).map(|_| *world.dice.pick(&services)).collect();
        for (path, text) in texts {
            if path.split_once('/').is_some_and(|(service, _)| chosen.contains(service)) {
                world.write(path, text.as_bytes());
            }
        }
        world.write(".shared/marathon-SHARED.yaml", b"main:\n  cmd: run\n  args: [x]\n");
        world.commit();
        if kind == Kind::Worktree {
            world.git(&["worktree", "add", "-q", "-b", "linked", "../linked"]);
            world.top = base.join("linked");
            world.root.clone_from(&world.top);
        }
        if kind == Kind::SplitIndex {
            world.git(&["update-index", "--split-index"]);
        }
        world
    }

    fn git(&self, arguments: &[&str]) -> Option<Vec<u8>> {
        try_git(&self.top, &arguments.iter().map(OsStr::new).collect::<Vec<_>>(), None)
    }

    /// git on a path of the tree.
    fn git_at(&self, arguments: &[&str], path: &[u8]) -> Option<Vec<u8>> {
        let mut all: Vec<&OsStr> = arguments.iter().map(OsStr::new).collect();
        all.push(OsStr::from_bytes(path));
        try_git(&self.root, &all, None)
    }

    fn place(&self, path: &[u8]) -> PathBuf {
        self.root.join(OsStr::from_bytes(path))
    }

    fn write(&self, path: &str, text: &[u8]) {
        self.write_at(path.as_bytes(), text);
    }

    fn write_at(&self, path: &[u8], text: &[u8]) {
        let place = self.place(path);
        if place.is_symlink() {
            let _ = fs::remove_file(&place);
        }
        // Where a file is in the way, nothing is written.
        let _ = fs::create_dir_all(place.parent().expect("a parent")).and_then(|()| fs::write(&place, text));
    }

    fn remove(&self, path: &[u8]) {
        let place = self.place(path);
        let is_directory = place.symlink_metadata().is_ok_and(|found| found.is_dir());
        let _ = if is_directory { fs::remove_dir_all(&place) } else { fs::remove_file(&place) };
    }

    fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "x"]).expect("a commit");
    }

    /// Paths of all entries of services on disk, and of some that the index has.
    fn paths(&self) -> Vec<Vec<u8>> {
        let listed = try_git(&self.root, &["ls-files", "-z"].map(OsStr::new), None).unwrap_or_default();
        let mut paths: Vec<Vec<u8>> =
            listed.split(|byte| *byte == 0).filter(|path| path.contains(&b'/')).map(<[u8]>::to_vec).collect();
        paths.retain(|path| !path.starts_with(b"."));
        if paths.is_empty() {
            paths.push(b"web/marathon-prod.yaml".to_vec());
        }
        paths
    }

    /// One change that a person could make, staged or not.
    #[expect(clippy::too_many_lines, reason = "a list of what people do")]
    fn change(&mut self, texts: &BTreeMap<String, String>) {
        let paths = self.paths();
        let path = self.dice.pick(&paths).clone();
        let other = self.dice.pick(&paths).clone();
        let service = service_of(&path);
        let text = fs::read(self.place(&path)).unwrap_or_default();
        let all: Vec<&String> = texts.values().collect();
        let odd: [&[u8]; 4] = [b"a b", b"line\nbreak", b"\xff\xfe", b"new"];
        let any = (*self.dice.pick(&all)).clone();
        let coin = self.dice.one_in(2);
        match self.dice.below(20) {
            0 | 1 => {
                let mut lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
                if !lines.is_empty() {
                    let at = self.dice.below(lines.len());
                    if self.dice.one_in(2) {
                        lines.remove(at);
                    } else {
                        lines.insert(at, lines[at]);
                    }
                    self.write_at(&path, &lines.concat());
                }
            }
            2 => self.write_at(&path, &fs::read(self.place(&other)).unwrap_or_default()),
            3 => {
                self.write_at(&path, any.as_bytes());
            }
            4 => self.remove(&path),
            5 => self.remove(&service),
            6 => {
                self.git_at(&["rm", "-q", "-r", "--cached", "--"], if coin { &path } else { &service });
            }
            7 => {
                let new = [b"renamed-", &service[..]].concat();
                let _ = fs::rename(self.place(&service), self.place(&new));
            }
            8 => {
                let new = [&service[..], b"/marathon-moved.yaml"].concat();
                let _ = fs::rename(self.place(&path), self.place(&new));
            }
            9 => {
                // Beside a file of the same service, of another, of a hidden directory, of nothing, out of the
                // tree, to directories, with detours.
                let name = name_of(&other);
                let targets: [Vec<u8>; 9] = [
                    name.clone(),
                    [b"../", &other[..]].concat(),
                    b"../.shared/marathon-SHARED.yaml".to_vec(),
                    b"nowhere.yaml".to_vec(),
                    b"../../outside.yaml".to_vec(),
                    b"/etc/hostname".to_vec(),
                    [b"../", &service_of(&other)[..], b"/../", &other[..]].concat(),
                    [b"../", &service_of(&other)[..]].concat(),
                    [&name[..], b"/"].concat(),
                ];
                let target = self.dice.pick(&targets).clone();
                let names: [&[u8]; 3] = [b"marathon-linked.yaml", b"smartstack.yaml", b"chronos-linked.yaml"];
                let name: &[u8] = names[self.dice.below(names.len())];
                let link = [&service[..], b"/", name].concat();
                self.remove(&link);
                let _ = symlink(OsStr::from_bytes(&target), self.place(&link));
            }
            10 => {
                let targets: [Vec<u8>; 4] = [
                    service_of(&other),
                    b".".to_vec(),
                    b"nowhere".to_vec(),
                    [b"./", &service[..], b"/"].concat(),
                ];
                let target = self.dice.pick(&targets).clone();
                let names: [&[u8]; 3] = [b"also", b"again", b"marathon-root.yaml"];
                let link = self.dice.pick(&names).to_vec();
                self.remove(&link);
                let _ = symlink(OsStr::from_bytes(&target), self.place(&link));
            }
            11 => {
                let flags =
                    ["--assume-unchanged", "--skip-worktree", "--no-assume-unchanged", "--no-skip-worktree"];
                let flag = *self.dice.pick(&flags);
                self.git_at(&["update-index", flag, "--"], &path);
                self.write_at(&path, any.as_bytes());
            }
            12 => {
                let new = [&service[..], b"/marathon-announced.yaml"].concat();
                self.write_at(&new, any.as_bytes());
                self.git_at(&["add", "-N", "--"], &new);
            }
            13 => {
                let name = *self.dice.pick(&odd);
                let new = [name, b"/marathon-prod.yaml"].concat();
                self.write_at(&new, any.as_bytes());
            }
            14 => {
                let name = *self.dice.pick(&odd);
                let new = [&service[..], b"/marathon-", name, b".yaml"].concat();
                self.write_at(&new, b"main: {cmd: run, args: [x]}\n");
            }
            15 => {
                let new = [&service[..], b"/inner/", &name_of(&other)[..]].concat();
                self.write_at(&new, any.as_bytes());
            }
            16 => {
                self.remove(&path);
                self.write_at(&[&path[..], b"/inside.yaml"].concat(), b"x: y\n");
            }
            17 => self.write(".shared/marathon-SHARED.yaml", if coin { b"main: {cmd: run}\n" } else { b"" }),
            18 => self.write("marathon-root.yaml", b"main: {cmd: run}\n"),
            _ => self.write_at(&[&service[..], b"/", &name_of(&other)[..]].concat(), &text),
        }
    }

    fn stage(&mut self) {
        let sparse = "--sparse";
        match self.dice.below(4) {
            0 => {}
            1 => {
                let paths = self.paths();
                let path = self.dice.pick(&paths).clone();
                self.git_at(&["add", sparse, "-A", "--"], &service_of(&path));
            }
            _ => {
                self.git(&["add", sparse, "-A"]);
            }
        }
    }

    /// Checks out only a part.
    fn leave_out(&mut self) {
        let paths = self.paths();
        let prefix = if self.kind == Kind::NestedSparse { "some/configs/" } else { "" };
        let mut services: Vec<String> = Vec::new();
        for _ in 0..2 {
            let path = self.dice.pick(&paths).clone();
            let service = String::from_utf8_lossy(&service_of(&path)).into_owned();
            // A pattern with more than letters would mean something else.
            if service.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_') {
                services.push(format!("{prefix}{service}"));
            }
        }
        let flags: &[&str] = match self.kind {
            Kind::Cone | Kind::NestedSparse => &["--cone", "--no-sparse-index"],
            Kind::SparseIndex => &["--cone", "--sparse-index"],
            Kind::Lines => &["--no-cone"],
            _ => return,
        };
        if !services.is_empty() {
            let services: Vec<&str> = services.iter().map(String::as_str).collect();
            self.git(&[&["sparse-checkout", "set"], flags, &services].concat());
        }
    }

    /// The files of a commit or tree in a directory beside the repository, as a clone has them.
    fn check_out(&self, name: &str, tree: &str) -> PathBuf {
        let place = self.top.with_file_name(name);
        let _ = fs::remove_dir_all(&place);
        fs::create_dir_all(&place).expect("a directory");
        let index = self.top.with_file_name(format!("{name}-index"));
        let _ = fs::remove_file(&index);
        let place_arg = format!("--work-tree={}", place.display());
        let sparse =
            ["-c", "core.sparseCheckout=false", "-c", "index.sparse=false", "-c", "core.splitIndex=false"];
        let arguments = [&sparse[..], &[&place_arg, "read-tree", "-u", "--reset", tree]].concat();
        let arguments: Vec<&OsStr> = arguments.iter().map(OsStr::new).collect();
        try_git(&self.top, &arguments, Some(&index)).expect("a checkout");
        let below = self.root.strip_prefix(&self.top).expect("below the top");
        // git keeps no empty directory.
        fs::create_dir_all(place.join(below)).expect("a directory");
        place.join(below)
    }

    /// The working tree with what a sparse checkout leaves out.
    fn completed(&self) -> PathBuf {
        let place = self.top.with_file_name("completed");
        let _ = fs::remove_dir_all(&place);
        fs::create_dir_all(&place).expect("a directory");
        let entries = fs::read_dir(&self.top).expect("a tree").flatten();
        let entries = entries.filter(|entry| entry.file_name() != ".git").map(|entry| entry.path());
        let copied = Command::new("cp").arg("-a").args(entries).arg(&place).status();
        assert!(copied.expect("cp runs").success());
        let listed = self.git(&["ls-files", "-z", "-t"]).expect("a listing");
        let skipped = listed.split(|byte| *byte == 0).filter_map(|line| line.strip_prefix(b"S "));
        for path in skipped.filter(|path| self.top.join(OsStr::from_bytes(path)).symlink_metadata().is_err())
        {
            let name = [b":", path].concat();
            let mode = try_git(
                &self.top,
                &["ls-files", "-s", "-z", "--"]
                    .map(OsStr::new)
                    .into_iter()
                    .chain([OsStr::from_bytes(path)])
                    .collect::<Vec<_>>(),
                None,
            );
            let blob = try_git(
                &self.top,
                &[OsStr::new("cat-file"), OsStr::new("blob"), OsStr::from_bytes(&name)],
                None,
            );
            let (mode, blob) = (mode.expect("an entry"), blob.expect("an object"));
            let target = place.join(OsStr::from_bytes(path));
            let _ = fs::create_dir_all(target.parent().expect("a parent"));
            let _ = if mode.starts_with(b"120000") {
                symlink(OsStr::from_bytes(&blob), &target)
            } else {
                fs::write(&target, &blob)
            };
        }
        place.join(self.root.strip_prefix(&self.top).expect("below the top"))
    }
}

fn service_of(path: &[u8]) -> Vec<u8> {
    path.split(|byte| *byte == b'/').next().unwrap_or_default().to_vec()
}

fn name_of(path: &[u8]) -> Vec<u8> {
    path.rsplit(|byte| *byte == b'/').next().unwrap_or_default().to_vec()
}

/// What there is of each service to be seen: names, links, and what is read through them.
fn signatures(root: &Path) -> BTreeMap<String, String> {
    let real_root = fs::canonicalize(root).expect("a root");
    let mut signatures = BTreeMap::new();
    for entry in fs::read_dir(root).expect("a root").flatten() {
        let name = printable(&entry.file_name());
        if !name.starts_with('.') {
            signatures.insert(name, signature(&real_root, &entry.path(), 2));
        }
    }
    signatures
}

fn signature(root: &Path, place: &Path, depth: usize) -> String {
    let mut text = String::new();
    if let Ok(target) = fs::read_link(place) {
        let _ = write!(text, "-> {} ", target.display());
        match fs::canonicalize(place) {
            Ok(real) if !real.starts_with(root) => return text + "outside",
            // Its own name and the rest of the way count as well: what is read there can be the same.
            Ok(real) => {
                let _ = write!(text, "= {} ", real.strip_prefix(root).expect("inside").display());
            }
            Err(_) => return text + "nowhere",
        }
    }
    match fs::metadata(place) {
        Ok(found) if found.is_dir() && depth > 0 => {
            let mut entries: Vec<PathBuf> =
                fs::read_dir(place).expect("a directory").flatten().map(|entry| entry.path()).collect();
            entries.sort();
            for entry in entries {
                let inner = signature(root, &entry, depth - 1);
                let _ = writeln!(text, "{}: {inner}", entry.file_name().unwrap_or_default().display());
            }
            text
        }
        Ok(found) if found.is_dir() => text + "directory",
        Ok(_) => text + &String::from_utf8_lossy(&fs::read(place).unwrap_or_default()),
        Err(_) => text + "nothing",
    }
}

fn shown(diagnostic: &Diagnostic) -> String {
    let related: Vec<_> =
        diagnostic.related.iter().map(|label| (&label.place.file, label.place.span)).collect();
    let place = &diagnostic.place;
    format!(
        "{} {:?} {} {} {:?} {} {related:?}",
        place.file,
        place.span,
        diagnostic.rule.name,
        diagnostic.severity,
        diagnostic.message,
        diagnostic.help
    )
}

fn is_of(diagnostic: &Diagnostic, services: &BTreeSet<String>) -> bool {
    diagnostic.subject.service.as_ref().is_some_and(|service| services.contains(service))
}

/// The findings of `after` that `before` does not have as often, renamed files apart.
fn difference(before: &Outcome, after: &Outcome, change: &Change, names: &BTreeSet<String>) -> Vec<String> {
    let mut known: Vec<_> = before
        .diagnostics
        .iter()
        .map(|d| {
            let renamed = change.renamed(&d.place.file, |name| names.contains(name));
            (d.fingerprint_in(renamed.as_deref().unwrap_or(&d.place.file)), d.severity)
        })
        .collect();
    let new = after.diagnostics.iter().filter(|d| {
        if soalint::baseline::is_unreadable(d) && is_of(d, &change.touched) {
            return true;
        }
        let same =
            known.iter().position(|(name, severity)| *name == d.fingerprint() && *severity >= d.severity);
        same.map(|index| known.swap_remove(index)).is_none()
    });
    new.map(shown).collect()
}

/// One change, looked at in every way; what differs.
fn compare(world: &World, env: &Env, counts: &mut Counts) -> Vec<String> {
    let mut differences = Vec::new();
    let mut expect = |what: &str, own: Vec<String>, truth: Vec<String>| {
        if own != truth {
            differences.push(format!("{what}\n  own:   {own:#?}\n  truth: {truth:#?}"));
        }
    };
    // Where git itself cannot write the tree (2.47 with some sparse indexes), no commit can be made either.
    let Some(tree) = world.git(&["write-tree"]) else { return differences };
    let tree = String::from_utf8(tree).expect("a name");
    let old_root = world.check_out("before", "HEAD");
    let new_root = world.check_out("after", tree.trim());
    let (old_signatures, new_signatures) = (signatures(&old_root), signatures(&new_root));
    let clone = |root: &Path| DiskTree::open(root).expect("a clone");
    let (old_clone, new_clone) = (clone(&old_root), clone(&new_root));
    let of_old = check(&old_clone, &Scope::Everything, env);
    let of_new = check(&new_clone, &Scope::Everything, env);

    // What is staged.
    let disk = DiskTree::open(&world.root).expect("a tree");
    let repository = Repository::of(disk.root()).expect("a repository");
    let head = repository.head().expect("git answers").expect("a commit");
    let before = GitTree::of_commit(&repository, &head).expect("a tree");
    let (after, staged) = repository.staged(&head, &disk).expect("an index");
    let change = staged.change(&repository, &before, &after);
    let names = |source: &dyn TreeSource| {
        source.service_names().iter().map(|name| name.text.clone()).collect::<Vec<_>>()
    };
    expect("services before", names(&before), names(&old_clone));
    expect("services staged", names(&after), names(&new_clone));
    let all: BTreeSet<String> = old_signatures.keys().chain(new_signatures.keys()).cloned().collect();
    let differs = |name: &&String| old_signatures.get(*name) != new_signatures.get(*name);
    let touched: Vec<String> = all.iter().filter(differs).cloned().collect();
    // A link to the root has everything below it, more than is looked at here.
    let leads_to_root =
        |name: &String| fs::canonicalize(new_root.join(name)).ok() == fs::canonicalize(&new_root).ok();
    let own = change.touched.iter().filter(|name| !name.starts_with('.'));
    let own = own.filter(|name| touched.contains(name) || !leads_to_root(name)).cloned().collect();
    expect("touched", own, touched);
    let sides = Sides { before: &before, after: &after, change: &change };
    let of_staged = check_against(sides, Report::Touched, &Scope::Everything, env);
    let scope = Scope::Services(change.touched.clone());
    let of_clone = check(&new_clone, &scope, env);
    let own = |outcome: &Outcome| {
        outcome.diagnostics.iter().filter(|d| is_of(d, &change.touched)).map(shown).collect::<Vec<_>>()
    };
    expect("in touched services", own(&of_staged), own(&of_clone));
    counts.own += own(&of_clone).len();
    let services: BTreeSet<String> = names(&after).into_iter().collect();
    let new = difference(&of_old, &of_new, &change, &services);
    let elsewhere = of_staged.diagnostics.iter().filter(|d| !is_of(d, &change.touched)).map(shown).collect();
    let of_others: BTreeSet<String> =
        of_new.diagnostics.iter().filter(|d| !is_of(d, &change.touched)).map(shown).collect();
    let new: Vec<String> = new.into_iter().filter(|shown| of_others.contains(shown)).collect();
    counts.elsewhere += new.len();
    counts.renames += change.renames.len();
    expect("new in other services", elsewhere, new);

    // The working tree against HEAD.
    let working = WorkingTree::new(clone(&world.root)).expect("a working tree");
    let listed = world.git(&["ls-files", "-z", "-t"]).expect("a listing");
    let is_whole = !listed.split(|byte| *byte == 0).any(|line| line.starts_with(b"S "));
    let completed = if is_whole { world.root.clone() } else { world.completed() };
    let completed = DiskTree::open(&completed).expect("a tree");
    expect("services on disk", names(&working), names(&completed));
    let of_working = check(&working, &Scope::Everything, env);
    let of_completed = check(&completed, &Scope::Everything, env);
    let everything = |outcome: &Outcome| outcome.diagnostics.iter().map(shown).collect::<Vec<_>>();
    expect("on disk", everything(&of_working), everything(&of_completed));
    let change = repository.change_since(&head, &before, &working).expect("a change");
    let sides = Sides { before: &before, after: &working, change: &change };
    let against = check_against(sides, Report::New, &Scope::Everything, env);
    let services: BTreeSet<String> = names(&working).into_iter().collect();
    let new = difference(&of_old, &of_completed, &change, &services);
    // What the touched services refer to and nobody can read is said, however long it has been so.
    let known = everything(&of_completed);
    let unread = against.diagnostics.iter().filter(|d| soalint::baseline::is_unreadable(d));
    let unread: Vec<String> =
        unread.filter(|d| !is_of(d, &change.touched)).map(shown).filter(|d| known.contains(d)).collect();
    let mut own = everything(&against);
    own.retain(|line| new.contains(line) || !unread.contains(line));
    expect("against HEAD", own, new);
    for failure in [before.failure(), after.failure(), working.failure()] {
        expect("failure", failure.iter().map(ToString::to_string).collect(), Vec::new());
    }
    differences
}

/// How much there was to be wrong about.
#[derive(Debug, Default)]
struct Counts {
    own: usize,
    elsewhere: usize,
    renames: usize,
}

/// What the environment says, or the usual.
fn number(variable: &str, usual: usize) -> usize {
    std::env::var(variable).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
}

fn run(name: &str, kinds: &[Kind]) {
    // Five tests share the work.
    let rounds = number("SOALINT_REPOSITORIES", 200) / 5;
    let seed = number("SOALINT_SEED", 1);
    let texts = examples();
    let env = Env::new(Settings::default());
    let mut counts = Counts::default();
    let mut failures = Vec::new();
    let mut done = 0;
    for round in 0.. {
        let kind = kinds[round % kinds.len()];
        let start = (seed as u64) << 40 | (name.len() as u64) << 32 | round as u64;
        let mut world = World::new(name, kind, start.wrapping_mul(0x9e37_79b9_7f4a_7c15), &texts);
        for step in 0..CHANGES {
            for _ in 0..=world.dice.below(5) {
                world.change(&texts);
                world.stage();
            }
            // And something that is not staged.
            if world.dice.one_in(2) {
                world.change(&texts);
            }
            let found = compare(&world, &env, &mut counts);
            if !found.is_empty() {
                failures.push(format!("{kind:?}, repository {round}, change {step}: {}", found.join("\n")));
                break;
            }
            done += 1;
            if done >= rounds {
                break;
            }
            if world.dice.one_in(2) {
                world.commit();
            }
            if world.dice.one_in(3) {
                world.leave_out();
            }
        }
        if done >= rounds || failures.len() > 20 {
            break;
        }
    }
    println!("{done} repositories: {counts:?}");
    assert!(failures.is_empty(), "{} differences, {done} without\n{}", failures.len(), failures.join("\n\n"));
    assert!(counts.own > done && counts.elsewhere + counts.renames > 0, "worth the name: {counts:?}");
}

#[test]
fn plain_repositories() {
    run("plain", &[Kind::Plain, Kind::Version4]);
}

#[test]
fn trees_in_a_directory_of_a_repository() {
    run("nested-", &[Kind::Nested, Kind::NestedSparse]);
}

#[test]
fn linked_worktrees_and_other_forms_of_repositories() {
    run("forms---", &[Kind::Worktree, Kind::SplitIndex, Kind::Sha256]);
}

#[test]
fn sparse_checkouts() {
    run("sparse----", &[Kind::Cone, Kind::Lines]);
}

#[test]
fn sparse_indexes() {
    run("sparse-index", &[Kind::SparseIndex]);
}
