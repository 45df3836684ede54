//! `soalint explain` and `soalint rules`: the documentation of the rules, offline.

use std::io::Write;

use serde::Serialize;

use crate::dialect::DialectName;
use crate::rules::{self, Level, RULES, Rule};
use crate::suggest;
use crate::text::printable;

use super::args::{ExplainArgs, Global, RulesArgs, TextOrJson};
use super::{Error, Exit, terminal};

pub(super) fn explain(global: &Global, args: &ExplainArgs, out: &mut dyn Write) -> Result<Exit, Error> {
    let Some(rule) = rules::find(&args.rule) else {
        let help = match suggest::nearest(&args.rule, RULES.iter().map(|rule| rule.name)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`soalint rules` lists them".to_owned(),
        };
        return Err(Error::usage(format!("there is no rule `{}`", printable(&args.rule)), help));
    };
    let color = terminal::style(global).color;
    let bold = |text: &str| if color { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() };
    writeln!(out, "{} ({})", bold(rule.name), rule.group.name())?;
    writeln!(out, "{}\n", rules::pages::levels(rule))?;
    for line in rule.page().lines() {
        match line.strip_prefix("## ") {
            Some(heading) => writeln!(out, "{}", bold(heading))?,
            None => writeln!(out, "{line}")?,
        }
    }
    Ok(Exit::Clean)
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
            let width = RULES.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
            let dialect = global.dialect.map(DialectName::from).unwrap_or_default();
            let mut group = "";
            let mut sorted = RULES.to_vec();
            sorted.sort_by_key(|rule| rule.group);
            for rule in sorted {
                if group != rule.group.name() {
                    group = rule.group.name();
                    writeln!(out, "{group}")?;
                }
                let level = rule.level(dialect).name();
                writeln!(out, "  {:width$}  {level:7}  {}", rule.name, rule.summary())?;
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
        documented: rule.documented.name(),
        paasta_0_66: rule.paasta_0_66.name(),
        strict: rule.strict.map(Level::name),
        status: rule.status.name(),
        fix: rule.fix.name(),
        since: rule.since,
        summary: rule.summary(),
        doc: rule.page(),
    }
}
