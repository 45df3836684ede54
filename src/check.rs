//! The pipeline: every service is read, its own rules run, facts are kept; then the rules of the
//! whole tree run on the facts.

use std::collections::{BTreeSet, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use crate::baseline;
use crate::diagnostic::{Diagnostic, Finding, Place, Severity};
use crate::effective::Deployments;
use crate::findings::{Each, Findings};
use crate::repo::{Document, Needs, Service, ServiceFacts, ServiceName, TreeSource, Wanted};
use crate::rules::{self, Active, Check, Env, RULES, Rule, Sink, TreeCx};
use crate::schema;
use crate::suppress::{self, FileIgnores};
use crate::yaml::Reader;

mod against;
mod namespaces;
mod other_facts;
mod own;
mod timings;
mod unread;
mod valid;

pub use against::{Report, Sides, check_against, check_reconfigured};
pub use namespaces::{ValidNamespace, WithheldNamespace};
pub use other_facts::dependants;
use other_facts::load_other_facts;
use own::OwnRules;
pub use timings::{Clock, Timings};
use timings::{Stopwatch, Watch};
pub use unread::{Holds, Unread};
pub use valid::{CheckedTree, PayloadKind, ValidInstance, Withheld};

/// Which services are reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All of them.
    Everything,
    /// Those of these names.
    Services(BTreeSet<String>),
}

impl Scope {
    pub(crate) fn includes(&self, name: &str) -> bool {
        match self {
            Scope::Everything => true,
            Scope::Services(names) => names.contains(name),
        }
    }
}

/// What a run found.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Findings in the order of every report: file, position, rule. One may stand for many: whoever counts them
    /// asks for [`Outcome::each`].
    pub diagnostics: Vec<Diagnostic>,
    /// Findings that are not to be reported, in the same order.
    pub suppressed: Vec<Suppressed>,
    /// Number of YAML files that were read and checked.
    pub files: usize,
    /// YAML files of kinds that soalint does not know, which were only read as YAML: paths relative to the root of the
    /// tree, in the order of services and names.
    pub unknown_files: Vec<String>,
    /// Number of services whose directory was read.
    pub services: usize,
    /// Whether a rule failed: the report is incomplete.
    pub internal_error: bool,
    /// Where the time went, if the run was given a clock.
    pub timings: Option<Timings>,
    /// What was repaired before, if that was asked for.
    pub fixed: Option<crate::fix::Counts>,
    /// That there was nothing to check, and why, as a sentence without its full stop: a report
    /// for people must not call that good.
    pub nothing: Option<&'static str>,
    /// What could not be done of what was asked for, each in a line: the run ends with exit status 2.
    pub failures: Vec<String>,
}

/// A finding that is not reported.
#[derive(Clone, Debug)]
pub struct Suppressed {
    /// The finding.
    pub diagnostic: Diagnostic,
    /// Why it is not reported.
    pub by: By,
}

/// Why a finding is not reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A comment ignores it.
    Comment,
    /// The baseline records it.
    Baseline,
    /// It was there before the change.
    Base,
}

impl Outcome {
    /// Number of findings that are not reported for that reason.
    pub fn count_suppressed(&self, by: By) -> usize {
        self.suppressed.iter().filter(|suppressed| suppressed.by == by).map(|s| s.diagnostic.number()).sum()
    }

    /// The findings about files and directories that could not be read: nothing that they hold was checked.
    pub fn unread(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|d| d.rule.name == rules::yaml::unreadable_file::RULE.name)
    }

    /// Number of findings of that severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.each().filter(|each| each.severity() == severity).count()
    }

    /// Keeps at most so many findings of one rule in one file in words.
    pub(crate) fn cap(&mut self, most_alike: usize) {
        let mut findings = Findings::new(most_alike);
        findings.extend(std::mem::take(&mut self.diagnostics));
        self.diagnostics = findings.into_list();
    }

    /// Every finding, those without words included.
    pub fn each(&self) -> impl Iterator<Item = Each<'_>> {
        self.diagnostics.iter().flat_map(Diagnostic::each)
    }
}

/// Checks the services of `source` that are in `scope`.
pub fn check(source: &dyn TreeSource, scope: &Scope, env: &Env) -> Outcome {
    let Ran { mut outcome, ignores, .. } = run(source, scope, env, false);
    suppress::apply(env, &ignores, &mut outcome);
    baseline::apply(env, scope, source, &mut outcome);
    outcome
}

