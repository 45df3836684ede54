//! Date strings of a command: `%(shortdate-1)s` and its kin.
//!
//! paasta-tools 0.66.6 runs Python's `%` over the whole command of a Chronos job, with a mapping
//! that works out dates (`chronos_tools:parse_time_variables`, `tron/tron_timeutils.py`). So every
//! `%` counts. This follows Python's own `unicode_format`, the mapping's quirks included.

use std::ops::Range;

/// The names that the mapping knows.
pub const VARIABLES: [&str; 7] = ["shortdate", "year", "month", "day", "hour", "unixtime", "daynumber"];

/// One `%` of a command and what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Bytes of the command, from the `%` on.
    pub range: Range<usize>,
    /// What Python makes of it.
    pub kind: ItemKind,
}

/// What Python makes of a `%`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// `%%`: a percent sign.
    Escape,
    /// A date.
    Date(Date),
    /// A known name with a conversion that cannot format it, or with none.
    BadConversion,
    /// A name that the mapping does not know; bytes of the name with its suffix.
    UnknownName(Range<usize>),
    /// `%s`, `%r` or `%a` without a name: the text of an object of Python, or a failure.
    Object,
    /// Anything else: a failure.
    Stray,
}

/// A date string that works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Date {
    /// One of [`VARIABLES`].
    pub name: &'static str,
    /// What is added, in units of the name.
    pub delta: i64,
    /// Bytes of the name that have no effect.
    pub ignored: Range<usize>,
}

impl Date {
    /// Whether the value is a number to Python; all others are text.
    fn is_number(name: &str) -> bool {
        matches!(name, "unixtime" | "daynumber")
    }
}

/// Every `%` of a command.
pub fn items(command: &str) -> Vec<Item> {
    let mut items = Vec::new();
    let mut at = 0;
    while let Some(found) = command.get(at..).and_then(|rest| rest.find('%')) {
        let item = item(command, at + found);
        at = item.range.end;
        items.push(item);
    }
    items
}

fn item(command: &str, start: usize) -> Item {
    let bytes = command.as_bytes();
    let mut at = start + 1;
    let mut name = None;
    if bytes.get(at) == Some(&b'(') {
        let Some(close) = closing(bytes, at) else { return stray(start) };
        name = Some(at + 1..close);
        at = close + 1;
    }
    let spec = at;
    let skip = |at: &mut usize, set: &[u8]| {
        while bytes.get(*at).is_some_and(|b| set.contains(b)) {
            *at += 1;
        }
    };
    skip(&mut at, b"-+ #0");
    skip(&mut at, b"0123456789");
    if bytes.get(at) == Some(&b'.') {
        at += 1;
        skip(&mut at, b"0123456789");
    }
    if bytes.get(at).is_some_and(|b| b"hlL".contains(b)) {
        at += 1;
    }
    let conversion = bytes.get(at).copied();
    let end = if conversion.is_some_and(|b| b.is_ascii()) { at + 1 } else { at };
    match name {
        Some(name) => named(command, start..end, &name, spec, conversion),
        None => match conversion {
            Some(b'%') => Item { range: start..end, kind: ItemKind::Escape },
            // Only what directly follows the `%` looks like a conversion to a reader.
            Some(b's' | b'r' | b'a') => Item { range: start..end, kind: ItemKind::Object },
            _ => stray(start),
        },
    }
}

fn stray(start: usize) -> Item {
    Item { range: start..start + 1, kind: ItemKind::Stray }
}

/// The parenthesis that closes the one at `open`; Python counts inner ones.
fn closing(bytes: &[u8], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in bytes.iter().enumerate().skip(open) {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            // Nobody writes a name over lines; a search to the end for each `%(` would be quadratic.
            b'\n' => return None,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
        if at - open > 200 {
            return None;
        }
    }
    None
}

