//! `soalint emit` and `soalint show` as a user meets them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn soalint(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_soalint")).args(arguments).output().expect("soalint runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn example(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(path).to_string_lossy().into_owned()
}

/// A fresh tree of these files, in a directory of its own.
fn tree(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("emit-{name}"));
    let _ = fs::remove_dir_all(&root);
    for (file, text) in files {
        let path = root.join(file);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, text).expect("a file");
    }
    root
}

#[test]
fn the_example_tree_is_emitted_as_a_whole() {
    let (soa, system) = (example("yelpsoa-configs"), example("system-paasta"));
    for kind in ["marathon", "chronos", "adhoc"] {
        let arguments =
            ["emit", kind, "-d", &soa, "--system-config", &system, "--now", "2017-07-26T10:15:30"];
        let output = soalint(&arguments);
        assert!(output.status.success(), "{kind}: {}", stderr(&output));
        let json: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
        assert!(json.as_object().expect("an object").len() > 3, "{kind}");
        assert_eq!(stdout(&output), stdout(&soalint(&arguments)), "{kind} differs from run to run");
    }
}

#[test]
fn an_instance_with_an_error_is_withheld_and_the_others_are_not() {
    let file = "good: {cpus: 1}\nbad: {cmd: x, args: [y]}\n";
    let root =
        tree("withheld", &[("shop/marathon-west.yaml", file), ("shop/monitoring.yaml", "team: shop\n")]);
    let root = root.to_string_lossy();
    let output = soalint(&["emit", "marathon", "-d", &root]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let json: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    let names: Vec<&String> = json.as_object().expect("an object").keys().collect();
    assert_eq!(names, ["shop.good"]);
    assert!(stderr(&output).contains("withheld: shop.bad (cmd-and-args)"), "{}", stderr(&output));
    assert!(stderr(&output).contains("placeholder"), "{}", stderr(&output));

    let output = soalint(&["emit", "marathon", "-d", &root, "--require-deployments"]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(1), "{}\n"));
    assert!(stderr(&output).contains("withheld: shop.good (unbuildable-payload)"), "{}", stderr(&output));
}

