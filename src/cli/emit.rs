//! `soalint emit`: the same way for every kind. What was asked for is written, or it is withheld and named.

use std::io::Write;
use std::mem::ManuallyDrop;

use crate::check::{self, CheckedTree, PayloadKind, Scope};
use crate::diagnostic::Place;
use crate::effective::{Deployments, Forest};
use crate::emit::{self, Form, Held, Payload};
use crate::model::kind::FileKind;
use crate::repo::{Service, ServiceName, TreeSource as _};
use crate::rules::Env;

use super::args::{EmitArgs, FormArg, Global, JsonOrYaml, KindArg};
use super::clusters::{self, Clusters, Known};
use super::output::{Layout, Output, Part, Shape, Text};
use super::selected::Selected;
use super::target::Target;
use super::tree::Tree;
use super::withheld::{self, counted};
use super::{Error, Exit, terminal};

mod instances;
mod options;
mod services;
mod smartstack;

pub(super) fn run(global: &Global, args: &EmitArgs, out: &mut dyn Write) -> Result<Exit, Error> {
    options::refuse_foreign(args)?;
    let kind = kind(args.kind);
    let tree = Tree::open(global.soa_dir.as_deref())?;
    let selected = Selected::of(&args.selectors, &tree)?;
    super::orientation::warn_unless_tree(&tree, &selected.scope());
    clusters::refuse_empty(&args.clusters)?;
    selected.check_files(takes(kind), &args.clusters)?;
    selected.check_clusters_of_files(&args.clusters)?;
    if args.all_clusters {
        selected.refuse_files("--all-clusters")?;
    }
    let target = Target::of(&args.target)?;
    let env = Env::new(super::configuration::load(global, &tree)?.unweakened());
    // Ports and proxies of SmartStack are the business of the whole tree.
    let scope = if kind.is_smartstack() { Scope::Everything } else { selected.scope() };
    // The process ends after this: giving all trees back piece by piece would take as long as compiling them.
    let checked = ManuallyDrop::new(check::check_and_keep(&tree.disk, &scope, &env));
    tree.refuse_incomplete()?;
    selected.check_paths(&tree, &checked)?;
    let forest = checked.forest();
    let job = Job {
        global,
        args,
        kind,
        tree: &tree,
        target: &target,
        env: &env,
        checked: &checked,
        forest: &forest,
        selected: &selected,
    };
    let style = terminal::error_style_of(&tree, &env, global);
    let clusters = job.clusters().inspect_err(|_| {
        // Which clusters there are is not known then, either.
        let mut held = Held::default();
        job.hold_unread(None, &mut held);
        withheld::say(held, (0, job.noun()), &style);
    })?;
    let (done, is_complete) = job.run(clusters.as_ref(), out)?;
    if !global.quiet {
        done.say_placeholders();
    }
    let exit = withheld::say(done.held, (done.given, job.noun()), &style);
    tree.refuse_incomplete()?;
    Ok(if checked.outcome().internal_error || !is_complete { Exit::Failure } else { exit })
}

/// The files of instances that can be named for a kind: a pipeline names the instances of all.
const fn takes(kind: PayloadKind) -> &'static [FileKind] {
    match kind {
        PayloadKind::Jenkins => &[FileKind::Marathon, FileKind::Chronos, FileKind::Adhoc],
        _ => kind.instance_files(),
    }
}

const fn kind(kind: KindArg) -> PayloadKind {
    match kind {
        KindArg::Marathon => PayloadKind::Marathon,
        KindArg::Chronos => PayloadKind::Chronos,
        KindArg::Adhoc => PayloadKind::Adhoc,
        KindArg::Nerve => PayloadKind::Nerve,
        KindArg::Synapse => PayloadKind::Synapse,
        KindArg::Haproxy => PayloadKind::Haproxy,
        KindArg::Sensu => PayloadKind::Sensu,
        KindArg::Jenkins => PayloadKind::Jenkins,
    }
}

/// Everything that compiling needs.
struct Job<'a> {
    global: &'a Global,
    args: &'a EmitArgs,
    kind: PayloadKind,
    tree: &'a Tree,
    target: &'a Target,
    env: &'a Env,
    checked: &'a CheckedTree,
    forest: &'a Forest<'a>,
    selected: &'a Selected,
}

