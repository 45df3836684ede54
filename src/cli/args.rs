//! The command line: every flag with its help text. `--help`, completions and the manual come
//! from here.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, value_parser};

use super::baseline::BaselineArgs;
use super::settings_args::SettingsArgs;
use crate::diagnostic::Severity;
use crate::dialect::DialectName;

use super::change_args::ChangeArgs;
use super::figures::FiguresArgs;
use super::manual::{self, CompletionsArgs, ManArgs};
use super::output_format::OutputArgs;
use super::schema::SchemaArgs;

/// Check PaaSTA soa-configs: how the files are read, their shape, and what they mean across
/// files and services.
#[derive(Debug, Parser)]
#[command(name = "soalint", version, long_version = manual::VERSION.as_str(), max_term_width = 100, arg_required_else_help = true)]
#[command(
    after_help = "Exit status: 0 nothing found at or above --fail-on; 1 findings; 2 could not do the job."
)]
pub struct Cli {
    /// What applies to every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Root of the soa-configs tree [default: the nearest directory upwards, not above the git
    /// repository, with .soalint.yaml or with services in it, else /nail/etc/services]
    #[arg(short = 'd', long, value_name = "DIR", global = true)]
    pub soa_dir: Option<PathBuf>,
    /// Configuration file [default: .soalint.yaml at the root of the tree]
    #[arg(long, value_name = "FILE", global = true, conflicts_with = "isolated")]
    pub config: Option<PathBuf>,
    /// Read no configuration file
    #[arg(long, global = true)]
    pub isolated: bool,
    /// Which side counts where PaaSTA's documentation and its code disagree
    #[arg(long, value_enum, value_name = "DIALECT", global = true)]
    pub dialect: Option<DialectArg>,
    /// When to colour the output
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorArg::Auto, global = true)]
    pub color: ColorArg,
    /// Print findings only
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say on stderr what is being done
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// Number of threads [default: one per processor]
    #[arg(short = 'j', long, value_name = "N", global = true, value_parser = value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
}

/// `--dialect`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DialectArg {
    /// What the documentation promises (the default)
    #[value(name = "documented")]
    Documented,
    /// What paasta-tools 0.66.6 does
    #[value(name = "paasta-0.66")]
    Paasta066,
}

impl From<DialectArg> for DialectName {
    fn from(arg: DialectArg) -> Self {
        match arg {
            DialectArg::Documented => DialectName::Documented,
            DialectArg::Paasta066 => DialectName::Paasta066,
        }
    }
}

/// `--color`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorArg {
    /// On a terminal, unless NO_COLOR is set; anywhere with FORCE_COLOR or CLICOLOR_FORCE
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Find mistakes in a tree, or in the services that PATHS name
    Check(CheckArgs),
    /// Show how PaaSTA reads a YAML file
    Read(ReadArgs),
    /// Compile valid instances to what PaaSTA would deploy
    Emit(Box<EmitArgs>),
    /// Show the effective configuration of instances, and where each value comes from
    Show(ShowArgs),
    /// Print or write the JSON Schemas, and set up editors
    Schema(SchemaArgs),
    /// Record the findings of today, so that only new ones are reported
    Baseline(BaselineArgs),
    /// Explain a rule, or list a group
    Explain(ExplainArgs),
    /// List the rules
    Rules(RulesArgs),
    /// Print completions for a shell
    Completions(CompletionsArgs),
    /// Print or write the manual
    Man(ManArgs),
}

/// Options of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Services or files to report on; rules across services still see the whole tree
    #[arg(value_name = "PATHS")]
    pub paths: Vec<PathBuf>,
    /// Which change is checked
    #[command(flatten)]
    pub change: ChangeArgs,
    /// How the report looks, and where it goes
    #[command(flatten)]
    pub output: OutputArgs,
    /// Also run these rules or groups (or all), though they are off by default
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Rules")]
    pub select: Vec<String>,
    /// Do not run these rules or groups; what PaaSTA refuses cannot be ignored
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Rules")]
    pub ignore: Vec<String>,
    /// Run nothing but these rules or groups, and make no repairs but theirs (errors in reading a file are
    /// always reported)
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Rules")]
    pub only: Vec<String>,
    /// From which severity on findings make the exit status 1
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::Error, help_heading = "Rules")]
    pub fail_on: FailOn,
    /// What the run is told beyond the configuration file.
    #[command(flatten)]
    pub settings: SettingsArgs,
    /// Figures about the run.
    #[command(flatten)]
    pub figures: FiguresArgs,
    /// The time
    #[command(flatten)]
    pub clock: super::clock::ClockArgs,
    /// What to repair.
    #[command(flatten)]
    pub fix: super::fix::FixArgs,
}