/// Names that `emit` prints for the only cluster of a tree of these files.
fn emitted(name: &str, files: &[(&str, &str)]) -> Vec<String> {
    let root = tree(name, files);
    let output = soalint(&["emit", "marathon", "-d", &root.to_string_lossy()]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let json: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    json.as_object().expect("an object").keys().cloned().collect()
}

#[test]
fn a_mistake_withholds_every_instance_that_shares_it() {
    let team = ("shop/monitoring.yaml", "team: shop\n");
    let marathon = "shop/marathon-west.yaml";
    let anchored = "a: &a\n  mem: 3\nb: *a\nc:\n  <<: *a\n  cpus: 1\nd: {mem: 64}\n";
    assert_eq!(emitted("shared-alias", &[team, (marathon, anchored)]), ["shop.d"]);
    let bounce = "a: &a\n  bounce_method: blue\nb: *a\nd: {mem: 64}\n";
    assert_eq!(emitted("shared-rule", &[team, (marathon, bounce)]), ["shop.d"]);
    let env = "a:\n  env: &e {A: 1}\nb: {env: *e}\nd: {mem: 64}\n";
    assert_eq!(emitted("shared-part", &[team, (marathon, env)]), ["shop.d"]);
    let own = "a: {mem: 64, bounce_method: brutal}\nb: {mem: 64}\nc: {mem: 65}\n";
    let default = ("shop/service.yaml", "bounce_method: blue\n");
    assert_eq!(emitted("shared-default", &[team, default, (marathon, own)]), ["shop.a"]);
    let many =
        ["e", "f", "g", "h", "i", "j", "k", "l", "m"].map(|name| format!("{name}: {{mem: 64}}\n")).concat();
    assert_eq!(emitted("shared-by-many", &[team, default, (marathon, &many)]), [""; 0]);
}

#[test]
fn a_key_written_twice_withholds_its_own_instance() {
    let team = ("shop/monitoring.yaml", "team: shop\n");
    let marathon = "shop/marathon-west.yaml";
    let own = "a: {mem: 64, mem: 65}\nb: {mem: 64}\n";
    assert_eq!(emitted("twice-own", &[team, (marathon, own)]), ["shop.b"]);
    // What an alias repeats may concern anybody.
    let anchored = "a: &a {mem: 64, mem: 65}\nb: *a\nc: {mem: 64}\n";
    assert_eq!(emitted("twice-anchored", &[team, (marathon, anchored)]), [""; 0]);
    let names = "b: {mem: 64}\nmain: {mem: 64}\n";
    let smartstack =
        ("shop/smartstack.yaml", "main: {proxy_port: 20001, proxy_port: 20002}\nb: {proxy_port: 20003}\n");
    assert_eq!(emitted("twice-namespace", &[team, (marathon, names), smartstack]), ["shop.b"]);
}

#[test]
fn a_mistake_in_a_namespace_withholds_whoever_registers_there() {
    let team = ("shop/monitoring.yaml", "team: shop\n");
    let namespaces = "api: {proxy_port: 20001, healthcheck_timeout_s: [1]}\n\
                      main: {proxy_port: 20002}\nother: {proxy_port: 20003}\n";
    let smartstack = ("shop/smartstack.yaml", namespaces);
    let emitted = |name, service: &str, own: &str| {
        let marathon = format!(
            "main: {{mem: 64{own}}}\nother: {{mem: 64, registrations: [shop.other]}}\n\
             api: {{mem: 64, registrations: [shop.api]}}\n"
        );
        let service = ("shop/service.yaml", service);
        emitted(name, &[team, smartstack, service, ("shop/marathon-west.yaml", &marathon)])
    };
    let list = "registrations: [shop.api]\n";
    assert_eq!(emitted("registers-itself", "port: 1\n", ", registrations: [shop.api]"), ["shop.other"]);
    assert_eq!(emitted("registers-by-default", list, ""), ["shop.other"]);
    assert_eq!(emitted("registers-by-old-default", "nerve_ns: api\n", ""), ["shop.other"]);
    assert_eq!(emitted("registers-by-both", "nerve_ns: api\n", ", registrations: []"), ["shop.other"]);
    // What the instance says goes before the default.
    let both = ["shop.main", "shop.other"];
    assert_eq!(emitted("registers-elsewhere", list, ", registrations: [shop.main]"), both);
    assert_eq!(emitted("registers-by-name", "port: 1\n", ""), both);
}

#[test]
fn no_setting_lets_an_invalid_instance_through() {
    let config = "rules: {cmd-and-args: off}\n";
    let files = [("shop/marathon-west.yaml", "bad: {cmd: x, args: [y]}\n"), (".soalint.yaml", config)];
    let root = tree("unweakened", &files);
    let output = soalint(&["emit", "marathon", "-d", &root.to_string_lossy()]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(1), "{}\n"), "{}", stderr(&output));
}

#[test]
fn files_are_written_into_the_directory_only() {
    let root = tree("directory", &[("shop/adhoc-west.yaml", "\"../../out\": {cmd: x}\nplain: {cmd: y}\n")]);
    let out = root.with_file_name("emit-directory-out");
    let _ = fs::remove_dir_all(&out);
    let output = soalint(&[
        "emit",
        "adhoc",
        "-d",
        &root.to_string_lossy(),
        "-o",
        &out.to_string_lossy(),
        "--format",
        "yaml",
    ]);
    let mut names: Vec<String> = fs::read_dir(&out)
        .expect("a directory")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert!(names.contains(&"shop.plain.yaml".to_owned()), "{names:?} {}", stderr(&output));
    names.retain(|name| name != ".soalint-emit.json");
    assert!(names.iter().all(|name| name.starts_with("shop.") && !name.contains('/')), "{names:?}");
    assert_eq!(stdout(&output), "");
}

