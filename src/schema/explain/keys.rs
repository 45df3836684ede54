//! Words for problems with keys: unknown, misplaced, missing, misnamed.

use super::super::check::{Problem, Step, What, fits_key};
use super::super::{suggest, words};
use super::{Explainer, advice, name_of, path_ids, place_words};
use crate::diagnostic::{Edit, Finding, Severity};
use crate::model::keys::entry_record;
use crate::model::kind::FileKind;
use crate::model::table::{Form, Key, Record, Unknown, WordList};
use crate::model::types::{INSTANCE_NAME, JOB_KEY, NAMESPACE_NAME};
use crate::rules::{Rule, schema as rules};
use crate::suggest::nearest;
use crate::yaml::{Entry, Style, Value, edit};

type Words = (&'static Rule, Finding);

impl Explainer<'_> {
    pub(super) fn about_keys(&mut self, problem: &Problem<'_>) -> Words {
        let value = problem.value;
        match problem.what {
            What::UnknownKey(record) => self.unknown_key(problem, record),
            What::RefusedKey(key) => self.refused_key(value, key),
            What::CompatKey(key) => self.compat_key(value, key),
            What::MissingKey(_, key) => self.missing_key(problem, key),
            What::Name(form) => self.name(problem, form),
            What::NameStyle => self.name_style(value),
            What::NameWord(list) => self.name_word(problem, list),
            What::NonStringKey => self.non_string_key(problem),
            _ => self.together(problem),
        }
    }

    fn unknown_key(&mut self, problem: &Problem<'_>, record: &'static Record) -> Words {
        let key = problem.value;
        let name = key.as_str().unwrap_or_default();
        let shown = words::excerpt(name);
        let is_entry = entry_record(self.kind).is_some_and(|entry| std::ptr::eq(entry, record));
        let dialect = self.dialect;
        let value = problem.holder.and_then(|holder| entry_of(holder, key)).map(|entry| entry.value);
        let is_path = value.is_some_and(|value| value.text().starts_with('/'));
        let accepted = |key: &Key| (key.accepted)(dialect);
        let near = self.suggestions.of((std::ptr::from_ref(record).addr(), name, is_path), || {
            suggest::in_record(name, is_path, record, accepted)
        });
        let what = holder_words(problem, record, is_entry, self.kind);
        if let Some(near) = near {
            let holder = problem.path.split_last().map_or(&[][..], |(_, holder)| holder);
            let place = (path_ids(holder), near);
            // An unknown key may be harmless; the key that is missing for it is not.
            let is_cause = problem.mild && self.missing.contains(&place);
            if is_cause || !problem.mild {
                self.typos.insert(place);
            }
            let (rule, finding) = self.misspelt_key(problem, record, near, &what, is_entry);
            if !is_cause {
                return (rule, finding);
            }
            let finding = finding.why(self.refusal(problem)).severity(Severity::Error);
            return (self.context_rule(problem).unwrap_or(rule), finding);
        }
        if !is_entry && entry_record(self.kind).is_some_and(|entry| entry.key(name).is_some()) {
            let holder = place_words(&parent(problem), self.kind);
            let noun = self.kind.entry_noun();
            let finding = self
                .at(key.span(), format!("`{shown}` stands inside {holder}, where it means nothing"))
                .label(format!("a key of the {noun} itself"))
                .why(unknown_why(record))
                .help(format!("indent it less, so that it becomes a key of the {noun}"));
            return (&rules::key_at_wrong_level::RULE, finding);
        }
        let kind = self.kind;
        if is_entry
            && let Some(holder) = self.suggestions.of((0, name, false), || suggest::holder(name, kind))
        {
            let finding = self
                .at(key.span(), format!("`{shown}` is no key of {what}, but of `{holder}` in it"))
                .label(format!("belongs in `{holder}`"))
                .why(unknown_why(record))
                .help(format!("put it under `{holder}:`, indented"));
            return (&rules::key_at_wrong_level::RULE, finding);
        }
        if is_entry && let Some(finding) = self.wrong_kind(key, name, record) {
            return (&rules::key_wrong_kind::RULE, finding);
        }
        let help = suggest::elsewhere(name).map_or_else(|| self.known_keys(record, is_entry), str::to_owned);
        let finding = self
            .at(key.span(), format!("`{shown}` is no key of {what}"))
            .label("unknown key")
            .why(unknown_why(record))
            .help(help);
        // The pipeline is run by the site's own Jenkins jobs, which may know more keys than PaaSTA.
        let finding = if kind == FileKind::Deploy { finding.severity(Severity::Info) } else { finding };
        (unknown_rule(is_entry), finding)
    }

    fn misspelt_key(
        &self,
        problem: &Problem<'_>,
        record: &Record,
        near: &'static str,
        what: &str,
        is_entry: bool,
    ) -> Words {
        let key = problem.value;
        let shown = words::excerpt(key.text());
        let finding = self.at(key.span(), format!("`{shown}` is no key of {what}")).why(unknown_why(record));
        let place = problem.holder.and_then(|holder| Some((holder, entry_of(holder, key)?)));
        if let Some((holder, entry)) = place
            && let Some(set) = own_entry(holder, near)
        {
            return (unknown_rule(is_entry), self.is_set_already(finding, near, holder, entry, set));
        }
        let mut finding = finding.label(format!("did you mean `{near}`?")).help(format!("write `{near}`"));
        // A key deeper inside may not be the one of the same name that a rule misses.
        if is_entry || entry_record(self.kind).is_none_or(|entry| entry.key(near).is_none()) {
            finding = finding.meant(near);
        }
        let meant = record.key(near).zip(place);
        if let Some((meant, (_, entry))) = meant
            && !fits_key(self.kind, self.dialect.name, meant, entry.value)
        {
            let help = match advice::in_unit_of(meant, entry.value) {
                Some(number) => format!("write `{near}: {number}`"),
                None => match words::form_of(&meant.shape) {
                    Some(form) => format!("write `{near}: {form}`"),
                    None => {
                        format!("write `{near}`, which takes {}", meant.type_words(self.dialect, self.kind))
                    }
                },
            };
            return (unknown_rule(is_entry), finding.help(help));
        }
        let edits = renamed(problem, near);
        let title = format!("write `{near}`");
        // One slip of the finger in a file that is refused as it is.
        let is_refused = is_entry && !problem.mild && self.kind.has_instances();
        let is_certain = is_refused && suggest::is_only_slip(key.text(), near, record);
        finding = if is_certain { finding.safe_fix(title, edits) } else { finding.unsafe_fix(title, edits) };
        (unknown_rule(is_entry), finding)
    }

    /// A key that was meant is there already: renaming this one would make a second of it.
    fn is_set_already(
        &self,
        finding: Finding,
        near: &str,
        holder: Value<'_>,
        entry: Entry<'_>,
        set: Entry<'_>,
    ) -> Finding {
        let place = self.document.place(set.key.span());
        let line = place.source.as_ref().map(|source| source.position(set.key.span().start).line);
        let at = line.map_or_else(String::new, |line| format!(" on line {line}"));
        finding
            .label(format!("did you mean `{near}`, which is there, too?"))
            .related(place, format!("`{near}` is set here"))
            .help(format!("`{near}` is set already{at}: delete the one that is not meant"))
            .unsafe_fix("delete this one", edit::remove_entry(holder, entry))
    }

    fn wrong_kind(&self, key: Value<'_>, name: &str, record: &Record) -> Option<Finding> {
        let kinds = suggest::other_kinds(name, self.kind);
        let first = kinds.first()?;
        let files: Vec<String> = kinds.iter().map(|kind| format!("`{}`", kind.file_pattern())).collect();
        let name = words::excerpt(name);
        Some(
            self.at(
                key.span(),
                format!("`{name}` is a key of {}, not of {}", files.join(" and "), record.what),
            )
            .label(format!("belongs in {}", first.file_pattern()))
            .why(unknown_why(record))
            .help(format!("move it to `{}`, or delete it here", first.file_pattern())),
        )
    }

    /// All keys where they are few, else where to find them.
    fn known_keys(&self, record: &Record, is_entry: bool) -> String {
        let keys: Vec<String> = record
            .keys()
            .filter(|key| (key.accepted)(self.dialect) && key.deprecated.is_none())
            .map(|key| format!("`{}`", key.name))
            .collect();
        match (keys.len(), is_entry) {
            (0..=12, _) => format!("known keys: {}", keys.join(", ")),
            _ => format!("`soalint schema {}` lists the keys", self.kind.name()),
        }
    }

    fn refused_key(&self, name: Value<'_>, key: &Key) -> Words {
        let finding = self
            .at(name.span(), format!("paasta-tools 0.66 refuses `{}`", key.name))
            .label("refused")
            .why(key.refusal)
            .help("delete it");
        (&rules::unknown_key::RULE, finding)
    }

    fn compat_key(&self, name: Value<'_>, key: &Key) -> Words {
        let finding = self
            .at(name.span(), format!("paasta-tools 0.66 refuses `{}`", key.name))
            .label("fine by the documentation")
            .why(key.refusal)
            .help("delete it if PaaSTA 0.66 or older reads this file")
            .identity(key.name);
        (&rules::key_refused_by_paasta::RULE, finding)
    }

    fn missing_key(&self, problem: &Problem<'_>, key: &Key) -> Words {
        let holder = place_words(problem, self.kind);
        let message = format!("{holder} has no `{}`", key.name);
        let why = if problem.mild { "the documentation demands it" } else { self.refusal(problem) };
        let span = name_of(problem).map_or_else(|| problem.value.span(), Value::span);
        let doc = key.markdown();
        let paragraph = doc.split("\n\n").next().unwrap_or_default().replace('\n', " ");
        let meaning = paragraph.split(". ").next().unwrap_or_default().trim_end_matches('.');
        let finding = self
            .at(span, message)
            .label(format!("`{}` is missing", key.name))
            .why(why)
            .help(format!("add `{}: {}` ({})", key.name, advice::example(key), lower_first(meaning)))
            .identity(key.name);
        let finding = if problem.path.is_empty() { finding.absent(&[key.name]) } else { finding };
        (&rules::missing_key::RULE, finding)
    }

    fn name(&self, problem: &Problem<'_>, form: &Form) -> Words {
        let name = problem.value;
        let text = name.text();
        let shown = words::excerpt(text);
        let broken = broken_rule(text, self.kind);
        let mut finding = self
            .at(name.span(), match text {
                "" => format!("an empty text cannot be {}", form.what),
                _ => format!("`{shown}` cannot be {}", form.what),
            })
            .label(broken)
            .why(match self.kind {
                FileKind::Marathon => "it becomes part of the application's id, and Marathon takes nothing else; `paasta validate` refuses the file",
                FileKind::Chronos => "PaaSTA splits names at dots and blanks and builds task ids of them, so the job can never run",
                FileKind::Smartstack => "registrations are split at dots, and HAProxy takes no other characters in a name",
                _ => self.refusal(problem),
            });
        let better = repaired(text, self.kind);
        finding = match better.filter(|better| (form.test)(better)) {
            Some(better) => finding
                .help(format!("{} is {}: `{better}`", form.what, form.rule))
                .unsafe_fix(format!("write `{better}`"), renamed(problem, &better)),
            None => finding.help(format!("{} is {}", form.what, form.rule)),
        };
        let rule = match self.kind {
            FileKind::Smartstack => &rules::namespace_name::RULE,
            _ => &rules::instance_name_pattern::RULE,
        };
        (rule, finding)
    }

    fn name_style(&self, name: Value<'_>) -> Words {
        let shown = words::excerpt(name.text());
        let noun = self.kind.entry_noun();
        let finding = self
            .at(name.span(), format!("`{shown}` is an odd {noun} name"))
            .label("other characters than letters, digits, `_` and `-`")
            .why("PaaSTA accepts it, but alerts, parents and tags cannot name it")
            .help("use letters, digits, `_` and `-` only");
        (&rules::instance_name_style::RULE, finding)
    }

    fn name_word(&mut self, problem: &Problem<'_>, list: &'static WordList) -> Words {
        let name = problem.value;
        let text = name.text();
        let shown = words::excerpt(text);
        let aliases = [("open_files", "nofile"), ("files", "nofile"), ("as", "data"), ("processes", "nproc")];
        let synonym = aliases.iter().find(|(word, _)| *word == text).map(|(_, name)| *name);
        let near = self.suggestions.of((std::ptr::from_ref(list).addr(), text, false), || {
            synonym.or_else(|| nearest(text, list.words.iter().map(|word| word.text)))
        });
        let names: Vec<String> = list.words.iter().map(|word| format!("`{}`", word.text)).collect();
        let finding = self
            .at(name.span(), format!("`{shown}` is not {}", list.what))
            .label(near.map_or_else(|| "unknown name".to_owned(), |near| format!("did you mean `{near}`?")))
            .why("Docker refuses to start the container")
            .help(format!("one of {}", names.join(", ")));
        let finding = match near {
            Some(near) => finding.unsafe_fix(format!("write `{near}`"), renamed(problem, near)),
            None => finding,
        };
        (&rules::unknown_nested_key::RULE, finding)
    }

    fn non_string_key(&self, problem: &Problem<'_>) -> Words {
        let key = problem.value;
        let raw = words::excerpt(key.raw());
        let reason = words::Surprise::of(key).map_or_else(
            || format!("YAML reads `{raw}` as {}", words::noun(key)),
            |surprise| surprise.clause(key),
        );
        let mut finding = self
            .at(key.span(), format!("the key `{raw}` is no string"))
            .label(format!("{}, where a name is expected", words::noun(key)))
            .why(format!("{reason}; tools that look for the name do not find it, or fail"))
            .help("put it in quotes");
        let is_plain = key.style() == Style::Plain && !key.text().is_empty() && !key.is_null();
        if is_plain && self.takes_name(problem) {
            finding = finding.safe_fix("put the key in quotes", edit::quote(key));
        }
        (&rules::yaml_non_string_key::RULE, finding)
    }

    /// Whether the text of a key would do as a name there.
    fn takes_name(&self, problem: &Problem<'_>) -> bool {
        let is_entry = problem.path.len() == 1;
        match self.kind {
            FileKind::Marathon if is_entry => (INSTANCE_NAME.test)(problem.value.text()),
            FileKind::Chronos if is_entry => (JOB_KEY.test)(problem.value.text()),
            FileKind::Smartstack if is_entry => (NAMESPACE_NAME.test)(problem.value.text()),
            _ => true,
        }
    }

    fn together(&self, problem: &Problem<'_>) -> Words {
        let value = problem.value;
        let span = value.span();
        match problem.what {
            What::HealthcheckCmdMissing => (
                &rules::missing_key::RULE,
                self.at(span, "`healthcheck_mode: cmd` without a `healthcheck_cmd`")
                    .label("which command?")
                    .why("`paasta validate` of 0.66 refuses the file, though service.yaml has the command")
                    .help("repeat the command beside the mode"),
            ),
            What::HealthcheckModeMissing => (
                &rules::healthcheck_cmd_without_mode::RULE,
                self.at(span, "`healthcheck_cmd` without a `healthcheck_mode`")
                    .label("nothing says that it is to be used")
                    .why("the schema of paasta-tools 0.66 refuses the command without a mode")
                    .help("add `healthcheck_mode: cmd`, or delete the command"),
            ),
            What::DrainParamsMissing => (
                &rules::drain_http_params::RULE,
                self.at(span, "`drain_method: http` without `drain_method_params`")
                    .label("which requests?")
                    .why("PaaSTA cannot drain without them, so every bounce fails")
                    .help("add `drain_method_params` with `drain`, `stop_draining`, `is_draining` and `is_safe_to_kill`"),
            ),
            _ => (
                &rules::drain_params_without_method::RULE,
                self.at(span, "the requests of drain method http without a `drain_method`")
                    .label("for which method?")
                    .why("the schema of paasta-tools 0.66 refuses them without `drain_method`")
                    .help("add `drain_method: http`"),
            ),
        }
    }
}

