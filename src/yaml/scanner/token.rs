//! Tokens, small enough to be copied around.

/// Text of a token or node: a range of the source, or of the buffer of unescaped text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::yaml) struct Text {
    start: u32,
    end: u32,
}

/// Marks the start of a range of the side buffer. Sources are kept below 2 GiB.
const SIDE: u32 = 1 << 31;

impl Text {
    /// The prefix of YAML's own tags, which `!!` stands for.
    pub(in crate::yaml) const CORE_PREFIX: Self = Self { start: u32::MAX, end: 0 };

    /// A range of the source text.
    pub(in crate::yaml) const fn source(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// A range of the side buffer.
    pub(in crate::yaml) const fn side(start: u32, end: u32) -> Self {
        Self { start: start | SIDE, end }
    }

    /// The text itself.
    #[inline]
    pub(in crate::yaml) fn of<'t>(self, source: &'t str, side: &'t str) -> &'t str {
        if self.start & SIDE == 0 {
            return source.get(self.start as usize..self.end as usize).unwrap_or("");
        }
        if self == Self::CORE_PREFIX {
            return "tag:yaml.org,2002:";
        }
        side.get((self.start & !SIDE) as usize..self.end as usize).unwrap_or("")
    }

    /// Number of bytes.
    pub(in crate::yaml) const fn len(self) -> u32 {
        self.end.saturating_sub(self.start & !SIDE)
    }

    /// Two numbers in the place of a text, for nodes that have none.
    pub(in crate::yaml) const fn numbers(first: u32, second: u32) -> Self {
        Self { start: first, end: second }
    }

    /// The two numbers.
    pub(in crate::yaml) const fn raw(self) -> (u32, u32) {
        (self.start, self.end)
    }
}

/// A tag with its handle resolved, in two parts so that a long prefix is never copied per use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::yaml) struct Tag {
    pub(in crate::yaml) prefix: Text,
    pub(in crate::yaml) suffix: Text,
}

impl Tag {
    /// The tag if it is short enough to be one that the loader knows, else nothing: a long prefix
    /// must not be copied for every node.
    pub(in crate::yaml) fn short<'t>(self, source: &'t str, side: &'t str) -> std::borrow::Cow<'t, str> {
        /// `tag:yaml.org,2002:timestamp` has 27.
        const KNOWN: usize = 32;
        let length = self.prefix.of(source, side).len() + self.suffix.of(source, side).len();
        if length > KNOWN { "".into() } else { self.of(source, side) }
    }

    pub(in crate::yaml) fn of<'t>(self, source: &'t str, side: &'t str) -> std::borrow::Cow<'t, str> {
        let (prefix, suffix) = (self.prefix.of(source, side), self.suffix.of(source, side));
        if prefix.is_empty() { suffix.into() } else { format!("{prefix}{suffix}").into() }
    }
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::yaml) enum TokenKind {
    StreamEnd,
    Directive,
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    FlowEntry,
    BlockEntry,
    Key,
    Value,
    Alias,
    Anchor,
    Tag,
    Scalar,
}

impl TokenKind {
    /// The name that PyYAML's messages use.
    pub(in crate::yaml) const fn id(self) -> &'static str {
        match self {
            Self::StreamEnd => "<stream end>",
            Self::Directive => "<directive>",
            Self::DocumentStart => "<document start>",
            Self::DocumentEnd => "<document end>",
            Self::BlockSequenceStart => "<block sequence start>",
            Self::BlockMappingStart => "<block mapping start>",
            Self::BlockEnd => "<block end>",
            Self::FlowSequenceStart => "[",
            Self::FlowSequenceEnd => "]",
            Self::FlowMappingStart => "{",
            Self::FlowMappingEnd => "}",
            Self::FlowEntry => ",",
            Self::BlockEntry => "-",
            Self::Key => "?",
            Self::Value => ":",
            Self::Alias => "<alias>",
            Self::Anchor => "<anchor>",
            Self::Tag => "<tag>",
            Self::Scalar => "<scalar>",
        }
    }
}

/// How a node is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// A scalar without quotes.
    Plain,
    /// `'...'`
    Single,
    /// `"..."`
    Double,
    /// `|`
    Literal,
    /// `>`
    Folded,
    /// A collection shown by indentation.
    Block,
    /// A collection in brackets or braces.
    Flow,
}

/// Tokens that come into being before a token when it turns out to be a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::yaml) enum Before {
    Nothing,
    Key,
    MappingAndKey,
}

/// One token.
#[derive(Clone, Copy, Debug)]
pub(in crate::yaml) struct Token {
    pub(in crate::yaml) start: u32,
    pub(in crate::yaml) end: u32,
    /// Value of a scalar, name of an anchor or alias, suffix of a tag.
    pub(in crate::yaml) text: Text,
    /// Tag: length of the handle at its start, 0 for none. Directive: its index.
    pub(in crate::yaml) extra: u32,
    pub(in crate::yaml) kind: TokenKind,
    pub(in crate::yaml) style: Style,
    pub(super) before: Before,
}

impl Token {
    pub(in crate::yaml) const fn new(kind: TokenKind, start: u32, end: u32) -> Self {
        let text = Text::source(start, start);
        Self { start, end, text, extra: 0, kind, style: Style::Plain, before: Before::Nothing }
    }
}

/// A line that starts with `%`.
#[derive(Clone, Copy, Debug)]
pub(in crate::yaml) enum Directive {
    Yaml { major: u64, minor: u64 },
    Tag { handle: Text, prefix: Text },
    Other,
}
