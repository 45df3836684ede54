pub(crate) mod deprecated_nerve_ns;
pub(crate) mod key_never_read;