/// `%(name)` and what follows.
fn named(
    command: &str,
    range: Range<usize>,
    name: &Range<usize>,
    spec: usize,
    conversion: Option<u8>,
) -> Item {
    let text = command.get(name.clone()).unwrap_or("");
    // Python's `(\w+)([+-]\d+)?`, from the start, the rest ignored.
    let word_end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    let (word, rest) = text.split_at(word_end);
    let Some(known) = VARIABLES.into_iter().find(|known| *known == word) else {
        return Item { range: range.start..name.end + 1, kind: ItemKind::UnknownName(name.clone()) };
    };
    let digits = rest.get(1..).unwrap_or("");
    let count = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let has_delta = rest.starts_with(['+', '-']) && count > 0;
    let (delta, ignored) = if has_delta {
        let written = rest.get(..=count).unwrap_or("");
        // What does not fit is far beyond any date.
        let far = if written.starts_with('-') { i64::MIN } else { i64::MAX };
        (written.parse().unwrap_or(far), name.start + word_end + 1 + count..name.end)
    } else {
        (0, name.start + word_end..name.end)
    };
    let fits = match conversion {
        Some(b's' | b'r' | b'a' | b'%') => true,
        Some(b'd' | b'i' | b'o' | b'u' | b'x' | b'X' | b'e' | b'E' | b'f' | b'F' | b'g' | b'G') => {
            Date::is_number(known)
        }
        _ => false,
    };
    if fits {
        return Item { range, kind: ItemKind::Date(Date { name: known, delta, ignored }) };
    }
    Item { range: range.start..spec, kind: ItemKind::BadConversion }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(command: &str) -> Vec<(&str, ItemKind)> {
        items(command).into_iter().map(|item| (&command[item.range], item.kind)).collect()
    }

    fn date(name: &'static str, delta: i64, ignored: Range<usize>) -> ItemKind {
        ItemKind::Date(Date { name, delta, ignored })
    }

    #[test]
    fn dates_have_a_name_a_step_and_a_conversion() {
        assert_eq!(kinds("x %(shortdate)s"), [("%(shortdate)s", date("shortdate", 0, 13..13))]);
        assert_eq!(kinds("%(day-12)02s"), [("%(day-12)02s", date("day", -12, 8..8))]);
        assert_eq!(kinds("%(unixtime+1)d"), [("%(unixtime+1)d", date("unixtime", 1, 12..12))]);
        assert_eq!(kinds("%(shortdate -1)s"), [("%(shortdate -1)s", date("shortdate", 0, 11..14))]);
        assert_eq!(kinds("%(shortdate-1d)s"), [("%(shortdate-1d)s", date("shortdate", -1, 13..14))]);
        assert_eq!(kinds("%(shortdate-)s"), [("%(shortdate-)s", date("shortdate", 0, 11..12))]);
        assert_eq!(kinds("100%% %5%"), [("%%", ItemKind::Escape), ("%5%", ItemKind::Escape)]);
    }

    #[test]
    fn the_rest_fails() {
        assert_eq!(kinds("date +%Y-%m"), [("%", ItemKind::Stray), ("%", ItemKind::Stray)]);
        assert_eq!(kinds("50%"), [("%", ItemKind::Stray)]);
        assert_eq!(kinds("5%é"), [("%", ItemKind::Stray)]);
        assert_eq!(kinds("date +%s"), [("%s", ItemKind::Object)]);
        assert_eq!(kinds("%(year"), [("%", ItemKind::Stray)]);
        assert_eq!(
            kinds("%(year)d %(year)"),
            [("%(year)", ItemKind::BadConversion), ("%(year)", ItemKind::BadConversion)]
        );
        assert_eq!(kinds("%(shortdates)s"), [("%(shortdates)", ItemKind::UnknownName(2..12))]);
        assert_eq!(kinds("%()s"), [("%()", ItemKind::UnknownName(2..2))]);
        assert_eq!(kinds("%(shortdate) --foo"), [("%(shortdate)", ItemKind::BadConversion)]);
        let hostile = "%(".repeat(50_000);
        assert_eq!(items(&hostile).len(), 50_000);
    }
}
