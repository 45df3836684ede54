//! Why something is not given: the reason that `emit` and `show` name is true, and names the file that is to blame.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Output;

use crate::support::nobody::as_nobody;
use crate::support::program::{self, code, stderr, stdout};

fn emit(root: &Path, arguments: &[&str]) -> Output {
    program::run(root, &[&["emit"], arguments, &["-d", ".", "-q"]].concat())
}

/// Recorded with paasta-tools 0.66.6: every reader of the namespaces raises.
#[test]
fn what_stands_in_place_of_the_namespaces_is_named() {
    for value in ["null", "5", "[]", "\"x\"", ""] {
        for with_instances in [false, true] {
            let name = format!("reasons-in-place-{}-{with_instances}", value.len());
            let service = format!("smartstack: {value}\n");
            let mut files =
                vec![("web/service.yaml", service.as_str()), ("web/monitoring.yaml", "team: web\n")];
            files.push(("web/chronos-prod.yaml", "nightly: {cmd: run, schedule: 0 4 * * *}\n"));
            if with_instances {
                files.push(("web/marathon-prod.yaml", "main: {cpus: 1}\nother: {cpus: 1}\n"));
            }
            let root = program::tree(&name, &files);
            for kind in ["synapse", "haproxy"] {
                let output = emit(&root, &[kind]);
                let said = stderr(&output);
                assert_eq!(code(&output), 1, "{value} {kind}: {said}");
                assert!(
                    said.contains("withheld: web/service.yaml (type-mismatch): "),
                    "{value} {kind}: {said}"
                );
                assert!(
                    said.contains("`smartstack` must be a mapping of namespaces"),
                    "{value} {kind}: {said}"
                );
            }
            // A job has nothing to do with it.
            let output = emit(&root, &["chronos"]);
            assert_eq!(code(&output), 0, "{value}: {}", stderr(&output));
            let output = emit(&root, &["marathon", "--cluster", "prod"]);
            assert_eq!(code(&output), i32::from(with_instances), "{value}: {}", stderr(&output));
        }
    }
}

/// `api` refers to `web` in every way that there is.
fn referring(name: &str) -> PathBuf {
    program::tree(
        &format!("reasons-{name}"),
        &[
            ("web/service.yaml", "description: d\n"),
            ("web/monitoring.yaml", "team: web\n"),
            ("web/smartstack.yaml", "main: {proxy_port: 20001, mode: http}\n"),
            ("web/marathon-prod.yaml", "main: {cpus: 1}\n"),
            ("web/chronos-prod.yaml", "nightly: {cmd: run, schedule: 0 4 * * *}\n"),
            ("api/monitoring.yaml", "team: api\n"),
            ("api/smartstack.yaml", "main: {proxy_port: 20002, mode: http, proxied_through: web.main}\n"),
            (
                "api/marathon-prod.yaml",
                "main: {cpus: 1, registrations: [web.main], security: {outbound_firewall: block}, dependencies_reference: all}\n",
            ),
            ("api/dependencies.yaml", "all: [smartstack: web.main]\n"),
            ("api/chronos-prod.yaml", "after: {cmd: run, parents: [web.nightly]}\n"),
        ],
    )
}

#[test]
fn what_others_could_not_give_is_named_by_its_path() {
    for thing in ["web", "web/service.yaml", "web/monitoring.yaml", "web/smartstack.yaml"] {
        let root = referring(&thing.replace('/', "-"));
        let path = root.join(thing);
        let before = fs::metadata(&path).expect("it is there").permissions();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("permissions");
        let through = format!("through `web.main`, whose settings are unknown because of `{thing}`");
        let unread = match thing {
            "web" => "the service `web` cannot be read: permission denied".to_owned(),
            file => format!("`{file}` cannot be read: permission denied"),
        };
        for (kind, words) in
            [("marathon", &unread), ("nerve", &unread), ("synapse", &through), ("haproxy", &through)]
        {
            let output = as_nobody(&root, &["emit", kind, "api", "--cluster", "prod", "-d", ".", "-q"]);
            let said = stderr(&output).split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(code(&output), 1, "{thing} {kind}: {said}");
            assert!(said.contains(words), "{thing} {kind}: {said}");
            assert!(said.contains("what it holds is unknown"), "{thing} {kind}: {said}");
            assert!(!said.contains("PaaSTA would fail"), "{thing} {kind}: {said}");
        }
        let shown = as_nobody(&root, &["show", "api.main", "-d", "."]);
        assert!(stdout(&shown).contains(&format!("unknown: {unread}")), "{thing}: {}", stdout(&shown));
        // Nor does a check call it good.
        let checked = as_nobody(&root, &["check", "api", "-d", "."]);
        assert_eq!(code(&checked), 1, "{thing}: {}", stdout(&checked));
        assert!(stdout(&checked).contains(&format!("[{thing}]")), "{thing}: {}", stdout(&checked));
        fs::set_permissions(&path, before).expect("permissions");
    }
}

