//! Places that PyYAML's pure loader, libyaml and older PyYAML read differently.

use crate::source::Span;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It reads the same.
    Same,
    /// It refuses the text.
    Refuses,
    /// It reads another value.
    Differs,
}

/// A text on which YAML readers disagree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoaderNotice {
    /// The place that makes the difference.
    pub span: Span,
    /// libyaml 0.2.5, what today's PyYAML uses for its C loaders.
    pub libyaml_0_2_5: Verdict,
    /// libyaml 0.1.5, what PaaSTA reads service configuration with.
    pub libyaml_0_1_5: Verdict,
    /// PyYAML 3.11's pure loader, which `paasta validate` uses.
    pub pyyaml_3_11: Verdict,
    /// Why, in one phrase.
    pub reason: &'static str,
}

impl Note {
    pub(super) fn notice(self) -> LoaderNotice {
        use Verdict::{Differs, Refuses, Same};
        let (libyaml_0_2_5, libyaml_0_1_5, pyyaml_3_11, reason) = match self.disagreement {
            Disagreement::ColonInFlow => {
                (Same, Refuses, Refuses, "an unquoted value within `[]` or `{}` contains a colon")
            }
            Disagreement::ColonBeforeBracket => {
                (Refuses, Refuses, Same, "a colon is directly followed by a bracket, brace or comma")
            }
            Disagreement::EscapedSlash => (Same, Refuses, Refuses, "the escape `\\/` is newer than YAML 1.1"),
            Disagreement::SurrogateEscape => (Refuses, Refuses, Same, "an escape names half a character"),
            Disagreement::TabInBlockIndent => {
                (Refuses, Refuses, Same, "a tab stands where the indentation of a block text is found out")
            }
            Disagreement::UnknownDirective => (Refuses, Refuses, Same, "the directive is unknown"),
            Disagreement::Version12 => (Same, Refuses, Same, "the file asks for YAML 1.2"),
            Disagreement::VersionUnknown => {
                (Refuses, Refuses, Same, "the file asks for an unknown YAML version")
            }
            Disagreement::Astral => (Same, Same, Refuses, "a character beyond U+FFFF is written literally"),
            Disagreement::EmptyPairKey => (Refuses, Refuses, Same, "a `?` within `[]` has no key after it"),
            Disagreement::LineStartsWithMark => {
                (Differs, Differs, Same, "a line starts with a byte order mark")
            }
            Disagreement::TimeZone => {
                (Same, Differs, Differs, "a time zone is dropped after converting to UTC")
            }
            Disagreement::DotUnderscore => {
                (Same, Differs, Differs, "a dot and an underscore start a number or a text")
            }
            Disagreement::BareTag => {
                (Differs, Differs, Same, "a lone `!` makes an empty value a text or null")
            }
        };
        LoaderNotice { span: self.span, libyaml_0_2_5, libyaml_0_1_5, pyyaml_3_11, reason }
    }
}
