//! The effective configuration: what PaaSTA works with once files, defaults, deployments and the
//! system configuration have come together. Every value knows its [`Origin`].
//!
//! [`Origin`]: crate::emit::python::Origin

mod deployments;
mod forest;
mod instance;
mod merge;
mod monitoring;
mod namespace;
mod system;

pub use deployments::{Branch, Deployments, is_fault};
pub use forest::{Forest, ServiceConfig};
pub use instance::{InstanceConfig, Unnamed, Written, entries};
pub use merge::deep_merge;
pub use namespace::Namespace;
pub use system::{ASSUMED_REGISTRY, System, SystemError};
