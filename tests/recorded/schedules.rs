//! Schedules against what the libraries of paasta-tools 0.66.6 said of them (tests/data/README.md).

use serde_json::Value;
use soalint::schedule::cron::{self, Trouble};
use soalint::schedule::iso8601::{self, PeriodTrouble, StartTrouble};
use soalint::schedule::runs::Timetable;

use crate::data;

fn rows_of(file: &str, key: &str) -> Vec<(String, Value)> {
    let rows = data::rows(&data::path(""), file);
    rows.into_iter().filter_map(|row| Some((row.get(key)?.as_str()?.to_owned(), row))).collect()
}

fn rows(key: &str) -> Vec<(String, Value)> {
    rows_of("schedules", key)
}

/// The next runs are those that another program worked out (tests/data/runs.py).
#[test]
fn runs_are_the_recorded_ones() {
    let rows = rows_of("runs", "schedule");
    assert!(rows.len() > 700, "{}", rows.len());
    let mut wrong = Vec::new();
    for (schedule, row) in &rows {
        let zone = row["zone"].as_str().expect("a zone");
        let expected: Vec<&str> =
            row["runs"].as_array().expect("runs").iter().filter_map(Value::as_str).collect();
        let now = format!("{}Z", row["now"].as_str().expect("a time")).parse().expect("a time");
        let table = Timetable::of(schedule, Some(zone)).expect(schedule);
        let count = expected.len().max(1);
        let found = table.after(now, count).runs;
        let found: Vec<String> =
            found.iter().map(|run| run.time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()).collect();
        if found != expected {
            wrong.push(format!("{row}\n  {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

/// Runs of schedules that want to keep the search busy.
#[test]
fn runs_of_hostile_schedules_are_found_at_once() {
    let start = std::time::Instant::now();
    let digits = "9".repeat(300);
    for schedule in [
        "R1000000/0001-01-01T00:00:00Z/PT1S".to_owned(),
        "R/0001-01-01T00:00:00Z/PT0.001S".to_owned(),
        "R/9999-12-31T23:59:59Z/P1D".to_owned(),
        "R/2017-01-31T00:00:00Z/P2147483647Y2147483647M2147483647W2147483647D".to_owned(),
        format!("R{digits}/2017-01-01T00:00:00Z/PT1S"),
        format!("R/2017-01-01T00:00:00Z/PT{digits}S"),
        "0 0 29 2 *".to_owned(),
        "0 0 31 2 *".to_owned(),
        "* * * * *".to_owned(),
        "59 23 29 2 0-6".to_owned(),
    ] {
        for zone in ["UTC", "America/St_Johns", "Pacific/Apia"] {
            for now in ["-009999-01-03T00:00:00Z", "2017-11-05T08:00:00Z", "9999-12-30T00:00:00Z"] {
                let Ok(now) = now.parse() else { panic!("{now}") };
                if let Ok(table) = Timetable::of(&schedule, Some(zone)) {
                    assert!(table.after(now, 5).runs.len() <= 5, "{schedule}");
                }
            }
        }
    }
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

/// What is accepted here is accepted by the check and by the alerts; what is refused here though
/// both accept it has one of few reasons.
#[test]
fn cron_expressions_are_judged_as_python_does() {
    let (mut same, mut stricter) = (0, 0);
    for (text, row) in rows("cron") {
        let valid = row["valid"] == true && row["next"] == true;
        match cron::parse(&text) {
            Ok(_) => {
                assert!(valid, "{text:?} is accepted: {row}");
                same += 1;
            }
            Err(_) if row["valid"] != true => same += 1,
            Err(problems) => {
                stricter += 1;
                for problem in problems {
                    let known = match problem.kind {
                        // Python fills in missing fields, or both agree and nobody means it.
                        Trouble::Empty
                        | Trouble::Nickname(_)
                        | Trouble::OneField
                        | Trouble::Extreme(_)
                        | Trouble::FieldCount(_)
                        | Trouble::EitherDay => true,
                        // The alerts refuse them.
                        Trouble::Reversed(..) | Trouble::Never => !valid,
                        _ => false,
                    };
                    assert!(known, "{text:?}: {:?}, {row}", problem.kind);
                }
            }
        }
    }
    assert!(same > 400 && stricter > 30, "{same} {stricter}");
}

#[test]
fn starts_are_judged_as_isodate_does_or_stricter() {
    for (text, row) in rows("start") {
        let recorded = row["isodate"].as_str().expect("a verdict");
        match iso8601::start(&text) {
            Ok(_) => assert_eq!(recorded, "accepted", "{text:?}"),
            Err(problem) => match problem.kind {
                StartTrouble::Missing | StartTrouble::Separator | StartTrouble::DateOnly => {
                    assert_eq!(recorded, "refused", "{text:?}");
                }
                StartTrouble::Impossible(_) => assert_ne!(recorded, "refused", "{text:?}"),
                // Joda time refuses what isodate misreads.
                StartTrouble::Basic => assert_eq!(recorded, "accepted", "{text:?}"),
                StartTrouble::Malformed => assert_ne!(recorded, "crash", "{text:?}"),
            },
        }
    }
}

#[test]
fn periods_are_judged_as_isodate_does_or_stricter() {
    for (text, row) in rows("period") {
        let recorded = row["isodate"].as_str().expect("a verdict");
        match iso8601::period(&text) {
            Ok(period) => {
                let short =
                    period.years == 0 && period.months == 0 && period.seconds < 60.0 && !period.is_zero();
                assert_eq!(recorded, if short { "short" } else { "accepted" }, "{text:?}");
            }
            Err(problem) => match problem.kind {
                PeriodTrouble::NoT(_) => assert_eq!(recorded, "refused", "{text:?}"),
                PeriodTrouble::Signed | PeriodTrouble::Fraction(_) | PeriodTrouble::DateTime => {
                    assert_ne!(recorded, "refused", "{text:?}");
                }
                PeriodTrouble::TooLong | PeriodTrouble::Malformed(_) => {}
            },
        }
    }
}

/// Findings in a hostile file take time in its size, not in its square.
#[test]
fn hostile_jobs_do_not_take_for_ever() {
    use soalint::check::{Scope, check};
    use soalint::config::Settings;
    use soalint::repo::memory::MemoryTree;
    use soalint::rules::Env;

    let count = 20_000;
    let lines = |line: &dyn Fn(i32) -> String| (0..count).map(line).collect::<Vec<_>>().concat();
    let chain = lines(&|n| format!("j{n}: {{parents: s.j{}}}\n", (n + 1) % count));
    let lost = lines(&|n| format!("j{n}: {{parents: [s.k{n}, k{n}, t{n}.k]}}\n"));
    let alias = format!("a: {{cmd: &c '{}'}}\n", "%s %x %(x)s %(day x)s ".repeat(400))
        + &lines(&|n| format!("j{n}: {{cmd: *c}}\n"));
    let long = format!("a: {{cmd: '{}'}}\n", "%x %s ".repeat(20_000));
    for text in [chain, lost, alias, long] {
        let start = std::time::Instant::now();
        let tree = MemoryTree::new([("s/chronos-a.yaml", text.into_bytes())]);
        let outcome = check(&tree, &Scope::Everything, &Env::new(Settings::default()));
        assert!(!outcome.internal_error && !outcome.diagnostics.is_empty());
        println!("{:?} for {} findings", start.elapsed(), outcome.diagnostics.len());
        // Without optimization on a busy machine; the square would take hours.
        assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
    }
}
