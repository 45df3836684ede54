//! The threads of the program, where the system gives as many.

use std::sync::{Mutex, PoisonError};
use std::thread;

use rayon::ThreadPoolBuilder;

use super::Error;

/// Starts `jobs` threads, or one per processor. Where the system does not give so many, the thread that is
/// there does everything.
pub(super) fn start(jobs: Option<u16>) -> Result<(), Error> {
    let processors = || thread::available_parallelism().map_or(1, Into::into);
    let wanted = jobs.map(usize::from).filter(|jobs| *jobs > 0).unwrap_or_else(processors);
    // A pool that could not be started can never be started again, smaller: so we try before.
    let builder = if wanted > 1 && can_start(wanted) {
        ThreadPoolBuilder::new().num_threads(wanted)
    } else {
        ThreadPoolBuilder::new().num_threads(1).use_current_thread()
    };
    builder.build_global().map_err(|error| {
        let help = "raise the limit of processes (`ulimit -u`), or run it again with `-j 1`";
        Error::usage(format!("the system gives no threads: {error}"), help)
    })
}

/// Whether so many threads can run at once, and one more, which waits for signals (`write`).
fn can_start(number: usize) -> bool {
    let gate = Mutex::new(());
    let closed = gate.lock().unwrap_or_else(PoisonError::into_inner);
    thread::scope(|scope| {
        let wait = || drop(gate.lock());
        let start = |_| thread::Builder::new().spawn_scoped(scope, wait).ok();
        let started = (0..=number).map_while(start).count();
        drop(closed);
        started > number
    })
}
