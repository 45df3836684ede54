//! Set-up of editors: what leads each file of a tree to its schema.
//!
//! Standard output gets the whole content of a settings file, so that it can be redirected into a new
//! one; where it belongs is said on standard error. The forms were tried with the editors' own
//! programs (tests/clients), except those of `JetBrains`, whose form is that of their own `jsonSchemas.xml`.

use std::env;
use std::fmt::Write as _;
use std::path::Path;

use clap::ValueEnum;
use serde_json::{Map, Value, json};

use crate::config;
use crate::dialect::DialectName;
use crate::model::kind::FileKind;
use crate::schema::{generate, publish};

/// `--editor`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Editor {
    /// .vscode/settings.json for the extension redhat.vscode-yaml
    Vscode,
    /// .nvim.lua for yaml-language-server in Neovim 0.11
    Neovim,
    /// .idea/jsonSchemas.xml
    Jetbrains,
    /// A first line for each kind of file, for any editor with yaml-language-server
    Modeline,
}

/// Where the schemas are, as the different editors want to have it.
pub(super) struct Schemas<'d> {
    directory: &'d str,
    dialect: DialectName,
}

impl<'d> Schemas<'d> {
    /// `directory` as seen from the root of the tree, which is the folder that the editor opens.
    pub(super) fn new(directory: &'d str, dialect: DialectName) -> Self {
        let shorter = directory.strip_prefix("./").unwrap_or(directory);
        let directory = if shorter.len() > 1 { shorter.trim_end_matches('/') } else { shorter };
        Self { directory, dialect }
    }

    /// What goes into the editor's file.
    pub(super) fn text(&self, editor: Editor) -> String {
        match editor {
            Editor::Vscode => self.vscode(),
            Editor::Neovim => self.neovim(),
            Editor::Jetbrains => self.jetbrains(),
            Editor::Modeline => self.modelines(),
        }
    }

    /// Everything that has a schema.
    fn files(&self) -> Vec<File> {
        let file = |path: String, name: String, depth| {
            let path = format!("{}/{path}", self.directory);
            File { address: address(&path), path, glob: format!("{}{name}", "*/".repeat(depth)), name, depth }
        };
        let kinds = FileKind::ALL.into_iter();
        let mut files: Vec<File> =
            kinds.map(|kind| file(generate::path(kind, self.dialect), kind.file_pattern(), 1)).collect();
        files.push(file(publish::CONFIGURATION.to_owned(), config::FILE_NAME.to_owned(), 0));
        files
    }

    fn vscode(&self) -> String {
        let schemas: Map<String, Value> =
            self.files().into_iter().map(|file| (file.address, json!([file.glob]))).collect();
        format!("{:#}\n", json!({"yaml.schemas": schemas, "yaml.yamlVersion": "1.1"}))
    }

    fn neovim(&self) -> String {
        let mut text = String::from(
            "vim.lsp.config('yamlls', {\n  cmd = { 'yaml-language-server', '--stdio' },\n  filetypes = { 'yaml' },\n  \
             root_dir = vim.fn.getcwd(),\n  settings = {\n    yaml = {\n      yamlVersion = '1.1',\n      schemas = {\n",
        );
        for file in self.files() {
            // Writing to a string cannot fail. Neither an address nor a glob has a quotation mark.
            let _ = writeln!(text, "        ['{}'] = {{ '{}' }},", file.address, file.glob);
        }
        text.push_str("      },\n    },\n  },\n})\nvim.lsp.enable('yamlls')\n");
        text
    }

