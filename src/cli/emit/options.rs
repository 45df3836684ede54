//! Options that say nothing to the kind that is compiled: whoever gives one means something else.

use super::super::Error;
use super::super::args::{EmitArgs, FormArg, KindArg};

/// An option that not every kind takes.
struct Narrow {
    name: &'static str,
    is_given: fn(&EmitArgs) -> bool,
    is_taken: fn(KindArg, FormArg) -> bool,
    /// The kinds that take it.
    by: &'static str,
}

/// `--system-config`, `--now` and `--cluster` describe where payloads are for, and are taken by all kinds.
const NARROW: [Narrow; 13] = [
    Narrow {
        name: "--require-deployments",
        is_given: |args| args.target.require_deployments,
        is_taken: runs,
        by: "marathon, chronos, adhoc and sensu",
    },
    Narrow {
        name: "--instance-counts",
        is_given: |args| args.target.instance_counts.is_some(),
        is_taken: runs,
        by: "marathon, chronos, adhoc and sensu",
    },
    Narrow {
        name: "--run-host",
        is_given: |args| args.machine.run_host.is_some(),
        is_taken: is_adhoc,
        by: "adhoc",
    },
    Narrow {
        name: "--run-port",
        is_given: |args| args.machine.run_port.is_some(),
        is_taken: is_adhoc,
        by: "adhoc",
    },
    Narrow {
        name: "--run-name",
        is_given: |args| args.machine.run_name.is_some(),
        is_taken: is_adhoc,
        by: "adhoc",
    },
    Narrow {
        name: "--location",
        is_given: |args| !args.node.locations.is_empty(),
        is_taken: has_node,
        by: NODES,
    },
    Narrow {
        name: "--location-types",
        is_given: |args| args.node.location_types.is_some(),
        is_taken: has_node,
        by: NODES,
    },
    Narrow {
        name: "--location-mapping",
        is_given: |args| args.node.location_mapping.is_some(),
        is_taken: has_node,
        by: NODES,
    },
    Narrow {
        name: "--node-name",
        is_given: |args| args.node.node_name.is_some(),
        is_taken: |kind, form| kind == KindArg::Nerve || form == FormArg::ServicesYaml,
        by: "nerve, and synapse in form services-yaml",
    },
    Narrow {
        name: "--node-address",
        is_given: |args| args.node.node_address.is_some(),
        is_taken: |kind, _| kind == KindArg::Nerve,
        by: "nerve",
    },
    Narrow {
        name: "--zookeeper",
        is_given: |args| !args.node.zookeeper.is_empty(),
        is_taken: |kind, form| has_node(kind, form) && kind != KindArg::Haproxy,
        by: "nerve, and synapse in form target",
    },
    Narrow {
        name: "--servers",
        is_given: |args| args.node.servers.is_some(),
        is_taken: |kind, _| kind == KindArg::Haproxy,
        by: "haproxy",
    },
    Narrow {
        name: "--cluster-state",
        is_given: |args| args.node.cluster_state.is_some(),
        is_taken: |kind, _| kind == KindArg::Sensu,
        by: "sensu",
    },
];

const NODES: &str = "nerve, haproxy, and synapse in form target";

fn runs(kind: KindArg, _: FormArg) -> bool {
    matches!(kind, KindArg::Marathon | KindArg::Chronos | KindArg::Adhoc | KindArg::Sensu)
}

fn is_adhoc(kind: KindArg, _: FormArg) -> bool {
    kind == KindArg::Adhoc
}

fn has_node(kind: KindArg, form: FormArg) -> bool {
    match kind {
        KindArg::Nerve | KindArg::Haproxy => true,
        KindArg::Synapse => form == FormArg::Target,
        _ => false,
    }
}

/// Refuses options that the kind, in that form, does not take.
pub(super) fn refuse_foreign(args: &EmitArgs) -> Result<(), Error> {
    if args.form.is_list() {
        if args.kind != KindArg::Synapse {
            return Err(Error::usage("only synapse has this form", "use --form target or --form paasta"));
        }
        if args.format.is_some() {
            return Err(Error::usage("this form has a format of its own", "leave out --format"));
        }
    }
    let is_foreign = |option: &&Narrow| (option.is_given)(args) && !(option.is_taken)(args.kind, args.form);
    match NARROW.iter().find(is_foreign) {
        None => Ok(()),
        Some(option) => {
            let form = match args.form {
                FormArg::Target => String::new(),
                form => format!(" --form {}", form.name()),
            };
            let message = format!("`emit {}{form}` takes no `{}`", args.kind.name(), option.name);
            Err(Error::usage(message, format!("it is for {}", option.by)))
        }
    }
}
