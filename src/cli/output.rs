//! Where payloads go: one document on stdout, or a file each.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::emit::python::{dumps, write_json};
use crate::emit::{Payload, Refusal};
use crate::report::escape::inert;
use crate::text::printable;
use crate::write::{Bounds, Directory};

use super::Error;
use super::args::JsonOrYaml;

/// Where a payload stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PayloadPlace {
    /// In a file of its own.
    File,
    /// In the one document.
    Entry,
    /// In the part of the document that belongs to its cluster.
    EntryOfCluster,
}

/// How payloads are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    format: JsonOrYaml,
    place: PayloadPlace,
}

/// A payload, written out.
pub(super) struct Text {
    name: String,
    body: String,
    /// Whether its image is a placeholder.
    pub(super) is_placeholder: bool,
}

impl Text {
    /// A payload in its place.
    pub(super) fn of(payload: &Payload<'_>, layout: Layout) -> Result<Self, Refusal> {
        let body = match (layout.format, layout.place) {
            (JsonOrYaml::Json, PayloadPlace::File) => {
                let mut text = String::with_capacity(4096);
                write_json(&payload.value, 0, &mut text)?;
                text.push('\n');
                text
            }
            (JsonOrYaml::Json, PayloadPlace::Entry) => crate::emit::json_entry(payload, 0)?,
            (JsonOrYaml::Json, PayloadPlace::EntryOfCluster) => crate::emit::json_entry(payload, 1)?,
            (JsonOrYaml::Yaml, place) => yaml(payload, place)?,
        };
        Ok(Self { name: payload.name.clone(), body, is_placeholder: payload.is_placeholder })
    }
}

/// A payload in YAML, with sorted keys; as an entry of a mapping unless it stands alone.
fn yaml(payload: &Payload<'_>, place: PayloadPlace) -> Result<String, Refusal> {
    let wrong = |error: String| Refusal::new("", format!("it cannot be written as YAML: {error}"));
    // The way over JSON sorts the keys and refuses what a payload must not hold.
    let json: serde_json::Value =
        serde_json::from_str(&dumps(&payload.value)?).map_err(|error| wrong(error.to_string()))?;
    if place == PayloadPlace::File {
        return serde_yaml::to_string(&json).map_err(|error| wrong(error.to_string()));
    }
    let entry = serde_json::Map::from_iter([(payload.name.clone(), json)]);
    let text = serde_yaml::to_string(&entry).map_err(|error| wrong(error.to_string()))?;
    Ok(if place == PayloadPlace::Entry { text } else { indented(&text) })
}

/// YAML text as the value of a key of an outer mapping.
fn indented(text: &str) -> String {
    let mut inner = String::with_capacity(text.len() + text.len() / 8);
    for line in text.split_inclusive('\n') {
        if line != "\n" {
            inner.push_str("  ");
        }
        inner.push_str(line);
    }
    inner
}

/// A place for payloads.
pub(super) enum Output<'o> {
    /// One document.
    Stream {
        /// Where it goes.
        out: &'o mut dyn Write,
        /// Its language.
        format: JsonOrYaml,
        /// Whether something was written, in the cluster's part if there is one.
        begun: bool,
        /// Number of clusters that have a part of the document.
        clusters: usize,
    },
    /// A file each.
    Directory {
        /// Where they go.
        place: Place,
        /// The directory below it of the cluster that is being written.
        cluster: Option<Place>,
        /// Their language.
        format: JsonOrYaml,
    },
}

impl<'o> Output<'o> {
    /// One document.
    pub(super) fn stream(out: &'o mut dyn Write, format: JsonOrYaml) -> Self {
        Output::Stream { out, format, begun: false, clusters: 0 }
    }

    /// A file each; makes the directory.
    pub(super) fn directory(path: &Path, bounds: &Bounds, format: JsonOrYaml) -> Result<Self, Error> {
        let made = Directory::make(path, bounds);
        let place =
            Place { path: path.to_path_buf(), directory: made.map_err(|error| unusable(path, &error))? };
        Ok(Output::Directory { place, cluster: None, format })
    }

    /// How payloads have to be written for it.
    pub(super) fn layout(&self) -> Layout {
        match self {
            Output::Stream { format, clusters: 0, .. } => {
                Layout { format: *format, place: PayloadPlace::Entry }
            }
            Output::Stream { format, .. } => Layout { format: *format, place: PayloadPlace::EntryOfCluster },
            Output::Directory { format, .. } => Layout { format: *format, place: PayloadPlace::File },
        }
    }

