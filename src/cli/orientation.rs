//! What is said where the tree or a path is probably not the one that was meant.

use std::env;
use std::path::{Component, Path, PathBuf};

use crate::check::Scope;
use crate::config;
use crate::model::kind::{FileName, classify};
use crate::repo::{EntryKind, RawEntry, ServiceName, TreeSource as _, Wanted, printable, root};
use crate::report::escape::inert;
use crate::rules::support::words;
use crate::suggest;

use super::Error;
use super::tree::{SYSTEM_TREE, Tree};

/// What a report for people says then: that nothing was found says nothing.
pub(super) const NOTHING_TO_CHECK: &str = "Nothing to check: no service has a file that PaaSTA reads";

/// Warns on stderr if the whole tree is meant and no service of it has a file that PaaSTA reads;
/// returns whether that is so. What lies in a tree is no reason to fail, but to call it good would be a
/// lie.
pub(super) fn warn_unless_tree(tree: &Tree, scope: &Scope) -> bool {
    let Some(help) = (*scope == Scope::Everything).then(|| doubt(tree)).flatten() else { return false };
    let root = match printable(tree.root.as_os_str()) {
        here if here == "." => printable(tree.disk.root().as_os_str()),
        named => named,
    };
    let root = crate::text::printable(&root);
    say!(
        "warning: no service of `{}` has a file that PaaSTA reads\n  help: {}",
        inert(&root),
        inert(&crate::text::printable(&help))
    );
    true
}

/// What to do about a root that holds no service, if it holds none.
pub(super) fn doubt(tree: &Tree) -> Option<String> {
    let names = tree.disk.service_names();
    let is_file = |entry: &RawEntry| !matches!(entry.kind, EntryKind::Directory);
    let is_service = |wanted: &Wanted, is_enough: &dyn Fn(&[RawEntry]) -> bool| {
        names.iter().find(|name| is_enough(&tree.disk.load(name, wanted).entries))
    };
    let has_file = |entries: &[RawEntry]| {
        entries.iter().any(|entry| is_file(entry) && is_meant_for_service(&entry.name))
    };
    // What could not be listed may have any.
    let is_unread = |name: &ServiceName| tree.disk.load(name, &Wanted::Nothing).error.is_some();
    if is_service(&Wanted::Nothing, &has_file).is_some() || names.iter().any(is_unread) {
        return None;
    }
    let root = tree.disk.root();
    if holds_files_of_service(root)
        && let Some(name) = root.file_name()
    {
        let name = printable(name);
        return Some(format!("`{name}` looks like a service: run `soalint check {name}` in its tree"));
    }
    let nested = |entries: &[RawEntry]| entries.iter().filter(|entry| entry.inside.is_some()).count();
    let inner = is_service(&Wanted::Everything, &|entries| nested(entries) > 1);
    Some(match inner {
        Some(name) => {
            let (count, path) = (
                nested(&tree.disk.load(name, &Wanted::Everything).entries),
                format!("{}{}", tree.prefix(), name.text),
            );
            format!("`{path}` looks like a tree of {count} services: name it with `-d {path}`")
        }
        None => "is this the root of the soa-configs tree? name it with -d".to_owned(),
    })
}

/// Whether a file of that name was meant for a service, even if PaaSTA does not read it as it is called.
fn is_meant_for_service(name: &str) -> bool {
    !matches!(classify(name), FileName::NotYaml | FileName::Unknown { .. })
}

fn holds_files_of_service(directory: &Path) -> bool {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
        .any(|entry| is_meant_for_service(&printable(&entry.file_name())))
}

