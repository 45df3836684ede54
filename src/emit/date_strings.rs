//! Date strings of a Chronos command: `%(shortdate-1)s` becomes yesterday's date
//! (`chronos_tools:parse_time_variables`, `tron/tron_timeutils.py`).

use jiff::Span;
use jiff::civil::DateTime;

use crate::schedule::tron::{self, Date, ItemKind};

use super::Refusal;

/// A command with its date strings replaced by what they are at `now`.
///
/// # Errors
/// A `%` that Python cannot make sense of, a date that does not exist, a bare `%s`, which would
/// insert the address of an object.
pub(super) fn expand(command: &str, now: DateTime) -> Result<String, Refusal> {
    let mut out = String::with_capacity(command.len());
    let mut from = 0;
    for item in tron::items(command) {
        out.push_str(command.get(from..item.range.start).unwrap_or(""));
        let text = command.get(item.range.clone()).unwrap_or("");
        match item.kind {
            ItemKind::Escape => out.push('%'),
            ItemKind::Date(date) => out.push_str(&formatted(text, &value(&date, now)?)?),
            _ => {
                return Err(Refusal::new(
                    "InvalidChronosConfigError",
                    format!("`{text}` in `cmd` is no date string"),
                )
                .help("write `%%` for a percent sign"));
            }
        }
        from = item.range.end;
    }
    out.push_str(command.get(from..).unwrap_or(""));
    Ok(out)
}

/// What a date string stands for: text, or a number.
enum Shown {
    Text(String),
    Number(i64),
}

fn value(date: &Date, now: DateTime) -> Result<Shown, Refusal> {
    let impossible = || {
        Refusal::new(
            "InvalidChronosConfigError",
            format!("`{}{:+}` in `cmd` is no date today", date.name, date.delta),
        )
        .help("`month` and `year` keep the day of the month: shift `shortdate` by days instead")
    };
    let days = |delta: i64| now.checked_add(Span::new().try_days(delta).ok()?).ok();
    Ok(match date.name {
        "shortdate" => Shown::Text(days(date.delta).ok_or_else(impossible)?.date().to_string()),
        "day" => Shown::Text(format!("{:02}", days(date.delta).ok_or_else(impossible)?.day())),
        "hour" => {
            let hours = Span::new().try_hours(date.delta).map_err(|_| impossible())?;
            Shown::Text(format!("{:02}", now.checked_add(hours).map_err(|_| impossible())?.hour()))
        }
        "month" => Shown::Text(format!("{:02}", shifted(now, date.delta).ok_or_else(impossible)?.month())),
        "year" => {
            let months = date.delta.checked_mul(12).ok_or_else(impossible)?;
            Shown::Text(shifted(now, months).ok_or_else(impossible)?.year().to_string())
        }
        "unixtime" => {
            let seconds =
                now.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| impossible())?.timestamp().as_second();
            Shown::Number(seconds.checked_add(date.delta).ok_or_else(impossible)?)
        }
        _ => Shown::Number(ordinal(now).checked_add(date.delta).ok_or_else(impossible)?),
    })
}

/// The same day and hour some months later, if that day exists.
fn shifted(now: DateTime, months: i64) -> Option<DateTime> {
    let month = (i64::from(now.year()) * 12 + i64::from(now.month()) - 1).checked_add(months)?;
    let year = i16::try_from(month.div_euclid(12)).ok().filter(|year| (1..=9999).contains(year))?;
    let month = i8::try_from(month.rem_euclid(12) + 1).ok()?;
    DateTime::new(year, month, now.day(), now.hour(), now.minute(), now.second(), 0).ok()
}

/// Days since 31 December of the year 0 (`date.toordinal`).
fn ordinal(now: DateTime) -> i64 {
    let first = jiff::civil::date(1, 1, 1);
    let days = first.until(now.date()).map(|span| span.get_days()).unwrap_or_default();
    i64::from(days) + 1
}

