//! Where rules put their findings.

use crate::config::{Chosen, Profile};
use crate::diagnostic::{Diagnostic, Finding, Severity};

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
}

impl Active {
    /// `rule` under the settings of `env`.
    pub fn new(env: &Env, rule: &'static Rule) -> Self {
        let settings = &env.settings;
        let is_strict = settings.profile == Profile::Strict;
        Self { rule, level: settings.chosen(rule), shows_advice: settings.asks_for(rule), is_strict }
    }
}

/// Takes the findings of one rule, and adds who says it and how severe that is.
pub struct Sink<'a> {
    active: Active,
    out: &'a mut Vec<Diagnostic>,
}

impl<'a> Sink<'a> {
    /// A sink for the findings of `rule` under the levels of `env`.
    pub fn new(env: &Env, rule: &'static Rule, out: &'a mut Vec<Diagnostic>) -> Self {
        Self::of(Active::new(env, rule), out)
    }

    /// The same for a rule whose level is known.
    pub fn of(active: Active, out: &'a mut Vec<Diagnostic>) -> Self {
        Self { active, out }
    }

    /// Reports a finding. A finding that names its own severity keeps it, unless the user set
    /// the rule's level.
    pub fn report(&mut self, finding: Finding) {
        let Active { rule, level, shows_advice, is_strict } = self.active;
        let Some(usual) = level.level.severity() else { return };
        let strict = finding.strict.filter(|_| is_strict);
        let severity = if level.by_user { usual } else { strict.or(finding.severity).unwrap_or(usual) };
        if severity == Severity::Info && !level.by_user && !shows_advice {
            return;
        }
        self.out.push(Diagnostic { rule, severity, finding });
    }
}
