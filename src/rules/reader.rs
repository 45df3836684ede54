//! Findings of the reader: what it refused, and what it accepted though nobody can have meant it.
//!
//! PyYAML's words ("mapping values are not allowed here") help only those who know its inside, so
//! each likely cause has its own.

use crate::diagnostic::{Diagnostic, Finding};
use crate::repo::{Content, Document, Service};
use crate::report::printable;
use crate::source::Span;
use crate::yaml::{Cause, Error, ErrorKind, Notice};

use super::{Env, Rule, Sink, yaml};

/// Reports what the reader has to say of `document`.
pub(crate) fn report(env: &Env, service: &Service, document: &Document, out: &mut Vec<Diagnostic>) {
    let (rule, finding) = match &document.content {
        Content::Unreadable(reason) => (&yaml::unreadable_file::RULE, unreadable(document, reason)),
        Content::Refused(error) => refused(document, error),
        Content::Parsed(tree) => {
            for notice in tree.notices() {
                if let Some((rule, finding)) = noticed(document, notice) {
                    push(env, service, document, rule, finding, out);
                }
            }
            return;
        }
    };
    push(env, service, document, rule, finding, out);
}

fn push(
    env: &Env,
    service: &Service,
    document: &Document,
    rule: &'static Rule,
    mut finding: Finding,
    out: &mut Vec<Diagnostic>,
) {
    finding.subject.service = Some(service.name.clone());
    finding.subject.cluster.clone_from(&document.cluster);
    if let Some(span) = finding.place.span {
        finding.subject.path = document.path_to(span);
    }
    Sink::new(env, rule, out).report(finding);
}

fn unreadable(document: &Document, reason: &str) -> Finding {
    Finding::new(document.whole(), format!("this file cannot be read: {reason}"))
        .why("PaaSTA takes a file that it cannot read for an empty one: what it configures is removed")
        .help("put a regular, readable file there, or delete the entry")
}

/// What happens to a service with a file that does not parse.
const REFUSED: &str = "PaaSTA cannot read this file, and every tool that lists this service or its \
                       cluster fails on it";

fn refused(document: &Document, error: &Error) -> (&'static Rule, Finding) {
    let (rule, message, label, help) = words(error);
    let mut finding = Finding::new(document.place(error.span), message).label(label).why(REFUSED).help(help);
    let mut also = |span: Span, words: &str| {
        if span != error.span {
            finding = finding.clone().related(document.place(span), words);
        }
    };
    match &error.cause {
        Cause::UnclosedQuote { opened, .. } => also(*opened, "it is opened here"),
        Cause::UnclosedBracket { opened, .. } => also(*opened, "it is opened here"),
        Cause::Other | Cause::BadIndent => {
            if let Some((words, span)) = &error.context {
                also(*span, words);
            }
        }
        _ => {}
    }
    (rule, finding)
}

