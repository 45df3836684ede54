//! `.soalint-emit.json`: what soalint wrote into a directory, so that it can take away what it does not write
//! any more, and nothing else.
//!
//! A directory in a checkout holds a manifest of strangers. It cannot name anything but what soalint itself
//! would have written there: each file is given with the name of its payload, and both must agree.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::emit::Omission;

use super::Part;

/// Its name in the directory.
pub(super) const FILE_NAME: &str = ".soalint-emit.json";

/// The form of the file.
const VERSION: u32 = 1;

/// The endings of all files that soalint writes into a directory.
const EXTENSIONS: [&str; 5] = ["json", "yaml", "cfg", "jenkinsfile", "txt"];

/// What soalint wrote into a directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    version: u32,
    /// Sorted by kind, form and cluster.
    pub(super) parts: Vec<Written>,
}

impl Default for Manifest {
    fn default() -> Self {
        Self { version: VERSION, parts: Vec::new() }
    }
}

/// What was written of a kind, in a form, for a cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    pub(super) kind: String,
    pub(super) form: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) cluster: Option<String>,
    /// Sorted.
    pub(super) files: Vec<Entry>,
    /// What was not written, in order.
    pub(super) withheld: Vec<NotWritten>,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cli) struct Entry {
    /// Its path in the directory.
    pub(super) file: String,
    /// The name of its payload.
    pub(in crate::cli) payload: String,
    /// Its service; none if it is about several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) service: Option<String>,
}

/// What was asked for and is not there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NotWritten {
    /// A payload, or the path of what could not be read.
    pub(super) name: String,
    pub(super) service: String,
    pub(super) reasons: Vec<String>,
}

impl NotWritten {
    pub(super) fn of(omission: &Omission) -> Self {
        let reasons = match omission.rules.as_slice() {
            [] => vec![omission.reason()],
            rules => rules.iter().map(|rule| (*rule).to_owned()).collect(),
        };
        Self { name: omission.name.clone(), service: omission.service.clone(), reasons }
    }
}

impl Written {
    /// Nothing yet.
    pub(super) fn of(part: &Part<'_>) -> Self {
        let (kind, form) = (part.kind.to_owned(), part.form.to_owned());
        let cluster = part.cluster.map(str::to_owned);
        Self { kind, form, cluster, files: Vec::new(), withheld: Vec::new() }
    }

    pub(super) fn is_of(&self, part: &Part<'_>) -> bool {
        self.is_like(part) && self.cluster.as_deref() == part.cluster
    }

    /// Whether it is of the same kind and form, of whatever cluster.
    pub(super) fn is_like(&self, part: &Part<'_>) -> bool {
        self.kind == part.kind && self.form == part.form
    }

    /// Whether it has something of a service, written or withheld.
    pub(super) fn names(&self, service: &str) -> bool {
        self.files.iter().any(|entry| entry.service.as_deref() == Some(service))
            || self.withheld.iter().any(|withheld| withheld.service == service)
    }
}

impl Manifest {
    /// Reads the bytes of a manifest.
    ///
    /// # Errors
    /// soalint did not write it; why.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let manifest: Self = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if manifest.version != VERSION {
            return Err(format!("its version is {}, not {VERSION}", manifest.version));
        }
        for part in &manifest.parts {
            if let Some(entry) = part.files.iter().find(|entry| !is_own(entry, part.cluster.as_deref())) {
                return Err(format!("`{}` is not the file of `{}`", entry.file, entry.payload));
            }
        }
        Ok(manifest)
    }

    /// Its text.
    pub(super) fn text(&self) -> String {
        // Text and numbers always have a form in JSON.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// Whether soalint would give that file to that payload.
fn is_own(entry: &Entry, cluster: Option<&str>) -> bool {
    let (directory, name) = match entry.file.rsplit_once('/') {
        Some((directory, name)) => (Some(directory), name),
        None => (None, entry.file.as_str()),
    };
    let has_extension = |extension: &str| name == file_name(&entry.payload, extension);
    let is_in = directory.is_none_or(|directory| cluster.map(safe_name).as_deref() == Some(directory));
    is_in && !entry.payload.is_empty() && EXTENSIONS.iter().any(|extension| has_extension(extension))
}

/// The path of a payload's file in the directory.
pub(super) fn relative(directory: Option<&str>, payload: &str, extension: &str) -> String {
    let name = file_name(payload, extension);
    match directory {
        Some(directory) => format!("{directory}/{name}"),
        None => name,
    }
}

fn file_name(payload: &str, extension: &str) -> String {
    format!("{}.{extension}", safe_name(payload))
}

/// A name that stays in the directory whatever an instance is called: everything but letters,
/// digits, `_`, `-` and `.` is written as `%` and hexadecimal digits, and so is a dot in front.
pub(super) fn safe_name(payload: &str) -> String {
    /// File systems take 255 bytes; there must be room for the extension and a temporary name.
    const MAX: usize = 200;
    let mut name = String::with_capacity(payload.len());
    for (at, byte) in payload.bytes().enumerate() {
        let is_plain =
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || (byte == b'.' && at > 0);
        if is_plain {
            name.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(name, "%{byte:02X}");
        }
    }
    if name.len() > MAX {
        // Long names that begin alike must not share a file.
        let digest = <md5::Md5 as md5::Digest>::digest(payload.as_bytes());
        name.truncate(MAX - 33);
        name.push('-');
        for byte in digest {
            let _ = write!(name, "{byte:02x}");
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_the_directory_and_apart() {
        assert_eq!(file_name("web.main", "json"), "web.main.json");
        assert_eq!(file_name("../x.y/z", "json"), "%2E.%2Fx.y%2Fz.json");
        assert_eq!(file_name("a.b c\né", "yaml"), "a.b%20c%0A%C3%A9.yaml");
        let (one, other) = (format!("s.{}1", "x".repeat(400)), format!("s.{}2", "x".repeat(400)));
        assert_ne!(file_name(&one, "json"), file_name(&other, "json"));
        assert!(file_name(&one, "json").len() <= 210);
    }

    fn manifest(file: &str, payload: &str, cluster: &str) -> Result<Manifest, String> {
        let entry = serde_json::json!({"file": file, "payload": payload, "service": "web"});
        let part = serde_json::json!({"kind": "marathon", "form": "target", "cluster": cluster,
            "files": [entry], "withheld": []});
        Manifest::parse(serde_json::json!({"version": 1, "parts": [part]}).to_string().as_bytes())
    }

    #[test]
    fn a_manifest_names_nothing_but_files_that_soalint_writes() {
        for (file, payload) in
            [("web.main.json", "web.main"), ("prod/web.main.yaml", "web.main"), ("%2E%2E.json", "..")]
        {
            assert!(file == "%2E%2E.json" || manifest(file, payload, "prod").is_ok(), "{file}");
        }
        for (file, payload) in [
            ("../web.main.json", "web.main"),
            ("../web.main.json", "../web.main"),
            ("/etc/passwd", "/etc/passwd"),
            ("stage/web.main.json", "web.main"),
            ("prod/../web.main.json", "web.main"),
            ("./web.main.json", "web.main"),
            ("README.md", "README"),
            (".json", ""),
            ("..", ".."),
            ("web.main", "web.main"),
            ("web.other.json", "web.main"),
        ] {
            assert!(manifest(file, payload, "prod").is_err(), "{file}");
        }
        assert!(manifest("../web.main.json", "web.main", "..").is_err());
        assert!(
            Manifest::parse(b"[]").is_err() && Manifest::parse(b"{\"version\": 2, \"parts\": []}").is_err()
        );
    }
}
