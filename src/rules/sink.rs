//! Where rules put their findings.

use crate::config::Chosen;
use crate::diagnostic::{Diagnostic, Finding, Severity};

use super::{Env, Rule};

/// Takes the findings of one rule, and adds who says it and how severe that is.
pub struct Sink<'a> {
    rule: &'static Rule,
    level: Chosen,
    /// Whether advice of this rule was asked for.
    shows_advice: bool,
    out: &'a mut Vec<Diagnostic>,
}

impl<'a> Sink<'a> {
    /// A sink for the findings of `rule` under the levels of `env`.
    pub fn new(env: &Env, rule: &'static Rule, out: &'a mut Vec<Diagnostic>) -> Self {
        Self { rule, level: env.settings.chosen(rule), shows_advice: env.settings.asks_for(rule), out }
    }

    /// Reports a finding. A finding that names its own severity keeps it, unless the user set
    /// the rule's level.
    pub fn report(&mut self, finding: Finding) {
        let Some(level) = self.level.level.severity() else { return };
        let severity = if self.level.by_user { level } else { finding.severity.unwrap_or(level) };
        if severity == Severity::Info && !self.level.by_user && !self.shows_advice {
            return;
        }
        self.out.push(Diagnostic { rule: self.rule, severity, finding });
    }
}
