//! `soalint completions`, `soalint man` and `soalint --version`: what is made of the command line's own
//! description.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use clap::builder::PossibleValuesParser;
use clap::{Arg, Args, Command, CommandFactory as _};
use clap_complete::Shell;

use crate::dialect::DialectName;
use crate::rules::RULES;
use crate::text::printable;
use crate::write::{Bounds, Directory};

use super::args::Cli;
use super::{Error, Exit};

/// Options of `completions`.
#[derive(Debug, Args)]
#[command(
    after_help = "bash: soalint completions bash > ~/.local/share/bash-completion/completions/soalint\nzsh:  soalint completions zsh > a directory of $fpath, as _soalint\nfish: soalint completions fish > ~/.config/fish/completions/soalint.fish"
)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: Shell,
}

/// Options of `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// The command that the page is about [default: soalint itself]
    #[arg(value_name = "COMMAND", conflicts_with = "dir")]
    pub command: Option<String>,
    /// Write the pages of all commands into this directory
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

/// The commit that the program was built from, if the build knew.
const COMMIT: Option<&str> = option_env!("SOALINT_COMMIT");

/// What `--version` says after the name: version, commit, dialects.
pub(super) static VERSION: LazyLock<String> = LazyLock::new(|| {
    let dialects: Vec<&str> = DialectName::ALL.iter().map(|dialect| dialect.name()).collect();
    format!(
        "{}\ncommit: {}\ndialects: {}",
        env!("CARGO_PKG_VERSION"),
        COMMIT.unwrap_or("unknown"),
        dialects.join(", ")
    )
});

/// Prints the completions of a shell.
pub(super) fn completions(args: &CompletionsArgs, out: &mut dyn Write) -> Result<Exit, Error> {
    // Made in memory: the generator does not expect a reader that has gone.
    let mut script = Vec::new();
    let mut command = Cli::command().mut_subcommands(|command| command.mut_args(with_names_of_rules));
    clap_complete::generate(args.shell, &mut command, "soalint", &mut script);
    super::until_closed(out.write_all(&script))?;
    Ok(Exit::Clean)
}

/// Offers the rules (and groups) where an argument takes them. For completions only: the command line itself
/// takes any word there, and answers a wrong one with the name that was meant.
fn with_names_of_rules(argument: Arg) -> Arg {
    let rules = RULES.iter().map(|rule| rule.name);
    let taken = argument.get_value_names().and_then(|names| names.first()).map(clap::builder::Str::as_str);
    let groups: BTreeSet<&str> = RULES.iter().map(|rule| rule.group.name()).collect();
    let named = groups.into_iter().chain(rules);
    match taken {
        Some("RULE") => argument.value_parser(PossibleValuesParser::new(named)),
        Some("RULES") => {
            let all = std::iter::once(crate::config::ALL);
            argument.value_parser(PossibleValuesParser::new(named.chain(all)))
        }
        _ => argument,
    }
}

/// Prints a page of the manual, or writes all of them.
pub(super) fn man(args: &ManArgs, out: &mut dyn Write) -> Result<Exit, Error> {
    let command = built();
    if let Some(directory) = &args.dir {
        write_all(&command, directory).map_err(|error| {
            let shown = printable(&directory.to_string_lossy());
            Error::usage(format!("cannot write the manual to `{shown}`: {error}"), "")
        })?;
        return Ok(Exit::Clean);
    }
    let page = match &args.command {
        None => page(&command)?,
        Some(name) => {
            let found = command.get_subcommands().find(|sub| sub.get_name() == name);
            let found = found.ok_or_else(|| {
                let names: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
                let message = format!("there is no command `{}`", printable(name));
                let help = match crate::suggest::nearest(name, names.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("one of {}", names.join(", ")),
                };
                Error::usage(message, help)
            })?;
            page(found)?
        }
    };
    super::until_closed(out.write_all(&page))?;
    Ok(Exit::Clean)
}

/// The command line with everything that is the same for all commands filled in.
fn built() -> Command {
    let mut command = Cli::command();
    command.build();
    command
}

fn page(command: &Command) -> io::Result<Vec<u8>> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
    // No date and one line for the version: the same source gives the same page.
    let manual = clap_mangen::Man::new(command.clone().version(env!("CARGO_PKG_VERSION")).long_version(None))
        .title(name.to_uppercase())
        .date("")
        .source(concat!("soalint ", env!("CARGO_PKG_VERSION")))
        .manual("soalint");
    let mut page = Vec::new();
    manual.render(&mut page)?;
    Ok(page)
}

fn write_all(command: &Command, directory: &Path) -> io::Result<()> {
    let directory = Directory::make(directory, &Bounds::default())?;
    directory.write("soalint.1", &page(command)?)?;
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        directory.write(format!("soalint-{}.1", sub.get_name()), &page(sub)?)?;
    }
    Ok(())
}
