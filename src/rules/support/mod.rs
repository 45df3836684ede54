//! What several rules need to know, and say in the same way.

pub(crate) mod autoscaling;
pub(crate) mod capabilities;
pub(crate) mod constraints;
pub(crate) mod deploy_groups;
pub(crate) mod edges;
pub(crate) mod edits;
pub(crate) mod format_string;
pub(crate) mod locations;
pub(crate) mod registered;
pub(crate) mod spread;
pub(crate) mod targets;
pub(crate) mod ulimits;
pub(crate) mod words;
