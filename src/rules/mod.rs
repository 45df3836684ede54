//! The rules: what they are, the one list of them, and what they may see and say.
//!
//! A rule is one file: a doc comment that is its published page, its level in each dialect,
//! and a plain function for its scope. The list below is the only one; everything else
//! (`explain`, `rules`, the docs, the tests for names and examples) is derived from it.

mod context;
pub(crate) mod inside;
pub(crate) mod jobs;
pub(crate) mod reader;
mod sink;
pub(crate) mod support;
mod volumes;
mod written;

pub use context::{DocumentCx, Env, Instance, InstanceCx, Located, NamespaceCx, ServiceCx, TreeCx};
pub(crate) use context::{instances_of, namespaces_of};
pub use sink::{Active, Sink};

use crate::diagnostic::Severity;
use crate::dialect::DialectName;
use crate::repo::Needs;

/// A named check with its documentation and levels.
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case, reads after "allow".
    pub name: &'static str,
    /// Where it stands in the list and in the documentation.
    pub group: Group,
    /// The published page, in Markdown: what it does, why it matters, examples, source.
    pub doc: &'static str,
    /// Level in the dialect of the documentation.
    pub documented: Level,
    /// Level in the dialect of paasta-tools 0.66.6.
    pub paasta_0_66: Level,
    /// Whether it comes with repairs.
    pub fix: Fixable,
    /// Which payloads an error of this rule holds back.
    pub blocks: Blocks,
    /// Rules whose findings at the same characters say less than this one's: they are dropped.
    pub supersedes: &'static [&'static str],
    /// First version that has it.
    pub since: &'static str,
    /// How settled it is.
    pub status: Status,
    /// What it looks at, and the function that does.
    pub check: Check,
}

impl Rule {
    /// What a rule is unless it says otherwise.
    pub const DEFAULT: Rule = Rule {
        name: "",
        group: Group::Hygiene,
        doc: "",
        documented: Level::Off,
        paasta_0_66: Level::Off,
        fix: Fixable::Never,
        blocks: Blocks::Payloads,
        supersedes: &[],
        since: "0.1.0",
        status: Status::Stable,
        check: Check::Reader,
    };

    /// The level that the rule's author gave it in `dialect`.
    pub const fn level(&self, dialect: DialectName) -> Level {
        match dialect {
            DialectName::Documented => self.documented,
            DialectName::Paasta066 => self.paasta_0_66,
        }
    }

    /// The published page, without the blank that starts each line of a doc comment.
    pub fn page(&self) -> String {
        crate::model::table::trim_doc(self.doc)
    }

    /// First sentence of the page: the rule in one line.
    pub fn summary(&self) -> String {
        let mut lines =
            self.doc.lines().map(str::trim).skip_while(|line| line.is_empty() || line.starts_with('#'));
        let mut summary = String::new();
        for line in lines.by_ref().take_while(|line| !line.is_empty()) {
            if !summary.is_empty() {
                summary.push(' ');
            }
            summary.push_str(line);
        }
        match summary.find(". ") {
            Some(end) => summary[..=end].to_owned(),
            None => summary,
        }
    }
}

/// A rule's level: off, or the severity of its findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Does not run.
    Off,
    /// Runs, shown only on request.
    Info,
    /// See [`Severity::Warning`].
    Warning,
    /// See [`Severity::Error`].
    Error,
}

impl Level {
    /// The severity of findings at this level.
    pub const fn severity(self) -> Option<Severity> {
        match self {
            Level::Off => None,
            Level::Info => Some(Severity::Info),
            Level::Warning => Some(Severity::Warning),
            Level::Error => Some(Severity::Error),
        }
    }

    /// The word in configuration and listings.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Off => "off",
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// Rules that belong together; selectable by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// How the text is read.
    Yaml,
    /// Keys, types, ranges: the shape that the schemas describe.
    Schema,
    /// Names of files, services and instances.
    Names,
    /// Shares of a machine: cpus, mem, disk, instance counts.
    Resources,
    /// Command, environment, volumes.
    Command,
    /// Constraints, pools, locations.
    Placement,
    /// Health checks.
    Health,
    /// Bouncing and draining.
    Bounce,
    /// Discovery and load balancing.
    Smartstack,
    /// Chronos schedules and dependencies.
    Schedule,
    /// Deploy groups and pipelines.
    Deploy,
    /// Sensu alerts.
    Monitoring,
    /// Secrets and dangerous access.
    Security,
    /// Where documentation and paasta-tools 0.66 part.
    Compat,
    /// What a change does.
    Change,
    /// Leftovers and redundancies.
    Hygiene,
    /// Ignore comments and the baseline.
    Suppression,
    /// soalint itself.
    Internal,
}