/// No tree was named, none was found, and PaaSTA's own does not exist.
pub(super) fn no_tree(paths: &[PathBuf]) -> Error {
    let marks = format!("nothing with {} or with directories of services", config::FILE_NAME);
    let system = format!("{SYSTEM_TREE} does not exist");
    let current = env::current_dir().unwrap_or_default();
    let mut parents = paths.iter().filter_map(|path| path.parent()).map(|parent| current.join(parent));
    if let Some(hidden) = root::unlisted_above(&current) {
        let name = if hidden == current { ".".to_owned() } else { shown(&hidden) };
        return Error::usage(
            format!("no soa-configs tree is found, but there may be one: `{name}` cannot be read"),
            "if it is the tree or a part of it, make it readable",
        );
    }
    let here = (paths.is_empty() && root::trees_in(&current).is_empty()).then(|| current.clone());
    if let Some(error) = parents.find_map(|parent| unread(&parent)).or_else(|| unread(&here?)) {
        return error;
    }
    let Some(path) = paths.first() else {
        let help = match (current.file_name(), root::trees_in(&current).as_slice()) {
            (Some(name), _) if holds_files_of_service(&current) => {
                let name = crate::text::printable(&printable(name));
                format!("`{name}` looks like a service: soalint check -d .. .")
            }
            (_, [tree]) => {
                let name = shown(Path::new(tree.file_name().unwrap_or_default()));
                format!("`{name}` looks like the tree: soalint check -d {name}")
            }
            _ => "name the root of the tree with -d".to_owned(),
        };
        return Error::usage(
            format!("this is not a soa-configs tree: there is {marks} here or above, and {system}"),
            help,
        );
    };
    let shown = shown(path);
    let help = if path.is_dir() && !holds_files_of_service(path) {
        format!("if `{shown}` is the tree: soalint check -d {shown}")
    } else {
        "name the root of the tree with -d".to_owned()
    };
    Error::usage(
        format!("`{shown}` lies in no soa-configs tree: there is {marks} above it, and {system}"),
        help,
    )
}

/// Directories in `parent` cannot be read, if that is so: whether it is a tree nobody can tell.
fn unread(parent: &Path) -> Option<Error> {
    /// Names that are listed at most.
    const MOST: usize = 5;
    let unread = root::unread_in(parent);
    let names: Vec<String> =
        unread.iter().map(|path| shown(Path::new(path.file_name().unwrap_or_default()))).collect();
    let listed = words::list(names.iter().map(String::as_str), MOST, " and ");
    (!names.is_empty()).then(|| {
        Error::usage(
            format!("no soa-configs tree is found, but there may be one: {listed} cannot be read"),
            "if they are services, name the root of the tree with -d",
        )
    })
}

/// A path of the command line that is not there.
pub(super) fn missing(path: &Path, tree: Option<&Tree>, reason: &str) -> Error {
    let help = match in_tree(path, tree).or_else(|| near(path)) {
        Some(meant) => format!("did you mean `{}`?", shown(&meant)),
        None => "paths are relative to the current directory; -d names the root of the tree".to_owned(),
    };
    Error::usage(format!("cannot read `{}`: {reason}", shown(path)), help)
}

/// The path taken from the root of the tree, if that is there.
fn in_tree(path: &Path, tree: Option<&Tree>) -> Option<PathBuf> {
    let tree = tree.filter(|_| path.is_relative())?;
    let meant = tree.root.join(path);
    if meant.symlink_metadata().is_ok() {
        return Some(meant);
    }
    let mut parts = path.components();
    let (Some(Component::Normal(name)), None) = (parts.next(), parts.next()) else { return None };
    let known = tree.disk.service_names();
    // In the current directory itself, its other entries are as good.
    let is_elsewhere = tree.root != Path::new(".");
    let near = suggest::nearest(&printable(name), known.iter().map(|known| known.text.as_str()));
    near.filter(|_| is_elsewhere).map(|near| tree.root.join(near))
}

/// The path with its first part that is not there replaced by the nearest name beside it.
fn near(path: &Path) -> Option<PathBuf> {
    let mut there = PathBuf::new();
    let mut parts = path.components();
    for part in parts.by_ref() {
        let next = there.join(part);
        if next.symlink_metadata().is_ok() {
            there = next;
            continue;
        }
        let Component::Normal(name) = part else { return None };
        let directory = if there.as_os_str().is_empty() { Path::new(".") } else { &there };
        let mut names: Vec<String> = std::fs::read_dir(directory)
            .ok()?
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        // Of equally near ones the first wins: the order of a directory is chance.
        names.sort_unstable();
        let nearest = suggest::nearest(&printable(name), names.iter().map(String::as_str))?;
        let meant = there.join(nearest);
        if parts.as_path().as_os_str().is_empty() {
            return Some(meant);
        }
        let rest = meant.join(parts.as_path());
        return Some(if rest.symlink_metadata().is_ok() { rest } else { meant });
    }
    None
}

fn shown(path: &Path) -> String {
    crate::text::printable(&printable(path.as_os_str()))
}
