//! What soalint says: one finding with its places, reasons and repairs.
//!
//! A [`Finding`] is what a rule writes; the rule's [`Sink`](crate::rules::Sink) makes a
//! [`Diagnostic`] of it by adding who says it and how severe it is in the chosen dialect.
//! Style (design.md section 7): messages in lower case, values in backticks, one line, no full stop.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::findings::Trace;
use crate::rules::Rule;
pub use crate::source::Edit;
use crate::source::{SourceText, Span};

/// How bad it is. The order is from mild to grave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Advice; off unless asked for.
    Info,
    /// Accepted, but almost surely not meant, or risky.
    Warning,
    /// The stack provably refuses, crashes on, or silently drops it.
    Error,
}

impl Severity {
    /// The word that every output format uses.
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A place in the tree: a file or directory, and where in it.
#[derive(Clone, Debug)]
pub struct Place {
    /// Relative to the root of the tree, with `/`, as text (never a raw byte string).
    pub file: Arc<str>,
    /// The text that `span` points into; absent for a directory or an unreadable file.
    pub source: Option<Arc<SourceText>>,
    /// Absent when the finding is about the whole file or directory.
    pub span: Option<Span>,
}

impl Place {
    /// A place that is a whole file or directory.
    pub fn whole(file: impl Into<Arc<str>>) -> Self {
        Self { file: file.into(), source: None, span: None }
    }

    /// A stretch of text in a file.
    pub fn span(file: &Arc<str>, source: &Arc<SourceText>, span: Span) -> Self {
        Self { file: Arc::clone(file), source: Some(Arc::clone(source)), span: Some(span) }
    }

    /// The characters that the place covers; empty for a whole file.
    pub fn text(&self) -> &str {
        match (&self.source, self.span) {
            (Some(source), Some(span)) => span.of(source.text()),
            _ => "",
        }
    }

    /// Words that may quote the file, without its secrets.
    pub fn scrub<'w>(&self, words: &'w str) -> Cow<'w, str> {
        self.source.as_ref().map_or(Cow::Borrowed(words), |source| source.scrub(words))
    }

    fn sort_key(&self) -> (&str, u32, u32) {
        let span = self.span.unwrap_or_default();
        (&self.file, span.start, span.end)
    }
}

/// Another place that belongs to the story.
#[derive(Clone, Debug)]
pub struct Related {
    /// Where, maybe in another file.
    pub place: Place,
    /// What is to be seen there.
    pub message: String,
}

/// Whether a fix can change what the configuration means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FixSafety {
    /// The meaning stays, or there is only one possible intent.
    Safe,
    /// A person must look at it.
    Unsafe,
}

impl FixSafety {
    /// The word that every output format uses.
    pub const fn name(self) -> &'static str {
        match self {
            FixSafety::Safe => "safe",
            FixSafety::Unsafe => "unsafe",
        }
    }
}

/// A repair that a tool can make in the file of the finding.
#[derive(Clone, Debug)]
pub struct Fix {
    /// An imperative: what the fix does.
    pub title: String,
    /// Whether a person must look at it.
    pub safety: FixSafety,
    /// In order of position, without overlap.
    pub edits: Vec<Edit>,
    /// Another name for the file, within its directory.
    pub rename: Option<String>,
}

/// One step of a path through a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A key of a mapping.
    Key(String),
    /// A 0-based index of a list.
    Index(usize),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Key(key) => f.write_str(key),
            Step::Index(index) => write!(f, "{index}"),
        }
    }
}

/// What a finding is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// Name of the service directory.
    pub service: Option<String>,
    /// Instance, job or SmartStack namespace.
    pub instance: Option<String>,
    /// Cluster part of the file name.
    pub cluster: Option<String>,
    /// Path of the offending node in its document.
    pub path: Vec<Step>,
    /// Whether the instance only inherits it: from service.yaml, or from an anchor.
    pub is_inherited: bool,
}

