//! Where dialect `documented` makes another payload than paasta-tools 0.66.6: what the
//! documentation promises.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use soalint::check::{PayloadKind, Scope, check_and_keep};
use soalint::config::Settings;
use soalint::dialect::DialectName;
use soalint::effective::{Deployments, System};
use soalint::emit::adhoc::Machine;
use soalint::emit::python::{Data, Origin, Value, dumps};
use soalint::emit::{Context, Form, Request};
use soalint::repo::memory::MemoryTree;
use soalint::rules::Env;

/// Bodies of the Marathon instances of `shop` in the cluster `west`, or the messages of what holds
/// them back.
fn emitted(files: &[(&str, &str)], system: &Json, dialect: DialectName) -> BTreeMap<String, Json> {
    let tree = MemoryTree::new(files.iter().map(|(path, text)| (*path, text.as_bytes())));
    let checked =
        check_and_keep(&tree, &Scope::Everything, &Env::new(Settings { dialect, ..Settings::default() }));
    let Data::Dict(values) = Value::of_json(system.clone(), Origin::System).data else {
        panic!("no mapping")
    };
    let system = System::of(values);
    let context = Context {
        dialect: dialect.dialect(),
        cluster: "west",
        system: &system,
        counts: &BTreeMap::new(),
        now: "2017-07-26T10:15:30".parse().expect("a time"),
        placeholders: true,
    };
    let machine = Machine::default();
    let request =
        Request { context: &context, kind: PayloadKind::Marathon, form: Form::Target, machine: &machine };
    let service = checked.services().iter().find(|service| service.name == "shop").expect("the service");
    let forest = checked.forest();
    let take = |payload: soalint::emit::Payload<'_>| {
        let json: Json = serde_json::from_str(&dumps(&payload.value)?).expect("JSON");
        Ok((payload.name, json))
    };
    let (bodies, held) = request.compile(&checked, &forest, service, &Deployments::Missing, &|_| true, take);
    let withheld = held.withheld.into_iter().map(|omission| (omission.name, json!(omission.rules)));
    bodies.into_iter().chain(withheld).collect()
}

fn one(file: &str, system: &Json, dialect: DialectName) -> Json {
    let monitoring = ("shop/monitoring.yaml", "team: shop\n");
    let all = emitted(&[("shop/marathon-west.yaml", file), monitoring], system, dialect);
    all.into_values().next().expect("an instance")
}

fn documented(file: &str) -> Json {
    let system = json!({ "docker_registry": "r", "volumes": [{"containerPath": "/v", "hostPath": "/v", "mode": "RO"}] });
    one(file, &system, DialectName::Documented)
}

#[test]
fn health_checks_follow_the_documentation() {
    let body = documented("main: {healthcheck_mode: https, healthcheck_port: 8443}\n");
    let check = &body["healthChecks"][0];
    assert_eq!((check["protocol"].as_str(), check["port"].as_i64()), (Some("HTTPS"), Some(8443)));
    assert_eq!(
        (check["path"].as_str(), check["maxConsecutiveFailures"].as_i64()),
        (Some("/status"), Some(6))
    );
    assert!(check.get("portIndex").is_none());
}

#[test]
fn a_list_of_limits_and_a_nested_whitelist_count() {
    let body = documented("main: {ulimit: [{nofile: {soft: 1024, hard: 2048}}, {core: {soft: 0}}]}\n");
    let parameters = body["container"]["docker"]["parameters"].as_array().expect("parameters");
    let limits: Vec<&str> = parameters
        .iter()
        .filter(|parameter| parameter["key"] == "ulimit")
        .filter_map(|parameter| parameter["value"].as_str())
        .collect();
    assert_eq!(limits, ["core=0", "nofile=1024:2048"]);
    let body = documented("main: {deploy_whitelist: [[region, [a, b]]]}\n");
    assert!(body["constraints"].as_array().expect("constraints").contains(&json!(["region", "LIKE", "a|b"])));
}

#[test]
fn instances_are_spread_even_without_expected_agents() {
    let body = documented("main: {cpus: 1}\n");
    assert_eq!(body["constraints"], json!([["region", "GROUP_BY"], ["pool", "LIKE", "default"]]));
    let system = json!({ "docker_registry": "r", "volumes": [] });
    let body = one("main: {cpus: 1}\n", &system, DialectName::Paasta066);
    assert_eq!(body["constraints"], json!([["pool", "LIKE", "default"]]));
}

#[test]
fn an_extra_volume_replaces_the_systems_at_the_same_path() {
    let file = "main: {extra_volumes: [{containerPath: /v, hostPath: /mine, mode: RW}]}\n";
    let mine = json!({"containerPath": "/v", "hostPath": "/mine", "mode": "RW"});
    assert_eq!(documented(file)["container"]["volumes"], json!([mine]));
}

#[test]
fn the_registered_namespace_decides() {
    let files = [
        ("shop/marathon-west.yaml", "main: {registrations: [cart.api]}\n"),
        ("shop/monitoring.yaml", "team: shop\n"),
        ("cart/smartstack.yaml", "api: {proxy_port: 20001, mode: tcp, discover: habitat}\n"),
    ];
    let system = json!({ "docker_registry": "r", "volumes": [] });
    let body = emitted(&files, &system, DialectName::Documented).remove("shop.main").expect("a body");
    assert_eq!(body["healthChecks"][0]["protocol"], "TCP");
    assert_eq!(body["constraints"][0], json!(["habitat", "GROUP_BY"]));
    let body = emitted(&files, &system, DialectName::Paasta066).remove("shop.main").expect("a body");
    assert!(body.get("healthChecks").is_none());
}

#[test]
fn what_the_system_lacks_holds_everything_back() {
    let refused = one("main: {cpus: 1}\n", &json!({}), DialectName::Documented);
    assert_eq!(refused, json!(["unbuildable-payload"]));
}
