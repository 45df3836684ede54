//! Whatever was asked for and cannot be given is named with its reason, and the exit status is 1: for each sort of
//! thing that cannot be read, each kind and form that reads it, and each way to ask. Where a kind does not read
//! the thing, nothing changes.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::nobody::as_nobody;
use crate::support::program::{self, code, command, stderr, stdout};

/// A service with everything, in two clusters, and another that nothing ever happens to.
const FILES: [(&str, &str); 15] = [
    ("web/service.yaml", "description: d\n"),
    ("web/monitoring.yaml", "team: web\n"),
    ("web/smartstack.yaml", "main: {proxy_port: 20001}\n"),
    ("web/deploy.yaml", "pipeline: [{step: prod.main}, {step: prod.nightly}, {step: prod.shell}]\n"),
    ("web/dependencies.yaml", "{}\n"),
    ("web/marathon-prod.yaml", "main: {cpus: 1}\n"),
    ("web/chronos-prod.yaml", "nightly: {cmd: run, schedule: 0 4 * * *}\n"),
    ("web/adhoc-prod.yaml", "shell: {cmd: run}\n"),
    ("web/marathon-stage.yaml", "main: {cpus: 1}\n"),
    ("api/monitoring.yaml", "team: api\n"),
    ("api/smartstack.yaml", "main: {proxy_port: 20002}\n"),
    ("api/marathon-prod.yaml", "main: {cpus: 1}\n"),
    ("api/chronos-prod.yaml", "nightly: {cmd: run, schedule: 0 4 * * *}\n"),
    ("api/adhoc-prod.yaml", "shell: {cmd: run}\n"),
    ("api/deploy.yaml", "pipeline: [{step: prod.main}, {step: prod.nightly}, {step: prod.shell}]\n"),
];

/// Every kind in every form.
const FORMS: [(&str, &[&str]); 19] = [
    ("marathon", &[]),
    ("marathon", &["--format", "yaml"]),
    ("chronos", &[]),
    ("adhoc", &[]),
    ("sensu", &[]),
    ("sensu", &["--form", "paasta", "--format", "yaml"]),
    ("nerve", &[]),
    ("nerve", &["--format", "json"]),
    ("nerve", &["--form", "paasta"]),
    ("jenkins", &[]),
    ("jenkins", &["--form", "paasta"]),
    ("haproxy", &[]),
    ("haproxy", &["--format", "json"]),
    ("synapse", &[]),
    ("synapse", &["--form", "paasta"]),
    ("synapse", &["--form", "rfc1700"]),
    ("synapse", &["--form", "services-json"]),
    ("synapse", &["--form", "services-yaml"]),
    ("synapse", &["--form", "fact"]),
];

/// The kinds in the form that they have by default.
const KINDS: [&str; 8] = ["marathon", "chronos", "adhoc", "sensu", "nerve", "jenkins", "haproxy", "synapse"];

/// The kinds that read a file of the service `web`; all of them the directory.
fn readers(file: &str) -> &'static [&'static str] {
    match file {
        "marathon-prod.yaml" => &["marathon", "sensu", "nerve", "jenkins", "adhoc"],
        "chronos-prod.yaml" => &["chronos", "sensu", "jenkins", "adhoc"],
        "adhoc-prod.yaml" => &["adhoc", "jenkins"],
        "marathon-stage.yaml" => &["jenkins"],
        _ => &KINDS,
    }
}

/// A part of a payload of `web` that must not be there then, for the kinds that print the names.
fn is_given(kind: &str, text: &str) -> bool {
    let of_web = match kind {
        "jenkins" => ["SERVICE = 'web'", "\"web\""].as_slice(),
        _ => &["web.main", "web.nightly", "web.shell"],
    };
    of_web.iter().any(|part| text.contains(part))
}

fn tree(name: &str) -> PathBuf {
    program::tree(&format!("omissions-{name}"), &FILES)
}

