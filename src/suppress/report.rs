//! What is to be said of ignores themselves.

use std::sync::Arc;

use crate::diagnostic::{Finding, Place};
use crate::findings::Findings;
use crate::rules::suppression::{
    suppress_expired, suppress_malformed, suppress_no_reason, suppress_unknown, suppress_unused,
};
use crate::rules::{self, Env, Group, RULES, Rule, Sink};
use crate::source::{Edit, Span};
use crate::suggest;
use crate::text::printable;

use super::comment::{Directive, GRAMMAR, Name, Reach};
use super::cover::{Cover, before};
use super::{FileIgnores, Ignore};

/// What became of a name in an ignore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It took a finding away.
    Used,
    /// There was nothing to take away.
    Unused,
    /// It named an error that cannot be ignored.
    Refused,
    /// Its day is over.
    Expired,
}

/// Names for which the nearest rule is looked up, per file: that takes time, and the file is a
/// stranger's.
const MOST_SUGGESTIONS: usize = 30;

/// Longest name that a message repeats, in characters.
const LONGEST_ECHO: usize = 60;

/// Says what is wrong with the ignores of a file. `is_partial`: a rule failed, so that nobody knows
/// what it would have found.
pub(super) fn report(
    env: &Env,
    file: &FileIgnores,
    fates: &[Vec<Fate>],
    is_partial: bool,
    out: &mut Findings,
) {
    let mut reporter = Reporter { env, file, out, suggestions: 0 };
    for mistake in &file.mistakes {
        let finding = reporter.at(mistake.span, &mistake.message).label(mistake.label.clone());
        reporter.say(&suppress_malformed::RULE, finding.why("it ignores nothing").help(GRAMMAR));
    }
    for (ignore, fates) in file.ignores.iter().zip(fates) {
        let directive = &ignore.directive;
        if fates.contains(&Fate::Expired) {
            reporter.expired(directive);
            continue;
        }
        let mut dead = Vec::new();
        for (name, fate) in directive.names.iter().zip(fates) {
            match rules::find(&name.text) {
                None => reporter.unknown(name),
                Some(rule) if *fate != Fate::Used && reporter.cannot_be_ignored(rule, *fate) => {
                    reporter.refused(directive, name, rule);
                }
                Some(rule) if *fate == Fate::Unused && !is_partial && reporter.ran(rule) => dead.push(name),
                Some(_) => {}
            }
        }
        if !dead.is_empty() {
            reporter.unused(ignore, &dead);
        }
        reporter.reason(directive);
    }
}

struct Reporter<'a> {
    env: &'a Env,
    file: &'a FileIgnores,
    out: &'a mut Findings,
    suggestions: usize,
}

