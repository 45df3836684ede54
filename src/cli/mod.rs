//! The command line program: arguments in, exit status out. Colour, width and the root of the
//! tree are decided here, once.

/// Prints a line on stderr. Whoever reads there may have gone, which changes nothing of what was found; `eprintln!`
/// would panic.
macro_rules! say {
    ($($words:tt)*) => {
        $crate::cli::say(&format!($($words)*))
    };
}

mod add_ignore;
pub mod args;
pub mod baseline;
mod beside;
mod bounded;
pub mod change_args;
mod check;
mod clock;
mod clusters;
mod configuration;
pub mod editor;
mod emit;
mod explain;
pub mod figures;
mod files;
pub mod fix;
pub mod manual;
mod named;
mod node;
mod orientation;
mod output;
pub mod output_format;
pub mod read;
pub mod schema;
mod selected;
pub mod settings_args;
mod show;
mod show_config;
mod target;
mod terminal;
mod threads;
mod tree;
mod withheld;
mod wrap;

use std::ffi::OsString;
use std::io::{self, Write};

use clap::Parser as _;

use crate::config::Settings;
use crate::repo::{Holder, Unread};
use crate::report::escape::inert;
use crate::text::printable;

use args::{Cli, Command};

/// What the program ends with (docs/design.md section 8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Nothing found.
    Clean,
    /// Findings.
    Findings,
    /// The job could not be done.
    Failure,
}

impl Exit {
    /// The number for the operating system.
    pub const fn code(self) -> u8 {
        match self {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Failure => 2,
        }
    }
}

/// Why the job could not be done, with advice.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line asks for something that is not there.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to do; may be empty.
        help: String,
    },
    /// The configuration file is wrong; its findings are already on stderr.
    #[error("the configuration could not be used")]
    Configuration,
    /// Output failed.
    #[error("cannot write: {0}")]
    Output(#[from] io::Error),
}

impl Error {
    fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        // Names of files and services are a stranger's, wherever they come up.
        let shown = |text: String| inert(&printable(&text)).into_owned();
        Error::Usage { message: shown(message.into()), help: shown(help.into()) }
    }
}

impl Error {
    /// Something was not read for want of handles of files.
    fn exhausted() -> Self {
        Error::usage(
            "not everything was read: no more files can be opened",
            Unread::NoHandles.help(Holder::Service),
        )
    }
}

/// Runs the program.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            print(&error);
            return if error.use_stderr() { Exit::Failure } else { Exit::Clean };
        }
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    let result = dispatch(&cli, &mut out);
    match (result, out.flush()) {
        (Ok(exit), Ok(())) => exit,
        // A reader that has seen enough does not change what was found.
        (Ok(exit), Err(error)) if error.kind() == io::ErrorKind::BrokenPipe => exit,
        (Err(Error::Output(error)), _) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Clean,
        (Ok(_), Err(error)) | (Err(Error::Output(error)), _) => fail(&Error::Output(error)),
        (Err(error), _) => fail(&error),
    }
}

/// Prints what the parser of arguments says. An argument may be the name of a stranger's file.
fn print(error: &clap::Error) {
    let plain = error.render().to_string();
    let quiet = plain.split('\n').map(printable).collect::<Vec<_>>().join("\n");
    let quiet = inert(&quiet);
    // Printing fails only when nobody listens.
    let _ = if error.use_stderr() && quiet != plain {
        io::stderr().lock().write_all(quiet.as_bytes())
    } else {
        error.print()
    };
}

fn dispatch(cli: &Cli, out: &mut dyn Write) -> Result<Exit, Error> {
    threads::start(cli.global.jobs)?;
    match &cli.command {
        Command::Check(args) => check::run(&cli.global, args, out),
        Command::Read(args) => read::run(&cli.global, args, out),
        Command::Emit(args) => emit::run(&cli.global, args, out),
        Command::Show(args) => show::run(&cli.global, args, out),
        Command::Schema(args) => schema::run(&cli.global, args, out),
        Command::Explain(args) => explain::explain(&cli.global, args, out),
        Command::Baseline(args) => baseline::run(&cli.global, args, out),
        Command::Rules(args) => explain::rules(&cli.global, args, out),
        Command::Completions(args) => manual::completions(args, out),
        Command::Man(args) => manual::man(args, out),
    }
}

/// See the macro of that name.
fn say(line: &str) {
    // Nowhere is left to say that nothing can be said.
    let _ = writeln!(io::stderr().lock(), "{}", inert(line));
}

/// A reader that has seen enough does not change what was found.
fn until_closed(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// The settings that the command line alone gives.
fn settings(global: &args::Global) -> Settings {
    Settings { dialect: global.dialect.map(Into::into).unwrap_or_default(), ..Settings::default() }
}

fn fail(error: &Error) -> Exit {
    let mut err = io::stderr().lock();
    // Nobody is left to tell if this fails.
    let _ = match error {
        Error::Usage { message, help } if !help.is_empty() => {
            writeln!(err, "error: {message}\n  help: {help}")
        }
        error => writeln!(err, "error: {error}"),
    };
    Exit::Failure
}
