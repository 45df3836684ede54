//! Places that PyYAML's pure loader, libyaml and older PyYAML read differently, and documents as
//! PaaSTA's own reader takes them.

use super::cause::Cause;
use super::error::{Error, ErrorKind};
use super::notices::is_bare_tag;
use super::scanner::Tag;
use super::tree::{NodeId, NodeKind, Notice, Tree};
use super::value::Kind;
use super::{Budget, parse_owned};
use crate::source::Span;
use std::sync::Arc;

/// Which reader decides what a text says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Loader {
    /// PyYAML 6's pure loader.
    #[default]
    Today,
    /// PyYAML 3.11 on libyaml 0.1.5, with which paasta-tools 0.66.6 read the configuration of services.
    Libyaml015,
}

/// How files are read: by which reader, within which limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reader {
    /// Limits for hostile files.
    pub budget: Budget,
    /// Which texts are accepted.
    pub loader: Loader,
}

impl Reader {
    /// Reads one document.
    ///
    /// # Errors
    /// The reader refuses the text.
    pub fn read(&self, bytes: Vec<u8>) -> Result<Tree, Box<Error>> {
        let tree = parse_owned(bytes, &self.budget)?;
        match self.loader {
            Loader::Today => Ok(tree),
            Loader::Libyaml015 => as_libyaml(tree),
        }
    }
}

/// The document as libyaml 0.1.5 reads it.
fn as_libyaml(mut tree: Tree) -> Result<Tree, Box<Error>> {
    if !tree.notices.iter().any(|notice| matches!(notice, Notice::LoadersDisagree(_))) {
        return Ok(tree);
    }
    let refused: Vec<LoaderNotice> =
        tree.disagreements().into_iter().filter(|notice| notice.libyaml_0_1_5 == Verdict::Refuses).collect();
    let Some(first) = refused.first().copied() else {
        let is_bare = |(id, tag): &(NodeId, Tag)| {
            is_bare_tag(&tree.nodes, *id, &tag.short(tree.source.text(), &tree.side))
        };
        let tags = tree.tags.iter().map(|(id, tag, _)| (*id, *tag));
        let bare: Vec<(NodeId, Tag)> = tags.filter(is_bare).collect();
        for (id, _) in bare {
            if let Some(node) = tree.nodes.get_mut(id as usize) {
                node.kind = NodeKind::Str;
            }
        }
        return Ok(tree);
    };
    let is_parser = matches!(
        first.disagreement,
        Disagreement::Version12 | Disagreement::VersionUnknown | Disagreement::EmptyPairKey
    );
    let (kind, exception) =
        if is_parser { (ErrorKind::Parser, "ParserError") } else { (ErrorKind::Scanner, "ScannerError") };
    Err(Box::new(Error {
        kind,
        exception,
        problem: first.reason.to_owned(),
        mark: Span::at(first.at.start),
        span: first.span,
        context: None,
        cause: Cause::OldLibyaml(refused),
        source: Arc::clone(&tree.source),
    }))
}

/// One kind of place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Disagreement {
    ColonInFlow,
    ColonBeforeBracket,
    EscapedSlash,
    SurrogateEscape,
    TabInBlockIndent,
    UnknownDirective,
    Version12,
    VersionUnknown,
    Astral,
    BareTag,
    EmptyPairKey,
    LineStartsWithMark,
    TimeZone,
    DotUnderscore,
}

/// A place that the scanner noticed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Note {
    pub(super) disagreement: Disagreement,
    pub(super) span: Span,
}

/// What another reader makes of a text that PyYAML 6's pure loader accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It reads the same.
    Same,
    /// It reads another value.
    Differs,
    /// It refuses the text.
    Refuses,
}

/// A text on which YAML readers disagree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoaderNotice {
    /// What to show: the place that makes the difference, or the value around it.
    pub span: Span,
    /// The place that makes the difference.
    pub(super) at: Span,
    disagreement: Disagreement,
    /// libyaml 0.2.5, what today's PyYAML uses for its C loaders.
    pub libyaml_0_2_5: Verdict,
    /// libyaml 0.1.5, what PaaSTA reads service configuration with.
    pub libyaml_0_1_5: Verdict,
    /// PyYAML 3.11's pure loader, which `paasta validate` uses.
    pub pyyaml_3_11: Verdict,
    /// Why, in one phrase.
    pub reason: &'static str,
    /// What to write instead.
    pub help: &'static str,
}

