//! `soalint show`.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};
use std::mem::ManuallyDrop;

use crate::check::{self, CheckedTree, PayloadKind};
use crate::diagnostic::Diagnostic;
use crate::effective::{Deployments, entries};
use crate::emit::settings::{Expected, expected_instances};
use crate::emit::shown::{NextRuns, Shown, next_runs, shown};
use crate::emit::{Held, Refusal, Subject};
use crate::model::kind::FileKind;
use crate::repo::{Document, Service};
use crate::report::escape::{Inert, inert, json_text};
use crate::rules::Env;
use crate::secret;
use crate::text::printable;

use super::args::{Global, ShowArgs, TextOrJson};
use super::bounded::{self, Bounded};
use super::clusters::{self, Known};
use super::selected::{Selected, opened_as};
use super::target::Target;
use super::tree::Tree;
use super::{Error, Exit, emit, terminal, withheld};

const KINDS: [FileKind; 3] = [FileKind::Marathon, FileKind::Chronos, FileKind::Adhoc];

pub(super) fn run(global: &Global, args: &ShowArgs, out: &mut dyn Write) -> Result<Exit, Error> {
    let tree = Tree::open(global.soa_dir.as_deref())?;
    let selected = Selected::of(&args.selectors, &tree)?;
    clusters::refuse_empty(&args.clusters)?;
    selected.check_files(&KINDS, &args.clusters)?;
    let target = Target::of(&args.target)?;
    let env = Env::new(super::configuration::load(global, &tree)?.unweakened());
    // The process ends after this: giving all trees back piece by piece would take as long as compiling them.
    let checked = ManuallyDrop::new(check::check_and_keep(&tree.disk, &selected.scope(), &env));
    let known = Known {
        tree: &tree,
        settings: &env.settings,
        system: &target.system,
        has_unread: clusters::has_unread(&checked, &selected),
    };
    clusters::refuse_unknown(&args.clusters, &clusters::of_services(&checked), &known)?;
    selected.check_paths(&tree, &checked)?;
    let mut wanted: Vec<&str> = args.clusters.iter().map(String::as_str).collect();
    if wanted.is_empty() {
        wanted.extend(target.system.cluster());
    }
    selected.check_names(&checked, &KINDS, &wanted)?;
    let view = View { checked: &checked, target: &target, env: &env, selected: &selected, clusters: &wanted };
    let mut held = Held::default();
    let mut bounded = Bounded::new(out);
    let mut report = Report::new(args.format, &mut bounded);
    let written = checked
        .services()
        .iter()
        .try_for_each(|service| {
            view.hold_unread(service, &mut held);
            view.service(service, &emit::deployments(&tree, service), &mut report, &mut held)
        })
        .and_then(|()| report.finish());
    let Report { number, has_refusals, refused_by, .. } = report;
    bounded::complete(written, "name one service or instance, or a cluster with `--cluster`")?;
    held.settle();
    if !global.quiet {
        say_refused(refused_by, &tree, global);
        if number == 0 && held.withheld.is_empty() {
            let place = if wanted.is_empty() { String::new() } else { format!(" in {}", wanted.join(", ")) };
            say!("note: these services have no instance{}", printable(&place));
        }
    }
    let exit = withheld::say(held, (number, "instance"), &terminal::error_style_of(&tree, &env, global));
    tree.refuse_incomplete()?;
    Ok(if has_refusals { Exit::Findings } else { exit })
}

/// An instance with its values.
struct Found<'v> {
    service: &'v str,
    instance: &'v str,
    kind: FileKind,
    cluster: &'v str,
    view: Result<Effective, Refusal>,
    /// The errors that keep it from being deployed.
    refused_by: &'v [&'v Diagnostic],
}

/// What is effective for an instance.
struct Effective {
    values: Vec<Shown>,
    /// When it runs next, if it is a job.
    runs: Option<NextRuns>,
}

struct View<'v> {
    checked: &'v CheckedTree,
    target: &'v Target,
    env: &'v Env,
    selected: &'v Selected,
    /// Clusters that are meant; none are all.
    clusters: &'v [&'v str],
}

impl<'v> View<'v> {
    /// Whether instances of a file are meant: of a cluster that PaaSTA does not find by itself only if it is
    /// named.
    fn is_meant(&self, service: &Service, document: &Document, file: (FileKind, &str)) -> bool {
        self.selected.names_file(&service.name, file)
            || !self.selected.is_files_only(&service.name)
                && match self.clusters {
                    [] => document.kind.is_some(),
                    clusters => clusters.contains(&file.1),
                }
    }

