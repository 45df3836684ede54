//! Where payloads go: one document on stdout, or a file each.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::emit::python::{dumps, write_json};
use crate::emit::{Payload, Refusal};
use crate::text::printable;

use super::Error;
use super::args::JsonOrYaml;

/// A payload, written out.
pub(super) struct Text {
    name: String,
    body: String,
    /// Whether its image is a placeholder.
    pub(super) is_placeholder: bool,
}

impl Text {
    /// A payload as a file of its own, or as an entry of the one document.
    pub(super) fn of(payload: &Payload<'_>, format: JsonOrYaml, alone: bool) -> Result<Self, Refusal> {
        let body = match (format, alone) {
            (JsonOrYaml::Json, true) => {
                let mut text = String::with_capacity(4096);
                write_json(&payload.value, 0, &mut text)?;
                text.push('\n');
                text
            }
            (JsonOrYaml::Json, false) => crate::emit::json_entry(payload)?,
            (JsonOrYaml::Yaml, alone) => yaml(payload, alone)?,
        };
        Ok(Self { name: payload.name.clone(), body, is_placeholder: payload.is_placeholder })
    }
}

/// A payload in YAML, with sorted keys; as an entry of a mapping unless it stands alone.
fn yaml(payload: &Payload<'_>, alone: bool) -> Result<String, Refusal> {
    let wrong = |error: String| Refusal::new("", format!("it cannot be written as YAML: {error}"));
    // The way over JSON sorts the keys and refuses what a payload must not hold.
    let json: serde_json::Value =
        serde_json::from_str(&dumps(&payload.value)?).map_err(|error| wrong(error.to_string()))?;
    let written = if alone {
        serde_yaml::to_string(&json)
    } else {
        let entry = serde_json::Map::from_iter([(payload.name.clone(), json)]);
        serde_yaml::to_string(&entry)
    };
    written.map_err(|error| wrong(error.to_string()))
}

/// A place for payloads.
pub(super) enum Output<'o> {
    /// One document.
    Stream {
        /// Where it goes.
        out: &'o mut dyn Write,
        /// Its language.
        format: JsonOrYaml,
        /// Whether something was written.
        begun: bool,
    },
    /// A file each.
    Directory {
        /// Where they go.
        path: PathBuf,
        /// Their language.
        format: JsonOrYaml,
    },
}

impl<'o> Output<'o> {
    /// One document.
    pub(super) fn stream(out: &'o mut dyn Write, format: JsonOrYaml) -> Self {
        Output::Stream { out, format, begun: false }
    }

    /// A file each; makes the directory.
    pub(super) fn directory(path: &Path, format: JsonOrYaml) -> Result<Self, Error> {
        fs::create_dir_all(path).map_err(|error| {
            Error::usage(
                format!("cannot use the directory `{}`: {error}", printable(&path.to_string_lossy())),
                "",
            )
        })?;
        Ok(Output::Directory { path: path.to_path_buf(), format })
    }

    /// Writes a payload.
    pub(super) fn write(&mut self, text: &Text) -> io::Result<()> {
        match self {
            Output::Stream { out, format, begun } => {
                let between: &[u8] = match (format, *begun) {
                    (JsonOrYaml::Yaml, _) => b"",
                    (JsonOrYaml::Json, true) => b",\n  ",
                    (JsonOrYaml::Json, false) => b"{\n  ",
                };
                *begun = true;
                out.write_all(between)?;
                out.write_all(text.body.as_bytes())
            }
            Output::Directory { path, format } => {
                let extension = match format {
                    JsonOrYaml::Json => "json",
                    JsonOrYaml::Yaml => "yaml",
                };
                write_file(path, &file_name(&text.name, extension), text.body.as_bytes())
            }
        }
    }

    /// Writes a whole file under a name of its own.
    pub(super) fn write_whole(&mut self, name: &str, extension: &str, text: &str) -> io::Result<()> {
        match self {
            Output::Stream { out, begun, .. } => {
                *begun = true;
                out.write_all(text.as_bytes())
            }
            Output::Directory { path, .. } => write_file(path, &file_name(name, extension), text.as_bytes()),
        }
    }

    /// Ends the document.
    pub(super) fn finish(self) -> io::Result<()> {
        match self {
            Output::Stream { out, begun: false, .. } => out.write_all(b"{}\n"),
            Output::Stream { out, format: JsonOrYaml::Json, .. } => out.write_all(b"\n}\n"),
            Output::Stream { .. } | Output::Directory { .. } => Ok(()),
        }
    }
}

/// Writes a file as a whole or not at all.
fn write_file(directory: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let temporary = directory.join(format!(".{name}.{}.tmp", std::process::id()));
    let written = fs::write(&temporary, bytes).and_then(|()| fs::rename(&temporary, directory.join(name)));
    if written.is_err() {
        // What is left behind is only litter; the first error is the one to report.
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// A name that stays in the directory whatever an instance is called: everything but letters,
/// digits, `_`, `-` and `.` is written as `%` and hexadecimal digits, and so is a dot in front.
fn file_name(payload: &str, extension: &str) -> String {
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
    format!("{name}.{extension}")
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
}
