//! Where payloads go: one document on stdout, or a file each.

use std::io::{self, Write};
use std::path::Path;

use crate::emit::Omission;
use crate::report::escape::json_text;
use crate::write::Bounds;

use super::Error;
use super::args::JsonOrYaml;

mod directory;
mod manifest;
mod text;

use directory::Directory;
pub(super) use manifest::Entry;
use text::PayloadPlace;
pub(super) use text::{Layout, Text};

/// What a run compiles at a time: all of a kind, in a form, for a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part<'p> {
    /// Name of the kind.
    pub(super) kind: &'p str,
    /// Name of the form.
    pub(super) form: &'p str,
    /// The cluster; none where all have the same.
    pub(super) cluster: Option<&'p str>,
}

/// How payloads are put together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// Their language.
    pub(super) format: JsonOrYaml,
    /// Whether there are whole files, as they are installed, instead of one document.
    pub(super) is_whole: bool,
    /// Whether each cluster has a part of the document, or a directory.
    pub(super) is_several: bool,
}

/// A place for payloads.
pub(super) enum Output<'o> {
    /// One document.
    Stream(Stream<'o>),
    /// A file each.
    Directory(Box<Directory>),
}

impl<'o> Output<'o> {
    /// A directory, which is made if it is not there, or without one the stream.
    ///
    /// # Errors
    /// The directory cannot be used.
    pub(super) fn open(
        directory: Option<(&Path, &Bounds)>,
        out: &'o mut dyn Write,
        shape: Shape,
    ) -> Result<Self, Error> {
        Ok(match directory {
            Some((path, bounds)) => Output::Directory(Box::new(Directory::open(path, bounds, shape)?)),
            None => Output::Stream(Stream { out, shape, begun: false, clusters: 0 }),
        })
    }

    /// How payloads have to be written for it.
    pub(super) fn layout(&self) -> Layout {
        match self {
            Output::Stream(stream) => stream.layout(),
            Output::Directory(directory) => Layout::new(directory.format(), PayloadPlace::File),
        }
    }

    /// Begins a part.
    ///
    /// # Errors
    /// The directory of the cluster cannot be used.
    pub(super) fn begin(&mut self, part: &Part<'_>) -> Result<(), Error> {
        match self {
            // Who has seen enough still gets the exit status that was earned.
            Output::Stream(stream) => super::until_closed(stream.begin(part))?,
            Output::Directory(directory) => directory.begin(part)?,
        }
        Ok(())
    }

    /// Writes a payload, or a file as it is installed. What cannot be written in a directory is said, and counts
    /// in the end (`finish`).
    ///
    /// # Errors
    /// The stream cannot be written.
    pub(super) fn write(&mut self, text: Text) -> Result<(), Error> {
        match self {
            Output::Stream(stream) => super::until_closed(stream.write(&text))?,
            Output::Directory(directory) => directory.write(text),
        }
        Ok(())
    }

    /// Ends a part: what was written for it before and is not written now is removed, as far as `covers`
    /// says that the run is about it.
    ///
    /// # Errors
    /// A file cannot be removed.
    pub(super) fn end(
        &mut self,
        withheld: &[Omission],
        covers: &dyn Fn(&Entry) -> bool,
    ) -> Result<(), Error> {
        match self {
            Output::Stream(stream) => super::until_closed(stream.end_cluster())?,
            Output::Directory(directory) => directory.end(withheld, covers)?,
        }
        Ok(())
    }

    /// Ends the run. `is_all` if it was about every cluster that there is; `lost` are services of which nobody
    /// knows which clusters they are in. Returns whether everything was written.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn finish(
        self,
        part: &Part<'_>,
        is_all: bool,
        lost: &[Omission],
        covers: &dyn Fn(&Entry) -> bool,
    ) -> Result<bool, Error> {
        match self {
            Output::Stream(stream) => {
                super::until_closed(stream.finish())?;
                Ok(true)
            }
            Output::Directory(directory) => directory.finish(part, is_all, lost, covers),
        }
    }
}

/// One document, or whole files one after the other.
pub(super) struct Stream<'o> {
    out: &'o mut dyn Write,
    shape: Shape,
    /// Whether something was written, in the cluster's part if there is one.
    begun: bool,
    /// Number of clusters that have a part of the document.
    clusters: usize,
}

impl Stream<'_> {
    fn layout(&self) -> Layout {
        let place = if self.shape.is_several { PayloadPlace::EntryOfCluster } else { PayloadPlace::Entry };
        Layout::new(self.shape.format, place)
    }

    fn begin(&mut self, part: &Part<'_>) -> io::Result<()> {
        let (true, Some(cluster)) = (self.shape.is_several, part.cluster) else { return Ok(()) };
        let before: &[u8] = match (self.shape.format, self.clusters) {
            (JsonOrYaml::Yaml, _) => b"",
            (JsonOrYaml::Json, 0) => b"{\n  ",
            (JsonOrYaml::Json, _) => b",\n  ",
        };
        self.begun = false;
        self.clusters += 1;
        // A JSON string is a YAML string, too.
        let name = json_text(&cluster)?;
        self.out.write_all(before)?;
        write!(self.out, "{name}:")
    }

    fn end_cluster(&mut self) -> io::Result<()> {
        match (self.shape.format, self.begun) {
            _ if self.clusters == 0 => Ok(()),
            (JsonOrYaml::Json, true) => self.out.write_all(b"\n  }"),
            (JsonOrYaml::Json, false) => self.out.write_all(b" {}"),
            (JsonOrYaml::Yaml, true) => Ok(()),
            (JsonOrYaml::Yaml, false) => self.out.write_all(b" {}\n"),
        }
    }

    fn write(&mut self, text: &Text) -> io::Result<()> {
        let between: &[u8] = match (self.shape.format, self.begun, self.clusters > 0) {
            _ if self.shape.is_whole => {
                if self.begun {
                    b"\n"
                } else {
                    b""
                }
            }
            (JsonOrYaml::Yaml, false, true) => b"\n",
            (JsonOrYaml::Yaml, ..) => b"",
            (JsonOrYaml::Json, true, false) => b",\n  ",
            (JsonOrYaml::Json, false, false) => b"{\n  ",
            (JsonOrYaml::Json, true, true) => b",\n    ",
            (JsonOrYaml::Json, false, true) => b" {\n    ",
        };
        self.begun = true;
        self.out.write_all(between)?;
        self.out.write_all(text.body.as_bytes())
    }

    fn finish(self) -> io::Result<()> {
        match self.shape.format {
            _ if self.shape.is_whole => Ok(()),
            _ if self.clusters == 0 && !self.begun => self.out.write_all(b"{}\n"),
            JsonOrYaml::Json => self.out.write_all(b"\n}\n"),
            JsonOrYaml::Yaml => Ok(()),
        }
    }
}