    fn jetbrains(&self) -> String {
        let mut text = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<project version=\"4\">\n  \
             <component name=\"JsonSchemaMappingsProjectConfiguration\">\n    <state>\n      <map>\n",
        );
        for file in self.files() {
            let name = format!("soalint {}", file.name);
            let _ = write!(
                text,
                r#"        <entry key="{name}">
          <value>
            <SchemaInfo>
              <option name="name" value="{name}" />
              <option name="relativePathToSchema" value="{}" />
              <option name="patterns">
                <list>
                  <Item>
                    <option name="path" value="{}" />
                    <option name="pattern" value="true" />
                    <option name="mappingKind" value="Pattern" />
                  </Item>
                </list>
              </option>
            </SchemaInfo>
          </value>
        </entry>
"#,
                xml(&file.path),
                file.glob
            );
        }
        text.push_str("      </map>\n    </state>\n  </component>\n</project>\n");
        text
    }

    /// One line per kind, with the names of its files above it.
    fn modelines(&self) -> String {
        let mut text = String::new();
        for File { address, name, depth, .. } in self.files() {
            let up = if address.starts_with("file:") { String::new() } else { "../".repeat(depth) };
            let _ = writeln!(text, "# {name}");
            let _ = writeln!(text, "# yaml-language-server: $schema={up}{address}");
        }
        text
    }
}

/// What to do with the text, in a sentence or two.
pub(super) const fn instructions(editor: Editor) -> &'static str {
    match editor {
        Editor::Vscode => {
            "put this into .vscode/settings.json at the root of the tree; needs the extension redhat.vscode-yaml"
        }
        Editor::Neovim => {
            "put this into .nvim.lua at the root of the tree, and `vim.o.exrc = true` into your init.lua; needs \
             Neovim 0.11 and yaml-language-server on the PATH"
        }
        Editor::Jetbrains => {
            "put this into .idea/jsonSchemas.xml at the root of the tree, and open the project again"
        }
        Editor::Modeline => {
            "put the line for its kind at the top of a file; it goes before the settings of the editor"
        }
    }
}

/// Files that have a schema.
struct File {
    /// Of the schema, from the root of the tree or as a whole.
    path: String,
    /// The same as yaml-language-server wants it.
    address: String,
    /// The files' names.
    name: String,
    /// How many directories they lie below the root.
    depth: usize,
    /// The files, anywhere.
    glob: String,
}

/// The path if yaml-language-server takes it for one relative to the opened folder, else a URI.
fn address(path: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '@');
    if !path.starts_with('/') && path.chars().all(is_plain) { path.to_owned() } else { file_uri(path) }
}

/// A path as `file:` URI, made absolute from the current directory.
fn file_uri(path: &str) -> String {
    let absolute = env::current_dir().map_or_else(|_| Path::new(path).into(), |current| current.join(path));
    let mut uri = String::from("file://");
    for byte in absolute.to_string_lossy().bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'_' | b'-' | b'~') {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out_of_a_setting() {
        let hostile = Schemas::new("a'\"\n<&>b ]", DialectName::Documented);
        let json: Value = serde_json::from_str(&hostile.text(Editor::Vscode)).unwrap_or_default();
        let keys = json["yaml.schemas"].as_object().map_or(0, Map::len);
        assert_eq!(keys, FileKind::ALL.len() + 1);
        assert!(hostile.text(Editor::Neovim).contains("/a%27%22%0A%3C%26%3Eb%20%5D/marathon.schema.json']"));
        assert!(hostile.text(Editor::Jetbrains).contains("value=\"a'&quot;\n&lt;&amp;>b ]/marathon"));
        let lines = hostile.text(Editor::Modeline);
        assert!(lines.lines().all(|line| line.starts_with("# ")), "{lines}");
    }

    #[test]
    fn addresses_are_relative_where_editors_understand_it() {
        let lines = |directory| Schemas::new(directory, DialectName::Paasta066).text(Editor::Modeline);
        let relative = lines("./.soalint/schemas/");
        assert!(
            relative.contains("$schema=../.soalint/schemas/paasta-0.66/deploy.schema.json\n"),
            "{relative}"
        );
        assert!(relative.contains("$schema=.soalint/schemas/soalint.schema.json\n"), "{relative}");
        let whole = lines("/x y");
        assert!(whole.contains("$schema=file:///x%20y/paasta-0.66/deploy.schema.json\n"), "{whole}");
    }
}
