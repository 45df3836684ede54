//! Parents that run at different times.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::repo::{Job, Needs, Parent};
use crate::rules::{Check, Level, Rule, Sink, TreeCx, jobs};
use crate::schedule::cron;
use crate::schedule::runs::Repeating;

pub(crate) static RULE: Rule = rule! {
    /// Finds Chronos jobs that wait for jobs of which one runs much more often than the other.
    ///
    /// ## Why it matters
    ///
    /// With several parents a job runs when each of them has finished as often as the slowest: with an
    /// hourly and a daily parent once a day, on what the hourly one made hours ago. It is advice, off
    /// by default, and part of the profile `strict`.
    ///
    /// ## Example
    ///
    /// ```yaml example/chronos-norcal-prod.yaml
    /// hourly:
    ///   schedule: 0 * * * *
    ///   cmd: run
    /// daily:
    ///   schedule: 0 3 * * *
    ///   cmd: run
    /// load:
    ///   parents: [example.hourly, example.daily]
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml example/chronos-norcal-prod.yaml
    /// early:
    ///   schedule: 0 2 * * *
    ///   cmd: run
    /// daily:
    ///   schedule: 0 3 * * *
    ///   cmd: run
    /// load:
    ///   parents: [example.early, example.daily]
    ///   cmd: run
    /// ```
    ///
    /// ## Source
    ///
    /// Chronos 2.5.0 `getExecutableChildren`.
    "parent-period-mix" in Schedule,
    level: Info,
    strict: Some(Level::Warning),
    check: Check::Tree(Needs::PARENTS, check),
};

/// How much more often is worth a word.
const FACTOR: f64 = 1.5;

fn check(cx: &TreeCx<'_>, sink: &mut Sink<'_>) {
    let all = || cx.services.iter().flat_map(|service| service.jobs.iter().map(move |job| (service, job)));
    if all().all(|(_, job)| job.parents.len() < 2) {
        return;
    }
    let mut known: BTreeMap<(&str, &str, &str), Paced<'_>> = BTreeMap::new();
    for (service, job) in all() {
        let pace = job.schedule.as_ref().and_then(|schedule| runs_a_year(&schedule.text));
        if let Some(pace) = pace {
            known.insert((job.cluster.as_str(), service.name.as_str(), job.name.as_str()), (pace, job));
        }
    }
    for (service, job) in all().filter(|(service, job)| service.selected && job.parents.len() > 1) {
        let mut paced: Vec<(Paced<'_>, &Parent)> = Vec::new();
        for parent in &job.parents {
            let Some((of, name)) = parent.name.split_once('.') else { continue };
            paced.extend(known.get(&(job.cluster.as_str(), of, name)).map(|found| (*found, parent)));
        }
        paced.sort_by(|((a, _), _), ((b, _), _)| a.total_cmp(b));
        let (Some(((least, slow), parent)), Some(((most, _), fast))) = (paced.first(), paced.last()) else {
            continue;
        };
        if *most <= *least * FACTOR {
            continue;
        }
        let message =
            format!("`{}` runs more often than `{}`", jobs::shown(&fast.name), jobs::shown(&parent.name));
        sink.report(
            jobs::about(cx, service, job, fast.place.clone(), message)
                .label("runs more often than the job")
                .related(slow.place.clone(), "the slowest parent")
                .why("the job runs as seldom as the slowest of its parents, on old results of the others")
                .help("give the parents the same pace, or the job a `schedule` of its own"),
        );
    }
}

/// Runs in a year, and the job.
type Paced<'a> = (f64, &'a Job);

/// About how often a schedule runs in a year.
fn runs_a_year(schedule: &str) -> Option<f64> {
    const YEAR: f64 = 365.25 * 86_400.0;
    #[expect(
        clippy::cast_precision_loss,
        reason = "periods of more than 2^53 months do not fit the calendar"
    )]
    let months = |count: u64| count as f64 * YEAR / 12.0;
    if let Some(times) = Repeating::of(schedule) {
        let period = times.period;
        return Some(YEAR / (months(period.months) + 12.0 * months(period.years) + period.seconds));
    }
    let (cron, _) = cron::read(schedule).ok()?;
    let [minutes, hours, ..] = cron.values;
    let mut date = Date::new(2017, 1, 1).ok()?;
    let mut days = 0_u32;
    while date.year() == 2017 {
        days += u32::from(cron.fits_day(date));
        date = date.tomorrow().ok()?;
    }
    Some(f64::from(minutes.count_ones() * hours.count_ones() * days))
}
