//! Problems of shape in words: what is wrong, why YAML or PaaSTA sees it so, what was meant.

pub(crate) mod advice;
pub(crate) mod defaults;
mod keys;
mod values;

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::check::{Claim, ShapeError, Step, What, visit};
use super::validate;
use crate::diagnostic::{self, Severity};
use crate::dialect::{Dialect, DialectName};
use crate::findings::Findings;
use crate::model::kind::FileKind;
use crate::model::table::Shape;
use crate::repo::{Document, Service};
use crate::rules::{Env, RULES, Rule, Sink, schema as rules, worded};
use crate::source::Span;
use crate::yaml::{Kind, Tree};

pub(crate) use super::check::Problem;
pub(crate) use super::words;
pub(crate) use crate::diagnostic::Finding;
pub(crate) use keys::{entry_of, renamed, unknown_why};
pub(crate) use values::{takes_text, wants_text};

/// Words that are compared with known ones in a file: comparing is not free, and what nothing is near to the
/// first thousand is near to is no slip.
const SUGGESTIONS: usize = 1_000;

/// What was probably meant, found once for equal words.
#[derive(Default)]
pub(crate) struct Suggestions {
    /// By the address of what knows the word that is wanted, the word, and whether its value looks like a path.
    found: HashMap<(usize, String, bool), Option<&'static str>>,
}

impl Suggestions {
    /// What `find` finds for a word; `None` where too many were asked for before.
    pub(crate) fn of(
        &mut self,
        (knows, word, is_path): (usize, &str, bool),
        find: impl FnOnce() -> Option<&'static str>,
    ) -> Option<&'static str> {
        // Nothing is near to such a word.
        if word.len() > 100 {
            return None;
        }
        let key = (knows, word.to_owned(), is_path);
        if let Some(known) = self.found.get(&key) {
            return *known;
        }
        if self.found.len() >= SUGGESTIONS {
            return None;
        }
        let found = find();
        self.found.insert(key, found);
        found
    }
}

/// Places named that use the same anchor, beside the first.
const SITES: usize = 3;

/// Reports what is wrong with the shape of `document`. `compat` holds what was said of the service once and for all.
pub(crate) fn report(
    env: &Env,
    service: &Service,
    document: &Document,
    compat: &mut HashSet<String>,
    out: &mut Findings,
) {
    // `paasta validate` also looks at templates and misnamed files, which nothing else reads.
    let validated = || document.validated_as().filter(|_| env.dialect.name == DialectName::Paasta066);
    let Some(kind) = document.kind.or_else(validated) else { return };
    let Some(tree) = document.tree() else { return };
    // A file can have more problems than fit into memory: they are looked at one by one, twice.
    let (mut is_any, mut is_valid, mut missing) = (false, true, HashSet::new());
    visit(kind, env.dialect.name, tree.root(), &mut |problem| {
        is_any = true;
        is_valid &= problem.mild;
        if let What::MissingKey(_, key) = problem.what
            && !problem.mild
        {
            missing.insert((path_ids(&problem.path), key.name));
        }
    });
    if !is_any {
        return;
    }
    // The published schema is the judge: nothing that it accepts is called an error.
    let is_cleared = !is_valid && validate::is_valid(kind, env.dialect.name, tree) == Some(true);
    if is_cleared {
        missing.clear();
    }
    let mut explainer = ShapeCx::new(kind, env.dialect, document, missing);
    let mut merged = Merged::of(tree);
    visit(kind, env.dialect.name, tree.root(), &mut |problem| {
        if is_cleared && !problem.mild {
            return;
        }
        let nothing;
        let problem = if is_nothing(kind, problem) {
            nothing = Problem { what: What::Empty("file"), mild: true, ..problem.clone() };
            &nothing
        } else {
            problem
        };
        if is_spoken_for(&ShapeError { service, dialect: env.dialect, kind, problem })
            || explainer.follows_from_typo(problem)
        {
            return;
        }
        let Some((rule, mut finding)) = explainer.explain(problem) else { return };
        finding.subject = subject(service, document, kind, problem);
        // Once per service is enough for what is right here and was refused there.
        let is_compat = rule.name == rules::key_refused_by_paasta::RULE.name;
        if !is_compat || compat.insert(finding.identity.clone()) {
            merged.add(env, document, rule, problem, finding, out);
        }
    });
}

