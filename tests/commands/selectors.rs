//! What `emit` and `show` make of names: services, instances, namespaces, clusters, times.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use crate::support::program::{code, run, stderr, stdout, tree};

const MARATHON: &str = "main: {cpus: 1, mem: 256, max_instances: 20, min_instances: 2}\n";

/// A service with everything, and one that is only in another cluster.
const FILES: [(&str, &str); 8] = [
    ("search/marathon-norcal-prod.yaml", MARATHON),
    ("search/chronos-norcal-prod.yaml", "reindex: {cmd: run, schedule: 0 4 * * *}\n"),
    ("search/smartstack.yaml", "main: {proxy_port: 20001}\nbulk: {proxy_port: 20002}\n"),
    ("search/monitoring.yaml", "team: search\n"),
    (
        "search/deploy.yaml",
        "pipeline:\n- step: itest\n- step: norcal-prod.main\n- step: norcal-prod.reindex\n",
    ),
    ("geo/marathon-pnw-prod.yaml", "main: {cpus: 1}\n"),
    ("geo/smartstack.yaml", "main: {proxy_port: 20003}\n"),
    ("geo/monitoring.yaml", "team: geo\n"),
];

fn emit(root: &Path, arguments: &[&str]) -> Output {
    run(root, &[&["emit"], arguments, &["-d", ".", "-q"]].concat())
}

fn show(root: &Path, arguments: &[&str]) -> Output {
    run(root, &[&["show"], arguments, &["-d", "."]].concat())
}

/// The names of the payloads, sorted as they are written.
fn names(output: &Output) -> Vec<String> {
    let json: serde_json::Value = serde_json::from_str(&stdout(output)).expect("JSON");
    json.as_object().expect("an object").keys().cloned().collect()
}

/// Refused as bad usage, with these words.
fn refused(output: &Output, words: &str) {
    assert_eq!((code(output), stdout(output).as_str()), (2, ""), "{}", stderr(output));
    assert_eq!(stderr(output), words);
}

#[test]
fn a_cluster_that_nothing_knows_is_refused() {
    let root = tree("selectors-clusters", &FILES);
    let meant = "error: no file of the tree is for the cluster `norcal-prd`\n  help: did you mean `norcal-prod`? A cluster that has no files yet is named in `site.clusters` of .soalint.yaml\n";
    for kind in ["marathon", "chronos", "adhoc", "sensu", "nerve", "synapse", "haproxy", "jenkins"] {
        refused(&emit(&root, &[kind, "--cluster", "norcal-prd"]), meant);
    }
    refused(&show(&root, &["search", "--cluster", "norcal-prd"]), meant);
    refused(&emit(&root, &["marathon", "--cluster", "norcal-prod,norcal-prd"]), meant);
    // A name like no other may be half of one.
    let words = "error: no file of the tree is for the cluster `prod`\n  help: the clusters are norcal-prod, pnw-prod. A cluster that has no files yet is named in `site.clusters` of .soalint.yaml\n";
    for selectors in [&[][..], &["geo"], &["geo.main"]] {
        refused(&emit(&root, &[&["marathon"], selectors, &["--cluster", "prod"]].concat()), words);
    }
    // The services that are meant need no file for it.
    let output = emit(&root, &["marathon", "geo", "--cluster", "norcal-prod"]);
    assert_eq!((code(&output), stdout(&output).as_str()), (0, "{}\n"), "{}", stderr(&output));
    let output = run(&root, &["emit", "marathon", "geo", "-d", ".", "--cluster", "norcal-prod"]);
    let note = "note: no file of these services is for the cluster `norcal-prod`\n";
    assert!(stderr(&output).ends_with(note), "{}", stderr(&output));
}

#[test]
fn a_cluster_that_somebody_names_is_no_mistake() {
    let site = (".soalint.yaml", "site: {clusters: [norcal-prod, norcal-prd]}\n");
    let root = tree("selectors-site", &[&FILES[..], &[site]].concat());
    assert_eq!(stdout(&emit(&root, &["marathon", "--cluster", "norcal-prd"])), "{}\n");
    let root = tree("selectors-system", &FILES);
    let system =
        "{\"cluster\": \"norcal-prd\", \"docker_registry\": \"docker.example.com\", \"volumes\": []}";
    fs::write(root.join("system.json"), system).expect("a file");
    for cluster in [&[][..], &["--cluster", "norcal-prd"]] {
        let output = emit(&root, &[&["marathon", "--system-config", "system.json"], cluster].concat());
        assert_eq!((code(&output), stdout(&output).as_str()), (0, "{}\n"), "{}", stderr(&output));
    }
}

