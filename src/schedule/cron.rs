//! Cron expressions: what PaaSTA's check, its alerts and Chronos all take for one.
//!
//! Five fields between single blanks; a field is a comma list of `*`, values and ranges, the
//! latter two with names in the last fields, ranges with a step. Facts in
//! `paasta-tools` 0.66.6 `chronos_tools:check_schedule` and python-crontab 2.1.1 `CronSlices`.

use std::ops::Range;

use super::range_in;

/// One of the five fields.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// What people call it.
    pub name: &'static str,
    /// Least value.
    pub min: u32,
    /// Greatest value; 7 is Sunday as 0 is, and no step may reach it.
    pub max: u32,
    /// Names of its values from `min` on.
    pub names: &'static [&'static str],
}

/// Minute, hour, day of the month, month, day of the week.
pub static FIELDS: [Field; 5] = [
    Field { name: "minute", min: 0, max: 59, names: &[] },
    Field { name: "hour", min: 0, max: 23, names: &[] },
    Field { name: "day of the month", min: 1, max: 31, names: &[] },
    Field {
        name: "month",
        min: 1,
        max: 12,
        names: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    },
    Field {
        name: "day of the week",
        min: 0,
        max: 6,
        names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
    },
];

/// The extension of that name (with or without `@`), as the five fields that mean the same;
/// `Some(None)` for `@reboot`, which has no such fields.
pub fn nickname(text: &str) -> Option<Option<&'static str>> {
    Some(match text.strip_prefix('@').unwrap_or(text).to_ascii_lowercase().as_str() {
        "hourly" => Some("0 * * * *"),
        "daily" | "midnight" => Some("0 0 * * *"),
        "weekly" => Some("0 0 * * 0"),
        "monthly" => Some("0 0 1 * *"),
        "yearly" | "annually" => Some("0 0 1 1 *"),
        "reboot" => None,
        _ => return None,
    })
}

/// What is wrong with a cron expression, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Bytes of the expression.
    pub range: Range<usize>,
    /// What is wrong there.
    pub kind: Trouble,
}

