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

use crate::dialect::DialectName;
use crate::model::kind::FileKind;
use crate::schema::generate;

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

    fn path(&self, kind: FileKind) -> String {
        format!("{}/{}", self.directory, generate::path(kind, self.dialect))
    }

    /// The path if yaml-language-server takes it for one relative to the opened folder, else a URI.
    fn address(&self, kind: FileKind) -> String {
        let path = self.path(kind);
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '@');
        if !path.starts_with('/') && path.chars().all(is_plain) { path } else { file_uri(&path) }
    }

    fn vscode(&self) -> String {
        let schemas: Map<String, Value> =
            FileKind::ALL.into_iter().map(|kind| (self.address(kind), json!([glob(kind)]))).collect();
        format!("{:#}\n", json!({"yaml.schemas": schemas, "yaml.yamlVersion": "1.1"}))
    }

    fn neovim(&self) -> String {
        let mut text = String::from(
            "vim.lsp.config('yamlls', {\n  cmd = { 'yaml-language-server', '--stdio' },\n  filetypes = { 'yaml' },\n  \
             root_dir = vim.fn.getcwd(),\n  settings = {\n    yaml = {\n      yamlVersion = '1.1',\n      schemas = {\n",
        );
        for kind in FileKind::ALL {
            // Writing to a string cannot fail. Neither an address nor a glob has a quotation mark.
            let _ = writeln!(text, "        ['{}'] = {{ '{}' }},", self.address(kind), glob(kind));
        }
        text.push_str("      },\n    },\n  },\n})\nvim.lsp.enable('yamlls')\n");
        text
    }

    fn jetbrains(&self) -> String {
        let mut text = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<project version=\"4\">\n  \
             <component name=\"JsonSchemaMappingsProjectConfiguration\">\n    <state>\n      <map>\n",
        );
        for kind in FileKind::ALL {
            let name = format!("PaaSTA {}", kind.file_pattern());
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
                xml(&self.path(kind)),
                glob(kind)
            );
        }
        text.push_str("      </map>\n    </state>\n  </component>\n</project>\n");
        text
    }

    /// One line per kind, with the names of its files above it. A file lies one directory below the root.
    fn modelines(&self) -> String {
        let mut text = String::new();
        for kind in FileKind::ALL {
            let address = self.address(kind);
            let up = if address.starts_with("file:") { "" } else { "../" };
            let _ = writeln!(text, "# {}", kind.file_pattern());
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

/// The files of a kind, anywhere one directory below.
fn glob(kind: FileKind) -> String {
    format!("*/{}", kind.file_pattern())
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
        assert_eq!(keys, FileKind::ALL.len());
        assert!(hostile.text(Editor::Neovim).contains("/a%27%22%0A%3C%26%3Eb%20%5D/marathon.schema.json']"));
        assert!(hostile.text(Editor::Jetbrains).contains("value=\"a'&quot;\n&lt;&amp;>b ]/marathon"));
        let lines = hostile.text(Editor::Modeline);
        assert!(lines.lines().all(|line| line.starts_with("# ")), "{lines}");
    }

    #[test]
    fn addresses_are_relative_where_editors_understand_it() {
        let address = |directory| Schemas::new(directory, DialectName::Paasta066).address(FileKind::Deploy);
        assert_eq!(address("./.soalint/schemas/"), ".soalint/schemas/paasta-0.66/deploy.schema.json");
        assert_eq!(address("/x y"), "file:///x%20y/paasta-0.66/deploy.schema.json");
    }
}
