//! What runs left behind that were killed while they wrote.

use std::ffi::OsStr;
use std::path::Path;

use super::platform::{self, Handle, Kind};

const PREFIX: &str = ".soalint-";
const SUFFIX: &str = ".tmp";
const DIGITS: usize = 16;

/// The name of a temporary file.
pub(super) fn name(number: u64) -> String {
    format!("{PREFIX}{number:0DIGITS$x}{SUFFIX}")
}

/// Whether a file of that name can only be a temporary one of ours: those of today, and the ones beside
/// files that were fixed, as versions up to 0.1 called them (`.marathon-prod.yaml.4711.soalint`).
fn is_ours(name: &str) -> bool {
    let digits = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(SUFFIX));
    let is_hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    let is_new = digits.is_some_and(|digits| digits.len() == DIGITS && digits.chars().all(is_hex));
    let is_old =
        || name.starts_with('.') && before_number(name, ".soalint").is_some_and(|file| file.len() > 1);
    is_new || is_old()
}

/// What comes before the number of a process and `suffix`.
fn before_number<'n>(name: &'n str, suffix: &str) -> Option<&'n str> {
    /// Linux counts to 2^22, others to 99,999.
    const LONGEST: usize = 10;
    let (file, number) = name.strip_suffix(suffix)?.rsplit_once('.')?;
    let is_number = (1..=LONGEST).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    is_number.then_some(file)
}

/// What is left in a directory.
#[derive(Debug)]
pub(super) struct Leftovers {
    /// Names that versions up to 0.1 could have given to what they wrote; a program of somebody else's
    /// could have, too, so that it takes a file of the right name beside them.
    maybe: Vec<String>,
}

impl Leftovers {
    /// Removes what only we can have left and nobody writes any more. What cannot be listed or removed is
    /// not in the way, either.
    pub(super) fn sweep(handle: &Handle) -> Self {
        let mut maybe = Vec::new();
        for name in platform::list(handle).unwrap_or_default() {
            let Some(name) = name.to_str() else { continue };
            if is_ours(name) {
                remove(handle, name);
            } else if before_number(name, SUFFIX).is_some() {
                maybe.push(name.to_owned());
            }
        }
        Self { maybe }
    }

    /// Removes what versions up to 0.1 left of the file `target`.
    pub(super) fn remove_of(&self, handle: &Handle, target: &OsStr) {
        let stem = || Path::new(target).file_stem();
        for name in &self.maybe {
            let file = before_number(name, SUFFIX).unwrap_or_default();
            let is_hidden = || file.strip_prefix('.').is_some_and(|file| file == target);
            if file == target || is_hidden() || stem().is_some_and(|stem| file == stem) {
                remove(handle, name);
            }
        }
    }
}

/// Removes a regular file that no other run has open to write it.
fn remove(handle: &Handle, name: &str) {
    let name = OsStr::new(name);
    if !matches!(platform::kind(handle, name), Ok(Some(Kind::File))) {
        return;
    }
    let Ok(file) = platform::open_to_read(handle, name) else { return };
    if platform::try_lock(&file) {
        // Litter that stays is no reason to stop.
        let _ = platform::remove(handle, name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_names_are_ours() {
        assert!(is_ours(&name(7)) && is_ours(&name(u64::MAX)));
        assert!(is_ours(".marathon-a.yaml.4711.soalint"));
        for other in [
            ".soalint-abc.tmp",
            ".soalint-zzzzzzzzzzzzzzzz.tmp",
            ".soalint-baseline.json",
            ".soalint.yaml",
            ".4711.soalint",
            "marathon-a.yaml.4711.soalint",
            ".marathon-a.yaml.soalint",
            ".marathon-a.yaml.x1.soalint",
            ".marathon-a.yaml.4711.tmp",
        ] {
            assert!(!is_ours(other), "{other}");
        }
        assert_eq!(before_number("..soalint-baseline.json.1.tmp", SUFFIX), Some("..soalint-baseline.json"));
        assert_eq!(before_number("a.json.tmp", SUFFIX), None);
    }
}
