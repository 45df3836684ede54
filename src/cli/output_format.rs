//! `--output-format`: which reports a run writes, and where to.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::check::Outcome;
use crate::report::{self, Format, Style};
use crate::text::printable;
use crate::write::{self, Bounds};

use super::Error;

/// Findings that a person is shown unless they ask for more.
const FINDINGS_FOR_PEOPLE: usize = 100;
/// GitHub refuses a summary of more than 1 MiB for a step ("Workflow commands", job summaries).
const STEP_SUMMARY_LIMIT: usize = 1024 * 1024;

/// How the report looks, and where it goes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Report")]
pub struct OutputArgs {
    /// How the report looks; with =FILE it is written there. Can be given several times, at most
    /// once with a document for standard output
    #[arg(long, visible_alias = "format", value_name = "FORMAT[=FILE]", value_parser = OutputParser, default_value = "auto")]
    pub output_format: Vec<Output>,
    /// Show at most this many findings; 0 shows all, of one rule in one file at most 1,000 [default: 100 for
    /// human, 0 for the others]
    #[arg(long, value_name = "N")]
    pub max_findings: Option<usize>,
}

/// A report that the command line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    format: FormatArg,
    /// Standard output without one.
    file: Option<PathBuf>,
}

/// FORMAT of `--output-format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    /// human; on GitHub Actions human, then github
    Auto,
    /// Excerpts, reasons, repairs
    Human,
    /// One line per finding
    Concise,
    /// One JSON object
    Json,
    /// One JSON object per line: the findings, then a summary
    JsonLines,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions, and the summary of the step
    Github,
    /// GitLab's code quality report
    Gitlab,
    /// JUnit's XML
    Junit,
    /// A Markdown table
    Markdown,
}

impl FormatArg {
    /// The formats that it stands for here.
    fn formats(self) -> &'static [Format] {
        match self {
            FormatArg::Auto if is_github() => &[Format::Human, Format::Github],
            FormatArg::Auto | FormatArg::Human => &[Format::Human],
            FormatArg::Concise => &[Format::Concise],
            FormatArg::Json => &[Format::Json],
            FormatArg::JsonLines => &[Format::JsonLines],
            FormatArg::Sarif => &[Format::Sarif],
            FormatArg::Github => &[Format::Github],
            FormatArg::Gitlab => &[Format::Gitlab],
            FormatArg::Junit => &[Format::Junit],
            FormatArg::Markdown => &[Format::Markdown],
        }
    }
}

/// Whether this is a step of GitHub Actions (its "Variables" page: always `true` there).
fn is_github() -> bool {
    env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}

/// Reads `FORMAT` and `FORMAT=FILE`.
#[derive(Clone)]
pub struct OutputParser;

impl TypedValueParser for OutputParser {
    type Value = Output;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<Output, clap::Error> {
        let names = clap::value_parser!(FormatArg);
        let Some((name, file)) = split(value) else {
            return Ok(Output { format: names.parse_ref(command, argument, value)?, file: None });
        };
        let format = names.parse_ref(command, argument, name.as_ref())?;
        // The same place, whatever it leads to: a report must not come between what else goes there.
        let is_stdout =
            ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|known| file == *known);
        match (file.is_empty(), is_stdout) {
            (true, _) => Err(clap::Error::raw(
                clap::error::ErrorKind::InvalidValue,
                format!("no file after `{name}=`; without `=` the report goes to standard output\n"),
            )
            .with_cmd(command)),
            (false, true) => Ok(Output { format, file: None }),
            (false, false) => Ok(Output { format, file: Some(PathBuf::from(file)) }),
        }
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(FormatArg::value_variants().iter().filter_map(ValueEnum::to_possible_value)))
    }
}