    /// Withholds what nobody knows of a service.
    fn hold_unread(&self, service: &'v Service, held: &mut Held) {
        if service.error.is_some() {
            self.checked.unread(service, PayloadKind::Marathon, None).iter().for_each(|u| held.add_unread(u));
        }
        for document in &service.documents {
            let Some((kind, cluster)) = opened_as(document.name()) else { continue };
            if self.is_meant(service, document, (kind, cluster))
                && let Some(unread) = self.checked.unread_instances(service, kind, payload(kind), cluster)
            {
                held.add_unread(&unread);
            }
        }
    }

    /// Shows the instances of a service by name, each as soon as it is merged: all of them together can be
    /// many times as large as the files.
    fn service(
        &self,
        service: &'v Service,
        deployments: &Deployments,
        report: &mut Report<'_, 'v>,
        held: &mut Held,
    ) -> io::Result<()> {
        let forest = self.checked.forest();
        let Some(config) = forest.config(&service.name) else { return Ok(()) };
        let mut files = Vec::new();
        for document in &service.documents {
            let Some((kind, cluster)) = opened_as(document.name()) else { continue };
            if !self.is_meant(service, document, (kind, cluster)) {
                continue;
            }
            let context = self.target.context(&self.env.settings, cluster, false);
            let expected: Expected<'_> = match &config {
                Ok(config) if kind == FileKind::Marathon => {
                    expected_instances(&context, &forest, config, deployments)
                }
                _ => Ok(BTreeMap::new()),
            };
            files.push((kind, cluster, context, expected, self.refused(service, kind, cluster)));
        }
        let mut all = Vec::new();
        for (file, (kind, cluster, .., refused)) in files.iter().enumerate() {
            for written in entries(service, *kind, cluster) {
                let name =
                    written.as_ref().map_or_else(|unnamed| unnamed.name.as_str(), |written| written.name);
                if !self.selected.includes_in(&service.name, (*kind, *cluster), name) {
                    continue;
                }
                match written {
                    Ok(written) => all.push((written.name, *kind, *cluster, file, written)),
                    Err(unnamed) => {
                        let reasons = refused.get(&unnamed.name).map_or(&[][..], Vec::as_slice);
                        held.add_named(&service.name, Some(&unnamed.name), reasons);
                    }
                }
            }
        }
        if let Err(refusal) = &config
            && all.is_empty()
            && !held.withheld.iter().any(|omission| omission.service == service.name)
        {
            held.refuse_at(&forest, service.place(), (&service.name, None), refusal);
        }
        all.sort_by(|a, b| (a.0, a.1, a.2).cmp(&(b.0, b.1, b.2)));
        for (instance, kind, cluster, file, written) in all {
            let Some((.., context, expected, refused)) = files.get(file) else { continue };
            let view = match &config {
                Ok(config) => {
                    Subject::unchecked(context, &forest, config, deployments, kind, written).map(|subject| {
                        Effective { values: shown(&subject, expected), runs: next_runs(&subject) }
                    })
                }
                Err(refusal) => Err(refusal.clone()),
            };
            let refused_by = refused.get(instance).map_or(&[][..], Vec::as_slice);
            report.add(&Found { service: &service.name, instance, kind, cluster, view, refused_by })?;
            let errors = report.refused_by.entry(&service.name).or_default();
            errors.extend(refused_by.iter().map(|error| std::ptr::from_ref(*error)));
        }
        Ok(())
    }

    /// Instances that are not deployed, with the errors that keep them from it.
    fn refused(
        &self,
        service: &'v Service,
        kind: FileKind,
        cluster: &str,
    ) -> BTreeMap<String, Vec<&'v Diagnostic>> {
        let instances = self.checked.instances(service, kind, payload(kind), cluster);
        instances
            .into_iter()
            .filter_map(|instance| instance.err().map(|held| (held.name, held.reasons)))
            .collect()
    }
}

/// The payload that an instance of a file of that kind has of its own.
const fn payload(kind: FileKind) -> PayloadKind {
    match kind {
        FileKind::Chronos => PayloadKind::Chronos,
        FileKind::Adhoc => PayloadKind::Adhoc,
        _ => PayloadKind::Marathon,
    }
}

/// Says on stderr which services have errors that keep what is shown from being deployed.
fn say_refused(refused_by: BTreeMap<&str, HashSet<*const Diagnostic>>, tree: &Tree, global: &Global) {
    for (service, errors) in refused_by {
        let stands = match errors.len() {
            0 => continue,
            1 => "1 error stands".to_owned(),
            more => format!("{more} errors stand"),
        };
        let root = global.soa_dir.as_ref().map(|root| format!("-d {} ", root.display())).unwrap_or_default();
        let command = format!("soalint check {root}{}{service}", tree.prefix());
        say!("note: {stands} in the way: {}", inert(&printable(&command)));
    }
}