#[test]
fn a_variable_that_is_not_set_names_no_cluster() {
    let root = tree("selectors-unset", &FILES);
    let words = "error: the name after --cluster is empty\n  help: is a variable not set?\n";
    for kind in ["marathon", "sensu", "haproxy", "jenkins"] {
        refused(&emit(&root, &[kind, "--cluster="]), words);
    }
    refused(&emit(&root, &["marathon", "--cluster", "norcal-prod,"]), words);
    refused(&show(&root, &["search", "--cluster="]), words);
}

#[test]
fn kinds_of_namespaces_select_namespaces() {
    let root = tree("selectors-namespaces", &FILES);
    for (kind, form) in [("haproxy", "target"), ("synapse", "target"), ("synapse", "paasta")] {
        let output = emit(&root, &[kind, "--form", form, "--format", "json", "search.bulk"]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert_eq!(names(&output), ["search.bulk"], "{kind} {form}");
        let output = emit(&root, &[kind, "--form", form, "--format", "json", "search"]);
        assert_eq!(names(&output).len(), 2, "{kind} {form}");
        let output = emit(&root, &[kind, "--form", form, "search.bluk"]);
        refused(&output, "error: `search` has no namespace `bluk`\n  help: did you mean `bulk`?\n");
        let output = emit(&root, &[kind, "--form", form, "search.reindex"]);
        refused(&output, "error: `search` has no namespace `reindex`\n  help: its namespaces: main, bulk\n");
    }
    let whole = stdout(&emit(&root, &["haproxy", "search.bulk"]));
    assert!(whole.contains("frontend search.bulk") && !whole.contains("search.main"), "{whole}");
    let output = emit(&root, &["synapse", "--form", "rfc1700", "search.bulk"]);
    refused(&output, "error: this form lists all namespaces of a service: write `search`\n");
}

/// What a namespace's requests go through comes along, or HAProxy would not take the file.
#[test]
fn a_namespace_brings_its_proxy() {
    let proxied = ("geo/smartstack.yaml", "main: {proxy_port: 20003, proxied_through: search.main}\n");
    let mut files = FILES.to_vec();
    files.retain(|(path, _)| *path != proxied.0);
    files.push(proxied);
    let root = tree("selectors-proxy", &files);
    let output = emit(&root, &["haproxy", "--format", "json", "geo.main"]);
    assert_eq!(names(&output), ["geo.main", "search.main"], "{}", stderr(&output));
}

#[test]
fn a_pipeline_is_of_a_whole_service() {
    let root = tree("selectors-jenkins", &FILES);
    refused(
        &emit(&root, &["jenkins", "search.zzz"]),
        "error: a pipeline is of a whole service: write `search`\n",
    );
    let output = emit(&root, &["jenkins", "search", "--format", "json"]);
    assert_eq!(names(&output), ["search"], "{}", stderr(&output));
}

#[test]
fn a_name_that_is_not_there_is_answered_with_where_it_is() {
    let root = tree("selectors-where", &FILES);
    refused(
        &emit(&root, &["chronos", "search.main", "--cluster", "norcal-prod"]),
        "error: `search` has no chronos instance `main` in the cluster `norcal-prod`\n  help: `search.main` is a marathon instance: soalint emit marathon search.main\n",
    );
    refused(
        &show(&root, &["search.main", "--cluster", "pnw-prod"]),
        "error: `search` has no marathon, chronos or adhoc instance `main` in the cluster `pnw-prod`\n  help: it is in norcal-prod\n",
    );
    refused(
        &show(&root, &["search.mian"]),
        "error: `search` has no marathon, chronos or adhoc instance `mian`\n  help: did you mean `main`?\n",
    );
    let output = show(&root, &["search", "--cluster", "pnw-prod"]);
    assert_eq!(
        (code(&output), stderr(&output).as_str()),
        (0, "note: these services have no instance in pnw-prod\n")
    );
}

#[test]
fn show_takes_several_clusters() {
    let root = tree("selectors-several", &FILES);
    let shown = |clusters: &str| {
        let output = show(&root, &["search.main", "geo.main", "--cluster", clusters, "--format", "json"]);
        let json: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap_or_default();
        json["instances"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(shown("norcal-prod,pnw-prod"), 2);
    assert_eq!(shown("norcal-prod"), 0, "one of them is not there");
}

#[test]
fn a_time_has_a_form() {
    let root = tree("selectors-time", &FILES);
    for command in [&["emit", "marathon"][..], &["show", "search"], &["check"]] {
        let output = run(&root, &[command, &["-d", ".", "--now", "today"]].concat());
        assert_eq!(code(&output), 2);
        let words = "invalid value 'today' for '--now <TIME>': write a time like 2017-07-26T10:15:30";
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
    }
}

fn written(root: &Path, arguments: &[&str]) -> (Vec<String>, String) {
    let output = emit(root, &[arguments, &["-o", "out"]].concat());
    let listed = fs::read_dir(root.join("out")).expect("a directory");
    let mut names: Vec<String> =
        listed.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| name != ".soalint-emit.json");
    names.sort();
    (names, stderr(&output))
}

fn break_marathon(root: &Path) {
    let text = "main: {cpus: 1, cmd: x, args: [y]}\nother: {cpus: 1}\n";
    fs::write(root.join("search/marathon-norcal-prod.yaml"), text).expect("a file");
}

#[test]
fn no_payload_of_an_earlier_run_stays_for_what_is_withheld() {
    let root = tree("selectors-stale", &FILES);
    let arguments = ["marathon", "search", "--cluster", "norcal-prod"];
    assert_eq!(written(&root, &arguments).0, ["search.main.json"]);
    for other in ["search.main.yaml", "search.mainly.json", "search.gone.json"] {
        fs::write(root.join("out").join(other), "somebody else's\n").expect("a file");
    }
    break_marathon(&root);
    let (names, said) = written(&root, &arguments);
    assert_eq!(names, ["search.gone.json", "search.main.yaml", "search.mainly.json", "search.other.json"]);
    let removed: Vec<&str> = said.lines().filter(|line| line.starts_with("removed")).collect();
    assert_eq!(
        removed,
        [format!("removed: {} (of an earlier run)", PathBuf::from("out/search.main.json").display())]
    );
    assert!(!written(&root, &arguments).1.contains("removed"), "there is nothing left to remove");
}

#[test]
#[cfg(unix)]
fn only_regular_files_are_removed() {
    let root = tree("selectors-links", &FILES);
    fs::create_dir_all(root.join("out")).expect("a directory");
    std::os::unix::fs::symlink(root.join("search/deploy.yaml"), root.join("out/search.main.json"))
        .expect("a link");
    break_marathon(&root);
    let (names, said) = written(&root, &["marathon", "search", "--cluster", "norcal-prod"]);
    assert_eq!(names, ["search.main.json", "search.other.json"]);
    assert!(!said.contains("removed"), "{said}");
    assert!(root.join("search/deploy.yaml").is_file());
}

#[test]
fn stale_payloads_go_in_every_layout() {
    let root = tree("selectors-layouts", &FILES);
    let both = ["marathon", "--cluster", "norcal-prod,pnw-prod"];
    written(&root, &both);
    written(&root, &["sensu", "--cluster", "norcal-prod,pnw-prod", "--format", "yaml"]);
    written(&root, &["jenkins"]);
    let (norcal, jenkins) = (root.join("out/norcal-prod"), root.join("out/search.jenkinsfile"));
    assert!(norcal.join("search.main.json").is_file() && jenkins.is_file());
    assert!(norcal.join("search.main.yaml").is_file());
    break_marathon(&root);
    fs::write(root.join("search/deploy.yaml"), "pipeline: 1\n").expect("a file");
    written(&root, &both);
    assert!(!norcal.join("search.main.json").exists() && norcal.join("search.main.yaml").is_file());
    assert!(root.join("out/pnw-prod/geo.main.json").is_file());
    written(&root, &["sensu", "--cluster", "norcal-prod,pnw-prod", "--format", "yaml"]);
    assert!(!norcal.join("search.main.yaml").exists());
    written(&root, &["jenkins"]);
    assert!(!jenkins.exists());
}

#[test]
fn what_is_counted_has_its_name() {
    let root = tree("selectors-counted", &FILES);
    fs::write(root.join("search/smartstack.yaml"), "main: {proxy_port: x}\nbulk: {proxy_port: 20002}\n")
        .expect("a file");
    fs::write(root.join("search/deploy.yaml"), "pipeline: 1\n").expect("a file");
    let last =
        |arguments: &[&str]| stderr(&emit(&root, arguments)).lines().last().unwrap_or_default().to_owned();
    for kind in [&["haproxy"][..], &["synapse"], &["synapse", "--format", "json"]] {
        assert_eq!(last(kind), "Withheld 1 of 3 namespaces.", "{kind:?}");
    }
    assert_eq!(last(&["jenkins"]), "Withheld 1 of 1 service.");
    break_marathon(&root);
    assert_eq!(last(&["marathon", "--cluster", "norcal-prod"]), "Withheld 1 of 2 instances.");
}

#[test]
fn a_placeholder_is_said_to_be_for_what_is_missing() {
    let root = tree("selectors-placeholder", &FILES);
    let notes = || {
        let output = run(&root, &["emit", "marathon", "-d", ".", "--all-clusters"]);
        stderr(&output).lines().filter(|line| line.contains("placeholder")).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(notes(), "note: no deployments.json for 2 instances: their image is a placeholder");
    fs::write(root.join("geo/deployments.json"), "{\"v1\": {}}").expect("a file");
    assert_eq!(
        notes(),
        "note: no deployments.json for 1 instance: its image is a placeholder\nnote: deployments.json names no image for 1 instance: its image is a placeholder"
    );
}

#[test]
fn what_is_computed_names_its_source() {
    let root = tree("selectors-computed", &FILES);
    let text = stdout(&show(&root, &["search.main"]));
    let origin = |name: &str| {
        let line = text.lines().find(|line| line.split_whitespace().next() == Some(name)).expect("a setting");
        line.split("  ").filter(|part| !part.trim().is_empty()).last().expect("an origin").trim().to_owned()
    };
    assert_eq!(origin("cpus"), "marathon-norcal-prod.yaml:1");
    assert_eq!(origin("cpu_quota"), "computed from `cpus`, marathon-norcal-prod.yaml:1");
    assert_eq!(origin("mem_swap"), "computed from `mem`, marathon-norcal-prod.yaml:1");
    assert_eq!(origin("instances"), "computed from `max_instances`, marathon-norcal-prod.yaml:1");
    assert_eq!(origin("backoff_seconds"), "computed from `max_instances`, marathon-norcal-prod.yaml:1");
    assert_eq!(origin("monitoring.team"), "monitoring.yaml:1");
    assert_eq!(origin("proxy_port"), "smartstack.yaml:1");
    let json = stdout(&show(&root, &["search.main", "--format", "json"]));
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let values = json["instances"][0]["values"].as_array().expect("a list");
    let quota = values.iter().find(|value| value["name"] == "cpu_quota").expect("a setting");
    assert_eq!((&quota["origin"], &quota["computed_from"]), (&"computed".into(), &"cpus".into()));
}

#[test]
fn show_says_what_check_refuses() {
    let root = tree("selectors-refused", &FILES);
    assert_eq!(stderr(&show(&root, &["search.main"])), "");
    let text = "main: {cpus: 1, mem: text, cmd: x, args: [y]}\nother: {cpus: 1}\n";
    fs::write(root.join("search/marathon-norcal-prod.yaml"), text).expect("a file");
    let output = show(&root, &["search.main"]);
    assert_eq!(code(&output), 0);
    assert_eq!(stderr(&output), "note: 2 errors stand in the way: soalint check -d . search\n");
    let shown = stdout(&output);
    assert!(shown.contains("unknown: `mem` cannot be used: it is text, not a number"), "{shown}");
    assert_eq!(stderr(&show(&root, &["search.other"])), "", "the errors of others are none of its own");
}

/// Instances that `show` prints, as `instance kind cluster`.
fn shown(root: &Path, arguments: &[&str]) -> Vec<String> {
    let output = show(root, &[arguments, &["--format", "json"]].concat());
    assert_eq!(code(&output), 0, "{arguments:?}: {}", stderr(&output));
    let json: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    let text = |of: &serde_json::Value, key: &str| of[key].as_str().expect("text").to_owned();
    let all = json["instances"].as_array().expect("instances").iter();
    all.map(|of| ["instance", "kind", "cluster"].map(|key| text(of, key)).join(" ")).collect()
}

#[test]
fn a_file_of_instances_means_what_is_in_it() {
    let stage = ("search/marathon-stage.yaml", "main: {cpus: 1}\nweb: {cpus: 1}\n");
    let shared = ("search/marathon-SHARED.yaml", "base: {cpus: 1}\n");
    let root = tree("selectors-files", &[&FILES[..], &[stage, shared]].concat());
    let (job, main) = ("reindex chronos norcal-prod", "main marathon norcal-prod");
    let (of_stage, web) = ("main marathon stage", "web marathon stage");
    let geo = "main marathon pnw-prod";
    let chronos = "search/chronos-norcal-prod.yaml";
    for (arguments, instances) in [
        (&[chronos][..], &[job][..]),
        (&["./search/../search/chronos-norcal-prod.yaml"], &[job]),
        (&["search/marathon-norcal-prod.yaml"], &[main]),
        (&[chronos, "search/marathon-stage.yaml"], &[of_stage, job, web]),
        (&[chronos, "geo/marathon-pnw-prod.yaml"], &[geo, job]),
        (&[chronos, "geo"], &[geo, job]),
        (&[chronos, "search.main"], &[main, of_stage, job]),
        (&[chronos, "search"], &[main, of_stage, job, web]),
        (&[chronos, "search/smartstack.yaml"], &[main, of_stage, job, web]),
        (&[chronos, "--cluster", "norcal-prod"], &[job]),
        (&["search/marathon-SHARED.yaml"], &["base marathon SHARED"]),
    ] {
        assert_eq!(shown(&root, arguments), instances, "{arguments:?}");
    }
    // Payloads of one kind are of one file, too.
    let output = emit(&root, &["marathon", "search/marathon-stage.yaml"]);
    assert_eq!(names(&output), ["search.main", "search.web"], "{}", stderr(&output));
    refused(
        &emit(&root, &["marathon", "search/marathon-stage.yaml", "search.gone"]),
        "error: `search` has no marathon instance `gone` in the cluster `stage`\n",
    );
}

#[test]
fn a_path_that_nothing_is_read_of_is_refused() {
    let files = [
        ("search/README.md", "text\n"),
        ("search/eks-prod.yaml", "main: {}\n"),
        ("search/autotuned_defaults/marathon-norcal-prod.yaml", MARATHON),
    ];
    let root = tree("selectors-unread", &[&FILES[..], &files].concat());
    for (path, why) in [
        ("search/gone.yaml", "cannot read `search/gone.yaml`: no such file or directory"),
        ("search/marathon-gone.yaml", "cannot read `search/marathon-gone.yaml`: no such file or directory"),
        ("search/gone/marathon-norcal-prod.yaml", "no such file or directory"),
        ("search/README.md", "soalint checks the YAML files of a service"),
        ("search/eks-prod.yaml", "soalint does not know files of this kind"),
        ("search/autotuned_defaults", "PaaSTA looks into no directory inside of a service"),
        ("search/autotuned_defaults/marathon-norcal-prod.yaml", "PaaSTA looks into no directory inside"),
    ] {
        for output in [
            show(&root, &[path]),
            show(&root, &[path, "search"]),
            emit(&root, &["marathon", "--cluster", "norcal-prod", path]),
            emit(&root, &["jenkins", path]),
            emit(&root, &["haproxy", path]),
        ] {
            let said = stderr(&output);
            assert_eq!((code(&output), stdout(&output).as_str()), (2, ""), "{path}: {said}");
            assert!(said.contains(why) && !said.contains("root of the tree, name"), "{path}: {said}");
        }
    }
}