/// `FORMAT=FILE` in two; the file name need not be UTF-8.
fn split(value: &std::ffi::OsStr) -> Option<(String, std::ffi::OsString)> {
    let name: String =
        value.to_string_lossy().chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let rest = value.as_encoded_bytes().get(name.len()..)?.strip_prefix(b"=")?;
    // On other systems than Unix a name that is not Unicode is none that the file system takes.
    #[cfg(unix)]
    let file = std::os::unix::ffi::OsStringExt::from_vec(rest.to_vec());
    #[cfg(not(unix))]
    let file = String::from_utf8_lossy(rest).into_owned().into();
    Some((name, file))
}

impl OutputArgs {
    /// Refuses what cannot be written side by side, before any work is done.
    pub(super) fn validate(&self) -> Result<(), Error> {
        let to_stdout = self.output_format.iter().filter(|output| output.file.is_none());
        let formats: Vec<Format> = to_stdout.flat_map(|output| output.format.formats()).copied().collect();
        if formats.len() > 1 && !formats.iter().all(|format| format.is_log()) {
            return Err(Error::usage(
                "two reports cannot share standard output",
                "write one of them to a file: --output-format FORMAT=FILE",
            ));
        }
        for (index, output) in self.output_format.iter().enumerate() {
            let Some(file) = &output.file else { continue };
            let before = self.output_format.get(..index).unwrap_or_default();
            if before.iter().any(|other| other.file.as_ref() == Some(file)) {
                let shown = printable(&file.to_string_lossy());
                return Err(Error::usage(format!("two reports cannot share the file `{shown}`"), ""));
            }
            if output.format == FormatArg::Auto {
                return Err(Error::usage(
                    "`auto` chooses a format for standard output, not for a file",
                    "name the format of the file",
                ));
            }
        }
        Ok(())
    }

    /// Whether the only reports are documents in files or for machines on standard output.
    fn limit(&self, format: Format) -> usize {
        self.max_findings.unwrap_or(if format.is_for_people() { FINDINGS_FOR_PEOPLE } else { 0 })
    }

    /// Writes every report; a file as a whole or not at all.
    pub(super) fn write(
        &self,
        outcome: &Outcome,
        style: &Style,
        bounds: &Bounds,
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        // Files first: a reader of standard output that has gone must not cost a report.
        for output in &self.output_format {
            let Some(file) = &output.file else { continue };
            for format in output.format.formats() {
                let style = Style { color: false, max_findings: self.limit(*format), ..style.clone() };
                let mut bytes = Vec::new();
                report::write(*format, outcome, &style, &mut bytes)?;
                write::file(file, &bytes, bounds).map_err(|error| {
                    let shown = printable(&file.to_string_lossy());
                    Error::usage(format!("cannot write `{shown}`: {error}"), "")
                })?;
            }
        }
        let to_stdout = self.output_format.iter().filter(|output| output.file.is_none());
        let formats: Vec<Format> = to_stdout.flat_map(|output| output.format.formats()).copied().collect();
        for (index, format) in formats.iter().enumerate() {
            let is_last = index + 1 == formats.len();
            let style = Style {
                max_findings: self.limit(*format),
                // Once is enough.
                quiet: style.quiet || !is_last,
                ..style.clone()
            };
            if *format == Format::Github {
                write_step_summary(outcome, &style);
            }
            super::until_closed(report::write(*format, outcome, &style, out))?;
        }
        Ok(())
    }
}

/// Appends the report to the summary of the step, which GitHub shows on the page of the run. What
/// goes wrong here is the runner's, and does not change what was found.
fn write_step_summary(outcome: &Outcome, style: &Style) {
    let Some(path) = env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else { return };
    let written = fs::OpenOptions::new().append(true).create(true).open(&path).and_then(|mut file| {
        let used = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
        let mut bytes = Vec::new();
        if used > 0 {
            bytes.push(b'\n');
        }
        let limit = STEP_SUMMARY_LIMIT.saturating_sub(used + bytes.len());
        report::write_markdown_within(limit, outcome, style, &mut bytes)?;
        if used + bytes.len() > STEP_SUMMARY_LIMIT {
            return Err(io::Error::other("it is full"));
        }
        file.write_all(&bytes)
    });
    if let Err(error) = written {
        say!("note: the summary of the step could not be written: {error}");
    }
}