/// What a run did.
#[derive(Default)]
struct Done {
    held: Held,
    /// How many of what can be withheld were not.
    given: usize,
    /// Payloads with a placeholder for the image, of services without deployments.json.
    without_file: usize,
    /// The same of services whose deployments.json does not name one.
    without_entry: usize,
}

impl Done {
    fn say_placeholders(&self) {
        let cases = [
            ("no deployments.json for", self.without_file),
            ("deployments.json names no image for", self.without_entry),
        ];
        for (words, number) in cases.into_iter().filter(|(_, number)| *number > 0) {
            let whose = if number == 1 { "its" } else { "their" };
            say!("note: {words} {}: {whose} image is a {}", counted(number, "instance"), emit::PLACEHOLDER);
        }
    }
}

impl Job<'_> {
    /// The clusters to compile for; none where all get the same.
    fn clusters(&self) -> Result<Option<Clusters>, Error> {
        let known = Known {
            tree: self.tree,
            settings: &self.env.settings,
            system: &self.target.system,
            has_unread: clusters::has_unread(self.checked, self.selected),
        };
        match self.kind {
            PayloadKind::Synapse | PayloadKind::Haproxy | PayloadKind::Jenkins => {
                let in_tree = clusters::of_services(self.checked);
                clusters::refuse_unknown(&self.args.clusters, &in_tree, &known)?;
                Ok(None)
            }
            _ => {
                let clusters = Clusters::of(self.args, self.selected, self.checked, &known)?;
                if self.kind == PayloadKind::Nerve {
                    clusters.refuse_several()?;
                }
                Ok(Some(clusters))
            }
        }
    }

    /// Compiles and writes everything that was asked for, cluster by cluster. What could not be read is
    /// withheld here, whatever the kind. Also tells whether everything that was compiled could be written.
    fn run(&self, clusters: Option<&Clusters>, out: &mut dyn Write) -> Result<(Done, bool), Error> {
        let names: Vec<&str> = clusters.into_iter().flat_map(Clusters::names).map(String::as_str).collect();
        self.check_selection(&names)?;
        if let Some(clusters) = clusters.filter(|_| !self.global.quiet && self.kind != PayloadKind::Nerve) {
            self.target.say_assumptions(self.checked, clusters.names());
        }
        let is_several = clusters.is_some_and(Clusters::is_several);
        let shape = Shape {
            format: self.args.format.unwrap_or(JsonOrYaml::Json),
            is_whole: self.is_whole(),
            is_several,
        };
        let form = self.args.form.name();
        let part = |cluster| Part { kind: self.kind.name(), form: &form, cluster };
        let parts: Vec<Option<&str>> = match clusters {
            Some(_) => names.iter().map(|name| Some(*name)).collect(),
            None => vec![None],
        };
        let covers =
            |entry: &super::output::Entry| self.selected.covers(entry.service.as_deref(), &entry.payload);
        let bounds = self.tree.bounds();
        let directory = self.args.output_dir.as_deref().map(|path| (path, &bounds));
        let mut output = Output::open(directory, out, shape)?;
        let mut done = Done::default();
        for cluster in parts {
            output.begin(&part(cluster))?;
            let mut held = self.compile(cluster, &mut output, &mut done)?;
            self.hold_unread(cluster, &mut held);
            // What only could not be opened now is not gone.
            self.tree.refuse_incomplete()?;
            output.end(&held.withheld, &covers)?;
            if let Some(cluster) = cluster.filter(|_| is_several) {
                held.name_cluster(cluster);
            }
            done.held.append(held);
        }
        let lost = self.lost();
        let is_complete = output.finish(&part(None), self.args.all_clusters, &lost.withheld, &covers)?;
        done.held.append(lost);
        done.held.settle();
        Ok((done, is_complete))
    }

    /// Withholds everything that stands where nothing could be read.
    fn hold_unread(&self, cluster: Option<&str>, held: &mut Held) {
        for service in self.checked.services().iter().filter(|s| self.selected.has_service(&s.name)) {
            for unread in self.checked.unread(service, self.kind, cluster) {
                held.add_unread(&unread);
            }
        }
    }

    /// The services of which nothing could be read: they are withheld even where no cluster is known, because
    /// nobody knows theirs.
    fn lost(&self) -> Held {
        let mut held = Held::default();
        let is_lost =
            |service: &&Service| service.error.is_some() && self.selected.has_service(&service.name);
        for service in self.checked.services().iter().filter(is_lost) {
            for unread in self.checked.unread(service, self.kind, None) {
                held.add_unread(&unread);
            }
        }
        held
    }

    fn compile(
        &self,
        cluster: Option<&str>,
        output: &mut Output<'_>,
        done: &mut Done,
    ) -> Result<Held, Error> {
        let in_cluster = cluster.unwrap_or("");
        match self.kind {
            PayloadKind::Marathon | PayloadKind::Chronos | PayloadKind::Adhoc => {
                self.instances(in_cluster, output, done)
            }
            PayloadKind::Sensu => self.sensu(in_cluster, output, done),
            PayloadKind::Jenkins => self.jenkins(output, done),
            PayloadKind::Nerve => self.nerve(in_cluster, output, done),
            PayloadKind::Synapse if self.args.form.is_list() => self.list(output, done),
            PayloadKind::Synapse if self.form() == Form::Paasta => self.namespaces(output, done),
            PayloadKind::Synapse => self.synapse(output, done),
            PayloadKind::Haproxy => self.haproxy(output, done),
        }
    }

    /// Refuses names of what is not there.
    fn check_selection(&self, clusters: &[&str]) -> Result<(), Error> {
        let files: &[FileKind] = self.kind.instance_files();
        match self.kind {
            PayloadKind::Jenkins => self.selected.check_whole("a pipeline is of a whole service"),
            PayloadKind::Synapse if self.args.form.is_list() => {
                self.selected.check_whole("this form lists all namespaces of a service")
            }
            PayloadKind::Synapse | PayloadKind::Haproxy => self.selected.check_namespaces(self.checked),
            _ => self.selected.check_names(self.checked, files, clusters),
        }
    }

    fn form(&self) -> Form {
        if self.args.form == FormArg::Paasta { Form::Paasta } else { Form::Target }
    }

    /// Whether the whole file is wanted, as it is installed.
    fn is_whole(&self) -> bool {
        match self.kind {
            PayloadKind::Marathon | PayloadKind::Chronos | PayloadKind::Adhoc | PayloadKind::Sensu => false,
            // Sections have no other form than their text.
            PayloadKind::Haproxy => self.args.format.is_none(),
            _ => self.args.format.is_none() && self.args.form != FormArg::Paasta,
        }
    }

    /// What is withheld, if something is.
    const fn noun(&self) -> &'static str {
        match self.kind {
            PayloadKind::Synapse | PayloadKind::Haproxy => "namespace",
            PayloadKind::Jenkins => "service",
            _ => "instance",
        }
    }
}

