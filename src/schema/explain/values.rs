//! Words for problems with values: type, range, words, forms, lists.

use super::super::check::{Problem, What};
use super::super::words::{self, Surprise};
use super::{Explainer, advice, keys, name_of, place_words, with_article};
use crate::diagnostic::Finding;
use crate::model::keys::entry_record;
use crate::model::kind::FileKind;
use crate::model::table::{Range, Shape, WordList};
use crate::rules::{Rule, schema as rules};
use crate::suggest::nearest;
use crate::yaml::{Kind, Style, Value, edit};

type Words = (&'static Rule, Finding);

impl Explainer<'_> {
    pub(super) fn about_values(&mut self, problem: &Problem<'_>) -> Words {
        match &problem.what {
            What::Type(shape) => self.type_mismatch(problem, *shape),
            What::WholeFloat => self.whole_float(problem),
            What::NotFinite => self.not_finite(problem),
            What::Range(range) => self.range(problem, range),
            What::Word(list) => self.word(problem, list),
            What::Empty(form) => self.empty(problem, form),
            What::Duplicate(first) => self.duplicate(problem, *first),
            What::UlimitList => self.ulimit_list(problem),
            _ => self.odd_number(problem),
        }
    }

    fn type_mismatch(&mut self, problem: &Problem<'_>, shape: Shape) -> Words {
        if problem.path.is_empty() {
            return self.top_level(problem, &shape);
        }
        if problem.path.len() == 1 && matches!(shape, Shape::Record(_)) && entry_record(self.kind).is_some() {
            return self.no_entry(problem, &shape);
        }
        let value = problem.value;
        let place = place_words(problem, self.kind);
        let must = must(problem);
        let expected = shape.words(self.dialect, self.kind);
        if wants_text(&shape)
            && let Some(surprise) = Surprise::of(value)
        {
            let (rule, finding) = self.surprise(problem, surprise, &format!("{place} {must} be {expected}"));
            let is_text = surprise != Surprise::Null;
            if is_text && advice::is_schedule(problem) {
                return (rule, advice::schedule(finding, value));
            }
            let edits = edit::quote(value).filter(|_| takes_text(&shape, value.text()));
            return (
                rule,
                if is_text { finding.safe_fix("put it in quotes", edits) } else { without(finding, problem) },
            );
        }
        if value.is_null() {
            let (rule, finding) =
                self.surprise(problem, Surprise::Null, &format!("{place} {must} be {expected}"));
            return (rule, without(finding, problem));
        }
        let noun = match value.kind() {
            Kind::Float => "a number with a fraction",
            _ => words::noun(value),
        };
        let mut finding = self
            .at_value(problem, format!("{place} {must} be {expected}, not {noun}"))
            .label(format!("{noun} here"))
            .why(self.refusal(problem));
        finding = self.type_help(finding, problem, &shape, &expected);
        (&rules::type_mismatch::RULE, finding)
    }

    /// What to write instead, with a repair where the intent is clear.
    fn type_help(&self, finding: Finding, problem: &Problem<'_>, shape: &Shape, expected: &str) -> Finding {
        let value = problem.value;
        let text = value.text();
        let scalar = inner(shape);
        match scalar {
            _ if wants_text(&scalar) && is_split_text(value) && !advice::is_below_key(problem) => finding
                .label("the `: ` makes a mapping of it")
                .help("put it in quotes")
                .unsafe_fix("put it in quotes", edit::quote_source(value)),
            _ if is_plain_scalar(value) && advice::is_schedule(problem) => advice::schedule(finding, value),
            _ if wants_text(&scalar) && is_plain_scalar(value) => finding
                .help("put it in quotes")
                .safe_fix("put it in quotes", edit::quote(value).filter(|_| takes_text(&scalar, text))),
            Shape::Integer | Shape::Number if value.kind() == Kind::Str => {
                let reason = words::why_no_number(value);
                let is_quoted_number = value.style() != Style::Plain && words::is_plain_number(text.trim());
                let fits = !matches!(scalar, Shape::Integer) || !text.contains('.');
                let finding = match reason {
                    Some(reason) if !words::is_secret(value, name_of(problem)) => finding.label(reason),
                    _ => finding,
                };
                if is_quoted_number && fits {
                    return finding
                        .help("remove the quotes")
                        .safe_fix("remove the quotes", edit::unquote(value));
                }
                let unit = problem.key.map(|key| key.unit).filter(|unit| !unit.is_empty());
                let number = problem.key.and_then(|key| advice::in_unit_of(key, value));
                finding.help(match (unit, number) {
                    (Some(unit), Some(number)) => format!("write {number}, without a unit; it counts {unit}"),
                    (Some(unit), None) if text.contains(|c: char| c.is_ascii_digit()) => {
                        format!("write the number alone; it counts {unit}")
                    }
                    _ => advice::form(problem, &scalar, expected, self.dialect),
                })
            }
            Shape::Record(record) if value.style() == Style::Plain && value.is_scalar() => {
                let mut required = record.keys().filter(|key| (key.required)(self.dialect));
                match (required.next(), required.next()) {
                    (Some(key), None) if value.kind() == fitting(&key.shape) => {
                        let edits = edit::write(value, &format!("{{{}: {}}}", key.name, value.raw()));
                        let help = format!("write `{}: {}`", key.name, words::excerpt(value.raw()));
                        let finding = finding.help(help);
                        // Of a limit, the one number can only be the soft limit.
                        if value.kind() == Kind::Int {
                            finding.safe_fix("make a mapping of it", edits)
                        } else {
                            finding.unsafe_fix("make a mapping of it", edits)
                        }
                    }
                    _ => finding.help(advice::form(problem, &scalar, expected, self.dialect)),
                }
            }
            Shape::Boolean if value.kind() == Kind::Str => boolean_help(finding, value, problem.mild),
            Shape::Boolean => finding.help("write true or false"),
            _ => {
                if let Some(form) = words::form_of(shape) {
                    return form_help(finding, problem, shape, form);
                }
                let help = advice::one_text(problem).or_else(|| advice::nested_variable(problem));
                let form = || advice::form(problem, &scalar, expected, self.dialect);
                finding.help(help.unwrap_or_else(form))
            }
        }
    }

    /// A plain scalar that YAML reads as something else than text.
    fn surprise(&self, problem: &Problem<'_>, surprise: Surprise, demand: &str) -> Words {
        let value = problem.value;
        let (rule, help) = match surprise {
            Surprise::Null => (&rules::yaml_null_value::RULE, "give it a value, or remove the key"),
            Surprise::Boolean => (&rules::yaml_bool_surprise::RULE, "put it in quotes"),
            Surprise::Octal => (&rules::yaml_octal_surprise::RULE, "put it in quotes"),
            Surprise::Sexagesimal => (&rules::yaml_sexagesimal_surprise::RULE, "put it in quotes"),
            Surprise::Date => (&rules::yaml_date_surprise::RULE, "put it in quotes"),
            Surprise::Float => (&rules::yaml_float_surprise::RULE, "put it in quotes"),
        };
        let clause = if words::is_secret(value, name_of(problem)) {
            format!("YAML reads it as {}", words::noun(value))
        } else {
            surprise.clause(value)
        };
        let is_word = value.raw().eq_ignore_ascii_case("null");
        let message = if is_word { format!("{demand}, not null") } else { format!("{demand}, but {clause}") };
        let finding = self
            .at_value(problem, message)
            .label(words::noun(value).to_owned())
            .why(self.refusal(problem))
            .help(help);
        (rule, finding)
    }

    fn top_level(&self, problem: &Problem<'_>, shape: &Shape) -> Words {
        let value = problem.value;
        if value.is_null() {
            return self.empty_file(problem);
        }
        let expected = shape.words(self.dialect, self.kind);
        let form = words::form_of(shape);
        let finding = self
            .at_value(problem, format!("the file must hold {expected}, not {}", words::noun(value)))
            .label(words::noun(value).to_owned())
            .why("every tool that reads this file fails on it")
            .help(match (form, shape) {
                (Some(form), _) => format!("write `{form}`"),
                (None, Shape::Record(record))
                    if self.kind == FileKind::Deploy && value.kind() == Kind::Seq =>
                {
                    let key = record.keys().next().map_or("", |key| key.name);
                    format!("put `{key}:` on a line of its own above the list")
                }
                (None, Shape::Record(record)) => {
                    let entries = advice::entries(record, self.dialect).join(", ");
                    format!("write keys with their values, as in `{entries}`")
                }
                (None, _) => format!("write {expected}"),
            });
        (&rules::top_level_not_mapping::RULE, finding)
    }

    pub(super) fn empty_file(&self, problem: &Problem<'_>) -> Words {
        let why = if problem.mild {
            "an empty file means the same as no file"
        } else {
            "`paasta validate` refuses a file without instances"
        };
        let finding =
            Finding::new(self.document.whole(), "this file is empty").why(why).help("delete the file");
        (&rules::empty_file::RULE, finding)
    }

    /// Something else than a mapping where an instance, job or namespace is expected.
    fn no_entry(&self, problem: &Problem<'_>, shape: &Shape) -> Words {
        let name = name_of(problem);
        let text = name.and_then(Value::as_str).unwrap_or_default();
        let noun = self.kind.entry_noun();
        let value = problem.value;
        if entry_record(self.kind).is_some_and(|record| record.key(text).is_some()) {
            let span = name.map_or_else(|| value.span(), Value::span);
            let finding = self
                .at(span, format!("`{text}` stands at the top level, where only {noun} names can be"))
                .label(format!("indent it under its {noun}"))
                .why(format!(
                    "PaaSTA takes `{text}` for the name of {} and refuses the file",
                    with_article(noun)
                ))
                .help(format!("indent it, so that it becomes a key of the {noun}"));
            return (&rules::key_at_wrong_level::RULE, finding);
        }
        let shown = words::excerpt(text);
        let expected = shape.words(self.dialect, self.kind);
        if value.is_null() {
            let finding = self
                .at_value(problem, format!("{noun} `{shown}` is empty"))
                .label("nothing under it")
                .why(self.refusal(problem))
                .help(format!("give it its keys, indented, or remove the {noun}"));
            return (&rules::empty_instance::RULE, finding);
        }
        let finding = self
            .at_value(problem, format!("`{shown}` must be {expected}, not {}", words::noun(value)))
            .label(format!("{} here", words::noun(value)))
            .why(self.refusal(problem))
            .help(format!("put the keys of the {noun} under its name, indented"));
        (&rules::type_mismatch::RULE, finding)
    }

    fn whole_float(&self, problem: &Problem<'_>) -> Words {
        let value = problem.value;
        let place = place_words(problem, self.kind);
        let repr = value.repr();
        let whole = repr.strip_suffix(".0").unwrap_or(&repr).to_owned();
        let why = match problem.why {
            "" => "a number with a dot is a float for PaaSTA, even if nothing follows the dot",
            why => why,
        };
        let mut finding = self
            .at_value(problem, format!("{place} {} be a whole number, written without a dot", must(problem)))
            .label(format!("write {}", words::excerpt(&whole)))
            .why(why)
            .help(format!("write {}", words::excerpt(&whole)));
        if words::is_plain_number(&whole) {
            finding = finding.safe_fix("drop the fraction", edit::write(value, &whole));
        }
        (&rules::type_mismatch::RULE, finding)
    }

    fn not_finite(&self, problem: &Problem<'_>) -> Words {
        let place = place_words(problem, self.kind);
        let finding = self
            .at_value(
                problem,
                format!("{place} is {}, which is no usable number", words::shown(problem.value, None)),
            )
            .label("not finite")
            .why("PaaSTA's own check lets it pass, but it cannot be written into a request")
            .help("write a finite number");
        (&rules::non_finite_number::RULE, finding)
    }

    fn range(&self, problem: &Problem<'_>, range: &Range) -> Words {
        let place = place_words(problem, self.kind);
        let unit = problem.key.map_or("", |key| key.unit);
        let limits = range.words(unit);
        let value = problem.value;
        let got = words::excerpt(&value.repr());
        let odd = super::super::check::is_odd(value);
        let label = match Surprise::of(value).filter(|_| odd) {
            Some(surprise) => surprise.clause(value),
            None => words::with_unit(&got, problem.key),
        };
        let why = if range.because.is_empty() { self.refusal(problem) } else { range.because };
        let finding = self
            .at_value(problem, format!("{place} must be {limits}"))
            .label(label)
            .why(why)
            .help(format!("write a number that is {limits}"));
        let is_mem = problem.key.is_some_and(|key| key.name == "mem");
        (if is_mem { &rules::mem_range::RULE } else { &rules::value_out_of_range::RULE }, finding)
    }

    fn word(&mut self, problem: &Problem<'_>, list: &'static WordList) -> Words {
        let value = problem.value;
        let text = value.text();
        let known = || list.words.iter().map(|word| word.text);
        let same = known().find(|word| word.eq_ignore_ascii_case(text.trim()));
        let near = match same {
            Some(word) => Some(word),
            None => {
                self.suggestions.of((std::ptr::from_ref(list).addr(), text, false), || nearest(text, known()))
            }
        };
        let all: Vec<String> = known().map(|word| format!("`{word}`")).collect();
        let shown = words::shown(value, name_of(problem));
        let place = place_words(problem, self.kind);
        let mut finding = self
            .at_value(problem, format!("{shown} is not {}", list.what))
            .label(
                near.map_or_else(|| format!("no value of {place}"), |near| format!("did you mean `{near}`?")),
            )
            .why(self.refusal(problem))
            .help(format!("one of {}", all.join(", ")));
        if let Some(near) = near {
            let title = format!("write `{near}`");
            finding = match same {
                Some(word) => finding.safe_fix(title, edit::replace(value, word)),
                None => finding.unsafe_fix(title, edit::replace(value, near)),
            };
        }
        (&rules::unknown_value::RULE, finding)
    }

    fn odd_number(&self, problem: &Problem<'_>) -> Words {
        let value = problem.value;
        let place = place_words(problem, self.kind);
        let surprise = Surprise::of(value);
        let clause = surprise.map_or_else(String::new, |surprise| surprise.clause(value));
        let rule = match surprise {
            Some(Surprise::Sexagesimal) => &rules::yaml_sexagesimal_surprise::RULE,
            _ => &rules::yaml_octal_surprise::RULE,
        };
        let finding = self
            .at_value(problem, format!("{place}: {clause}"))
            .label(format!("the number {}", words::excerpt(&value.repr())))
            .why("PaaSTA uses that number, and hardly anybody expects it")
            .help(format!(
                "write {} if that is meant, else the decimal number",
                words::excerpt(&value.repr())
            ));
        // Hardly anybody writes octal numbers: the digits are probably decimal ones.
        let decimal = value.text().trim_start_matches(['0', '_']).replace('_', "");
        let is_octal = surprise == Some(Surprise::Octal) && words::is_plain_number(&decimal);
        let edits = is_octal.then(|| edit::write(value, &decimal)).flatten();
        let finding = finding.unsafe_fix(format!("write {}", words::excerpt(&decimal)), edits);
        (rule, finding)
    }
}