/// What is written, instance by instance.
struct Report<'o, 'v> {
    format: TextOrJson,
    out: &'o mut dyn Write,
    /// How many instances it has so far.
    number: usize,
    /// Whether one of them could not be merged.
    has_refusals: bool,
    /// The errors that keep instances of a service from being deployed, each once.
    refused_by: BTreeMap<&'v str, HashSet<*const Diagnostic>>,
}

impl<'o> Report<'o, '_> {
    fn new(format: TextOrJson, out: &'o mut dyn Write) -> Self {
        Self { format, out, number: 0, has_refusals: false, refused_by: BTreeMap::new() }
    }

    fn add(&mut self, found: &Found<'_>) -> io::Result<()> {
        self.has_refusals |= found.view.is_err();
        let is_first = self.number == 0;
        self.number += 1;
        match self.format {
            TextOrJson::Human => {
                if !is_first {
                    writeln!(self.out)?;
                }
                Inert::lines(self.out, |out| human(found, out))
            }
            TextOrJson::Json => {
                let before = if is_first { JSON_HEAD } else { ",\n" };
                self.out.write_all(before.as_bytes())?;
                // No string of JSON holds a line break.
                let lines = json_text(&json(found))?;
                for (index, line) in lines.lines().enumerate() {
                    let line_break = if index == 0 { "" } else { "\n" };
                    write!(self.out, "{line_break}    {line}")?;
                }
                Ok(())
            }
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        match (self.format, self.number) {
            (TextOrJson::Human, _) => Ok(()),
            (TextOrJson::Json, 0) => writeln!(self.out, "{{\n  \"version\": 1,\n  \"instances\": []\n}}"),
            (TextOrJson::Json, _) => writeln!(self.out, "\n  ]\n}}"),
        }
    }
}

/// What comes before the first instance.
const JSON_HEAD: &str = "{\n  \"version\": 1,\n  \"instances\": [\n";

/// A table: name, value, origin.
fn human(instance: &Found<'_>, out: &mut dyn Write) -> io::Result<()> {
    let name = printable(&secret::mask(&format!("{}.{}", instance.service, instance.instance)));
    writeln!(out, "{name}  {} in {}", instance.kind.name(), printable(instance.cluster))?;
    match &instance.view {
        Err(refusal) => writeln!(out, "  cannot be read: {}", printable(&secret::mask(&refusal.message))),
        Ok(view) => {
            table(&view.values, out)?;
            for line in view.runs.iter().flat_map(NextRuns::lines) {
                writeln!(out, "  {}", printable(&line))?;
            }
            if let Some(rule) = instance.refused_by.first().map(|error| error.rule.name)
                && instance.kind == FileKind::Chronos
            {
                writeln!(out, "  as it stands the job is refused ({rule}): `soalint check` says why")?;
            }
            Ok(())
        }
    }
}

fn table(values: &[Shown], out: &mut dyn Write) -> io::Result<()> {
    /// Columns that names and values may take before their neighbours move.
    const MAX: (usize, usize) = (40, 48);
    let width = |of: &dyn Fn(&Shown) -> String, max: usize| {
        let widths = values.iter().map(|value| of(value).chars().count()).filter(|width| *width <= max);
        widths.max().unwrap_or(0)
    };
    let names = width(&|value| printable(&value.name), MAX.0);
    let texts = width(&|value| printable(&value.text), MAX.1);
    for value in values {
        let (name, text) = (printable(&value.name), printable(&value.text));
        writeln!(out, "  {name:names$}  {text:texts$}  {}", printable(&value.origin))?;
    }
    Ok(())
}

fn json(found: &Found<'_>) -> serde_json::Value {
    let mut object = serde_json::json!({
        "service": found.service,
        "instance": secret::mask(found.instance),
        "kind": found.kind.name(),
        "cluster": found.cluster,
    });
    match &found.view {
        Ok(view) => {
            object["values"] = view.values.iter().map(Shown::to_json).collect();
            if let Some(runs) = &view.runs {
                object["runs"] = runs.to_json();
            }
        }
        Err(refusal) => object["error"] = secret::mask(&refusal.message).into(),
    }
    if let Some(error) = found.refused_by.first() {
        object["refused"] = error.rule.name.into();
    }
    object
}
