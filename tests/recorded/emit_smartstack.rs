//! SmartStack against what was recorded: of paasta-tools 0.66.6 (the conformance set), of
//! synapse-tools 0.12.4 and nerve-tools 0.14.3 (tests/data/smartstack).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use soalint::check::{PayloadKind, WithheldNamespace};
use soalint::dialect::Dialect;
use soalint::effective::{Forest, InstanceConfig, Namespace, ServiceConfig, entries};
use soalint::emit::Refusal;
use soalint::emit::python::{Data, Dict, Value, dumps};
use soalint::emit::smartstack::fleet::Fleet;
use soalint::emit::smartstack::locations::Locations;
use soalint::emit::smartstack::registration::{FIRST_PORT, Registration};
use soalint::emit::smartstack::{haproxy, nerve, registration, services, synapse};
use soalint::model::kind::FileKind;

use crate::cases::{Case, Loaded, Tally, cases, compact, load};
use crate::data;

const DIALECT: &Dialect = &Dialect::PAASTA_0_66;

/// Namespaces, the lists for nerve, the services files and the fact of every case.
#[test]
fn recorded_smartstack_is_equal() {
    let mut tally = Tally::default();
    for case in cases() {
        let loaded = case.load();
        let forest = loaded.forest();
        compare_namespaces(case, &forest, &mut tally);
        compare_nerve(case, &loaded, &forest, &mut tally);
        compare_files(case, &loaded, &forest, &mut tally);
    }
    tally.finish(&[
        ("namespace", 280),
        ("nerve list of an instance", 14),
        ("nerve list of a host", 100),
        ("classic list", 100),
        ("services file", 320),
        ("fact", 100),
    ]);
}

fn compare_namespaces(case: &Case, forest: &Forest<'_>, tally: &mut Tally) {
    let Some(expected) = case.expected()["smartstack"]["namespaces"].as_object() else { return };
    for (service, namespaces) in expected {
        let Some(config) = forest.config(service) else { continue };
        if let Some(error) = namespaces.get("error").filter(|error| error.get("type").is_some()) {
            tally.refusal("namespace", case, service, error, config.as_ref().err());
            continue;
        }
        let config = match config {
            Ok(config) => config,
            Err(refusal) => {
                tally.differs("namespace", case, service, &format!("refused: {refusal:?}"));
                continue;
            }
        };
        for (name, values) in namespaces.as_object().expect("namespaces") {
            let subject = format!("{service}.{name}");
            let ours =
                Namespace::load(&config, name, DIALECT).map(|namespace| Value::computed(namespace.values));
            tally.compare("namespace", case, &subject, values, &ours);
        }
    }
}

