//! Files that are being written, under names that nobody can guess, and what removes them when the run
//! is interrupted.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::File;
use std::hash::{BuildHasher as _, RandomState};
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::leftover;
use super::platform::{self, Handle};

/// Names that are taken, one after the other, before we give up.
const MOST_ATTEMPTS: usize = 100;

/// The temporary files of this run, by number. Whoever makes one, renames it or removes it holds the
/// lock, so that an interruption finds all of them and none comes after.
static PENDING: Mutex<BTreeMap<u64, (Arc<Handle>, String)>> = Mutex::new(BTreeMap::new());

fn pending() -> MutexGuard<'static, BTreeMap<u64, (Arc<Handle>, String)>> {
    // Each change of the list is a single call, so that it is whole whatever panicked.
    PENDING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file without its final name; dropped, it is gone.
#[derive(Debug)]
pub(super) struct Temporary {
    number: u64,
    file: File,
}

impl Temporary {
    /// An empty file in a directory; for everybody as usual, or for its owner until that is settled.
    pub(super) fn create(directory: &Arc<Handle>, for_everybody: bool) -> io::Result<Self> {
        watch();
        for _ in 0..MOST_ATTEMPTS {
            let number = unpredictable();
            let name = leftover::name(number);
            let mut list = pending();
            let file = match platform::create(directory, name.as_ref(), for_everybody) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(error),
            };
            list.insert(number, (Arc::clone(directory), name));
            drop(list);
            let temporary = Self { number, file };
            // Another run that looks for leftovers may have come before the lock.
            if platform::try_lock(&temporary.file) && platform::has_name(&temporary.file) {
                return Ok(temporary);
            }
        }
        Err(io::Error::new(io::ErrorKind::AlreadyExists, "no name is free for a temporary file"))
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// Gives the file its final name, in place of what has it.
    pub(super) fn rename_to(self, name: &OsStr) -> io::Result<()> {
        let mut list = pending();
        if let Some((directory, own)) = list.get(&self.number) {
            platform::rename(directory, own.as_ref(), name)?;
            list.remove(&self.number);
        }
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some((directory, name)) = pending().remove(&self.number) {
            // The first error is the one to report.
            let _ = platform::remove(&directory, name.as_ref());
        }
    }
}

/// A number that nobody outside of this process can foresee: the keys of `RandomState` are the system's
/// random bytes.
fn unpredictable() -> u64 {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    RandomState::new().hash_one(COUNT.fetch_add(1, Ordering::Relaxed))
}

/// From now on SIGINT and SIGTERM remove the temporary files before they end the program.
///
/// They are waited for in a thread, as a handler may do next to nothing. Where there can be no other
/// thread they do what they always do; the next run removes what that leaves.
#[cfg(unix)]
fn watch() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let (ready, is_ready) = std::sync::mpsc::channel();
        let waits = std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            let signals = signal_hook::iterator::Signals::new(wanted_signals());
            // Nobody waits only if the program is at its end.
            let _ = ready.send(());
            let Ok(mut signals) = signals else { return };
            if let Some(signal) = signals.forever().next() {
                end(signal);
            }
        });
        if waits.is_ok() {
            // An error means that the thread has ended, which changes nothing.
            let _ = is_ready.recv();
        }
    });
}

#[cfg(not(unix))]
fn watch() {}

/// SIGINT and SIGTERM, but for those that whoever started us has switched off (as shells do for
/// programs in the background).
#[cfg(unix)]
fn wanted_signals() -> Vec<i32> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    // Only Linux says it to safe code (proc(5), "SigIgn").
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    [SIGINT, SIGTERM].into_iter().filter(|signal| ignored >> (signal - 1) & 1 == 0).collect()
}

/// Removes the temporary files and ends the program by the signal.
#[cfg(unix)]
fn end(signal: i32) -> ! {
    let list = pending();
    for (directory, name) in list.values() {
        let _ = platform::remove(directory, name.as_ref());
    }
    // For the first process of a container, a signal that nobody handles does nothing.
    if std::process::id() != 1 {
        let _ = signal_hook::low_level::emulate_default_handler(signal);
    }
    std::process::exit(128 + signal)
}
