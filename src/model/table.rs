//! What a row of the table of keys says, and how the shape of a value is described.
//!
//! Everything here is `const`: the table costs nothing to set up, and one description serves the
//! JSON Schemas, the check of a file, completion, hover and the explanations.

use std::fmt;

use super::kind::FileKind;
pub use super::shape::{
    Also, Form, Group, Lax, List, Map, Names, Record, Shape, Shaped, Together, Tuple, Unknown, Word, WordList,
};
use crate::dialect::Dialect;

/// One key: what it means, what it may hold, and what a change of it does.
#[derive(Clone, Copy)]
pub struct Key {
    /// As written in the file.
    pub name: &'static str,
    /// Documented meaning, one doc-comment line per line; see [`Key::markdown`].
    pub doc: &'static str,
    /// What a mapping under the key is called, where its shape is too general to say: "environment
    /// variables". Empty otherwise.
    pub title: &'static str,
    /// What the value looks like; comes from the Rust type of the field.
    pub shape: Shape,
    /// Limits of the value, or of each value in it.
    pub range: Option<Range>,
    /// Words that are worth offering where others are possible, too.
    pub suggestions: &'static [&'static str],
    /// Unit of a number, in words: "MB", "seconds". Empty without one.
    pub unit: &'static str,
    /// What holds when the key is absent.
    pub default: DefaultValue,
    /// A value as JSON, or a bare text.
    pub example: &'static str,
    /// Another value as JSON, for a number without a default beside its example.
    pub other_example: &'static str,
    /// What to use instead, for a key on its way out.
    pub deprecated: Option<&'static str>,
    /// What a change does to a running Marathon service; see [`Key::effect_in`].
    pub effect: Effect,
    /// Who vouches for the key.
    pub provenance: Provenance,
    /// Whether anything reads it.
    pub read: Condition,
    /// Whether its absence is an error.
    pub required: Condition,
    /// Whether it may be there at all.
    pub accepted: Condition,
    /// Why it may not, where [`Key::accepted`] says no.
    pub refusal: &'static str,
}

impl Key {
    /// A key of which nothing is known yet but its name.
    pub const NEW: Key = Key {
        name: "",
        doc: "",
        title: "",
        shape: Shape::Anything,
        range: None,
        suggestions: &[],
        unit: "",
        default: DefaultValue::None,
        example: "",
        other_example: "",
        deprecated: None,
        effect: Effect::Nothing,
        provenance: Provenance::Documented,
        read: always,
        required: never,
        accepted: always,
        refusal: "",
    };

    /// The documentation without the blank that starts each line of a doc comment.
    pub fn markdown(&self) -> String {
        trim_doc(self.doc)
    }

    /// What a change of the key does in files of `kind`.
    ///
    /// The rows are written for Marathon; a Chronos job is redefined instead of bounced, and an
    /// adhoc instance changes nothing that runs.
    pub const fn effect_in(&self, kind: FileKind) -> Effect {
        match (kind, self.effect) {
            (FileKind::Chronos, Effect::Bounces) => Effect::UpdatesJob,
            (FileKind::Chronos, Effect::NextBounce) => Effect::NeverRead,
            (FileKind::Adhoc, Effect::Bounces | Effect::Image) => Effect::NextLocalRun,
            (_, effect) => effect,
        }
    }

    /// The kind of value in words: "number, more than 0 (CPUs)".
    pub fn type_words(&self, dialect: &Dialect, kind: FileKind) -> String {
        let mut words = self.shape.words(dialect, kind);
        if matches!(self.shape, Shape::NullOr(_)) {
            words.push_str(" or null");
        }
        if let Some(range) = &self.range {
            words.push_str(", ");
            words.push_str(&range.words(""));
        }
        if !self.unit.is_empty() {
            words.push_str(" (");
            words.push_str(self.unit);
            words.push(')');
        }
        words
    }

    /// The values that an editor can offer: closed lists, booleans, and suggestions.
    pub fn values(&self, dialect: &Dialect, kind: FileKind) -> Vec<&'static str> {
        let mut values = self.shape.offered(dialect, kind);
        values.extend(self.suggestions);
        values
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.name)
    }
}

/// The text of a doc comment: each line without its first blank, no blank lines around.
pub fn trim_doc(doc: &str) -> String {
    let lines: Vec<&str> =
        doc.lines().map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end()).collect();
    lines.join("\n").trim().to_owned()
}

/// Whether something holds in a dialect.
pub type Condition = fn(&Dialect) -> bool;

/// Holds in every dialect.
pub const fn always(_: &Dialect) -> bool {
    true
}

/// Holds in none.
pub const fn never(_: &Dialect) -> bool {
    false
}

/// What holds when a key is absent. Values are JSON, or a bare text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultValue {
    /// Nothing.
    None,
    /// The same value in both dialects.
    Same(&'static str),
    /// Documentation and code differ.
    Differs {
        /// What the documentation says.
        documented: &'static str,
        /// What paasta-tools 0.66.6 did.
        paasta_0_66: &'static str,
    },
    /// Depends on other keys or files; in words.
    Computed(&'static str),
}

impl DefaultValue {
    /// The value in `dialect`, unless it is none or computed.
    pub fn value(self, dialect: &Dialect) -> Option<&'static str> {
        match self {
            DefaultValue::Same(value) => Some(value),
            DefaultValue::Differs { documented, paasta_0_66 } => {
                Some(if *dialect == Dialect::DOCUMENTED { documented } else { paasta_0_66 })
            }
            DefaultValue::None | DefaultValue::Computed(_) => None,
        }
    }
}