/// What a rule found at one place.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What is wrong, with the values that matter.
    pub message: String,
    /// Where.
    pub place: Place,
    /// Words at the underlined characters; may be empty.
    pub label: String,
    /// Other places, in the order of the story.
    pub related: Vec<Related>,
    /// Why it matters: what will happen.
    pub why: Cow<'static, str>,
    /// What to do.
    pub help: Cow<'static, str>,
    /// A repair, if there is one.
    pub fix: Option<Fix>,
    /// What it is about.
    pub subject: Subject,
    /// Set where one case of a rule is milder or graver than the rule's own level.
    pub severity: Option<Severity>,
    /// Set where one case of a rule has another severity in `profile: strict`.
    pub strict: Option<Severity>,
    /// What tells this finding from others of the same rule at the same path, beside the
    /// text at its place (which is used when this is empty).
    pub identity: String,
    /// Whether the characters at `place` must not be shown.
    pub is_secret: bool,
    /// A stretch of the file around `place` in which the rules that this one supersedes are silent:
    /// what they say there has the same cause.
    pub covers: Option<Span>,
    /// Keys whose absence it complains of.
    pub absent: Vec<&'static str>,
    /// The key that was meant where another, misspelt one stands.
    pub meant: Option<&'static str>,
    /// Whom else it concerns, where several findings that say the same were made this one.
    pub also: Vec<Concerned>,
    /// What is known of the findings that it stands for, if they are too many to describe.
    pub(crate) rest: Option<Vec<Trace>>,
}

/// Most instances that a finding names beside its subject. What concerns more is said of the whole file.
const MOST_CONCERNED: usize = 10_000;

/// Places of one finding beyond its own that are worth listing.
const MOST_RELATED: usize = 6;

/// An instance, job or namespace that shares a mistake with the subject of a finding, because both
/// use the same anchor or the same default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concerned {
    /// Its name.
    pub instance: String,
    /// Cluster part of the name of its file.
    pub cluster: Option<String>,
    /// The files that its own finding pointed at beside the place of the mistake.
    pub files: Vec<Arc<str>>,
}