/// What can be wrong with a cron expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Empty text, which PaaSTA's check takes for a schedule.
    Empty,
    /// A nickname, with the five fields that mean the same.
    Nickname(Option<&'static str>),
    /// A word after `@` that nothing knows.
    UnknownNickname,
    /// A single field, which PaaSTA's check takes for a minute.
    OneField,
    /// `<` or `>` for the least or greatest value, which is this one.
    Extreme(u32),
    /// Another number of fields than five.
    FieldCount(usize),
    /// Five fields, but not between single blanks; the expression with single ones.
    Spacing(String),
    /// Syntax of Quartz or Jenkins: `?`, `L`, `W`, `#`, `H`.
    Quartz,
    /// A number outside the field's bounds.
    Number(&'static Field),
    /// A word that is no name of the field's values; the name that was meant, if that is clear.
    Name(&'static Field, Option<&'static str>),
    /// A step that is 0 or beyond what the field allows.
    Step(&'static Field),
    /// The field's greatest value as a step: crontab(5) and Chronos allow it, PaaSTA's check does not.
    GreatestStep(&'static Field),
    /// A step after a single value; the range that was meant.
    StepWithoutRange(String),
    /// A range from a later to an earlier value; for one that ends on Sunday, how to write it.
    Reversed(&'static Field, Option<String>),
    /// Nothing between commas, or text that is no part of a field.
    Malformed(&'static Field),
    /// The dates that it names do not exist.
    Never,
    /// Several days of the month in a row and days of the week: either suffices.
    EitherDay,
}

/// A cron expression: the values of each field as bits, and whether it is `*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cron {
    /// Bit n is set if value n belongs to the field.
    pub values: [u64; 5],
    /// Whether the field is exactly `*`.
    pub any: [bool; 5],
}

impl Cron {
    /// Whether some date fits: not so for 31 February.
    pub const fn fires(&self) -> bool {
        if !self.any[4] {
            return true;
        }
        let mut month = 1;
        while month <= 12 {
            let days = match month {
                2 => 29,
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            // Bits 1 to `days`.
            let possible = ((1_u64 << days) - 1) << 1;
            if self.values[3] & (1 << month) != 0 && self.values[2] & possible != 0 {
                return true;
            }
            month += 1;
        }
        false
    }
}

/// Reads a cron expression of which nothing is wrong.
///
/// # Errors
/// Everything that is wrong with it, in order. Problems of meaning ([`Trouble::Never`],
/// [`Trouble::EitherDay`]) and of spacing only where the rest is right.
pub fn parse(text: &str) -> Result<Cron, Vec<Problem>> {
    let (cron, problems) = read(text)?;
    if problems.is_empty() { Ok(cron) } else { Err(problems) }
}

/// Reads a cron expression that Chronos understands, with what else is to be said of it.
///
/// # Errors
/// What keeps Chronos from understanding it.
pub fn read(text: &str) -> Result<(Cron, Vec<Problem>), Vec<Problem>> {
    let one = |range, kind| Err(vec![Problem { range, kind }]);
    let trimmed = text.trim_ascii();
    let whole = range_in(text, trimmed);
    if trimmed.is_empty() {
        return one(0..text.len(), Trouble::Empty);
    }
    if let Some(fields) = nickname(trimmed) {
        return one(whole, Trouble::Nickname(fields));
    }
    if trimmed.starts_with('@') {
        return one(whole, Trouble::UnknownNickname);
    }
    let mut words = [""; 5];
    let mut count = 0;
    for word in trimmed.split_ascii_whitespace() {
        if let Some(slot) = words.get_mut(count) {
            *slot = word;
        }
        count += 1;
    }
    let mut problems = Vec::new();
    if count == 1 && field(text, trimmed, &FIELDS[0], &mut Vec::new()).is_some() {
        return one(whole, Trouble::OneField);
    }
    if count != 5 {
        return one(whole, Trouble::FieldCount(count));
    }
    let mut cron = Cron { values: [0; 5], any: [false; 5] };
    let mut is_understood = true;
    for (((word, spec), values), any) in words.iter().zip(&FIELDS).zip(&mut cron.values).zip(&mut cron.any) {
        *any = *word == "*";
        match field(text, word, spec, &mut problems) {
            Some(bits) => *values = bits,
            None => is_understood = false,
        }
    }
    if !is_understood {
        return Err(problems);
    }
    meaning(text, &words, &cron, &mut problems);
    Ok((cron, problems))
}

/// What is wrong with an expression whose fields are right.
fn meaning(text: &str, words: &[&str; 5], cron: &Cron, problems: &mut Vec<Problem>) {
    let days = range_in(text, words[2]);
    // A line break at the end is cut off by both readers.
    let written = text.trim_end_matches(['\n', '\r']);
    let single = words.join(" ");
    if written != single {
        problems.push(Problem { range: range_in(text, written), kind: Trouble::Spacing(single) });
    }
    if !cron.fires() {
        problems.push(Problem { range: days.start..range_in(text, words[3]).end, kind: Trouble::Never });
    }
    // `1-7 * mon` is written for "the first Monday" and means something else.
    let week = cron.values[2].count_ones();
    let is_range = words[2].contains('-') && !words[2].contains(['/', ',']);
    if is_range && (5..=7).contains(&week) && !words[4].starts_with('*') {
        problems.push(Problem { range: days.start..range_in(text, words[4]).end, kind: Trouble::EitherDay });
    }
}

/// The values of a field; `None` with problems if it is wrong.
fn field(text: &str, word: &str, spec: &'static Field, problems: &mut Vec<Problem>) -> Option<u64> {
    let mut values = Some(0);
    for part in word.split(',') {
        match part_values(text, part, spec, problems) {
            Ok(bits) => values = values.map(|values| values | bits),
            Err(problem) => {
                values = None;
                problems.push(problem);
            }
        }
    }
    values
}

/// The values of a part; what is wrong with it, but does not keep it from having values, is added to
/// `remarks`.
fn part_values(
    text: &str,
    part: &str,
    spec: &'static Field,
    remarks: &mut Vec<Problem>,
) -> Result<u64, Problem> {
    let problem = |slice: &str, kind| Problem { range: range_in(text, slice), kind };
    let (base, step) = match part.split_once('/') {
        Some((base, step)) => (base, Some(step)),
        None => (part, None),
    };
    let (low, high) = if base == "*" {
        (spec.min, spec.max)
    } else if let Some((low, high)) = split_range(base) {
        let low_value = value(text, low, part, spec)?;
        let high_value = value(text, high, part, spec)?;
        if low_value > high_value {
            // Sunday is 7, too, at the end of a range.
            let to_sunday = spec.max == 6 && high_value == 0;
            let written = to_sunday.then(|| format!("{low_value}-7"));
            return Err(problem(base, Trouble::Reversed(spec, written)));
        }
        (low_value, high_value)
    } else {
        let single = value(text, base, part, spec)?;
        if let Some(step) = step {
            let range = format!("{single}-{}/{step}", spec.max);
            return Err(problem(part, Trouble::StepWithoutRange(range)));
        }
        (single, single)
    };
    let step = match step {
        None => 1,
        // python-crontab: a value of the field, at least 1, less than the maximum; and 7, which
        // it takes for Sunday, thus for 0.
        Some(step) => {
            let place = step_slice(part, step);
            let number = number(step).filter(|n| (1..=spec.max).contains(n) || (spec.max == 6 && *n == 7));
            if number == Some(spec.max) {
                remarks.push(problem(place, Trouble::GreatestStep(spec)));
            }
            number.ok_or_else(|| problem(place, Trouble::Step(spec)))?
        }
    };
    let mut bits = 0;
    let mut at = low;
    while at <= high {
        // 7 is Sunday.
        bits |= 1_u64 << if spec.max == 6 { at % 7 } else { at };
        at += step;
    }
    Ok(bits)
}

/// The step, or the whole part where nothing stands after the `/`.
fn step_slice<'a>(part: &'a str, step: &'a str) -> &'a str {
    if step.is_empty() { part } else { step }
}

/// `a-b`; a dash in front is no range.
fn split_range(base: &str) -> Option<(&str, &str)> {
    let dash = base.char_indices().skip(1).find(|(_, c)| *c == '-')?.0;
    Some((base.get(..dash)?, base.get(dash + 1..)?))
}

fn number(text: &str) -> Option<u32> {
    let is_number = !text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// A single value: a number, or a name.
fn value(text: &str, word: &str, part: &str, spec: &'static Field) -> Result<u32, Problem> {
    let shown = if word.is_empty() { part } else { word };
    let problem = |kind| Err(Problem { range: range_in(text, shown), kind });
    if !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit()) {
        let greatest = if spec.max == 6 { 7 } else { spec.max };
        return match number(word) {
            Some(n) if (spec.min..=greatest).contains(&n) => Ok(n),
            _ => problem(Trouble::Number(spec)),
        };
    }
    match word {
        "<" => return problem(Trouble::Extreme(spec.min)),
        ">" => return problem(Trouble::Extreme(spec.max)),
        _ => {}
    }
    let lower = word.to_ascii_lowercase();
    if let Some(index) = spec.names.iter().position(|name| *name == lower) {
        return Ok(spec.min + u32::try_from(index).unwrap_or(0));
    }
    if is_quartz(part) {
        return Err(Problem { range: range_in(text, part), kind: Trouble::Quartz });
    }
    if word.bytes().all(|b| b.is_ascii_alphabetic()) && !word.is_empty() {
        let meant = spec.names.iter().copied().find(|name| lower.starts_with(name));
        return problem(Trouble::Name(spec, meant));
    }
    problem(Trouble::Malformed(spec))
}

/// Whether Quartz or Jenkins would know a part that cron does not.
fn is_quartz(part: &str) -> bool {
    let upper = part.to_ascii_uppercase();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let day = |text: &str| digits(text) || FIELDS[4].names.contains(&text.to_ascii_lowercase().as_str());
    upper == "?"
        || upper == "L"
        || upper == "LW"
        || upper.strip_prefix("L-").is_some_and(digits)
        || upper.strip_suffix('L').is_some_and(day)
        || upper.strip_suffix('W').is_some_and(digits)
        || upper.split_once('#').is_some_and(|(a, b)| day(a) && digits(b))
        || upper == "H"
        || upper.starts_with("H/")
        || upper.starts_with("H(")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(&str, Trouble)> {
        let problems = parse(text).expect_err(text);
        problems.into_iter().map(|p| (&text[p.range], p.kind)).collect()
    }

    #[test]
    fn fields_are_sets() {
        let cron = parse("*/20 9-11 1,31 jan,JUL fri-7").expect("valid");
        assert_eq!(cron.values[0], 1 | 1 << 20 | 1 << 40);
        assert_eq!(cron.values[1], 0b111 << 9);
        assert_eq!(cron.values[2], 1 << 1 | 1 << 31);
        assert_eq!(cron.values[3], 1 << 1 | 1 << 7);
        assert_eq!(cron.values[4], 1 | 1 << 5 | 1 << 6);
        assert_eq!(cron.any, [false; 5]);
        assert!(parse("0 0 * * *\n").is_ok());
    }

    #[test]
    fn problems_point_at_their_characters() {
        assert_eq!(kinds("60 * * * *"), [("60", Trouble::Number(&FIELDS[0]))]);
        assert_eq!(
            kinds("1,99 24 * * *"),
            [("99", Trouble::Number(&FIELDS[0])), ("24", Trouble::Number(&FIELDS[1]))]
        );
        assert_eq!(kinds("*/0 * * * *"), [("0", Trouble::Step(&FIELDS[0]))]);
        assert_eq!(kinds("*/60 * * * *"), [("60", Trouble::Step(&FIELDS[0]))]);
        assert_eq!(kinds("*/59 * * * *"), [("59", Trouble::GreatestStep(&FIELDS[0]))]);
        assert_eq!(read("*/59 * * * *").map(|(cron, _)| cron.values[0]), Ok(1 | 1 << 59));
        assert_eq!(kinds("*/ * * * *"), [("*/", Trouble::Step(&FIELDS[0]))]);
        assert_eq!(kinds("5/10 * * * *"), [("5/10", Trouble::StepWithoutRange("5-59/10".to_owned()))]);
        assert_eq!(kinds("9-5 * * * *"), [("9-5", Trouble::Reversed(&FIELDS[0], None))]);
        assert_eq!(
            kinds("0 0 * * fri-sun"),
            [("fri-sun", Trouble::Reversed(&FIELDS[4], Some("5-7".to_owned())))]
        );
        assert_eq!(kinds("0 0 * * monday"), [("monday", Trouble::Name(&FIELDS[4], Some("mon")))]);
        assert_eq!(kinds("0 0 1,,2 * *"), [("", Trouble::Malformed(&FIELDS[2]))]);
        assert_eq!(kinds("> * * * *"), [(">", Trouble::Extreme(59))]);
        for quartz in ["?", "L", "LW", "15W", "L-3", "H", "H/15", "H(0-7)"] {
            assert_eq!(kinds(&format!("0 0 {quartz} * *")), [(quartz, Trouble::Quartz)]);
        }
        assert_eq!(kinds("0 0 * * mon#2"), [("mon#2", Trouble::Quartz)]);
        assert_eq!(kinds("0 0 * * 5L"), [("5L", Trouble::Quartz)]);
    }

    #[test]
    fn the_rest_is_about_the_whole() {
        assert_eq!(kinds("0 0 * *"), [("0 0 * *", Trouble::FieldCount(4))]);
        assert_eq!(kinds("60"), [("60", Trouble::FieldCount(1))]);
        assert_eq!(kinds("30"), [("30", Trouble::OneField)]);
        assert_eq!(kinds(""), [("", Trouble::Empty)]);
        assert_eq!(kinds("@daily"), [("@daily", Trouble::Nickname(Some("0 0 * * *")))]);
        assert_eq!(kinds("@every 5m"), [("@every 5m", Trouble::UnknownNickname)]);
        assert_eq!(kinds("0  0 * * *"), [("0  0 * * *", Trouble::Spacing("0 0 * * *".to_owned()))]);
        assert_eq!(kinds("0 0 31 2,4 *"), [("31 2,4", Trouble::Never)]);
        assert!(
            parse("0 0 31 2 mon").is_ok() && parse("0 0 29 2 *").is_ok() && parse("0 0 31 2,3 *").is_ok()
        );
        assert_eq!(kinds("0 0 1-7 * mon"), [("1-7 * mon", Trouble::EitherDay)]);
        assert!(parse("0 0 1,15 * fri").is_ok() && parse("0 0 1-7 * *").is_ok());
    }
}
