//! The system configuration: what `/etc/paasta/*.json` says of a cluster.

use std::path::{Path, PathBuf};

use crate::emit::Refusal;
use crate::emit::python::{Data, Dict, Origin, Value};
use crate::repo::disk;

use super::merge::deep_merge;

/// The registry that stands in payloads when no system configuration names one.
pub const ASSUMED_REGISTRY: &str = "docker-registry.example.com";

/// Where Docker's credentials are unless the system says otherwise (`utils:SystemPaastaConfig`).
const DOCKERCFG: &str = "file:///root/.dockercfg";

/// A system configuration, or the lack of one.
#[derive(Clone, Debug, Default)]
pub struct System {
    values: Dict<'static>,
    given: bool,
}

/// Why a system configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SystemError {
    /// It cannot be read.
    #[error("cannot read the system configuration `{}`: {error}", path.display())]
    Unreadable {
        /// The file or directory.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
    /// It is not JSON.
    #[error("the system configuration `{}` is not valid JSON: {error}", path.display())]
    NotJson {
        /// The file.
        path: PathBuf,
        /// Where and why.
        error: String,
    },
    /// Its top value is not a mapping.
    #[error("the system configuration `{}` is not a JSON object", path.display())]
    NotAMapping {
        /// The file.
        path: PathBuf,
    },
}

impl System {
    /// No system configuration: PaaSTA's documented defaults, and [`ASSUMED_REGISTRY`].
    pub fn assumed() -> Self {
        Self::default()
    }

    /// A system configuration of these values.
    pub fn of(values: Dict<'static>) -> Self {
        Self { values, given: true }
    }

    /// Reads a JSON file, or every `*.json` below a directory in the order of their paths; later
    /// files win, mappings merge.
    ///
    /// # Errors
    /// A file cannot be read or is not a JSON object.
    pub fn load(path: &Path) -> Result<Self, SystemError> {
        let unreadable = |path: &Path| {
            let path = path.to_path_buf();
            move |error| SystemError::Unreadable { path, error }
        };
        let mut files = Vec::new();
        if std::fs::metadata(path).map_err(unreadable(path))?.is_dir() {
            for entry in walkdir::WalkDir::new(path).follow_links(true).sort_by_file_name() {
                let entry = entry.map_err(|error| SystemError::Unreadable {
                    path: error.path().unwrap_or(path).to_path_buf(),
                    error: error.into(),
                })?;
                if entry.file_type().is_file() && entry.path().extension().is_some_and(|ext| ext == "json") {
                    files.push(entry.into_path());
                }
            }
            files.sort();
        } else {
            files.push(path.to_path_buf());
        }
        let mut values = Dict::new();
        for file in files {
            let bytes = disk::read_regular(&file).map_err(unreadable(&file))?;
            values = deep_merge(values, parse(&file, &bytes)?);
        }
        Ok(Self::of(values))
    }

    /// Whether there is one: then a missing setting is an error, as it is to PaaSTA.
    pub const fn is_given(&self) -> bool {
        self.given
    }

    /// A setting.
    pub fn get(&self, key: &str) -> Option<&Value<'static>> {
        self.values.get(key)
    }

    /// Name of the cluster, if it says so.
    pub fn cluster(&self) -> Option<&str> {
        self.get("cluster")?.as_str()
    }

    /// Where images come from.
    ///
    /// # Errors
    /// A given configuration does not say.
    pub fn docker_registry(&self) -> Result<Value<'static>, Refusal> {
        match self.get("docker_registry") {
            Some(registry) => Ok(registry.clone()),
            None if self.given => Err(missing("docker_registry")),
            None => Ok(Value::default(ASSUMED_REGISTRY)),
        }
    }

    /// Volumes of every container.
    ///
    /// # Errors
    /// A given configuration does not say, or it is not a list.
    pub fn volumes(&self) -> Result<&[Value<'static>], Refusal> {
        match self.get("volumes") {
            Some(Value { data: Data::List(volumes), .. }) => Ok(volumes),
            Some(_) => Err(Refusal::new("TypeError", "`volumes` of the system configuration is not a list")
                .at(Origin::System)),
            None if self.given => Err(missing("volumes")),
            None => Ok(&[]),
        }
    }

    /// URI of Docker's credentials.
    pub fn dockercfg(&self) -> Value<'static> {
        self.get("dockercfg_location").cloned().unwrap_or_else(|| Value::default(DOCKERCFG))
    }

    /// Attribute sets of the agents that are expected to be there; `None` if the system has none.
    pub fn expected_slave_attributes(&self) -> Option<&Value<'static>> {
        self.get("expected_slave_attributes").filter(|sets| !sets.is_none())
    }

    /// How the address of HAProxy's state is made of a host and a port, unless the system leaves that to PaaSTA.
    pub fn haproxy_url_format(&self) -> Option<&Value<'static>> {
        self.get("synapse_haproxy_url_format")
    }

    /// A black- or whitelist of the system; empty by default.
    pub fn list(&self, key: &str) -> Value<'static> {
        self.get(key).cloned().unwrap_or_else(|| Value::default(Vec::new()))
    }
}

fn missing(key: &str) -> Refusal {
    Refusal::new("PaastaNotConfiguredError", format!("the system configuration has no `{key}`"))
        .help("add it to a file of the directory that --system-config names")
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Dict<'static>, SystemError> {
    let json = crate::encoding::json(bytes)
        .map_err(|error| SystemError::NotJson { path: path.to_path_buf(), error })?;
    match Value::of_json(json, Origin::System).data {
        Data::Dict(values) => Ok(values),
        _ => Err(SystemError::NotAMapping { path: path.to_path_buf() }),
    }
}
