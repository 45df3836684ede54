//! Output that ends before it fills a disk or a log: aliases and defaults make of a small file as much as anybody
//! likes.

use std::io::{self, Write};

use super::{Error, until_closed};

/// Most bytes that `show` and `read` write.
pub(super) const MOST: usize = 64 << 20;

/// Passes at most so many bytes on, then fails.
pub(super) struct Bounded<'o> {
    out: &'o mut dyn Write,
    left: usize,
}

/// There is more than may be written.
#[derive(Debug, thiserror::Error)]
#[error("more than {} MB", MOST >> 20)]
struct TooMuch;

impl<'o> Bounded<'o> {
    /// Passes at most [`MOST`] bytes on to `out`.
    pub(super) fn new(out: &'o mut dyn Write) -> Self {
        Self { out, left: MOST }
    }
}

impl Write for Bounded<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let fitting = bytes.get(..self.left).unwrap_or(bytes);
        if fitting.is_empty() && !bytes.is_empty() {
            return Err(io::Error::other(TooMuch));
        }
        let written = self.out.write(fitting)?;
        self.left = self.left.saturating_sub(written);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// What writing came to; `help` is what to do where there was too much. A reader that has seen enough changes
/// nothing.
pub(super) fn complete(written: io::Result<()>, help: &str) -> Result<(), Error> {
    match until_closed(written) {
        Err(error) if error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<TooMuch>) => {
            Err(Error::usage(format!("the output is cut off: it is {TooMuch}"), help))
        }
        written => Ok(written?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_beyond_the_limit() {
        let mut out = Vec::new();
        let mut bounded = Bounded { out: &mut out, left: 5 };
        assert!(bounded.write_all(b"abc").is_ok());
        assert!(complete(bounded.write_all(b"").and_then(|()| bounded.write_all(b"de")), "").is_ok());
        let error = complete(bounded.write_all(b"f"), "name less").unwrap_err();
        assert_eq!(error.to_string(), "the output is cut off: it is more than 64 MB");
        assert_eq!(out, b"abcde");
    }
}