fn emit(root: &Path, kind: &str, more: &[&str]) -> Output {
    command(root, &[&["emit", kind, "-d", ".", "--now", "2017-07-26T10:15:30"], more].concat())
        .output()
        .expect("soalint runs")
}

/// One way to ask for everything that the thing has a part in.
#[track_caller]
fn is_named(what: &str, output: &Output, place: &str) {
    let said = stderr(output);
    assert_eq!(code(output), 1, "{what}: {said}");
    let is_line = |line: &str| {
        line.strip_prefix("withheld: ").is_some_and(|rest| rest.starts_with(place) && rest.contains(" ("))
    };
    assert!(said.lines().any(is_line), "{what} does not name `{place}`: {said}");
    assert!(said.contains("error["), "{what} does not say why: {said}");
}

fn damage(root: &Path, file: &str, sort: &str) {
    let path = root.join("web").join(file);
    let write = |bytes: &[u8]| fs::write(&path, bytes).expect("a file");
    let link = |target: &Path| {
        fs::remove_file(&path).expect("a file");
        symlink(target, &path).expect("a link");
    };
    match sort {
        "syntax" => write(b"main: {cpus: 1\n"),
        "documents" => write(b"main: {cpus: 1}\n---\nother: {cpus: 1}\n"),
        "conflict" => write(b"<<<<<<< HEAD\nmain: {cpus: 1}\n=======\nmain: {cpus: 2}\n>>>>>>> x\n"),
        "text" => write(b"just text\n"),
        "list" => write(b"- main\n"),
        "tag" => write(b"main: !secret {cpus: 1}\n"),
        "alias" => write(b"main: *nowhere\n"),
        "latin" => write(b"main: {cmd: \"caf\xe9\"}\n"),
        "utf-16" => write(b"\xff\xfem\x00a\x00i\x00n\x00:\x00\n\x00"),
        "dangling" => link(Path::new("nowhere.yaml")),
        "loop" => link(Path::new(file)),
        "outside" => link(&outside(root)),
        "pipe" => {
            fs::remove_file(&path).expect("a file");
            assert!(Command::new("mkfifo").arg(&path).status().expect("mkfifo runs").success());
        }
        "directory" => {
            fs::remove_file(&path).expect("a file");
            fs::create_dir(&path).expect("a directory");
        }
        _ => panic!("{sort}"),
    }
}

/// A file that is in no tree.
fn outside(root: &Path) -> PathBuf {
    let file = root.with_extension("outside.yaml");
    fs::write(&file, "main: {cpus: 1}\n").expect("a file");
    file
}

const SORTS: [&str; 14] = [
    "syntax",
    "documents",
    "conflict",
    "text",
    "list",
    "tag",
    "alias",
    "latin",
    "utf-16",
    "dangling",
    "loop",
    "outside",
    "pipe",
    "directory",
];

#[test]
fn every_sort_of_unreadable_file_of_instances_is_named() {
    for sort in SORTS {
        let root = tree(&format!("sort-{sort}"));
        damage(&root, "marathon-prod.yaml", sort);
        for kind in KINDS {
            let output = emit(&root, kind, &["--cluster", "prod", "-q"]);
            let what = format!("{sort}: emit {kind}");
            if readers("marathon-prod.yaml").contains(&kind) {
                is_named(
                    &what,
                    &output,
                    if matches!(kind, "jenkins" | "adhoc") { "web" } else { "web/marathon-prod.yaml" },
                );
            } else {
                assert_eq!(code(&output), 0, "{what}: {}", stderr(&output));
            }
        }
        let shown = program::run(&root, &["show", "web", "-d", "."]);
        is_named(&format!("{sort}: show"), &shown, "web/marathon-prod.yaml");
    }
}