/// What a key is none of: "a Marathon instance", "`security`", "a volume".
fn holder_words(problem: &Problem<'_>, record: &Record, is_entry: bool, kind: FileKind) -> String {
    let in_list = matches!(problem.path.iter().rev().nth(1), Some(Step::Index(_)));
    if is_entry || in_list || problem.path.len() < 2 {
        return record.what.split(':').next().unwrap_or(record.what).to_owned();
    }
    place_words(&parent(problem), kind)
}

/// The edits that give the key of a problem another name.
fn renamed(problem: &Problem<'_>, name: &str) -> Option<Vec<Edit>> {
    let holder = problem.holder?;
    edit::rename_key(holder, entry_of(holder, problem.value)?, name)
}

/// The entry of a mapping that has this key, which is text.
pub(super) fn entry_of<'a>(mapping: Value<'a>, key: Value<'a>) -> Option<Entry<'a>> {
    mapping.entry(key.as_str()?).filter(|entry| entry.key.id() == key.id())
}

/// The entry of a mapping with this key that is written in it, rather than merged into it.
fn own_entry<'a>(mapping: Value<'a>, name: &str) -> Option<Entry<'a>> {
    mapping.own_entries().find(|entry| !entry.is_merge_key() && entry.key.as_str() == Some(name))
}

