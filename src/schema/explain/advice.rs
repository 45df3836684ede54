//! What to write instead, where it can be told from what is there.

use serde_json::Value as Json;

use super::super::check::{Problem, Step};
use super::super::words;
use crate::diagnostic::Finding;
use crate::dialect::Dialect;
use crate::model::table::{Key, Record, Shape};
use crate::rules::jobs;
use crate::secret::is_secret_name;
use crate::yaml::{Kind, Style, Value, edit};

/// Most digits of a number that is converted; more are not exact.
const DIGITS: usize = 15;

/// The number of a text with a unit, in what the key counts: `512m` of memory is 512, `500m` of a CPU
/// 0.5, `1m` in seconds 60. None where it would be no value for the key.
pub(crate) fn in_unit_of(key: &Key, value: Value<'_>) -> Option<String> {
    let text = value.as_str()?.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end)?;
    if !words::is_plain_number(number) || number.len() > DIGITS {
        return None;
    }
    let (factor, divisor) = factor(key.unit, &unit.trim().to_ascii_lowercase())?;
    let number = number.parse::<f64>().ok()? * factor / divisor;
    let is_integer = matches!(key.shape.without_null(), Shape::Integer);
    let is_number = is_integer || matches!(key.shape.without_null(), Shape::Number);
    let fits = key.range.is_none_or(|range| range.holds(number)) && (number.fract() == 0.0 || !is_integer);
    (is_number && fits).then(|| number.to_string())
}

/// By what a number with `unit`, in lower case, is multiplied and divided to count in `wanted`.
fn factor(wanted: &str, unit: &str) -> Option<(f64, f64)> {
    Some(match (wanted, unit) {
        (_, "")
        | ("MB", "m" | "mb" | "mi" | "mib")
        | ("CPUs", "cpu" | "cpus")
        | ("percent", "%")
        | ("seconds", "s" | "sec" | "secs" | "second" | "seconds")
        | ("milliseconds", "ms") => (1.0, 1.0),
        ("MB", "g" | "gb" | "gi" | "gib") => (1024.0, 1.0),
        ("MB", "t" | "tb" | "ti" | "tib") => (1_048_576.0, 1.0),
        // Of a CPU, as Kubernetes writes it.
        ("CPUs", "m") | ("seconds", "ms") => (1.0, 1000.0),
        ("seconds", "m" | "min" | "mins" | "minute" | "minutes") => (60.0, 1.0),
        ("seconds", "h" | "hour" | "hours") => (3600.0, 1.0),
        ("milliseconds", "s" | "sec" | "secs" | "second" | "seconds") => (1000.0, 1.0),
        _ => return None,
    })
}

/// What is expected, with the form of it where there is one to show.
pub(crate) fn form(problem: &Problem<'_>, shape: &Shape, expected: &str, dialect: &Dialect) -> String {
    let name = problem.name().and_then(Value::as_str);
    let direct = problem.key.filter(|key| name == Some(key.name) && !key.example.is_empty());
    let example = direct.map(|key| format!("{}: {}", key.name, example(key)));
    match (shape.without_null(), example) {
        (Shape::Record(_), Some(example)) => format!("write `{example}`"),
        (Shape::Record(record), None) => format!("write `{{{}}}`", entries(record, dialect).join(", ")),
        (_, Some(example)) => format!("write {expected}, as in `{example}`"),
        (_, None) => format!("write {expected}"),
    }
}

/// The keys that a record must have, or else its first, each with an example.
pub(crate) fn entries(record: &Record, dialect: &Dialect) -> Vec<String> {
    let usable = |key: &&'static Key| (key.accepted)(dialect) && key.deprecated.is_none();
    let shown = |key: &'static Key| format!("{}: {}", key.name, example(key));
    let required: Vec<String> =
        record.keys().filter(usable).filter(|key| (key.required)(dialect)).map(shown).collect();
    if required.is_empty() { record.keys().find(usable).map(shown).into_iter().collect() } else { required }
}

/// The example of a key as YAML in one line.
pub(crate) fn example(key: &Key) -> String {
    serde_json::from_str(key.example).map_or_else(|_| key.example.to_owned(), |json| flow(&json))
}

/// JSON as people write it in YAML: without quotes where none are needed.
fn flow(json: &Json) -> String {
    let list = |items: Vec<String>| items.join(", ");
    match json {
        Json::Object(map) => {
            let entries = map.iter().map(|(key, value)| format!("{key}: {}", flow(value)));
            format!("{{{}}}", list(entries.collect()))
        }
        Json::Array(items) => format!("[{}]", list(items.iter().map(flow).collect())),
        Json::String(text) => edit::string(text).unwrap_or_else(|| json.to_string()),
        other => other.to_string(),
    }
}