#[test]
fn every_sort_of_unreadable_file_of_a_service_is_named() {
    for (sort, file) in [
        ("syntax", "service.yaml"),
        ("dangling", "service.yaml"),
        ("text", "service.yaml"),
        ("outside", "smartstack.yaml"),
        ("list", "smartstack.yaml"),
        ("latin", "smartstack.yaml"),
        ("directory", "monitoring.yaml"),
        ("tag", "monitoring.yaml"),
        ("dangling", "deploy.yaml"),
        ("documents", "deploy.yaml"),
        ("utf-16", "dependencies.yaml"),
        ("pipe", "dependencies.yaml"),
    ] {
        let root = tree(&format!("shared-{sort}-{file}"));
        damage(&root, file, sort);
        for (kind, form) in FORMS {
            // Text in place of a mapping costs only those who look into it.
            let is_looked_into = match (sort, file) {
                ("list", "smartstack.yaml") => ["synapse", "haproxy", "nerve", "marathon"].contains(&kind),
                _ => true,
            };
            let output = emit(&root, kind, &[&["--cluster", "prod", "-q"], form].concat());
            let what = format!("{file} {sort}: emit {kind} {form:?}");
            if is_looked_into {
                is_named(&what, &output, "web");
                assert!(!is_given(kind, &stdout(&output)), "{what}: {}", stdout(&output));
            }
        }
    }
}

/// Every way to ask for something that stands in the file.
fn ways(kind: &str, file: &str) -> Vec<Vec<String>> {
    let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let path = format!("web/{file}");
    // A file of instances can be named for the kinds that are made of it.
    let is_taken = match kind {
        "jenkins" | "sensu" => true,
        "marathon" | "nerve" => !file.starts_with("chronos-"),
        "chronos" => !file.starts_with("marathon-"),
        _ => !file.contains('-'),
    };
    let instance = match kind {
        "chronos" => "web.nightly",
        "adhoc" => "web.shell",
        _ => "web.main",
    };
    let mut ways = vec![
        list(&["--cluster", "prod"]),
        list(&["web", "--cluster", "prod"]),
        list(&["./web/", "--cluster", "prod"]),
        list(&["--cluster", "prod", "-o", "out"]),
    ];
    if is_taken {
        ways.push(list(&[&path, "--cluster", "prod"]));
    }
    if is_taken && file.contains("-prod") {
        ways.push(list(&[&path]));
    }
    if kind != "jenkins" {
        ways.push(list(&[instance, "--cluster", "prod"]));
    }
    if kind != "nerve" {
        ways.push(list(&["--cluster", "prod,stage"]));
        ways.push(list(&["--all-clusters"]));
        ways.push(list(&["--all-clusters", "-o", "out"]));
    }
    ways
}

fn all_ways(file: &str) {
    let root = tree(&format!("ways-{file}"));
    damage(&root, file, "syntax");
    for (kind, form) in FORMS {
        for way in ways(kind, file) {
            let is_list =
                form.first() == Some(&"--form") && form.last() != Some(&"paasta") && kind == "synapse";
            if is_list && way.first().is_some_and(|word| word == "web.main") {
                continue;
            }
            let _ = fs::remove_dir_all(root.join("out"));
            let mut arguments: Vec<&str> = way.iter().map(String::as_str).collect();
            arguments.extend(form);
            let output = emit(&root, kind, &arguments);
            let what = format!("{file}: emit {kind} {arguments:?}");
            assert!(!stdout(&output).contains("All good"), "{what}");
            if readers(file).contains(&kind) {
                is_named(&what, &output, "web");
                let written = if way.contains(&"out".to_owned()) {
                    names(&root.join("out")).join("\n")
                } else {
                    stdout(&output)
                };
                let is_other = way.iter().any(|word| word.contains("stage") || word == "--all-clusters");
                let is_narrow = matches!(kind, "jenkins") || file.ends_with("smartstack.yaml");
                let may_have = (is_other || kind == "sensu") && !is_narrow;
                assert!(may_have || !is_given(kind, &written), "{what}: {written}");
            } else {
                assert_eq!(code(&output), 0, "{what}: {}", stderr(&output));
            }
        }
    }
    for way in [
        &["web"][..],
        &["./web"],
        &["web.main"],
        &["web/marathon-prod.yaml"],
        &["web", "--cluster", "prod"],
        &["web", "--cluster", "prod,stage", "--format", "json"],
    ] {
        let output = program::run(&root, &[&["show"], way, &["-d", "."]].concat());
        let reads = file != "smartstack.yaml" || way != ["web.main"];
        // What is in another file is not asked for.
        let is_other =
            way == ["web/marathon-prod.yaml"] && file.contains('-') && !file.starts_with("marathon-prod");
        if reads {
            let expected = i32::from(!is_other);
            assert_eq!(code(&output), expected, "{file}: show {way:?}: {}", stderr(&output));
        }
    }
}