impl Finding {
    /// Something is wrong at `place`.
    pub fn new(place: Place, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            place,
            label: String::new(),
            related: Vec::new(),
            why: Cow::Borrowed(""),
            help: Cow::Borrowed(""),
            fix: None,
            subject: Subject::default(),
            severity: None,
            strict: None,
            identity: String::new(),
            is_secret: false,
            covers: None,
            absent: Vec::new(),
            meant: None,
            also: Vec::new(),
            rest: None,
        }
    }

    /// Any of these keys, in the mapping of the subject, would settle it.
    #[must_use]
    pub fn absent(mut self, keys: &[&'static str]) -> Self {
        self.absent = keys.to_vec();
        self
    }

    /// The key that was meant.
    #[must_use]
    pub fn meant(mut self, key: &'static str) -> Self {
        self.meant = Some(key);
        self
    }

    /// Takes over whom `other`, which says the same of the same characters, concerns.
    pub(crate) fn absorb(&mut self, other: &Finding) {
        let own = other.subject.instance.as_ref().map(|instance| Concerned {
            instance: instance.clone(),
            cluster: other.subject.cluster.clone(),
            files: other.related.iter().map(|related| related.place.file.clone()).collect(),
        });
        // Of an alias there is no fix; where the text itself stands there may be one. Two different
        // ones would be right for one of the instances only.
        match (&self.fix, &other.fix) {
            (None, Some(_)) => self.fix.clone_from(&other.fix),
            (Some(ours), Some(theirs)) if ours.edits != theirs.edits => self.fix = None,
            _ => {}
        }
        if self.subject.instance.is_none() || other.subject.instance.is_none() {
            return self.concern_all();
        }
        for concerned in own.into_iter().chain(other.also.iter().cloned()) {
            if self.also.last() != Some(&concerned) {
                self.also.push(concerned);
            }
        }
        if self.also.len() > MOST_CONCERNED {
            self.concern_all();
        }
    }

    /// Whom it concerns is not known one by one: it is said of the file.
    pub(crate) fn concern_all(&mut self) {
        let subject = &mut self.subject;
        if let (Some(instance), Some(Step::Key(first))) = (&subject.instance, subject.path.first())
            && instance == first
            && subject.is_inherited
        {
            subject.path.remove(0);
        }
        (subject.instance, subject.cluster) = (None, None);
        self.also = Vec::new();
    }

    /// Makes `other`, which says the same of the same characters, a part of it.
    pub(crate) fn join(&mut self, other: Finding) {
        self.absorb(&other);
        for related in other.related {
            let known = |r: &Related| {
                r.message == related.message
                    && r.place.file == related.place.file
                    && r.place.span == related.place.span
            };
            if self.related.len() < MOST_RELATED && !self.related.iter().any(known) {
                self.related.push(related);
            }
        }
    }

    /// Words of or about the finding, without the secrets of the files that it speaks of.
    pub fn scrub<'w>(&self, words: &'w str) -> Cow<'w, str> {
        let mut words = self.place.scrub(words);
        for related in &self.related {
            // Nearly always the same file.
            let source = |place: &Place| place.source.as_ref().map(Arc::as_ptr);
            if source(&related.place) == source(&self.place) {
                continue;
            }
            if let Cow::Owned(clean) = related.place.scrub(&words) {
                words = Cow::Owned(clean);
            }
        }
        words
    }

    /// Words at the underlined characters.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Another place that belongs to the story.
    #[must_use]
    pub fn related(mut self, place: Place, message: impl Into<String>) -> Self {
        self.related.push(Related { place, message: message.into() });
        self
    }

    /// What will happen if nobody acts.
    #[must_use]
    pub fn why(mut self, why: impl Into<Cow<'static, str>>) -> Self {
        self.why = why.into();
        self
    }

    /// What to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.help = help.into();
        self
    }

    /// A repair that keeps the meaning, or writes the only thing that can have been meant. No fix
    /// where the edits are `None`: the functions of [`crate::yaml::edit`] give that where a place
    /// cannot be edited.
    #[must_use]
    pub fn safe_fix(self, title: impl Into<String>, edits: impl Into<Option<Vec<Edit>>>) -> Self {
        self.with_fix(title.into(), FixSafety::Safe, edits.into())
    }

    /// A repair that a person must look at; no fix where the edits are `None`.
    #[must_use]
    pub fn unsafe_fix(self, title: impl Into<String>, edits: impl Into<Option<Vec<Edit>>>) -> Self {
        self.with_fix(title.into(), FixSafety::Unsafe, edits.into())
    }

    /// A repair as safe as it says; no fix where the edits are `None`.
    #[must_use]
    pub(crate) fn with_fix(mut self, title: String, safety: FixSafety, edits: Option<Vec<Edit>>) -> Self {
        self.fix = edits.map(|edits| Fix { title, safety, edits, rename: None });
        self
    }

    /// A repair that gives the file of the finding another name in its directory.
    #[must_use]
    pub fn rename_fix(mut self, safety: FixSafety, name: impl Into<String>) -> Self {
        let name = name.into();
        let title = format!("rename it to `{}`", crate::text::printable(&name));
        self.fix = Some(Fix { title, safety, edits: Vec::new(), rename: Some(name) });
        self
    }

    /// This case is milder or graver than the rule's own level.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// The severity of this case in `profile: strict`.
    #[must_use]
    pub fn in_strict(mut self, severity: Severity) -> Self {
        self.strict = Some(severity);
        self
    }

    /// What tells this finding from others of the same rule at the same path.
    #[must_use]
    pub fn identity(mut self, identity: impl Into<String>) -> Self {
        self.identity = identity.into();
        self
    }

    /// The characters at its place must not be shown; `identity` stands for them in the fingerprint.
    #[must_use]
    pub fn secret(mut self, identity: impl Into<String>) -> Self {
        self.is_secret = true;
        self.identity(identity)
    }

    /// The stretch of the file in which superseded rules are silent.
    #[must_use]
    pub fn covers(mut self, span: Span) -> Self {
        self.covers = Some(span);
        self
    }

    /// The instance, job or namespace that the finding is about.
    #[must_use]
    pub fn instance(mut self, instance: impl Into<String>) -> Self {
        self.subject.instance = Some(instance.into());
        self
    }

    /// The cluster that the finding is about.
    #[must_use]
    pub fn cluster(mut self, cluster: impl Into<String>) -> Self {
        self.subject.cluster = Some(cluster.into());
        self
    }

    /// The service that the finding is about.
    #[must_use]
    pub fn service(mut self, service: impl Into<String>) -> Self {
        self.subject.service = Some(service.into());
        self
    }
}

