//! A reader of digits and marks.

/// A reader of digits and marks.
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl Cursor<'_> {
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Up to `most` digits: how many there are, and their value.
    pub(super) fn digits(&mut self, most: usize) -> (usize, u32) {
        let start = self.at;
        let mut value = 0;
        while self.at - start < most
            && let Some(digit) = self.peek().filter(u8::is_ascii_digit)
        {
            value = value * 10 + u32::from(digit - b'0');
            self.at += 1;
        }
        (self.at - start, value)
    }

    pub(super) fn is_done(&self) -> bool {
        self.at >= self.text.len()
    }
}
