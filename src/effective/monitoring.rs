//! Where a monitoring field comes from (`monitoring_tools`).

use crate::emit::python::{Data, Value};

use super::{InstanceConfig, ServiceConfig};

impl<'s> ServiceConfig<'s> {
    /// A monitoring field as the files of the service give it: monitoring.yaml, `monitoring` of
    /// service.yaml, a top-level key of service.yaml. The first that is there counts, null included.
    pub fn monitoring(&self, field: &str) -> Option<Value<'s>> {
        let file = self.file("monitoring.yaml");
        let of = |value: Option<&Value<'s>>| value.and_then(|value| value.get(field)).cloned();
        of(file.as_ref()).or_else(|| of(self.get("monitoring"))).or_else(|| self.get(field).cloned())
    }
}

impl<'s> InstanceConfig<'s> {
    /// A monitoring field of this instance: its own `monitoring` first, then as
    /// [`ServiceConfig::monitoring`]; `None` where nobody sets it.
    pub fn monitoring(&self, field: &str) -> Option<Value<'s>> {
        let own = self.get("monitoring").and_then(|own| own.get(field)).cloned();
        own.or_else(|| self.service().monitoring(field))
    }

    /// Who is alerted; null if nobody is named.
    pub fn team(&self) -> Value<'s> {
        self.monitoring("team").unwrap_or_else(|| Value::default(Data::None))
    }
}
