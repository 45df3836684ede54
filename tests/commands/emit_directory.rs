//! `emit -o DIR`: what soalint writes there, takes away from there, and leaves alone.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::program::{code, run, stderr, stdout, tree};
use serde_json::{Value as Json, json};

const TWO: &str = "main: {cpus: 1}\nother: {cpus: 2}\n";

const FILES: [(&str, &str); 6] = [
    ("soa/web/marathon-prod.yaml", TWO),
    ("soa/web/marathon-stage.yaml", "main: {cpus: 1}\n"),
    ("soa/web/monitoring.yaml", "team: web\n"),
    ("soa/web/smartstack.yaml", "main: {proxy_port: 20001}\n"),
    ("soa/api/marathon-prod.yaml", "main: {cpus: 1}\n"),
    ("soa/api/monitoring.yaml", "team: api\n"),
];

fn place(name: &str) -> PathBuf {
    tree(&format!("emit-directory-{name}"), &FILES)
}

fn emit(root: &Path, arguments: &[&str]) -> Output {
    run(root, &[&["emit"], arguments, &["-d", "soa", "-q", "-o", "out"]].concat())
}

fn clean(root: &Path, arguments: &[&str]) {
    let output = emit(root, arguments);
    assert_eq!((code(&output), stdout(&output).as_str()), (0, ""), "{arguments:?}: {}", stderr(&output));
}

fn put(root: &Path, file: &str, text: &str) {
    let path = root.join(file);
    fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
    fs::write(path, text).expect("a file");
}

/// Files and links below `out`, but for the manifest.
fn files(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![root.join("out")];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).expect("a directory") {
            let path = entry.expect("an entry").path();
            if path.is_dir() && !path.is_symlink() {
                open.push(path);
            } else {
                let below = path.strip_prefix(root.join("out")).expect("below");
                found.push(below.to_string_lossy().into_owned());
            }
        }
    }
    found.retain(|file| file != ".soalint-emit.json");
    found.sort();
    found
}

