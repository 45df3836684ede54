//! Mappings and lists inside an instance that several kinds of file share.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::declare::{nested, words};
use super::kind::FileKind;
use super::table::{DefaultValue, Effect, Map, Names, Provenance, Shape, Shaped, Unknown, always};
use super::types::{Listed, Number};

nested! {
    /// A directory or file of the host that is mounted into the container.
    #[record("a volume", Unknown::Refused("Marathon and Chronos refuse volumes with other keys"))]
    pub struct ExtraVolume {
        /// Where the container sees it: an absolute path.
        container_path as "containerPath": String {
            example: "/etc/secrets",
            effect: Effect::Bounces,
            required: always,
        }
        /// What is mounted: an absolute path on the host, which must exist already.
        host_path as "hostPath": String {
            example: "/etc/secrets",
            effect: Effect::Bounces,
            required: always,
        }
        /// Whether the container may write.
        mode: VolumeMode {
            example: "RO",
            effect: Effect::Bounces,
            required: always,
        }
    }

    /// One limit of the processes in the container.
    #[record("a limit: a mapping with `soft`, and `hard` if wanted", Unknown::Refused("PaaSTA knows `soft` and `hard` only"))]
    pub struct Ulimit {
        /// The limit that applies; the process may raise it up to `hard`. -1 is no limit.
        soft: Number {
            example: "1024",
            other_example: "-1",
            effect: Effect::Bounces,
            required: always,
        }
        /// The ceiling for `soft`. Without it, `soft` is the ceiling, too.
        hard: Number {
            example: "2048",
            other_example: "4096",
            effect: Effect::Bounces,
            default: DefaultValue::Computed("the same as `soft`"),
        }
    }

    /// What the service may reach on the network.
    #[record("a mapping with `outbound_firewall`", Unknown::Refused("PaaSTA's own check refuses other keys"))]
    pub struct Security {
        /// What happens to connections that `dependencies.yaml` does not list.
        ///
        /// Undocumented; the firewall updater reads it.
        outbound_firewall: OutboundFirewall {
            example: "monitor",
            effect: Effect::Firewall,
            provenance: Provenance::CodeOnly,
        }
    }
}

impl Listed for ExtraVolume {
    const WHAT: &'static str = "a list of volumes";
    const FORM: &'static str = "[{containerPath: /data, hostPath: /data, mode: RO}]";
}

words! {
    /// Whether a container may write to a volume, as Marathon wants it written.
    #[words("a volume mode")]
    pub enum MarathonVolumeMode {
        /// The container can only read.
        ReadOnly = "RO",
        /// The container can read and write.
        ReadWrite = "RW",
    }

    /// Whether a container may write to a volume, in either case.
    #[words("a volume mode")]
    pub enum AnyVolumeMode {
        /// The container can only read.
        ReadOnly = "RO",
        /// The container can read and write.
        ReadWrite = "RW",
        /// The same as `RO`.
        LowerReadOnly = "ro",
        /// The same as `RW`.
        LowerReadWrite = "rw",
    }

    /// What the host firewall does with undeclared connections.
    #[words("a firewall mode")]
    pub enum OutboundFirewall {
        /// Refuse them, and write them to the log.
        Block = "block",
        /// Only write them to the log.
        Monitor = "monitor",
    }

    /// The limits that Docker can set.
    #[words("a limit that Docker knows")]
    pub enum UlimitName {
        /// Size of a core dump in bytes.
        Core = "core",
        /// CPU time in seconds.
        Cpu = "cpu",
        /// Size of the data segment in bytes.
        Data = "data",
        /// Size of a written file in bytes.
        Fsize = "fsize",
        /// Number of file locks.
        Locks = "locks",
        /// Locked memory in bytes.
        Memlock = "memlock",
        /// Size of POSIX message queues in bytes.
        Msgqueue = "msgqueue",
        /// Ceiling for the priority: 20 minus the nice value.
        Nice = "nice",
        /// Number of open files.
        Nofile = "nofile",
        /// Number of processes, counted per user and not per container.
        Nproc = "nproc",
        /// Resident memory in bytes; Linux ignores it.
        Rss = "rss",
        /// Ceiling for real-time priority.
        Rtprio = "rtprio",
        /// Real-time CPU time in microseconds.
        Rttime = "rttime",
        /// Number of queued signals.
        Sigpending = "sigpending",
        /// Size of the stack in bytes.
        Stack = "stack",
    }
}

/// Whether a container may write to a volume.
///
/// Marathon compares letter by letter; Chronos and local-run change the case themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VolumeMode(pub AnyVolumeMode);

impl Shaped for VolumeMode {
    const SHAPE: Shape =
        Shape::When(|_, kind| kind == FileKind::Marathon, &MarathonVolumeMode::SHAPE, &AnyVolumeMode::SHAPE);
}

/// Limits by name.
///
/// The documentation's example is a list of one-key mappings; that form is accepted in dialect
/// `documented` and means the merged mapping.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Ulimits {
    /// `{nofile: {soft: 1024}}`
    Map(BTreeMap<UlimitName, Ulimit>),
    /// `[{nofile: {soft: 1024}}]`
    List(Vec<BTreeMap<UlimitName, Ulimit>>),
}

impl Ulimits {
    /// The limits by name, whichever way they were written; of equal names the last counts.
    pub fn merged(&self) -> BTreeMap<UlimitName, Ulimit> {
        match self {
            Ulimits::Map(limits) => limits.clone(),
            Ulimits::List(list) => {
                list.iter().flatten().map(|(name, limit)| (*name, limit.clone())).collect()
            }
        }
    }
}

const ULIMIT_MAP: Shape = Shape::Map(&Map {
    names: Names::Words(&UlimitName::LIST),
    value: Ulimit::SHAPE,
    min: 0,
    what: "a mapping of limits",
    form: "{nofile: {soft: 1024, hard: 2048}}",
});

const ULIMIT_LIST: Shape = Shape::List(&super::table::List {
    item: ULIMIT_MAP,
    distinct: false,
    min: 0,
    what: "a list of such mappings",
    form: "[{nofile: {soft: 1024}}]",
});

impl Shaped for Ulimits {
    const SHAPE: Shape = Shape::When(
        |dialect, _| dialect.ulimit_list,
        &Shape::Either(&[ULIMIT_MAP, ULIMIT_LIST]),
        &ULIMIT_MAP,
    );
}
