//! Which SmartStack namespace an instance follows.

use std::collections::BTreeMap;

use crate::effective::{self, Registered, is_empty_list};
use crate::model::kind::FileKind;
use crate::repo::{Content, Service};
use crate::rules::{Env, InstanceCx, Located, NamespaceCx, ServiceCx, namespaces_of};
use crate::suggest;
use crate::yaml::{Kind, Value};

/// The namespace that supplies health check, draining and alerts: the first registration
/// (paasta-behaviour.md section 4).
#[derive(Clone, Copy)]
pub(crate) struct First<'a> {
    /// Service part.
    pub(crate) service: &'a str,
    /// Namespace part.
    pub(crate) namespace: &'a str,
    /// Where it is written, unless it follows from the instance's name.
    pub(crate) written: Option<(Located<'a>, Value<'a>)>,
}

/// The first registration of an instance; `None` where what is written is no registration.
pub(crate) fn first<'a>(cx: &InstanceCx<'a>) -> Option<First<'a>> {
    let service = cx.service.name.as_str();
    match setting(cx) {
        Registered::List(located) => {
            let item = located.value.items().next()?;
            let (service, namespace) = split(item.as_str()?)?;
            Some(First { service, namespace, written: Some((located, item)) })
        }
        Registered::Namespace(located) => {
            let namespace = located.value.as_str()?;
            Some(First { service, namespace, written: Some((located, located.value)) })
        }
        Registered::Name => Some(First { service, namespace: cx.instance.name, written: None }),
        Registered::NotList(_) => None,
    }
}

/// The setting that says where an instance registers.
pub(crate) fn setting<'a>(cx: &InstanceCx<'a>) -> Registered<Located<'a>> {
    Registered::find(|key| cx.get(key), |located| is_empty_list(located.value))
}

/// Service and namespace of `service.namespace`; `None` for every other number of parts.
pub(crate) fn split(registration: &str) -> Option<(&str, &str)> {
    let (service, namespace) = registration.split_once('.')?;
    (!service.is_empty() && !namespace.is_empty() && !namespace.contains('.')).then_some((service, namespace))
}

/// What is known of a namespace of a service.
pub(crate) enum Known<'n, 'a> {
    /// Its file cannot be read, so nobody knows.
    Unknown,
    /// There is none of that name.
    Absent,
    /// This is it.
    Present(&'n NamespaceCx<'a>),
}

/// The namespaces of a service by name.
pub(crate) struct Namespaces<'a> {
    by_name: BTreeMap<&'a str, NamespaceCx<'a>>,
    is_readable: bool,
}

impl<'a> Namespaces<'a> {
    /// Those of `service`.
    pub(crate) fn of(env: &'a Env, service: &'a Service) -> Self {
        let by_name = namespaces_of(env, service).map(|namespace| (namespace.name, namespace)).collect();
        let replaced = service.mapping("service.yaml").and_then(|(_, root)| root.get("smartstack"));
        let readable = |value: Value<'_>| matches!(value.kind(), Kind::Map | Kind::Null);
        let is_readable =
            match (replaced, service.document("smartstack.yaml").map(|document| &document.content)) {
                (Some(value), _) => readable(value),
                (None, Some(Content::Parsed(tree))) => readable(tree.root()),
                (None, Some(_)) => false,
                (None, None) => service.error.is_none(),
            };
        Self { by_name, is_readable }
    }

    /// The namespace called `name`.
    pub(crate) fn get(&self, name: &str) -> Known<'_, 'a> {
        match self.by_name.get(name) {
            Some(found) if found.entry.value.kind() == Kind::Map => Known::Present(found),
            None if self.is_readable => Known::Absent,
            _ => Known::Unknown,
        }
    }
}

/// Whether HAProxy has the namespace: its `proxy_port` is not null (section 8: 0 counts, too).
pub(crate) fn has_port(namespace: &NamespaceCx<'_>) -> bool {
    namespace.set("proxy_port").is_some()
}

/// Whether clients find the instances of the namespace through it.
fn is_in_smartstack(namespace: &NamespaceCx<'_>) -> bool {
    let port = namespace.get("proxy_port");
    effective::is_in_smartstack(port.map(|port| port.value.is_null()), namespace.env.dialect)
}

/// Whether a key of the mapping may be meant as `key`, which is not in it: the misspelt key has a
/// finding of its own, and what follows from its absence would be another one of the same cause.
pub(crate) fn may_misspell(mapping: Value<'_>, key: &str) -> bool {
    let mut keys = mapping.entries().filter_map(|entry| entry.key.as_str());
    keys.any(|other| suggest::nearest(other, [key]).is_some())
}

/// The Marathon instances of a service whose body is a mapping.
pub(crate) fn marathon_instances<'a>(cx: &ServiceCx<'a>) -> impl Iterator<Item = InstanceCx<'a>> {
    cx.instances().filter(|instance| {
        instance.instance.kind == FileKind::Marathon && instance.instance.entry.value.kind() == Kind::Map
    })
}

/// The namespaces of a service, looked up at the first question: most services raise none.
pub(crate) struct LazyNamespaces<'c, 'a> {
    cx: &'c ServiceCx<'a>,
}

impl<'c, 'a> LazyNamespaces<'c, 'a> {
    /// Those of the service of `cx`.
    pub(crate) const fn new(cx: &'c ServiceCx<'a>) -> Self {
        Self { cx }
    }

    /// Whether clients find `instance` through SmartStack.
    pub(crate) fn standing(&self, instance: &InstanceCx<'a>) -> Standing<'c, 'a> {
        let Some(first) = first(instance) else { return Standing::Unknown };
        // The namespace of another service counts in the documentation, and is not known here.
        if first.service != instance.service.name && instance.env.dialect.registration_uses_its_own_service {
            return Standing::Unknown;
        }
        match self.cx.namespaces().get(first.namespace) {
            Known::Unknown => Standing::Unknown,
            Known::Present(namespace) if is_in_smartstack(namespace) => Standing::In(namespace),
            Known::Present(_) => Standing::WithoutPort,
            Known::Absent => Standing::Out,
        }
    }
}

/// Whether an instance is in SmartStack, as far as its own service can tell.
pub(crate) enum Standing<'n, 'a> {
    /// Yes, by this namespace.
    In(&'n NamespaceCx<'a>),
    /// No: its namespace is for discovery only.
    WithoutPort,
    /// No: it has no namespace.
    Out,
    /// That depends on another service, or on what cannot be read.
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn registrations_have_two_parts() {
        assert_eq!(split("search.main"), Some(("search", "main")));
        for text in ["main", "search.", ".main", "a.b.c", "a.b.c.d", ""] {
            assert_eq!(split(text), None, "{text}");
        }
    }
}
