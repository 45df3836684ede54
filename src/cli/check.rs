//! `soalint check`.

use std::io::Write;

use crate::check;
use crate::config::{Selection, Settings};
use crate::report::Style;
use crate::rules::{self, Env, RULES, Status};
use crate::suggest;

use super::args::{CheckArgs, Global};
use super::tree::Tree;
use super::{Error, Exit, figures, terminal};

pub(super) fn run(global: &Global, args: &CheckArgs, out: &mut dyn Write) -> Result<Exit, Error> {
    args.output.validate()?;
    let tree = Tree::open(global.soa_dir.as_deref())?;
    let scope = tree.scope(&args.paths)?;
    let mut env = Env::new(settings(global, args, &tree)?);
    env.clock = args.figures.timings.then_some(figures::clock);
    super::use_threads(global);
    if global.verbose {
        let services = match &scope {
            check::Scope::Everything => "all services".to_owned(),
            check::Scope::Services(names) => {
                format!("services {}", names.iter().map(String::as_str).collect::<Vec<_>>().join(", "))
            }
        };
        eprintln!(
            "soalint: tree {}, dialect {}, {services}",
            crate::text::printable(&tree.disk.root().to_string_lossy()),
            env.settings.dialect
        );
    }
    let outcome = check::check(&tree.disk, &scope, &env);
    let style = Style {
        root: crate::repo::printable(tree.root.as_os_str()),
        prefix: tree.prefix(),
        repository: tree.path_in_repository(),
        dialect: env.settings.dialect,
        fail_on: args.fail_on.severity(),
        ..terminal::style(global)
    };
    let exit = if outcome.internal_error {
        Exit::Failure
    } else {
        let fails =
            |d: &crate::diagnostic::Diagnostic| args.fail_on.severity().is_some_and(|s| d.severity >= s);
        if outcome.diagnostics.iter().any(fails) { Exit::Findings } else { Exit::Clean }
    };
    if args.figures.statistics {
        super::until_closed(figures::statistics(&outcome, out))?;
        if !global.quiet {
            super::until_closed(writeln!(out, "{}", crate::report::summary(&outcome)))?;
        }
    } else {
        args.output.write(&outcome, &style, out)?;
    }
    if let Some(timings) = &outcome.timings {
        super::until_closed(figures::timings(timings, &mut std::io::stderr().lock()))?;
    }
    Ok(exit)
}

fn settings(global: &Global, args: &CheckArgs, tree: &Tree) -> Result<Settings, Error> {
    let mut settings = super::configuration::load(global, tree)?;
    settings.selection =
        Selection { select: args.select.clone(), ignore: args.ignore.clone(), only: args.only.clone() };
    settings.preview |= args.settings.preview;
    settings.now = args.clock.timestamp();
    for name in args.select.iter().chain(&args.ignore).chain(&args.only) {
        check_rule_name(name)?;
    }
    for name in args.select.iter().chain(&args.only) {
        check_preview(name, settings.preview)?;
    }
    Ok(settings)
}

/// Refuses a name that is neither a rule nor a group.
fn check_rule_name(name: &str) -> Result<(), Error> {
    let groups = || RULES.iter().map(|rule| rule.group.name());
    if rules::find(name).is_some() || groups().any(|group| group == name) {
        return Ok(());
    }
    let known = RULES.iter().map(|rule| rule.name).chain(groups());
    let help = match suggest::nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`soalint rules` lists them".to_owned(),
    };
    Err(Error::usage(format!("there is no rule or group `{}`", crate::text::printable(name)), help))
}

/// Refuses to be asked for a rule that does not run.
fn check_preview(name: &str, preview: bool) -> Result<(), Error> {
    match rules::find(name) {
        Some(rule) if rule.status == Status::Preview && !preview => Err(Error::usage(
            format!("the rule `{name}` is not settled yet"),
            "add --preview to run such rules all the same",
        )),
        _ => Ok(()),
    }
}
