//! `soalint explain` and `soalint rules`: the documentation of the rules, offline.

use std::io::Write;

use serde::Serialize;

use crate::dialect::DialectName;
use crate::rules::{self, Level, RULES, Rule};
use crate::suggest;
use crate::text::printable;

use super::args::{ExplainArgs, Global, RulesArgs, TextOrJson};
use super::{Error, Exit, terminal, wrap};

pub(super) fn explain(global: &Global, args: &ExplainArgs, out: &mut dyn Write) -> Result<Exit, Error> {
    let color = terminal::style(global).color;
    let bold = |text: &str| if color { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() };
    let Some(rule) = rules::find(&args.rule) else {
        let group: Vec<&Rule> = RULES.iter().copied().filter(|rule| rule.group.name() == args.rule).collect();
        if group.is_empty() {
            return Err(unknown(&args.rule));
        }
        let number = group.len();
        writeln!(out, "{} (a group of {number} rules)", bold(&args.rule))?;
        let words =
            "--select, --ignore and --only take its name; `soalint explain RULE` tells more about one.";
        out.write_all(prose(words, 0).as_bytes())?;
        writeln!(out)?;
        list(global, &group, out)?;
        return Ok(Exit::Clean);
    };
    writeln!(out, "{} ({})", bold(rule.name), rule.group.name())?;
    writeln!(out, "{}", prose(&rules::pages::levels(rule), 0))?;
    let page = rule.page();
    let page = terminal::prose_width().map_or_else(|| page.clone(), |width| wrap::page(&page, width));
    for line in page.lines() {
        match line.strip_prefix("## ") {
            Some(heading) => writeln!(out, "{}", bold(heading))?,
            None => writeln!(out, "{line}")?,
        }
    }
    Ok(Exit::Clean)
}

fn unknown(name: &str) -> Error {
    let known = RULES.iter().map(|rule| rule.name).chain(RULES.iter().map(|rule| rule.group.name()));
    let help = match suggest::nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`soalint rules` lists them".to_owned(),
    };
    Error::usage(format!("there is no rule `{}`", printable(name)), help)
}

/// A line as it is, or as wide as the terminal with continuations indented.
fn prose(text: &str, indent: usize) -> String {
    match terminal::prose_width() {
        // Continuations in a sliver at the right edge are harder to read than a long line.
        Some(width) if width >= indent + 30 => wrap::line(text, indent, width),
        _ => format!("{text}\n"),
    }
}

/// A line per rule: name, level, what it finds.
fn list(global: &Global, rules: &[&Rule], out: &mut dyn Write) -> std::io::Result<()> {
    let width = rules.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let dialect = global.dialect.map(DialectName::from).unwrap_or_default();
    for rule in rules {
        let level = rule.level(dialect).name();
        let line = format!("  {:width$}  {level:7}  {}", rule.name, rule.summary());
        out.write_all(prose(&line, width + 13).as_bytes())?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Row {
    name: &'static str,
    group: &'static str,
    scope: &'static str,
    documented: &'static str,
    #[serde(rename = "paasta-0.66")]
    paasta_0_66: &'static str,
    strict: Option<&'static str>,
    status: &'static str,
    fix: &'static str,
    since: &'static str,
    summary: String,
    doc: String,
}

pub(super) fn rules(global: &Global, args: &RulesArgs, out: &mut dyn Write) -> Result<Exit, Error> {
    match args.format {
        TextOrJson::Json => {
            let rows: Vec<Row> = RULES.iter().map(|rule| row(rule)).collect();
            serde_json::to_writer_pretty(&mut *out, &rows).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
        TextOrJson::Human => {
            let mut sorted = RULES.to_vec();
            sorted.sort_by_key(|rule| rule.group);
            for group in sorted.chunk_by(|a, b| a.group == b.group) {
                writeln!(out, "{}", group.first().map_or("", |rule| rule.group.name()))?;
                list(global, group, out)?;
            }
        }
    }
    Ok(Exit::Clean)
}

fn row(rule: &Rule) -> Row {
    Row {
        name: rule.name,
        group: rule.group.name(),
        scope: rule.check.scope(),
        documented: rule.level(DialectName::Documented).name(),
        paasta_0_66: rule.level(DialectName::Paasta066).name(),
        strict: rule.strict.map(Level::name),
        status: rule.status.name(),
        fix: rule.fix.name(),
        since: rule.since,
        summary: rule.summary(),
        doc: rule.page(),
    }
}