#[test]
fn several_clusters_are_what_each_is_alone() {
    let (soa, now) = (example("yelpsoa-configs"), "2017-07-26T10:15:30");
    let value = |kind: &str, more: &[&str]| -> serde_json::Value {
        let output = soalint(&[&["emit", kind, "-d", &soa, "--now", now], more].concat());
        assert!(output.status.success(), "{}", stderr(&output));
        let text = stdout(&output);
        if more.contains(&"yaml") {
            serde_yaml::from_str(&text).expect("YAML")
        } else {
            serde_json::from_str(&text).expect("JSON")
        }
    };
    for kind in ["marathon", "chronos", "adhoc", "sensu"] {
        let all = value(kind, &["--all-clusters"]);
        let clusters: Vec<&String> = all.as_object().expect("an object").keys().collect();
        assert_eq!(clusters, ["norcal-prod", "norcal-stage", "pnw-prod"]);
        for cluster in clusters {
            let alone = value(kind, &["--cluster", cluster]);
            assert_eq!(all.get(cluster), Some(&alone), "{kind} {cluster}");
        }
        assert_eq!(value(kind, &["--all-clusters", "--format", "yaml"]), all, "{kind}");
        let two = value(kind, &["--cluster", "pnw-prod", "--cluster", "norcal-stage,pnw-prod"]);
        let order: Vec<&String> = two.as_object().expect("an object").keys().collect();
        assert_eq!(order, ["pnw-prod", "norcal-stage"]);
    }
}