/// Offers to remove the key that has no value.
fn without(finding: Finding, problem: &Problem<'_>) -> Finding {
    let edits = problem.holder.zip(name_of(problem)).and_then(|(holder, name)| {
        let entry = keys::entry_of(holder, name)?;
        edit::remove_entry(holder, entry)
    });
    finding.unsafe_fix("remove the key", edits)
}

/// A list or mapping as it must be written.
fn form_help(finding: Finding, problem: &Problem<'_>, shape: &Shape, form: &str) -> Finding {
    let name = problem.key.map_or("", |key| key.name);
    let is_direct = name_of(problem).and_then(Value::as_str) == Some(name);
    let value = problem.value;
    let wants_texts = matches!(inner(shape), Shape::List(list) if wants_text(&list.item));
    let example = problem.key.filter(|key| wants_texts && !key.example.is_empty()).map(advice::example);
    let form = example.as_deref().unwrap_or(form);
    let how = if is_direct { format!("write `{name}: {form}`") } else { format!("write `{form}`") };
    if wants_texts && value.kind() == Kind::Str {
        let is_one = !value.text().contains([',', ';']) && !value.text().contains(char::is_whitespace);
        // The words of a command line are items each.
        let is_one = is_one && name != "args";
        let edits = edit::wrap(value);
        let title = "make a list of it";
        let finding = finding.help(how);
        return if is_one { finding.safe_fix(title, edits) } else { finding.unsafe_fix(title, edits) };
    }
    finding.help(how)
}

