//! Where a monitoring field comes from (`monitoring_tools`).

use crate::emit::python::{Data, Value};

use super::{InstanceConfig, ServiceConfig};

/// A place that may give a monitoring field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layer {
    /// `monitoring` of the instance, merged with that of service.yaml, or where that has none, with monitoring.yaml.
    Instance,
    /// monitoring.yaml.
    File,
    /// `monitoring` of service.yaml.
    Service,
    /// The top of service.yaml.
    Top,
}

/// A monitoring field of an instance: that of the first layer that has it, null included.
pub(crate) fn find<L>(of: impl Fn(Layer) -> Option<L>) -> Option<L> {
    [Layer::Instance, Layer::File, Layer::Service, Layer::Top].into_iter().find_map(of)
}

/// A monitoring field as an alert has it: two of them count only among what the instance says itself
/// (paasta-behaviour.md section 9).
pub(crate) fn find_sent<L>(field: &str, of: impl Fn(Layer) -> Option<L>) -> Option<L> {
    if matches!(field, "alert_after" | "check_every") { of(Layer::Instance) } else { find(of) }
}

impl<'s> ServiceConfig<'s> {
    /// A monitoring field as one layer of the files of the service gives it.
    fn monitoring(&self, field: &str, layer: Layer) -> Option<Value<'s>> {
        match layer {
            Layer::Instance => None,
            Layer::File => self.file("monitoring.yaml")?.get(field).cloned(),
            Layer::Service => self.get("monitoring")?.get(field).cloned(),
            Layer::Top => self.get(field).cloned(),
        }
    }
}

impl<'s> InstanceConfig<'s> {
    /// A monitoring field of this instance; `None` where nobody sets it.
    pub fn monitoring(&self, field: &str) -> Option<Value<'s>> {
        find(|layer| match layer {
            Layer::Instance => self.get("monitoring")?.get(field).cloned(),
            _ => self.service().monitoring(field, layer),
        })
    }

    /// Who is alerted; null if nobody is named.
    pub fn team(&self) -> Value<'s> {
        self.monitoring("team").unwrap_or_else(|| Value::default(Data::None))
    }
}
