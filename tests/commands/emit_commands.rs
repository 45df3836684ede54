//! `soalint emit nerve|synapse|haproxy|sensu|jenkins` as a user runs it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value as Json;

fn emit(tree: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soalint"));
    command.arg("emit").args(arguments).arg("--isolated").arg("-d").arg(tree).stdin(Stdio::null());
    command.env_clear().env("COLUMNS", "100").output().expect("soalint runs")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

fn json(output: &Output) -> Json {
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn keys(value: &Json) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

fn tree(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&root);
    for (path, text) in files {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        std::fs::write(path, text).expect("a file");
    }
    root
}

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/yelpsoa-configs")
}

/// A tree with good namespaces and some that must not reach HAProxy.
fn shop(name: &str) -> PathBuf {
    tree(
        name,
        &[
            ("web/smartstack.yaml", "main: {proxy_port: 20001}\nother: {proxy_port: 20002}\n"),
            ("web/marathon-prod.yaml", "main: {instances: 2}\nother: {instances: 1}\n"),
            ("web/monitoring.yaml", "team: web\n"),
            ("web/deploy.yaml", "pipeline: [{step: itest}, {step: prod.main}, {step: prod.other}]\n"),
            (
                "api/smartstack.yaml",
                "main: {proxy_port: 20002}\nproxied: {proxy_port: 20003, proxied_through: web.other}\n",
            ),
            ("api/monitoring.yaml", "team: api\n"),
        ],
    )
}

#[test]
fn haproxy_leaves_out_what_would_break_it() {
    let output = emit(&shop("haproxy"), &["haproxy"]);
    let (cfg, said) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{said}");
    let frontends: Vec<&str> = cfg.lines().filter_map(|line| line.strip_prefix("frontend ")).collect();
    assert_eq!(frontends, ["web.main"]);
    // Both owners of the port, and what would go through one of them.
    for name in ["web.other", "api.main", "api.proxied"] {
        assert!(said.contains(&format!("withheld: {name} (")), "{said}");
    }
}

