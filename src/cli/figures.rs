//! `check --statistics` and `--timings`: counts of findings by rule, and where the time went.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use clap::Args;

use crate::check::{Outcome, Timings};
use crate::diagnostic::Severity;
use crate::rules::RULES;

/// Figures about a run.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Report")]
pub struct FiguresArgs {
    /// Print the number of findings of each rule instead of the findings
    #[arg(long, conflicts_with = "output_format")]
    pub statistics: bool,
    /// Say on stderr how long each rule and each other part of the work took, over all threads
    #[arg(long)]
    pub timings: bool,
}

/// Time since the program first asked.
pub(super) fn clock() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// A line per rule that found something: how often, how severe, whether it can be fixed; the most
/// frequent first.
pub(super) fn statistics(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    let mut counts: BTreeMap<(&str, Severity), (usize, usize)> = BTreeMap::new();
    for each in outcome.each() {
        let (all, fixable) = counts.entry((each.rule().name, each.severity())).or_default();
        *all += 1;
        *fixable += usize::from(each.fix().is_some());
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by_key(|(_, (all, _))| std::cmp::Reverse(*all));
    let digits = rows.first().map_or(0, |(_, (all, _))| all.to_string().len());
    let width = rows.iter().map(|((rule, _), _)| rule.len()).max().unwrap_or(0);
    for ((rule, severity), (all, fixable)) in rows {
        let fixable = if fixable > 0 { format!("  {fixable} fixable") } else { String::new() };
        let severity = severity.name();
        let line = format!("{all:digits$}  {severity:7}  {rule:width$}{fixable}");
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// A line per part of the work, the longest first; parts that are no rules are in parentheses.
pub(super) fn timings(timings: &Timings, out: &mut dyn Write) -> io::Result<()> {
    let total = timings.total();
    let share = |time: Duration| 100.0 * time.as_secs_f64() / total.as_secs_f64().max(f64::MIN_POSITIVE);
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    writeln!(out, "{:>10}  {:>6}  part of the work, or rule", "time", "share")?;
    for (part, time) in timings.sorted() {
        writeln!(out, "{:>7.1} ms  {:>5.1}%  {part}", milliseconds(time), share(time))?;
    }
    let rules =
        timings.sorted().iter().filter(|(part, _)| RULES.iter().any(|rule| rule.name == *part)).count();
    writeln!(out, "{:>7.1} ms  {:>5.1}%  all, with {rules} rules", milliseconds(total), 100.0)
}