/// The same, and keeps the services, so that what is valid of them can be emitted.
pub fn check_and_keep(source: &dyn TreeSource, scope: &Scope, env: &Env) -> CheckedTree {
    let Ran { outcome, services, .. } = run(source, scope, env, true);
    let known: BTreeSet<&str> = services.iter().map(|service| service.name.as_str()).collect();
    let wanted: BTreeSet<String> = services.iter().flat_map(valid::registered_services).collect();
    let missing: Vec<&ServiceName> = source
        .service_names()
        .iter()
        .filter(|name| wanted.contains(&name.text) && !known.contains(name.text.as_str()))
        .collect();
    let reader = env.reader();
    let load = |name: &&ServiceName| Service::parse(source.load(name, &Wanted::Everything), &reader);
    let others = missing.par_iter().map(load).collect();
    CheckedTree::new(outcome, services, others)
}

/// The files of a check, relative to the root of the tree, sorted by service and name.
#[derive(Debug, Default)]
pub struct Listing {
    /// Those that it reads.
    pub files: Vec<String>,
    /// Files and directories that it should read and cannot.
    pub unread: Vec<String>,
}

/// The files that a check of `scope` reads. They are read here as well: whether that succeeds, nothing else tells.
pub fn files(source: &dyn TreeSource, scope: &Scope) -> Listing {
    let mut services: Vec<&ServiceName> =
        source.service_names().iter().filter(|name| scope.includes(&name.text)).collect();
    services.sort();
    let of = |name: &&ServiceName| {
        let loaded = source.load(name, &Wanted::Everything);
        let whole = loaded.error.map(|_| (name.text.clone(), false));
        let entries = loaded.entries.into_iter().filter(|entry| crate::repo::is_yaml(&entry.name));
        // A check says nothing of files of other kinds that cannot be read: nobody could have checked them.
        let mut files: Vec<(String, bool)> = entries
            .map(|entry| (matches!(entry.content, Some(Ok(_))), entry))
            .filter(|(is_read, entry)| *is_read || entry.is_of_known_kind())
            .map(|(is_read, entry)| (format!("{}/{}", name.text, entry.name), is_read))
            .collect();
        files.sort();
        whole.into_iter().chain(files)
    };
    let (files, unread): (Vec<_>, Vec<_>) =
        services.par_iter().flat_map_iter(of).partition(|(_, is_read)| *is_read);
    let names = |listed: Vec<(String, bool)>| listed.into_iter().map(|(name, _)| name).collect();
    Listing { files: names(files), unread: names(unread) }
}

/// A run, before anything is suppressed.
struct Ran {
    outcome: Outcome,
    /// All services, if they were to be kept.
    services: Vec<Service>,
    /// The ignores of the files, if they were not.
    ignores: Vec<FileIgnores>,
}

fn run(source: &dyn TreeSource, scope: &Scope, env: &Env, keep: bool) -> Ran {
    match env.clock {
        Some(clock) => watched_run(source, scope, env, keep, || Stopwatch::new(clock)),
        None => watched_run(source, scope, env, keep, || ()),
    }
}

fn watched_run<W: Watch>(
    source: &dyn TreeSource,
    scope: &Scope,
    env: &Env,
    keep: bool,
    watch: impl Fn() -> W + Sync,
) -> Ran {
    let names = source.service_names();
    let selected: Vec<&ServiceName> = names.iter().filter(|name| scope.includes(&name.text)).collect();
    let run = Run::new(env);
    let mut checked: Vec<Checked> =
        selected.par_iter().map(|name| run.check_service(source, name, keep, watch())).collect();

    let mut outcome = Outcome::default();
    let mut facts = Vec::with_capacity(checked.len());
    let mut services = Vec::new();
    let mut ignores = Vec::new();
    let mut timed = Vec::new();
    outcome.diagnostics.reserve_exact(checked.iter().map(|service| service.diagnostics.len()).sum());
    for service in &mut checked {
        timed.push(service.timings.take());
        outcome.files += service.files;
        outcome.unknown_files.append(&mut service.unknown_files);
        outcome.services += usize::from(service.is_read);
        outcome.diagnostics.append(&mut service.diagnostics);
        facts.push(std::mem::take(&mut service.facts));
        services.extend(service.kept.take());
        ignores.append(&mut service.ignores);
    }
    let mut watch = watch();
    if checked.len() < names.len() {
        if !keep {
            let own: BTreeSet<String> = selected.iter().map(|name| name.text.clone()).collect();
            let mut unread = Findings::new(env.most_alike);
            other_facts::report_unread(source, &run, &facts.iter().collect::<Vec<_>>(), &own, &mut unread);
            outcome.diagnostics.extend(unread.into_list());
        }
        load_other_facts(source, &run, &mut facts);
    }
    facts.sort_by(|a, b| a.name.cmp(&b.name));
    let mut all_names: Vec<String> = names.iter().map(|name| name.text.clone()).collect();
    all_names.sort();
    watch.lap("(facts of other services)");
    if env.clock.is_some() {
        // Rules that nothing woke took no time, and are there as well.
        run.own.all().for_each(|active| watch.lap(active.rule.name));
    }
    // Who names services does not ask for what lies beside them.
    let stray_files = if *scope == Scope::Everything { source.stray_files() } else { &[] };
    run.conclude((&all_names, stray_files), &facts, &mut outcome, &mut watch);
    timed.push(watch.timings());
    outcome.timings = timings::sum(timed);
    Ran { outcome, services, ignores }
}

