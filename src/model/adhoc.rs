//! `adhoc-<cluster>.yaml`: instances that people start by hand.

use super::container::{Container, Docker};
use super::declare::record;
use super::table::Unknown;

record! {
    /// One instance of adhoc-*.yaml.
    #[record(
        "an adhoc instance",
        Unknown::Refused("PaaSTA's schema knows no such key and refuses the whole file"),
        min: 1,
        together: &[]
    )]
    pub struct AdhocInstance {
        container: Container,
        docker: Docker,
    }
}