fn compare_nerve(case: &Case, loaded: &Loaded, forest: &Forest<'_>, tally: &mut Tally) {
    let nerve = &case.expected()["nerve"];
    let names = loaded.names();
    let owned: Vec<(String, Result<ServiceConfig<'_>, Refusal>)> =
        names.iter().filter_map(|name| Some((name.clone(), forest.config(name)?))).collect();
    let configs: BTreeMap<String, &ServiceConfig<'_>> =
        owned.iter().filter_map(|(name, config)| Some((name.clone(), config.as_ref().ok()?))).collect();
    let mut all = Vec::new();
    let mut failed: Option<Refusal> = None;
    for running in nerve["running_here"].as_array().expect("a list") {
        let (Some(service), Some(instance)) = (running[0].as_str(), running[1].as_str()) else { continue };
        let port = u16::try_from(running[2].as_u64().expect("a port")).expect("a port");
        let subject = format!("{service}.{instance}");
        let ours = match owned.iter().find(|(name, _)| name == service) {
            Some((_, Err(refusal))) => Err(refusal.clone()),
            _ => match configs.get(service) {
                Some(config) => registration::Tasks::of(config, &loaded.cluster)
                    .and_then(|tasks| tasks.registrations(instance, port, forest, DIALECT)),
                None => Ok(Vec::new()),
            },
        };
        if let Err(refusal) = &ours {
            // 0.66 skips an instance without a word where this is raised, and loses the whole list otherwise.
            if refusal.exception != "KeyError" && refusal.exception != "IndexError" {
                failed.get_or_insert_with(|| refusal.clone());
            }
        }
        let list = ours.map(|found| found.iter().map(Registration::pair).collect::<Vec<_>>());
        if let Some(each) = nerve.get("marathon_each").and_then(|each| each.get(&subject)) {
            let skipped = matches!(&list, Err(refusal) if refusal.exception == "KeyError");
            if skipped && each.as_array().is_some_and(Vec::is_empty) {
                tally.withheld("nerve list of an instance", case, &subject);
            } else {
                let list = list.clone().map(Value::computed);
                tally.compare("nerve list of an instance", case, &subject, each, &list);
            }
        }
        all.extend(list.unwrap_or_default());
    }
    let whole = failed.map_or(Ok(Value::computed(all)), Err);
    tally.compare("nerve list of a host", case, "", &nerve["marathon"], &whole);

    let mut classic = Vec::new();
    let mut failed = owned.iter().find_map(|(_, config)| config.as_ref().err()).cloned();
    for config in configs.values() {
        let port = services::own_port(config, |service| case.port_file(service));
        let port = port.unwrap_or_else(|| Value::default(Data::None));
        match registration::of_classic_service(config, case.hostname(), &port, DIALECT) {
            Ok(found) => classic.extend(found.iter().map(Registration::pair)),
            Err(refusal) => failed = Some(refusal),
        }
    }
    let whole = failed.map_or(Ok(Value::computed(classic)), Err);
    tally.compare("classic list", case, "", &nerve["classic"], &whole);
}

fn compare_files(case: &Case, loaded: &Loaded, forest: &Forest<'_>, tally: &mut Tally) {
    let configs: Result<Vec<ServiceConfig<'_>>, Refusal> =
        loaded.names().iter().filter_map(|name| forest.config(name)).collect();
    let smartstack = &case.expected()["smartstack"];
    let mut check = |section: &'static str, key: &str, ours: Result<String, Refusal>| {
        tally.compare(section, case, key, &smartstack[key], &ours.map(Value::computed));
    };
    let with = |make: &dyn Fn(&[ServiceConfig<'_>]) -> Result<String, Refusal>| match &configs {
        Ok(configs) => make(configs),
        Err(refusal) => Err(refusal.clone()),
    };
    check("fact", "synapse_srv_namespaces_fact", with(&|configs| services::fact(configs, &|_, _| true)));
    check("services file", "services_file_json", with(&|configs| services::json(configs, &|_, _| true)));
    let (now, hostname) = (case.now(), case.hostname());
    check(
        "services file",
        "services_yaml",
        with(&|configs| services::yaml_file(configs, &|_, _| true, now, hostname)),
    );
    let rfc1700 =
        with(&|configs| services::rfc1700(configs, &|_, _| true, |service| case.port_file(service)));
    check("services file", "services_file_rfc1700", rfc1700);
}

/// Withheld namespaces with the rules that hold them back.
fn names_of(withheld: &[WithheldNamespace<'_>]) -> Vec<String> {
    let rules =
        |held: &WithheldNamespace<'_>| held.reasons.iter().map(|d| d.rule.name).collect::<Vec<_>>().join(" ");
    withheld.iter().map(|held| format!("{}.{}: {}", held.service.name, held.name, rules(held))).collect()
}

fn recorded(file: &str) -> PathBuf {
    data::path("smartstack").join(file)
}

/// Where the recorded node is.
fn node() -> nerve::Node {
    let facts = data::json(&recorded("tree/node.json"));
    let here: Vec<String> = facts["locations"]
        .as_object()
        .expect("locations")
        .iter()
        .map(|(kind, name)| format!("{kind}:{}", name.as_str().expect("a name")))
        .collect();
    let (types, mapping) = (
        data::json(&recorded("tree/location_types.json")),
        data::json(&recorded("tree/location_mapping.json")),
    );
    let text = |key: &str| facts[key].as_str().expect("text").to_owned();
    let zookeeper = facts["zookeeper"].as_array().expect("a list").iter();
    nerve::Node {
        hostname: text("hostname"),
        address: text("address"),
        locations: Locations::new(Some(&types), Some(&mapping), &here).expect("usable facts"),
        zookeeper: zookeeper.map(|host| host.as_str().expect("a host").to_owned()).collect(),
    }
}

/// synapse.conf.json and nerve.conf.json are what Yelp's tools wrote for the same tree and node.
#[test]
fn recorded_tools_agree() {
    let loaded = load(&recorded("tree"), "test");
    let forest = loaded.forest();
    let configs: Vec<ServiceConfig<'_>> = loaded
        .names()
        .iter()
        .filter_map(|name| forest.config(name))
        .collect::<Result<_, _>>()
        .expect("a tree");
    let node = node();

    let (fleet, withheld) =
        Fleet::of(&loaded.checked, &forest, PayloadKind::Synapse, &node.locations, DIALECT);
    assert_eq!(names_of(&withheld), [""; 0]);
    assert_eq!(fleet.refused, []);
    let ours = synapse::configuration(&fleet.listeners, &node.zookeeper);
    assert_eq!(pretty(&ours), pretty_json(&data::json(&recorded("synapse.conf.json"))));

    let mut services = Dict::new();
    let mut port = FIRST_PORT;
    for config in &configs {
        for written in sorted(config) {
            let own = config.value(written.entry.value, written.document);
            let instance =
                InstanceConfig::new(config, FileKind::Marathon, "test", written.name, own).expect("valid");
            for registration in registration::of_instance(&instance, port, &forest, DIALECT).expect("valid") {
                for entry in nerve::services(&registration, &node).expect("valid").into_entries() {
                    services.push(entry.key, entry.value);
                }
            }
            port += 1;
        }
    }
    let ours = nerve::configuration(services, &node);
    assert_eq!(pretty(&ours), pretty_json(&data::json(&recorded("nerve.conf.json"))));
}

fn sorted<'s>(config: &ServiceConfig<'s>) -> Vec<soalint::effective::Written<'s>> {
    let mut all: Vec<_> =
        entries(config.service(), FileKind::Marathon, "test").map(|entry| entry.expect("text")).collect();
    all.sort_by_key(|written| written.name);
    all
}

