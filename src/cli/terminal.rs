//! Colour and width, decided in one place.

use std::env;
use std::io::{self, IsTerminal as _};

use crate::report::Style;
use crate::rules::Env;

use super::args::{ColorArg, Global};
use super::tree::Tree;

/// Columns when nobody tells: wide enough for most lines of YAML, narrow enough for a log.
const DEFAULT_WIDTH: usize = 100;
/// Prose gets hard to read in wider lines.
const MAX_WIDTH: usize = 120;

/// Findings that are shown at most where no option says how many.
const MOST_FINDINGS: usize = 100;

/// How output on stdout looks.
pub(super) fn style(global: &Global) -> Style {
    style_of(global, io::stdout().is_terminal())
}

/// How findings on stderr look: without a summary, and not too many of them.
pub(super) fn error_style(global: &Global) -> Style {
    Style { quiet: true, max_findings: MOST_FINDINGS, ..style_of(global, io::stderr().is_terminal()) }
}

/// The same for findings of a tree.
pub(super) fn error_style_of(tree: &Tree, env: &Env, global: &Global) -> Style {
    Style {
        root: crate::repo::printable(tree.root.as_os_str()),
        prefix: tree.prefix(),
        current: tree.current(),
        dialect: env.settings.dialect,
        ..error_style(global)
    }
}

fn style_of(global: &Global, is_terminal: bool) -> Style {
    Style {
        color: color(global.color, is_terminal),
        width: columns().unwrap_or(DEFAULT_WIDTH).min(MAX_WIDTH),
        columns: columns(),
        root: String::new(),
        prefix: String::new(),
        current: String::new(),
        repository: String::new(),
        dialect: global.dialect.map(Into::into).unwrap_or_default(),
        max_findings: 0,
        fail_on: None,
        quiet: global.quiet,
    }
}

/// The flag decides; then NO_COLOR, FORCE_COLOR and CLICOLOR_FORCE, as no-color.org and
/// force-color.org have it; then whether the output is a terminal.
fn color(choice: ColorArg, is_terminal: bool) -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    let forced = |name| set(name) && env::var_os(name).is_some_and(|value| value != "0");
    match choice {
        ColorArg::Always => true,
        ColorArg::Never => false,
        ColorArg::Auto if set("NO_COLOR") => false,
        ColorArg::Auto if forced("FORCE_COLOR") || forced("CLICOLOR_FORCE") => true,
        ColorArg::Auto => is_terminal && env::var_os("TERM").is_none_or(|term| term != "dumb"),
    }
}

/// Columns for prose, where a person watches standard output.
pub(super) fn prose_width() -> Option<usize> {
    io::stdout().is_terminal().then(|| columns().unwrap_or(DEFAULT_WIDTH).min(MAX_WIDTH))
}

/// Columns of the terminal, or as many as the environment says.
fn columns() -> Option<usize> {
    let named = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    named.or_else(terminal).filter(|width| *width > 0)
}
