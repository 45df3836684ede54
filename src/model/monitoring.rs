//! `monitoring.yaml`, and the `monitoring` block of an instance.

use super::declare::nested;
use super::lax::{Addresses, Channels, Realert, RubyTruth, ShownText, TimeSpan};
use super::table::{DefaultValue, Effect, Provenance, Range, Unknown};
use super::types::Nullable;

nested! {
    /// Who is alerted, how, and when.
    #[record("monitoring settings", Unknown::Ignored("PaaSTA does not pass it on to Sensu"))]
    pub struct Monitoring {
        /// The team that Sensu notifies. Without one, alerts are dropped without a word.
        team: String {
            example: "devs",
            effect: Effect::Alerts,
        }
        /// Whether someone is paged.
        page: Nullable<RubyTruth> {
            default: DefaultValue::Differs { documented: "false", paasta_0_66: "null" },
            example: "true",
            effect: Effect::Alerts,
        }
        /// Where to read what to do; a short link, since people type it from a phone.
        runbook: Nullable<ShownText> {
            default: DefaultValue::Computed("a text that asks for one"),
            example: "y/rb-myservice",
            effect: Effect::Alerts,
        }
        /// The runbook in one line.
        tip: Nullable<ShownText> {
            default: DefaultValue::Computed("a text that asks for one"),
            example: "look at the upstream service first",
            effect: Effect::Alerts,
        }
        /// Mail addresses to notify, with commas between them; false for none.
        notification_email: Nullable<Addresses> {
            default: DefaultValue::Computed("the team's address"),
            example: "devs@example.com",
            effect: Effect::Alerts,
        }
        /// IRC channels to post to.
        irc_channels: Nullable<Channels> {
            default: DefaultValue::Computed("the team's channels"),
            example: r#"["devs"]"#,
            effect: Effect::Alerts,
        }
        /// Whether a JIRA ticket is made.
        ticket: Nullable<RubyTruth> {
            default: DefaultValue::Same("false"),
            example: "true",
            effect: Effect::Alerts,
        }
        /// The JIRA project of the tickets.
        project: Nullable<ShownText> {
            default: DefaultValue::Computed("the team's project"),
            example: "DEVS",
            effect: Effect::Alerts,
        }
        /// How long a check must have been failing before it alerts: numbers with `s`, `m`, `h`, `D`,
        /// `W`, `M` (30 days) or `Y`, without blanks.
        alert_after: Nullable<TimeSpan> {
            default: DefaultValue::Computed("2m; in paasta-tools 0.66, 15m for Chronos jobs and 5m for set-up alerts"),
            example: "10m",
            effect: Effect::Alerts,
        }
        /// How many failing checks there are between two alerts, not a time; -1 doubles the distance
        /// each time. A check runs once a minute.
        realert_every: Realert {
            range: Some(Range::at_least(-1.0)),
            unit: "checks",
            default: DefaultValue::Same("-1"),
            example: "60",
            effect: Effect::Alerts,
        }
        /// How often the check runs: always once a minute, whatever stands here.
        check_every: serde_json::Value {
            default: DefaultValue::Same("1m"),
            example: "1m",
            effect: Effect::NeverRead,
            provenance: Provenance::Deprecated,
            deprecated: Some("it cannot be configured: PaaSTA always sends 1m"),
        }
    }
}
