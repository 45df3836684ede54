//! Where the documentation and paasta-tools 0.66.6 disagree, one field per disagreement that
//! changes what is accepted or what a payload says.
//!
//! The table below is the only list: it makes the type, its two values and the published page
//! docs/documentation-vs-code.md.

use std::fmt;
use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which of the two readings of a configuration counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum DialectName {
    /// What PaaSTA's configuration reference promises.
    #[default]
    #[serde(rename = "documented")]
    Documented,
    /// What paasta-tools 0.66.6 did.
    #[serde(rename = "paasta-0.66")]
    Paasta066,
}

impl DialectName {
    /// Both, the default first.
    pub const ALL: [DialectName; 2] = [DialectName::Documented, DialectName::Paasta066];

    /// The word on the command line, in configuration and in reports.
    pub const fn name(self) -> &'static str {
        match self {
            DialectName::Documented => "documented",
            DialectName::Paasta066 => "paasta-0.66",
        }
    }

    /// The dialect called `name`.
    pub fn parse(name: &str) -> Option<DialectName> {
        Self::ALL.into_iter().find(|dialect| dialect.name() == name)
    }

    /// What the dialect decides.
    pub const fn dialect(self) -> &'static Dialect {
        match self {
            DialectName::Documented => &Dialect::DOCUMENTED,
            DialectName::Paasta066 => &Dialect::PAASTA_0_66,
        }
    }
}

impl fmt::Display for DialectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One disagreement, as the published page tells it.
#[derive(Clone, Copy, Debug)]
pub struct Disagreement {
    /// Which construct it is about.
    pub topic: &'static str,
    /// What dialect `documented` does.
    pub documented: &'static str,
    /// What dialect `paasta-0.66` does.
    pub paasta_0_66: &'static str,
}

macro_rules! dialect {
    (
        fields { $(
            $field:ident: $type:ty = $documented:literal | $paasta:literal,
            $topic:literal, $documented_words:literal, $paasta_words:literal;
        )* }
        levels { $($level_topic:literal, $level_documented:literal, $level_paasta:literal;)* }
    ) => {
        /// The decisions of one dialect.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Dialect {
            /// Which one it is.
            pub name: DialectName,
            $(
                #[doc = $topic]
                ///
                #[doc = concat!("- documented: ", $documented_words)]
                #[doc = concat!("- paasta-0.66: ", $paasta_words)]
                pub $field: $type,
            )*
        }

        impl Dialect {
            /// What the configuration reference promises.
            pub const DOCUMENTED: Dialect =
                Dialect { name: DialectName::Documented, $($field: $documented),* };
            /// What paasta-tools 0.66.6 did.
            pub const PAASTA_0_66: Dialect =
                Dialect { name: DialectName::Paasta066, $($field: $paasta),* };
        }

        /// Disagreements that a field of [`Dialect`] decides.
        pub const DECISIONS: &[Disagreement] = &[$(
            Disagreement { topic: $topic, documented: $documented_words, paasta_0_66: $paasta_words },
        )*];

        /// Disagreements that show only in the level of a finding.
        pub const LEVELS: &[Disagreement] = &[$(
            Disagreement { topic: $level_topic, documented: $level_documented, paasta_0_66: $level_paasta },
        )*];
    };
}

