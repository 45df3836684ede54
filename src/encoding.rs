//! Files that are not UTF-8 text: what they are, so that messages can say it.

use serde::de::DeserializeOwned;

/// An encoding of Unicode that PaaSTA does not read: it opens every file as UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-16.
    Utf16(Order),
    /// UTF-32.
    Utf32(Order),
}

/// Which byte of a number comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The lowest.
    Little,
    /// The highest.
    Big,
}

/// Bytes that are looked at to recognise a text without a byte order mark.
const SAMPLE: usize = 256;

impl Encoding {
    /// The encoding of `bytes`, by their byte order mark or because nearly every character of their start is one of
    /// ASCII, written with zeros. `None` is UTF-8 or nothing that is known.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        use Encoding::{Utf16, Utf32};
        use Order::{Big, Little};
        match bytes {
            [0xFF, 0xFE, 0, 0, ..] => return Some(Utf32(Little)),
            [0, 0, 0xFE, 0xFF, ..] => return Some(Utf32(Big)),
            [0xFF, 0xFE, ..] => return Some(Utf16(Little)),
            [0xFE, 0xFF, ..] => return Some(Utf16(Big)),
            _ => {}
        }
        let sample = bytes.get(..bytes.len().min(SAMPLE)).unwrap_or_default();
        // Text without zeros is the usual case.
        if bytes.len() < 4 || !sample.contains(&0) {
            return None;
        }
        [Utf32(Little), Utf32(Big), Utf16(Little), Utf16(Big)]
            .into_iter()
            .find(|encoding| encoding.fits(sample))
    }

    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Encoding::Utf16(_) => "UTF-16",
            Encoding::Utf32(_) => "UTF-32",
        }
    }

    const fn width(self) -> usize {
        match self {
            Encoding::Utf16(_) => 2,
            Encoding::Utf32(_) => 4,
        }
    }

    /// The number that a unit of the encoding is.
    fn unit(self, bytes: &[u8]) -> u32 {
        let add = |unit: u32, byte: &u8| unit << 8 | u32::from(*byte);
        match self {
            Encoding::Utf16(Order::Little) | Encoding::Utf32(Order::Little) => {
                bytes.iter().rev().fold(0, add)
            }
            Encoding::Utf16(Order::Big) | Encoding::Utf32(Order::Big) => bytes.iter().fold(0, add),
        }
    }

    /// Whether the first unit is a character of ASCII, and most of the others are.
    fn fits(self, sample: &[u8]) -> bool {
        let is_ascii = |unit: &[u8]| (1..0x80).contains(&self.unit(unit));
        let units = sample.chunks_exact(self.width());
        let ascii = units.clone().filter(|unit| is_ascii(unit)).count();
        units.clone().next().is_some_and(is_ascii) && ascii * 4 > units.len() * 3
    }

    /// The text, without its byte order mark and with U+FFFD for what is no character.
    pub(crate) fn decode(self, bytes: &[u8]) -> String {
        let is_whole = |unit: &[u8]| unit.len() == self.width();
        let replacement = u32::from(char::REPLACEMENT_CHARACTER);
        let units = bytes.chunks(self.width());
        let units = units.map(|unit| if is_whole(unit) { self.unit(unit) } else { replacement });
        let text: String = match self {
            Encoding::Utf16(_) => char::decode_utf16(units.map(|unit| u16::try_from(unit).unwrap_or(0xFFFD)))
                .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect(),
            Encoding::Utf32(_) => {
                units.map(|unit| char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
            }
        };
        if let Some(rest) = text.strip_prefix('\u{FEFF}') {
            return rest.to_owned();
        }
        text
    }
}

/// Reads JSON; says what the file is where it is not UTF-8.
///
/// # Errors
/// Why it is no JSON of that form, in words.
pub(crate) fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    if let Some(encoding) = Encoding::of(bytes) {
        return Err(format!("it is {}; save it as UTF-8", encoding.name()));
    }
    if bytes.starts_with("\u{FEFF}".as_bytes()) {
        return Err("it begins with a byte order mark; save it as UTF-8 without one".to_owned());
    }
    if std::str::from_utf8(bytes).is_err() {
        return Err("it is not UTF-8".to_owned());
    }
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str, encoding: Encoding) -> Vec<u8> {
        let bytes = |little: Vec<u8>, order| match order {
            Order::Little => little,
            Order::Big => little.into_iter().rev().collect(),
        };
        match encoding {
            Encoding::Utf16(order) => {
                text.encode_utf16().flat_map(|unit| bytes(unit.to_le_bytes().to_vec(), order)).collect()
            }
            Encoding::Utf32(order) => {
                text.chars().flat_map(|c| bytes(u32::from(c).to_le_bytes().to_vec(), order)).collect()
            }
        }
    }

    #[test]
    fn other_encodings_are_told_with_and_without_a_mark() {
        for order in [Order::Little, Order::Big] {
            for encoding in [Encoding::Utf16(order), Encoding::Utf32(order)] {
                for text in ["main:\n  cmd: é 😀\n", "# a\n", "{}\n"] {
                    for mark in ["", "\u{FEFF}"] {
                        let bytes = encoded(&format!("{mark}{text}"), encoding);
                        assert_eq!(Encoding::of(&bytes), Some(encoding), "{text:?}");
                        assert_eq!(encoding.decode(&bytes), text);
                    }
                }
            }
        }
    }

    #[test]
    fn everything_else_is_no_other_encoding() {
        for bytes in
            [&b"main: 1\n"[..], b"", b"a\0", b"a\0b: 1\n", "\u{FEFF}a: 1\n".as_bytes(), b"\xff", b"a: \xfc\n"]
        {
            assert_eq!(Encoding::of(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn json_in_another_encoding_says_so() {
        let wrong = |bytes: &[u8]| json::<serde_json::Value>(bytes).expect_err("it is not read");
        assert_eq!(wrong(&encoded("{}\n", Encoding::Utf16(Order::Little))), "it is UTF-16; save it as UTF-8");
        assert!(wrong("\u{FEFF}{}".as_bytes()).contains("byte order mark"));
        assert_eq!(wrong(b"\"\xfc\""), "it is not UTF-8");
        assert_eq!(json::<serde_json::Value>(b"{}"), Ok(serde_json::json!({})));
    }
}
