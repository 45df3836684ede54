//! Where payloads are for: system configuration, counts, time.

use std::collections::BTreeMap;

use crate::check::CheckedTree;
use crate::config::Settings;
use crate::effective::{ASSUMED_REGISTRY, System};
use crate::emit::Context;
use crate::emit::adhoc::Machine;
use crate::text::printable;

use super::Error;
use super::args::{MachineArgs, TargetArgs};
use super::clusters;
use super::files;

/// What the command line says about the surroundings of the tree.
pub(super) struct Target {
    /// The system configuration.
    pub(super) system: System,
    /// Counts of the autoscaler.
    pub(super) counts: BTreeMap<String, i64>,
    /// Time for date strings.
    pub(super) now: jiff::civil::DateTime,
    require_deployments: bool,
}

impl Target {
    /// Reads what the arguments name.
    pub(super) fn of(args: &TargetArgs) -> Result<Self, Error> {
        let system = match &args.system_config {
            Some(path) => {
                System::load(path).map_err(|error| Error::usage(printable(&error.to_string()), ""))?
            }
            None => System::assumed(),
        };
        let counts = match &args.instance_counts {
            Some(path) => counts(path)?,
            None => BTreeMap::new(),
        };
        let now = args.now.unwrap_or_else(|| jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()));
        Ok(Self { system, counts, now, require_deployments: args.require_deployments })
    }

    /// The surroundings of every payload.
    pub(super) fn context<'c>(
        &'c self,
        settings: &Settings,
        cluster: &'c str,
        needs_deployments: bool,
    ) -> Context<'c> {
        let dialect = settings.dialect.dialect();
        Context {
            dialect,
            cluster,
            system: &self.system,
            counts: &self.counts,
            now: self.now,
            placeholders: dialect.placeholder_images && !needs_deployments && !self.require_deployments,
        }
    }

    /// Says on stderr what is assumed, and which clusters are unknown.
    pub(super) fn say_assumptions(&self, checked: &CheckedTree, named: &[String]) {
        if !self.system.is_given() {
            say!(
                "note: no --system-config: assuming the registry {ASSUMED_REGISTRY}, PaaSTA's defaults, no volumes \
                 of the system and no expected agents"
            );
        }
        let known = clusters::of_services(checked);
        for cluster in named.iter().filter(|name| !known.contains(name.as_str())) {
            say!("note: no file of these services is for the cluster `{}`", printable(cluster));
        }
    }
}

/// Stand-ins for the machine of local-run.
pub(super) fn machine(args: &MachineArgs) -> Machine {
    Machine {
        hostname: args.run_host.clone().unwrap_or_else(|| "localhost".to_owned()),
        port: args.run_port.unwrap_or(33_333),
        container_name: args.run_name.clone().unwrap_or_else(|| "paasta_local_run".to_owned()),
    }
}

fn counts(path: &std::path::Path) -> Result<BTreeMap<String, i64>, Error> {
    let wrong = |reason: String| {
        Error::usage(
            format!("cannot use the instance counts `{}`: {reason}", printable(&path.to_string_lossy())),
            "the file holds a JSON object like {\"service.instance\": 5}",
        )
    };
    let bytes = files::read_whole(path).map_err(|error| wrong(error.to_string()))?;
    crate::encoding::json(&bytes).map_err(wrong)
}
