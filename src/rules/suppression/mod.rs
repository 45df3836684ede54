pub(crate) mod suppress_unused;
pub(crate) mod suppress_unknown;
pub(crate) mod suppress_expired;
pub(crate) mod suppress_malformed;
pub(crate) mod suppress_no_reason;
pub(crate) mod baseline_stale;
