//! Which clusters are meant.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::check::CheckedTree;
use crate::config::{self, Settings};
use crate::effective::System;
use crate::repo::{TreeSource as _, Wanted};
use crate::suggest;
use crate::text::printable;

use super::Error;
use super::args::EmitArgs;
use super::selected::opened_as;
use super::tree::Tree;

/// What else knows clusters than the files of the services that were checked.
pub(super) struct Known<'k> {
    /// The whole tree.
    pub(super) tree: &'k Tree,
    /// `site.clusters` of its configuration.
    pub(super) settings: &'k Settings,
    /// The cluster that it is of.
    pub(super) system: &'k System,
}

/// The clusters to compile for.
#[derive(Debug)]
pub(super) enum Clusters {
    /// One: its payloads are the document.
    One(String),
    /// Several: each has a part of the document.
    Several(Vec<String>),
}

impl Clusters {
    /// The clusters that the arguments name; else the system's, or the only one of the tree.
    pub(super) fn of(args: &EmitArgs, checked: &CheckedTree, known: &Known<'_>) -> Result<Self, Error> {
        let in_tree = of_services(checked);
        if args.all_clusters {
            return Ok(Self::Several(in_tree.into_iter().map(str::to_owned).collect()));
        }
        refuse_misspelt(&args.clusters, &in_tree, known)?;
        let mut named: Vec<String> = Vec::new();
        for cluster in &args.clusters {
            if !named.contains(cluster) {
                named.push(cluster.clone());
            }
        }
        match (named.pop(), named.is_empty()) {
            (Some(only), true) => return Ok(Self::One(only)),
            (Some(last), false) => {
                named.push(last);
                return Ok(Self::Several(named));
            }
            (None, _) => {}
        }
        if let Some(cluster) = known.system.cluster() {
            return Ok(Self::One(cluster.to_owned()));
        }
        let mut found = in_tree.iter();
        match (found.next(), found.next()) {
            (Some(only), None) => Ok(Self::One((*only).to_owned())),
            (None, _) => {
                Err(Error::usage("the tree has no cluster to compile for", "name one with --cluster"))
            }
            _ => {
                let known = in_tree.into_iter().collect::<Vec<_>>().join(", ");
                let help = format!("name some with --cluster, or take --all-clusters: {known}");
                Err(Error::usage("which cluster?", help))
            }
        }
    }

    /// Their names, in the order of the output.
    pub(super) fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Several(names) => names,
        }
    }

    /// Whether each has a part of the document.
    pub(super) const fn is_several(&self) -> bool {
        matches!(self, Self::Several(_))
    }

    /// The only one, for what belongs to one host.
    pub(super) fn only(&self) -> Result<&str, Error> {
        match self {
            Self::One(name) => Ok(name),
            Self::Several(_) => {
                Err(Error::usage("a node stands in one cluster", "name one cluster with --cluster"))
            }
        }
    }
}

/// Refuses an empty name: that of a variable that is not set.
pub(super) fn refuse_empty(named: &[String]) -> Result<(), Error> {
    if named.iter().any(String::is_empty) {
        return Err(Error::usage("the name after --cluster is empty", "is a variable not set?"));
    }
    Ok(())
}

/// Refuses names that nothing knows and that are nearly that of a cluster of the tree. Others may be
/// clusters that have no files yet.
pub(super) fn refuse_misspelt(
    named: &[String],
    checked: &BTreeSet<&str>,
    known: &Known<'_>,
) -> Result<(), Error> {
    refuse_empty(named)?;
    let of_site = known.settings.site.clusters.as_deref().unwrap_or_default();
    let is_known = |cluster: &String| {
        checked.contains(cluster.as_str())
            || of_site.contains(cluster)
            || known.system.cluster() == Some(cluster)
    };
    let mut unknown = named.iter().filter(|cluster| !is_known(cluster)).peekable();
    if unknown.peek().is_none() {
        return Ok(());
    }
    let of_tree = of_tree(known.tree);
    let meant = unknown.filter(|cluster| !of_tree.contains(*cluster)).find_map(|cluster| {
        // What is in capitals is a template (`marathon-SHARED.yaml`).
        let in_use = of_tree.iter().filter(|known| !known.bytes().any(|byte| byte.is_ascii_uppercase()));
        let all = in_use.chain(of_site).map(String::as_str);
        Some((cluster, suggest::nearest(cluster, all)?))
    });
    match meant {
        Some((cluster, near)) => Err(Error::usage(
            format!("no file of the tree is for the cluster `{}`", printable(cluster)),
            format!(
                "did you mean `{}`? A cluster that has no files yet is named in `site.clusters` of {}",
                printable(near),
                config::FILE_NAME
            ),
        )),
        None => Ok(()),
    }
}

/// Clusters that PaaSTA would find files for, if it were asked; whatever services are meant.
fn of_tree(tree: &Tree) -> BTreeSet<String> {
    let of_service = |name| {
        let entries = tree.disk.load(name, &Wanted::Nothing).entries;
        entries.iter().filter_map(|entry| Some(opened_as(&entry.name)?.1.to_owned())).collect::<Vec<_>>()
    };
    let names = tree.disk.service_names().par_iter();
    let mut all: BTreeSet<String> = names.flat_map_iter(of_service).collect();
    all.remove("");
    all
}

/// Clusters that files of the services are for.
pub(super) fn of_services(checked: &CheckedTree) -> BTreeSet<&str> {
    let documents = checked.services().iter().flat_map(|service| &service.documents);
    documents
        .filter_map(|document| document.cluster.as_deref())
        .filter(|cluster| !cluster.is_empty())
        .collect()
}
