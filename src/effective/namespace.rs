//! A SmartStack namespace as PaaSTA reads it
//! (`long_running_service_tools.py:load_service_namespace_config`).

use crate::dialect::Dialect;
use crate::emit::Refusal;
use crate::emit::python::{Data, Dict, Value, str};

use super::ServiceConfig;

/// Keys that are copied as they are; all others are not PaaSTA's business.
const COPIED: [&str; 15] = [
    "healthcheck_mode",
    "healthcheck_uri",
    "healthcheck_port",
    "healthcheck_timeout_s",
    "healthcheck_body_expect",
    "updown_timeout_s",
    "proxy_port",
    "timeout_connect_ms",
    "timeout_server_ms",
    "timeout_client_ms",
    "retries",
    "mode",
    "discover",
    "advertise",
    "extra_healthcheck_headers",
];

/// A namespace; one that does not exist has nothing but `mode`, which is null.
#[derive(Clone, Debug)]
pub struct Namespace<'s> {
    /// The copied keys, `mode`, and `routes` and `extra_advertise` as lists of pairs.
    pub values: Dict<'s>,
    is_in_smartstack: bool,
}

impl<'s> Namespace<'s> {
    /// The namespace of that name.
    ///
    /// # Errors
    /// Its shape is one that PaaSTA's reader fails on; its mode is unknown.
    pub fn load(service: &ServiceConfig<'s>, name: &str, dialect: &Dialect) -> Result<Self, Refusal> {
        let wrong = |value: &Value<'s>| {
            Refusal::new("TypeError", format!("the SmartStack configuration of `{name}` is not a mapping"))
                .at(value.origin)
        };
        let mut namespace = Namespace { values: Dict::new(), is_in_smartstack: false };
        let empty = Value::default(Dict::new());
        let all = service.get("smartstack").unwrap_or(&empty);
        let all = all.as_dict().ok_or_else(|| wrong(all))?;
        let source = match all.get(name) {
            Some(source) => source.as_dict().ok_or_else(|| wrong(source))?,
            None => &Dict::new(),
        };
        for key in COPIED {
            if let Some(value) = source.get(key) {
                namespace.values.insert(key, value.clone());
            }
        }
        let exists = all.get(name).is_some();
        namespace.is_in_smartstack = is_in_smartstack(source.get("proxy_port").map(Value::is_none), dialect);
        namespace.set_mode(exists && dialect.mode_default_without_port)?;
        namespace.add_routes(source)?;
        Ok(namespace)
    }

    /// A namespace that does not exist.
    pub fn absent() -> Self {
        let values = Dict::of([("mode", Value::default(Data::None))]);
        Self { values, is_in_smartstack: false }
    }

    fn set_mode(&mut self, http_by_default: bool) -> Result<(), Refusal> {
        let mode = match self.values.get("mode").filter(|mode| !mode.is_none()) {
            Some(mode) => {
                if !matches!(mode.as_str(), Some("http" | "tcp" | "https")) {
                    return Err(Refusal::new(
                        "InvalidSmartstackMode",
                        format!("the mode `{}` is unknown", str(mode)),
                    )
                    .at(mode.origin)
                    .help("use `http` or `tcp`"));
                }
                return Ok(());
            }
            None if http_by_default || self.has_port() => Data::from("http"),
            None => Data::None,
        };
        self.values.insert("mode", Value::default(mode));
        Ok(())
    }

    /// `routes` and `extra_advertise` become lists of pairs.
    fn add_routes(&mut self, source: &Dict<'s>) -> Result<(), Refusal> {
        let wrong = |key: &str, value: &Value<'s>| {
            Refusal::new("TypeError", format!("`{key}` has a form that PaaSTA cannot read")).at(value.origin)
        };
        if let Some(routes) = source.get("routes") {
            let mut pairs = Vec::new();
            for route in items(routes).ok_or_else(|| wrong("routes", routes))? {
                let part = |key: &str| {
                    route.get(key).ok_or_else(|| {
                        Refusal::new("KeyError", format!("a route has no `{key}`")).at(route.origin)
                    })
                };
                let (from, to) = (part("source")?, part("destinations")?);
                for destination in items(to).ok_or_else(|| wrong("destinations", to))? {
                    pairs.push(pair(from.clone(), destination.clone()));
                }
            }
            self.values.insert("routes", Value::new(Data::List(pairs), routes.origin));
        }
        if let Some(extra) = source.get("extra_advertise") {
            let mut pairs = Vec::new();
            let nothing = Dict::new();
            let is_nothing = items(extra).is_some_and(<[_]>::is_empty);
            let entries = extra.as_dict().or_else(|| is_nothing.then_some(&nothing));
            for entry in entries.ok_or_else(|| wrong("extra_advertise", extra))? {
                let from = Value::new(entry.key.clone(), entry.value.origin);
                for destination in
                    items(&entry.value).ok_or_else(|| wrong("extra_advertise", &entry.value))?
                {
                    pairs.push(pair(from.clone(), destination.clone()));
                }
            }
            self.values.insert("extra_advertise", Value::new(Data::List(pairs), extra.origin));
        }
        Ok(())
    }

    /// A value, unless it is null.
    pub fn set(&self, key: &str) -> Option<&Value<'s>> {
        self.values.get(key).filter(|value| !value.is_none())
    }

    /// `http`, `tcp`, `https` or null.
    pub fn mode(&self) -> Value<'s> {
        self.values.get("mode").cloned().unwrap_or_else(|| Value::default(Data::None))
    }

    /// Location type within which clients look for servers.
    pub fn discover(&self) -> Value<'s> {
        self.values.get("discover").cloned().unwrap_or_else(|| Value::default("region"))
    }

    fn has_port(&self) -> bool {
        self.set("proxy_port").is_some()
    }

    /// Whether clients find the instances through it.
    pub const fn is_in_smartstack(&self) -> bool {
        self.is_in_smartstack
    }
}

/// Whether clients find the instances of a namespace through it. `port_is_null` is of its `proxy_port`, if it
/// has one.
pub(crate) fn is_in_smartstack(port_is_null: Option<bool>, dialect: &Dialect) -> bool {
    port_is_null.is_some_and(|is_null| !is_null || dialect.null_proxy_port_registers)
}

/// The items that Python goes through: those of a list, and none of an empty text or mapping.
fn items<'v, 's>(value: &'v Value<'s>) -> Option<&'v [Value<'s>]> {
    let is_nothing = matches!(value.data, Data::Str(_) | Data::Dict(_)) && !value.is_truthy();
    value.as_list().or_else(|| is_nothing.then_some(&[]))
}

fn pair<'s>(from: Value<'s>, to: Value<'s>) -> Value<'s> {
    let origin = to.origin;
    Value::new(Data::List(vec![from, to]), origin)
}