/// `--fail-on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors
    Error,
    /// Warnings and errors
    Warning,
    /// Any finding
    Info,
    /// Nothing
    Never,
}

impl FailOn {
    /// The mildest severity that fails a run.
    pub const fn severity(self) -> Option<Severity> {
        match self {
            FailOn::Error => Some(Severity::Error),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Info => Some(Severity::Info),
            FailOn::Never => None,
        }
    }
}

/// Options of `read`.
#[derive(Debug, Args)]
pub struct ReadArgs {
    /// The file to read
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// How the result looks
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = TextOrJson::Human)]
    pub format: TextOrJson,
    /// Show values that look like secrets instead of `*` for each of their characters
    #[arg(long)]
    pub show_secrets: bool,
}

/// Output for people or machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TextOrJson {
    /// For reading
    Human,
    /// For programs
    Json,
}

/// Options of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Name of the rule, or of a group of rules
    #[arg(value_name = "RULE")]
    pub rule: String,
}

/// Options of `rules`.
#[derive(Debug, Args)]
pub struct RulesArgs {
    /// How the list looks
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = TextOrJson::Human)]
    pub format: TextOrJson,
}

/// Options of `emit`.
#[derive(Debug, Args)]
#[command(
    after_help = "What has errors or cannot be read is withheld and named on stderr; then the exit status is 1.\n\
                  `soalint emit` refuses options that KIND does not take."
)]
pub struct EmitArgs {
    /// What to compile
    #[arg(value_enum, value_name = "KIND")]
    pub kind: KindArg,
    /// Services (SERVICE, or a path in it) or instances (SERVICE.INSTANCE) [default: all]; for synapse and
    /// haproxy namespaces (SERVICE.NAMESPACE), for jenkins services only
    #[arg(value_name = "SELECTORS")]
    pub selectors: Vec<String>,
    /// How the output looks
    /// [default: json; for nerve, synapse, haproxy and jenkins the whole file as it is installed]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<JsonOrYaml>,
    /// What the target system gets, or what PaaSTA builds and hashes
    #[arg(long, value_enum, value_name = "FORM", default_value_t = FormArg::Target)]
    pub form: FormArg,
    /// Write one file per payload into this directory instead of printing all of them, and remove
    /// those that an earlier run wrote and this one does not (`.soalint-emit.json` lists them)
    #[arg(short = 'o', long, value_name = "DIR")]
    pub output_dir: Option<PathBuf>,
    /// Clusters to compile for [default: that of a file among SELECTORS, the one that the system
    /// configuration names, or the only one of the tree]. Several make one object per cluster, or
    /// one directory below DIR
    #[arg(long = "cluster", value_name = "CLUSTER", value_delimiter = ',')]
    pub clusters: Vec<String>,
    /// Compile for every cluster that the tree has files for
    #[arg(long, conflicts_with = "clusters")]
    pub all_clusters: bool,
    /// What the payloads are compiled with
    #[command(flatten)]
    pub target: TargetArgs,
    /// The machine of local-run
    #[command(flatten)]
    pub machine: MachineArgs,
    /// The node of SmartStack's payloads, and what runs
    #[command(flatten)]
    pub node: NodeArgs,
}

/// A node that SmartStack runs on, and what runs in the cluster.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options for nerve, synapse, haproxy and sensu")]
pub struct NodeArgs {
    /// Where the node is; more general locations follow from the mapping [default: `local` everywhere]
    #[arg(long = "location", value_name = "TYPE:NAME", value_delimiter = ',')]
    pub locations: Vec<String>,
    /// The location types [default: `location_types.json` at the root of the tree]
    #[arg(long, value_name = "FILE")]
    pub location_types: Option<PathBuf>,
    /// Which location lies in which [default: `location_mapping.json` at the root of the tree]
    #[arg(long, value_name = "FILE")]
    pub location_mapping: Option<PathBuf>,
    /// Name of the node [default: localhost]
    #[arg(long, value_name = "NAME")]
    pub node_name: Option<String>,
    /// Address of the node [default: 127.0.0.1]
    #[arg(long, value_name = "ADDRESS")]
    pub node_address: Option<String>,
    /// ZooKeeper servers [default: those of the system configuration, else localhost:2181]
    #[arg(long, value_name = "HOST:PORT", value_delimiter = ',')]
    pub zookeeper: Vec<String>,
    /// JSON file with the servers of HAProxy's backends
    #[arg(
        long,
        value_name = "FILE",
        help = "JSON file with the servers of HAProxy's backends: {\"SERVICE.NAMESPACE\": [\"10.1.2.3:31000\"]}"
    )]
    pub servers: Option<PathBuf>,
    /// JSON file with what runs, for the results of Sensu's checks; without it nothing runs
    #[arg(long, value_name = "FILE")]
    pub cluster_state: Option<PathBuf>,
}

