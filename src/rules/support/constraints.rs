//! Placement constraints: where they stand, and what is sent of them.

use std::borrow::Cow;

use crate::rules::{InstanceCx, Located};
use crate::yaml::{Kind, Value};

/// A list of constraints of an instance.
#[derive(Clone, Copy)]
pub(crate) struct ConstraintList<'a> {
    /// The key with the list.
    pub(crate) located: Located<'a>,
    /// Whether it is `constraints`, which is sent as it is; of `extra_constraints` PaaSTA makes strings.
    pub(crate) is_explicit: bool,
}

/// The lists of constraints that an instance has.
pub(crate) fn lists<'a>(cx: &InstanceCx<'a>) -> impl Iterator<Item = ConstraintList<'a>> {
    ["constraints", "extra_constraints"].into_iter().filter_map(|key| {
        let located = cx.get(key).filter(|located| located.value.kind() == Kind::Seq)?;
        Some(ConstraintList { located, is_explicit: key == "constraints" })
    })
}

/// One constraint, as far as it is written.
#[derive(Clone, Copy)]
pub(crate) struct Constraint<'a> {
    /// The whole list.
    pub(crate) item: Value<'a>,
    /// The operator, if it is text.
    pub(crate) operator: Option<&'a str>,
    /// The second item.
    pub(crate) operator_value: Value<'a>,
    /// The third.
    pub(crate) value: Option<Value<'a>>,
}

impl<'a> ConstraintList<'a> {
    /// The constraints with an operator; anything else has a finding of its own.
    pub(crate) fn constraints(&self) -> impl Iterator<Item = Constraint<'a>> {
        let items = self.located.value.items().filter(|item| item.kind() == Kind::Seq);
        items.filter_map(|item| {
            let mut parts = item.items().skip(1);
            let operator_value = parts.next()?;
            Some(Constraint { item, operator: operator_value.as_str(), operator_value, value: parts.next() })
        })
    }

    /// The text that is sent for a third item; `None` where the client leaves it out
    /// (payload-specs/marathon: falsy values are dropped). Collections have a finding of their own.
    pub(crate) fn sent(&self, value: Value<'a>) -> Sent<'a> {
        let is_falsy = match value.kind() {
            Kind::Seq | Kind::Map | Kind::Set => return Sent::Unclear,
            Kind::Null => true,
            Kind::Bool => value.as_bool() == Some(false),
            Kind::Int | Kind::Float => value.as_number() == Some(0.0),
            _ => false,
        };
        if self.is_explicit && is_falsy {
            return Sent::Nothing;
        }
        let text = match (value.kind(), value.as_bool()) {
            // As Python's str() has them.
            (Kind::Bool, Some(true)) => Cow::Borrowed("True"),
            (Kind::Bool, _) => Cow::Borrowed("False"),
            (Kind::Null, _) => Cow::Borrowed("None"),
            _ => value.repr(),
        };
        if text.is_empty() { Sent::Nothing } else { Sent::Text(text) }
    }
}

/// What becomes of the third item of a constraint.
pub(crate) enum Sent<'a> {
    /// It is left out.
    Nothing,
    /// This.
    Text(Cow<'a, str>),
    /// Something that is no value of a constraint.
    Unclear,
}

/// What is surely wrong with a text as a regular expression of Java, in words; most mistakes are not
/// found, but nothing right is refused.
pub(crate) fn pattern_problem(pattern: &str) -> Option<&'static str> {
    let mut groups = 0_usize;
    let mut in_class = 0_usize;
    // Whether something stands before that a quantifier can repeat.
    let mut repeatable = false;
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let escaped = chars.next();
                match escaped {
                    None => return Some("the backslash at the end escapes nothing"),
                    // Quoted text up to \E: whatever it is, it is no mistake of this kind.
                    Some('Q') => return None,
                    Some(_) => repeatable = true,
                }
            }
            '[' => {
                in_class += 1;
                // A bracket right after the opening, or after ^, may stand for itself.
                if chars.peek() == Some(&'^') {
                    chars.next();
                }
                if chars.peek() == Some(&']') {
                    return None;
                }
            }
            ']' if in_class > 0 => {
                in_class -= 1;
                repeatable = true;
            }
            _ if in_class > 0 => {}
            '(' => {
                groups += 1;
                repeatable = false;
                if chars.peek() == Some(&'?') {
                    chars.next();
                }
            }
            ')' if groups == 0 => return Some("a closing parenthesis has no opening one"),
            ')' => {
                groups -= 1;
                repeatable = true;
            }
            '|' => repeatable = false,
            '*' | '+' | '?' if !repeatable => {
                return Some("there is nothing to repeat before the `*`, `+` or `?`");
            }
            _ => repeatable = true,
        }
    }
    match (groups, in_class) {
        (0, 0) => None,
        (_, 0) => Some("a parenthesis is never closed"),
        _ => Some("a bracket is never closed"),
    }
}

#[cfg(test)]
mod tests {
    use super::pattern_problem;

    #[test]
    fn only_patterns_that_java_refuses_have_a_problem() {
        let right = [
            "",
            "a",
            "a.*",
            "t2\\.(micro|small)",
            "[a-z]+",
            "[^]a]",
            "[]a]",
            "[[a-z]&&[^b]]",
            "a++",
            "a*?",
            "(?i)a",
            "(?:a|b)+",
            "(?<name>a)",
            "^*",
            "\\(",
            "\\Q(*\\E",
            "a{2,3}",
            "]",
            "}",
            "(|a)",
            "é+",
            "$*",
        ];
        for pattern in right {
            assert_eq!(pattern_problem(pattern), None, "{pattern}");
        }
        for pattern in ["t2.(micro|small", "a)", "*a", "+", "a|*", "(*a)", "[a-z", "(a[b)", "a\\", "((a)"] {
            assert!(pattern_problem(pattern).is_some(), "{pattern}");
        }
    }
}
