//! `chronos-<cluster>.yaml`: scheduled jobs.

use super::container::Container;
use super::declare::{group, record, words};
use super::placement::Placement;
use super::table::{DefaultValue, Effect, Together, Unknown};
use super::types::Parents;

record! {
    /// One job of chronos-*.yaml.
    #[record(
        "a Chronos job",
        Unknown::Refused("PaaSTA's schema knows no such key and refuses the whole file"),
        min: 1,
        together: &[Together::Trigger]
    )]
    pub struct ChronosJob {
        container: Container,
        placement: Placement,
        scheduled: Scheduled,
    }
}

group! {
    /// When a job runs, and what becomes of failed runs.
    pub struct Scheduled {
        /// When the job runs: five cron fields, or `R[n]/start/period` as ISO 8601 has it. The start
        /// must not be empty.
        ///
        /// Runs do not overlap: while one lasts, those that fall due are cancelled.
        schedule: String {
            example: "R/2014-10-10T18:32:00Z/PT60M",
            effect: Effect::UpdatesJob,
        }
        /// Jobs that must have finished before this one runs, each `service.job`. Ignored with a `schedule`.
        parents: Parents {
            example: r#"["myservice.extract", "myservice.load"]"#,
            effect: Effect::UpdatesJob,
        }
        /// The time zone of the schedule, by its name in the tz database. Wins over a zone in `schedule`.
        schedule_time_zone: String {
            default: DefaultValue::Computed("UTC"),
            example: "America/Los_Angeles",
            effect: Effect::UpdatesJob,
        }
        /// How late a run may still start, as an ISO 8601 duration.
        epsilon: String {
            default: DefaultValue::Same("PT60S"),
            example: "PT15M",
            effect: Effect::UpdatesJob,
        }
        /// How often a failed run is tried again.
        retries: i64 {
            default: DefaultValue::Same("2"),
            example: "2",
            effect: Effect::UpdatesJob,
        }
        /// Whether the job is switched off.
        disabled: bool {
            default: DefaultValue::Same("false"),
            example: "false",
            effect: Effect::UpdatesJob,
        }
        /// What happens to the old version of the job when a new one comes.
        bounce_method: ChronosBounceMethod {
            default: DefaultValue::Same("graceful"),
            example: "graceful",
            effect: Effect::NeverRead,
        }
    }
}

words! {
    /// What happens to the old version of a job.
    #[words("a bounce method of Chronos")]
    pub enum ChronosBounceMethod {
        /// It is disabled, and a run that is under way may finish.
        Graceful = "graceful",
    }
}
