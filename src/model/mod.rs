//! What configuration files may say: the table of keys and the types made from it.
//!
//! Each group of keys is declared once, in the file of its kind; the declaration becomes a serde
//! struct and rows of the table ([`keys`]). JSON Schemas, the check of a file, completion, hover
//! and documentation all read those rows.

pub mod adhoc;
pub mod chronos;
pub mod container;
pub(crate) mod declare;
pub mod dependencies;
pub mod deploy;
pub mod keys;
pub mod kind;
pub mod lax;
pub mod marathon;
pub mod monitoring;
pub mod nested;
pub mod placement;
pub mod service;
pub mod shape;
pub mod slots;
pub mod smartstack;
pub mod table;
pub mod types;
