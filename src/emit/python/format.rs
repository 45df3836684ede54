//! `str.format` with text arguments: how a `deploy_group` is interpolated.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::Exception;

/// `template.format(**arguments)`, where every argument is text.
///
/// # Errors
/// `KeyError` for an unknown name, `IndexError` for `{}` and `{0}`, `ValueError` for braces that
/// do not match and for conversions and formats that text does not have, `AttributeError` for
/// `{name.attribute}`.
pub fn format(template: &str, arguments: &[(&str, &str)]) -> Result<String, Exception> {
    if !template.contains(['{', '}']) {
        return Ok(template.to_owned());
    }
    expand(template, arguments, 2)
}

fn value_error(message: impl Into<String>) -> Exception {
    Exception::new("ValueError", message)
}

/// Replaces the fields of `template`; a format may itself hold fields, but no deeper.
fn expand(template: &str, arguments: &[(&str, &str)], depth: usize) -> Result<String, Exception> {
    if depth == 0 {
        return Err(value_error("fields are nested too deep"));
    }
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        out.push_str(rest.get(..at).unwrap_or(""));
        let brace = rest.get(at..).unwrap_or("");
        if let Some(after) = brace.strip_prefix("{{") {
            out.push('{');
            rest = after;
        } else if let Some(after) = brace.strip_prefix("}}") {
            out.push('}');
            rest = after;
        } else if let Some(after) = brace.strip_prefix('{') {
            let end = closing(after)?;
            let field = after.get(..end).unwrap_or("");
            out.push_str(&replacement(field, arguments, depth)?);
            rest = after.get(end + 1..).unwrap_or("");
        } else {
            return Err(value_error("there is a `}` without a `{`"));
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// Where the `}` is that closes a field, counting inner braces.
fn closing(field: &str) -> Result<usize, Exception> {
    let mut open = 1_usize;
    for (at, byte) in field.bytes().enumerate() {
        match byte {
            b'{' => open += 1,
            b'}' => open -= 1,
            _ => continue,
        }
        if open == 0 {
            return Ok(at);
        }
    }
    Err(value_error("there is a `{` without a `}`"))
}

/// One field: `name`, `name!conversion`, `name:format`.
fn replacement(field: &str, arguments: &[(&str, &str)], depth: usize) -> Result<String, Exception> {
    let (head, spec) = match field.find([':', '!']) {
        Some(at) if field.get(at..).is_some_and(|rest| rest.starts_with(':')) => {
            (field.get(..at).unwrap_or(""), field.get(at + 1..).unwrap_or(""))
        }
        Some(at) => return converted(field, at, arguments, depth),
        None => (field, ""),
    };
    let value = lookup(head, arguments)?;
    if spec.is_empty() {
        Ok(value.into_owned())
    } else {
        aligned(&value, &expand(spec, arguments, depth - 1)?)
    }
}

/// `name!r`, maybe with a format.
fn converted(field: &str, at: usize, arguments: &[(&str, &str)], depth: usize) -> Result<String, Exception> {
    let value = lookup(field.get(..at).unwrap_or(""), arguments)?;
    let mut after = field.get(at + 1..).unwrap_or("").chars();
    let converted = match after.next() {
        Some('s') => value.into_owned(),
        Some('r') => crate::yaml::python_str(&value),
        Some('a') => ascii(&crate::yaml::python_str(&value)),
        _ => return Err(value_error("the conversion after `!` is none of `r`, `s`, `a`")),
    };
    match after.as_str() {
        "" => Ok(converted),
        rest => match rest.strip_prefix(':') {
            Some(spec) => aligned(&converted, &expand(spec, arguments, depth - 1)?),
            None => Err(value_error("`:` is expected after the conversion")),
        },
    }
}

/// Escapes what is not ASCII.
fn ascii(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        // Writing to a string cannot fail.
        let _ = match u32::from(c) {
            0..=0x7f => write!(out, "{c}"),
            code @ 0x80..=0xff => write!(out, "\\x{code:02x}"),
            code @ 0x100..=0xffff => write!(out, "\\u{code:04x}"),
            code => write!(out, "\\U{code:08x}"),
        };
    }
    out
}

/// The argument that a field names, maybe one character of it.
fn lookup<'a>(name: &str, arguments: &[(&str, &'a str)]) -> Result<Cow<'a, str>, Exception> {
    let end = name.find(['.', '[']).unwrap_or(name.len());
    let (first, rest) = name.split_at(end);
    if first.is_empty() || first.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Exception::new("IndexError", "a field has no name"));
    }
    let Some(&(_, value)) = arguments.iter().find(|(known, _)| *known == first) else {
        return Err(Exception::new("KeyError", std::format!("there is no `{first}` to put in")));
    };
    let mut value = Cow::Borrowed(value);
    let mut rest = rest;
    while !rest.is_empty() {
        let Some((index, after)) = rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) else {
            return Err(Exception::new("AttributeError", std::format!("`{first}` has no parts to name")));
        };
        let index: usize = index.parse().map_err(|_| Exception::type_error("an index must be a number"))?;
        let Some(c) = value.chars().nth(index) else {
            return Err(Exception::new("IndexError", std::format!("`{first}` is shorter than that")));
        };
        value = Cow::Owned(c.to_string());
        rest = after;
    }
    Ok(value)
}

/// `format(value, spec)` of text: `[[fill]align][0][width][.precision][s]`.
fn aligned(value: &str, spec: &str) -> Result<String, Exception> {
    /// More would be a way to fill the memory.
    const MAX_WIDTH: usize = 10_000;
    if spec.is_empty() {
        return Ok(value.to_owned());
    }
    let is_align = |c: Option<char>| matches!(c, Some('<' | '>' | '^' | '='));
    let mut chars: Vec<char> = spec.chars().collect();
    let (mut fill, mut align) = (' ', '<');
    if is_align(chars.get(1).copied()) {
        fill = chars.first().copied().unwrap_or(' ');
        align = chars.get(1).copied().unwrap_or('<');
        chars.drain(..2);
    } else if is_align(chars.first().copied()) {
        align = chars.remove(0);
    }
    let rest: String = chars.into_iter().collect();
    if rest.starts_with('0') && align != '<' && fill == ' ' && !spec.starts_with(' ') {
        fill = '0';
    }
    let width_end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (width, rest) = rest.split_at(width_end);
    let (precision, kind) = match rest.strip_prefix('.') {
        Some(rest) => {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let (digits, kind) = rest.split_at(end);
            (Some(number(digits)?), kind)
        }
        None => (None, rest),
    };
    // A zero before the width asks for padding after the sign, which text does not have.
    if align == '=' || spec.starts_with('0') || !matches!(kind, "" | "s") {
        return Err(value_error("text has no such format"));
    }
    let shown: String = value.chars().take(precision.unwrap_or(usize::MAX)).collect();
    let width = if width.is_empty() { 0 } else { number(width)? };
    if width > MAX_WIDTH {
        return Err(value_error("the width is too large"));
    }
    let padding = width.saturating_sub(shown.chars().count());
    let left = match align {
        '>' => padding,
        '^' => padding / 2,
        _ => 0,
    };
    let pad = |count: usize| std::iter::repeat_n(fill, count).collect::<String>();
    Ok(pad(left) + &shown + &pad(padding - left))
}

fn number(digits: &str) -> Result<usize, Exception> {
    digits.parse().map_err(|_| value_error("a width or precision is expected"))
}
