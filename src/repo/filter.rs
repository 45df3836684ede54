//! A quick no to the question whether a mapping has a key.

use crate::yaml::{Kind, Value};

/// Which keys a mapping may have. Rules ask each instance for dozens of keys, most of which it
/// does not have: one bit answers that.
#[derive(Clone, Copy, Debug, Default)]
pub struct KeyFilter(u128);

impl KeyFilter {
    /// The keys of `mapping`; none for other values.
    pub fn of(mapping: Value<'_>) -> Self {
        let entries = (mapping.kind() == Kind::Map).then(|| mapping.entries()).into_iter().flatten();
        Self(entries.filter_map(|entry| entry.key.as_str()).fold(0, |bits, key| bits | bit(key)))
    }

    /// False only if the mapping surely lacks the key.
    #[inline]
    pub fn may_have(self, key: &str) -> bool {
        self.0 & bit(key) != 0
    }
}

/// One of 128 bits, from the length and three of the bytes.
#[inline]
fn bit(key: &str) -> u128 {
    let bytes = key.as_bytes();
    let byte = |at: usize| bytes.get(at).map_or(0, |byte| u32::from(*byte));
    let length = bytes.len();
    let hash = byte(0)
        .wrapping_mul(31)
        .wrapping_add(byte(length / 2).wrapping_mul(17))
        .wrapping_add(byte(length.saturating_sub(1)).wrapping_mul(7))
        .wrapping_add(u32::try_from(length).unwrap_or(0));
    1 << (hash % 128)
}
