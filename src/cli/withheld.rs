//! What was asked for and is not given, on stderr, and the exit status that follows. `emit` of every kind and
//! `show` end here.

use std::io::{self, Write};

use crate::check::Outcome;
use crate::emit::{Held, Omission};
use crate::report::escape::inert;
use crate::report::{self, Format, Style};
use crate::secret;
use crate::text::printable;

use super::Exit;

/// Names everything that is withheld, with the findings that say why. `given` is how many of what were given.
pub(super) fn say(held: Held, given: (usize, &str), style: &Style) -> Exit {
    let exit = if held.withheld.is_empty() { Exit::Clean } else { Exit::Findings };
    // Nowhere is left to say that nothing can be said; the exit status is the same.
    let _ = write(held, given, style, &mut io::stderr().lock());
    exit
}

fn write(held: Held, given: (usize, &str), style: &Style, err: &mut dyn Write) -> io::Result<()> {
    if held.withheld.is_empty() {
        return Ok(());
    }
    let outcome = Outcome { diagnostics: held.findings, ..Outcome::default() };
    report::write(Format::Human, &outcome, style, err)?;
    for omission in &held.withheld {
        let shown = omission.shown();
        let name = secret::mask(&shown);
        let place = omission.cluster.as_ref().map(|name| format!(" in {name}")).unwrap_or_default();
        let line = format!("withheld: {name}{place} ({})", omission.reason());
        let end = omission.consequence().map(|words| format!(": {words}")).unwrap_or_default();
        writeln!(err, "{}{end}", inert(&printable(&line)))?;
    }
    writeln!(err, "{}", summary(&held.withheld, given))
}

fn summary(withheld: &[Omission], (given, noun): (usize, &str)) -> String {
    let unread = withheld.iter().filter(|omission| omission.unread.is_some()).count();
    let named = withheld.len() - unread;
    let places = match unread {
        0 => String::new(),
        1 => "all that stands in 1 file or directory".to_owned(),
        more => format!("all that stands in {more} files or directories"),
    };
    match (named, unread) {
        (0, _) => format!("Withheld {places}."),
        (_, 0) => format!("Withheld {named} of {}.", counted(given + named, noun)),
        _ => format!("Withheld {named} of {}, and {places}.", counted(given + named, noun)),
    }
}

/// `1 instance`, `2 instances`.
pub(super) fn counted(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
