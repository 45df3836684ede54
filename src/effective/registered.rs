//! In which namespaces an instance registers (`long_running_service_tools:get_registrations`).

use crate::repo::Service;
use crate::yaml::{Kind, Value};

/// The setting that says in which namespaces an instance registers. What the instance says itself goes before
/// the defaults of service.yaml, key by key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Registered<L> {
    /// `registrations`, a list of one item or more.
    List(L),
    /// `nerve_ns`: there are no `registrations`, or an empty list. Null counts as a name.
    Namespace(L),
    /// Neither: the namespace has the name of the instance.
    Name,
    /// `registrations` is not a list, so that PaaSTA fails.
    NotList(L),
}

impl<L> Registered<L> {
    /// Looks the keys up with `get`; `is_empty` tells of a list whether it has items, of everything else nothing.
    pub(crate) fn find(
        get: impl Fn(&'static str) -> Option<L>,
        is_empty: impl Fn(&L) -> Option<bool>,
    ) -> Self {
        if let Some(list) = get("registrations") {
            match is_empty(&list) {
                None => return Registered::NotList(list),
                Some(false) => return Registered::List(list),
                Some(true) => {}
            }
        }
        get("nerve_ns").map_or(Registered::Name, Registered::Namespace)
    }
}

/// Whether a list is empty; `None` of everything else.
pub(crate) fn is_empty_list(value: Value<'_>) -> Option<bool> {
    (value.kind() == Kind::Seq).then(|| value.is_empty())
}

/// Where an instance of `service` with this mapping registers.
pub(crate) fn registered<'t>(service: &'t Service, own: Value<'t>) -> Registered<Value<'t>> {
    let own = Some(own).filter(|own| own.kind() == Kind::Map);
    let default = |key: &str| service.defaults().and_then(|(_, root)| root.get(key));
    let get = |key: &'static str| own.and_then(|own| own.get(key)).or_else(|| default(key));
    Registered::find(get, |list| is_empty_list(*list))
}
