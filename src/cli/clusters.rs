//! Which clusters are meant.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::check::CheckedTree;
use crate::config::{self, Settings};
use crate::effective::System;
use crate::repo::{RawService, ServiceName, TreeSource as _, Wanted};
use crate::rules::support::words;
use crate::suggest;

use super::Error;
use super::args::EmitArgs;
use super::selected::{Selected, opened_as};
use super::tree::Tree;

/// What else knows clusters than the files of the services that were checked.
pub(super) struct Known<'k> {
    /// The whole tree.
    pub(super) tree: &'k Tree,
    /// `site.clusters` of its configuration.
    pub(super) settings: &'k Settings,
    /// The cluster that it is of.
    pub(super) system: &'k System,
    /// Whether a service that is meant cannot be read, so that nobody knows its clusters: all of it is withheld.
    pub(super) has_unread: bool,
}

/// Whether one of the services that are meant cannot be read.
pub(super) fn has_unread(checked: &CheckedTree, selected: &Selected) -> bool {
    checked.services().iter().any(|service| service.error.is_some() && selected.has_service(&service.name))
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
    /// The clusters that the arguments name, or files among them; else the system's, or the only one of the
    /// tree.
    pub(super) fn of(
        args: &EmitArgs,
        selected: &Selected,
        checked: &CheckedTree,
        known: &Known<'_>,
    ) -> Result<Self, Error> {
        let in_tree = of_services(checked);
        if args.all_clusters {
            return Ok(Self::Several(in_tree.into_iter().map(str::to_owned).collect()));
        }
        refuse_unknown(&args.clusters, &in_tree, known)?;
        let mut named: Vec<String> = Vec::new();
        let of_files: Vec<String> = selected.clusters().iter().cloned().collect();
        for cluster in if args.clusters.is_empty() { &of_files } else { &args.clusters } {
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

    /// Refuses several, for what belongs to one host.
    pub(super) fn refuse_several(&self) -> Result<(), Error> {
        match self {
            Self::One(_) => Ok(()),
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

/// Names that an answer lists at most.
const MOST_NAMES: usize = 10;

/// Refuses names of clusters that nothing knows: no file, no `site.clusters`, no system configuration.
pub(super) fn refuse_unknown(
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
    if unknown.peek().is_none() || known.has_unread {
        return Ok(());
    }
    let OfTree { clusters: of_tree, unread } = OfTree::of(known.tree);
    let Some(cluster) = unknown.find(|cluster| !of_tree.contains(*cluster)) else { return Ok(()) };
    // What is in capitals is a template (`marathon-SHARED.yaml`).
    let in_use = of_tree.iter().filter(|known| !known.bytes().any(|byte| byte.is_ascii_uppercase()));
    let all: BTreeSet<&str> =
        in_use.chain(of_site).map(String::as_str).chain(known.system.cluster()).collect();
    let advice = match suggest::nearest(cluster, all.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? "),
        None if all.is_empty() => String::new(),
        None => {
            let shown: Vec<&str> = all.iter().copied().take(MOST_NAMES).collect();
            let more = if all.len() > MOST_NAMES { ", ..." } else { "" };
            format!("the clusters are {}{more}. ", shown.join(", "))
        }
    };
    let file = config::FILE_NAME;
    let (readable, advice) = match unread.as_slice() {
        [] => ("", advice),
        unread => {
            let services = words::list(unread.iter().map(String::as_str), MOST_NAMES, " and ");
            (" that can be read", format!("{services} cannot be read, and may have one. {advice}"))
        }
    };
    Err(Error::usage(
        format!("no file of the tree{readable} is for the cluster `{cluster}`"),
        format!("{advice}A cluster that has no files yet is named in `site.clusters` of {file}"),
    ))
}

/// What all services know of clusters, whichever are meant.
struct OfTree {
    /// Clusters that PaaSTA would find files for, if it were asked.
    clusters: BTreeSet<String>,
    /// Services that cannot be read.
    unread: Vec<String>,
}

impl OfTree {
    fn of(tree: &Tree) -> Self {
        let of_service = |name: &ServiceName| {
            let RawService { name, entries, error } = tree.disk.load(name, &Wanted::Nothing);
            let clusters = entries.iter().filter_map(|entry| Some(opened_as(&entry.name)?.1.to_owned()));
            (clusters.collect::<Vec<_>>(), error.map(|_| name))
        };
        let (clusters, unread): (Vec<_>, Vec<_>) =
            tree.disk.service_names().par_iter().map(of_service).unzip();
        let mut clusters: BTreeSet<String> = clusters.into_iter().flatten().collect();
        clusters.remove("");
        Self { clusters, unread: unread.into_iter().flatten().collect() }
    }
}

/// Clusters that files of the services are for.
pub(super) fn of_services(checked: &CheckedTree) -> BTreeSet<&str> {
    let documents = checked.services().iter().flat_map(|service| &service.documents);
    documents
        .filter_map(|document| document.cluster.as_deref())
        .filter(|cluster| !cluster.is_empty())
        .collect()
}
