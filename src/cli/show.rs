//! `soalint show`.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::mem::ManuallyDrop;

use crate::check::{self, CheckedTree, PayloadKind};
use crate::effective::{Deployments, entries};
use crate::emit::settings::{Expected, expected_instances};
use crate::emit::shown::{NextRuns, Shown, next_runs, shown};
use crate::emit::{Refusal, Subject};
use crate::model::kind::FileKind;
use crate::repo::{Service, ServiceName, TreeSource as _};
use crate::rules::Env;
use crate::text::printable;

use super::args::{Global, ShowArgs, TextOrJson};
use super::target::{Selected, Target};
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
    let cluster = args.cluster.as_deref().or_else(|| target.system.cluster());
    selected.check_names(&checked, &KINDS, cluster.as_slice())?;
    let mut found = Vec::new();
    for service in checked.services() {
        let name = ServiceName::new(service.name.clone().into());
        let deployments = match tree.disk.read(&name, Deployments::FILE_NAME) {
            Some(Ok(bytes)) => Deployments::parse(&bytes),
            Some(Err(reason)) => Deployments::Broken(reason),
            None => Deployments::Missing,
        };
        let view = View { checked: &checked, target: &target, env: &env, selected: &selected, cluster };
        view.service(service, &deployments, &mut found);
    }
    found.sort_by(|a, b| a.key().cmp(&b.key()));
    let written = match args.format {
        TextOrJson::Human => human(&found, out),
        TextOrJson::Json => json(&found, out),
    };
    super::until_closed(written)?;
    Ok(if found.iter().any(|instance| instance.view.is_err()) { Exit::Findings } else { Exit::Clean })
}

/// An instance with its values.
struct Found {
    service: String,
    instance: String,
    kind: FileKind,
    cluster: String,
    view: Result<Effective, Refusal>,
    /// The rule whose error keeps a job from being deployed.
    refused_by: Option<&'static str>,
}

/// What is effective for an instance.
struct Effective {
    values: Vec<Shown>,
    /// When it runs next, if it is a job.
    runs: Option<NextRuns>,
}

impl Found {
    fn key(&self) -> (&str, &str, FileKind, &str) {
        (&self.service, &self.instance, self.kind, &self.cluster)
    }
}

struct View<'v> {
    checked: &'v CheckedTree,
    target: &'v Target,
    env: &'v Env,
    selected: &'v Selected,
    cluster: Option<&'v str>,
}

impl View<'_> {
    fn service(&self, service: &Service, deployments: &Deployments, found: &mut Vec<Found>) {
        let forest = self.checked.forest();
        let Some(config) = forest.config(&service.name) else { return };
        for document in &service.documents {
            let Some(kind) = document.kind.filter(|kind| KINDS.contains(kind)) else { continue };
            let cluster = document.cluster.as_deref().unwrap_or("");
            if self.cluster.is_some_and(|wanted| wanted != cluster) {
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
                    refused_by: refused.get(written.name).copied(),
                });
            }
        }
    }

    /// Jobs that are not deployed, with the rule whose error keeps them from it.
    fn refused(&self, service: &Service, kind: FileKind, cluster: &str) -> BTreeMap<String, &'static str> {
        if kind != FileKind::Chronos {
            return BTreeMap::new();
        }
        let jobs = self.checked.instances(service, kind, PayloadKind::Chronos, cluster);
        let withheld = jobs.into_iter().filter_map(Result::err);
        withheld.filter_map(|held| Some((held.name, held.reasons.first()?.rule.name))).collect()
    }
}

/// A table per instance: name, value, origin.
fn human(found: &[Found], out: &mut dyn Write) -> io::Result<()> {
    for (index, instance) in found.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        let name = printable(&format!("{}.{}", instance.service, instance.instance));
        writeln!(out, "{name}  {} in {}", instance.kind.name(), printable(&instance.cluster))?;
        match &instance.view {
            Err(refusal) => writeln!(out, "  cannot be read: {}", printable(&refusal.message))?,
            Ok(view) => {
                table(&view.values, out)?;
                for line in view.runs.iter().flat_map(NextRuns::lines) {
                    writeln!(out, "  {}", printable(&line))?;
                }
                if let Some(rule) = instance.refused_by {
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

fn json(found: &[Found], out: &mut dyn Write) -> io::Result<()> {
    let instance = |found: &Found| {
        let mut object = serde_json::json!({
            "service": found.service,
            "instance": found.instance,
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
            Err(refusal) => object["error"] = refusal.message.clone().into(),
        }
        if let Some(rule) = found.refused_by {
            object["refused"] = rule.into();
        }
        object
    };
    let all: Vec<serde_json::Value> = found.iter().map(instance).collect();
    serde_json::to_writer_pretty(&mut *out, &serde_json::json!({ "version": 1, "instances": all }))?;
    writeln!(out)
}