/// Payloads as text; one that the format has no words for is withheld as well.
fn texts(payloads: &[Payload<'_>], forest: &Forest<'_>, layout: Layout, held: &mut Held) -> Vec<Text> {
    let text = |payload: &Payload<'_>| match Text::of(payload, layout) {
        Ok(text) => Some(text),
        Err(refusal) => {
            let name = payload.name.strip_prefix(&payload.service).and_then(|rest| rest.strip_prefix('.'));
            let whole = Place::whole(payload.service.as_str());
            held.refuse_at(forest, whole, (&payload.service, name), &refusal);
            None
        }
    };
    payloads.iter().filter_map(text).collect()
}

/// What is deployed of a service.
pub(super) fn deployments(tree: &Tree, service: &Service) -> Deployments {
    if !service.has_entry(Deployments::FILE_NAME) {
        return Deployments::Missing;
    }
    let broken = |reason: &str| Deployments::Broken(format!("deployments.json cannot be read: {reason}"));
    let name = ServiceName::new(service.name.clone().into());
    match tree.disk.read(&name, Deployments::FILE_NAME) {
        Some(Ok(bytes)) => Deployments::parse(&bytes),
        Some(Err(reason)) => broken(&reason.to_string()),
        None => broken("it is a link that leads nowhere"),
    }
}
