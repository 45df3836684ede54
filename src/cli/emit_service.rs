//! `soalint emit nerve|synapse|haproxy|sensu|jenkins`: what belongs to a host or a service.

use std::io::Write;
use std::mem::ManuallyDrop;

use rayon::prelude::*;

use crate::check::{self, CheckedTree, PayloadKind, Scope};
use crate::effective::Forest;
use crate::emit::python::{Value, write_json};
use crate::emit::{Form, Held, Payload, jenkins, sensu};
use crate::model::kind::FileKind;
use crate::repo::Service;
use crate::report::Style;
use crate::rules::Env;

use super::args::{EmitArgs, FormArg, Global, JsonOrYaml, KindArg};
use super::clusters::{self, Clusters, Known};
use super::output::{Output, Text};
use super::selected::Selected;
use super::target::Target;
use super::tree::Tree;
use super::{Error, Exit, terminal};

mod smartstack;

/// What was compiled: payloads by name, or whole files (name, extension, text).
#[derive(Default)]
struct Compiled {
    /// How many of what can be withheld were not.
    count: usize,
    payloads: Vec<Payload<'static>>,
    /// The same for several clusters, with the names of what is withheld.
    clusters: Vec<(String, Vec<Payload<'static>>, Vec<String>)>,
    files: Vec<(String, &'static str, String)>,
    held: Held,
}

pub(super) fn wrong_form() -> Error {
    Error::usage("only synapse has this form", "use --form target or --form paasta")
}

pub(super) fn run(global: &Global, args: &EmitArgs, out: &mut dyn Write) -> Result<Exit, Error> {
    let is_list = !matches!(args.form, FormArg::Target | FormArg::Paasta);
    if is_list && args.kind != KindArg::Synapse {
        return Err(wrong_form());
    }
    if is_list && args.format.is_some() {
        return Err(Error::usage("this form has a format of its own", "leave out --format"));
    }
    let tree = Tree::open(global.soa_dir.as_deref())?;
    let selected = Selected::of(&args.selectors, &tree)?;
    super::orientation::warn_unless_tree(&tree, &selected.scope());
    let target = Target::of(&args.target)?;
    let env = Env::new(super::configuration::load(global, &tree)?.unweakened());
    // Ports and proxies of SmartStack are the business of the whole tree.
    let scope = match args.kind {
        KindArg::Sensu | KindArg::Jenkins => selected.scope(),
        _ => Scope::Everything,
    };
    // The process ends after this: giving all trees back piece by piece would take as long as compiling them.
    let checked = ManuallyDrop::new(check::check_and_keep(&tree.disk, &scope, &env));
    let forest = checked.forest();
    let job = Job {
        global,
        args,
        tree: &tree,
        target: &target,
        env: &env,
        checked: &checked,
        forest: &forest,
        selected: &selected,
    };
    clusters::refuse_empty(&args.clusters)?;
    let compiled = job.compile()?;
    job.write(&compiled, out)?;
    let style = Style {
        root: crate::repo::printable(tree.root.as_os_str()),
        prefix: tree.prefix(),
        current: tree.current(),
        dialect: env.settings.dialect,
        ..terminal::error_style(global)
    };
    let is_withheld = !compiled.held.withheld.is_empty();
    super::emit::say_withheld(compiled.held, (compiled.count, noun(args)), &style);
    Ok(match checked.outcome().internal_error {
        true => Exit::Failure,
        false if is_withheld => Exit::Findings,
        false => Exit::Clean,
    })
}

/// What is withheld, if something is.
const fn noun(args: &EmitArgs) -> &'static str {
    match (args.kind, args.form) {
        (KindArg::Synapse, FormArg::Target | FormArg::Paasta) | (KindArg::Haproxy, _) => "namespace",
        (KindArg::Synapse | KindArg::Jenkins, _) => "service",
        _ => "instance",
    }
}

struct Job<'a> {
    global: &'a Global,
    args: &'a EmitArgs,
    tree: &'a Tree,
    target: &'a Target,
    env: &'a Env,
    checked: &'a CheckedTree,
    forest: &'a Forest<'a>,
    selected: &'a Selected,
}

