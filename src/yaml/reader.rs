//! From bytes to text: encodings, and characters that YAML refuses.

use super::cause::Cause;
use super::chars::{is_printable, offset};
use super::error::{ErrorKind, Fault};
use crate::encoding::Encoding;
use crate::source::Span;

/// A text that may be scanned.
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) ascii: bool,
}

/// Why bytes are no acceptable text, with the best text that can be shown instead.
pub(super) struct Undecodable {
    pub(super) text: String,
    pub(super) fault: Box<Fault>,
}

/// Decodes UTF-8, and refuses what PyYAML's reader refuses. PyYAML itself reads bytes of UTF-16 with a byte order mark,
/// too, but PaaSTA hands it text, which it decodes as UTF-8.
pub(super) fn decode(bytes: Vec<u8>) -> Result<Decoded, Undecodable> {
    if plain_ascii(&bytes) {
        // ASCII is UTF-8, so this cannot fail; falling through would be right all the same.
        if let Ok(text) = String::from_utf8(bytes) {
            return Ok(Decoded { text, ascii: true });
        }
        return Ok(Decoded { text: String::new(), ascii: true });
    }
    if let Some(encoding) = Encoding::of(&bytes) {
        return Err(not_utf8_but(encoding, &bytes));
    }
    match String::from_utf8(bytes) {
        Ok(text) => check_characters(text),
        Err(error) => Err(not_utf8(error.as_bytes())),
    }
}

/// Whether all bytes are printable ASCII, tabs or line breaks; the usual file.
fn plain_ascii(bytes: &[u8]) -> bool {
    // Arithmetic without branches, so that many bytes are checked at once.
    let stranger = |b: u8| {
        u8::from(b >= 0x7F) | (u8::from(b < 0x20) & u8::from(b != 9) & u8::from(b != 10) & u8::from(b != 13))
    };
    bytes.chunks(256).all(|chunk| chunk.iter().fold(0, |found, &b| found | stranger(b)) == 0)
}

fn check_characters(text: String) -> Result<Decoded, Undecodable> {
    let Some((at, c)) = text.char_indices().find(|(_, c)| !is_printable(*c)) else {
        let ascii = text.is_ascii();
        return Ok(Decoded { text, ascii });
    };
    let position = text.get(..at).unwrap_or("").chars().count();
    let problem = message(u32::from(c), "special characters are not allowed", position);
    let span = Span::new(offset(at), offset(at + c.len_utf8()));
    Err(Undecodable { text, fault: Fault::new(ErrorKind::Reader, problem, span) })
}

fn message(code: u32, reason: &str, position: usize) -> String {
    format!("unacceptable character #x{code:04x}: {reason}\n  in \"<byte string>\", position {position}")
}

fn not_utf8(bytes: &[u8]) -> Undecodable {
    let (at, _, reason) = utf8_error(bytes).unwrap_or((0, 0, "invalid start byte"));
    let code = bytes.get(at).copied().unwrap_or(0);
    let shown = String::from_utf8_lossy(bytes.get(..at).unwrap_or(&[])).len();
    let text = String::from_utf8_lossy(bytes).into_owned();
    let span = Span::new(offset(shown), offset(shown + '\u{FFFD}'.len_utf8()));
    let fault = Fault::new(ErrorKind::Reader, message(u32::from(code), reason, at), span);
    Undecodable { text, fault }
}

/// A text in another encoding, shown as it is meant.
fn not_utf8_but(encoding: Encoding, bytes: &[u8]) -> Undecodable {
    let text = encoding.decode(bytes);
    let problem = match utf8_error(bytes) {
        Some((at, _, reason)) => message(u32::from(bytes.get(at).copied().unwrap_or(0)), reason, at),
        None => {
            message(0, "special characters are not allowed", bytes.iter().position(|b| *b == 0).unwrap_or(0))
        }
    };
    let first = text.chars().next().map_or(0, char::len_utf8);
    let fault = Fault::new(ErrorKind::Reader, problem, Span::new(0, offset(first)));
    Undecodable { text, fault: fault.cause(Cause::OtherEncoding(encoding)) }
}

/// Where UTF-8 first goes wrong: offset, end and reason as Python's decoder gives them.
pub(super) fn utf8_error(bytes: &[u8]) -> Option<(usize, usize, &'static str)> {
    let error = std::str::from_utf8(bytes).err()?;
    let at = error.valid_up_to();
    let first = bytes.get(at).copied().unwrap_or(0);
    Some(match error.error_len() {
        None => (at, bytes.len(), "unexpected end of data"),
        Some(_) if !matches!(first, 0xC2..=0xF4) => (at, at + 1, "invalid start byte"),
        Some(length) => (at, at + length, "invalid continuation byte"),
    })
}