/// Whether all that a file holds is what Python takes for false: every reader of a file without
/// instances takes it for an empty mapping (`service_configuration_lib:_read_yaml_file`).
fn is_nothing(kind: FileKind, problem: &Problem<'_>) -> bool {
    let value = problem.value;
    !kind.has_instances()
        && problem.path.is_empty()
        && problem.is_type()
        && match value.kind() {
            Kind::Bool => value.as_bool() == Some(false),
            Kind::Int | Kind::Float => value.as_number() == Some(0.0),
            Kind::Str => value.text().is_empty(),
            Kind::Seq | Kind::Set => value.is_empty(),
            _ => false,
        }
}

/// Whether a rule says itself what is wrong there.
fn is_spoken_for(error: &ShapeError<'_>) -> bool {
    static CLAIMS: LazyLock<Vec<Claim>> =
        LazyLock::new(|| RULES.iter().filter_map(|rule| rule.speaks_for).collect());
    CLAIMS.iter().any(|claims| claims(error))
}

/// Makes findings at the same characters, reached through different aliases, one.
struct Merged {
    /// By rule, place and words, where the finding is and how often it was met; `None` where nothing is met twice.
    places: Option<HashMap<Place, (Option<usize>, usize)>>,
}

/// A rule, the characters, and a hash of the words.
type Place = (&'static str, Span, u64);

impl Merged {
    fn of(tree: &Tree) -> Self {
        let has_aliases = tree.anchors().iter().any(|anchor| anchor.uses > 0);
        Self { places: has_aliases.then(HashMap::new) }
    }

    fn add(
        &mut self,
        env: &Env,
        document: &Document,
        rule: &'static Rule,
        problem: &Problem<'_>,
        finding: Finding,
        out: &mut Findings,
    ) {
        let Some(places) = &mut self.places else { return Sink::new(env, rule, out).report(finding) };
        let span = finding.place.span.unwrap_or_default();
        let site = problem.value.is_alias().then(|| problem.value.site());
        let words = diagnostic::hash(&finding.message);
        let (index, uses) = match places.entry((rule.name, span, words)) {
            Entry::Vacant(place) => *place.insert((Sink::new(env, rule, out).place(finding), 1)),
            Entry::Occupied(mut place) => {
                let (index, uses) = place.get_mut();
                *uses += 1;
                if let Some(first) = index.and_then(|index| out.get_mut(index)) {
                    first.finding.absorb(&finding);
                }
                (*index, *uses)
            }
        };
        if let (Some(site), Some(first)) = (site, index.and_then(|index| out.get_mut(index)))
            && uses <= SITES
            && !first.is_rest()
        {
            first.finding.related.push(diagnostic::Related {
                place: document.place(site),
                message: "it gets here through this alias".to_owned(),
            });
        }
    }
}

/// A path as findings have it.
fn steps(path: &[Step<'_>]) -> Vec<diagnostic::Step> {
    let step = |step: &Step<'_>| match step {
        Step::Key(key) => diagnostic::Step::Key(key.repr().into_owned()),
        Step::Index(index) => diagnostic::Step::Index(*index),
    };
    path.iter().map(step).collect()
}

fn subject(
    service: &Service,
    document: &Document,
    kind: FileKind,
    problem: &Problem<'_>,
) -> diagnostic::Subject {
    let has_entries = kind.has_instances() || kind == FileKind::Smartstack;
    let name = problem.path.first().filter(|_| has_entries);
    diagnostic::Subject {
        service: Some(service.name.clone()),
        instance: name
            .and_then(|step| if let Step::Key(key) = step { Some(key.repr().into_owned()) } else { None }),
        cluster: document.cluster.clone(),
        path: steps(&problem.path),
        is_inherited: false,
    }
}

/// A rule, and what it says.
type Words = (&'static Rule, Finding);

/// The file whose problems are put into words.
pub(crate) struct ShapeCx<'d> {
    pub(crate) kind: FileKind,
    pub(crate) dialect: &'static Dialect,
    pub(crate) document: &'d Document,
    pub(crate) suggestions: Suggestions,
    /// Mappings with a misspelt key, by their path, and the key that was meant.
    typos: HashSet<(Vec<u32>, &'static str)>,
    missing: Missing,
}

/// Keys by the path of the mapping that they are missing in.
type Missing = HashSet<(Vec<u32>, &'static str)>;

impl<'d> ShapeCx<'d> {
    fn new(kind: FileKind, dialect: &'static Dialect, document: &'d Document, missing: Missing) -> Self {
        Self { kind, dialect, document, suggestions: Suggestions::default(), typos: HashSet::new(), missing }
    }

    /// Whether a key is only missing because it is misspelt, which was said already.
    fn follows_from_typo(&self, problem: &Problem<'_>) -> bool {
        let meant = |name| !self.typos.is_empty() && self.typos.contains(&(path_ids(&problem.path), name));
        match problem.what {
            What::MissingKey(_, key) => meant(key.name),
            What::HealthcheckCmdMissing => meant("healthcheck_cmd"),
            What::DrainParamsMissing => meant("drain_method_params"),
            _ => false,
        }
    }

    /// The words for a problem; none where only rules of their own speak of such problems.
    fn explain(&mut self, problem: &Problem<'_>) -> Option<Words> {
        let value = problem.value;
        let (rule, finding) = match &problem.what {
            What::Type(shape) => self.type_mismatch(problem, shape),
            What::UnknownKey(record) => self.unknown_key(problem, record),
            What::Empty(form) => self.empty(problem, form),
            What::OddNumber => self.odd_number(problem),
            What::WholeFloat => worded!(schema::type_mismatch::fraction(self, problem)),
            What::NotFinite => worded!(schema::non_finite_number::words(self, problem)),
            What::Range(range) => {
                let is_mem = problem.key.is_some_and(|key| key.name == "mem");
                let rule = if is_mem { &rules::mem_range::RULE } else { &rules::value_out_of_range::RULE };
                (rule, rules::value_out_of_range::words(self, problem, range))
            }
            What::Word(list) => worded!(schema::unknown_value::words(self, problem, list)),
            What::Duplicate(first) => worded!(schema::duplicate_item::words(self, problem, *first)),
            What::UlimitList => worded!(schema::ulimit_list::words(self, problem)),
            What::RefusedKey(key) => worded!(schema::unknown_key::refused(self, value, key)),
            What::CompatKey(key) => worded!(schema::key_refused_by_paasta::words(self, value, key)),
            What::MissingKey(_, key) => worded!(schema::missing_key::words(self, problem, key)),
            What::Name(form) => {
                let is_namespace = self.kind == FileKind::Smartstack;
                let rule = if is_namespace {
                    &rules::namespace_name::RULE
                } else {
                    &rules::instance_name_pattern::RULE
                };
                (rule, rules::instance_name_pattern::words(self, problem, form))
            }
            What::NameStyle => worded!(schema::instance_name_style::words(self, value)),
            What::NameWord(list) => worded!(schema::unknown_nested_key::words(self, problem, list)),
            What::NonStringKey => worded!(schema::yaml_non_string_key::words(self, problem)),
            What::HealthcheckCmdMissing => worded!(schema::missing_key::command(self, problem)),
            What::HealthcheckModeMissing => {
                worded!(schema::healthcheck_cmd_without_mode::words(self, problem))
            }
            What::DrainParamsMissing => worded!(schema::drain_http_params::words(self, problem)),
            What::DrainMethodMissing => worded!(schema::drain_params_without_method::words(self, problem)),
            // Wherever there are such, a rule speaks for them.
            What::TriggerMissing
            | What::TriggerBoth(_)
            | What::Form(_)
            | What::Whitelist
            | What::NestedWhitelist
            | What::Flat(..)
            | What::Length(_) => return None,
        };
        let is_lax = problem.mild && !problem.why.is_empty();
        let rule = if problem.mild && !is_lax { rule } else { self.context_rule(problem).unwrap_or(rule) };
        let finding = self.qualified(problem, finding);
        let is_error = rule.level(self.dialect.name).severity() == Some(Severity::Error);
        let finding = if problem.mild && is_error && finding.severity.is_none() {
            finding.severity(Severity::Warning)
        } else {
            finding
        };
        Some((rule, finding))
    }

    /// Where less comes of a mistake than of others of its kind.
    fn qualified(&self, problem: &Problem<'_>, finding: Finding) -> Finding {
        let is_shown_only = |key: &str| matches!(key, "description" | "external_link");
        if self.kind == FileKind::Service && problem.key.is_some_and(|key| is_shown_only(key.name)) {
            return finding
                .severity(Severity::Warning)
                .why("nothing fails, but people see it as Python writes it");
        }
        if problem.below() == Some("security")
            && matches!(problem.what, What::UnknownKey(_))
            && problem.holder.is_some_and(|security| security.get("outbound_firewall").is_none())
        {
            return finding.why("nothing reads it, so there is no firewall");
        }
        finding
    }

    /// Mistakes that concern people rather than tasks have rules that block less.
    fn context_rule(&self, problem: &Problem<'_>) -> Option<&'static Rule> {
        let in_monitoring = || self.kind.has_instances() && problem.below() == Some("monitoring");
        if problem.path.is_empty() && matches!(problem.what, What::Type(_)) {
            return None;
        }
        match self.kind {
            FileKind::Monitoring => Some(&rules::monitoring_shape::RULE),
            FileKind::Deploy => Some(&rules::pipeline_shape::RULE),
            FileKind::Dependencies => Some(&rules::dependencies_shape::RULE),
            // `monitoring_tools:get_team` looks for the owner of a job in there: no job without it.
            FileKind::Chronos if problem.path.len() == 2 && problem.is_type() => None,
            // An unknown block is not a mistake in the block.
            _ if in_monitoring() && problem.key.is_some() => Some(&rules::monitoring_shape::RULE),
            _ => None,
        }
    }

    pub(crate) fn at(&self, span: Span, message: impl Into<String>) -> Finding {
        Finding::new(self.document.place(span), message)
    }

    /// At a value, or at its key where nothing stands after the colon.
    pub(crate) fn at_value(&self, problem: &Problem<'_>, message: impl Into<String>) -> Finding {
        let value = problem.value.span();
        let span = problem.name().map_or(value, |name| if value.is_empty() { name.span() } else { value });
        if span.is_empty() && problem.path.is_empty() {
            return Finding::new(self.document.whole(), message);
        }
        self.at(span, message)
    }

    /// What a path leads to, within its entry: "`env.DEBUG`", "item 2 of `args`".
    pub(crate) fn place(&self, problem: &Problem<'_>) -> String {
        let has_entries = self.kind.has_instances() || self.kind == FileKind::Smartstack;
        let skip = usize::from(has_entries && problem.path.len() > 1);
        let steps = problem.path.get(skip..).unwrap_or_default();
        let (last, before) = match steps.split_last() {
            Some((Step::Index(index), before)) if !before.is_empty() => (Some(*index), before),
            _ => (None, steps),
        };
        let mut dotted = String::new();
        for step in before {
            match step {
                Step::Key(key) => {
                    if !dotted.is_empty() {
                        dotted.push('.');
                    }
                    dotted.push_str(&words::excerpt(&key.repr()));
                }
                Step::Index(index) => dotted.extend(["[", &(index + 1).to_string(), "]"]),
            }
        }
        match last {
            Some(index) => format!("item {} of `{dotted}`", index + 1),
            None if dotted.is_empty() => "the file".to_owned(),
            None => format!("`{dotted}`"),
        }
    }

    /// What becomes of the file, or of what the problem is in.
    pub(crate) fn refusal(&self, problem: &Problem<'_>) -> &'static str {
        if !problem.why.is_empty() {
            return problem.why;
        }
        match self.kind {
            FileKind::Marathon | FileKind::Chronos | FileKind::Adhoc => instance_refusal(problem),
            FileKind::Smartstack => {
                "nerve, synapse or HAProxy fail on it, on every host that sees this service"
            }
            FileKind::Monitoring => "alerts of this service are not sent as it says",
            FileKind::Service => "the tools that read it fail",
            FileKind::Deploy => "the pipeline of this service cannot be built",
            FileKind::Dependencies => "the firewall of this service cannot be set up",
        }
    }
}

/// What becomes of an instance: `paasta validate` holds the file against the schemas of
/// paasta-tools 0.66.6 (`cli/schemas`), which do not look into every mapping.
fn instance_refusal(problem: &Problem<'_>) -> &'static str {
    // Of a missing key, the path is that of the mapping without it.
    let depth = problem.path.len() + usize::from(matches!(problem.what, What::MissingKey(..)));
    match (problem.below().unwrap_or_default(), depth) {
        // autoscaling/autoscaling_service_lib.py: `autoscale_services` logs what it catches, and goes on.
        ("autoscaling", 3..) => {
            "`paasta validate` does not look there and deploying works, but every run of the autoscaler \
             fails on it, so the number of tasks stays as it is"
        }
        ("monitoring", 3..) => {
            "`paasta validate` does not look there, but alerts of this instance are not sent as it says"
        }
        ("extra_volumes", 4..) => {
            "`paasta validate` does not look into volumes, but no container of this instance starts"
        }
        // The requests of method http must be there, each a mapping.
        ("drain_method_params", 4..) => "`paasta validate` does not look there, but every bounce fails on it",
        ("drain_method_params", 3)
            if !problem.key.is_some_and(|key| matches!(key.shape, Shape::Record(_))) =>
        {
            "`paasta validate` does not look there, but every bounce fails on it"
        }
        _ => "`paasta validate` refuses the whole file",
    }
}

/// The noun with its article.
pub(crate) fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}

/// A path as numbers that compare.
fn path_ids(path: &[Step<'_>]) -> Vec<u32> {
    let id = |step: &Step<'_>| match step {
        Step::Key(key) => key.id(),
        Step::Index(index) => u32::try_from(*index).unwrap_or(u32::MAX),
    };
    path.iter().map(id).collect()
}