#[test]
fn a_file_of_marathon_is_named_however_it_is_asked_for() {
    all_ways("marathon-prod.yaml");
}

#[test]
fn a_file_of_chronos_is_named_however_it_is_asked_for() {
    all_ways("chronos-prod.yaml");
}

#[test]
fn a_file_of_namespaces_is_named_however_it_is_asked_for() {
    all_ways("smartstack.yaml");
}

/// The names of files below a directory.
fn names(directory: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(names(&path));
        } else if path.file_name().is_some_and(|name| name != ".soalint-emit.json") {
            found.push(path.to_string_lossy().into_owned());
        }
    }
    found.sort();
    found
}

#[test]
fn a_service_that_cannot_be_listed_is_named_as_a_whole() {
    for mode in [0o000, 0o444, 0o111] {
        let root = tree(&format!("mode-{mode:o}"));
        let web = root.join("web");
        fs::set_permissions(&web, fs::Permissions::from_mode(mode)).expect("a mode");
        for (kind, form) in FORMS {
            for way in [&["--cluster", "prod"][..], &["web", "--cluster", "prod"]] {
                let arguments = [&["emit", kind, "-d", "."], form, way].concat();
                let output = as_nobody(&root, &arguments);
                let what = format!("{mode:o}: {arguments:?}");
                if mode == 0o444 {
                    // It can be listed, and nothing in it can be opened.
                    assert_eq!(code(&output), 1, "{what}: {}", stderr(&output));
                    continue;
                }
                is_named(&what, &output, "web (unreadable-file): nothing of it can be given");
                assert!(!is_given(kind, &stdout(&output)), "{what}");
            }
        }
        let output = as_nobody(&root, &["show", "web", "-d", "."]);
        assert_eq!(code(&output), 1, "{mode:o}: {}", stderr(&output));
        fs::set_permissions(&web, fs::Permissions::from_mode(0o755)).expect("a mode");
    }
}

/// Then no name of a file tells which clusters there are.
#[test]
fn services_are_named_where_nothing_tells_the_clusters() {
    let locked = tree("all-locked");
    let linked = tree("all-linked");
    fs::write(linked.join(".soalint.yaml"), "site: {clusters: [prod, stage]}\n").expect("a file");
    for service in ["web", "api"] {
        fs::set_permissions(locked.join(service), fs::Permissions::from_mode(0o000)).expect("a mode");
        fs::remove_dir_all(linked.join(service)).expect("a directory");
        symlink("/usr/share", linked.join(service)).expect("a link");
    }
    for root in [&locked, &linked] {
        for kind in KINDS.into_iter().filter(|kind| *kind != "nerve") {
            for way in [&[][..], &["-q"], &["web", "-q"], &["web.main"]] {
                if kind == "jenkins" && way == ["web.main"] {
                    continue;
                }
                let arguments = [&["emit", kind, "-d", ".", "--all-clusters"], way].concat();
                let output = as_nobody(root, &arguments);
                is_named(&format!("{arguments:?}"), &output, "web (unreadable-file): nothing of it");
                let is_of_all = stderr(&output).contains("withheld: api (unreadable-file)");
                assert_eq!(is_of_all, !way.iter().any(|word| word.starts_with("web")), "{arguments:?}");
            }
        }
    }
    for service in ["web", "api"] {
        fs::set_permissions(locked.join(service), fs::Permissions::from_mode(0o755)).expect("a mode");
    }
}

