//! Findings of the reader: what it refused, and what it accepted though nobody can have meant it.
//!
//! PyYAML's words ("mapping values are not allowed here") help only those who know its inside, so
//! each likely cause has its own.

mod deployments;

use crate::diagnostic::{Finding, Severity, Step};
use crate::findings::Findings;
use crate::model::kind::FileKind;
use crate::repo::{Content, Document, Holder, Service, Unread};
use crate::source::Span;
use crate::yaml::{Cause, Error, Notice, Tree};

use super::yaml::{unreadable_file, yaml_duplicate_key, yaml_jinja_leftover, yaml_loaders_disagree};
use super::{Env, Rule, Sink, worded};

pub(crate) use deployments::report as report_deployments;

/// Reports what the reader has to say of `document`.
pub(crate) fn report(env: &Env, document: &Document, out: &mut Findings) {
    let (rule, finding) = match &document.content {
        Content::Unreadable(reason) => {
            let holder = if document.is_of_known_kind() { Holder::File } else { Holder::UnknownFile };
            worded!(yaml::unreadable_file::words(document.whole(), reason, holder))
        }
        Content::Refused(error) => {
            if let Cause::OldLibyaml(notices) = &error.cause {
                for notice in notices {
                    let finding = yaml_loaders_disagree::one(env, document, notice);
                    push(env, document, &yaml_loaders_disagree::RULE, finding, &[], out);
                }
                return;
            }
            refused(document, error)
        }
        Content::Parsed(tree) => {
            let shared = shared(tree);
            let duplicates = yaml_duplicate_key::Duplicates::of(tree);
            for notice in tree.notices() {
                if let Some((rule, finding)) = noticed(document, notice, &duplicates) {
                    push(env, document, rule, finding, &shared, out);
                }
            }
            for finding in yaml_jinja_leftover::left_over(document, tree, out.as_slice()) {
                push(env, document, &yaml_jinja_leftover::RULE, finding, &shared, out);
            }
            for finding in yaml_loaders_disagree::all(env, document, tree) {
                push(env, document, &yaml_loaders_disagree::RULE, finding, &shared, out);
            }
            return;
        }
    };
    push(env, document, rule, finding, &[], out);
}

fn push(
    env: &Env,
    document: &Document,
    rule: &'static Rule,
    mut finding: Finding,
    shared: &[Span],
    out: &mut Findings,
) {
    finding.subject.service = document.service().map(str::to_owned);
    finding.subject.cluster.clone_from(&document.cluster);
    if let Some(span) = finding.place.span {
        finding.subject.path = document.path_to(span);
        finding.subject.instance = instance_at(document, &finding, shared);
    }
    Sink::new(env, rule, out).report(finding);
}

/// Reports that the directory of a service could not be read.
pub(crate) fn report_unread(env: &Env, service: &Service, reason: &Unread, out: &mut Findings) {
    let finding = unreadable_file::words(service.place(), reason, Holder::Service).service(&service.name);
    Sink::new(env, &unreadable_file::RULE, out).report(finding);
}

/// Reports the directories of a service that could not be looked into.
pub(crate) fn report_nested(env: &Env, service: &Service, out: &mut Findings) {
    for entry in &service.entries {
        let Some(reason) = &entry.unlisted else { continue };
        let place = service.entry_place(&entry.name);
        let finding = unreadable_file::words(place, reason, Holder::Nested).service(&service.name);
        Sink::new(env, &unreadable_file::RULE, out).report(finding);
    }
}

/// The stretches that aliases repeat, in order, without those within others: what is wrong there may
/// be wrong for every instance of the file.
fn shared(tree: &Tree) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for anchor in tree.anchors().iter().filter(|anchor| anchor.uses > 0) {
        let span = tree.anchored(anchor).span();
        if spans.last().is_none_or(|last| !last.contains(span)) {
            spans.push(span);
        }
    }
    spans
}

/// The instance or namespace that a finding in `document` is about, if it is about one only.
fn instance_at(document: &Document, finding: &Finding, shared: &[Span]) -> Option<String> {
    let is_named = document.has_instances() || document.kind == Some(FileKind::Smartstack);
    let span = finding.place.span.filter(|_| is_named)?;
    let before = shared.partition_point(|stretch| stretch.start <= span.start);
    let within = before.checked_sub(1).and_then(|at| shared.get(at));
    if within.is_some_and(|stretch| stretch.contains(span)) {
        return None;
    }
    match finding.subject.path.first() {
        Some(Step::Key(name)) => Some(name.clone()),
        _ => None,
    }
}