impl Reporter<'_> {
    fn say(&mut self, rule: &'static Rule, finding: Finding) {
        Sink::new(self.env, rule, self.out).report(finding);
    }

    fn at(&self, span: Span, message: &str) -> Finding {
        let place = Place::span(&self.file.file, &self.file.source, span);
        let finding = Finding::new(place, printable(message));
        match self.file.file.split_once('/') {
            Some((service, _)) => finding.service(service),
            None => finding,
        }
    }

    /// Whether the rule looked at this file at all; advice that nobody asked for is not looked for.
    fn ran(&self, rule: &Rule) -> bool {
        self.env.settings.chosen_at(rule, &self.file.file).level.severity().is_some()
    }

    fn cannot_be_ignored(&self, rule: &Rule, fate: Fate) -> bool {
        fate == Fate::Refused
            || rule.is_fixed(self.env.settings.dialect)
            || matches!(rule.group, Group::Suppression | Group::Internal)
    }

    fn expired(&mut self, directive: &Directive) {
        let Some((day, span)) = directive.until else { return };
        let finding = self
            .at(span, &format!("this ignore ended on {day}"))
            .why("it ignores nothing any more")
            .help("repair what it hides and delete the comment, or choose a later day")
            .safe_fix("delete the comment", Some(vec![self.deletion(directive)]));
        self.say(&suppress_expired::RULE, finding);
    }

    fn unknown(&mut self, name: &Name) {
        let message = format!("there is no rule `{}`", excerpt(&name.text));
        let finding = self.at(name.span, &message).why("it ignores nothing");
        if RULES.iter().any(|rule| rule.group.name() == name.text) {
            let finding = finding
                .label("this is a group of rules")
                .help("name the rule: a group would also hide what later versions find");
            self.say(&suppress_unknown::RULE, finding);
            return;
        }
        self.suggestions += 1;
        let near = if self.suggestions > MOST_SUGGESTIONS {
            None
        } else {
            suggest::nearest(&name.text, RULES.iter().map(|rule| rule.name))
        };
        let finding = match near {
            Some(near) => {
                let edit = Edit { span: name.span, text: near.to_owned() };
                let finding = finding.label(format!("did you mean `{near}`?"));
                finding.unsafe_fix(format!("write `{near}`"), Some(vec![edit]))
            }
            None => finding.help("`soalint rules` lists the rules"),
        };
        self.say(&suppress_unknown::RULE, finding);
    }

    fn refused(&mut self, directive: &Directive, name: &Name, rule: &Rule) {
        let finding = self.at(name.span, &format!("`{}` cannot be ignored", rule.name));
        let finding = match rule.group {
            Group::Suppression => finding
                .why("comments about comments would never end")
                .help(format!("set its level in .soalint.yaml: `rules: {{{}: off}}`", rule.name)),
            Group::Internal => finding.why("it is about soalint, not about this file"),
            _ => finding.why(Rule::WHY_FIXED).help(rule.help_if_fixed()),
        };
        let finding = finding.safe_fix("delete the name", Some(vec![self.without(directive, &[name])]));
        self.say(&suppress_unknown::RULE, finding);
    }

    fn unused(&mut self, ignore: &Ignore, dead: &[&Name]) {
        let directive = &ignore.directive;
        let names: Vec<String> = dead.iter().map(|name| format!("`{}`", excerpt(&name.text))).collect();
        let (Some(first), Some(last)) = (dead.first(), dead.last()) else { return };
        let verb = if dead.len() == 1 { "is" } else { "are" };
        let words = format!("{} {verb} ignored, but not found here", names.join(", "));
        let help = match (ignore.cover, directive.reach) {
            (Cover::Nothing, _) => {
                "no entry follows the comment: put it above one, or at the end of its line"
            }
            (_, Reach::File) => "delete it: it would hide the next mistake of that kind",
            _ if self.is_at_line_end(directive) => {
                "delete it; to ignore something further inside the entry, put it on a line of its own above"
            }
            _ => "delete it: it would hide the next mistake of that kind",
        };
        let title =
            if dead.len() == directive.names.len() { "delete the comment" } else { "delete the name" };
        let finding = self
            .at(first.span.to(last.span), &words)
            .label(if dead.len() == 1 { "hides nothing" } else { "hide nothing" })
            .help(help)
            .safe_fix(title, Some(vec![self.without(directive, dead)]));
        self.say(&suppress_unused::RULE, finding);
    }

    fn is_at_line_end(&self, directive: &Directive) -> bool {
        let line = before(&self.file.source, directive.span.start).of(self.file.source.text());
        !line.trim_start().is_empty() && !line.trim_start().starts_with('#')
    }

    /// Where the configuration wants one: the reason, and its ticket.
    fn reason(&mut self, directive: &Directive) {
        let ignores = &self.env.settings.ignores;
        let is_wanted = ignores.require_reason || ignores.ticket_pattern.is_some();
        let finding = if is_wanted && directive.reason.is_empty() {
            self.at(directive.span, "this ignore gives no reason").help("say why after the bracket")
        } else if let Some(pattern) =
            ignores.ticket_pattern.as_ref().filter(|p| !p.is_match(&directive.reason))
        {
            let help = format!("`ticket-pattern` of .soalint.yaml asks for {}", pattern.shown());
            self.at(directive.span, "the reason of this ignore names no ticket").help(help)
        } else {
            return;
        };
        self.say(&suppress_no_reason::RULE, finding);
    }

    /// The edit that takes `names` out of a directive, or the directive as a whole.
    fn without(&self, directive: &Directive, names: &[&Name]) -> Edit {
        let is_kept = |name: &&Name| !names.iter().any(|dead| dead.span == name.span);
        let kept: Vec<&str> = directive.names.iter().filter(is_kept).map(|name| name.text.as_str()).collect();
        if kept.is_empty() {
            return self.deletion(directive);
        }
        Edit { span: directive.brackets, text: kept.join(", ") }
    }

    /// The edit that deletes a directive, with its line if nothing else is on that.
    fn deletion(&self, directive: &Directive) -> Edit {
        let source: &Arc<_> = &self.file.source;
        let (text, span) = (source.text(), directive.span);
        let line = source.line_of(span.start);
        let line_end = source.line_span(line).end;
        let start = before(source, span.start);
        let ahead = start.of(text);
        let rest = Span::new(span.end, line_end).of(text);
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let is_last = rest.trim().is_empty();
        let span = if !is_last {
            // Another comment follows in the same line.
            Span::new(span.start, span.end + offset(rest.len() - rest.trim_start().len()))
        } else if ahead.trim_matches([' ', '\t']).is_empty() {
            let next =
                if line + 1 < source.line_count() { source.line_span(line + 1).start } else { line_end };
            Span::new(start.start, next)
        } else {
            Span::new(start.start + offset(ahead.trim_end_matches([' ', '\t']).len()), line_end)
        };
        Edit { span, text: String::new() }
    }
}

/// A name for a message, cut where it is too long.
fn excerpt(name: &str) -> String {
    crate::secret::quotable(name, LONGEST_ECHO)
}
