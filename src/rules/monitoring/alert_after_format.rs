//! How long a check must fail before it alerts.

use crate::diagnostic::Edit;
use crate::effective::time_span;
use crate::rules::written::{excerpt, monitoring};
use crate::rules::{Blocks, Check, DocumentCx, Fixable, On, Rule, Sink};
use crate::yaml::{Kind, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds values of `alert_after` that Sensu's library cannot read.
    ///
    /// ## Why it matters
    ///
    /// A time is written as numbers with the units `s`, `m`, `h`, `D`, `W`, `M` (30 days), `Y`,
    /// without blanks: `10m`, `1h30m`, `1D`. Anything else raises an error in the script that would
    /// send the alert, so that alert is never sent, nor are those of the services after it.
    ///
    /// ## Example
    ///
    /// ```yaml monitoring.yaml
    /// team: storefront
    /// alert_after: 10 min
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml monitoring.yaml
    /// team: storefront
    /// alert_after: 10m
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: only units that can mean one thing are rewritten; a number alone gets no fix.
    ///
    /// ## Source
    ///
    /// pysensu-yelp 0.3.4, recorded by running it.
    "alert-after-format" in Monitoring,
    level: Error,
    blocks: Blocks::JenkinsAndSensu,
    fix: Fixable::Sometimes,
    on: On::keys(&["monitoring", "alert_after"]),
    speaks_for: Some(|error| {
        error.problem.is_type() && error.problem.key.is_some_and(|key| key.name == "alert_after")
    }),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for (_, entry) in monitoring(cx, "alert_after") {
        let value = entry.value;
        if !is_readable(value) {
            report(cx, value, sink);
        }
    }
}

/// Whether the library can make seconds of it. It takes everything that Python calls false for 0.
fn is_readable(value: Value<'_>) -> bool {
    match value.kind() {
        Kind::Str => time_span(value.text()).is_some(),
        Kind::Null => true,
        Kind::Bool => value.as_bool() == Some(false),
        Kind::Int | Kind::Float => value.as_number() == Some(0.0),
        Kind::Seq | Kind::Map | Kind::Set => value.is_empty(),
        Kind::Date | Kind::DateTime | Kind::Binary => false,
    }
}

fn report<'a>(cx: &DocumentCx<'a>, value: Value<'a>, sink: &mut Sink<'_>) {
    let (what, label) = match value.kind() {
        Kind::Seq | Kind::Map | Kind::Set => ("this".to_owned(), "one text is wanted".to_owned()),
        Kind::Str => (format!("`{}`", excerpt(value.text())), reason(value.text())),
        Kind::Int | Kind::Float if value.text().contains(':') => (
            format!("`{}`", excerpt(value.raw())),
            format!("YAML reads the number {}", excerpt(&value.repr())),
        ),
        Kind::Int | Kind::Float => (format!("`{}`", excerpt(value.raw())), "the unit is missing".to_owned()),
        _ => (format!("`{}`", excerpt(value.raw())), "no text to YAML".to_owned()),
    };
    let finding = cx
        .at(value.span(), format!("{what} is no time that Sensu understands"))
        .label(label)
        .why("the script that would send the alert fails instead, so nobody is told");
    sink.report(match repaired(value.text()) {
        Some(better) => {
            let edit = Edit { span: value.span(), text: better.clone() };
            finding.help(format!("write `{better}`")).safe_fix(format!("write `{better}`"), vec![edit])
        }
        None => {
            finding.help("write numbers with the units s, m (minutes), h, D (days), W: `10m`, `1h30m`, `1D`")
        }
    });
}

/// The first thing that is wrong with a text.
fn reason(text: &str) -> String {
    let mut rest = text;
    while let Some(end) = rest.bytes().position(|byte| !byte.is_ascii_digit()) {
        let (number, after) = rest.split_at(end);
        let letters = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
        let (word, next) = after.split_at(letters);
        match word {
            "Y" | "M" | "W" | "D" | "h" | "m" | "s" if !number.is_empty() => rest = next,
            "" if after.starts_with(char::is_whitespace) => return "no blanks in it".to_owned(),
            "" if after.starts_with('.') => return "whole numbers only".to_owned(),
            "" => return "only numbers with their units".to_owned(),
            _ if number.is_empty() => return format!("the number before `{}` is missing", excerpt(word)),
            _ => {
                let word = excerpt(word);
                return match unit(&word) {
                    Some(right) => format!("`{word}` is no unit: {} are `{right}`", plural(right)),
                    None => format!("`{word}` is no unit"),
                };
            }
        }
    }
    match rest {
        "" => "no time".to_owned(),
        number if number == text => "the unit is missing".to_owned(),
        number => format!("the {} has no unit", excerpt(number)),
    }
}

fn plural(unit: char) -> &'static str {
    match unit {
        'Y' => "years",
        'W' => "weeks",
        'D' => "days",
        'h' => "hours",
        'm' => "minutes",
        's' => "seconds",
        _ => "months",
    }
}

/// The time in the library's own notation, if the text can only mean one.
fn repaired(text: &str) -> Option<String> {
    if text.is_empty() || text.len() > 40 {
        return None;
    }
    let mut better = String::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digits = rest.bytes().position(|byte| !byte.is_ascii_digit()).filter(|count| *count > 0)?;
        let (number, after) = rest.split_at_checked(digits)?;
        let after = after.trim_start();
        let letters = after.bytes().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(after.len());
        let (word, after) = after.split_at_checked(letters)?;
        better.push_str(number);
        better.push(unit(word)?);
        rest = after.trim_start();
    }
    time_span(&better).is_some_and(|span| !span.is_empty()).then_some(better)
}

fn unit(word: &str) -> Option<char> {
    Some(match word {
        // `M` is 30 days: as a word for minutes it would not be refused, and not be here.
        "Y" | "M" | "W" | "D" | "h" | "m" | "s" => word.chars().next()?,
        _ => match word.to_ascii_lowercase().as_str() {
            "s" | "sec" | "secs" | "second" | "seconds" => 's',
            "min" | "mins" | "minute" | "minutes" => 'm',
            "h" | "hr" | "hrs" | "hour" | "hours" => 'h',
            "d" | "day" | "days" => 'D',
            "w" | "week" | "weeks" => 'W',
            "y" | "year" | "years" => 'Y',
            _ => return None,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::{reason, repaired};

    #[test]
    fn reasons_name_the_first_mistake() {
        let cases = [
            ("1d", "`d` is no unit: days are `D`"),
            ("5m30", "the 30 has no unit"),
            ("10min", "`min` is no unit: minutes are `m`"),
            ("10 m", "no blanks in it"),
            ("1h 30m", "no blanks in it"),
            ("90", "the unit is missing"),
            ("1.5h", "whole numbers only"),
            ("-1m", "only numbers with their units"),
            ("soon", "the number before `soon` is missing"),
            ("1hm", "`hm` is no unit"),
            ("10 é", "no blanks in it"),
            ("10é", "`é` is no unit"),
        ];
        for (text, expected) in cases {
            assert_eq!(reason(text), expected, "{text}");
        }
    }

    #[test]
    fn repairs_say_the_same() {
        let cases = [
            ("10 min", Some("10m")),
            ("1d", Some("1D")),
            ("2H", Some("2h")),
            ("1h 30m", Some("1h30m")),
            ("1 hour 30 minutes", Some("1h30m")),
            ("90", None),
            ("1.5h", None),
            ("-1m", None),
            ("soon", None),
            ("10 é", None),
            ("5 months", None),
        ];
        for (text, expected) in cases {
            assert_eq!(repaired(text).as_deref(), expected, "{text}");
        }
    }
}