#[test]
fn a_file_that_may_not_be_read_is_named() {
    for file in ["marathon-prod.yaml", "smartstack.yaml", "service.yaml", "deploy.yaml"] {
        let root = tree(&format!("locked-{file}"));
        fs::set_permissions(root.join("web").join(file), fs::Permissions::from_mode(0o000)).expect("a mode");
        for kind in readers(file) {
            let output = as_nobody(&root, &["emit", kind, "-d", ".", "--cluster", "prod"]);
            is_named(&format!("{file}: {kind}"), &output, "web");
        }
        let output = as_nobody(&root, &["show", "web", "-d", "."]);
        assert_eq!(code(&output), 1, "{file}: {}", stderr(&output));
    }
}

#[test]
fn a_service_that_is_a_link_out_of_the_tree_or_to_nowhere_is_named() {
    for (name, target) in [("out", "/usr/share"), ("nowhere", "gone")] {
        let root = tree(&format!("link-{name}"));
        fs::remove_dir_all(root.join("web")).expect("a directory");
        symlink(target, root.join("web")).expect("a link");
        for (kind, form) in FORMS {
            let output = emit(&root, kind, &[&["--cluster", "prod"], form].concat());
            is_named(&format!("{name}: {kind} {form:?}"), &output, "web (unreadable-file)");
        }
    }
}

/// The list of clusters comes from names of files.
#[test]
fn a_cluster_is_known_by_a_file_that_cannot_be_read() {
    let root = tree("cluster");
    fs::write(root.join("web/marathon-west.yaml"), "main: {cpus: 1\n").expect("a file");
    symlink("nowhere", root.join("web/chronos-east.yaml")).expect("a link");
    for (kind, file) in [("marathon", "web/marathon-west.yaml"), ("chronos", "web/chronos-east.yaml")] {
        for more in [&["--all-clusters"][..], &["--cluster", "west,east"]] {
            is_named(kind, &emit(&root, kind, more), file);
        }
    }
}

/// Once, however many clusters there are.
#[test]
fn what_is_withheld_is_said_once() {
    let root = tree("once");
    fs::remove_dir_all(root.join("web")).expect("a directory");
    symlink("gone", root.join("web")).expect("a link");
    fs::write(root.join("api/marathon-stage.yaml"), "main: {cpus: 1}\n").expect("a file");
    let said = stderr(&emit(&root, "marathon", &["--all-clusters", "-q"]));
    assert_eq!(said.matches("withheld: ").count(), 1, "{said}");
    assert!(said.ends_with("Withheld all that stands in 1 file or directory.\n"), "{said}");
    fs::write(root.join("api/marathon-stage.yaml"), "main: {cpus: -1}\n").expect("a file");
    let said = stderr(&emit(&root, "marathon", &["--all-clusters", "-q"]));
    assert!(
        said.ends_with("Withheld 1 of 2 instances, and all that stands in 1 file or directory.\n"),
        "{said}"
    );
}

/// What else payloads are made of.
#[test]
fn other_files_that_cannot_be_read_are_named() {
    let root = tree("others");
    symlink("nowhere", root.join("web/deployments.json")).expect("a link");
    is_named("deployments.json", &emit(&root, "marathon", &["--cluster", "prod"]), "web.main");
    symlink("nowhere", root.join("web/port")).expect("a link");
    is_named("port", &emit(&root, "synapse", &["--form", "rfc1700"]), "web (");
    symlink("nowhere", root.join("location_mapping.json")).expect("a link");
    let output = emit(&root, "nerve", &["--cluster", "prod"]);
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert!(stderr(&output).contains("`location_mapping.json` at the root"), "{}", stderr(&output));
}