type Words = (&'static Rule, String, String, String);

/// Rule, message, label and help for a refused text.
fn words(error: &Error) -> Words {
    let syntax = |message: &str, label: &str, help: &str| {
        (&yaml::yaml_syntax::RULE, message.to_owned(), label.to_owned(), help.to_owned())
    };
    let other =
        |rule, message: String, label: &str, help: &str| (rule, message, label.to_owned(), help.to_owned());
    match &error.cause {
        Cause::TabIndent => {
            syntax("a tab cannot indent or separate in YAML", "this is a tab", "replace the tab by spaces")
        }
        Cause::ReservedCharacter(c) => syntax(
            &format!("an unquoted value cannot start with `{}`", printable(&c.to_string())),
            "put the value in quotes",
            "write it in single quotes: '...'",
        ),
        Cause::Template => other(
            &yaml::yaml_jinja_leftover::RULE,
            "a template was not filled in".to_owned(),
            "this should be a value",
            "write the value, or put the text in quotes if it is meant",
        ),
        Cause::UnclosedQuote { quote, .. } => syntax(
            &format!("this {} is never closed", quote_name(*quote)),
            "opened here",
            "close it with the same quote; in single quotes write a quote as '', in double quotes as \\\"",
        ),
        Cause::UnclosedBracket { bracket, .. } => syntax(
            &format!("this `{bracket}` is never closed, or a comma is missing after it"),
            "opened here",
            &format!(
                "close it with `{}`, and separate entries by commas",
                if *bracket == '[' { ']' } else { '}' }
            ),
        ),
        Cause::MissingBlankAfterColon => syntax(
            "there is no blank after the `:`",
            "a key needs `: ` after it",
            "write `key: value` with a blank after the colon",
        ),
        Cause::MissingBlankAfterDash => syntax(
            "there is no blank after the `-`",
            "an item of a list needs `- ` before it",
            "write `- item` with a blank after the dash",
        ),
        Cause::ColonInPlainValue => syntax(
            "an unquoted value cannot contain `: `",
            "this is read as a second key",
            "put the whole value in quotes",
        ),
        Cause::ConflictMarker => other(
            &yaml::yaml_conflict_marker::RULE,
            "an unfinished merge left its markers in the file".to_owned(),
            "conflict marker",
            "finish the merge: keep one side, and delete the lines with <<<<<<<, ======= and >>>>>>>",
        ),
        Cause::BadIndent => syntax(
            "the indentation of this line fits no line above",
            "here the structure breaks",
            "align it with the entries that it belongs to; entries of one mapping start in one column",
        ),
        Cause::SeveralDocuments => other(
            &yaml::yaml_multiple_documents::RULE,
            "the file holds more than one document".to_owned(),
            "a second document starts here",
            "keep one document: remove the `---` or move the rest to a file of its own",
        ),
        Cause::UnknownTag(tag) => other(
            &yaml::yaml_unknown_tag::RULE,
            format!("PaaSTA knows no tag `{}`", printable(tag)),
            "unknown tag",
            "remove the tag, or put the value in quotes if the `!` belongs to it",
        ),
        Cause::UndefinedAlias(name) => other(
            &yaml::yaml_undefined_alias::RULE,
            format!("there is no anchor `&{}` before this alias", printable(name)),
            "refers to nothing",
            "define the anchor above, or put the value in quotes if the `*` belongs to it",
        ),
        Cause::DuplicateAnchor(name) => other(
            &yaml::yaml_duplicate_anchor::RULE,
            format!("the anchor `&{}` is defined twice", printable(name)),
            "defined again",
            "give the second anchor another name",
        ),
        Cause::NonHashableKey => syntax(
            "a list or mapping cannot be a key",
            "this is read as a key",
            "put the key in quotes; a value that starts with `{` or `[` needs them, too",
        ),
        Cause::BadMerge => other(
            &yaml::yaml_merge_non_mapping::RULE,
            "`<<` merges mappings only".to_owned(),
            "this is no mapping",
            "give `<<` an alias of a mapping, or a list of such aliases",
        ),
        Cause::ValueTag | Cause::MergeTag | Cause::BadScalar => syntax(
            &format!("PaaSTA cannot read the unquoted value `{}`", shown(error)),
            "put it in quotes",
            "write it in quotes if the text itself is meant",
        ),
        Cause::NotUtf8 => other(
            &yaml::yaml_non_utf8::RULE,
            "the file is not UTF-8 text".to_owned(),
            "this byte is no UTF-8",
            "save the file as UTF-8",
        ),
        Cause::NonPrintable(c) => other(
            &yaml::yaml_non_utf8::RULE,
            format!("the file holds a character that YAML forbids (U+{:04X})", u32::from(*c)),
            "forbidden character",
            "delete the character; in double quotes it can be written as an escape",
        ),
        Cause::BadEscape(_) => syntax(
            "this is no escape that YAML knows",
            "in double quotes a backslash starts an escape",
            "write `\\\\` for a backslash, or use single quotes, in which it has no meaning",
        ),
        Cause::Limit => other(
            &yaml::yaml_limit::RULE,
            format!("the file exceeds a limit of soalint: {}", error.problem),
            "here",
            "make the file smaller or flatter; PaaSTA's tools may exhaust the memory of a host on it",
        ),
        Cause::Other => {
            let kind = match error.kind {
                ErrorKind::Reader => "text",
                _ => "YAML",
            };
            syntax(&format!("this is not valid {kind}: {}", printable(&error.problem)), "here", "")
        }
    }
}

fn shown(error: &Error) -> String {
    let text = error.span.of(&error.source.text());
    let short: String = text.chars().take(40).collect();
    printable(&short)
}

fn quote_name(quote: char) -> &'static str {
    if quote == '"' { "double quote" } else { "single quote" }
}

/// What is worth a finding though PyYAML accepts it.
fn noticed(document: &Document, notice: &Notice) -> Option<(&'static Rule, Finding)> {
    let at = |span: Span, message: String| Finding::new(document.place(span), message);
    Some(match notice {
        Notice::DuplicateKey { key, first, second } => {
            let key = printable(key);
            (
                &yaml::yaml_duplicate_key::RULE,
                at(*second, format!("the key `{key}` is there twice"))
                    .label("this one counts")
                    .related(document.place(*first), "this one is silently dropped")
                    .why("PaaSTA uses the last of them and says nothing: what the first one configures is lost")
                    .help("remove one, or rename it if both are meant"),
            )
        }
        Notice::RepeatedMergeKey { first, second } => (
            &yaml::yaml_repeated_merge_key::RULE,
            at(*second, "`<<` is there twice in one mapping".to_owned())
                .label("again")
                .related(document.place(*first), "first one")
                .why("readers of YAML disagree on which of them count")
                .help("merge a list: `<<: [*one, *two]`"),
        ),
        Notice::LoadersDisagree(notice) => (
            &yaml::yaml_loaders_disagree::RULE,
            at(notice.span, format!("YAML readers disagree on this: {}", notice.reason))
                .label("read differently by PaaSTA's two readers")
                .why("`paasta validate` and the deployment use different readers, of different age")
                .help("put the value in quotes or write it in another form"),
        ),
        Notice::UnusedAnchor { .. } => return None,
    })
}
