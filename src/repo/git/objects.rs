//! Objects of a repository, one by one, from one `git cat-file --batch`.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::{Mutex, PoisonError};

use super::{Error, Repository};

/// A running `git cat-file --batch`. Its answers come in the order of the questions, so one thread
/// asks at a time.
#[derive(Debug)]
pub(super) struct Objects {
    process: Mutex<Process>,
}

#[derive(Debug)]
struct Process {
    child: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    /// What went wrong first: from then on nothing is known.
    failure: Option<String>,
}

/// An object.
#[derive(Debug)]
pub(super) struct Object {
    /// `blob`, `tree`, `commit` or `tag`.
    pub(super) kind: String,
    /// Its content, up to the limit that was asked for.
    pub(super) bytes: Vec<u8>,
}

/// Directories of more entries than this many bytes are none that people made.
const MOST_TREE_BYTES: usize = 64 << 20;

impl Objects {
    pub(super) fn of(repository: &Repository) -> Result<Self, Error> {
        let mut command = repository.command(&["cat-file", "--batch"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(Error::NoGit)?;
        let (questions, answers) = (child.stdin.take(), child.stdout.take());
        let Some(answers) = answers else { return Err(Error::Failed("no answer".to_owned())) };
        let process = Process { child, questions, answers: BufReader::new(answers), failure: None };
        Ok(Self { process: Mutex::new(process) })
    }

    /// The object of that name, with at most `limit` bytes of its content; `None` if the repository
    /// does not have it.
    pub(super) fn get(&self, name: &str, limit: usize) -> Option<Object> {
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        if process.failure.is_some() {
            return None;
        }
        match process.ask(name, limit) {
            Ok(Some(object)) => Some(object),
            Ok(None) => {
                // Every name comes from git itself: what is missing was never fetched.
                process.failure = Some(format!("the object {name} is missing here"));
                None
            }
            Err(error) => {
                process.failure = Some(error.to_string());
                None
            }
        }
    }

    /// The entries of a directory.
    pub(super) fn tree(&self, name: &str) -> Vec<TreeEntry> {
        match self.get(name, MOST_TREE_BYTES) {
            Some(object) if object.kind == "tree" => entries(&object.bytes, name.len() / 2),
            _ => Vec::new(),
        }
    }

    /// Why some answers were not to be had.
    pub(super) fn failure(&self) -> Option<String> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner).failure.clone()
    }
}

impl Process {
    fn ask(&mut self, name: &str, limit: usize) -> io::Result<Option<Object>> {
        let Some(questions) = &mut self.questions else { return Err(io::ErrorKind::BrokenPipe.into()) };
        writeln!(questions, "{name}")?;
        questions.flush()?;
        let mut header = String::new();
        self.answers.read_line(&mut header)?;
        let mut words = header.split_ascii_whitespace();
        let (Some(_), Some(kind), size) = (words.next(), words.next(), words.next()) else {
            return Err(io::Error::other("git gave no answer"));
        };
        let Some(size) = size.and_then(|size| size.parse::<u64>().ok()) else { return Ok(None) };
        let wanted = u64::try_from(limit).unwrap_or(u64::MAX).min(size);
        let mut bytes = Vec::new();
        (&mut self.answers).take(wanted).read_to_end(&mut bytes)?;
        // The rest, and the line break after it.
        let rest = io::copy(&mut (&mut self.answers).take(size - wanted + 1), &mut io::sink())?;
        if rest != size - wanted + 1 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(Some(Object { kind: kind.to_owned(), bytes }))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Without questions it ends by itself.
        self.questions = None;
        // A process that is gone already is no harm.
        let _ = self.child.wait();
    }
}

/// An entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TreeEntry {
    pub(super) mode: Mode,
    pub(super) name: Vec<u8>,
    /// Name of the object; empty where there is none.
    pub(super) object: String,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    File,
    Directory,
    Link,
    /// A commit of another repository.
    Submodule,
}

impl Mode {
    /// From octal digits; only these four kinds exist (gitformat-index, "mode").
    pub(super) fn parse(digits: &[u8]) -> Self {
        match digits {
            b"40000" | b"040000" => Mode::Directory,
            b"120000" => Mode::Link,
            b"160000" => Mode::Submodule,
            _ => Mode::File,
        }
    }
}

/// Parses a tree object: `mode name NUL hash`, again and again.
fn entries(bytes: &[u8], hash_length: usize) -> Vec<TreeEntry> {
    use std::fmt::Write as _;
    let mut entries = Vec::new();
    let mut rest = bytes;
    while let Some(space) = rest.iter().position(|byte| *byte == b' ')
        && let Some(nul) = rest.iter().position(|byte| *byte == 0)
        && let (Some(mode), Some(name)) = (rest.get(..space), rest.get(space + 1..nul))
        && let Some(hash) = rest.get(nul + 1..nul + 1 + hash_length)
    {
        let mut object = String::with_capacity(hash_length * 2);
        for byte in hash {
            // Writing to a string cannot fail.
            let _ = write!(object, "{byte:02x}");
        }
        entries.push(TreeEntry { mode: Mode::parse(mode), name: name.to_vec(), object });
        rest = rest.get(nul + 1 + hash_length..).unwrap_or_default();
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tree_objects_are_parsed_and_broken_ones_do_no_harm() {
        let mut bytes = b"100644 a b\0".to_vec();
        bytes.extend([0xab; 20]);
        bytes.extend(b"40000 \xff\0");
        bytes.extend([0x01; 20]);
        let parsed = entries(&bytes, 20);
        let shown: Vec<_> = parsed.iter().map(|e| (e.mode, e.name.as_slice())).collect();
        assert_eq!(shown, [(Mode::File, &b"a b"[..]), (Mode::Directory, &b"\xff"[..])]);
        assert_eq!(parsed.first().map(|entry| entry.object.clone()), Some("ab".repeat(20)));
        for end in 0..bytes.len() {
            assert!(entries(&bytes[..end], 20).len() < 2);
        }
    }
}
