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
mod registered;
mod system;
mod time_span;

pub use deployments::{Branch, Deployments, is_fault};
pub use forest::{Forest, ServiceConfig};
pub use instance::{InstanceConfig, Unnamed, Written, entries};
pub use merge::deep_merge;
pub(crate) use monitoring::{Layer, find_sent};
pub use namespace::Namespace;
pub(crate) use namespace::is_in_smartstack;
pub(crate) use registered::{Registered, is_empty_list, registered};
pub use system::{ASSUMED_REGISTRY, System, SystemError};
pub(crate) use time_span::time_span;
