//! nerve.conf.json as nerve-tools 0.14.3 writes it: for each registration one service per location
//! in which it is announced, and one with all of them as labels.

use std::collections::BTreeSet;

use crate::emit::python::{self, Data, Dict, Value};
use crate::emit::{Refusal, convert};

use super::HACHECK_PORT;
use super::locations::{Location, Locations};
use super::registration::Registration;

/// Location type that has a ZooKeeper of its own (`--zk-location-type`).
const ZOOKEEPER_TYPE: &str = "superregion";

/// Weight of every PaaSTA task.
const WEIGHT: i64 = 10;

/// The node that nerve runs on.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its name, which is nerve's `instance_id`.
    pub hostname: String,
    /// Address under which its tasks are reached.
    pub address: String,
    /// Where it is.
    pub locations: Locations,
    /// ZooKeeper servers, `host:port`.
    pub zookeeper: Vec<String>,
}

/// The whole file, for these services.
pub fn configuration(services: Dict<'static>, node: &Node) -> Value<'static> {
    Value::computed(Dict::of([
        ("instance_id", Value::computed(node.hostname.clone())),
        ("services", Value::computed(services)),
        ("heartbeat_path", Value::computed("/var/run/nerve/heartbeat")),
    ]))
}

/// The services of one registration.
///
/// # Errors
/// Something that nerve-tools fails on, which stops it for the whole host.
pub fn services(registration: &Registration<'_>, node: &Node) -> Result<Dict<'static>, Refusal> {
    let task = Task { name: &registration.name, values: &registration.values };
    let mut services = Dict::new();
    let port = registration.values.get("port").cloned().unwrap_or_else(|| Value::computed(Data::None));
    let advertised = task.advertised()?;
    if advertised.is_empty() || !port.is_truthy() {
        return Ok(services);
    }
    let port = python::truncate(&port)?;
    let locations = task.locations(&advertised, &node.locations)?;
    let (check, interval) = (task.check(&port)?, task.interval()?);
    for location in locations {
        let around = node.locations.convert(&location, ZOOKEEPER_TYPE)?;
        if around.is_empty() {
            // nerve-tools would register it nowhere and say nothing.
            node.locations.current(ZOOKEEPER_TYPE)?;
        }
        for zookeeper in around {
            let (name, zookeeper) = (task.name, &zookeeper.name);
            let service = |path: String| {
                Dict::of([
                    ("port", number(&port)),
                    ("host", Value::computed(node.address.clone())),
                    (
                        "zk_hosts",
                        Value::computed(
                            node.zookeeper.iter().cloned().map(Value::computed).collect::<Vec<_>>(),
                        ),
                    ),
                    ("zk_path", Value::computed(path)),
                    ("check_interval", Value::computed(interval)),
                    ("checks", Value::computed(vec![check.clone()])),
                    ("weight", Value::computed(WEIGHT)),
                ])
            };
            let by_location = service(format!("/nerve/{location}/{name}"));
            services
                .insert(format!("{name}.{zookeeper}.{location}.{port}.new"), Value::computed(by_location));
            let key = format!("{name}.{zookeeper}:{port}.v2.new");
            let mut labels =
                match services.get(&key).and_then(|known| known.get("labels")).map(|known| &known.data) {
                    Some(Data::Dict(labels)) => labels.clone(),
                    _ => Dict::new(),
                };
            labels.insert(location.to_string(), Value::computed(""));
            let mut labelled = service(format!("/smartstack/global/{name}"));
            labelled.insert("labels", Value::computed(labels));
            services.insert(key, Value::computed(labelled));
        }
    }
    Ok(services)
}

/// Reads what nerve-tools is fed.
struct Task<'a, 's> {
    name: &'a str,
    values: &'a Value<'s>,
}

impl Task<'_, '_> {
    fn get(&self, key: &str) -> Option<&Value<'_>> {
        self.values.get(key)
    }

    fn text(&self, key: &str, default: &'static str) -> Result<String, Refusal> {
        match self.get(key) {
            None => Ok(default.to_owned()),
            Some(value) => value.as_str().map(str::to_owned).ok_or_else(|| {
                Refusal::new("AttributeError", format!("`{key}` is not text")).at(value.origin)
            }),
        }
    }

    fn advertised(&self) -> Result<Vec<String>, Refusal> {
        let Some(value) = self.get("advertise") else { return Ok(vec!["region".to_owned()]) };
        if !value.is_truthy() {
            return Ok(Vec::new());
        }
        let items = value.as_list().and_then(|items| {
            items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        });
        items.ok_or_else(|| {
            Refusal::new("AssertionError", "`advertise` is not a list of location types").at(value.origin)
        })
    }

    /// Where it is announced: the node's own locations of the advertised types, and what
    /// `extra_advertise` adds for them.
    fn locations(&self, advertised: &[String], all: &Locations) -> Result<BTreeSet<Location>, Refusal> {
        let origin = self.get("advertise").map(|value| value.origin);
        let at = |refusal: Refusal| match origin {
            Some(origin) => refusal.at(origin),
            None => refusal,
        };
        let mut found = BTreeSet::new();
        for kind in advertised {
            found.insert(all.current(kind).map_err(at)?);
        }
        for pair in self.get("extra_advertise").and_then(Value::as_list).unwrap_or_default() {
            let [source, target] = pair.as_list().unwrap_or_default() else { continue };
            let (source, target) = (location(source)?, location(target)?);
            if all.current(&source.kind).map_err(|refusal| refusal.at(pair.origin))? != source {
                continue;
            }
            for kind in advertised {
                // Never more hosts than meant: a habitat does not become its whole region.
                let ranks = (all.rank(&target.kind), all.rank(kind));
                if ranks.0.is_none() || ranks.0 > ranks.1 {
                    continue;
                }
                found.extend(all.convert(&target, kind).map_err(|refusal| refusal.at(pair.origin))?);
            }
        }
        Ok(found)
    }

    fn timeout(&self) -> Value<'_> {
        self.get("healthcheck_timeout_s").cloned().unwrap_or_else(|| Value::default(1.0_f64))
    }

    /// A second more than a check may take.
    fn interval(&self) -> Result<f64, Refusal> {
        let timeout = self.timeout();
        if !python::is_number(&timeout) {
            return Err(
                Refusal::new("TypeError", "`healthcheck_timeout_s` is not a number").at(timeout.origin)
            );
        }
        Ok(python::to_float(&timeout)? + 1.0)
    }

    /// The one check: what hacheck on the same host says.
    fn check(&self, port: &str) -> Result<Value<'static>, Refusal> {
        let mode = match self.get("healthcheck_mode").or_else(|| self.get("mode")) {
            Some(mode) => python::str(mode).into_owned(),
            None => "http".to_owned(),
        };
        let port = self
            .get("healthcheck_port")
            .map_or_else(|| port.to_owned(), |port| python::str(port).into_owned());
        let uri = self.text("healthcheck_uri", "/status")?;
        let path = format!("/{mode}/{}/{port}/{}", self.name, uri.trim_start_matches('/'));
        let timeout = owned(&self.timeout());
        let headers =
            self.get("extra_healthcheck_headers").map_or_else(|| Value::default(Dict::new()), owned);
        let mut check = Dict::of([
            ("type", Value::computed("http")),
            ("host", Value::computed("127.0.0.1")),
            ("port", Value::computed(i64::from(HACHECK_PORT))),
            ("uri", Value::computed(path)),
            ("timeout", timeout.clone()),
            ("open_timeout", timeout),
            ("rise", Value::computed(1_i64)),
            ("fall", Value::computed(2_i64)),
            ("headers", headers),
        ]);
        if let Some(expected) = self.get("healthcheck_body_expect").filter(|expected| expected.is_truthy()) {
            check.insert("expect", owned(expected));
        }
        Ok(Value::computed(check))
    }
}

fn location(value: &Value<'_>) -> Result<Location, Refusal> {
    value.as_str().and_then(Location::parse).ok_or_else(|| {
        let shown = python::repr(&value.data);
        Refusal::new("ValueError", format!("{shown} in `extra_advertise` is not `type:location`"))
            .at(value.origin)
    })
}

/// Decimal text as a number.
fn number(digits: &str) -> Value<'static> {
    Value::computed(digits.parse::<i64>().unwrap_or_default())
}

/// A copy that borrows nothing.
fn owned(value: &Value<'_>) -> Value<'static> {
    convert::owned(value)
}