#[test]
fn each_cluster_has_a_directory() {
    let file = "good: {cpus: 1}\nbad: {cmd: x, args: [y]}\n";
    let files = [
        ("shop/marathon-west.yaml", file),
        ("shop/marathon-east.yaml", file),
        ("shop/monitoring.yaml", "team: s\n"),
        (".soalint.yaml", "site: {clusters: [west, east, ../../up]}\n"),
    ];
    let root = tree("clusters", &files).to_string_lossy().into_owned();
    let out = Path::new(&root).with_file_name("emit-clusters-out");
    let _ = fs::remove_dir_all(&out);
    let directory = out.to_string_lossy();
    let output =
        soalint(&["emit", "marathon", "-d", &root, "-o", &directory, "--cluster", "west,east,../../up"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(out.join("west/shop.good.json").is_file() && out.join("east/shop.good.json").is_file());
    assert!(out.join("%2E.%2F..%2Fup").is_dir());
    let said = stderr(&output);
    assert!(said.contains("withheld: shop.bad in west (cmd-and-args)"), "{said}");
    assert!(said.contains("Withheld 2 of 4 instances."), "{said}");

    let output = soalint(&["emit", "nerve", "-d", &root, "--all-clusters"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("a node stands in one cluster"), "{}", stderr(&output));
}

#[test]
fn what_is_not_there_is_said() {
    let soa = example("yelpsoa-configs");
    let output = soalint(&["emit", "marathon", "storefont", "-d", &soa, "--cluster", "norcal-prod"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("did you mean `storefront`?"), "{}", stderr(&output));
    let output = soalint(&["emit", "marathon", "storefront.mian", "-d", &soa, "--cluster", "norcal-prod"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("did you mean `main`?"), "{}", stderr(&output));
    let output = soalint(&["emit", "marathon", "-d", &soa]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("norcal-prod"), "{}", stderr(&output));
}

/// Lines below the values of an instance.
fn runs(root: &str, job: &str, now: &str) -> Vec<String> {
    let output = soalint(&["show", job, "-d", root, "--now", now]);
    let shown = stdout(&output);
    let lines = shown.lines().skip_while(|line| !line.contains("next run") && !line.contains("runs after"));
    lines.map(|line| line.trim().to_owned()).collect()
}

#[test]
fn show_says_when_a_job_runs_next() {
    let jobs = "nightly: {schedule: 30 2 * * *, schedule_time_zone: America/Los_Angeles, cmd: run}\n\
                fall: {schedule: 30 1 * * sun, schedule_time_zone: America/Los_Angeles, cmd: run}\n\
                last: {schedule: 'R3/2017-07-25T12:00:00Z/P1D', cmd: run}\n\
                past: {schedule: 'R1/2014-07-25T12:00:00Z/P1D', cmd: run}\n\
                never: {schedule: 0 0 31 2 *, cmd: run}\n\
                still: {schedule: 0 0 1 2 *, cmd: run, disabled: true}\n\
                child: {parents: [shop.nightly, shop.last], cmd: run}\n\
                lost: {schedule: 0 0 * * *, schedule_time_zone: PST, cmd: run}\n";
    let root = tree("show-runs", &[("shop/chronos-west.yaml", jobs)]);
    let root = root.to_string_lossy();
    let now = "2017-07-26T10:15:30";
    assert_eq!(
        runs(&root, "shop.nightly", now)[..3],
        [
            "next runs, in America/Los_Angeles and in UTC",
            "Thu  2017-07-27T02:30:00-07:00  2017-07-27T09:30:00Z",
            "Fri  2017-07-28T02:30:00-07:00  2017-07-28T09:30:00Z"
        ]
    );
    assert_eq!(runs(&root, "shop.nightly", now).len(), 6);
    let skipped = runs(&root, "shop.nightly", "2018-03-10T20:00:00");
    assert!(skipped[1].contains("2018-03-12T02:30:00-07:00"), "{skipped:?}");
    assert_eq!(skipped[6], "no run at 2018-03-11T02:30: the clock skips this time");
    let twice = runs(&root, "shop.fall", "2017-11-04T20:00:00");
    assert!(twice[1].contains("01:30:00-07:00") && twice[1].ends_with("first)"), "{twice:?}");
    assert!(twice[2].contains("01:30:00-08:00") && twice[2].ends_with("second)"), "{twice:?}");
    let last = runs(&root, "shop.last", now);
    assert!(last[1].contains("2017-07-26T12:00:00Z") && last[2].contains("2017-07-27T12:00:00Z"), "{last:?}");
    assert_eq!(last[3..], ["no more: the last of its 3 runs is the one of 2017-07-27T12:00:00+00:00"]);
    assert_eq!(
        runs(&root, "shop.past", now),
        ["no next run: the only run is the one of 2014-07-25T12:00:00+00:00"]
    );
    assert_eq!(runs(&root, "shop.never", now)[0], "no next run: there is no such date");
    assert!(runs(&root, "shop.never", now)[1].contains("(cron-never)"));
    assert_eq!(runs(&root, "shop.still", now), ["no next run: `disabled` is true"]);
    assert_eq!(runs(&root, "shop.child", now), ["runs after shop.nightly, shop.last"]);
    assert_eq!(runs(&root, "shop.lost", now)[0], "no next run: there is no time zone `PST`");

    let output =
        soalint(&["show", "shop.fall", "-d", &root, "--now", "2017-11-04T20:00:00", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    let runs = &json["instances"][0]["runs"];
    assert_eq!(runs["zone"], "America/Los_Angeles");
    assert_eq!(runs["next"].as_array().map(Vec::len), Some(5));
    assert_eq!(runs["next"][0]["local"], "2017-11-05T01:30:00-07:00");
    assert_eq!(runs["next"][1]["utc"], "2017-11-05T09:30:00Z");
}

#[test]
fn show_names_the_origin_and_masks_secrets() {
    let files = [
        ("shop/service.yaml", "env:\n  MODE: slow\n  DB_PASSWORD: hunter2\n"),
        ("shop/marathon-west.yaml", "main:\n  cpus: 0.5\n  env:\n    MODE: fast\n"),
    ];
    let root = tree("show", &files);
    let root = root.to_string_lossy();
    let output = soalint(&["show", "shop.main", "-d", &root]);
    let shown = stdout(&output);
    let line = |name: &str| {
        let found = shown.lines().find(|line| line.trim_start().starts_with(&format!("{name} ")));
        found.unwrap_or_else(|| panic!("{name} in {shown}")).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("cpus"), "cpus 0.5 marathon-west.yaml:2");
    assert_eq!(line("mem"), "mem 1024 default");
    assert_eq!(line("env.MODE"), "env.MODE fast marathon-west.yaml:4, overrides service.yaml:2");
    assert!(!shown.contains("hunter2"));
    let json = stdout(&soalint(&["show", "shop.main", "-d", &root, "--format", "json"]));
    assert!(!json.contains("hunter2"));
    serde_json::from_str::<serde_json::Value>(&json).expect("JSON");
}

/// What paasta-tools 0.66.6 does with the same files: `NoDeploymentsAvailable` in local-run without
/// `controls`, `AttributeError` for a `force_bounce` that is no text, and `shell: false` for `args`
/// that are false without being an empty list.
#[test]
fn deployments_and_defaults_are_read_as_by_paasta() {
    let system =
        r#"{"cluster": "west", "docker_registry": "r.example.com", "volumes": [], "zookeeper": "zk://a/m"}"#;
    let controlled = r#""s:west.a": {"desired_state": "start", "force_bounce": null}"#;
    let emit = |kind: &str, force_bounce: &str, controls: &str| {
        let image = r#""docker_image": "services-s:paasta-abc""#;
        let v1 = format!(r#""s:paasta-west.a": {{{image}, "force_bounce": {force_bounce}}}"#);
        let v2 =
            format!(r#""deployments": {{"g": {{{image}, "git_sha": "abc"}}}}, "controls": {{{controls}}}"#);
        let deployments = format!(r#"{{"v1": {{{v1}}}, "v2": {{{v2}}}}}"#);
        let files = [
            ("system/system.json", system),
            ("soa/s/service.yaml", if kind == "chronos" { "args: \"\"\n" } else { "deploy_group: g\n" }),
            ("soa/s/monitoring.yaml", "team: ops\n"),
            ("soa/s/marathon-west.yaml", "a: {cmd: x}\n"),
            ("soa/s/chronos-west.yaml", "a: {schedule: 0 3 * * *}\n"),
            ("soa/s/adhoc-west.yaml", "a: {cmd: x}\n"),
            ("soa/s/deployments.json", &deployments),
        ];
        let files = files.iter().filter(|(name, _)| {
            !["marathon", "chronos", "adhoc"].iter().any(|other| *other != kind && name.contains(other))
        });
        let files: Vec<(&str, &str)> = files.copied().collect();
        let root = tree("as-by-paasta", &files);
        let (soa, system) = (root.join("soa"), root.join("system"));
        let (soa, system) = (soa.to_string_lossy(), system.to_string_lossy());
        let output = soalint(&[
            "emit",
            kind,
            "-d",
            &soa,
            "--system-config",
            &system,
            "--dialect",
            "paasta-0.66",
            "--form",
            "paasta",
            "--format",
            "json",
            "--now",
            "2017-07-26T10:15:30",
        ]);
        let json: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
        (json, stderr(&output))
    };
    let is_held = |(json, said): (serde_json::Value, String), why: &str| {
        assert_eq!(json, serde_json::json!({}), "{said}");
        assert!(said.contains(why), "{said}");
    };
    is_held(emit("adhoc", "null", ""), "has no `controls`");
    is_held(emit("marathon", "5", controlled), "`force_bounce`");
    for kind in ["adhoc", "marathon", "chronos"] {
        let (json, said) = emit(kind, r#""t""#, controlled);
        assert!(json.get("s.a").is_some(), "{kind}: {json} {said}");
        if kind == "chronos" {
            assert_eq!(json.pointer("/s.a/shell"), Some(&serde_json::json!(false)), "{json}");
        }
    }
}
