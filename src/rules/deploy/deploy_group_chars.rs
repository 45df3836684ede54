//! Names of deploy groups.

use crate::diagnostic::Severity;
use crate::rules::support::deploy_groups::{Known, deploys};
use crate::rules::support::words::shown;
use crate::rules::{Blocks, Check, Level, On, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds deploy groups, and steps of that name, that cannot be part of a git tag.
    ///
    /// ## Why it matters
    ///
    /// What is deployed is marked with a git tag that contains the name of the deploy group, and
    /// looked up again with that name as a regular expression. Git refuses blanks and some signs
    /// in a tag; signs with a meaning in a regular expression make the tag impossible to find.
    /// Either way the group is never deployed. Other signs than letters, digits, `_`, `.` and
    /// `-` are asking for trouble.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// batch:
    ///   deploy_group: prod batch
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// batch:
    ///   deploy_group: prod.batch
    /// ```
    ///
    /// ## Source
    ///
    /// git-check-ref-format(1); paasta-tools 0.66.6
    /// `generate_deployments_for_service:get_latest_deployment_tag`.
    "deploy-group-chars" in Deploy,
    level: Error,
    also: &[Level::Warning],
    blocks: Blocks::JenkinsAndSensu,
    supersedes: &["deploy-group-missing-step", "deploy-step-unused", "pipeline-order"],
    on: On::keys(&["pipeline", "deploy_group"]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    if let Known::Present(pipeline) = cx.pipeline() {
        for (step, value) in pipeline.steps.iter().filter(|(step, _)| deploys(step)) {
            let Some(wrong) = judge(step) else { continue };
            let finding =
                cx.at(pipeline.document, value.span(), format!("the step {}{}", named(step), wrong.has));
            sink.report(words(finding, &wrong));
        }
    }
    for (instance, group) in cx.groups() {
        let (Some(located), Some(wrong)) = (&group.written, judge(&group.name)) else { continue };
        let message = format!("the deploy group {}{}", named(&group.name), wrong.has);
        sink.report(words(instance.at_value(located, message), &wrong));
    }
}

/// The name between backticks, if there is one.
fn named(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!("`{}` ", shown(name)) }
}

fn words(finding: crate::diagnostic::Finding, wrong: &Wrong) -> crate::diagnostic::Finding {
    finding.label("becomes part of a git tag").why(wrong.why).severity(wrong.severity).help(
        "use letters, digits, `_`, `.` and `-` only, in deploy.yaml and in every `deploy_group` that names it",
    )
}

/// What is wrong with a name.
struct Wrong {
    has: String,
    why: &'static str,
    severity: Severity,
}

fn judge(name: &str) -> Option<Wrong> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let wrong = |has: String, why, severity| Some(Wrong { has, why, severity });
    if !name.is_empty() && name.chars().all(is_plain) && !name.contains("..") {
        return None;
    }
    if name.is_empty() {
        return wrong("is empty".to_owned(), "a tag without a group is never found again", Severity::Error);
    }
    if let Some(sign) = name.chars().find(|c| c.is_control() || " ~^:?*[\\".contains(*c)) {
        let has = match sign {
            ' ' => "has a blank".to_owned(),
            c if c.is_control() => "has a control character".to_owned(),
            c => format!("has `{c}`"),
        };
        return wrong(has, "git refuses such a tag, so the group is never deployed", Severity::Error);
    }
    if let Some(pair) = ["..", "@{"].into_iter().find(|pair| name.contains(pair)) {
        return wrong(
            format!("has `{pair}`"),
            "git refuses such a tag, so the group is never deployed",
            Severity::Error,
        );
    }
    if let Some(sign) = name.chars().find(|c| "+(){}|$]".contains(*c)) {
        let why = "the name is used as a regular expression, which does not find the tag again";
        // A closing bracket or a brace alone stands for itself.
        let severity = if "+()|$".contains(sign) { Severity::Error } else { Severity::Warning };
        return wrong(format!("has `{sign}`"), why, severity);
    }
    let sign = name.chars().find(|c| !is_plain(*c))?;
    wrong(
        format!("has `{}`", shown(&sign.to_string())),
        "tags, job names and scripts that use the name may not take it",
        Severity::Warning,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_judged_by_git_and_regular_expressions() {
        let severity = |name| judge(name).map(|wrong| wrong.severity);
        for name in ["prod.main", "dev", "a_b-c.D9", "x.lock"] {
            assert_eq!(severity(name), None, "{name}");
        }
        for name in ["", "prod batch", "a:b", "a..b", "a+b", "a(b", "a|b", "a\tb", "a@{b"] {
            assert_eq!(severity(name), Some(Severity::Error), "{name}");
        }
        for name in ["prod/main", "é", "a,b", "a@b", "a]b"] {
            assert_eq!(severity(name), Some(Severity::Warning), "{name}");
        }
    }
}
