//! The node that SmartStack's payloads are for, from files and the command line.

use std::io;
use std::path::{Path, PathBuf};

use crate::config::Settings;
use crate::effective::System;
use crate::emit::Held;
use crate::emit::sensu::State;
use crate::emit::smartstack::haproxy::Servers;
use crate::emit::smartstack::locations::{ASSUMED_LOCATION, Locations};
use crate::emit::smartstack::nerve::Node;
use crate::text::printable;

use super::Error;
use super::args::NodeArgs;
use super::files;
use super::tree::Tree;

/// What the files and arguments say of the node.
pub(super) fn node(
    args: &NodeArgs,
    tree: &Tree,
    settings: &Settings,
    system: &System,
) -> Result<Node, Error> {
    let types = match (&args.location_types, &settings.site.location_types) {
        (None, Some(names)) => Some(serde_json::Value::from(names.clone())),
        (path, _) => facts(path.as_deref(), tree, "location_types.json")?,
    };
    let mapping = facts(args.location_mapping.as_deref(), tree, "location_mapping.json")?;
    let locations = Locations::new(types.as_ref(), mapping.as_ref(), &args.locations).map_err(|error| {
        Error::usage(printable(&error.to_string()), "see --location, --location-types, --location-mapping")
    })?;
    Ok(Node {
        hostname: name(args).to_owned(),
        address: args.node_address.clone().unwrap_or_else(|| "127.0.0.1".to_owned()),
        locations,
        zookeeper: zookeeper(args, system),
    })
}

/// Name of the node.
pub(super) fn name(args: &NodeArgs) -> &str {
    args.node_name.as_deref().unwrap_or("localhost")
}

/// Refuses to go on where payloads are missing only because the command line says too little about where
/// the node is: nothing is wrong with them.
pub(super) fn refuse_nowhere(held: &Held, node: &Node) -> Result<(), Error> {
    if held.lacks.is_empty() {
        return Ok(());
    }
    let lacking: Vec<&str> =
        node.locations.types().iter().map(String::as_str).filter(|kind| held.lacks.contains(*kind)).collect();
    let named: Vec<String> = lacking.iter().map(|kind| format!("{kind}:NAME")).collect();
    Err(Error::usage(
        format!("nothing says in which {} the node is", lacking.join(", ")),
        format!(
            "add `--location {}`, or name the mapping of locations that it follows from with --location-mapping",
            named.join(",")
        ),
    ))
}

/// A file that was named, else the one at the root of the tree if there is one.
fn facts(path: Option<&Path>, tree: &Tree, name: &str) -> Result<Option<serde_json::Value>, Error> {
    let (path, is_named): (PathBuf, bool) = match path {
        Some(path) => (path.to_path_buf(), true),
        None => (tree.disk.root().join(name), false),
    };
    if !is_named {
        match path.symlink_metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            // What is in the tree may come from strangers: no links, no pipes.
            Ok(found) if !found.is_file() => {
                return Err(Error::usage(
                    format!("`{name}` at the root of the tree is not a regular file"),
                    "name the file that is meant with --location-types or --location-mapping",
                ));
            }
            _ => {}
        }
    }
    Ok(Some(json(&path)?))
}

fn json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, Error> {
    let wrong = |reason: String| {
        Error::usage(
            format!("cannot use `{}`: {}", printable(&path.to_string_lossy()), printable(&reason)),
            "",
        )
    };
    let bytes = files::read_whole(path).map_err(|error| wrong(error.to_string()))?;
    crate::encoding::json(&bytes).map_err(wrong)
}

/// The servers that are named, else those of Mesos' `zk://a:2181,b:2181/mesos`.
fn zookeeper(args: &NodeArgs, system: &System) -> Vec<String> {
    if !args.zookeeper.is_empty() {
        return args.zookeeper.clone();
    }
    let known = system.get("zookeeper").and_then(|url| url.as_str());
    let hosts = known.and_then(|url| url.strip_prefix("zk://")?.split('/').next());
    let hosts = hosts.filter(|hosts| !hosts.is_empty()).unwrap_or("localhost:2181");
    hosts.split(',').map(str::to_owned).collect()
}

/// The servers of HAProxy's backends.
pub(super) fn servers(args: &NodeArgs) -> Result<Servers, Error> {
    args.servers.as_deref().map_or_else(|| Ok(Servers::new()), json)
}

/// What runs in the cluster.
pub(super) fn state(args: &NodeArgs) -> Result<State, Error> {
    args.cluster_state.as_deref().map_or_else(|| Ok(State::default()), json)
}

/// Says on stderr where the node is taken to be.
pub(super) fn say_assumptions(node: &Node) {
    if node.locations.is_assumed() {
        let types = node.locations.types().join(", ");
        say!("note: no --location: assuming that the node is in `{ASSUMED_LOCATION}` ({types})");
    }
}
