//! One finding, in words or without them.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, FixSafety, Fnv, Severity, Step};
use crate::rules::Rule;
use crate::source::Span;

/// A finding without its words. There can be millions of them.
#[derive(Clone, Debug)]
pub struct Trace {
    pub(super) span: Span,
    /// Empty if there is none.
    covers: Span,
    fingerprint: u64,
    rare: Option<Box<Rare>>,
    message: u32,
    instance: u32,
    path: u32,
    pub(super) severity: Severity,
    pub(super) own: Option<Severity>,
    pub(super) strict: Option<Severity>,
    fix: Option<FixSafety>,
}

/// What few findings have.
#[derive(Clone, Debug)]
struct Rare {
    absent: Box<[&'static str]>,
    /// Whether it is about the whole file.
    is_whole: bool,
}

impl Trace {
    pub(super) fn of(diagnostic: &Diagnostic) -> Self {
        let each = Each { diagnostic, trace: None };
        let rare = Rare {
            absent: diagnostic.absent.clone().into_boxed_slice(),
            is_whole: diagnostic.place.span.is_none(),
        };
        let is_rare = rare.is_whole || !rare.absent.is_empty();
        Self {
            span: each.span().unwrap_or_default(),
            covers: diagnostic.covers.unwrap_or_default(),
            fingerprint: diagnostic.fingerprint_bits(),
            rare: is_rare.then(|| Box::new(rare)),
            message: each.message(),
            instance: each.instance(),
            path: each.path(),
            severity: diagnostic.severity,
            own: diagnostic.finding.severity,
            strict: diagnostic.finding.strict,
            fix: each.fix(),
        }
    }

    pub(super) fn span(&self) -> Option<Span> {
        let is_whole = self.rare.as_ref().is_some_and(|rare| rare.is_whole);
        (!is_whole).then_some(self.span)
    }
}

/// One finding, in words or as a trace.
#[derive(Clone, Copy, Debug)]
pub struct Each<'d> {
    pub(super) diagnostic: &'d Diagnostic,
    pub(super) trace: Option<&'d Trace>,
}

impl<'d> Each<'d> {
    /// Who says so.
    pub const fn rule(self) -> &'static Rule {
        self.diagnostic.rule
    }

    /// The file or directory.
    pub fn file(self) -> &'d Arc<str> {
        &self.diagnostic.finding.place.file
    }

    /// The service that it is about.
    pub fn service(self) -> Option<&'d str> {
        self.diagnostic.finding.subject.service.as_deref()
    }

    /// Where in it.
    pub fn span(self) -> Option<Span> {
        match self.trace {
            Some(trace) => trace.span(),
            None => self.diagnostic.place.span,
        }
    }

    /// How bad it is.
    pub fn severity(self) -> Severity {
        self.trace.map_or(self.diagnostic.severity, |trace| trace.severity)
    }

    /// Whether there is a repair, and which kind.
    pub fn fix(self) -> Option<FixSafety> {
        match self.trace {
            Some(trace) => trace.fix,
            None => self.diagnostic.fix.as_ref().map(|fix| fix.safety),
        }
    }

    /// See [`Diagnostic::fingerprint`].
    pub fn fingerprint(self) -> String {
        crate::diagnostic::hexadecimal(self.fingerprint_bits())
    }

    pub(crate) fn fingerprint_bits(self) -> u64 {
        self.trace.map_or_else(|| self.diagnostic.fingerprint_bits(), |trace| trace.fingerprint)
    }

    /// The finding in words; none if there is only its trace.
    pub const fn in_words(self) -> Option<&'d Diagnostic> {
        match self.trace {
            Some(_) => None,
            None => Some(self.diagnostic),
        }
    }

    /// The stretch in which superseded rules are silent.
    pub(crate) fn covers(self) -> Option<Span> {
        match self.trace {
            Some(trace) => (!trace.covers.is_empty()).then_some(trace.covers),
            None => self.diagnostic.covers,
        }
    }

    /// Keys whose absence it complains of.
    pub(crate) fn absent(self) -> &'d [&'static str] {
        match self.trace {
            Some(trace) => trace.rare.as_ref().map_or(&[][..], |rare| &rare.absent),
            None => &self.diagnostic.finding.absent,
        }
    }

    /// Stands for the message.
    pub(crate) fn message(self) -> u32 {
        self.trace.map_or_else(|| digest([self.diagnostic.message.as_str()]), |trace| trace.message)
    }

    /// Stands for the instance.
    pub(crate) fn instance(self) -> u32 {
        self.trace.map_or_else(|| digest(self.diagnostic.subject.instance.as_deref()), |trace| trace.instance)
    }

    /// Stands for the path.
    pub(crate) fn path(self) -> u32 {
        let steps = || {
            let mut hash = Fnv::default();
            for step in &self.diagnostic.subject.path {
                match step {
                    Step::Key(key) => hash.field(key),
                    Step::Index(index) => hash.bytes(&index.to_le_bytes()),
                }
            }
            hash.folded()
        };
        self.trace.map_or_else(steps, |trace| trace.path)
    }
}

fn digest<'t>(texts: impl IntoIterator<Item = &'t str>) -> u32 {
    let mut hash = Fnv::default();
    texts.into_iter().for_each(|text| hash.field(text));
    hash.folded()
}