/// Gives findings the levels that the configuration sets for their paths: the rules ran with the
/// gravest of them.
fn set_levels_of_paths(env: &Env, diagnostics: &mut Vec<Diagnostic>) {
    let per_path = &env.settings.per_path;
    if per_path.is_empty() {
        return;
    }
    diagnostics.retain_mut(|diagnostic| {
        if per_path.gravest(diagnostic.rule.name).is_none() {
            return true;
        }
        let active = Active::at(env, diagnostic.rule, &diagnostic.place.file);
        diagnostic.regrade(active)
    });
}

/// Looks for the secrets of the files that findings speak of: now their trees are there.
fn hide_secrets(service: &Service, diagnostics: &[Diagnostic]) {
    let mut last: Option<&str> = None;
    for diagnostic in diagnostics {
        for place in
            std::iter::once(&diagnostic.place).chain(diagnostic.related.iter().map(|related| &related.place))
        {
            if last == Some(&*place.file) {
                continue;
            }
            last = Some(&*place.file);
            let document = service.documents.iter().find(|document| document.file == place.file);
            if let Some(tree) = document.and_then(Document::tree) {
                tree.source().hide_secrets_of(tree);
            }
        }
    }
}

static INTERNAL: &Rule = &rules::internal::internal_error::RULE;

/// One service after its own rules.
#[derive(Default)]
struct Checked {
    diagnostics: Vec<Diagnostic>,
    facts: ServiceFacts,
    /// Whether the directory could be read.
    is_read: bool,
    /// Number of YAML files that could be read and were checked.
    files: usize,
    /// Those that were only read.
    unknown_files: Vec<String>,
    kept: Option<Service>,
    timings: Option<Timings>,
    ignores: Vec<FileIgnores>,
}

/// The rules that are on, sorted by what they look at.
struct Run<'a> {
    env: &'a Env,
    reader: Reader,
    /// Rules that look at one service.
    own: OwnRules,
    /// Rules that look at the tree.
    tree: Vec<TreeRule>,
    needs: Needs,
}

type TreeRule = (Active, fn(&TreeCx<'_>, &mut Sink<'_>));
impl<'a> Run<'a> {
    fn new(env: &'a Env) -> Self {
        let mut run = Self {
            env,
            reader: env.reader(),
            own: OwnRules::default(),
            tree: Vec::new(),
            needs: Needs::default(),
        };
        for rule in RULES.iter().copied().filter(|rule| env.is_on(rule)) {
            let active = Active::new(env, rule);
            if let Check::Tree(needs, check) = rule.check {
                run.needs = run.needs.or(needs);
                run.tree.push((active, check));
            } else {
                run.own.add(active);
            }
        }
        run
    }