/// PaaSTA has instances and namespaces of such names.
#[test]
fn names_that_are_not_text_are_named() {
    let root = tree("names");
    fs::write(root.join("web/marathon-prod.yaml"), "main: {cpus: 1}\n5: {cpus: 1}\n").expect("a file");
    fs::write(root.join("web/smartstack.yaml"), "main: {proxy_port: 20001}\n5: {proxy_port: 20005}\n")
        .expect("a file");
    for (kind, form) in FORMS {
        if !["chronos", "adhoc", "jenkins"].contains(&kind) {
            let output = emit(&root, kind, &[&["--cluster", "prod"], form].concat());
            is_named(&format!("{kind} {form:?}"), &output, "web.5 (yaml-non-string-key)");
        }
    }
    is_named("show", &program::run(&root, &["show", "web", "-d", "."]), "web.5 (yaml-non-string-key)");
    is_named("selected", &emit(&root, "marathon", &["web.5", "--cluster", "prod"]), "web.5 (");
}

/// Recorded with paasta-tools 0.66.6: the fact has `svc.5`, and `smartstack: null` makes every tool raise.
#[test]
fn lists_of_ports_leave_out_nothing_unnamed() {
    let files = [
        ("svc/smartstack.yaml", "main: {proxy_port: 20001}\n5: {proxy_port: 20002}\n"),
        ("svc/monitoring.yaml", "team: a\n"),
        ("two/service.yaml", "smartstack: null\n"),
        ("two/smartstack.yaml", "main: {proxy_port: 20003}\n"),
        ("two/monitoring.yaml", "team: a\n"),
        ("three/service.yaml", "smartstack: 3\n"),
        ("three/monitoring.yaml", "team: a\n"),
    ];
    let root = program::tree("omissions-lists", &files);
    for form in ["rfc1700", "services-json", "services-yaml", "fact", "paasta", "target"] {
        for dialect in ["documented", "paasta-0.66"] {
            let output = emit(&root, "synapse", &["--form", form, "--dialect", dialect]);
            for place in ["svc.5 (", "two/service.yaml (", "three/service.yaml ("] {
                is_named(&format!("{form} {dialect}"), &output, place);
            }
            assert!(stdout(&output).contains("svc.main"), "{form}: {}", stdout(&output));
            assert!(!stdout(&output).contains("two."), "{form}: {}", stdout(&output));
        }
    }
}

#[test]
fn lists_of_ports_take_no_injected_lines() {
    let smartstack = "main: {proxy_port: 20001}\n\"a\\nfact_injected=1,b\": {proxy_port: 20002}\n\
                      \"a,b\": {proxy_port: 20003}\n\"a=b\": {proxy_port: 20004}\n\"a b\": {proxy_port: 20005}\n";
    let service = "description: \"one\\nssh 22/tcp\\r\\x85two\\u2028three \\e[31m\\n\"\n";
    let files = [
        ("svc/smartstack.yaml", smartstack),
        ("svc/service.yaml", service),
        ("svc/monitoring.yaml", "team: a\n"),
        ("od,d/smartstack.yaml", "main: {proxy_port: 20006}\n"),
        ("od,d/monitoring.yaml", "team: a\n"),
        ("o d/smartstack.yaml", "main: {proxy_port: 20007}\n"),
        ("o d/monitoring.yaml", "team: a\n"),
    ];
    let root = program::tree("omissions-injected", &files);
    let of = |form: &str| emit(&root, "synapse", &["--form", form]);
    let fact = of("fact");
    assert_eq!((code(&fact), stdout(&fact).as_str()), (1, "synapse_srv_namespaces=svc.main:20001\n"));
    let lines = of("rfc1700");
    assert_eq!(code(&lines), 1);
    assert_eq!(stdout(&lines), "svc.main\t20001/tcp\t# one ssh 22/tcp  two three  [31m");
    for (form, name) in [("fact", "od,d"), ("fact", "o d"), ("rfc1700", "od,d"), ("rfc1700", "o d")] {
        let said = stderr(&of(form));
        assert!(said.contains(&format!("withheld: {name} (unbuildable-payload)")), "{form}: {said}");
        assert!(said.contains("a part of it would be read as another entry"), "{form}: {said}");
    }
}
