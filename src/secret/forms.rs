//! Values that are secrets by their form alone, without a beginning of their own.

use std::ops::Range;

use super::patterns;

/// Characters of a secret access key of AWS (gitleaks `aws-secret-key`, detect-secrets `aws`).
const AWS: usize = 40;
/// The shortest run that any of these forms has.
const SHORTEST: usize = 31;

/// Where `text` has the first run of characters as such values have.
pub(super) fn first_run(text: &str) -> Option<usize> {
    // Nearly every text is shorter.
    let mut runs = (text.len() >= SHORTEST).then(|| runs(text))?;
    runs.find(|range| is_mixed(text.get(range.clone()).unwrap_or(""))).map(|range| range.start)
}

/// Adds where they stand in `text`. Linear in its length.
pub(super) fn find(text: &str, found: &mut Vec<Range<usize>>) {
    if first_run(text).is_none() {
        return;
    }
    for pattern in [&patterns::TELEGRAM, &patterns::AZURE] {
        let tokens = pattern.captures_iter(text).filter_map(|found| found.name("token"));
        found.extend(tokens.map(|token| token.range()));
    }
    found.extend(runs(text).filter(|range| is_aws(text, range.clone())));
}

/// Runs of what base 64 is written with.
fn runs(text: &str) -> impl Iterator<Item = Range<usize>> {
    static IS_PART: [bool; 256] = {
        let mut is_part = [false; 256];
        let mut byte = 0;
        while byte < 256 {
            #[expect(clippy::cast_possible_truncation, reason = "the loop stays below 256")]
            let b = byte as u8;
            is_part[byte] = b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'_' | b'-' | b'~' | b'.');
            byte += 1;
        }
        is_part
    };
    let is_part = |b: u8| IS_PART[usize::from(b)];
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + bytes.get(at..)?.iter().position(|b| is_part(*b))?;
            let rest = bytes.get(start..)?;
            at = start + rest.iter().position(|b| !is_part(*b)).unwrap_or(rest.len());
            if at - start >= SHORTEST {
                return Some(start..at);
            }
        }
    })
}

/// Whether small and capital letters and digits are all there.
fn is_mixed(run: &str) -> bool {
    [u8::is_ascii_lowercase, u8::is_ascii_uppercase, u8::is_ascii_digit]
        .iter()
        .all(|is_kind| run.bytes().any(|b| is_kind(&b)))
}

/// Whether the run is as long as a secret access key and as mixed as only chance makes it: neither a path nor a
/// number in hexadecimal digits.
fn is_aws(text: &str, range: Range<usize>) -> bool {
    /// Chance changes the kind some 19 times; a name changes it where a word begins.
    const LEAST_CHANGES: usize = 12;
    let run = text.get(range).unwrap_or("");
    if run.len() != AWS || !is_mixed(run) || run.contains(['_', '-', '~', '.']) {
        return false;
    }
    let kind = |b: u8| match b {
        b'a'..=b'z' => 0,
        b'A'..=b'Z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    };
    // A word goes on in small letters after its first.
    let is_change = |(before, after): &(u8, u8)| {
        kind(*before) != kind(*after) && !(before.is_ascii_uppercase() && after.is_ascii_lowercase())
    };
    run.bytes().zip(run.bytes().skip(1)).filter(is_change).count() >= LEAST_CHANGES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_without_a_beginning_are_found() {
        for secret in [
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKE",
            "0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2yZ/",
            "123456789:AAabcdefghij0123456789ABCDEFGHIJ012",
            "aB18Q~abcdefghij0123456789ABCDEFGHIJ01",
        ] {
            for text in [secret.to_owned(), format!("a \"{secret}\" b"), format!("x={secret},y")] {
                let mut found = Vec::new();
                find(&text, &mut found);
                let shown: Vec<&str> = found.iter().filter_map(|range| text.get(range.clone())).collect();
                let end = shown.first().copied().unwrap_or("");
                assert!(shown.len() == 1 && secret.ends_with(end) && end.len() >= 34, "{text}: {shown:?}");
            }
        }
    }

    #[test]
    fn long_words_are_none() {
        for text in [
            "0123456789abcdef0123456789abcdef01234567",
            "/nail/etc/services/Web2/marathon-norcal-x",
            "com.example.VeryLongClassNames2ForServers",
            "VeryLongClassNamesForServersAndClients12",
            "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "https://example.com/Path/To/Some/Thing1/x",
        ] {
            let mut found = Vec::new();
            find(text, &mut found);
            assert_eq!(found, Vec::<Range<usize>>::new(), "{text}");
        }
    }
}
