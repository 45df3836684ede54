//! Deploy groups of instances, and the steps that deploy them.

use std::borrow::Cow;

use crate::model::kind::FileKind;
use crate::repo::{Document, Service};
use crate::rules::{InstanceCx, Located};
use crate::yaml::{Kind, Value};

use super::format_string;

/// Steps that do something else than deploying (paasta-behaviour.md section 10).
pub(crate) const OTHER_STEPS: &[&str] = &["itest", "security-check", "performance-check", "push-to-registry"];

/// Whether a step deploys the group of its name.
pub(crate) fn deploys(step: &str) -> bool {
    !OTHER_STEPS.contains(&step) && !step.starts_with("command-")
}

/// The pipeline of a service.
pub(crate) struct Pipeline<'a> {
    /// The file that holds it.
    pub(crate) document: &'a Document,
    /// Names of the steps with their places, in order.
    pub(crate) steps: Vec<(&'a str, Value<'a>)>,
    /// Whether every step could be read.
    pub(crate) is_complete: bool,
}

/// What is known of the pipeline.
pub(crate) enum Known<'a> {
    /// There is no deploy.yaml.
    Absent,
    /// It cannot be read, or has no list of steps.
    Unknown,
    /// This is it.
    Present(Pipeline<'a>),
}

/// The pipeline of `service`: deploy.yaml, or the key `deploy` of service.yaml, which replaces it
/// (paasta-behaviour.md section 2).
pub(crate) fn pipeline(service: &Service) -> Known<'_> {
    let replaced =
        service.mapping("service.yaml").and_then(|(document, root)| Some((document, root.get("deploy")?)));
    let (document, root) = match (replaced, service.document("deploy.yaml")) {
        (Some(found), _) => found,
        (None, Some(document)) => match document.tree() {
            Some(tree) => (document, tree.root()),
            None => return Known::Unknown,
        },
        (None, None) => return Known::Absent,
    };
    let list = (root.kind() == Kind::Map).then(|| root.get("pipeline")).flatten();
    let Some(list) = list.filter(|list| list.kind() == Kind::Seq) else { return Known::Unknown };
    let mut steps = Vec::with_capacity(list.len());
    let mut is_complete = true;
    for item in list.items() {
        let step = (item.kind() == Kind::Map).then(|| item.get("step")).flatten();
        match step.and_then(|step| Some((step.as_str()?, step))) {
            Some(step) => steps.push(step),
            None => is_complete = false,
        }
    }
    Known::Present(Pipeline { document, steps, is_complete })
}

/// The deploy group of an instance.
pub(crate) struct Group<'a> {
    /// After interpolation.
    pub(crate) name: Cow<'a, str>,
    /// Where it is written; by default it is `cluster.instance`.
    pub(crate) written: Option<Located<'a>>,
}

/// The deploy group of an instance; `None` where Python would refuse it or soalint cannot tell.
pub(crate) fn group_of<'a>(cx: &InstanceCx<'a>) -> Option<Group<'a>> {
    let Some(located) = cx.get("deploy_group") else {
        if !has_usable_names(cx) {
            return None;
        }
        let name = Cow::Owned(format!("{}.{}", cx.instance.cluster, cx.instance.name));
        return Some(Group { name, written: None });
    };
    let text = located.value.as_str()?;
    let name = if text.contains(['{', '}']) {
        Cow::Owned(format_string::expand(text, |name| field(cx, name))?)
    } else {
        Cow::Borrowed(text)
    };
    Some(Group { name, written: Some(located) })
}

/// Whether the names that make the group of an instance without `deploy_group` may stand. Bad ones
/// are findings of their own, and once mended make another group.
fn has_usable_names(cx: &InstanceCx<'_>) -> bool {
    let is_word = |text: &str, upper: bool| {
        let is_part = |b: u8| {
            b.is_ascii_lowercase()
                || b.is_ascii_digit()
                || matches!(b, b'_' | b'-')
                || upper && b.is_ascii_uppercase()
        };
        !text.is_empty() && text.bytes().all(is_part)
    };
    let is_marathon = cx.document.kind == Some(FileKind::Marathon);
    is_word(cx.instance.cluster, false) && is_word(cx.instance.name, !is_marathon)
}

/// Names that `deploy_group` may hold in braces.
pub(crate) const FIELDS: &[&str] = &["cluster", "instance", "service"];

fn field(cx: &InstanceCx<'_>, name: &str) -> Option<String> {
    match name {
        "cluster" => Some(cx.instance.cluster.to_owned()),
        "instance" => Some(cx.instance.name.to_owned()),
        "service" => Some(cx.service.name.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_told_apart() {
        assert!(deploys("prod.main") && deploys("commander"));
        assert!(!deploys("itest") && !deploys("command-migrate"));
    }
}