impl LoaderNotice {
    /// How grave it is: what PaaSTA's own reader refuses takes the whole file.
    fn gravity(&self) -> (Verdict, Verdict, Verdict) {
        (self.libyaml_0_1_5, self.pyyaml_3_11, self.libyaml_0_2_5)
    }
}

impl Note {
    pub(super) fn notice(self) -> LoaderNotice {
        use Verdict::{Differs, Refuses, Same};
        const QUOTES: &str = "put the value in quotes";
        const NO_DIRECTIVE: &str = "delete the line that starts with `%`";
        let (libyaml_0_2_5, libyaml_0_1_5, pyyaml_3_11, reason, help) = match self.disagreement {
            Disagreement::ColonInFlow => {
                (Same, Refuses, Refuses, "an unquoted value within `[]` or `{}` contains a colon", QUOTES)
            }
            Disagreement::ColonBeforeBracket => (
                Refuses,
                Refuses,
                Same,
                "a colon is directly followed by a bracket, brace or comma",
                "write a space after the colon, or put what belongs together in quotes",
            ),
            Disagreement::EscapedSlash => (
                Same,
                Refuses,
                Refuses,
                "the escape `\\/` is newer than YAML 1.1",
                "write `/` without the backslash",
            ),
            Disagreement::SurrogateEscape => (
                Refuses,
                Refuses,
                Same,
                "an escape names half a character",
                "write one escape for the whole character: `\\U0001F600` for `\\ud83d\\ude00`",
            ),
            Disagreement::TabInBlockIndent => (
                Refuses,
                Refuses,
                Same,
                "a tab stands where the indentation of a block text is found out",
                "replace the tab by spaces",
            ),
            Disagreement::UnknownDirective => {
                (Refuses, Refuses, Same, "the directive is unknown", NO_DIRECTIVE)
            }
            Disagreement::Version12 => (Same, Refuses, Same, "the file asks for YAML 1.2", NO_DIRECTIVE),
            Disagreement::VersionUnknown => {
                (Refuses, Refuses, Same, "the file asks for an unknown YAML version", NO_DIRECTIVE)
            }
            Disagreement::Astral => (
                Same,
                Same,
                Refuses,
                "a character beyond U+FFFF is written literally",
                "write it as an escape in double quotes: `\\U0001F600`",
            ),
            Disagreement::EmptyPairKey => (
                Refuses,
                Refuses,
                Same,
                "a `?` within `[]` has no key after it",
                "put the `?` in quotes, or write the key that it announces",
            ),
            Disagreement::LineStartsWithMark => {
                (Differs, Differs, Same, "a line starts with a byte order mark", "delete the mark")
            }
            Disagreement::TimeZone => {
                (Same, Differs, Differs, "a time zone is dropped after converting to UTC", QUOTES)
            }
            Disagreement::DotUnderscore => {
                (Same, Differs, Differs, "a dot and an underscore start a number or a text", QUOTES)
            }
            Disagreement::BareTag => (
                Differs,
                Differs,
                Same,
                "a lone `!` makes an empty value a text or null",
                "write `''` or `null`, whichever is meant",
            ),
        };
        let Note { disagreement, span } = self;
        LoaderNotice { span, at: span, disagreement, libyaml_0_2_5, libyaml_0_1_5, pyyaml_3_11, reason, help }
    }
}

impl Tree {
    /// The values on which readers disagree, in the order of the text: each once, with the gravest of
    /// what there is to say of it.
    pub fn disagreements(&self) -> Vec<LoaderNotice> {
        let mut found: Vec<LoaderNotice> = Vec::new();
        let is_leaf = |kind| !matches!(kind, Kind::Map | Kind::Seq);
        // Values and notices both come in the order of the text.
        let mut values = self.values().filter(|value| is_leaf(value.kind())).peekable();
        for notice in self.notices() {
            let Notice::LoadersDisagree(notice) = notice else { continue };
            while values.next_if(|value| value.span().end <= notice.span.start).is_some() {}
            let holder = values.peek().map(|value| value.span()).filter(|span| span.contains(notice.span));
            let notice = LoaderNotice { span: holder.unwrap_or(notice.span), ..*notice };
            match found.last_mut().filter(|last| last.span == notice.span) {
                Some(last) if last.gravity() < notice.gravity() => *last = notice,
                Some(_) => {}
                None => found.push(notice),
            }
        }
        found
    }
}
