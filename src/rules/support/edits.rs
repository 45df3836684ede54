//! Text edits that several fixes make: those of the YAML module, by the name that rules know.

pub(crate) use crate::yaml::edit::{append, quoted, remove_item, replace, wrap};
