//! `soalint emit`.

use std::io::{self, Write};
use std::mem::ManuallyDrop;

use rayon::prelude::*;

use crate::check::{self, CheckedTree, Outcome, PayloadKind};
use crate::effective::{Deployments, Forest};
use crate::emit::{self, Form, Held, Request};
use crate::model::kind::FileKind;
use crate::repo::{Service, ServiceName, TreeSource as _};
use crate::report::escape::inert;
use crate::report::{self, Format, Style};
use crate::rules::Env;
use crate::text::printable;

use super::args::{EmitArgs, FormArg, Global, JsonOrYaml, KindArg};
use super::clusters::{self, Clusters, Known};
use super::output::{Layout, Output, Text};
use super::selected::Selected;
use super::target::Target;
use super::tree::Tree;
use super::{Error, Exit, terminal};

/// Services that are compiled before their payloads are written: bounds the memory.
const CHUNK: usize = 256;

pub(super) fn run(global: &Global, args: &EmitArgs, out: &mut dyn Write) -> Result<Exit, Error> {
    let Some((kind, file_kind)) = kinds(args.kind) else {
        return super::emit_service::run(global, args, out);
    };
    let format = args.format.unwrap_or(JsonOrYaml::Json);
    let tree = Tree::open(global.soa_dir.as_deref())?;
    let selected = Selected::of(&args.selectors, &tree)?;
    super::orientation::warn_unless_tree(&tree, &selected.scope());
    clusters::refuse_empty(&args.clusters)?;
    let target = Target::of(&args.target)?;
    let env = Env::new(super::configuration::load(global, &tree)?.unweakened());
    super::use_threads(global);
    // The process ends after this: giving all trees back piece by piece would take as long as compiling them.
    let checked = ManuallyDrop::new(check::check_and_keep(&tree.disk, &selected.scope(), &env));
    let known = Known { tree: &tree, settings: &env.settings, system: &target.system };
    let clusters = Clusters::of(args, &checked, &known)?;
    let names: Vec<&str> = clusters.names().iter().map(String::as_str).collect();
    selected.check_names(&checked, &[file_kind], &names)?;
    if !global.quiet {
        target.say_assumptions(&checked, clusters.names());
    }
    let form = match args.form {
        FormArg::Target => Form::Target,
        FormArg::Paasta => Form::Paasta,
        _ => return Err(super::emit_service::wrong_form()),
    };
    let forest = checked.forest();
    let mut output = match &args.output_dir {
        Some(directory) => Output::directory(directory, &tree.bounds(), format)?,
        None => Output::stream(out, format),
    };
    let mut done = Done::default();
    for cluster in clusters.names() {
        let context = target.context(&env.settings, cluster, form == Form::Paasta);
        let request = Request { context: &context, kind, form, machine: &target.machine };
        let job =
            Job { tree: &tree, checked: &checked, forest: &forest, selected: &selected, request: &request };
        if clusters.is_several() {
            output.begin_cluster(cluster)?;
        }
        let mut held = job.run(&mut output, &mut done)?;
        if clusters.is_several() {
            held.name_cluster(cluster);
        }
        done.held.append(held);
    }
    done.held.settle();
    super::until_closed(output.finish())?;
    if !global.quiet {
        done.say_placeholders();
    }
    let style = Style {
        root: crate::repo::printable(tree.root.as_os_str()),
        prefix: tree.prefix(),
        current: tree.current(),
        dialect: env.settings.dialect,
        ..terminal::error_style(global)
    };
    let is_withheld = !done.held.withheld.is_empty();
    say_withheld(done.held, (done.payloads, "instance"), &style);
    Ok(match checked.outcome().internal_error {
        true => Exit::Failure,
        false if is_withheld => Exit::Findings,
        false => Exit::Clean,
    })
}

