//! The shape of files: JSON Schemas for editors, the check of a file, and what it says in words.
//!
//! All three read the table of keys ([`crate::model`]).

pub mod check;
pub mod explain;
pub mod generate;
pub mod publish;
pub mod validate;

mod configuration;
mod defaults;
mod describe;
mod equal;
mod keywords;
mod problem;
pub(crate) mod suggest;
mod taken;
pub(crate) mod words;