/// What happens to a service with a file that does not parse.
const REFUSED: &str = "PaaSTA cannot read this file, and every tool that lists this service or its \
                       cluster fails on it";

/// Why a file that is not PaaSTA's cannot be read, if it cannot: the same words without what PaaSTA
/// would do.
pub(crate) fn refusal(document: &Document) -> Option<Finding> {
    match &document.content {
        Content::Refused(error) => {
            let (_, mut finding) = refused(document, error);
            finding.fix = None;
            Some(finding.why(""))
        }
        Content::Unreadable(_) | Content::Parsed(_) => None,
    }
}

/// Whether a tool of PaaSTA may read the file: one of a service
/// (`service_configuration_lib:read_service_configuration_from_dir`), or one whose name starts with
/// that of a framework. Outside of a service nobody knows.
pub(super) fn is_read(document: &Document) -> bool {
    let name = document.name();
    document.service().is_none()
        || document.kind.is_some()
        || document.validated_as().is_some()
        || ["lb.yaml", "data.yaml"].contains(&name)
        || ["marathon", "chronos", "adhoc", "paasta_native"].iter().any(|start| name.starts_with(start))
}

fn refused(document: &Document, error: &Error) -> (&'static Rule, Finding) {
    let (rule, finding) = words(document, error);
    (rule, if is_read(document) { finding.why(REFUSED) } else { unread(finding) })
}

/// The rule that speaks of a cause, and its words.
fn words(document: &Document, error: &Error) -> (&'static Rule, Finding) {
    let place = document.place(error.span);
    match &error.cause {
        Cause::Template => worded!(yaml::yaml_jinja_leftover::refused(place)),
        Cause::ConflictMarker => worded!(yaml::yaml_conflict_marker::words(place)),
        Cause::SeveralDocuments => worded!(yaml::yaml_multiple_documents::words(place)),
        Cause::UnknownTag(tag) => worded!(yaml::yaml_unknown_tag::words(place, error, tag)),
        Cause::UndefinedAlias(name) => worded!(yaml::yaml_undefined_alias::words(place, error, name)),
        Cause::DuplicateAnchor(name) => worded!(yaml::yaml_duplicate_anchor::words(place, name)),
        Cause::BadMerge => worded!(yaml::yaml_merge_non_mapping::words(place)),
        Cause::OtherEncoding(encoding) => worded!(yaml::yaml_non_utf8::other_encoding(place, *encoding)),
        Cause::NotUtf8 => worded!(yaml::yaml_non_utf8::not_utf8(place)),
        Cause::NonPrintable(c) => worded!(yaml::yaml_non_utf8::forbidden(place, *c)),
        Cause::Limit => worded!(yaml::yaml_limit::words(place, &error.problem)),
        _ => worded!(yaml::yaml_syntax::words(document, error)),
    }
}

/// Whether what the reader refused looks like a part of a secret.
pub(super) fn is_secret(error: &Error) -> bool {
    error.source.hidden().meets(error.span)
}

/// What is worth a finding though PyYAML accepts it.
fn noticed(
    document: &Document,
    notice: &Notice,
    duplicates: &yaml_duplicate_key::Duplicates<'_>,
) -> Option<(&'static Rule, Finding)> {
    Some(match notice {
        Notice::DuplicateKey { key, first, second } => {
            (&yaml_duplicate_key::RULE, duplicates.words(document, key, *first, *second))
        }
        Notice::RepeatedMergeKey { first, second } => {
            worded!(yaml::yaml_repeated_merge_key::words(document, *first, *second))
        }
        Notice::UnusedAnchor { name, span } => {
            worded!(yaml::yaml_unused_anchor::words(document.place(*span), name))
        }
        Notice::LoadersDisagree(_) => return None,
    })
}

/// A finding about a file that no tool of PaaSTA 0.66 reads. Later versions may.
pub(super) fn unread(finding: Finding) -> Finding {
    finding
        .why("whatever reads this file fails on it; PaaSTA 0.66 does not read it")
        .severity(Severity::Warning)
}