impl Group {
    /// The word in configuration, listings and `--select`.
    pub const fn name(self) -> &'static str {
        match self {
            Group::Yaml => "yaml",
            Group::Schema => "schema",
            Group::Names => "names",
            Group::Resources => "resources",
            Group::Command => "command",
            Group::Placement => "placement",
            Group::Health => "health",
            Group::Bounce => "bounce",
            Group::Smartstack => "smartstack",
            Group::Schedule => "schedule",
            Group::Deploy => "deploy",
            Group::Monitoring => "monitoring",
            Group::Security => "security",
            Group::Compat => "compat",
            Group::Change => "change",
            Group::Hygiene => "hygiene",
            Group::Suppression => "suppression",
            Group::Internal => "internal",
        }
    }
}

/// Whether a rule's findings come with repairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixable {
    /// No.
    Never,
    /// Where the intent is clear.
    Sometimes,
    /// Each time.
    Always,
}

impl Fixable {
    /// The word in listings.
    pub const fn name(self) -> &'static str {
        match self {
            Fixable::Never => "never",
            Fixable::Sometimes => "sometimes",
            Fixable::Always => "always",
        }
    }
}

/// Which payloads an error holds back (design.md section 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocks {
    /// Those that are compiled from the file.
    Payloads,
    /// Only the Jenkins pipeline and the Sensu results: the mistake is organisational.
    JenkinsAndSensu,
    /// Only the SmartStack configuration of the namespaces involved.
    Smartstack,
    /// Nothing.
    Nothing,
}

/// How settled a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Only on request.
    Preview,
    /// Part of every run.
    Stable,
    /// On its way out.
    Deprecated,
}

/// What a rule looks at. The functions cannot fail and do no I/O.
#[derive(Clone, Copy)]
pub enum Check {
    /// Findings of the reader itself ([`crate::yaml`]), worded by the rule.
    Reader,
    /// Findings of the schemas, worded by [`crate::schema::explain`].
    Schema,
    /// One file that parsed.
    Document(fn(&DocumentCx<'_>, &mut Sink<'_>)),
    /// One instance or job of marathon-*, chronos-*, adhoc-*.
    Instance(fn(&InstanceCx<'_>, &mut Sink<'_>)),
    /// One namespace of smartstack.yaml.
    Namespace(fn(&NamespaceCx<'_>, &mut Sink<'_>)),
    /// All files of a service, and its directory.
    Service(fn(&ServiceCx<'_>, &mut Sink<'_>)),
    /// The whole tree; says which facts of unselected services it needs.
    Tree(Needs, fn(&TreeCx<'_>, &mut Sink<'_>)),
}

impl Check {
    /// The word in listings.
    pub const fn scope(self) -> &'static str {
        match self {
            Check::Reader | Check::Schema | Check::Document(_) => "document",
            Check::Instance(_) => "instance",
            Check::Namespace(_) => "namespace",
            Check::Service(_) => "service",
            Check::Tree(..) => "tree",
        }
    }
}

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.scope())
    }
}