/// The problem seen from the mapping that holds the key.
fn parent<'a>(problem: &Problem<'a>) -> Problem<'a> {
    let mut parent = problem.clone();
    parent.path.pop();
    while matches!(parent.path.last(), Some(Step::Index(_))) {
        parent.path.pop();
    }
    parent
}

fn unknown_rule(is_entry: bool) -> &'static Rule {
    if is_entry { &rules::unknown_key::RULE } else { &rules::unknown_nested_key::RULE }
}

fn unknown_why(record: &Record) -> &'static str {
    match record.unknown {
        Unknown::Refused(why) | Unknown::Ignored(why) => why,
        Unknown::Free => "",
    }
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        // An acronym stays.
        (Some(_), Some(second)) if second.is_uppercase() => text.to_owned(),
        (Some(first), _) => first.to_lowercase().chain(text.chars().skip(1)).collect(),
        _ => String::new(),
    }
}

/// Which part of the rule for names a name breaks.
fn broken_rule(text: &str, kind: FileKind) -> &'static str {
    let lower_only = kind == FileKind::Marathon;
    if text.is_empty() {
        "an empty name"
    } else if text.contains(char::is_whitespace) {
        "a blank in it"
    } else if text.contains('.') {
        "a dot in it"
    } else if lower_only && text.chars().any(|c| c.is_ascii_uppercase()) {
        "upper-case letters"
    } else if lower_only && text.starts_with(['_', '-']) {
        "it starts with `_` or `-`"
    } else if lower_only && text.ends_with(['_', '-']) {
        "it ends with `_` or `-`"
    } else if text.contains('/') {
        "a slash in it"
    } else {
        "characters that are not allowed"
    }
}

/// A name near `text` that may be allowed.
fn repaired(text: &str, kind: FileKind) -> Option<String> {
    if text.len() > 80 {
        return None;
    }
    let cased = if kind == FileKind::Marathon { text.to_ascii_lowercase() } else { text.to_owned() };
    let separated = cased.replace(|c: char| matches!(c, '.' | '/') || c.is_whitespace(), "_");
    let trimmed = separated.trim_matches(['_', '-']);
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}