/// A finding with its rule and severity: what is reported.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Who says so.
    pub rule: &'static Rule,
    /// How bad, in the chosen dialect and configuration.
    pub severity: Severity,
    /// What and where.
    pub finding: Finding,
}

impl Deref for Diagnostic {
    type Target = Finding;

    fn deref(&self) -> &Finding {
        &self.finding
    }
}

impl Diagnostic {
    /// Names the finding across edits elsewhere in the file: rule, file, instance, keys that lead there
    /// and offending text, never a line number or the index of an item (design.md section 7). 16 hex
    /// digits. Equal findings have equal ones.
    ///
    /// What instances inherit is named by where it is written: which of them is named first depends on
    /// who else inherits it.
    pub fn fingerprint(&self) -> String {
        hexadecimal(self.fingerprint_bits())
    }

    pub(crate) fn fingerprint_bits(&self) -> u64 {
        self.fingerprint_bits_in(&self.place.file)
    }

    /// What names the same finding in a file or directory of another name.
    pub fn fingerprint_in(&self, file: &str) -> String {
        hexadecimal(self.fingerprint_bits_in(file))
    }

    pub(crate) fn fingerprint_bits_in(&self, file: &str) -> u64 {
        let mut hash = Fnv::default();
        hash.field(self.rule.name);
        hash.field(file);
        self.hash_path(&mut hash);
        let identity = if self.identity.is_empty() { self.place.text() } else { &self.identity };
        hash.field(identity);
        hash.0
    }

    /// Names rule, path and value of the finding, whatever its file is called; where no characters are the value, as
    /// with the name of a file, the message holds it. 16 hex digits. Like the fingerprint it holds no secret.
    pub fn elsewhere(&self) -> String {
        let mut hash = Fnv::default();
        hash.field(self.rule.name);
        self.hash_path(&mut hash);
        hash.field(&self.identity);
        let text = self.place.text();
        if self.identity.is_empty() && !text.is_empty() {
            hash.field(text);
        } else {
            hash.field(&self.scrub(&self.message));
        }
        hexadecimal(hash.0)
    }

    fn hash_path(&self, hash: &mut Fnv) {
        let is_own = !self.subject.is_inherited;
        hash.field(self.subject.instance.as_deref().filter(|_| is_own).unwrap_or(""));
        for (index, step) in self.subject.path.iter().enumerate() {
            let is_name =
                matches!((step, &self.subject.instance), (Step::Key(key), Some(name)) if key == name);
            if index == 0 && is_name && !is_own {
                continue;
            }
            // An item added in front of another one is no new finding.
            let step = if let Step::Key(key) = step { key } else { "[]" };
            hash.field(step);
        }
    }

    /// File, position, rule, then everything else that is shown: the order of every report. The graver comes
    /// first, and the instance that a text stands in before those that inherit it.
    pub fn order(&self, other: &Diagnostic) -> std::cmp::Ordering {
        fn key(d: &Diagnostic) -> (&str, Reverse<Severity>, bool, Option<&str>, &str) {
            let subject = &d.subject;
            let instance = subject.instance.as_deref();
            (d.rule.name, Reverse(d.severity), subject.is_inherited, instance, &d.message)
        }
        self.place.sort_key().cmp(&other.place.sort_key()).then_with(|| key(self).cmp(&key(other)))
    }
}

/// A number that stands for a text.
pub(crate) fn hash(text: &str) -> u64 {
    let mut hash = Fnv::default();
    hash.field(text);
    hash.0
}

/// The form of a fingerprint.
pub(crate) fn hexadecimal(fingerprint: u64) -> String {
    format!("{fingerprint:016x}")
}

/// FNV-1a, 64 bits: stable across versions and machines, which the standard hasher is not.
pub(crate) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    /// Adds a field and a separator, so that `ab`,`c` is not `a`,`bc`.
    pub(crate) fn field(&mut self, text: &str) {
        self.bytes(text.as_bytes());
        self.bytes(&[0xff]);
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// In half as many bits, for what need not be told apart from everything.
    #[expect(clippy::cast_possible_truncation, reason = "both halves are in it")]
    pub(crate) const fn folded(&self) -> u32 {
        (self.0 ^ (self.0 >> 32)) as u32
    }
}