/// Advice for a list where one text is wanted.
pub(crate) fn one_text(problem: &Problem<'_>) -> Option<String> {
    let (value, name) = (problem.value, problem.name()?.as_str()?);
    let key = problem.key.filter(|key| key.name == name && value.kind() == Kind::Seq)?;
    let is_text = !value.is_empty() && value.items().all(|item| item.kind() == Kind::Str);
    match name {
        "notification_email" if is_text => {
            let addresses: Vec<&str> = value.items().map(Value::text).collect();
            Some(format!("write one text with commas: `{name}: {}`", words::excerpt(&addresses.join(", "))))
        }
        "notification_email" => {
            Some(format!("write one text, with commas between addresses: `{name}: {}`", key.example))
        }
        "cmd" => Some(format!("write one text: `{name}: {}`; a list of words is `args`", key.example)),
        _ => None,
    }
}

/// Whether the value is that of `schedule` in a job.
pub(crate) fn is_schedule(problem: &Problem<'_>) -> bool {
    let is_direct = problem.name().and_then(Value::as_str) == Some("schedule");
    is_direct && problem.path.len() == 2 && problem.key.is_some_and(|key| key.name == "schedule")
}

/// A schedule that YAML reads as something else than text: in quotes it would be no schedule either.
pub(crate) fn schedule(finding: Finding, value: Value<'_>) -> Finding {
    match daily(value.text()) {
        Some(cron) => {
            let help = format!("for {} each day write `{cron}`", words::excerpt(value.text()));
            finding.help(help).unsafe_fix(format!("write `{cron}`"), edit::write(value, &cron))
        }
        None => finding.help(jobs::FORMS),
    }
}

/// The cron schedule of a time of day: `12:30` is `30 12 * * *`.
fn daily(text: &str) -> Option<String> {
    let (hour, minute) = text.split_once(':')?;
    let number = |part: &str, most: u8| {
        let is_short = matches!(part.len(), 1 | 2) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u8>().ok().filter(|number| is_short && *number <= most)
    };
    Some(format!("{} {} * * *", number(minute, 59)?, number(hour, 23)?))
}

/// Whether the value stands on a line below its key: what is nested there is nested on purpose.
pub(crate) fn is_below_key(problem: &Problem<'_>) -> bool {
    let Some(name) = problem.name() else { return false };
    let between = name.tree().text().get(name.span().end as usize..problem.value.span().start as usize);
    between.is_some_and(|between| between.contains('\n'))
}

/// Advice for variables in a variable.
pub(crate) fn nested_variable(problem: &Problem<'_>) -> Option<String> {
    let (value, name) = (problem.value, problem.name()?);
    let is_variable = problem.key.is_some_and(|key| key.name == "env")
        && matches!(problem.path.iter().rev().nth(1), Some(Step::Key(env)) if env.as_str() == Some("env"));
    let is_nested = value.kind() == Kind::Map && value.style() == Style::Block && is_below_key(problem);
    let first = value.entries().next().filter(|_| is_variable && is_nested)?;
    let flat = format!("{}_{}", words::excerpt(name.text()), words::excerpt(first.key.text()));
    let is_secret =
        is_secret_name(&flat) || [name, first.key].iter().any(|n| words::is_secret(first.value, Some(*n)));
    let is_shown = first.value.is_scalar() && !is_secret;
    let text = if is_shown { words::excerpt(first.value.text()) } else { "…".to_owned() };
    Some(format!("variables cannot be nested: write `{flat}: \"{text}\"`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_converted_to_what_the_key_counts() {
        let known = |unit, text| factor(unit, text).map(|(factor, divisor)| 500.0 * factor / divisor);
        assert_eq!(known("CPUs", "m"), Some(0.5));
        assert_eq!(known("MB", "gib"), Some(512_000.0));
        assert_eq!(known("seconds", "min"), Some(30_000.0));
        assert_eq!(known("seconds", "fortnights"), None);
        assert_eq!(known("tasks", "m"), None);
    }

    #[test]
    fn times_of_day_are_daily_schedules() {
        assert_eq!(daily("12:30").as_deref(), Some("30 12 * * *"));
        assert_eq!(daily("1:05").as_deref(), Some("5 1 * * *"));
        for other in ["24:00", "12:60", "1:30:00", "12", "+1:30", "1:030"] {
            assert_eq!(daily(other), None, "{other}");
        }
    }

    #[test]
    fn examples_have_quotes_where_they_need_them() {
        let json = serde_json::json!({"a": ["x", "1", "y z"], "b": {"c": 0.5}});
        assert_eq!(flow(&json), r#"{a: [x, "1", "y z"], b: {c: 0.5}}"#);
    }
}
