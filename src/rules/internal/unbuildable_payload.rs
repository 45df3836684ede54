//! What only shows when a payload is built.

use crate::rules::{Blocks, Check, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Reports an instance whose payload cannot be built, although its files are valid.
    ///
    /// ## Why it matters
    ///
    /// Some mistakes lie in what the files meet: nothing is deployed of an instance, the system
    /// configuration lacks a setting, no agent of the cluster passes a whitelist. `emit` withholds
    /// such an instance, as PaaSTA would fail on it; all others are emitted.
    "unbuildable-payload" in Internal,
    level: Error,
    blocks: Blocks::Nothing,
    check: Check::Reader,
};