    fn check_service(
        &self,
        source: &dyn TreeSource,
        name: &ServiceName,
        keep: bool,
        mut watch: impl Watch,
    ) -> Checked {
        let loaded = source.load(name, &Wanted::Everything);
        watch.lap("(reading of files)");
        let service = Service::parse(loaded, &self.reader);
        watch.lap("(parsing of YAML)");
        let mut found = Findings::new(self.env.most_alike);
        let mut compat = HashSet::new();
        if let Some(reason) = &service.error {
            // No rule can say anything of what nobody could read.
            rules::reader::report_unread(self.env, &service, reason, &mut found);
            let diagnostics = found.into_list();
            let facts = ServiceFacts::of(&service, true);
            let kept = keep.then_some(service);
            return Checked { diagnostics, facts, kept, timings: watch.timings(), ..Checked::default() };
        }
        let deployments = || source.read(name, Deployments::FILE_NAME);
        rules::reader::report_deployments(self.env, &service, deployments, &mut found);
        rules::reader::report_nested(self.env, &service, &mut found);
        for document in &service.documents {
            schema::explain::report(self.env, &service, document, &mut compat, &mut found);
            rules::reader::report(self.env, document, &mut found);
        }
        schema::explain::defaults::report(self.env, &service, &mut found);
        watch.lap("(shape by the schemas)");
        let ran = catch_unwind(AssertUnwindSafe(|| {
            let mut own = Findings::new(self.env.most_alike);
            self.own.run(self.env, &service, &mut own, &mut watch);
            own
        }));
        if let Ok(own) = ran {
            found.append(own);
        } else {
            // One rule failed: once more, each by itself, so that only its findings are lost.
            for active in self.own.all() {
                let place = Place::whole(service.name.as_str());
                self.guarded(active.rule, place, &mut found, |out| {
                    OwnRules::only(active).run(self.env, &service, out, &mut ());
                });
            }
        }
        let facts = ServiceFacts::of(&service, true);
        watch.lap("(facts for rules of the tree)");
        // What is emitted knows nothing of ignores.
        let reads_ignores = !keep && !self.env.settings.no_ignores;
        let documents = service.documents.iter().filter(|_| reads_ignores);
        let ignores = documents.filter_map(|document| suppress::read(&service, document)).collect();
        watch.lap("(ignores)");
        let (known, unknown): (Vec<&Document>, Vec<&Document>) =
            service.documents.iter().partition(|document| document.is_of_known_kind());
        let files = known.into_iter().filter(|document| document.is_read()).count();
        let unknown_files = unknown.iter().map(|document| document.file.to_string()).collect();
        let mut diagnostics = found.into_list();
        diagnostics.shrink_to_fit();
        if !keep {
            hide_secrets(&service, &diagnostics);
            watch.lap("(secrets)");
        }
        let timings = watch.timings();
        let kept = keep.then_some(service);
        Checked { diagnostics, facts, is_read: true, files, unknown_files, kept, ignores, timings }
    }

    /// What remains when every service was checked: the rules of the tree, and how the findings
    /// belong together.
    fn conclude(
        &self,
        (names, stray_files): (&[String], &[String]),
        facts: &[ServiceFacts],
        outcome: &mut Outcome,
        watch: &mut impl Watch,
    ) {
        let cx = TreeCx { env: self.env, names, services: facts, stray_files };
        self.check_tree(&cx, &mut outcome.diagnostics, watch);
        set_levels_of_paths(self.env, &mut outcome.diagnostics);
        crate::settle::settle(&mut outcome.diagnostics, self.env.settings.dialect);
        watch.lap("(sorting of findings)");
        outcome.internal_error = outcome.diagnostics.iter().any(|d| d.rule.name == INTERNAL.name);
    }

    fn check_tree(&self, cx: &TreeCx<'_>, diagnostics: &mut Vec<Diagnostic>, watch: &mut impl Watch) {
        let mut found = Findings::new(self.env.most_alike);
        for (active, check) in &self.tree {
            self.guarded(active.rule, Place::whole("."), &mut found, |out| {
                check(cx, &mut Sink::of(*active, out));
            });
            watch.lap(active.rule.name);
        }
        let is_selected = |d: &Diagnostic| {
            d.subject.service.as_deref().and_then(|name| cx.service(name)).is_none_or(|s| s.selected)
        };
        diagnostics.extend(found.into_list().into_iter().filter(is_selected));
    }

    /// Runs a rule so that its failure costs only its own findings.
    fn guarded(
        &self,
        rule: &'static Rule,
        place: Place,
        out: &mut Findings,
        run: impl FnOnce(&mut Findings),
    ) {
        let mut found = Findings::new(self.env.most_alike);
        if catch_unwind(AssertUnwindSafe(|| run(&mut found))).is_ok() {
            return out.append(found);
        }
        let message = format!("the rule `{}` failed here", rule.name);
        Sink::new(self.env, INTERNAL, out).report(
            Finding::new(place, message)
                .why("its findings are missing from this report; the other rules went on")
                .help("this is a mistake in soalint: please report it with the files of this service")
                .identity(rule.name),
        );
    }
}
