//! Which rule says that a value has another type than it must have.

use super::super::check::Problem;
use super::super::words::{self, Surprise};
use super::{ShapeCx, Words, advice};
use crate::model::keys::entry_record;
use crate::model::table::Shape;
use crate::rules::{schema as rules, worded};
use crate::yaml::{Value, edit};

impl ShapeCx<'_> {
    pub(super) fn type_mismatch(&self, problem: &Problem<'_>, shape: &Shape) -> Words {
        let value = problem.value;
        if problem.path.is_empty() {
            return if value.is_null() {
                self.empty_file(problem)
            } else {
                worded!(schema::top_level_not_mapping::words(self, problem, shape))
            };
        }
        if problem.path.len() == 1 && matches!(shape, Shape::Record(_)) && entry_record(self.kind).is_some() {
            return self.no_entry(problem, shape);
        }
        let expected = shape.words(self.dialect, self.kind);
        let demand = format!("{} {} be {expected}", self.place(problem), problem.must());
        if wants_text(shape)
            && let Some(surprise) = Surprise::of(value)
        {
            return self.surprise(problem, surprise, shape, &demand);
        }
        if value.is_null() {
            return self.surprise(problem, Surprise::Null, shape, &demand);
        }
        worded!(schema::type_mismatch::words(self, problem, shape, &demand))
    }

    /// Something else than a mapping where an instance, job or namespace is expected.
    fn no_entry(&self, problem: &Problem<'_>, shape: &Shape) -> Words {
        let name = problem.name().and_then(Value::as_str).unwrap_or_default();
        if entry_record(self.kind).is_some_and(|record| record.key(name).is_some()) {
            return worded!(schema::key_at_wrong_level::at_top(self, problem, name));
        }
        if problem.value.is_null() {
            return worded!(schema::empty_instance::nothing(self, problem));
        }
        worded!(schema::type_mismatch::no_entry(self, problem, name, shape))
    }

    /// A plain scalar that YAML reads as something else than text.
    fn surprise(&self, problem: &Problem<'_>, surprise: Surprise, shape: &Shape, demand: &str) -> Words {
        let value = problem.value;
        let rule = match surprise {
            Surprise::Null => &rules::yaml_null_value::RULE,
            Surprise::Boolean => &rules::yaml_bool_surprise::RULE,
            Surprise::Octal => &rules::yaml_octal_surprise::RULE,
            Surprise::Sexagesimal => &rules::yaml_sexagesimal_surprise::RULE,
            Surprise::Date => &rules::yaml_date_surprise::RULE,
            Surprise::Float => &rules::yaml_float_surprise::RULE,
        };
        let clause = if words::is_secret(value, problem.name()) {
            format!("YAML reads it as {}", words::noun(value))
        } else {
            surprise.clause(value)
        };
        let is_word = value.raw().eq_ignore_ascii_case("null");
        let message = if is_word { format!("{demand}, not null") } else { format!("{demand}, but {clause}") };
        let finding =
            self.at_value(problem, message).label(words::noun(value).to_owned()).why(self.refusal(problem));
        let finding = if surprise == Surprise::Null {
            rules::yaml_null_value::repaired(finding, problem)
        } else if advice::is_schedule(problem) {
            advice::schedule(finding.help("put it in quotes"), value)
        } else {
            let edits = edit::quote(value).filter(|_| takes_text(shape, value.text()));
            finding.help("put it in quotes").safe_fix("put it in quotes", edits)
        };
        (rule, finding)
    }

    pub(super) fn odd_number(&self, problem: &Problem<'_>) -> Words {
        let rule = match Surprise::of(problem.value) {
            Some(Surprise::Sexagesimal) => &rules::yaml_sexagesimal_surprise::RULE,
            _ => &rules::yaml_octal_surprise::RULE,
        };
        (rule, rules::yaml_octal_surprise::odd(self, problem))
    }

    pub(super) fn empty(&self, problem: &Problem<'_>, form: &str) -> Words {
        match problem.path.len() {
            0 => self.empty_file(problem),
            1 if self.kind.has_instances() => worded!(schema::empty_instance::no_keys(self, problem)),
            _ => worded!(schema::empty_list::words(self, problem, form)),
        }
    }

    fn empty_file(&self, problem: &Problem<'_>) -> Words {
        worded!(schema::empty_file::words(self, problem.mild))
    }
}

/// Whether a string is what is expected.
pub(crate) fn wants_text(shape: &Shape) -> bool {
    match shape {
        Shape::Text | Shape::Form(_) | Shape::Word(_) => true,
        Shape::NullOr(shape) => wants_text(shape),
        Shape::Lax(lax) => wants_text(&lax.shape),
        Shape::Either(shapes) => shapes.iter().any(wants_text),
        _ => false,
    }
}

/// Whether this text is what is expected.
pub(crate) fn takes_text(shape: &Shape, text: &str) -> bool {
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