fn manifest(root: &Path) -> Json {
    let text = fs::read_to_string(root.join("out/.soalint-emit.json")).expect("a manifest");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn the_manifest_lists_what_is_there_and_what_is_withheld() {
    let root = place("manifest");
    put(&root, "soa/web/marathon-prod.yaml", "main: {cpus: 1}\nbad: {cmd: x, args: [y]}\n");
    put(&root, "soa/api/marathon-prod.yaml", "main: {cpus: 1\n");
    let output = emit(&root, &["marathon", "--cluster", "prod"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert_eq!(files(&root), ["web.main.json"]);
    let expected = json!({"version": 1, "parts": [{
        "kind": "marathon", "form": "target", "cluster": "prod",
        "files": [{"file": "web.main.json", "payload": "web.main", "service": "web"}],
        "withheld": [
            {"name": "api/marathon-prod.yaml", "service": "api", "reasons": ["yaml-syntax"]},
            {"name": "web.bad", "service": "web", "reasons": ["cmd-and-args"]},
        ],
    }]});
    assert_eq!(manifest(&root), expected);
    let text = || fs::read(root.join("out/.soalint-emit.json")).expect("a manifest");
    let before = text();
    emit(&root, &["marathon", "--cluster", "prod", "-j", "1"]);
    assert_eq!(before, text(), "it differs from run to run");
    clean(&root, &["synapse"]);
    let kinds: Vec<Json> =
        manifest(&root)["parts"].as_array().expect("parts").iter().map(|part| part["kind"].clone()).collect();
    assert_eq!(kinds, ["marathon", "synapse"]);
}

#[test]
fn what_is_no_longer_produced_is_removed() {
    let root = place("gone");
    clean(&root, &["marathon", "--cluster", "prod"]);
    assert_eq!(files(&root), ["api.main.json", "web.main.json", "web.other.json"]);
    put(&root, "out/web.old.json", "somebody's");
    put(&root, "out/README", "somebody's");
    put(&root, "soa/web/marathon-prod.yaml", "main: {cpus: 1}\n");
    fs::remove_dir_all(root.join("soa/api")).expect("a directory");
    let output = emit(&root, &["marathon", "--cluster", "prod"]);
    assert_eq!(code(&output), 0);
    assert_eq!(files(&root), ["README", "web.main.json", "web.old.json"]);
    let removed =
        "removed: out/api.main.json (of an earlier run)\nremoved: out/web.other.json (of an earlier run)\n";
    assert_eq!(stderr(&output), removed);
    // Another language is another file.
    clean(&root, &["marathon", "--cluster", "prod", "--format", "yaml"]);
    assert_eq!(files(&root), ["README", "web.main.yaml", "web.old.json"]);
}

#[test]
fn what_is_withheld_does_not_stay() {
    let root = place("withheld");
    clean(&root, &["marathon", "--cluster", "prod"]);
    put(&root, "soa/web/marathon-prod.yaml", "main: {cpus: 1}\nother: {cpus: -1}\n");
    let output = emit(&root, &["marathon", "--cluster", "prod"]);
    assert_eq!(
        (code(&output), files(&root)),
        (1, vec!["api.main.json".to_owned(), "web.main.json".to_owned()])
    );
    // Nor what stands in a file that cannot be read.
    put(&root, "soa/web/marathon-prod.yaml", "main: {cpus: 1\n");
    let output = emit(&root, &["marathon", "--cluster", "prod"]);
    assert_eq!((code(&output), files(&root)), (1, vec!["api.main.json".to_owned()]));
    assert!(stderr(&output).contains("removed: out/web.main.json"), "{}", stderr(&output));
    put(&root, "soa/web/marathon-prod.yaml", TWO);
    clean(&root, &["marathon", "--cluster", "prod"]);
    assert_eq!(files(&root).len(), 3);
    assert_eq!(manifest(&root)["parts"][0]["withheld"], json!([]));
}

#[test]
fn without_a_manifest_nothing_is_removed_or_overwritten() {
    let root = place("without");
    put(&root, "out/web.main.json", "old");
    put(&root, "out/web.gone.json", "old");
    put(&root, "soa/web/marathon-prod.yaml", "main: {cpus: -1}\nother: {cpus: 2}\n");
    let output = emit(&root, &["marathon", "web", "--cluster", "prod"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert_eq!(files(&root), ["web.gone.json", "web.main.json", "web.other.json"]);
    put(&root, "soa/web/marathon-prod.yaml", TWO);
    let output = emit(&root, &["marathon", "web", "--cluster", "prod"]);
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert_eq!(stderr(&output), "not written: out/web.main.json: it is not a file that soalint wrote\n");
    assert_eq!(fs::read_to_string(root.join("out/web.main.json")).expect("a file"), "old");
    // What says the same is as good as our own.
    fs::remove_file(root.join("out/web.main.json")).expect("a file");
    clean(&root, &["marathon", "web", "--cluster", "prod"]);
    fs::remove_file(root.join("out/.soalint-emit.json")).expect("a manifest");
    clean(&root, &["marathon", "web", "--cluster", "prod"]);
    assert_eq!(manifest(&root)["parts"][0]["files"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_run_touches_only_its_own_part() {
    let root = place("parts");
    clean(&root, &["marathon", "--all-clusters"]);
    let all = ["prod/api.main.json", "prod/web.main.json", "prod/web.other.json", "stage/web.main.json"];
    assert_eq!(files(&root), all);
    clean(&root, &["jenkins"]);
    clean(&root, &["synapse"]);
    assert_eq!(files(&root).len(), 5);
    put(&root, "soa/web/marathon-prod.yaml", "third: {cpus: 1}\n");
    put(&root, "soa/api/marathon-prod.yaml", "fourth: {cpus: 1}\n");
    // One service, one instance of it, one cluster.
    clean(&root, &["marathon", "web.third", "--cluster", "prod,stage"]);
    assert!(files(&root).contains(&"prod/web.main.json".to_owned()));
    assert!(files(&root).contains(&"prod/web.third.json".to_owned()));
    clean(&root, &["marathon", "web", "--cluster", "prod,stage"]);
    let of_web: Vec<String> = files(&root).into_iter().filter(|file| file.contains("/web.")).collect();
    assert_eq!(of_web, ["prod/web.third.json", "stage/web.main.json"]);
    assert!(files(&root).contains(&"prod/api.main.json".to_owned()), "another service");
    clean(&root, &["marathon", "--all-clusters"]);
    let marathon: Vec<String> = files(&root).into_iter().filter(|file| file.contains('/')).collect();
    assert_eq!(marathon, ["prod/api.fourth.json", "prod/web.third.json", "stage/web.main.json"]);
    assert!(files(&root).contains(&"synapse.conf.json".to_owned()), "another kind");
}

#[test]
fn a_cluster_that_is_gone_is_removed_where_all_are_meant() {
    let root = place("clusters");
    clean(&root, &["marathon", "--all-clusters"]);
    fs::remove_file(root.join("soa/web/marathon-stage.yaml")).expect("a file");
    clean(&root, &["marathon", "--cluster", "prod"]);
    assert!(files(&root).contains(&"stage/web.main.json".to_owned()), "it was not meant");
    clean(&root, &["marathon", "--all-clusters"]);
    assert_eq!(files(&root), ["prod/api.main.json", "prod/web.main.json", "prod/web.other.json"]);
}

/// No file tells that they are in a cluster, but the list of what was written does.
#[test]
fn services_that_cannot_be_read_are_withheld_in_the_clusters_that_they_had() {
    let root = place("lost");
    clean(&root, &["marathon", "--all-clusters"]);
    let lose = |service: &str| {
        fs::remove_dir_all(root.join("soa").join(service)).expect("a directory");
        symlink("/usr/share", root.join("soa").join(service)).expect("a link");
    };
    let withheld = || {
        let parts = manifest(&root)["parts"].as_array().expect("parts").clone();
        let of = |part: &Json| {
            let names = part["withheld"].as_array().expect("a list").iter();
            let names: Vec<&str> = names.filter_map(|one| one["name"].as_str()).collect();
            format!("{}: {}", part["cluster"].as_str().expect("a cluster"), names.join(" "))
        };
        parts.iter().map(of).collect::<Vec<String>>()
    };
    lose("web");
    let output = emit(&root, &["marathon", "--all-clusters"]);
    assert_eq!((code(&output), files(&root)), (1, vec!["prod/api.main.json".to_owned()]));
    assert_eq!(withheld(), ["prod: web", "stage: web"], "{}", stderr(&output));
    lose("api");
    for selected in [&[][..], &["api"], &[]] {
        let output = emit(&root, &[&["marathon", "--all-clusters"], selected].concat());
        assert_eq!((code(&output), files(&root)), (1, Vec::new()), "{}", stderr(&output));
        assert!(stderr(&output).contains("withheld: api (unreadable-file)"), "{}", stderr(&output));
        assert_eq!(withheld(), ["prod: api web", "stage: web"], "{}", stderr(&output));
    }
    put(&root, "soa/other/marathon-prod.yaml", "main: {cpus: 1}\n");
    fs::remove_file(root.join("soa/web")).expect("a link");
    let output = emit(&root, &["marathon", "--all-clusters"]);
    assert_eq!((code(&output), withheld()), (1, vec!["prod: api".to_owned()]), "{}", stderr(&output));
}

#[test]
fn a_file_that_another_part_had_is_said_to_be_replaced() {
    let root = place("replaced");
    clean(&root, &["marathon", "web.main", "--cluster", "prod"]);
    let output = emit(&root, &["marathon", "web.main", "--cluster", "stage"]);
    let words = "replaced: out/web.main.json (it was of marathon in form target for prod)\n";
    assert_eq!((code(&output), stderr(&output).as_str()), (0, words));
    let parts = manifest(&root)["parts"].clone();
    assert_eq!(parts.as_array().map(Vec::len), Some(1), "{parts}");
    assert_eq!(parts[0]["cluster"], "stage");
}

/// A checkout brings its own manifest, its own links, its own names.
#[test]
fn nothing_outside_of_the_directory_is_touched() {
    let victim = |root: &Path| fs::read_to_string(root.join("victim.json")).expect("a file");
    let hostile = |file: &str, payload: &str, cluster: &str| {
        let entry = json!({"file": file, "payload": payload, "service": "web"});
        json!({"version": 1, "parts": [{"kind": "marathon", "form": "target", "cluster": cluster,
            "files": [entry], "withheld": []}]})
    };
    for (number, text) in [
        hostile("../victim.json", "victim", "prod"),
        hostile("../victim.json", "../victim", "prod"),
        hostile("../victim.json", "victim", ".."),
        hostile("sub/../../victim.json", "victim", "prod"),
        hostile("stage/web.gone.json", "web.gone", "prod"),
        hostile("web.gone.json\u{0}", "web.gone", "prod"),
        hostile("README.md", "README", "prod"),
        json!({"version": 7, "parts": []}),
        json!([]),
    ]
    .iter()
    .enumerate()
    {
        let root = place(&format!("hostile-{number}"));
        put(&root, "victim.json", "precious");
        put(&root, "out/README.md", "somebody's");
        put(&root, "out/.soalint-emit.json", &text.to_string());
        let output = emit(&root, &["marathon", "--cluster", "prod"]);
        assert_eq!(code(&output), 2, "{text}: {}", stderr(&output));
        assert!(stderr(&output).contains("is not a list that soalint wrote"), "{}", stderr(&output));
        assert_eq!(
            (victim(&root).as_str(), files(&root)),
            ("precious", vec!["README.md".to_owned()]),
            "{text}"
        );
    }
    let root = place("hostile-links");
    put(&root, "victim.json", "precious");
    put(&root, "elsewhere/web.gone.json", "precious");
    fs::create_dir_all(root.join("out")).expect("a directory");
    symlink("../elsewhere", root.join("out/prod")).expect("a link");
    put(&root, "out/.soalint-emit.json", &hostile("prod/web.gone.json", "web.gone", "prod").to_string());
    let output = emit(&root, &["marathon", "--cluster", "prod"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(root.join("elsewhere/web.gone.json").is_file());
    let output = emit(&root, &["marathon", "--all-clusters"]);
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert_eq!(fs::read_dir(root.join("elsewhere")).expect("a directory").count(), 1);
    fs::remove_file(root.join("out/.soalint-emit.json")).expect("a manifest");
    symlink("../victim.json", root.join("out/.soalint-emit.json")).expect("a link");
    let output = emit(&root, &["marathon", "--cluster", "prod"]);
    assert_eq!((code(&output), victim(&root).as_str()), (2, "precious"), "{}", stderr(&output));
}

/// The file of before is still right, and still soalint's.
#[test]
fn what_could_not_be_written_stays() {
    let root = place("failed");
    clean(&root, &["marathon", "--cluster", "prod"]);
    let (all, list) = (files(&root), manifest(&root));
    let limited = |limit: &str| {
        let line = format!(
            "trap '' XFSZ; ulimit {limit}; exec {} emit marathon --cluster prod -d soa -q -o out",
            env!("CARGO_BIN_EXE_soalint")
        );
        Command::new("sh").args(["-c", &line]).current_dir(&root).output().expect("sh runs")
    };
    for (number, limit) in
        ["-f 0", "-n 4", "-n 5", "-n 6", "-n 7", "-n 8", "-n 9", "-n 10"].iter().enumerate()
    {
        put(&root, "soa/web/marathon-prod.yaml", &TWO.replace('2', &format!("{}", number + 3)));
        let output = limited(limit);
        assert!([0, 2].contains(&code(&output)), "{limit}: {}", stderr(&output));
        assert!(number > 0 || code(&output) == 2, "{limit}: {}", stderr(&output));
        assert_eq!(
            (files(&root), manifest(&root)),
            (all.clone(), list.clone()),
            "{limit}: {}",
            stderr(&output)
        );
    }
    // Where only one of them cannot be written, the others are.
    fs::remove_file(root.join("out/web.main.json")).expect("a file");
    put(&root, "out/web.main.json/theirs", "theirs");
    put(&root, "soa/web/marathon-prod.yaml", "main: {cpus: 1}\nnew: {cpus: 2}\n");
    let output = emit(&root, &["marathon", "--cluster", "prod"]);
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert!(stderr(&output).contains("not written: out/web.main.json: "), "{}", stderr(&output));
    assert_eq!(files(&root), ["api.main.json", "web.main.json/theirs", "web.new.json"]);
    assert_eq!(manifest(&root)["parts"][0]["files"].as_array().map(Vec::len), Some(3));
    fs::remove_dir_all(root.join("out/web.main.json")).expect("a directory");
    // A payload in another language takes the place of that of before only where it is written.
    clean(&root, &["marathon", "--cluster", "prod"]);
    put(&root, "out/web.main.yaml", "theirs");
    let output = emit(&root, &["marathon", "--cluster", "prod", "--format", "yaml"]);
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert_eq!(files(&root), ["api.main.yaml", "web.main.json", "web.main.yaml", "web.new.yaml"]);
}

/// Here a cluster that cannot be written stops it, when another is written already.
#[test]
fn a_run_that_ends_halfway_knows_its_files_later() {
    let root = place("halfway");
    put(&root, "out/stage", "theirs");
    put(&root, "out/prod/web.other.json", "theirs");
    let output = emit(&root, &["marathon", "--all-clusters"]);
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert_eq!(files(&root), ["prod/api.main.json", "prod/web.main.json", "prod/web.other.json", "stage"]);
    fs::remove_file(root.join("out/stage")).expect("a file");
    put(&root, "soa/web/marathon-prod.yaml", "main: {cpus: 3}\n");
    fs::remove_dir_all(root.join("soa/api")).expect("a directory");
    clean_but_for(&root, "removed: out/prod/api.main.json (of an earlier run)\n");
    // It is not ours because a run wanted to write it.
    assert_eq!(files(&root), ["prod/web.main.json", "prod/web.other.json", "stage/web.main.json"]);
    assert_eq!(fs::read_to_string(root.join("out/prod/web.other.json")).expect("a file"), "theirs");
}

fn clean_but_for(root: &Path, said: &str) {
    let output = emit(root, &["marathon", "--all-clusters"]);
    assert_eq!((code(&output), stderr(&output).as_str()), (0, said));
}

#[test]
fn a_run_that_is_killed_knows_its_files_later() {
    let root = place("killed");
    let instances =
        |cpus: u32| (0..1500).map(|n| format!("i{n}: {{cpus: {cpus}}}\n")).collect::<Vec<_>>().concat();
    put(&root, "soa/web/marathon-prod.yaml", &instances(1));
    let mut run = Command::new(env!("CARGO_BIN_EXE_soalint"))
        .args(["emit", "marathon", "--cluster", "prod", "-d", "soa", "-q", "-o", "out"])
        .current_dir(&root)
        .spawn()
        .expect("soalint runs");
    while run.try_wait().expect("a process").is_none() {
        if root.join("out").is_dir() && files(&root).iter().any(|file| file.starts_with("web.")) {
            run.kill().expect("a process");
        }
    }
    assert!(!files(&root).is_empty());
    put(&root, "soa/web/marathon-prod.yaml", &instances(2));
    let output = emit(&root, &["marathon", "--cluster", "prod"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    put(&root, "soa/web/marathon-prod.yaml", "{}\n");
    emit(&root, &["marathon", "--cluster", "prod"]);
    assert_eq!(
        files(&root).iter().filter(|file| file.strip_suffix(".json").is_some()).count(),
        1,
        "api.main.json"
    );
}