/// A value written as `%(name)<flags><width><.precision><conversion>` says.
fn formatted(item: &str, value: &Shown) -> Result<String, Refusal> {
    let spec = item.rsplit_once(')').map_or("", |(_, spec)| spec);
    let flags_end = spec.find(|c: char| !"-+ #0".contains(c)).unwrap_or(spec.len());
    let (flags, rest) = spec.split_at(flags_end);
    let width_end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (width, rest) = rest.split_at(width_end);
    let (precision, rest) = match rest.strip_prefix('.') {
        Some(rest) => {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let (digits, rest) = rest.split_at(end);
            (Some(number(digits, 0)?), rest)
        }
        None => (None, rest),
    };
    let conversion = rest.trim_start_matches(['h', 'l', 'L']);
    let is_number = matches!(value, Shown::Number(_)) && !matches!(conversion, "s" | "r" | "a" | "%");
    let body = match (conversion, value) {
        ("%", _) => return Ok("%".to_owned()),
        ("s", Shown::Text(text)) => cut(text, precision),
        ("r" | "a", Shown::Text(text)) => cut(&crate::yaml::python_str(text), precision),
        ("s" | "r" | "a", Shown::Number(number)) => cut(&number.to_string(), precision),
        (kind, Shown::Number(number)) => digits(kind, *number, precision, flags)?,
        (_, Shown::Text(_)) => {
            return Err(Refusal::new(
                "InvalidChronosConfigError",
                format!("`{item}` in `cmd` is text, not a number"),
            ));
        }
    };
    let width = number(width, 0)?;
    let padding = width.saturating_sub(body.chars().count());
    let blank = |count: usize| " ".repeat(count);
    Ok(if flags.contains('-') {
        body + &blank(padding)
    } else if is_number && flags.contains('0') {
        let sign = usize::from(body.starts_with(['-', '+', ' ']));
        let (sign, digits) = body.split_at(sign);
        format!("{sign}{}{digits}", "0".repeat(padding))
    } else {
        blank(padding) + &body
    })
}

/// A number with its sign, in the base or notation of the conversion.
fn digits(kind: &str, number: i64, precision: Option<usize>, flags: &str) -> Result<String, Refusal> {
    let magnitude = number.unsigned_abs();
    let prefix = |text: &'static str| if flags.contains('#') { text } else { "" };
    #[expect(clippy::cast_precision_loss, reason = "Python converts to a float, too")]
    let float = magnitude as f64;
    let least = precision.unwrap_or(1);
    let body = match kind {
        "d" | "i" | "u" => format!("{magnitude:0least$}"),
        "x" => format!("{}{magnitude:0least$x}", prefix("0x")),
        "X" => format!("{}{magnitude:0least$X}", prefix("0X")),
        "o" => format!("{}{magnitude:0least$o}", prefix("0o")),
        "f" | "F" => format!("{float:.*}", precision.unwrap_or(6)),
        "e" | "E" => exponential(float, precision.unwrap_or(6), kind),
        _ => {
            return Err(Refusal::new(
                "InvalidChronosConfigError",
                format!("the conversion `{kind}` in `cmd` is not one for dates"),
            )
            .help("use `s`, or `d` for `unixtime` and `daynumber`"));
        }
    };
    let sign = match (number < 0, flags.contains('+'), flags.contains(' ')) {
        (true, ..) => "-",
        (_, true, _) => "+",
        (_, _, true) => " ",
        _ => "",
    };
    Ok(format!("{sign}{body}"))
}

/// `1.5e+09`, as C writes it.
fn exponential(number: f64, precision: usize, kind: &str) -> String {
    let text = format!("{number:.precision$e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}{kind}{sign}{:02}", exponent.abs())
}

fn cut(text: &str, precision: Option<usize>) -> String {
    text.chars().take(precision.unwrap_or(usize::MAX)).collect()
}

/// A width or precision, bounded: a wide field would be a way to fill the memory.
fn number(digits: &str, empty: usize) -> Result<usize, Refusal> {
    const MAX: usize = 10_000;
    if digits.is_empty() {
        return Ok(empty);
    }
    digits.parse().ok().filter(|width| *width <= MAX).ok_or_else(|| {
        Refusal::new(
            "InvalidChronosConfigError",
            format!("a date string in `cmd` is {digits} characters wide"),
        )
    })
}
