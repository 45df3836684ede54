//! `soalint check`.

use std::collections::BTreeSet;
use std::io::Write;

use crate::check::{self, Outcome, Scope};
use crate::config::{ALL, Selection, Settings};
use crate::dialect::DialectName;
use crate::repo::TreeSource;
use crate::report::Style;
use crate::report::escape::Inert;
use crate::rules::{self, Env, RULES, Rule, Status};
use crate::suggest;

use super::args::{CheckArgs, Global};
use super::beside::Beside;
use super::change_args::Changed;
use super::configuration::Loaded;
use super::fix::{self, Repaired};
use super::named::Said;
use super::tree::Tree;
use super::{Error, Exit, add_ignore, figures, orientation, show_config, terminal};

pub(super) fn run(global: &Global, args: &CheckArgs, out: &mut dyn Write) -> Result<Exit, Error> {
    args.output.validate()?;
    let tree = Tree::open_for(global.soa_dir.as_deref(), &args.paths)?;
    let mut selection = tree.select(&args.paths)?;
    let scope = selection.scope.clone();
    let change = args.change.open(&tree, global.verbose)?;
    if change.is_some() {
        selection.widen();
    }
    let beside = change.as_ref().map_or(Beside::Disk(&tree), |change| change.beside(&tree));
    let loaded = super::configuration::read_beside(global, beside)?;
    let settings = settings(args, &loaded, beside, &tree.prefix())?;
    if args.settings.show_config {
        let shown = |out: &mut dyn Write| show_config::write(global, args, &loaded, &settings, out);
        super::until_closed(Inert::lines(out, shown))?;
        return Ok(Exit::Clean);
    }
    let earlier =
        change.as_ref().and_then(|change| earlier(global, args, (&loaded, &settings), change, &tree));
    let mut env = Env::new(settings);
    env.clock = args.figures.timings.then_some(figures::clock);
    let is_empty = change.is_none() && orientation::warn_unless_tree(&tree, &scope);
    if args.settings.list_files {
        let is_whole = earlier.is_some();
        return list_files(&tree, selection, (change.as_ref(), is_whole), out);
    }
    if global.verbose {
        say_what(&tree, &scope, &env);
    }
    let fail_on = args.fail_on.severity().filter(|_| !args.settings.exit_zero);
    let style = Style {
        root: crate::repo::printable(tree.root.as_os_str()),
        prefix: tree.prefix(),
        current: tree.current(),
        repository: tree.path_in_repository(),
        dialect: env.settings.dialect,
        fail_on,
        ..terminal::style(global)
    };
    let check = |source: &dyn TreeSource, only: Option<&BTreeSet<String>>, most_alike| {
        let env = env.keeping(most_alike);
        match only {
            Some(services) => check::check(source, &Scope::Services(services.clone()), &env),
            None => check::check(source, &scope, &env),
        }
    };
    let mut outcome;
    let mut failed = false;
    if args.fix.is_on() {
        match fix::run(&args.fix, global.verbose, &tree.disk, &style, &check, out)? {
            Repaired::Said { exit, outcome } => {
                let failures = failures(&tree, selection, None, &Said::by(&outcome));
                return Ok(say_failures(&failures).unwrap_or(exit));
            }
            Repaired::Left { outcome: left, counts, failed: some } => {
                outcome = *left;
                outcome.fixed = Some(counts);
                failed = some;
            }
        }
    } else {
        if let Some(reason) = &args.settings.add_ignore {
            failed = add_ignore::run(&tree.disk, &env.settings, reason, &style, &check)?;
        }
        outcome = match &change {
            Some(change) => change.check(&scope, earlier.as_ref(), &env)?,
            None => check::check(&tree.disk, &scope, &env),
        };
    }
    if is_empty {
        outcome.nothing = Some(orientation::NOTHING_TO_CHECK);
    }
    if outcome.nothing.is_none() && outcome.files == 0 && !selection.removed.is_empty() {
        outcome.nothing = Some("Nothing to check: no service depends on what was removed");
    }
    let failures = failures(&tree, selection, change.as_ref(), &Said::by(&outcome));
    outcome.failures = failures.iter().map(ToString::to_string).collect();
    if failed {
        outcome.failures.push("not every file could be written".to_owned());
    }
    failed |= !failures.is_empty();
    let exit = if outcome.internal_error || failed {
        Exit::Failure
    } else {
        let fails = |d: &crate::diagnostic::Diagnostic| fail_on.is_some_and(|s| d.severity >= s);
        if outcome.diagnostics.iter().any(fails) { Exit::Findings } else { Exit::Clean }
    };
    if args.figures.statistics {
        super::until_closed(figures::statistics(&outcome, out))?;
        if !global.quiet {
            super::until_closed(writeln!(out, "{}", crate::report::summary(&outcome)))?;
        }
    } else {
        args.output.write(&outcome, &style, &tree.bounds(), out)?;
    }
    say_unknown_files(&outcome, global);
    say_failures(&failures);
    if let Some(timings) = &outcome.timings {
        super::until_closed(figures::timings(timings, &mut std::io::stderr().lock()))?;
    }
    Ok(exit)
}

/// Names the kinds of files of which nothing was checked, unless there was nothing to check at all.
fn say_unknown_files(outcome: &Outcome, global: &Global) {
    let is_wanted = !global.quiet && outcome.nothing.is_none();
    if let Some(unknown) = crate::report::unknown_files(outcome).filter(|_| is_wanted) {
        say!("note: {unknown}");
    }
}

