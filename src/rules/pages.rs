//! The published documentation of the rules: one page each and an index, in Markdown.
//! `soalint explain` shows the same text in a terminal.

use std::fmt::Write as _;

use crate::config::Profile;
use crate::dialect::DialectName;

use super::{Fixable, Group, RULES, Rule, Status};

/// The pages of all rules, and the index, by file name.
pub fn files() -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> =
        RULES.iter().map(|rule| (format!("{}.md", rule.name), page(rule))).collect();
    files.push(("README.md".to_owned(), index()));
    files
}

/// The page of a rule.
pub fn page(rule: &Rule) -> String {
    format!(
        "# {}\n\nGroup `{}`; {}.\n\n{}\n",
        rule.name,
        rule.group.name(),
        levels(rule),
        rule.page().trim_end()
    )
}

/// Level in each dialect and profile, levels of single cases, repairs, first version, status.
pub fn levels(rule: &Rule) -> String {
    let (documented, paasta) =
        (rule.level(DialectName::Documented).name(), rule.level(DialectName::Paasta066).name());
    let mut words = format!("level: {documented}");
    // Writing to a string cannot fail.
    if documented != paasta {
        let _ = write!(words, " ({paasta} in dialect {})", DialectName::Paasta066.name());
    }
    let also: Vec<&str> = rule.also.iter().map(|level| level.name()).collect();
    if !also.is_empty() {
        let _ = write!(words, ", {} in some cases", also.join(" and "));
    }
    if let Some(strict) = rule.strict {
        let _ = write!(words, " ({} in profile {})", strict.name(), Profile::Strict.name());
    }
    // Milder findings of such a rule can be ignored.
    let fixed = if rule.also.is_empty() {
        "; cannot be turned off or ignored"
    } else {
        "; cannot be turned off, nor its errors ignored"
    };
    let in_dialects = DialectName::ALL.map(|dialect| rule.is_fixed(dialect).then_some(dialect));
    match in_dialects.into_iter().flatten().collect::<Vec<_>>().as_slice() {
        [] if matches!(rule.group, Group::Suppression | Group::Internal) => {
            words.push_str("; cannot be ignored by a comment");
        }
        [] => {}
        [only] => {
            let _ = write!(words, "{fixed} in dialect {}", only.name());
        }
        _ => words.push_str(fixed),
    }
    let _ = write!(words, "; fix: {}; since {}", rule.fix.name(), rule.since);
    if rule.status != Status::Stable {
        let _ = write!(words, "; {}", rule.status.name());
    }
    words
}

/// All rules by group.
fn index() -> String {
    let mut sorted = RULES.to_vec();
    sorted.sort_by_key(|rule| rule.group);
    let mut text = format!(
        "# Rules\n\nGenerated from the rules themselves; `soalint explain RULE` shows the same pages. {} rules. A level in \
         parentheses is that of the dialect `{}` where it differs; rules of level `info` are advice, and off until \
         they are asked for with `--select` or in the configuration.\n",
        RULES.len(),
        DialectName::Paasta066.name()
    );
    let mut group = None;
    for rule in sorted {
        if group != Some(rule.group) {
            group = Some(rule.group);
            let _ = write!(
                text,
                "\n## {}\n\n| rule | level | fix | what it finds |\n|---|---|---|---|\n",
                rule.group.name()
            );
        }
        let (documented, paasta) =
            (rule.level(DialectName::Documented).name(), rule.level(DialectName::Paasta066).name());
        let level =
            if documented == paasta { documented.to_owned() } else { format!("{documented} ({paasta})") };
        let fix = if rule.fix == Fixable::Never { "" } else { rule.fix.name() };
        let summary = rule.summary().replace('|', "\\|");
        let _ = writeln!(text, "| [`{0}`]({0}.md) | {level} | {fix} | {summary} |", rule.name);
    }
    text
}