/// What the check withholds has no listener either, but is there.
#[test]
fn a_proxy_that_is_withheld_is_not_called_absent() {
    let root = referring("withheld");
    fs::write(root.join("web/smartstack.yaml"), "main: {proxy_port: 20001, mode: htp}\n").expect("a file");
    let said = stderr(&emit(&root, &["synapse"])).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("through `web.main`, which is withheld itself"), "{said}");
}

#[test]
fn an_empty_name_is_a_name() {
    let root = program::tree(
        "reasons-empty",
        &[
            ("web/monitoring.yaml", "team: web\n"),
            ("web/smartstack.yaml", "\"\": {proxy_port: 20001}\nmain: {proxy_port: 20002}\n"),
            ("web/marathon-prod.yaml", "\"\": {cpus: 1}\n"),
            ("web/chronos-prod.yaml", "\"\": {cmd: run, schedule: 0 4 * * *}\n"),
        ],
    );
    for kind in ["marathon", "chronos", "sensu", "nerve", "synapse", "haproxy"] {
        for selector in [&[][..], &["web."]] {
            let output = emit(&root, &[&[kind], selector].concat());
            let said = stderr(&output);
            assert_eq!(code(&output), 1, "{kind}: {said}");
            assert!(said.contains("withheld: web.\"\" ("), "{kind}: {said}");
            assert!(!said.contains("``"), "{kind}: {said}");
        }
    }
    for form in ["fact", "rfc1700", "services-json", "services-yaml", "paasta"] {
        let said = stderr(&emit(&root, &["synapse", "--form", form]));
        assert!(said.contains("withheld: web.\"\" (namespace-name)"), "{form}: {said}");
    }
}

/// Which clusters a service has that cannot be read, nobody knows.
#[test]
fn a_cluster_of_what_cannot_be_read_is_not_called_absent() {
    let root = program::tree(
        "reasons-cluster",
        &[
            (".soalint.yaml", "{}\n"),
            ("web/marathon-dev.yaml", "main: {cpus: 1}\n"),
            ("api/marathon-prod.yaml", "main: {cpus: 1}\n"),
        ],
    );
    let web = root.join("web");
    fs::set_permissions(&web, fs::Permissions::from_mode(0o000)).expect("permissions");
    for arguments in [
        &["emit", "marathon", "--cluster", "dev"][..],
        &["emit", "marathon", "--cluster", "dev,prod"],
        &["emit", "marathon", "web", "--cluster", "dev"],
        &["emit", "marathon", "web.main", "--cluster", "dev"],
        &["emit", "synapse", "--cluster", "dev"],
        &["show", "web", "--cluster", "dev"],
        &["show", "web.main", "api", "--cluster", "dev"],
    ] {
        let output = as_nobody(&root, arguments);
        let said = stderr(&output);
        assert_eq!(code(&output), 1, "{arguments:?}: {said}");
        assert!(said.contains("withheld: web (unreadable-file)"), "{arguments:?}: {said}");
        assert!(!said.contains("no file of the tree"), "{arguments:?}: {said}");
    }
    for arguments in
        [&["emit", "marathon", "api", "--cluster", "dev"][..], &["show", "api", "--cluster", "dev"]]
    {
        let output = as_nobody(&root, arguments);
        let said = stderr(&output);
        assert_eq!(code(&output), 2, "{arguments:?}: {said}");
        assert!(said.contains("no file of the tree that can be read is for the cluster `dev`"), "{said}");
        assert!(said.contains("`web` cannot be read, and may have one."), "{said}");
    }
    fs::set_permissions(&web, fs::Permissions::from_mode(0o755)).expect("permissions");
}