/// The shape without null.
fn inner(shape: &Shape) -> Shape {
    match shape {
        Shape::NullOr(shape) => inner(shape),
        Shape::Lax(lax) => inner(&lax.shape),
        shape => *shape,
    }
}

/// Whether a string is what is expected.
fn wants_text(shape: &Shape) -> bool {
    match shape {
        Shape::Text | Shape::Form(_) | Shape::Word(_) => true,
        Shape::NullOr(shape) => wants_text(shape),
        Shape::Lax(lax) => wants_text(&lax.shape),
        Shape::Either(shapes) => shapes.iter().any(wants_text),
        _ => false,
    }
}

/// Whether this text is what is expected.
fn takes_text(shape: &Shape, text: &str) -> bool {
    match shape {
        Shape::Text => true,
        Shape::Form(form) => (form.test)(text),
        Shape::Word(list) => list.words.iter().any(|word| word.text == text),
        Shape::NullOr(shape) => takes_text(shape, text),
        Shape::Lax(lax) => takes_text(&lax.shape, text),
        Shape::Either(shapes) => shapes.iter().any(|shape| takes_text(shape, text)),
        _ => false,
    }
}

/// The type of a scalar of this shape.
fn fitting(shape: &Shape) -> Kind {
    match inner(shape) {
        Shape::Integer | Shape::Number => Kind::Int,
        _ => Kind::Str,
    }
}

