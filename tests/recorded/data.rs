//! The recorded data of tests/data: archives, lines of JSON, documents.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use serde_json::Value as Json;
use sha1::{Digest as _, Sha1};

/// Where `tests/data/<name>` is.
pub(crate) fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// What `tests/data/<name>.tar.gz` holds, links included: a directory that nobody writes to. It is unpacked once for
/// all tests, which may run at the same time: aside, and then given its name, which says what the archive was.
pub(crate) fn unpacked(name: &str) -> PathBuf {
    let bytes = fs::read(path(&format!("{name}.tar.gz"))).expect("the archive");
    let scratch = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let target = scratch.join(format!("{name}-{:x}", Sha1::digest(&bytes)));
    if !target.is_dir() {
        let thread = std::thread::current().id();
        let aside = scratch.join(format!("{name}-{}-{thread:?}", std::process::id()));
        tar::Archive::new(GzDecoder::new(bytes.as_slice()))
            .unpack(&aside)
            .expect("the archive can be unpacked");
        // Another test may have been first: its copy is as good.
        if fs::rename(&aside, &target).is_err() {
            let _ = fs::remove_dir_all(&aside);
        }
    }
    target
}

/// The JSON document at that path.
pub(crate) fn json(path: &Path) -> Json {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The lines of `<name>.jsonl` in that directory, or of `<name>.jsonl.gz`.
pub(crate) fn rows(directory: &Path, name: &str) -> Vec<Json> {
    let plain = directory.join(format!("{name}.jsonl"));
    let text = fs::read_to_string(&plain).unwrap_or_else(|_| {
        let packed = File::open(directory.join(format!("{name}.jsonl.gz"))).expect("recorded lines");
        let mut text = String::new();
        GzDecoder::new(packed).read_to_string(&mut text).expect("recorded lines");
        text
    });
    text.lines().map(|line| serde_json::from_str(line).expect("a row")).collect()
}