/// What a change of a key does to what runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Every task of the instance is replaced.
    Bounces,
    /// Replaced only if the first registration's namespace differs in mode, health check path,
    /// discover, or in being in SmartStack at all.
    BouncesThroughNamespace,
    /// Tasks are added or removed, none is replaced.
    Scales,
    /// Nothing now; the next bounce follows it.
    NextBounce,
    /// Nothing now; the autoscaler follows it at its next run.
    Autoscaler,
    /// Selects the deployed version: replaced if that is another one.
    Image,
    /// The Chronos job is redefined; running tasks finish.
    UpdatesJob,
    /// The next start by hand uses it.
    NextLocalRun,
    /// Nerve, Synapse and HAProxy are reconfigured on every host; no task is replaced.
    ReconfiguresSmartstack,
    /// As [`Effect::ReconfiguresSmartstack`], and the instances registered there are replaced.
    BouncesAndReconfigures,
    /// Alerts change.
    Alerts,
    /// The host firewall is updated; no task is replaced.
    Firewall,
    /// The deployment pipeline changes.
    Pipeline,
    /// Nothing reads it.
    NeverRead,
    /// Nothing that runs.
    Nothing,
}

impl Effect {
    /// One sentence for hover and documentation, without a full stop.
    pub const fn sentence(self) -> &'static str {
        match self {
            Effect::Bounces => "changing it bounces the instance: every task is replaced",
            Effect::BouncesThroughNamespace => {
                "changing it bounces the instance only if the first registration's namespace has another \
                 mode, health check path, discover or SmartStack membership"
            }
            Effect::Scales => "changing it scales the instance without a bounce",
            Effect::NextBounce => "changing it replaces nothing; the next bounce follows it",
            Effect::Autoscaler => "changing it replaces nothing; the autoscaler follows it at its next run",
            Effect::Image => {
                "changing it bounces the instance if the other group is deployed at another version"
            }
            Effect::UpdatesJob => "changing it redefines the job; running tasks finish",
            Effect::NextLocalRun => "changing it matters at the next start by hand",
            Effect::ReconfiguresSmartstack => {
                "changing it reconfigures SmartStack on every host; no task is replaced"
            }
            Effect::BouncesAndReconfigures => {
                "changing it reconfigures SmartStack on every host and bounces the instances registered first \
                 in this namespace"
            }
            Effect::Alerts => "changing it changes alerts only",
            Effect::Firewall => "changing it updates the host firewall; no task is replaced",
            Effect::Pipeline => "changing it changes the deployment pipeline only",
            Effect::NeverRead => "nothing reads it",
            Effect::Nothing => "changing it touches nothing that runs",
        }
    }
}

/// Who vouches for a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Provenance {
    /// PaaSTA's configuration reference.
    Documented,
    /// No documentation; the code reads it.
    CodeOnly,
    /// Documented as on its way out, or left over from before.
    Deprecated,
}

/// Limits of a number.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    /// The smallest value, included.
    pub min: Option<f64>,
    /// A limit that the value must exceed.
    pub above: Option<f64>,
    /// The largest value, included.
    pub max: Option<f64>,
    /// A fraction is refused (by whoever gets the value, not by the type).
    pub whole: bool,
    /// Why the limit is what it is; a sentence without full stop.
    pub because: &'static str,
}

impl Range {
    const NONE: Range = Range { min: None, above: None, max: None, whole: false, because: "" };

    /// `min` or more.
    pub const fn at_least(min: f64) -> Range {
        Range { min: Some(min), ..Range::NONE }
    }

    /// More than `limit`.
    pub const fn above(limit: f64) -> Range {
        Range { above: Some(limit), ..Range::NONE }
    }

    /// From `min` to `max`, both included.
    pub const fn between(min: f64, max: f64) -> Range {
        Range { min: Some(min), max: Some(max), ..Range::NONE }
    }

    /// More than `limit`, up to and including `max`.
    pub const fn above_up_to(limit: f64, max: f64) -> Range {
        Range { above: Some(limit), max: Some(max), ..Range::NONE }
    }

    /// The same without fractions.
    #[must_use]
    pub const fn whole(self) -> Range {
        Range { whole: true, ..self }
    }

    /// The same with its reason.
    #[must_use]
    pub const fn because(self, reason: &'static str) -> Range {
        Range { because: reason, ..self }
    }

    /// Whether `value` lies within. NaN does not.
    pub fn holds(&self, value: f64) -> bool {
        !value.is_nan()
            && self.min.is_none_or(|min| value >= min)
            && self.above.is_none_or(|limit| value > limit)
            && self.max.is_none_or(|max| value <= max)
            && !(self.whole && value.is_finite() && value.fract() != 0.0)
    }

    /// "more than 32 MB", "from 1 to 65535". What is counted rather than measured is left out: not
    /// "0 tasks or more".
    pub fn words(&self, unit: &str) -> String {
        let is_counted = matches!(unit, "tasks" | "checks" | "retries");
        let unit = if unit.is_empty() || is_counted { String::new() } else { format!(" {unit}") };
        let words = match (self.min, self.above, self.max) {
            (Some(min), _, Some(max)) => format!("from {min} to {max}{unit}"),
            (Some(min), _, None) => format!("{min}{unit} or more"),
            (None, Some(limit), Some(max)) => format!("more than {limit} and at most {max}{unit}"),
            (None, Some(limit), None) => format!("more than {limit}{unit}"),
            (None, None, Some(max)) => format!("at most {max}{unit}"),
            (None, None, None) => String::new(),
        };
        match (self.whole, words.is_empty()) {
            (true, true) => "without a fraction".to_owned(),
            (true, false) => format!("{words}, without a fraction"),
            (false, _) => words,
        }
    }
}
