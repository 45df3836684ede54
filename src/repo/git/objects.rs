//! Objects of a repository from one `git cat-file --batch`, which is started when the first is wanted.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::{Mutex, PoisonError};

use super::{Error, Repository};

/// Names that are asked for at once: together they fit into a pipe (64 KiB), so that git never waits for
/// us to take an answer while we wait for it to take a question.
const AT_ONCE: usize = 500;

/// What of an object was not wanted is read over up to this many bytes; beyond, git is ended and started
/// again when the next object is wanted.
const MOST_READ_OVER: u64 = 16 << 20;

/// Directories of more entries than this many bytes hold are none that people made.
const MOST_TREE_BYTES: usize = 64 << 20;

/// The objects of a repository. git answers in the order of the questions, so one thread asks at a time.
#[derive(Debug)]
pub(super) struct Objects {
    repository: Repository,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    process: Option<Process>,
    /// What went wrong: some of what is read is then unknown.
    failure: Option<Failure>,
}

#[derive(Clone, Debug)]
enum Failure {
    /// The repository does not have the object of that name, and perhaps others.
    Missing(String),
    /// git does not answer any more.
    Other(String),
}

#[derive(Debug)]
struct Process {
    child: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Objects {
    pub(super) fn of(repository: &Repository) -> Self {
        Self { repository: repository.clone(), state: Mutex::default() }
    }

    /// At most `limit` bytes of each of these objects; `None` for one that cannot be had.
    pub(super) fn get_all(&self, names: &[&str], limit: usize) -> Vec<Option<Vec<u8>>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = Vec::with_capacity(names.len());
        for names in names.chunks(AT_ONCE) {
            if !matches!(state.failure, Some(Failure::Other(_)))
                && let Err(error) = state.ask(&self.repository, names, limit, &mut found)
            {
                state.failure = Some(Failure::Other(error.to_string()));
            }
        }
        found.resize(names.len(), None);
        found
    }

    /// At most `limit` bytes of an object.
    pub(super) fn get(&self, name: &str, limit: usize) -> Option<Vec<u8>> {
        self.get_all(&[name], limit).pop().flatten()
    }

    /// The entries of a directory.
    pub(super) fn tree(&self, name: &str) -> Vec<TreeEntry> {
        entries(&self.get(name, MOST_TREE_BYTES).unwrap_or_default(), name.len() / 2)
    }

    /// Why some answers were not to be had.
    pub(super) fn failure(&self) -> Option<Error> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        Some(match state.failure.clone()? {
            Failure::Missing(object) => Error::Missing { object: Some(object), gap: self.repository.gap() },
            Failure::Other(reason) => Error::Failed(reason),
        })
    }
}

impl State {
    /// Asks for some objects and takes the answers.
    fn ask(
        &mut self,
        repository: &Repository,
        names: &[&str],
        limit: usize,
        found: &mut Vec<Option<Vec<u8>>>,
    ) -> io::Result<()> {
        let mut names = names;
        while !names.is_empty() {
            let process = match &mut self.process {
                Some(process) => process,
                None => self.process.insert(Process::start(repository)?),
            };
            process.put(names)?;
            let before = names;
            while let Some((name, rest)) = names.split_first() {
                names = rest;
                let Some(size) = process.header()? else {
                    // Every name comes from git itself: what is missing was never fetched.
                    self.failure.get_or_insert_with(|| Failure::Missing((*name).to_owned()));
                    found.push(None);
                    continue;
                };
                let (bytes, left) = process.content(size, limit)?;
                found.push(Some(bytes));
                if left > MOST_READ_OVER {
                    self.process = None;
                    break;
                }
                process.skip(left)?;
            }
            // Each round takes one answer at least.
            debug_assert!(names.len() < before.len());
        }
        Ok(())
    }
}

impl Process {
    fn start(repository: &Repository) -> io::Result<Self> {
        let mut command = repository.command(&["cat-file", "--batch"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        let (questions, answers) = (child.stdin.take(), child.stdout.take());
        let answers = BufReader::new(answers.ok_or(io::ErrorKind::BrokenPipe)?);
        Ok(Self { child, questions, answers })
    }

    fn put(&mut self, names: &[&str]) -> io::Result<()> {
        let questions = self.questions.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        let mut text = names.join("\n");
        text.push('\n');
        questions.write_all(text.as_bytes())?;
        questions.flush()
    }

    /// The size of the next object: `name kind size`, or `name missing`.
    fn header(&mut self) -> io::Result<Option<u64>> {
        let mut header = String::new();
        self.answers.read_line(&mut header)?;
        let mut words = header.split_ascii_whitespace().skip(1);
        if words.next().is_none() {
            return Err(io::Error::other("git gave no answer"));
        }
        Ok(words.next().and_then(|size| size.parse().ok()))
    }

    /// The beginning of an object, and how many bytes of its answer are left.
    fn content(&mut self, size: u64, limit: usize) -> io::Result<(Vec<u8>, u64)> {
        let wanted = u64::try_from(limit).unwrap_or(u64::MAX).min(size);
        let mut bytes = Vec::new();
        let read = (&mut self.answers).take(wanted).read_to_end(&mut bytes)?;
        if read as u64 != wanted {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        // And the line break after it.
        Ok((bytes, size - wanted + 1))
    }

    fn skip(&mut self, left: u64) -> io::Result<()> {
        let read = io::copy(&mut (&mut self.answers).take(left), &mut io::sink())?;
        if read == left { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Without questions it would end by itself, but not before it has said what we do not want to hear.
        self.questions = None;
        // A process that is gone already is no harm.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TreeEntry {
    pub(super) mode: Mode,
    pub(super) name: Vec<u8>,
    /// Name of the object.
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
