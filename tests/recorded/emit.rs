//! Payloads against what paasta-tools 0.66.6 was recorded to make of the same files.
//!
//! Every case of the conformance set, in dialect `paasta-0.66`: what we emit must be equal to the
//! byte, what the real tool refuses we must withhold. `SOALINT_CONFORMANCE=DIR` runs another set.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::cases::{are_ours, cases};
use crate::data;
use crate::emitted::{Kind, Verdict};

/// Results of one section: how many were compared, equal, withheld, and what differs.
#[derive(Default)]
struct Tally {
    compared: usize,
    equal: usize,
    refused_by_both: usize,
    withheld: usize,
    differences: Vec<String>,
}

/// Every case, section by section; prints the counts, fails on any difference.
#[test]
fn payloads_are_equal_to_the_recorded_ones() {
    let mut tallies: BTreeMap<&'static str, Tally> = BTreeMap::new();
    let mut withheld = String::new();
    for case in cases() {
        for result in case.compare() {
            let tally = tallies.entry(result.section).or_default();
            match result.verdict {
                Verdict::Equal => {
                    tally.compared += 1;
                    tally.equal += 1;
                }
                Verdict::RefusedByBoth => tally.refused_by_both += 1,
                Verdict::Withheld(rules) => {
                    tally.withheld += 1;
                    let subject = format!("{} {} {}", case.name, result.section, result.subject);
                    if matches!(result.section, "marathon payload" | "chronos payload" | "adhoc argv") {
                        writeln!(withheld, "{subject}: {rules}").expect("a string");
                    }
                }
                Verdict::Different(difference) => {
                    tally.compared += 1;
                    tally.differences.push(format!("{} {}: {difference}", case.name, result.subject));
                }
            }
        }
    }
    let mut report = String::new();
    for (section, tally) in &tallies {
        writeln!(
            report,
            "{section}: {} compared, {} equal, {} refused by both, {} withheld though recorded",
            tally.compared, tally.equal, tally.refused_by_both, tally.withheld
        )
        .expect("a string");
        for difference in &tally.differences {
            writeln!(report, "  {difference}").expect("a string");
        }
    }
    println!("{report}");
    let differences: usize = tallies.values().map(|tally| tally.differences.len()).sum();
    assert_eq!(differences, 0, "\n{report}");
    if are_ours() {
        insta::with_settings!({ snapshot_path => "../../snapshots", prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("withheld", withheld);
        });
    }
}

/// The bodies that Marathon would get are valid by its own schema.
#[test]
fn bodies_are_valid_by_marathons_schema() {
    let schema = data::json(&data::path("marathon/AppDefinition-v1.4.5.json"));
    let validator = jsonschema::draft4::new(&schema).expect("a schema");
    let mut bodies = 0;
    for case in cases() {
        for (subject, body) in case.bodies(Kind::Marathon) {
            let json: serde_json::Value = serde_json::from_str(&body).expect("JSON");
            let errors: Vec<String> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{} {subject}: {errors:?}\n{body}", case.name);
            bodies += 1;
        }
    }
    assert!(bodies > 100, "only {bodies} bodies");
}
