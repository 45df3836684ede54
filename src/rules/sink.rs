//! Where rules put their findings.

use crate::config::{Chosen, Profile, Selection};
use crate::diagnostic::{Diagnostic, Finding, Severity};
use crate::findings::Findings;

use super::{Env, Rule};

/// A rule with its level in this run.
#[derive(Clone, Copy, Debug)]
pub struct Active {
    /// The rule.
    pub rule: &'static Rule,
    level: Chosen,
    /// Whether advice of this rule was asked for.
    shows_advice: bool,
    is_strict: bool,
    /// Whether its repairs are wanted: `--only` also says whose.
    is_fixable: bool,
}

impl Active {
    /// `rule` under the settings of `env`, wherever it looks.
    pub fn new(env: &Env, rule: &'static Rule) -> Self {
        Self::with(env, rule, env.settings.running(rule))
    }

    /// `rule` under the settings of `env` for one file or directory.
    pub fn at(env: &Env, rule: &'static Rule, file: &str) -> Self {
        Self::with(env, rule, env.settings.chosen_at(rule, file))
    }

    fn with(env: &Env, rule: &'static Rule, level: Chosen) -> Self {
        let settings = &env.settings;
        let is_strict = settings.profile == Profile::Strict;
        let only = &settings.selection.only;
        let is_fixable = only.is_empty() || Selection::names(only, rule);
        Self { rule, level, shows_advice: settings.asks_for(rule), is_strict, is_fixable }
    }

    /// The severity of a finding. A finding that names its own keeps it, unless the user set the rule's
    /// level. `None`: nobody wants it.
    pub fn severity(self, finding: &Finding) -> Option<Severity> {
        self.grade(finding.severity, finding.strict)
    }

    /// The same of what a finding says: its own severity, and that in `profile: strict`.
    pub(crate) fn grade(self, own: Option<Severity>, strict: Option<Severity>) -> Option<Severity> {
        let usual = self.level.level.severity()?;
        if self.level.by_user {
            return Some(usual);
        }
        let severity = strict.filter(|_| self.is_strict).or(own).unwrap_or(usual);
        (severity != Severity::Info || self.shows_advice).then_some(severity)
    }
}

/// Takes the findings of one rule, and adds who says it and how severe that is.
pub struct Sink<'a> {
    active: Active,
    out: &'a mut Findings,
}

impl<'a> Sink<'a> {
    /// A sink for the findings of `rule` under the levels of `env`.
    pub fn new(env: &Env, rule: &'static Rule, out: &'a mut Findings) -> Self {
        Self::of(Active::new(env, rule), out)
    }

    /// The same for a rule whose level is known.
    pub fn of(active: Active, out: &'a mut Findings) -> Self {
        Self { active, out }
    }

    /// Reports a finding, if it is wanted.
    pub fn report(&mut self, finding: Finding) {
        self.place(finding);
    }

    /// The same. Returns where it is among the findings, if it is kept in words.
    pub(crate) fn place(&mut self, mut finding: Finding) -> Option<usize> {
        let severity = self.active.severity(&finding)?;
        finding.fix = finding.fix.filter(|_| self.active.is_fixable);
        self.out.add(Diagnostic { rule: self.active.rule, severity, finding })
    }
}
