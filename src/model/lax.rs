//! Values that should have one type, and of which their readers make something in others, too: a
//! warning, where everything else is an error.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::shape::{Also, Form, Lax, Map, Names, Shape, Shaped};

macro_rules! lax {
    ($(
        $(#[doc = $doc:literal])*
        $name:ident: $shape:expr, also $also:expr, $why:literal;
    )*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub serde_json::Value);

        impl Shaped for $name {
            const SHAPE: Shape = Shape::Lax(&Lax { shape: $shape, also: $also, why: $why });
        }
    )*};
}

// synapse-tools 0.12.4 `configure_synapse.py`, nerve-tools 0.14.3 `configure_nerve.py`, both run with each
// key and every type of value; pysensu-yelp 0.3.4 and paasta-tools 0.66.6 likewise; and what
// docs/reference/payload-specs/sensu.md says of Sensu's handlers.
lax! {
    /// A number that Python formats with `%d`.
    Formatted: Shape::Integer, also &[Also::Numbers],
        "a fraction is cut off, and true counts as 1: that is the number in use";
    /// What counts by Python's truth.
    Truth: Shape::Boolean, also &[Also::Anything],
        "Python decides: everything but false, 0 and what is empty counts as true, `'no'` included";
    /// A text that counts only where it is not empty, as Python has it.
    TextOrNothing: Shape::Text, also &[Also::Empty],
        "it counts as absent, as everything does that is empty, 0 or false";
    /// The value of a header of requests.
    HeaderValue: Shape::Text, also &[Also::Scalars],
        "the header gets the text that Python makes of it";
    /// The port of a health check, a part of a path.
    PathPort: Shape::Integer, also &[Also::Form(&PORT_TEXT)],
        "the port is a part of a path, in which quotes make no difference";
    /// How HAProxy chooses a server.
    BalanceWord: Shape::Text, also &[Also::Anything],
        "it is ignored: synapse knows only `leastconn` and `roundrobin`";
    /// Seconds that `updown_service` counts.
    CountedSeconds: Shape::Integer, also &[Also::Booleans],
        "true counts as 1, false as 0";
    /// A mapping that nothing in synapse-tools 0.12.4 reads.
    UnreadMap: Shape::Map(&UNREAD_MAP), also &[Also::Anything],
        "synapse-tools 0.12.4 does not read it";
    /// A mapping that counts only where it is not empty.
    MapOrNothing: Shape::Map(&UNREAD_MAP), also &[Also::Empty],
        "it counts as absent, as everything does that is empty, 0 or false";
    /// What Sensu's handlers take for true or false.
    RubyTruth: Shape::Boolean, also &[Also::Json],
        "Sensu's handlers go by Ruby's truth: everything but false and null counts as true, `'no'` and 0 included";
    /// A text that Sensu passes on to people.
    ShownText: Shape::Text, also &[Also::Scalars],
        "nothing fails, but people see it as a program writes it";
    /// Where mail goes to; false for nowhere.
    Addresses: Shape::Either(&[Shape::Text, Shape::Boolean]), also &[Also::EmptyList],
        "Sensu's handlers take an empty list for false";
    /// IRC channels.
    Channels: Vec::<String>::SHAPE, also &[Also::Text],
        "Sensu's handlers make a list of it";
    /// A span of time as Sensu's library reads it.
    TimeSpan: Shape::Text, also &[Also::Empty],
        "Sensu's library takes whatever is empty, 0 or false for no time at all";
    /// A number that Python's `float()` reads.
    FloatText: Shape::Number, also &[Also::Booleans, Also::Form(&FLOAT_TEXT)],
        "PaaSTA makes a number of it, but not every reader does";
}

/// A number that Python's `int()` reads: text in monitoring.yaml, where Sensu's library makes a number of
/// it; not in a Chronos job, whose check computes with it before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Realert(pub serde_json::Value);

impl Shaped for Realert {
    const SHAPE: Shape = Shape::When(
        |_, kind| kind == super::kind::FileKind::Chronos,
        &Shape::Lax(&Lax { shape: Shape::Integer, also: &[Also::Numbers], why: REALERT }),
        &Shape::Lax(&Lax {
            shape: Shape::Integer,
            also: &[Also::Numbers, Also::Form(&WHOLE_TEXT)],
            why: REALERT,
        }),
    );
}

const REALERT: &str =
    "Sensu's library makes a whole number of it: a fraction is cut off, and true counts as 1";

/// Headers of requests by name.
pub type HeaderMap = BTreeMap<String, HeaderValue>;

impl Shaped for HeaderMap {
    const SHAPE: Shape = Shape::Map(&Map {
        names: Names::Any,
        value: HeaderValue::SHAPE,
        min: 0,
        what: "a mapping of names to strings",
        form: "{NAME: value}",
    });
}

/// A mapping of which nobody knows the keys.
static UNREAD_MAP: Map =
    Map { names: Names::Any, value: Shape::Anything, min: 0, what: "a mapping", form: "{key: value}" };

/// Digits that are a port.
static PORT_TEXT: Form = Form {
    what: "a port",
    rule: "from 1 to 65535",
    pattern: "^([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$",
    test: |text| {
        let is_plain = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
        is_plain && text.parse::<u16>().is_ok()
    },
    example: "8888",
};

/// What `int()` reads of 0 and more, and -1.
static WHOLE_TEXT: Form = Form {
    what: "a whole number",
    rule: "digits, or -1",
    pattern: "^ *(-1|[+]?[0-9]+) *$",
    test: |text| {
        let text = text.trim_matches(' ');
        let digits = text.strip_prefix('+').unwrap_or(text);
        text == "-1" || (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
    },
    example: "60",
};

/// What `float()` reads of decimal numbers that are not negative.
static FLOAT_TEXT: Form = Form {
    what: "a number",
    rule: "digits, maybe with a dot",
    pattern: r"^ *[+]?([0-9]+\.?[0-9]*|\.[0-9]+) *$",
    test: |text| {
        let text = text.trim_matches(' ');
        let (whole, part) = text.strip_prefix('+').unwrap_or(text).split_once('.').unwrap_or((text, ""));
        let whole = whole.strip_prefix('+').unwrap_or(whole);
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        is_digits(whole) && is_digits(part) && !(whole.is_empty() && part.is_empty())
    },
    example: "10",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_agree_with_their_patterns() {
        let texts = [
            "", " ", "0", "00", "1", "8888", "65535", "65536", "99999", "08", "-1", "-2", "+5", "++5",
            " 60 ", "6 0", "2.5", "2.", ".5", ".", "+2.5", "+.", "1.2.3", "1e3", "abc", "6_0", "\u{661}",
            "1\n",
        ];
        for form in [&PORT_TEXT, &WHOLE_TEXT, &FLOAT_TEXT] {
            let pattern = regex::Regex::new(form.pattern).expect("pattern compiles");
            for text in texts {
                assert_eq!(pattern.is_match(text), (form.test)(text), "{} {text:?}", form.what);
            }
            assert!((form.test)(form.example), "{}", form.what);
        }
    }
}