fn is_plain_scalar(value: Value<'_>) -> bool {
    value.style() == Style::Plain
        && matches!(value.kind(), Kind::Bool | Kind::Int | Kind::Float | Kind::Date | Kind::DateTime)
}

/// A text that `: ` made a mapping of: `- --header X: 1`.
fn is_split_text(value: Value<'_>) -> bool {
    value.kind() == Kind::Map
        && value.style() == Style::Block
        && value.len() == 1
        && !value.is_alias()
        && value.anchor().is_none()
        && !value.raw().contains('\n')
}

/// How strictly: a value that something is made of all the same only should be different.
fn must(problem: &Problem<'_>) -> &'static str {
    if problem.mild { "should" } else { "must" }
}

/// `is_read`: whether the text counts as it is, so that another value may change what happens.
fn boolean_help(finding: Finding, value: Value<'_>, is_read: bool) -> Finding {
    let text = value.text().trim();
    let meant = match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "on" | "t" | "1" => "true",
        "false" | "no" | "n" | "off" | "f" | "0" => "false",
        _ => return finding.help("write true or false"),
    };
    let finding = if value.style() == Style::Plain {
        finding.label(format!("YAML 1.1 takes `{}` for text", words::excerpt(text)))
    } else {
        finding.label("the quotes make it a string")
    };
    let title = format!("write {meant}");
    let finding = finding.help(title.clone());
    if is_read {
        finding.unsafe_fix(title, edit::write(value, meant))
    } else {
        finding.safe_fix(title, edit::write(value, meant))
    }
}