/// `eks-prod.yaml` and others would only be read as YAML, and a directory only be looked into: what could not be read
/// is not called good, and nobody is told that PaaSTA removes what it configures.
#[test]
fn what_paasta_does_not_read_either_is_an_error_with_a_reason_of_its_own() {
    let root = program::tree(
        "reasons-kinds",
        &[
            (".soalint.yaml", "{}\n"),
            ("web/service.yaml", "description: d\n"),
            ("web/eks-prod.yaml", "main: {}\n"),
            ("web/kubernetes-prod.yaml", "main: {}\n"),
            ("web/autotuned_defaults/marathon-prod.yaml", "main: {}\n"),
        ],
    );
    for file in ["eks-prod.yaml", "kubernetes-prod.yaml", "autotuned_defaults"] {
        fs::set_permissions(root.join("web").join(file), fs::Permissions::from_mode(0o000))
            .expect("permissions");
    }
    let output = as_nobody(&root, &["check"]);
    assert_eq!(code(&output), 1, "{}{}", stdout(&output), stderr(&output));
    for words in [
        "this directory cannot be read: permission denied",
        "PaaSTA does not look into it",
        "this file cannot be read: permission denied",
        "soalint does not know files of this kind, and of this one not even whether it is YAML",
        "Found 3 errors",
    ] {
        let said = stdout(&output).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(words), "{said}");
    }
    assert!(!stdout(&output).contains("removed"), "{}", stdout(&output));
    let note = "note: 2 files are of kinds that soalint does not know, and at most read as YAML";
    assert!(stderr(&output).contains(note), "{}", stderr(&output));
    let output = as_nobody(&root, &["check", "web/eks-prod.yaml"]);
    assert_eq!(code(&output), 1, "{}{}", stdout(&output), stderr(&output));
}

/// The directory is as if it were a repository of its own, so that nothing above it makes a tree of it.
#[test]
fn a_tree_of_which_no_service_can_be_read_is_not_denied() {
    let root = std::env::temp_dir().join(format!("soalint-reasons-{}", std::process::id()));
    fs::create_dir_all(root.join(".git")).expect("a directory");
    for service in ["api", "web"] {
        fs::create_dir_all(root.join(service)).expect("a directory");
        fs::write(root.join(service).join("marathon-prod.yaml"), "main: {cpus: 1}\n").expect("a file");
        fs::set_permissions(root.join(service), fs::Permissions::from_mode(0o000)).expect("permissions");
    }
    for arguments in
        [&["check"][..], &["check", "web"], &["emit", "marathon", "--cluster", "prod"], &["show", "web"]]
    {
        let output = as_nobody(&root, arguments);
        let said = stderr(&output);
        assert_eq!(code(&output), 2, "{arguments:?}: {said}");
        assert!(said.contains("there may be one: `api` and `web` cannot be read"), "{arguments:?}: {said}");
    }
    for service in ["api", "web"] {
        fs::set_permissions(root.join(service), fs::Permissions::from_mode(0o755)).expect("permissions");
    }
    // Neither is a tree that itself cannot be listed: one can stand in it all the same.
    fs::set_permissions(&root, fs::Permissions::from_mode(0o711)).expect("permissions");
    for directory in [&root, &root.join("web")] {
        let output = as_nobody(directory, &["check"]);
        let said = stderr(&output);
        assert_eq!(code(&output), 2, "{said}");
        assert!(said.starts_with("error: no soa-configs tree is found, but there may be one: `"), "{said}");
        assert!(said.contains("` cannot be read"), "{said}");
    }
    fs::remove_dir_all(&root).expect("removed");
}