/// The kinds that are compiled from one instance each.
const fn kinds(kind: KindArg) -> Option<(PayloadKind, FileKind)> {
    match kind {
        KindArg::Marathon => Some((PayloadKind::Marathon, FileKind::Marathon)),
        KindArg::Chronos => Some((PayloadKind::Chronos, FileKind::Chronos)),
        KindArg::Adhoc => Some((PayloadKind::Adhoc, FileKind::Adhoc)),
        _ => None,
    }
}

fn counted(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// Everything that compiling one service needs.
struct Job<'a> {
    tree: &'a Tree,
    checked: &'a CheckedTree,
    forest: &'a Forest<'a>,
    selected: &'a Selected,
    request: &'a Request<'a>,
}

/// What a run did.
#[derive(Default)]
struct Done {
    held: Held,
    payloads: usize,
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
    /// Compiles chunk by chunk, in the order of the services.
    fn run(&self, output: &mut Output<'_>, done: &mut Done) -> Result<Held, Error> {
        let mut all = Held::default();
        let layout = output.layout();
        for chunk in self.checked.services().chunks(CHUNK) {
            let compiled: Vec<(Vec<Text>, Held)> =
                chunk.par_iter().map(|service| self.service(service, layout)).collect();
            for (service, (texts, held)) in chunk.iter().zip(compiled) {
                output.remove_stale(held.withheld.iter().map(|(name, _)| name.as_str()), None)?;
                let has_file = service.has_entry(Deployments::FILE_NAME);
                for text in texts {
                    done.payloads += 1;
                    let without = if has_file { &mut done.without_entry } else { &mut done.without_file };
                    *without += usize::from(text.is_placeholder);
                    // Who has seen enough still gets the exit status that was earned.
                    super::until_closed(output.write(&text))?;
                }
                all.append(held);
            }
        }
        Ok(all)
    }

    fn service(&self, service: &Service, layout: Layout) -> (Vec<Text>, Held) {
        let deployments = deployments(self.tree, service);
        let wanted = |instance: &str| self.selected.includes(&service.name, instance);
        let write = |payload: emit::Payload<'_>| Text::of(&payload, layout);
        self.request.compile(self.checked, self.forest, service, &deployments, &wanted, write)
    }
}

/// What is deployed of a service.
pub(super) fn deployments(tree: &Tree, service: &Service) -> Deployments {
    if !service.has_entry(Deployments::FILE_NAME) {
        return Deployments::Missing;
    }
    let name = ServiceName::new(service.name.clone().into());
    match tree.disk.read(&name, Deployments::FILE_NAME) {
        Some(Ok(bytes)) => Deployments::parse(&bytes),
        Some(Err(reason)) => Deployments::Broken(format!("deployments.json cannot be read: {reason}")),
        None => Deployments::Missing,
    }
}

/// Tells which instances were withheld, and shows the errors that hold them back.
/// `payloads` are how many of what were not withheld.
pub(super) fn say_withheld(held: Held, counts: (usize, &str), style: &Style) {
    // Nowhere is left to say that nothing can be said; the exit status is the same.
    let _ = write_withheld(held, counts, style, &mut io::stderr().lock());
}

fn write_withheld(
    held: Held,
    (payloads, noun): (usize, &str),
    style: &Style,
    err: &mut dyn Write,
) -> io::Result<()> {
    if held.withheld.is_empty() {
        return Ok(());
    }
    let outcome = Outcome { diagnostics: held.findings, ..Outcome::default() };
    report::write(Format::Human, &outcome, style, err)?;
    for (name, rules) in &held.withheld {
        let reasons = if rules.is_empty() { "its name is not text".to_owned() } else { rules.join(", ") };
        let name = crate::secret::mask(name);
        writeln!(err, "withheld: {} ({reasons})", inert(&printable(&name)))?;
    }
    let total = payloads + held.withheld.len();
    writeln!(err, "Withheld {} of {}.", held.withheld.len(), counted(total, noun))
}