    /// Begins the part of a cluster.
    pub(super) fn begin_cluster(&mut self, name: &str) -> Result<(), Error> {
        if let Output::Directory { place, cluster, .. } = self {
            let name = safe_name(name);
            let path = place.path.join(&name);
            let made = place.directory.subdirectory(&name);
            let directory = made.map_err(|error| unusable(&path, &error))?;
            *cluster = Some(Place { path, directory });
            return Ok(());
        }
        super::until_closed(self.end_cluster())?;
        let Output::Stream { out, format, begun, clusters } = self else { return Ok(()) };
        let before: &[u8] = match (format, *clusters) {
            (JsonOrYaml::Yaml, _) => b"",
            (JsonOrYaml::Json, 0) => b"{\n  ",
            (JsonOrYaml::Json, _) => b",\n  ",
        };
        *begun = false;
        *clusters += 1;
        // A JSON string is a YAML string, too.
        let name = serde_json::Value::from(name);
        super::until_closed(out.write_all(before).and_then(|()| write!(out, "{name}:")))?;
        Ok(())
    }

    fn end_cluster(&mut self) -> io::Result<()> {
        match self {
            Output::Directory { .. } | Output::Stream { clusters: 0, .. } => Ok(()),
            Output::Stream { out, format: JsonOrYaml::Json, begun: true, .. } => out.write_all(b"\n  }"),
            Output::Stream { out, format: JsonOrYaml::Json, .. } => out.write_all(b" {}"),
            Output::Stream { begun: true, .. } => Ok(()),
            Output::Stream { out, .. } => out.write_all(b" {}\n"),
        }
    }

    /// Writes a payload.
    pub(super) fn write(&mut self, text: &Text) -> io::Result<()> {
        match self {
            Output::Stream { out, format, begun, clusters } => {
                let between: &[u8] = match (format, *begun, *clusters > 0) {
                    (JsonOrYaml::Yaml, false, true) => b"\n",
                    (JsonOrYaml::Yaml, ..) => b"",
                    (JsonOrYaml::Json, true, false) => b",\n  ",
                    (JsonOrYaml::Json, false, false) => b"{\n  ",
                    (JsonOrYaml::Json, true, true) => b",\n    ",
                    (JsonOrYaml::Json, false, true) => b" {\n    ",
                };
                *begun = true;
                out.write_all(between)?;
                out.write_all(text.body.as_bytes())
            }
            Output::Directory { place, cluster, format } => {
                let place = cluster.as_ref().unwrap_or(place);
                place.write(&file_name(&text.name, extension(*format)), text.body.as_bytes())
            }
        }
    }

    /// Removes the files that an earlier run wrote for what is withheld now, and says so: whoever
    /// deploys what lies in the directory must not deploy them. Without `own` they have the ending of
    /// payloads. To be called before anything is written in their place.
    pub(super) fn remove_stale<'n>(
        &self,
        withheld: impl Iterator<Item = &'n str>,
        own: Option<&str>,
    ) -> Result<(), Error> {
        let Output::Directory { place, cluster, format } = self else { return Ok(()) };
        let place = cluster.as_ref().unwrap_or(place);
        for name in withheld {
            let file = file_name(name, own.unwrap_or(extension(*format)));
            let shown = printable(&place.path.join(&file).to_string_lossy());
            // Nothing else than a file is of an earlier run.
            let removed = place.directory.remove(&file).map_err(|error| {
                Error::usage(format!("cannot remove `{shown}`, which is of an earlier run: {error}"), "")
            })?;
            if removed {
                say!("removed: {} (of an earlier run)", inert(&shown));
            }
        }
        Ok(())
    }

    /// Writes a whole file under a name of its own.
    pub(super) fn write_whole(&mut self, name: &str, extension: &str, text: &str) -> io::Result<()> {
        match self {
            Output::Stream { out, begun, .. } => {
                *begun = true;
                out.write_all(text.as_bytes())
            }
            Output::Directory { place, .. } => place.write(&file_name(name, extension), text.as_bytes()),
        }
    }

    /// Ends the document.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.end_cluster()?;
        match self {
            Output::Stream { out, begun: false, clusters: 0, .. } => out.write_all(b"{}\n"),
            Output::Stream { out, format: JsonOrYaml::Json, .. } => out.write_all(b"\n}\n"),
            Output::Stream { .. } | Output::Directory { .. } => Ok(()),
        }
    }
}

const fn extension(format: JsonOrYaml) -> &'static str {
    match format {
        JsonOrYaml::Json => "json",
        JsonOrYaml::Yaml => "yaml",
    }
}

/// A directory, and how the user names it.
pub(super) struct Place {
    path: PathBuf,
    directory: Directory,
}

impl Place {
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.directory.write(name, bytes).map_err(|error| {
            let shown = printable(&self.path.join(name).to_string_lossy());
            io::Error::new(error.kind(), format!("`{shown}`: {error}"))
        })
    }
}

fn unusable(path: &Path, error: &io::Error) -> Error {
    let path = path.to_string_lossy();
    Error::usage(format!("cannot use the directory `{}`: {error}", printable(&path)), "")
}

fn file_name(payload: &str, extension: &str) -> String {
    format!("{}.{extension}", safe_name(payload))
}

/// A name that stays in the directory whatever an instance is called: everything but letters,
/// digits, `_`, `-` and `.` is written as `%` and hexadecimal digits, and so is a dot in front.
fn safe_name(payload: &str) -> String {
    /// File systems take 255 bytes; there must be room for the extension.
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
}
