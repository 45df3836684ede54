//! The listeners of a whole tree: HAProxy takes all of them or none, so one that would make it
//! refuse the file is left out here, and with it what depends on it.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::{CheckedTree, PayloadKind, WithheldNamespace};
use crate::dialect::Dialect;
use crate::effective::Forest;
use crate::emit::Refusal;
use crate::emit::python::{Data, Origin, Value};

use super::listener::{Listener, Mode};
use super::locations::Locations;
use super::{HACHECK_PORT, STATS_PORT};

/// A namespace that is to get a listener.
#[derive(Clone, Debug)]
struct Wanted<'s> {
    name: String,
    values: Value<'s>,
}

/// Listeners that HAProxy takes together, and namespaces that get none.
#[derive(Debug, Default)]
pub struct Fleet {
    /// Sorted by name.
    pub listeners: Vec<Listener>,
    /// Names (`service.namespace`, or a service of which nothing can be read) with the reason, sorted.
    pub refused: Vec<(String, Refusal)>,
}

impl Fleet {
    /// The listeners of a tree that was checked as a whole, and the namespaces that the check
    /// withholds.
    pub fn of<'a>(
        checked: &'a CheckedTree,
        forest: &Forest<'a>,
        kind: PayloadKind,
        locations: &Locations,
        dialect: &Dialect,
    ) -> (Self, Vec<WithheldNamespace<'a>>) {
        let (mut wanted, mut withheld, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        let mut unread = BTreeMap::new();
        for service in checked.services() {
            // Whoever asks for the listeners asks for what could not be read, too.
            if let Some(first) = checked.unread(service, kind, None).first() {
                unread.insert(service.name.clone(), first.path());
                continue;
            }
            let config = match forest.config(&service.name) {
                Some(Ok(config)) => config,
                Some(Err(refusal)) => {
                    refused.push((service.name.clone(), refusal));
                    continue;
                }
                None => continue,
            };
            for namespace in checked.namespaces(service, kind) {
                match namespace {
                    Ok(valid) => wanted.push(Wanted {
                        name: format!("{}.{}", service.name, valid.name()),
                        values: config.value(valid.entry().value, valid.document_index()),
                    }),
                    Err(held) => withheld.push(held),
                }
            }
        }
        let taken = withheld
            .iter()
            .filter_map(|held| Some((held.port?, format!("{}.{}", held.service.name, held.name))));
        let absent = Absent {
            withheld: withheld.iter().map(|held| format!("{}.{}", held.service.name, held.name)).collect(),
            unread,
        };
        let mut fleet = Self::of_wanted(&wanted, taken, absent, locations, dialect);
        fleet.refused.append(&mut refused);
        fleet.refused.sort_by(|a, b| a.0.cmp(&b.0));
        (fleet, withheld)
    }

    /// The listeners of these namespaces; `others` have ports, but get none.
    fn of_wanted(
        namespaces: &[Wanted<'_>],
        others: impl Iterator<Item = (i64, String)>,
        absent: Absent,
        locations: &Locations,
        dialect: &Dialect,
    ) -> Self {
        let mut fleet = Building { taken: Taken::of(namespaces, others), absent, ..Building::default() };
        for wanted in namespaces {
            let name = wanted.name.clone();
            match Listener::of(&name, &wanted.values, locations, dialect) {
                Ok(None) => {}
                Ok(Some(listener)) => fleet.add(listener, &wanted.values),
                Err(refusal) => fleet.refuse(name, refusal),
            }
        }
        fleet.follow_proxies();
        fleet.finish(namespaces)
    }

    /// Keeps the namespaces that `keep` accepts, given service and name (none: the service as a
    /// whole), and those that requests for them go through.
    pub fn retain(&mut self, keep: impl Fn(&str, Option<&str>) -> bool) {
        let is_kept = |name: &str| match name.split_once('.') {
            Some((service, namespace)) => keep(service, Some(namespace)),
            None => keep(name, None),
        };
        let by_name: BTreeMap<&str, &Listener> =
            self.listeners.iter().map(|listener| (listener.name.as_str(), listener)).collect();
        let mut needed: BTreeSet<String> = BTreeSet::new();
        let mut open: Vec<&Listener> = by_name.values().copied().filter(|l| is_kept(&l.name)).collect();
        while let Some(listener) = open.pop() {
            if needed.insert(listener.name.clone()) {
                let target = listener.proxied_through.as_deref();
                open.extend(target.and_then(|target| by_name.get(target)));
            }
        }
        self.listeners.retain(|listener| needed.contains(&listener.name));
        self.refused.retain(|(name, _)| is_kept(name));
    }
}

/// Ports and names of sections, with how many namespaces want them.
#[derive(Debug, Default)]
struct Taken {
    ports: BTreeMap<i64, BTreeSet<String>>,
}

impl Taken {
    fn of(namespaces: &[Wanted<'_>], others: impl Iterator<Item = (i64, String)>) -> Self {
        let mut taken = Self::default();
        for (port, name) in others {
            taken.ports.entry(port).or_default().insert(name);
        }
        for wanted in namespaces {
            if let Some(Data::Int(port)) = wanted.values.get("proxy_port").map(|port| &port.data) {
                taken.ports.entry(*port).or_default().insert(wanted.name.clone());
            }
        }
        taken
    }

    /// Who else has the port.
    fn other(&self, port: u16, name: &str) -> Option<&str> {
        self.ports.get(&i64::from(port))?.iter().map(String::as_str).find(|other| *other != name)
    }
}

/// What can stand at `proxied_through`.
const NEEDS: &str =
    "`proxied_through` needs a namespace with a port and mode http, given as `service.namespace`";

/// What gets no listener before any is made.
#[derive(Debug, Default)]
struct Absent {
    /// Namespaces (`service.namespace`) that the check withholds.
    withheld: BTreeSet<String>,
    /// Services whose namespaces nobody knows, with the path of what could not be read.
    unread: BTreeMap<String, String>,
}

#[derive(Default)]
struct Building {
    taken: Taken,
    absent: Absent,
    listeners: BTreeMap<String, (Listener, BTreeMap<&'static str, Origin>)>,
    /// Names of backends with the listener that has them.
    backends: BTreeMap<String, String>,
    refused: BTreeMap<String, Refusal>,
}

impl Building {
    fn refuse(&mut self, name: String, refusal: Refusal) {
        self.refused.entry(name).or_insert(refusal);
    }

    fn add(&mut self, listener: Listener, values: &Value<'_>) {
        let mut origins = BTreeMap::from([("", values.origin)]);
        for key in ["proxy_port", "proxied_through"] {
            if let Some(value) = values.get(key) {
                origins.insert(key, value.origin);
            }
        }
        let at = |key: &str| origins.get(key).copied().unwrap_or(values.origin);
        let name = listener.name.clone();
        if let Some(port) = listener.port {
            let clash = match port {
                STATS_PORT => Some("HAProxy's own statistics".to_owned()),
                HACHECK_PORT => Some("hacheck".to_owned()),
                port => self.taken.other(port, &name).map(|other| format!("`{other}`")),
            };
            if let Some(owner) = clash {
                let refusal = Refusal::new("ValueError", format!("the port {port} belongs to {owner}, too"))
                    .at(at("proxy_port"))
                    .help("a port can have one listener on a host: pick another");
                return self.refuse(name, refusal);
            }
        }
        for backend in &listener.backends {
            if let Some(owner) = self.backends.get(&backend.name).filter(|owner| **owner != name) {
                let message =
                    format!("its backend `{}` would have the name of one of `{owner}`", backend.name);
                return self.refuse(name, Refusal::new("ValueError", message).at(values.origin));
            }
        }
        for backend in &listener.backends {
            self.backends.insert(backend.name.clone(), name.clone());
        }
        self.listeners.insert(name, (listener, origins));
    }

    /// Refuses listeners whose proxy is not there, and then those that go through them.
    fn follow_proxies(&mut self) {
        let mut through: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, (listener, _)) in &self.listeners {
            if let Some(target) = &listener.proxied_through {
                through.entry(target.clone()).or_default().push(name.clone());
            }
        }
        let mut open: Vec<String> = through.values().flatten().cloned().collect();
        while let Some(name) = open.pop() {
            let Some((listener, origins)) = self.listeners.get(&name) else { continue };
            let Some(target) = &listener.proxied_through else { continue };
            let Err(mut refusal) = self.check_proxy(listener, target) else { continue };
            if let Some(origin) = origins.get("proxied_through").or_else(|| origins.get("")) {
                refusal = refusal.at(*origin);
            }
            self.listeners.remove(&name);
            open.extend(through.get(&name).into_iter().flatten().cloned());
            self.refuse(name, refusal);
        }
    }

    fn check_proxy(&self, listener: &Listener, target: &str) -> Result<(), Refusal> {
        if listener.port.is_none() {
            // Discovery only: there is nothing that could be sent through a proxy.
            return Ok(());
        }
        let refuse = |message| Err(Refusal::new("ValueError", message).help(NEEDS));
        let Some((proxy, _)) = self.listeners.get(target) else { return Err(self.without_proxy(target)) };
        if proxy.port.is_none() {
            return refuse(format!("requests would go through `{target}`, which is discovery only"));
        }
        if listener.mode != Mode::Http || proxy.mode != Mode::Http {
            return refuse(format!("only requests in mode http can go through `{target}`"));
        }
        Ok(())
    }

    /// Why the namespace that requests would go through has no listener.
    fn without_proxy(&self, target: &str) -> Refusal {
        let through = format!("requests would go through `{target}`");
        let service = target.split_once('.').map_or(target, |(service, _)| service);
        if let Some(path) = self.absent.unread.get(service) {
            return Refusal::unread(format!("{through}, whose settings are unknown because of `{path}`"));
        }
        if self.refused.contains_key(target) || self.absent.withheld.contains(target) {
            return Refusal::new("ValueError", format!("{through}, which is withheld itself"));
        }
        Refusal::new("ValueError", format!("{through}, which has no listener")).help(NEEDS)
    }

    fn finish(self, namespaces: &[Wanted<'_>]) -> Fleet {
        // synapse-tools takes the word of every namespace, even of one that has no listener.
        let proxies: BTreeSet<&str> =
            namespaces.iter().filter_map(|wanted| wanted.values.get("proxied_through")?.as_str()).collect();
        let mark = |(mut listener, _): (Listener, BTreeMap<&'static str, Origin>)| {
            listener.is_proxy = proxies.contains(listener.name.as_str());
            listener
        };
        Fleet {
            listeners: self.listeners.into_values().map(mark).collect(),
            refused: self.refused.into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::emit::smartstack::haproxy;
    use crate::yaml;

    /// What is written for HAProxy cannot be more than the words that were meant, even if the check
    /// had let it through.
    #[test]
    fn hostile_namespaces_are_refused_or_quoted() {
        let hostile = "\
newline: {proxy_port: 21001, extra_headers: {X-A: \"a\\n  bind :1\"}}
name: {proxy_port: 21002, extra_headers: {\"X A\": b}}
colon: {proxy_port: 21003, extra_healthcheck_headers: {\"X:\": b}}
uri: {proxy_port: 21004, healthcheck_uri: \"/a b\"}
uri_line: {proxy_port: 21005, healthcheck_uri: \"/a\\nglobal\"}
retries: {proxy_port: 21006, retries: \"1 2\"}
delay: {proxy_port: 21007, chaos: {region: {west-1: {delay: \"1s\\nbind :1\"}}}}
proxy: {proxy_port: 21008, proxied_through: \"a b\"}
own: {proxy_port: 21009, proxied_through: svc.own}
timeout: {proxy_port: 21010, timeout_server_ms: 99999999999}
negative: {proxy_port: 21011, timeout_server_ms: -1}
clash_a: {proxy_port: 21012}
clash_b: {proxy_port: 21012}
stats: {proxy_port: 3212}
zero: {proxy_port: 0}
high: {proxy_port: 65536}
list: {proxy_port: 21013, extra_headers: [a]}
mode: {proxy_port: 21014, mode: https}
nothing: ~
narrow: {proxy_port: 21015, discover: habitat, advertise: [region]}
\"name with blanks\": {proxy_port: 21016}
\"a-name-that-is-far-too-long-for-the-path-of-a-unix-socket\": {proxy_port: 21017}
lost: {proxy_port: 21018, proxied_through: svc.newline}
chained: {proxy_port: 21019, proxied_through: svc.lost}
binary: {proxy_port: 21020, mode: tcp, proxied_through: svc.odd}
odd: {proxy_port: 21021, extra_headers: {X-A: 'it''s \"100%\" #1 ${HOME} \\ %[src]', X-B: ''}}
";
        let tree = yaml::parse(hostile.as_bytes(), &yaml::Budget::default()).expect("it is YAML");
        let wanted: Vec<Wanted<'_>> = tree
            .root()
            .entries()
            .map(|entry| Wanted {
                name: format!("svc.{}", entry.key.text()),
                values: Value::of_yaml(entry.value, 0),
            })
            .collect();
        let here = ["region:west-1".to_owned(), "habitat:west-1b".to_owned()];
        let locations = Locations::new(None, None, &here).expect("they are usable");
        let fleet = Fleet::of_wanted(
            &wanted,
            std::iter::empty(),
            Absent::default(),
            &locations,
            &Dialect::DOCUMENTED,
        );
        let names: Vec<&str> = fleet.listeners.iter().map(|listener| listener.name.as_str()).collect();
        assert_eq!(names, ["svc.odd"]);
        assert_eq!(fleet.refused.len(), wanted.len() - 1, "{:?}", fleet.refused);
        let cfg = haproxy::configuration(&fleet.listeners, &BTreeMap::new());
        let quoted = "http-request set-header X-A \"it's \\\"100%%\\\" #1 \\${HOME} \\\\ %%[src]\"\n";
        assert!(cfg.contains(quoted), "{cfg}");
        assert!(cfg.contains("http-request set-header X-B %[str()]\n"), "{cfg}");
    }
}
