//! Arguments in, exit status out.

use std::process::ExitCode;

/// A check makes and drops a great many small trees on every thread: the system's allocator was
/// a quarter of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(soalint::cli::run(std::env::args_os()).code())
}
