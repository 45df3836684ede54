//! Findings of the reader: what it refused, and what it accepted though nobody can have meant it.
//!
//! PyYAML's words ("mapping values are not allowed here") help only those who know its inside, so
//! each likely cause has its own.

mod deployments;
mod duplicates;
mod fixes;

use crate::diagnostic::{Finding, FixSafety, Place, Severity, Step};
use crate::findings::Findings;
use crate::model::kind::FileKind;
use crate::repo::{Content, Document, Service, Unread};
use crate::secret;
use crate::source::Span;
use crate::text::printable;
use crate::yaml::{Cause, Error, ErrorKind, LoaderNotice, Notice, Tree, Verdict};

use super::{Env, Rule, Sink, support, yaml};

pub(crate) use deployments::report as report_deployments;
use duplicates::Duplicates;

/// Reports what the reader has to say of `document`.
pub(crate) fn report(env: &Env, document: &Document, out: &mut Findings) {
    let (rule, finding) = match &document.content {
        // Nobody could have checked it either.
        Content::Unreadable(_) if !document.is_of_known_kind() => return,
        Content::Unreadable(reason) => {
            (&yaml::unreadable_file::RULE, unreadable(document.whole(), reason, false))
        }
        Content::Refused(error) => {
            if let Cause::OldLibyaml(notices) = &error.cause {
                for notice in notices {
                    let finding = disagreement(env, document, notice);
                    push(env, document, &yaml::yaml_loaders_disagree::RULE, finding, &[], out);
                }
                return;
            }
            refused(document, error)
        }
        Content::Parsed(tree) => {
            let shared = shared(tree);
            let duplicates = Duplicates::of(tree);
            for notice in tree.notices() {
                if let Some((rule, finding)) = noticed(document, notice, &duplicates) {
                    push(env, document, rule, finding, &shared, out);
                }
            }
            for finding in support::templates::left_over(document, tree, out.as_slice()) {
                push(env, document, &yaml::yaml_jinja_leftover::RULE, finding, &shared, out);
            }
            for finding in disagreements(env, document, tree) {
                push(env, document, &yaml::yaml_loaders_disagree::RULE, finding, &shared, out);
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
    let finding = unreadable(service.place(), reason, true).service(&service.name);
    Sink::new(env, &yaml::unreadable_file::RULE, out).report(finding);
}

fn unreadable(whole: Place, reason: &Unread, is_directory: bool) -> Finding {
    let what = if is_directory { "directory" } else { "file" };
    Finding::new(whole, format!("this {what} cannot be read: {reason}"))
        .why(reason.why(is_directory))
        .help(reason.help(is_directory))
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

/// The same where only its own reader refuses the file.
const REFUSED_BY_LIBYAML: &str = "PaaSTA reads files with libyaml 0.1.5: nothing in this one exists for \
                                  it, and every tool that lists this service or its cluster fails on it";

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
fn is_read(document: &Document) -> bool {
    let name = document.name();
    document.service().is_none()
        || document.kind.is_some()
        || document.validated_as().is_some()
        || ["lb.yaml", "data.yaml"].contains(&name)
        || ["marathon", "chronos", "adhoc", "paasta_native"].iter().any(|start| name.starts_with(start))
}

fn refused(document: &Document, error: &Error) -> (&'static Rule, Finding) {
    let (rule, message, label, help) = words(error);
    let mut finding = Finding::new(document.place(error.span), message).label(label).help(help);
    finding = if is_read(document) { finding.why(REFUSED) } else { unread(finding) };
    let mut also = |span: Span, words: &str| {
        if span != error.span {
            finding = finding.clone().related(document.place(span), words);
        }
    };
    match &error.cause {
        Cause::UnclosedQuote { opened, .. } | Cause::UnclosedBracket { opened, .. } => {
            also(*opened, "it is opened here");
        }
        Cause::Other | Cause::BadIndent => {
            if let Some((words, span)) = &error.context {
                also(*span, words);
            }
        }
        _ => {}
    }
    if document.kind == Some(FileKind::Chronos)
        && let Some(nickname) = fixes::nickname(error)
    {
        let finding = finding.label("an extension of cron, which Chronos does not know");
        let finding = match nickname.fields {
            Some(fields) => {
                let words = format!("write `{fields}`");
                finding.help(words.clone()).unsafe_fix(words, nickname.replaced_by(fields))
            }
            None => finding.help(super::jobs::FORMS),
        };
        return (rule, finding);
    }
    let finding = match fixes::refused(error) {
        Some((title, FixSafety::Safe, edits)) => finding.safe_fix(title, edits),
        Some((title, FixSafety::Unsafe, edits)) => finding.unsafe_fix(title, edits),
        None => finding,
    };
    (rule, finding)
}

/// Rule, message, label and help for a refused text.
type Words = (&'static Rule, String, String, String);

fn words(error: &Error) -> Words {
    let own =
        |rule, message: String, label: &str, help: &str| (rule, message, label.to_owned(), help.to_owned());
    match &error.cause {
        Cause::Template => own(
            &yaml::yaml_jinja_leftover::RULE,
            "a template was not filled in".to_owned(),
            "this should be a value",
            "write the value, or put the text in quotes if it is meant",
        ),
        Cause::ConflictMarker => own(
            &yaml::yaml_conflict_marker::RULE,
            "an unfinished merge left its markers in the file".to_owned(),
            "conflict marker",
            "finish the merge: keep one side, and delete the lines with <<<<<<<, ======= and >>>>>>>",
        ),
        Cause::SeveralDocuments => own(
            &yaml::yaml_multiple_documents::RULE,
            "the file holds more than one document".to_owned(),
            "a second document starts here",
            "keep one document: remove the `---` or move the rest to a file of its own",
        ),
        Cause::UnknownTag(tag) => own(
            &yaml::yaml_unknown_tag::RULE,
            if is_secret(error) {
                "PaaSTA does not know this tag".to_owned()
            } else {
                format!("PaaSTA knows no tag `{}`", written_tag(error, tag))
            },
            "unknown tag",
            "remove the tag, or put the value in quotes if the `!` belongs to it",
        ),
        Cause::UndefinedAlias(name) => own(
            &yaml::yaml_undefined_alias::RULE,
            if is_secret(error) {
                "there is no anchor before this alias that it could mean".to_owned()
            } else {
                format!("there is no anchor `&{}` before this alias", printable(name))
            },
            "refers to nothing",
            "define the anchor above, or put the value in quotes if the `*` belongs to it",
        ),
        Cause::DuplicateAnchor(name) => own(
            &yaml::yaml_duplicate_anchor::RULE,
            format!("the anchor `&{}` is defined twice", printable(name)),
            "defined again",
            "give the second anchor another name",
        ),
        Cause::BadMerge => own(
            &yaml::yaml_merge_non_mapping::RULE,
            "`<<` merges mappings only".to_owned(),
            "this is no mapping",
            "give `<<` an alias of a mapping, or a list of such aliases",
        ),
        Cause::OtherEncoding(encoding) => own(
            &yaml::yaml_non_utf8::RULE,
            format!("this file is {}, not UTF-8", encoding.name()),
            "not UTF-8",
            "save the file as UTF-8",
        ),
        Cause::NotUtf8 => own(
            &yaml::yaml_non_utf8::RULE,
            "the file is not UTF-8 text".to_owned(),
            "this byte is no UTF-8",
            "save the file as UTF-8",
        ),
        Cause::NonPrintable(c) => own(
            &yaml::yaml_non_utf8::RULE,
            format!("the file holds a character that YAML forbids (U+{:04X})", u32::from(*c)),
            "forbidden character",
            "delete the character; in double quotes it can be written as an escape",
        ),
        Cause::Limit => own(
            &yaml::yaml_limit::RULE,
            format!("the file exceeds a limit of soalint: {}", error.problem),
            "here",
            "make the file smaller or flatter; PaaSTA's tools may exhaust the memory of a host on it",
        ),
        _ => syntax_words(error),
    }
}

/// The same where the text is no YAML at all.
fn syntax_words(error: &Error) -> Words {
    let (message, label, help) = match &error.cause {
        Cause::TabIndent => (
            "a tab cannot indent or separate in YAML".to_owned(),
            "this is a tab",
            "replace the tab by spaces".to_owned(),
        ),
        Cause::ReservedCharacter(c) => (
            format!("an unquoted value cannot start with {}", code(*c)),
            "this value needs quotes",
            quoted_line(error),
        ),
        Cause::UnclosedQuote { quote, .. } => (
            format!("this {} is never closed", if *quote == '"' { "double quote" } else { "single quote" }),
            "opened here",
            "close it with the same quote; in single quotes write a quote as '', in double quotes as \\\""
                .to_owned(),
        ),
        Cause::UnclosedBracket { bracket, .. } => (
            format!("this `{bracket}` is never closed, or a comma is missing after it"),
            "opened here",
            format!(
                "close it with `{}`, and separate entries by commas",
                if *bracket == '[' { ']' } else { '}' }
            ),
        ),
        Cause::MissingBlankAfterColon => (
            "there is no blank after the `:`".to_owned(),
            "a key needs `: ` after it",
            "write `key: value` with a blank after the colon".to_owned(),
        ),
        Cause::MissingBlankAfterDash => (
            "there is no blank after the `-`".to_owned(),
            "an item of a list needs `- ` before it",
            "write `- item` with a blank after the dash".to_owned(),
        ),
        Cause::MissingColon => (
            "this line is no `key: value` and no item of a list".to_owned(),
            "a key needs `: ` after it",
            "write `key: value`, or indent the line further if it continues the value above".to_owned(),
        ),
        Cause::DashInValue => (
            "an item of a list cannot start here".to_owned(),
            "this is read as the start of an item",
            "put the list on the lines below the key, or the value in quotes".to_owned(),
        ),
        Cause::TextAfterQuote(quote) => (
            format!(
                "text follows the closing {}",
                if *quote == '"' { "double quote" } else { "single quote" }
            ),
            "the quoted value ends here",
            "put the whole value in quotes; in single quotes write a quote as '', in double quotes as \\\""
                .to_owned(),
        ),
        Cause::ColonInPlainValue => (
            "an unquoted value cannot contain `: `".to_owned(),
            "this is read as a second key",
            "put the whole value in quotes".to_owned(),
        ),
        Cause::BadIndent => (
            "the indentation of this line fits no line above".to_owned(),
            "here the structure breaks",
            "align it with the entries that it belongs to; entries of one mapping start in one column"
                .to_owned(),
        ),
        Cause::NonHashableKey => (
            "a list or mapping cannot be a key".to_owned(),
            "this is read as a key",
            "put the key in quotes; a value that starts with `{` or `[` needs them, too".to_owned(),
        ),
        Cause::BadEscape(_) => (
            "this is no escape that YAML knows".to_owned(),
            "in double quotes a backslash starts an escape",
            "write `\\\\` for a backslash, or use single quotes, in which it has no meaning".to_owned(),
        ),
        Cause::ValueTag | Cause::MergeTag | Cause::BadScalar => (
            format!("PaaSTA cannot read {}", shown(error)),
            "put it in quotes",
            "write it in quotes if the text itself is meant".to_owned(),
        ),
        _ => {
            let kind = if error.kind == ErrorKind::Reader { "text" } else { "YAML" };
            (format!("this is not valid {kind}: {}", printable(&error.problem)), "here", String::new())
        }
    };
    (&yaml::yaml_syntax::RULE, message, label.to_owned(), help)
}

/// Whether what the reader refused looks like a part of a secret.
fn is_secret(error: &Error) -> bool {
    error.source.hidden().meets(error.span)
}

/// A tag as the file has it, rather than resolved.
fn written_tag(error: &Error, tag: &str) -> String {
    let text = error.source.text().get(error.span.start as usize..).unwrap_or("");
    let written = text.split([' ', '\n', '\r', '\t', ',', '}', ']']).next().unwrap_or("");
    printable(if written.starts_with('!') { written } else { tag })
}

/// A character between backticks, unless it is one.
fn code(c: char) -> String {
    if c == '`' { "a backtick".to_owned() } else { format!("`{}`", printable(&c.to_string())) }
}

/// Advice that shows the rest of the line in quotes.
fn quoted_line(error: &Error) -> String {
    let text = error.source.text();
    let rest = text.get(error.span.start as usize..).and_then(|rest| rest.lines().next()).unwrap_or("");
    let value = rest.split(" #").next().unwrap_or("").trim();
    let line = error.source.line_span(error.source.line_of(error.span.start));
    if value.is_empty()
        || error.source.hidden().meets(line)
        || value.chars().count() > 60
        || value.contains('\'')
    {
        return "put the whole value in quotes".to_owned();
    }
    format!("write it in quotes: '{}'", printable(value))
}

/// The value at the place of the error, if it may be shown.
fn shown(error: &Error) -> String {
    /// Characters of it.
    const LONGEST: usize = 40;
    if is_secret(error) {
        return "this unquoted value".to_owned();
    }
    let text = secret::excerpt(error.span.of(error.source.text()), LONGEST);
    format!("the unquoted value `{}`", printable(&text))
}

/// What is worth a finding though PyYAML accepts it.
fn noticed(
    document: &Document,
    notice: &Notice,
    duplicates: &Duplicates<'_>,
) -> Option<(&'static Rule, Finding)> {
    let at = |span: Span, message: String| Finding::new(document.place(span), message);
    Some(match notice {
        Notice::DuplicateKey { key, first, second } => {
            let key = printable(key);
            let repair = duplicates.repair(*first, *second);
            let finding = at(*second, format!("the key `{key}` is there twice"))
                .label("this one counts")
                .related(document.place(*first), "this one is silently dropped")
                .why("PaaSTA uses the last of them and says nothing: what the first one configures is lost")
                .help(*repair.as_ref().err().unwrap_or(&"remove one, or rename it if both are meant"));
            let finding = match repair {
                Ok((title, FixSafety::Safe, edits)) => finding.safe_fix(title, edits),
                Ok((title, FixSafety::Unsafe, edits)) => finding.unsafe_fix(title, edits),
                Err(_) => finding,
            };
            (&yaml::yaml_duplicate_key::RULE, finding)
        }
        Notice::RepeatedMergeKey { first, second } => (
            &yaml::yaml_repeated_merge_key::RULE,
            at(*second, "`<<` is there twice in one mapping".to_owned())
                .label("again")
                .related(document.place(*first), "first one")
                .why("readers of YAML disagree on which of them count")
                .help("merge a list: `<<: [*two, *one]`, in which the first one wins")
                .safe_fix(
                    "merge a list",
                    document.tree().and_then(|tree| fixes::repeated_merge(tree, *first, *second)),
                ),
        ),
        Notice::UnusedAnchor { name, span } => (
            &yaml::yaml_unused_anchor::RULE,
            at(*span, format!("nothing refers to the anchor `&{}`", printable(name)))
                .label("no alias of it")
                .why("it promises that the value is used elsewhere, too")
                .help("remove it, or write the alias that was forgotten"),
        ),
        Notice::LoadersDisagree(_) => return None,
    })
}

/// Values that the readers around PaaSTA read differently, each once.
fn disagreements(env: &Env, document: &Document, tree: &Tree) -> Vec<Finding> {
    let found = tree.disagreements().into_iter();
    // Such characters are what today's readers are for.
    let counts = |notice: &LoaderNotice| !(env.dialect.literal_astral_characters && is_astral(notice));
    found.filter(counts).map(|notice| disagreement(env, document, &notice)).collect()
}

/// Whether only `paasta validate` has trouble.
fn is_astral(notice: &LoaderNotice) -> bool {
    notice.pyyaml_3_11 == Verdict::Refuses && notice.libyaml_0_1_5 == Verdict::Same
}

/// What there is to say of a value on which readers disagree.
fn disagreement(env: &Env, document: &Document, notice: &LoaderNotice) -> Finding {
    let reason = notice.reason;
    let place = document.place(notice.span);
    if notice.libyaml_0_1_5 == Verdict::Refuses {
        let finding = Finding::new(place, format!("PaaSTA's C loader refuses this file: {reason}"))
            .label("libyaml 0.1.5 stops here")
            .help(notice.help);
        if !is_read(document) {
            return unread(finding);
        }
        return finding.why(if env.dialect.old_libyaml {
            REFUSED_BY_LIBYAML
        } else if notice.libyaml_0_2_5 == Verdict::Refuses {
            "so do the C loaders of today: a program that reads with one has nothing of this file"
        } else {
            "today's PyYAML accepts it; paasta-tools 0.66.6 reads with libyaml 0.1.5, for which nothing \
             of this file exists"
        });
    }
    let finding = Finding::new(place, format!("YAML readers disagree on this value: {reason}"))
        .why("`paasta validate` and the deployment use different readers, of different age")
        .help(notice.help);
    if !is_astral(notice) {
        return finding.label("not every reader makes the same of this").severity(Severity::Warning);
    }
    let finding = finding.label("the loader of `paasta validate` crashes here");
    // `paasta validate`, whose reader is the old one, opens only files of instances.
    let is_validated = document.has_instances() || document.validated_as().is_some();
    if is_validated { finding } else { finding.severity(Severity::Warning) }
}

/// A finding about a file that no tool of PaaSTA 0.66 reads. Later versions may.
fn unread(finding: Finding) -> Finding {
    finding
        .why("whatever reads this file fails on it; PaaSTA 0.66 does not read it")
        .severity(Severity::Warning)
}
