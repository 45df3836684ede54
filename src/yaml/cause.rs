//! The likely human cause of a syntax error.

use super::loaders::LoaderNotice;
use crate::encoding::Encoding;
use crate::source::Span;

/// What the author of a refused text probably did. Spans point at what to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A tab where only spaces can separate or indent.
    TabIndent,
    /// A value that starts with `@`, `` ` `` or another reserved character.
    ReservedCharacter(char),
    /// An unfilled template: `{{`, `{%` or `<%`.
    Template,
    /// A quote that nothing closes.
    UnclosedQuote {
        /// The quote character.
        quote: char,
        /// The opening quote.
        opened: Span,
    },
    /// A bracket or brace that nothing closes, or a missing comma within it.
    UnclosedBracket {
        /// The opening character.
        bracket: char,
        /// Where it is.
        opened: Span,
    },
    /// `key:value` instead of `key: value`.
    MissingBlankAfterColon,
    /// `-item` instead of `- item`.
    MissingBlankAfterDash,
    /// A second `: ` in an unquoted value.
    ColonInPlainValue,
    /// A line of a mapping without any colon.
    MissingColon,
    /// A `- ` within a line that already has a key or value.
    DashInValue,
    /// Text after the closing quote of a quoted value.
    TextAfterQuote(char),
    /// A line left by an unfinished merge of branches.
    ConflictMarker,
    /// A line whose indentation fits no line above.
    BadIndent,
    /// A second document after `---`.
    SeveralDocuments,
    /// A tag that the safe loader does not know.
    UnknownTag(String),
    /// An alias without an anchor before it.
    UndefinedAlias(String),
    /// The same anchor name twice.
    DuplicateAnchor(String),
    /// A list or mapping used as a key.
    NonHashableKey,
    /// `<<` with something that is no mapping.
    BadMerge,
    /// An unquoted `=`.
    ValueTag,
    /// An unquoted `<<` that is no key.
    MergeTag,
    /// A text that looks like a date or number and is none.
    BadScalar,
    /// Text in another encoding than UTF-8.
    OtherEncoding(Encoding),
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// A control character or another that YAML forbids.
    NonPrintable(char),
    /// An unknown or malformed backslash escape.
    BadEscape(Span),
    /// What libyaml 0.1.5 refuses, though today's readers accept it.
    OldLibyaml(Vec<LoaderNotice>),
    /// One of our own limits.
    Limit,
    /// Nothing more specific.
    Other,
}