#[test]
fn every_kind_prints_json_by_name() {
    let root = shop("json");
    let cluster = ["--cluster", "prod", "--format", "json"];
    let of = |kind: &str| emit(&root, &[&[kind], &cluster[..]].concat());
    let nerve = json(&of("nerve"));
    assert_eq!(keys(&nerve), ["web.main"]);
    assert_eq!(
        keys(&nerve["web.main"]),
        ["web.main.local.region:local.31000.new", "web.main.local:31000.v2.new"]
    );
    assert_eq!(keys(&json(&of("synapse"))), ["web.main"]);
    let haproxy = json(&of("haproxy"));
    assert!(haproxy["web.main"].as_str().expect("text").contains("bind 0.0.0.0:20001\n"));
    assert_eq!(keys(&json(&of("jenkins"))), ["web"]);
    let sensu = json(&emit(&root, &[&["sensu", "web.main"], &cluster[..]].concat()));
    assert_eq!(keys(&sensu), ["web.main"]);
    assert_eq!(sensu["web.main"]["status"], 2);
    let state = tree("state", &[("state/state.json", r#"{"haproxy_backends": {"": {"web.main": 2}}}"#)]);
    let state = state.join("state/state.json");
    let state = state.to_str().expect("a path");
    let fine = json(&emit(&root, &[&["sensu", "web.main", "--cluster-state", state], &cluster[..]].concat()));
    assert_eq!(fine["web.main"]["status"], 0, "{fine}");
}

#[test]
fn files_are_named_as_they_are_installed() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("installed-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&directory);
    let target = directory.to_str().expect("a path");
    for kind in ["nerve", "synapse", "haproxy", "jenkins"] {
        let output = emit(&examples(), &[kind, "--cluster", "norcal-prod", "-o", target]);
        assert_eq!(output.status.code(), Some(0), "{kind}: {}", text(&output.stderr));
    }
    for name in ["nerve.conf.json", "synapse.conf.json", "haproxy.cfg", "search.jenkinsfile"] {
        assert!(directory.join(name).is_file(), "{name}");
    }
}

#[test]
fn forms_of_synapse() {
    let root = examples();
    let fact = emit(&root, &["synapse", "--form", "fact", "geo_lookup", "search"]);
    assert_eq!(
        text(&fact.stdout),
        "synapse_srv_namespaces=geo_lookup.main:20040,search.bulk:20031,search.main:20030\n"
    );
    let lines = emit(&root, &["synapse", "--form", "rfc1700", "geo_lookup"]);
    assert!(text(&lines.stdout).starts_with("geo_lookup.main\t20040/tcp\t# "));
    for arguments in
        [&["haproxy", "--form", "fact"][..], &["marathon", "--form", "rfc1700", "--cluster", "norcal-prod"]]
    {
        assert_eq!(emit(&root, arguments).status.code(), Some(2), "{arguments:?}");
    }
    let wrong = emit(&root, &["nerve", "--cluster", "norcal-prod", "--location", "planet:earth"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("planet:earth"), "{}", text(&wrong.stderr));
}

/// What a kind does not take would change nothing: whoever gives it means something else.
#[test]
fn options_of_other_kinds_are_refused() {
    let root = examples();
    let all = ["marathon", "chronos", "adhoc", "sensu", "nerve", "synapse", "haproxy", "jenkins"];
    let here = ["--location", "region:west", "--location-types", "t", "--location-mapping", "m"];
    let of_nodes = &["nerve", "synapse", "haproxy"][..];
    let of_runs = &["marathon", "chronos", "adhoc", "sensu"][..];
    for (option, takers) in [
        (&["--require-deployments"][..], of_runs),
        (&["--instance-counts", "c"], of_runs),
        (&["--run-host", "h"], &["adhoc"]),
        (&["--run-port", "1"], &["adhoc"]),
        (&["--run-name", "n"], &["adhoc"]),
        (&here[..2], of_nodes),
        (&here[2..4], of_nodes),
        (&here[4..], of_nodes),
        (&["--node-name", "n"], &["nerve"]),
        (&["--node-address", "a"], &["nerve"]),
        (&["--zookeeper", "z"], &["nerve", "synapse"]),
        (&["--servers", "s"], &["haproxy"]),
        (&["--cluster-state", "s"], &["sensu"]),
    ] {
        for kind in all {
            let output = emit(&root, &[&[kind, "--cluster", "norcal-prod"], option].concat());
            let is_refused =
                text(&output.stderr).contains(&format!("`emit {kind}` takes no `{}`", option[0]));
            assert_eq!(is_refused, !takers.contains(&kind), "{kind} {option:?}: {}", text(&output.stderr));
            assert!(!is_refused || output.status.code() == Some(2) && output.stdout.is_empty());
        }
    }
    let output = emit(&root, &["synapse", "--form", "fact", "--location", "region:west"]);
    let words = "error: `emit synapse --form fact` takes no `--location`\n  help: it is for nerve, haproxy, and synapse in form target\n";
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(2), words));
}

/// Nothing is wrong with the instances: the command line says too little.
#[test]
fn a_location_without_a_mapping_is_one_mistake_on_the_command_line() {
    let root = shop("location");
    for kind in ["nerve", "synapse", "haproxy"] {
        let output = emit(&root, &[kind, "--cluster", "prod", "--location", "habitat:x", "-q"]);
        let said = text(&output.stderr);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""), "{kind}: {said}");
        assert!(said.starts_with("error: nothing says in which region the node is\n"), "{kind}: {said}");
        assert!(
            said.contains("add `--location region:NAME`") && said.contains("--location-mapping"),
            "{said}"
        );
    }
    // nerve also registers in what surrounds a region: without it nothing would be registered.
    let output = emit(&root, &["nerve", "--cluster", "prod", "--location", "region:x", "-q"]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.starts_with("error: nothing says in which superregion the node is\n"), "{said}");
    let output = emit(&root, &["haproxy", "--location", "region:x", "-q"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
}