impl Job<'_> {
    fn form(&self) -> Form {
        if self.args.form == FormArg::Paasta { Form::Paasta } else { Form::Target }
    }

    /// Whether the whole file is wanted, as it is installed.
    fn is_whole(&self) -> bool {
        self.args.format.is_none() && self.form() == Form::Target
    }

    fn keeps(&self, service: &str) -> bool {
        self.selected.has_service(service)
    }

    fn clusters(&self) -> Result<Clusters, Error> {
        let known = Known { tree: self.tree, settings: &self.env.settings, system: &self.target.system };
        Clusters::of(self.args, self.checked, &known)
    }

    fn compile(&self) -> Result<Compiled, Error> {
        match self.args.kind {
            KindArg::Nerve => self.nerve(),
            KindArg::Synapse if self.args.form == FormArg::Paasta => {
                self.selected.check_namespaces(self.checked)?;
                let (payloads, held) =
                    self.smartstack().namespaces(&|service, name| self.selected.wants(service, name));
                Ok(Compiled { count: payloads.len(), payloads, held, ..Compiled::default() })
            }
            KindArg::Synapse if self.args.form != FormArg::Target => {
                self.selected.check_whole("this form lists all namespaces of a service")?;
                Ok(self.services_file())
            }
            KindArg::Synapse => self.synapse(),
            KindArg::Haproxy => self.haproxy(),
            KindArg::Sensu => self.sensu(),
            _ => {
                self.selected.check_whole("a pipeline is of a whole service")?;
                Ok(self.jenkins())
            }
        }
    }

    fn sensu(&self) -> Result<Compiled, Error> {
        let clusters = self.clusters()?;
        let names: Vec<&str> = clusters.names().iter().map(String::as_str).collect();
        self.selected.check_names(self.checked, &[FileKind::Marathon, FileKind::Chronos], &names)?;
        if !self.global.quiet {
            self.target.say_assumptions(self.checked, clusters.names());
        }
        let state = super::node::state(&self.args.node)?;
        let mut compiled = Compiled::default();
        for cluster in clusters.names() {
            let (payloads, mut held) = self.sensu_of(cluster, &state);
            compiled.count += payloads.len();
            if clusters.is_several() {
                let names = held.withheld.iter().map(|(name, _)| name.clone()).collect();
                held.name_cluster(cluster);
                compiled.clusters.push((cluster.clone(), payloads, names));
            } else {
                compiled.payloads = payloads;
            }
            compiled.held.append(held);
        }
        compiled.held.settle();
        Ok(compiled)
    }

    fn sensu_of(&self, cluster: &str, state: &sensu::State) -> (Vec<Payload<'static>>, Held) {
        let context = self.target.context(&self.env.settings, cluster, self.form() == Form::Paasta);
        let of_service = |service: &Service| {
            let deployments = super::emit::deployments(self.tree, service);
            let wanted = |instance: &str| self.selected.includes(&service.name, instance);
            sensu::compile(
                (self.checked, self.forest, service),
                &context,
                &deployments,
                state,
                self.form(),
                &wanted,
            )
        };
        let (mut sent, mut refused): (Vec<Payload<'static>>, Held) = Default::default();
        let all: Vec<(Vec<Payload<'static>>, Held)> =
            self.checked.services().par_iter().map(of_service).collect();
        for (payloads, held) in all {
            sent.extend(payloads);
            refused.append(held);
        }
        (sent, refused)
    }

    fn jenkins(&self) -> Compiled {
        let mut compiled = Compiled::default();
        for service in self.checked.services() {
            let reasons = self.checked.service_errors(service, PayloadKind::Jenkins, "");
            if !reasons.is_empty() {
                compiled.held.add_named(service.name.clone(), &reasons);
                continue;
            }
            let Some(config) = self.forest.config(&service.name) else { continue };
            let built = config.and_then(|config| {
                let facts = jenkins::facts(&config)?;
                Ok(jenkins::Pipeline::of(&config)?
                    .map(|pipeline| (pipeline, crate::emit::convert::owned(&facts))))
            });
            match built {
                Ok(None) => {}
                Ok(Some((pipeline, facts))) => {
                    if self.is_whole() {
                        compiled.files.push((service.name.clone(), "jenkinsfile", pipeline.jenkinsfile()));
                        continue;
                    }
                    let value = match self.form() {
                        Form::Target => Value::computed(pipeline.jenkinsfile()),
                        Form::Paasta => facts,
                    };
                    compiled.payloads.push(Payload {
                        name: service.name.clone(),
                        value,
                        is_placeholder: false,
                    });
                }
                Err(refusal) => {
                    compiled.held.refuse_at(self.forest, service.place(), (&service.name, ""), &refusal);
                }
            }
        }
        compiled.held.settle();
        compiled.count = compiled.payloads.len() + compiled.files.len();
        compiled
    }

    fn write(&self, compiled: &Compiled, out: &mut dyn Write) -> Result<(), Error> {
        let format = self.args.format.unwrap_or(JsonOrYaml::Json);
        let mut output = match &self.args.output_dir {
            Some(directory) => Output::directory(directory, &self.tree.bounds(), format)?,
            None => Output::stream(out, format),
        };
        let is_directory = self.args.output_dir.is_some();
        let withheld = || compiled.held.withheld.iter().map(|(name, _)| name.as_str());
        if self.args.kind == KindArg::Jenkins && self.is_whole() {
            output.remove_stale(withheld(), Some("jenkinsfile"))?;
        }
        if self.is_whole() && self.args.kind != KindArg::Sensu || !compiled.files.is_empty() {
            for (index, (name, extension, text)) in compiled.files.iter().enumerate() {
                if index > 0 && !is_directory {
                    super::until_closed(output.write_whole("", "", "\n"))?;
                }
                super::until_closed(output.write_whole(name, extension, text))?;
            }
            return Ok(());
        }
        if compiled.clusters.is_empty() {
            output.remove_stale(withheld(), None)?;
        }
        write_all(&compiled.payloads, &mut output)?;
        for (cluster, payloads, withheld) in &compiled.clusters {
            output.begin_cluster(cluster)?;
            output.remove_stale(withheld.iter().map(String::as_str), None)?;
            write_all(payloads, &mut output)?;
        }
        super::until_closed(output.finish())?;
        Ok(())
    }
}

fn write_all(payloads: &[Payload<'_>], output: &mut Output<'_>) -> Result<(), Error> {
    let layout = output.layout();
    for payload in payloads {
        let text = Text::of(payload, layout)
            .map_err(|refusal| Error::usage(format!("`{}`: {}", payload.name, refusal.message), ""))?;
        super::until_closed(output.write(&text))?;
    }
    Ok(())
}

/// A value as a whole JSON file.
fn whole(name: &str, value: &Value<'_>) -> Result<(String, &'static str, String), Error> {
    let mut text = String::new();
    write_json(value, 0, &mut text)
        .map_err(|error| Error::usage(format!("`{name}.json` cannot be written: {error}"), ""))?;
    text.push('\n');
    Ok((name.to_owned(), "json", text))
}
