//! Trees and repositories of a test's own, and running the program there.

pub(crate) mod nobody;
pub(crate) mod program;
pub(crate) mod random;
pub(crate) mod repository;