fn pretty(value: &Value<'_>) -> String {
    pretty_json(&serde_json::from_str(&dumps(value).expect("JSON")).expect("JSON"))
}

fn pretty_json(value: &Json) -> String {
    compact(value).replace(", \"", ",\n\"").replace('{', "{\n")
}

/// HAProxy itself takes the whole file, for the example tree and for the recorded one; without
/// HAProxy on this machine nothing is tried.
#[test]
fn haproxy_accepts_whole_trees() {
    let has_haproxy = std::process::Command::new("haproxy").arg("-v").output().is_ok();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/yelpsoa-configs");
    let mut tried = 0;
    for (name, root) in [("examples", examples), ("recorded", recorded("tree"))] {
        let loaded = load(&root, "test");
        let forest = loaded.forest();
        for dialect in [&Dialect::DOCUMENTED, &Dialect::PAASTA_0_66] {
            let locations = if name == "examples" { Locations::default() } else { node().locations };
            let (fleet, withheld) =
                Fleet::of(&loaded.checked, &forest, PayloadKind::Haproxy, &locations, dialect);
            assert_eq!(names_of(&withheld), [""; 0]);
            assert_eq!(fleet.refused, []);
            let servers = fleet.listeners.iter().flat_map(|listener| &listener.backends);
            let servers =
                servers.map(|backend| (backend.name.clone(), vec!["10.1.2.3:31000".to_owned()])).collect();
            for servers in [BTreeMap::new(), servers] {
                let cfg = haproxy::configuration(&fleet.listeners, &servers);
                let path =
                    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.cfg", std::process::id()));
                std::fs::write(&path, &cfg).expect("a file");
                if has_haproxy {
                    tried += 1;
                    let mut check = std::process::Command::new("haproxy");
                    // Warnings count as well.
                    let output = check.args(["-c", "-dW", "-f"]).arg(&path).output().expect("it runs");
                    let said = String::from_utf8_lossy(&output.stderr).into_owned();
                    assert!(output.status.success(), "{name} {:?}:\n{said}\n{cfg}", dialect.name);
                }
            }
        }
    }
    println!("{tried} configurations given to haproxy -c, {} skipped", 8 - tried);
}