/// Declares a rule: its page as a doc comment, `"name" in Group`, its levels, and what differs
/// from [`Rule::DEFAULT`].
macro_rules! rule {
    (
        $(#[doc = $doc:literal])*
        $name:literal in $group:ident,
        documented: $documented:ident, paasta_0_66: $paasta:ident,
        $($field:ident: $value:expr),* $(,)?
    ) => {
        $crate::rules::Rule {
            name: $name,
            group: $crate::rules::Group::$group,
            doc: concat!($($doc, "\n"),*),
            documented: $crate::rules::Level::$documented,
            paasta_0_66: $crate::rules::Level::$paasta,
            $($field: $value,)*
            ..$crate::rules::Rule::DEFAULT
        }
    };
}

/// The list of rules, by folder; each names a file `rules/<folder>/<rule>.rs` with a `RULE`.
macro_rules! rules {
    ($($folder:ident: [$($rule:ident),* $(,)?])*) => {
        $(
            pub(crate) mod $folder {
                $(pub(crate) mod $rule;)*
            }
        )*

        /// Every rule, in the order of the groups.
        pub static RULES: &[&Rule] = &[$($(&$folder::$rule::RULE,)*)*];
    };
}

rules! {
    yaml: [
        yaml_syntax,
        yaml_conflict_marker,
        yaml_jinja_leftover,
        yaml_multiple_documents,
        yaml_unknown_tag,
        yaml_undefined_alias,
        yaml_merge_non_mapping,
        yaml_non_utf8,
        yaml_limit,
        yaml_duplicate_key,
        yaml_duplicate_anchor,
        yaml_repeated_merge_key,
        yaml_loaders_disagree,
        unreadable_file,
    ]
    schema: [
        top_level_not_mapping,
        empty_file,
        unknown_key,
        unknown_nested_key,
        key_wrong_kind,
        key_at_wrong_level,
        key_refused_by_paasta,
        type_mismatch,
        non_finite_number,
        value_out_of_range,
        mem_range,
        unknown_value,
        missing_key,
        duplicate_item,
        empty_list,
        instance_name_pattern,
        instance_name_style,
        namespace_name,
        empty_instance,
        ulimit_list,
        healthcheck_cmd_without_mode,
        drain_http_params,
        drain_params_without_method,
        monitoring_shape,
        pipeline_shape,
        dependencies_shape,
        yaml_non_string_key,
        yaml_bool_surprise,
        yaml_octal_surprise,
        yaml_sexagesimal_surprise,
        yaml_float_surprise,
        yaml_date_surprise,
        yaml_null_value,
    ]
    names: [
        file_yml_extension,
        file_unknown_name,
        cluster_name_case,
        cluster_name_chars,
        cluster_name_empty,
        service_name_chars,
        service_name_tmp,
        service_dir_empty,
        duplicate_instance_name,
        name_double_dash,
    ]
    resources: [
        min_gt_max,
        max_instances_zero,
        min_instances_alone,
        instances_and_autoscaling,
        ulimit_soft_gt_hard,
    ]
    command: [
        cmd_and_args,
        cmd_empty,
        cmd_http_prefix,
        chronos_no_command,
        chronos_args_slash,
        env_name_invalid,
        env_reserved,
        volume_mode,
        volume_relative_path,
        volume_duplicate_container_path,
        volume_container_root,
    ]
    placement: [
        constraint_shape,
        constraint_operator,
        constraint_value,
        constraint_not_string,
        constraints_override,
        blacklist_shape,
        whitelist_shape,
        whitelist_minus_blacklist_empty,
        net_unknown,
        pool_unknown,
        location_type_unknown,
    ]
    health: [
        healthcheck_https,
        healthcheck_cmd_missing,
        healthcheck_cmd_unused,
        healthcheck_mode_vs_smartstack,
    ]
    bounce: [
        bounce_method_enum,
        bounce_margin_range,
        bounce_margin_ignored,
        bounce_haproxy_not_registered,
        drain_http_spec,
    ]
    smartstack: [
        namespace_not_mapping,
        proxy_port_missing,
        proxy_port_duplicate,
        proxy_port_range,
        proxy_port_reserved,
        proxy_port_null_broken,
        discover_not_in_advertise,
        extra_advertise_shape,
        extra_advertise_narrow,
        routes_shape,
        proxied_through_target,
        proxied_through_cycle,
        proxied_through_tcp,
        header_format,
        extra_headers_tcp,
        registration_format,
        registration_target_missing,
        registration_foreign,
        registration_mode_mix,
        namespace_unused,
    ]
    schedule: [
        schedule_or_parents,
        schedule_with_parents,
        schedule_syntax,
        schedule_no_start,
        schedule_start_no_t,
        schedule_basic_format,
        schedule_bad_date,
        schedule_repeat,
        schedule_interval_short,
        schedule_fractional,
        schedule_year_period,
        schedule_start_zone,
        schedule_offset_ignored,
        cron_fields,
        cron_extension,
        cron_range,
        cron_quartz,
        cron_never,
        cron_spacing,
        cron_dom_and_dow,
        schedule_timezone_unknown,
        schedule_timezone_no_schedule,
        epsilon_format,
        epsilon_bounds,
        parent_format,
        parents_empty,
        parent_missing,
        parent_cycle,
        cmd_percent,
        cmd_bare_percent_s,
        cmd_unknown_variable,
        cmd_variable_suffix,
        cmd_month_arithmetic,
    ]
    deploy: [
        deploy_group_missing_step,
        deploy_group_interpolation,
        deploy_group_chars,
        deploy_step_unused,
        pipeline_duplicate_step,
        pipeline_order,
        missing_deploy_yaml,
    ]
    monitoring: [
        missing_monitoring_yaml,
        team_missing,
        team_unknown,
        alert_after_format,
        alert_after_months,
        check_every_set,
        page_without_runbook,
    ]
    security: [
        env_secret_suspect,
        volume_dangerous,
        dependencies_reference_missing,
    ]
    compat: [
        deprecated_nerve_ns,
        key_never_read,
    ]
    hygiene: [
        service_unknown_key,
        service_yaml_shadow,
    ]
    internal: [
        configuration,
        internal_error,
        unbuildable_payload,
    ]
}

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}