/// The path of a file of instances is also a cluster and a kind.
#[test]
fn a_file_is_not_answered_with_another() {
    let instance = "main: {cpus: 1}\n";
    let job = "nightly: {cmd: run, schedule: 0 4 * * *}\n";
    let root = program::tree(
        "reasons-files",
        &[
            (".soalint.yaml", "{}\n"),
            ("web/monitoring.yaml", "team: web\n"),
            ("web/smartstack.yaml", "main: {proxy_port: 20001}\n"),
            ("web/marathon-prod.yaml", instance),
            ("web/marathon-dev.yaml", instance),
            ("web/chronos-prod.yaml", job),
            ("api/monitoring.yaml", "team: api\n"),
            ("api/marathon-prod.yaml", instance),
        ],
    );
    let refused = [
        ("emit marathon --cluster prod web/marathon-dev.yaml", "is for the cluster `dev`, not for `prod`"),
        ("emit marathon --cluster prod,stage ./web/marathon-dev.yaml", "not for `prod` or `stage`"),
        ("show --cluster prod web/marathon-dev.yaml", "is for the cluster `dev`, not for `prod`"),
        ("emit marathon --all-clusters web/marathon-dev.yaml", "--all-clusters means every cluster"),
        ("emit marathon web/chronos-prod.yaml", "is a file of chronos instances"),
        ("emit chronos web/marathon-prod.yaml", "soalint emit marathon web/marathon-prod.yaml"),
        ("emit nerve web/chronos-prod.yaml", "is a file of chronos instances"),
        ("emit synapse web/marathon-prod.yaml", "is a file of marathon instances"),
        ("emit marathon api/marathon-prod.yaml web/marathon-dev.yaml", "are not for the same clusters"),
    ];
    for (line, words) in refused {
        let output = program::run(&root, &line.split(' ').collect::<Vec<_>>());
        assert_eq!((code(&output), stdout(&output).as_str()), (2, ""), "{line}: {}", stderr(&output));
        assert!(stderr(&output).contains(words), "{line}: {}", stderr(&output));
    }
    for line in [
        "emit marathon --cluster dev web/marathon-dev.yaml",
        "emit marathon web/marathon-dev.yaml web/marathon-prod.yaml",
        "emit marathon --cluster prod web/smartstack.yaml",
        "emit sensu web/chronos-prod.yaml",
        "emit synapse web/smartstack.yaml",
        "show web/chronos-prod.yaml",
        "show api/marathon-prod.yaml web/marathon-dev.yaml",
        "emit marathon api/marathon-prod.yaml web/marathon-prod.yaml",
    ] {
        let output = program::run(&root, &line.split(' ').collect::<Vec<_>>());
        assert_eq!(code(&output), 0, "{line}: {}", stderr(&output));
    }
}

/// What deploys reads it: without it there is no image. Recorded with paasta-tools 0.66.6: `JSONDecodeError`,
/// `KeyError` and `TypeError`.
#[test]
fn a_deployments_json_that_cannot_be_used_is_found() {
    let files = [
        (".soalint.yaml", "{}\n"),
        ("web/monitoring.yaml", "team: web\n"),
        ("web/marathon-prod.yaml", "main: {cpus: 1}\n"),
        ("web/chronos-prod.yaml", "nightly: {cmd: run, schedule: 0 4 * * *}\n"),
        ("web/smartstack.yaml", "main: {proxy_port: 20001}\n"),
    ];
    for (name, content, words) in [
        ("syntax", "{\"v1\": ", "cannot be used: EOF"),
        ("conflict", "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> x\n", "cannot be used: expected value"),
        ("empty", "", "cannot be used: EOF"),
        ("list", "[]", "it is not a mapping"),
        ("null", "null", "it is not a mapping"),
        ("nothing", "{}", "has no `v1`"),
        ("no-mapping", "{\"v1\": null}", "`v1` in deployments.json is not a mapping"),
        ("locked", "{\"v1\": {}}", "this file cannot be read: permission denied"),
        ("sound", "{\"v1\": {}}", ""),
        ("empty-list", "{\"v1\": []}", ""),
    ] {
        let root = program::tree(&format!("reasons-deployments-{name}"), &files);
        let file = root.join("web/deployments.json");
        fs::write(&file, content).expect("a file");
        if name == "locked" {
            fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).expect("permissions");
        }
        let is_sound = words.is_empty();
        let checked = as_nobody(&root, &["check", "--ignore", "deploy"]);
        let said = stdout(&checked).split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(code(&checked), i32::from(!is_sound), "{name}: {said}");
        assert!(said.contains(words), "{name}: {said}");
        assert!(is_sound || said.contains("[web/deployments.json]"), "{name}: {said}");
        for kind in ["marathon", "chronos", "sensu"] {
            let output = as_nobody(&root, &["emit", kind, "-q"]);
            let said = stderr(&output);
            assert_eq!(code(&output), i32::from(!is_sound), "{name} {kind}: {said}");
            assert!(is_sound || said.contains("(unreadable-file)"), "{name} {kind}: {said}");
        }
        // Nothing else is made of it.
        for kind in ["nerve", "synapse", "jenkins"] {
            let output = as_nobody(&root, &["emit", kind, "-q"]);
            assert_eq!(code(&output), 0, "{name} {kind}: {}", stderr(&output));
        }
    }
}

