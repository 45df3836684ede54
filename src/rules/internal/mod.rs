pub(crate) mod configuration;
pub(crate) mod internal_error;
pub(crate) mod unbuildable_payload;
