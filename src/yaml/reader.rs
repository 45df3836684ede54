//! From bytes to text: encodings, and characters that YAML refuses.

use super::chars::{is_printable, offset};
use super::error::{ErrorKind, Fault};
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

/// Decodes UTF-8, or UTF-16 if its byte order mark says so, and refuses what PyYAML's reader refuses.
pub(super) fn decode(bytes: Vec<u8>) -> Result<Decoded, Undecodable> {
    if bytes.starts_with(&[0xFF, 0xFE]) {
        return decode_utf16(&bytes, u16::from_le_bytes);
    }
    if bytes.starts_with(&[0xFE, 0xFF]) {
        return decode_utf16(&bytes, u16::from_be_bytes);
    }
    if plain_ascii(&bytes) {
        // ASCII is UTF-8, so this cannot fail; falling through would be right all the same.
        if let Ok(text) = String::from_utf8(bytes) {
            return Ok(Decoded { text, ascii: true });
        }
        return Ok(Decoded { text: String::new(), ascii: true });
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

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Decoded, Undecodable> {
    let mut chunks = bytes.chunks_exact(2);
    let units: Vec<u16> = chunks.by_ref().map(|pair| unit([pair[0], pair[1]])).collect();
    let mut text = String::with_capacity(units.len());
    let mut fault = None;
    let mut at = 0;
    let mut note = |at: usize, span: Span, reason| {
        let code = bytes.get(at).copied().unwrap_or(0);
        fault.get_or_insert(Fault::new(ErrorKind::Reader, message(u32::from(code), reason, at), span));
    };
    for result in char::decode_utf16(units.iter().copied()) {
        match result {
            Ok(c) => {
                text.push(c);
                at += c.len_utf16() * 2;
            }
            Err(error) => {
                let high = error.unpaired_surrogate() < 0xDC00;
                let reason = match (high, at + 2 >= units.len() * 2) {
                    (true, true) => "unexpected end of data",
                    (true, false) => "illegal UTF-16 surrogate",
                    (false, _) => "illegal encoding",
                };
                note(at, Span::new(offset(text.len()), offset(text.len() + 3)), reason);
                text.push('\u{FFFD}');
                at += 2;
            }
        }
    }
    if !chunks.remainder().is_empty() {
        note(at, Span::new(offset(text.len()), offset(text.len() + 3)), "truncated data");
        text.push('\u{FFFD}');
    }
    match fault {
        Some(fault) => Err(Undecodable { text, fault }),
        None => check_characters(text),
    }
}