dialect! {
    fields {
        default_max_consecutive_failures: u32 = 6 | 30,
            "`healthcheck_max_consecutive_failures` absent", "6", "30";
        https_health_check: bool = true | false,
            "`healthcheck_mode: https` of a Marathon instance",
            "accepted: a check with protocol HTTPS; a finding says that 0.66 raises",
            "error: the schema lets it pass, building the payload raises";
        marathon_healthcheck_port: bool = true | false,
            "`healthcheck_port` of a Marathon instance",
            "accepted, 1 to 65535: the check gets `port` instead of `portIndex`; a finding says that 0.66 refuses it",
            "error: unknown key";
        backoff_seconds: bool = true | false,
            "`backoff_seconds`",
            "accepted, never read: the value is always computed; a finding says that 0.66 refuses it",
            "error: unknown key";
        bounce_method_params_are_read: bool = true | false,
            "`bounce_method_params`",
            "effective: `check_haproxy`, `min_task_uptime`; a finding says that 0.66 reads `bounce_health_params`",
            "accepted and never read: warning";
        keys_outside_the_schema: bool = true | false,
            "`container_port`, `accepted_resource_roles`, `branch`",
            "accepted with a warning: no documentation names them, the code reads them",
            "error: unknown key (the code would read them, the schema refuses them)";
        cfs_period_us: bool = true | false,
            "`cfs_period_us`",
            "accepted, 1000 to 1000000",
            "error whatever the value: the schema's limits are strings, comparing them crashes";
        ulimit_list: bool = true | false,
            "`ulimit` written as a list of one-key mappings, as the documentation's example is",
            "accepted as the merged mapping; a finding offers the mapping",
            "error: one mapping is expected";
        routing_without_attributes: bool = true | false,
            "default constraints when the system has no `expected_slave_attributes`",
            "`[discover, GROUP_BY]` is there, without a count",
            "no routing constraint";
        nested_whitelist: bool = true | false,
            "`deploy_whitelist` as a list that holds one `[type, [values]]`",
            "accepted; a finding offers the bare pair",
            "error: only the pair is usable";
        numbers_in_constraints: bool = true | false,
            "numbers inside an explicit `constraints`",
            "accepted with a warning that offers quotes",
            "error: they are sent as they are, and Marathon refuses them";
        extra_volumes_win_by_container_path: bool = true | false,
            "`extra_volumes` against the system's volumes",
            "the extra volume replaces a system volume of the same `containerPath`",
            "both are mounted unless `containerPath` and `hostPath` are both equal";
        schedule_wins_over_parents: bool = true | false,
            "a Chronos job with both `schedule` and `parents`",
            "the schedule counts, parents are ignored: warning",
            "error: the schema refuses the pair";
        greatest_cron_step: bool = true | false,
            "the greatest value of a cron field as a step: `*/59`",
            "accepted, as crontab(5) and Chronos do: warning",
            "error: the check takes steps only below the greatest value";
        healthcheck_cmd_without_mode: bool = true | false,
            "`healthcheck_cmd` without a `healthcheck_mode`",
            "accepted, ignored",
            "error: the schema demands `healthcheck_mode` beside it";
        drain_calls_without_method: bool = true | false,
            "the four calls of drain method http in `drain_method_params`, without `drain_method`",
            "accepted, ignored",
            "error: the schema demands `drain_method` beside them";
        null_proxy_port_registers: bool = true | false,
            "`proxy_port: null`",
            "discovery only: registered, but without a listener",
            "not registered at all: warning";
        proxy_port_required: bool = true | false,
            "a SmartStack namespace without `proxy_port`",
            "error: every other key is optional, this one is not",
            "warning: nothing looks, and the namespace is not load balanced";
        mode_default_without_port: bool = true | false,
            "`mode` absent in smartstack.yaml",
            "`http` for every namespace that exists",
            "`http` only where `proxy_port` is a number, else none";
        smartstack_defaults: bool = true | false,
            "defaults of `healthcheck_uri`, `healthcheck_timeout_s`, `retries`, `timeout_*_ms`",
            "filled in (`/status`, 1, 1, 200/1000/1000)",
            "absent keys stay absent in what nerve is fed";
        registration_uses_its_own_service: bool = true | false,
            "an instance registered in another service's namespace",
            "health check, mode and discover come from that service's namespace",
            "they come from the instance's own service's namespace of the same name";
        monitoring_blacklist_replaces: bool = true | false,
            "`monitoring_blacklist`",
            "used as given; `deploy_blacklist` where it is absent",
            "`deploy_blacklist` and the system's are always added to it";
        page_and_ticket_default_false: bool = true | false,
            "`page` absent (`ticket` is false in both)", "false", "null";
        one_alert_after: bool = true | false,
            "`alert_after` absent",
            "2m",
            "2m for replication, 15m for Chronos jobs, 5m elsewhere";
        one_realert_every: bool = true | false,
            "`realert_every` absent",
            "-1",
            "-1; for Chronos jobs the minutes between two runs, at most 1440";
        placeholder_images: bool = true | false,
            "`emit` for an instance of which nothing is known to be deployed",
            "its image is marked as a placeholder, unless deployments are required",
            "withheld: PaaSTA fails on it";
        old_libyaml: bool = false | true,
            "text that libyaml 0.1.5 refuses, though today's PyYAML accepts it (`[a:b]`, `\"\\/\"`)",
            "accepted, with a warning",
            "the file is refused as a whole: nothing that stands in it exists";
        literal_astral_characters: bool = true | false,
            "characters beyond U+FFFF written literally",
            "accepted",
            "error in files of instances, on which `paasta validate` crashes; else a warning";
    }
    levels {
        "smartstack `mode: https`", "error: the documentation knows http and tcp", "error";
        "neither `schedule` nor `parents`", "error", "error";
        "cron nicknames, schedules of one field, empty schedules",
            "error: extensions are not supported", "error: `paasta validate` accepts them, monitoring breaks";
        "a Chronos job without `cmd` and `args`", "info: both are optional", "warning: Chronos runs the word `null`";
        "`/` in the args of a Chronos job", "warning", "error: the task id becomes invalid";
        "no team anywhere", "error that blocks alerts only", "the same";
        "the adhoc keys `cpus`, `disk`, `ulimit`, `cap_add`, `cpu_burst_pct`",
            "accepted, though the documentation does not list them", "accepted";
        "files that end in `.yml`", "warning: an example of the documentation is named so, nothing reads it", "error";
        "upper case in the cluster part of a file name",
            "warning unless a link points at the file", "the same, and its content is checked";
        "names of Chronos jobs and adhoc instances",
            "warning outside letters, digits, `_` and `-`; error with `.`, `/` or a blank in Chronos", "the same";
        "date variables `hour` and `unixtime` in a Chronos command", "accepted, info: undocumented", "accepted";
        "keys of service.yaml beyond the four documented ones",
            "warning: they are defaults of every instance", "the same";
        "`env` that sets a `PAASTA_` variable", "the value given wins: warning", "the same";
        "values that PyYAML, libyaml and PyYAML 3.11 read differently", "warning", "the same";
        "`cmd` together with `args`", "error, also `args: []` or an empty `cmd`", "error";
        "a service whose name starts with `tmp`", "warning; error with Chronos jobs", "error";
        "a service directory without any .yaml file", "warning", "error";
    }
}