/// An entry that is wrong is not a missing one: what it belongs to is withheld, for the reason that `check` gives.
/// local-run reads `v2`, everything else `v1`.
#[test]
fn parts_of_deployments_json_that_cannot_be_used_are_found_where_they_are_needed() {
    let files = [
        (".soalint.yaml", "{}\n"),
        ("web/monitoring.yaml", "team: web\n"),
        ("web/marathon-prod.yaml", "main: {cpus: 1}\nmore: {cpus: 1}\n"),
        ("web/chronos-prod.yaml", "nightly: {cmd: run, schedule: 0 4 * * *}\n"),
        (
            "web/adhoc-prod.yaml",
            "shell: {cmd: run, deploy_group: all}\ntool: {cmd: run, deploy_group: all}\n",
        ),
    ];
    let image = r#""docker_image": "services-web:paasta-abc""#;
    let deployed = format!(r#"{{"deployments": {{"all": {{{image}, "git_sha": "abc"}}}}, "controls": {{"#);
    let entry =
        |name: &str, value: &str| format!(r#"{{"v1": {{"web:paasta-prod.{name}": {value}}}, "v2": {{}}}}"#);
    let control = |value: &str| format!(r#"{{"v1": {{}}, "v2": {deployed}"web:prod.shell": {value}}}}}}}"#);
    let adhoc = ["web.shell", "web.tool"];
    let all = ["web.main", "web.more", "web.nightly", "web.shell", "web.tool"];
    for (name, content, words, withheld) in [
        (
            "entry",
            entry("main", "null"),
            "`web:paasta-prod.main` in deployments.json is not a mapping",
            &["web.main"][..],
        ),
        (
            "job",
            entry("nightly", "[]"),
            "`web:paasta-prod.nightly` in deployments.json is not a mapping",
            &["web.nightly"],
        ),
        ("stranger", entry("gone", "null"), "", &[]),
        (
            "token",
            entry("more", r#"{"force_bounce": 1}"#),
            "`force_bounce` in deployments.json is not text",
            &["web.more"],
        ),
        ("no-token", entry("more", r#"{"force_bounce": 0}"#), "", &[]),
        (
            "state",
            entry("nightly", r#"{"desired_state": "no"}"#),
            "the desired state `no` in deployments.json is neither",
            &["web.nightly"],
        ),
        ("no-v2", r#"{"v1": {}}"#.to_owned(), "deployments.json has no `v2`", &adhoc),
        ("v2", r#"{"v1": {}, "v2": [1]}"#.to_owned(), "`v2` in deployments.json is not a mapping", &adhoc),
        (
            "groups",
            r#"{"v1": {}, "v2": {"deployments": []}}"#.to_owned(),
            "`deployments` in deployments.json is not a mapping",
            &adhoc,
        ),
        (
            "group",
            r#"{"v1": {}, "v2": {"deployments": {"all": null}}}"#.to_owned(),
            "`all` in deployments.json is not a mapping",
            &adhoc,
        ),
        ("no-image", r#"{"v1": {}, "v2": {"deployments": {"all": {}}}}"#.to_owned(), "", &[]),
        ("control", control("null"), "`web:prod.shell` in deployments.json is not a mapping", &["web.shell"]),
        ("controlled", control("{}"), "", &[]),
        (
            "v1",
            r#"{"v1": 1, "v2": {}}"#.to_owned(),
            "`v1` in deployments.json is not a mapping",
            &["web.main", "web.more", "web.nightly"],
        ),
        ("all", "[".to_owned(), "deployments.json cannot be used", &all),
    ] {
        let root = program::tree(&format!("reasons-parts-{name}"), &files);
        fs::write(root.join("web/deployments.json"), &content).expect("a file");
        let checked = program::run(&root, &["check", "--only", "yaml"]);
        let said = stdout(&checked).split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(code(&checked), i32::from(!withheld.is_empty()), "{name}: {said}");
        assert!(said.contains(words), "{name}: {said}");
        assert_eq!(
            said.matches("error[unreadable-file]").count(),
            usize::from(!withheld.is_empty()),
            "{name}: {said}"
        );
        let mut held: Vec<String> = Vec::new();
        for kind in ["marathon", "chronos", "adhoc"] {
            let output = program::run(&root, &["emit", kind]);
            let said = stderr(&output);
            let lines = said
                .lines()
                .filter_map(|line| line.strip_prefix("withheld: ")?.strip_suffix(" (unreadable-file)"));
            held.extend(lines.map(str::to_owned));
            assert!(!said.contains("unbuildable-payload"), "{name} {kind}: {said}");
        }
        held.sort_unstable();
        assert_eq!(held, withheld, "{name}");
    }
}

/// Recorded with paasta-tools 0.66.6, which sorts the values and counts those that differ.
#[test]
fn attributes_of_agents_are_counted_as_python_counts() {
    let root = program::tree(
        "reasons-agents",
        &[
            ("soa/web/monitoring.yaml", "team: web\n"),
            ("soa/web/marathon-prod.yaml", "main: {cpus: 1}\n"),
            ("soa/web/smartstack.yaml", "main: {proxy_port: 20001, discover: region}\n"),
        ],
    );
    for (agents, answer) in [
        (r#"[{"region": "a"}, {"region": "b"}, {"region": "a"}]"#, Ok("2")),
        (r#"[{"region": 1}, {"region": 1.0}, {"region": true}]"#, Ok("1")),
        (r#"[{"region": 0}, {"region": 2}]"#, Ok("1")),
        (r#"[{"region": "a"}, {"region": 5}]"#, Err("has values of several types")),
        (r#"[{"region": "a"}, {"region": ["x"]}]"#, Err("has values of several types")),
        (r#"[{"region": {"a": 1}}]"#, Err("has a list or mapping as a value")),
        (r#"["abc", {"region": "1"}]"#, Err("is not a mapping")),
        ("[5]", Err("is not a mapping")),
    ] {
        fs::create_dir_all(root.join("system")).expect("a directory");
        let text =
            format!(r#"{{"docker_registry": "r", "volumes": [], "expected_slave_attributes": {agents}}}"#);
        fs::write(root.join("system/s.json"), text).expect("a file");
        let arguments = ["emit", "marathon", "-q", "-d", "soa", "--system-config", "system"];
        let output = program::run(&root, &arguments);
        let said = stderr(&output).split_whitespace().collect::<Vec<_>>().join(" ");
        match answer {
            Ok(count) => {
                let app: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
                let constraint = serde_json::json!(["region", "GROUP_BY", count]);
                assert_eq!(app["web.main"]["constraints"][0], constraint, "{agents}: {said}");
            }
            Err(words) => {
                assert_eq!(code(&output), 1, "{agents}: {said}");
                assert!(said.contains(words), "{agents}: {said}");
            }
        }
    }
}

#[test]
fn the_address_of_haproxy_has_to_be_a_format_of_host_and_port() {
    let root = program::tree(
        "reasons-address",
        &[
            ("soa/web/monitoring.yaml", "team: web\n"),
            ("soa/web/marathon-prod.yaml", "main: {cpus: 1}\n"),
            ("soa/web/smartstack.yaml", "main: {proxy_port: 20001}\n"),
        ],
    );
    fs::create_dir_all(root.join("system")).expect("a directory");
    for (address, is_sound) in [
        (r#""http://{host:s}:{port:d}/;csv;norefresh""#, true),
        (r#""http://{host}:{port:05d}/""#, true),
        (r#""http://{server}/""#, false),
        (r#""http://{}/""#, false),
        (r#""http://{host/""#, false),
        ("5", false),
        ("null", false),
    ] {
        let text =
            format!(r#"{{"docker_registry": "r", "volumes": [], "synapse_haproxy_url_format": {address}}}"#);
        fs::write(root.join("system/s.json"), text).expect("a file");
        let output = program::run(&root, &["emit", "sensu", "-q", "-d", "soa", "--system-config", "system"]);
        let said = stderr(&output);
        assert_eq!(code(&output), i32::from(!is_sound), "{address}: {said}");
        assert!(is_sound || said.contains("`synapse_haproxy_url_format`"), "{address}: {said}");
    }
}
