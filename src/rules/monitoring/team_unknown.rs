//! Teams that nobody else knows.

use std::collections::BTreeMap;

use crate::diagnostic::Place;
use crate::repo::{Needs, ServiceFacts};
use crate::rules::written::excerpt;
use crate::rules::{Blocks, Check, Fixable, Rule, Sink, TreeCx};
use crate::suggest::nearest;

pub(crate) static RULE: Rule = rule! {
    /// Finds teams that are not on the site's list or, without a list, look like a misspelt other one.
    ///
    /// ## Why it matters
    ///
    /// Sensu's handlers know a fixed list of teams. They pass over an alert for any other name: no
    /// page, no mail, no ticket. If `site: teams:` in `.soalint.yaml` lists the teams, every other name
    /// is reported; without the list, only a name that one service uses and that differs in a
    /// letter, or in `-`, `_` and capitals, from the team of at least five services.
    ///
    /// ## Example
    ///
    /// ```config
    /// site: {teams: [data_platform, storefront]}
    /// ```
    ///
    /// ```yaml monitoring.yaml
    /// team: data-platfrom
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```config
    /// site: {teams: [data_platform, storefront]}
    /// ```
    ///
    /// ```yaml monitoring.yaml
    /// team: data_platform
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Unsafe: what was meant is a guess.
    ///
    /// ## Source
    ///
    /// The documentation of Sensu's handlers, which calls unknown teams a common source of mistakes.
    "team-unknown" in Monitoring,
    level: Warning,
    blocks: Blocks::Nothing,
    fix: Fixable::Sometimes,
    check: Check::Tree(Needs::NAMES, check),
};

/// A team of so many services is no misspelling.
const FREQUENT: usize = 5;

/// Shorter names differ in a letter by right.
const SHORTEST: usize = 5;

const WHY: &str = "Sensu passes over alerts for a team that it does not know: nobody is told";

fn check(cx: &TreeCx<'_>, sink: &mut Sink<'_>) {
    match &cx.env.settings.site.teams {
        Some(teams) => check_list(cx, teams, sink),
        None => check_near_misses(cx, sink),
    }
}

fn check_list(cx: &TreeCx<'_>, teams: &[String], sink: &mut Sink<'_>) {
    for service in cx.selected() {
        for (team, place) in service.teams.iter().filter(|(team, _)| !teams.contains(team)) {
            let near = nearest(team, teams.iter().map(String::as_str));
            let help = match near {
                Some(near) => format!("did you mean `{}`?", excerpt(near)),
                None => {
                    "write a team of the list `site: teams:` in .soalint.yaml, or add this one".to_owned()
                }
            };
            report(cx, service, (team, place), "is not among the site's teams", (help, near), sink);
        }
    }
}

fn check_near_misses(cx: &TreeCx<'_>, sink: &mut Sink<'_>) {
    let mut services: BTreeMap<&str, usize> = BTreeMap::new();
    for service in cx.services {
        let mut names: Vec<&str> = service.teams.iter().map(|(team, _)| team.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            *services.entry(name).or_default() += 1;
        }
    }
    let frequent: Vec<(&str, usize)> = services
        .iter()
        .filter(|(_, count)| **count >= FREQUENT)
        .map(|(name, count)| (*name, *count))
        .collect();
    for service in cx.selected() {
        for (team, place) in &service.teams {
            if services.get(team.as_str()) != Some(&1) {
                continue;
            }
            if let Some((other, count)) = frequent.iter().find(|(name, _)| is_misspelt(team, name)) {
                let what = format!("is known only here; {count} services have the team `{}`", excerpt(other));
                let help = format!("did you mean `{}`?", excerpt(other));
                report(cx, service, (team, place), &what, (help, Some(other)), sink);
            }
        }
    }
}

fn report(
    cx: &TreeCx<'_>,
    service: &ServiceFacts,
    (team, place): (&str, &Place),
    what: &str,
    (help, meant): (String, Option<&str>),
    sink: &mut Sink<'_>,
) {
    let finding = cx
        .at(service, place.clone(), format!("the team `{}` {what}", excerpt(team)))
        .label("unknown team")
        .why(WHY)
        .help(help);
    sink.report(crate::rules::support::edits::offer(finding, team, meant));
}

/// Whether two names differ only in capitals and separators, or by one slip in letters.
fn is_misspelt(name: &str, known: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars().filter(|c| !matches!(c, '-' | '_' | ' ' | '.')).flat_map(char::to_lowercase).collect()
    };
    if name.len() > 100 || known.len() > 100 {
        return false;
    }
    let (a, b) = (letters(name), letters(known));
    if a == b {
        return true;
    }
    // `team1` and `team2` differ by right.
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    a.len().min(b.len()) >= SHORTEST && digits(&a) == digits(&b) && strsim::damerau_levenshtein(&a, &b) == 1
}

#[cfg(test)]
mod tests {
    use super::is_misspelt;

    #[test]
    fn slips_are_told_from_other_teams() {
        for (name, known) in [
            ("data-platform", "data_platform"),
            ("Data_Platform", "data_platform"),
            ("data_platfrom", "data_platform"),
            ("data_plattform", "data_platform"),
            ("storefrnt", "storefront"),
        ] {
            assert!(is_misspelt(name, known), "{name} {known}");
        }
        for (name, known) in [
            ("ops1", "ops2"),
            ("payments2", "payments"),
            ("ads", "ops"),
            ("search", "searchops"),
            ("maps", "taps"),
        ] {
            assert!(!is_misspelt(name, known), "{name} {known}");
        }
    }
}
