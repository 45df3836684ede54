//! Keys of everything that runs in a container: shares of a machine, command, environment,
//! volumes, network, image.

use super::declare::group;
use super::nested::{ExtraVolume, Ulimits};
use super::table::{DefaultValue, Effect, Provenance, Range};
use super::types::{Distinct, Number, TextMap};

group! {
    /// What a container gets and runs: the same in marathon-*, chronos-* and adhoc-*.
    pub struct Container {
        /// Number of CPUs. They are shares: under load a task is guaranteed this much relative to the
        /// others on its host, and may use idle CPUs beyond it up to `cpu_burst_pct`.
        cpus: Number {
            range: Some(Range::above(0.0)),
            unit: "CPUs",
            default: DefaultValue::Same("0.25"),
            example: "0.5",
            effect: Effect::Bounces,
        }
        /// Memory in MB. A hard limit: a task that needs more is killed, and only its `TASK_FAILED`
        /// message tells.
        mem: Number {
            range: Some(Range::above(32.0).because("a container does not start in 32 MB or less, so PaaSTA refuses it")),
            unit: "MB",
            default: DefaultValue::Same("1024"),
            example: "500",
            effect: Effect::Bounces,
        }
        /// Disk space in MB. A hard limit: a task that writes more gets "No space left on device".
        disk: Number {
            range: Some(Range::above(0.0)),
            unit: "MB",
            default: DefaultValue::Same("1024"),
            example: "2048",
            effect: Effect::Bounces,
        }
        /// The command, run through `/bin/sh -c`. Not together with `args`.
        ///
        /// In chronos-* date variables such as `%(shortdate-1)s` are filled in; a literal `%` must be
        /// written `%%`.
        cmd: String {
            example: "python -m myservice.worker",
            effect: Effect::Bounces,
        }
        /// Arguments for the image's entry point, one per item. Not together with `cmd`.
        args: Vec<String> {
            default: DefaultValue::Same("[]"),
            example: r#"["--verbose", "--workers=4"]"#,
            effect: Effect::Bounces,
        }
        /// Environment variables of the container, all strings.
        ///
        /// PaaSTA adds `PAASTA_SERVICE`, `PAASTA_INSTANCE`, `PAASTA_CLUSTER` and `PAASTA_DOCKER_IMAGE`;
        /// Marathon adds its `MARATHON_` variables.
        env: TextMap {
            title: "environment variables",
            default: DefaultValue::Same("{}"),
            example: r#"{"LOG_LEVEL": "info", "WORKERS": "4"}"#,
            effect: Effect::Bounces,
        }
        /// Directories and files of the host to mount into the container. Each must exist on every
        /// host beforehand; nothing checks whether it is a safe one to share.
        extra_volumes: Distinct<ExtraVolume> {
            default: DefaultValue::Same("[]"),
            example: r#"[{"containerPath": "/etc/secrets", "hostPath": "/etc/secrets", "mode": "RO"}]"#,
            effect: Effect::Bounces,
        }
        /// The group of `deploy.yaml` whose version this instance runs. `{service}`, `{instance}` and
        /// `{cluster}` are filled in.
        deploy_group: String {
            default: DefaultValue::Computed("`<cluster>.<instance>`"),
            example: "prod.main",
            effect: Effect::Image,
        }
        /// How the container is attached to the network: `bridge`, `host`, `none`, or a network of the
        /// site's own.
        net: String {
            suggestions: &["bridge", "host", "none"],
            default: DefaultValue::Same("bridge"),
            example: "bridge",
            effect: Effect::Bounces,
        }
        /// Length of the period, in microseconds, over which CPU use beyond the limit is counted.
        ///
        /// Undocumented.
        cfs_period_us: i64 {
            range: Some(Range::between(1000.0, 1_000_000.0).because("the kernel takes no other period")),
            unit: "microseconds",
            default: DefaultValue::Same("100000"),
            example: "100000",
            effect: Effect::Bounces,
            provenance: Provenance::CodeOnly,
            accepted: |dialect| dialect.cfs_period_us,
            refusal: "the schema of paasta-tools 0.66 compares it with a string and crashes, whatever the value is",
        }
        /// How far a task may go beyond its `cpus` when CPUs are idle, in percent of them: 900 is ten
        /// times as much in all, 0 is a hard limit.
        ///
        /// Undocumented.
        cpu_burst_pct: i64 {
            range: Some(Range::at_least(0.0)),
            unit: "percent",
            default: DefaultValue::Same("900"),
            example: "200",
            effect: Effect::Bounces,
            provenance: Provenance::CodeOnly,
        }
    }

    /// Limits and rights that Docker is told, in marathon-* and adhoc-*.
    pub struct Docker {
        /// Limits of the processes in the container, by Docker's name. What is not set comes from the
        /// Docker daemon.
        ulimit: Ulimits {
            default: DefaultValue::Same("{}"),
            example: r#"{"nofile": {"soft": 1024, "hard": 2048}}"#,
            effect: Effect::Bounces,
        }
        /// Linux capabilities to add, without the prefix `CAP_`.
        cap_add: Vec<String> {
            suggestions: &[
                "IPC_LOCK", "NET_BROADCAST", "SYS_NICE", "SYS_RESOURCE", "SYS_PACCT", "SYS_PTRACE",
            ],
            default: DefaultValue::Same("[]"),
            example: r#"["IPC_LOCK", "SYS_PTRACE"]"#,
            effect: Effect::Bounces,
        }
    }
}