/// The published page: docs/documentation-vs-code.md.
pub fn markdown() -> String {
    let mut page = String::from(
        "# Documentation against code\n\n\
         <!-- Generated from src/dialect.rs; `SOALINT_BLESS=1 cargo test --test library` rewrites it. -->\n\n\
         PaaSTA's configuration reference and paasta-tools 0.66.6 do not say the same. soalint follows the\n\
         reference (`--dialect documented`, the default) unless it is told to follow the code\n\
         (`--dialect paasta-0.66`). Where a row is missing, both agree.\n\n\
         ## What is accepted, and what a payload says\n\n",
    );
    table(&mut page, DECISIONS);
    page.push_str("\n## Only the level of the finding differs\n\n");
    table(&mut page, LEVELS);
    page
}

fn table(page: &mut String, rows: &[Disagreement]) {
    page.push_str("| construct | documented | paasta-0.66 |\n|---|---|---|\n");
    for row in rows {
        let _ = writeln!(page, "| {} | {} | {} |", row.topic, row.documented, row.paasta_0_66);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for name in DialectName::ALL {
            assert_eq!(DialectName::parse(name.name()), Some(name));
            assert_eq!(name.dialect().name, name);
            assert_eq!(serde_json::to_value(name).unwrap(), name.name());
        }
        assert_eq!(DialectName::parse("Documented"), None);
    }

    #[test]
    fn rows_of_the_page_keep_their_columns() {
        for row in DECISIONS.iter().chain(LEVELS) {
            for cell in [row.topic, row.documented, row.paasta_0_66] {
                assert!(!cell.contains(['|', '\n']), "{cell}");
            }
        }
    }
}
