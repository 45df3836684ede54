//! Unpacks the archives of tests/data.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A directory that is removed when the test ends.
pub(crate) struct Unpacked(PathBuf);

impl Unpacked {
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        // A leftover in the directory for temporary files harms nobody.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Unpacks `tests/data/<name>` into a directory of its own, links included.
pub(crate) fn unpack(name: &str) -> Unpacked {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let target = std::env::temp_dir().join(format!("soalint-test-{}-{number}-{name}", std::process::id()));
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    let file = std::fs::File::open(&source).expect("the archive");
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(file));
    archive.unpack(&target).expect("the archive can be unpacked");
    Unpacked(target)
}