/// Says what is going to be checked.
fn say_what(tree: &Tree, scope: &Scope, env: &Env) {
    let services = match scope {
        Scope::Everything => "all services".to_owned(),
        Scope::Services(names) => {
            format!("services {}", names.iter().map(String::as_str).collect::<Vec<_>>().join(", "))
        }
    };
    say!(
        "soalint: tree {}, dialect {}, {services}",
        crate::text::printable(&tree.disk.root().to_string_lossy()),
        env.settings.dialect
    );
}

/// What could not be done of what the command line asks for.
fn failures(
    tree: &Tree,
    selection: super::tree::Selection,
    change: Option<&Changed<'_>>,
    said: &Said<'_>,
) -> Vec<Error> {
    let source: &dyn TreeSource = change.map_or(&tree.disk, Changed::after);
    let mut failures = selection.failures(tree, source, said);
    failures.extend(change.and_then(Changed::failure));
    failures.extend(tree.refuse_incomplete().err());
    failures
}

/// Says them on stderr; the exit status if there are any.
fn say_failures(failures: &[Error]) -> Option<Exit> {
    let mut exit = None;
    for failure in failures {
        exit = Some(super::fail(failure));
    }
    exit
}

/// Lists the files that a check reads, as the user reaches them, and on stderr those that it cannot read. A change
/// of the configuration reads the whole tree.
fn list_files(
    tree: &Tree,
    selection: super::tree::Selection,
    (change, is_whole): (Option<&Changed<'_>>, bool),
    out: &mut dyn Write,
) -> Result<Exit, Error> {
    let listing = match change {
        Some(change) if is_whole => check::files(change.after(), &selection.scope),
        Some(change) => check::files(change.after(), &change.touched(&selection.scope)),
        None => check::files(&tree.disk, &selection.scope),
    };
    let prefix = tree.prefix();
    let shown = |file: &String| crate::text::printable(&format!("{prefix}{file}"));
    super::until_closed(Inert::lines(out, |out| {
        listing.files.iter().try_for_each(|file| writeln!(out, "{}", shown(file)))
    }))?;
    for file in &listing.unread {
        say!("note: `{}` cannot be read: `soalint check` says why", shown(file));
    }
    let errors = listing.unread.iter().map(String::as_str).collect();
    let exit = if listing.unread.is_empty() { Exit::Clean } else { Exit::Findings };
    let failures = failures(tree, selection, change, &Said { errors, unknown: &[] });
    Ok(say_failures(&failures).unwrap_or(exit))
}

/// The settings of a check: those of every command, then what only `check` is told.
fn settings(args: &CheckArgs, loaded: &Loaded, beside: Beside<'_>, prefix: &str) -> Result<Settings, Error> {
    let mut settings = loaded.settings.clone();
    let named = args.settings.baseline.as_deref();
    settings.baseline = super::baseline::load(named, loaded.baseline.as_ref(), beside, prefix)?;
    settings.selection =
        Selection { select: args.select.clone(), ignore: args.ignore.clone(), only: args.only.clone() };
    settings.preview |= args.settings.preview;
    settings.now = args.clock.timestamp();
    settings.today = Some(super::settings_args::today(settings.now));
    settings.no_ignores = args.settings.no_ignores;
    for name in args.select.iter().chain(&args.ignore).chain(&args.only) {
        check_rule_name(name)?;
    }
    for name in &args.ignore {
        refuse_fixed(name, settings.dialect)?;
    }
    for name in args.select.iter().chain(&args.only) {
        check_preview(name, settings.preview)?;
    }
    Ok(settings)
}

/// What the tree before a change is judged by, if the change is also one of the configuration or the baseline.
/// Where that could not be used, there was no judgement: the later one is for both.
fn earlier(
    global: &Global,
    args: &CheckArgs,
    (loaded, now): (&Loaded, &Settings),
    change: &Changed<'_>,
    tree: &Tree,
) -> Option<Env> {
    let beside = change.beside_before()?;
    let before = super::configuration::read_earlier(global, beside)?;
    let has_same_text = before.has_same_text(loaded);
    let before = settings(args, &before, beside, &tree.prefix()).ok()?;
    let has_same_baseline = match (&before.baseline, &now.baseline) {
        (Some(before), Some(now)) => before.records_what(now),
        (before, now) => before.is_none() && now.is_none(),
    };
    (!has_same_text || !has_same_baseline).then(|| Env::new(before))
}

/// Refuses a name that is neither a rule nor a group.
fn check_rule_name(name: &str) -> Result<(), Error> {
    let groups = || RULES.iter().map(|rule| rule.group.name());
    if name == ALL || rules::find(name).is_some() || groups().any(|group| group == name) {
        return Ok(());
    }
    let known = RULES.iter().map(|rule| rule.name).chain(groups());
    let help = match suggest::nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`soalint rules` lists them".to_owned(),
    };
    Err(Error::usage(format!("there is no rule or group `{}`", crate::text::printable(name)), help))
}

/// Refuses to leave out what is always an error: alone, or as a group that has nothing else.
fn refuse_fixed(name: &str, dialect: DialectName) -> Result<(), Error> {
    let mut named = RULES.iter().filter(|rule| rule.name == name || rule.group.name() == name).peekable();
    let first = named.peek().copied();
    match first {
        Some(first) if named.all(|rule| rule.is_fixed(dialect)) => Err(Error::usage(
            format!("`{name}` is always an error: {}", Rule::WHY_FIXED),
            first.help_if_fixed(),
        )),
        _ => Ok(()),
    }
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