/// Everything that PaaSTA knows beside the tree.
#[derive(Debug, Args)]
pub struct TargetArgs {
    /// System configuration: a JSON file, or a directory of them, like /etc/paasta
    #[arg(long, value_name = "PATH")]
    pub system_config: Option<PathBuf>,
    /// Withhold instances of which nothing is known to be deployed, instead of compiling them with
    /// a placeholder for the image
    #[arg(long)]
    pub require_deployments: bool,
    /// JSON file with the instance counts of the autoscaler: {"SERVICE.INSTANCE": 5}
    #[arg(long, value_name = "FILE")]
    pub instance_counts: Option<PathBuf>,
    /// Time for date strings, in UTC, like 2017-07-26T10:15:30 [default: now]
    #[arg(long, value_name = "TIME", value_parser = super::clock::time)]
    pub now: Option<jiff::civil::DateTime>,
}

/// What local-run would find out about the machine.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options for adhoc")]
pub struct MachineArgs {
    /// Host name that local-run would find [default: localhost]
    #[arg(long, value_name = "NAME")]
    pub run_host: Option<String>,
    /// Free port that it would find [default: 33333]
    #[arg(long, value_name = "PORT")]
    pub run_port: Option<u16>,
    /// Name that it would give to the container
    #[arg(
        long,
        value_name = "NAME",
        help = "Name that it would give to the container [default: paasta_local_run]"
    )]
    pub run_name: Option<String>,
}

/// KIND of `emit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KindArg {
    /// Marathon apps
    Marathon,
    /// Chronos jobs
    Chronos,
    /// Settings of adhoc instances, and how local-run starts them
    Adhoc,
    /// Registration of running Marathon tasks: nerve.conf.json
    Nerve,
    /// Discovery of SmartStack namespaces: synapse.conf.json
    Synapse,
    /// The load balancer of every host: haproxy.cfg
    Haproxy,
    /// Results of the checks that alert a team
    Sensu,
    /// Deployment pipelines
    Jenkins,
}

/// `--form`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormArg {
    /// What the target system gets
    Target,
    /// What PaaSTA builds and hashes
    Paasta,
    /// For synapse: ports of all namespaces, like /etc/services
    Rfc1700,
    /// For synapse: hosts and ports of all namespaces in JSON
    ServicesJson,
    /// For synapse: hosts and ports of all namespaces in YAML
    ServicesYaml,
    /// For synapse: the Puppet fact with all namespaces
    Fact,
}

impl KindArg {
    /// The word on the command line.
    pub fn name(self) -> String {
        word(&self)
    }
}

impl FormArg {
    /// The word on the command line.
    pub fn name(self) -> String {
        word(&self)
    }

    /// Whether it is a list for other programs, in a format of its own.
    pub const fn is_list(self) -> bool {
        !matches!(self, FormArg::Target | FormArg::Paasta)
    }
}

fn word(value: &impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

/// `--format` of payloads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum JsonOrYaml {
    /// One JSON object
    Json,
    /// One YAML mapping
    Yaml,
}

/// Options of `show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Services (SERVICE, or a path in it), files of instances, or instances (SERVICE.INSTANCE)
    #[arg(value_name = "SELECTORS", required = true)]
    pub selectors: Vec<String>,
    /// How the output looks
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = TextOrJson::Human)]
    pub format: TextOrJson,
    /// Clusters of the instances [default: that of a file among SELECTORS, the one that the system
    /// configuration names, or all]
    #[arg(long = "cluster", value_name = "CLUSTER", value_delimiter = ',')]
    pub clusters: Vec<String>,
    /// Where the instances run
    #[command(flatten)]
    pub target: TargetArgs,
}
