//! `soalint show`.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::mem::ManuallyDrop;

use crate::check::{self, CheckedTree, PayloadKind};
use crate::diagnostic::Diagnostic;
use crate::effective::{Deployments, entries};
use crate::emit::settings::{Expected, expected_instances};
use crate::emit::shown::{NextRuns, Shown, next_runs, shown};
use crate::emit::{Refusal, Subject};
use crate::model::kind::FileKind;
use crate::repo::{Service, ServiceName, TreeSource as _};
use crate::report::escape::{Inert, inert, json_pretty};
use crate::rules::Env;
use crate::secret;
use crate::text::printable;

use super::args::{Global, ShowArgs, TextOrJson};
use super::clusters::{self, Known};
use super::selected::Selected;
use super::target::Target;
use super::tree::Tree;
use super::{Error, Exit};

const KINDS: [FileKind; 3] = [FileKind::Marathon, FileKind::Chronos, FileKind::Adhoc];

pub(super) fn run(global: &Global, args: &ShowArgs, out: &mut dyn Write) -> Result<Exit, Error> {
    let tree = Tree::open(global.soa_dir.as_deref())?;
    let selected = Selected::of(&args.selectors, &tree)?;
    let target = Target::of(&args.target)?;
    let env = Env::new(super::configuration::load(global, &tree)?.unweakened());
    super::use_threads(global);
    // The process ends after this: giving all trees back piece by piece would take as long as compiling them.
    let checked = ManuallyDrop::new(check::check_and_keep(&tree.disk, &selected.scope(), &env));
    let known = Known { tree: &tree, settings: &env.settings, system: &target.system };
    clusters::refuse_misspelt(&args.clusters, &clusters::of_services(&checked), &known)?;
    let mut wanted: Vec<&str> = args.clusters.iter().map(String::as_str).collect();
    if wanted.is_empty() {
        wanted.extend(target.system.cluster());
    }
    selected.check_names(&checked, &KINDS, &wanted)?;
    let mut found = Vec::new();
    for service in checked.services() {
        let name = ServiceName::new(service.name.clone().into());
        let deployments = match tree.disk.read(&name, Deployments::FILE_NAME) {
            Some(Ok(bytes)) => Deployments::parse(&bytes),
            Some(Err(reason)) => Deployments::Broken(reason),
            None => Deployments::Missing,
        };
        let view =
            View { checked: &checked, target: &target, env: &env, selected: &selected, clusters: &wanted };
        view.service(service, &deployments, &mut found);
    }
    found.sort_by(|a, b| a.key().cmp(&b.key()));
    let written = match args.format {
        TextOrJson::Human => Inert::lines(out, |out| human(&found, out)),
        TextOrJson::Json => json(&found, out),
    };
    super::until_closed(written)?;
    if !global.quiet {
        say_refused(&found, &tree, global);
        if found.is_empty() {
            let place = if wanted.is_empty() { String::new() } else { format!(" in {}", wanted.join(", ")) };
            say!("note: these services have no instance{}", printable(&place));
        }
    }
    Ok(if found.iter().any(|instance| instance.view.is_err()) { Exit::Findings } else { Exit::Clean })
}

/// An instance with its values.
struct Found<'v> {
    service: String,
    instance: String,
    kind: FileKind,
    cluster: String,
    view: Result<Effective, Refusal>,
    /// The errors that keep it from being deployed.
    refused_by: Vec<&'v Diagnostic>,
}

/// What is effective for an instance.
struct Effective {
    values: Vec<Shown>,
    /// When it runs next, if it is a job.
    runs: Option<NextRuns>,
}

impl Found<'_> {
    fn key(&self) -> (&str, &str, FileKind, &str) {
        (&self.service, &self.instance, self.kind, &self.cluster)
    }
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
    fn service(&self, service: &'v Service, deployments: &Deployments, found: &mut Vec<Found<'v>>) {
        let forest = self.checked.forest();
        let Some(config) = forest.config(&service.name) else { return };
        for document in &service.documents {
            let Some(kind) = document.kind.filter(|kind| KINDS.contains(kind)) else { continue };
            let cluster = document.cluster.as_deref().unwrap_or("");
            if !self.clusters.is_empty() && !self.clusters.contains(&cluster) {
                continue;
            }
            let context = self.target.context(&self.env.settings, cluster, false);
            let expected: Expected<'_> = match &config {
                Ok(config) if kind == FileKind::Marathon => {
                    expected_instances(&context, &forest, config, deployments)
                }
                _ => Ok(BTreeMap::new()),
            };
            let instance = |config, written| {
                let subject = Subject::unchecked(&context, &forest, config, deployments, kind, written)?;
                Ok(Effective { values: shown(&subject, &expected), runs: next_runs(&subject) })
            };
            let refused = self.refused(service, kind, cluster);
            for written in entries(service, kind, cluster).flatten() {
                if !self.selected.includes(&service.name, written.name) {
                    continue;
                }
                let view = match &config {
                    Ok(config) => instance(config, written),
                    Err(refusal) => Err(refusal.clone()),
                };
                found.push(Found {
                    service: service.name.clone(),
                    instance: written.name.to_owned(),
                    kind,
                    cluster: cluster.to_owned(),
                    view,
                    refused_by: refused.get(written.name).cloned().unwrap_or_default(),
                });
            }
        }
    }

    /// Instances that are not deployed, with the errors that keep them from it.
    fn refused(
        &self,
        service: &'v Service,
        kind: FileKind,
        cluster: &str,
    ) -> BTreeMap<String, Vec<&'v Diagnostic>> {
        let payload = match kind {
            FileKind::Chronos => PayloadKind::Chronos,
            FileKind::Adhoc => PayloadKind::Adhoc,
            _ => PayloadKind::Marathon,
        };
        let instances = self.checked.instances(service, kind, payload, cluster);
        instances
            .into_iter()
            .filter_map(|instance| instance.err().map(|held| (held.name, held.reasons)))
            .collect()
    }
}

/// Says on stderr which services have errors that keep what is shown from being deployed.
fn say_refused(found: &[Found<'_>], tree: &Tree, global: &Global) {
    let mut services: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for instance in found {
        services.entry(&instance.service).or_default().extend(&instance.refused_by);
    }
    for (service, mut errors) in services {
        errors.sort_by(|a, b| a.order(b));
        errors.dedup_by(|a, b| std::ptr::eq(*a, *b));
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

/// A table per instance: name, value, origin.
fn human(found: &[Found<'_>], out: &mut dyn Write) -> io::Result<()> {
    for (index, instance) in found.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        let name = printable(&secret::mask(&format!("{}.{}", instance.service, instance.instance)));
        writeln!(out, "{name}  {} in {}", instance.kind.name(), printable(&instance.cluster))?;
        match &instance.view {
            Err(refusal) => {
                writeln!(out, "  cannot be read: {}", printable(&secret::mask(&refusal.message)))?;
            }
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
            }
        }
    }
    Ok(())
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

fn json(found: &[Found<'_>], out: &mut dyn Write) -> io::Result<()> {
    let instance = |found: &Found<'_>| {
        let mut object = serde_json::json!({
            "service": found.service,
            "instance": secret::mask(&found.instance),
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
    };
    let all: Vec<serde_json::Value> = found.iter().map(instance).collect();
    json_pretty(&serde_json::json!({ "version": 1, "instances": all }), out)
}
