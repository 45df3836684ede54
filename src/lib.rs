//! soalint checks PaaSTA soa-configs and explains what is wrong with them.

pub mod source;
pub mod yaml;
