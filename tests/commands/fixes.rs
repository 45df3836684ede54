//! `check --fix`, `--unsafe-fixes` and `--diff`: what is written, what is left alone, and that
//! nothing but the mistake changes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use proptest::prelude::*;
use soalint::check::{Scope, check};
use soalint::config::Settings;
use soalint::fix::{Fixed, fix};
use soalint::repo::memory::MemoryTree;
use soalint::rules::Env;

struct Ran {
    code: i32,
    stdout: String,
    stderr: String,
}

fn soalint(root: &Path, arguments: &[&str]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_soalint"))
        .args(["check", "-d"])
        .arg(root)
        .args(arguments)
        .stdin(Stdio::null())
        .env_clear()
        .env("COLUMNS", "100")
        .output()
        .expect("soalint runs");
    Ran {
        code: output.status.code().expect("an exit code"),
        stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
    }
}

fn tree(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fixes").join(name);
    let _ = fs::remove_dir_all(&root);
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, text).expect("a file");
    }
    root
}

fn read(root: &Path, file: &str) -> String {
    fs::read_to_string(root.join(file)).expect("a file")
}

const DEPLOY: &str = "pipeline:\n  - step: prod.main\n";
const MONITORING: &str = "team: storefront\nrunbook: y/rb-web\n";
/// Two safe fixes, an unsafe one, and a mistake that nobody can repair but a person.
const BROKEN: &str = "# about main\r\nmain:  # the one\r\n  cpus: \"1\"  # a core\r\n  deploy_group: prod.main\r\n  env: {A: no, B: 'x'}\r\n  bounce_method: cross-over\r\n  mem: 3";
const FIXED: &str = "# about main\r\nmain:  # the one\r\n  cpus: 1  # a core\r\n  deploy_group: prod.main\r\n  env: {A: \"no\", B: 'x'}\r\n  bounce_method: cross-over\r\n  mem: 3";

fn web(marathon: &str) -> [(&'static str, &str); 3] {
    [("web/deploy.yaml", DEPLOY), ("web/monitoring.yaml", MONITORING), ("web/marathon-prod.yaml", marathon)]
}

#[test]
fn safe_fixes_are_written_and_the_rest_is_reported() {
    let root = tree("safe", &web(BROKEN));
    let ran = soalint(&root, &["--fix", "--output-format", "concise"]);
    assert_eq!(read(&root, "web/marathon-prod.yaml"), FIXED);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stdout.contains("Fixed 2 findings in 1 file; 1 more with --unsafe-fixes.\n"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("error[mem-range]"), "{}", ran.stdout);
    assert_eq!(ran.stdout.lines().filter(|line| line.contains("error[")).count(), 2, "{}", ran.stdout);

    let ran = soalint(&root, &["--fix", "--unsafe-fixes"]);
    assert_eq!(read(&root, "web/marathon-prod.yaml"), FIXED.replace("cross-over", "crossover"));
    assert!(ran.stdout.contains("Fixed 1 finding in 1 file.\n"), "{}", ran.stdout);
    // Nothing is left behind, and a second run has nothing to do.
    assert_eq!(fs::read_dir(root.join("web")).expect("a directory").count(), 3);
    let ran = soalint(&root, &["--fix", "--unsafe-fixes"]);
    assert!(ran.stdout.contains("Nothing fixed.\n"), "{}", ran.stdout);
}

#[test]
fn a_difference_is_shown_and_nothing_written() {
    let root = tree("diff", &web(BROKEN));
    let ran = soalint(&root, &["--diff", "--color", "never"]);
    assert_eq!(read(&root, "web/marathon-prod.yaml"), BROKEN);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("\n-  cpus: \"1\"  # a core\r\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("\n+  cpus: 1  # a core\r\n"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("error["), "{}", ran.stdout);
    assert_eq!(ran.stderr, "Would fix 2 findings in 1 file; 1 more with --unsafe-fixes.\n");

    let root = tree("no-diff", &web("main: {deploy_group: prod.main, instances: 1, mem: 3}\n"));
    let ran = soalint(&root, &["--diff"]);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", "Nothing to fix.\n"));
}

#[test]
fn the_report_says_what_a_fix_would_do() {
    let root = tree("report", &web(BROKEN));
    let ran = soalint(&root, &[]);
    for line in [
        "  fix:  remove the quotes: `cpus: 1  # a core`",
        "  fix:  put it in quotes: `env: {A: \"no\", B: 'x'}`",
        "  fix:  write `crossover`: `bounce_method: crossover` (unsafe)",
        "Found 4 errors in 3 files of 1 service; 2 fixable with --fix, 1 more with --unsafe-fixes.",
    ] {
        assert!(ran.stdout.lines().any(|shown| shown == line), "{line}\n{}", ran.stdout);
    }
}

#[test]
fn secrets_are_in_no_difference() {
    let text = "main:\n  deploy_group: prod.main\n  cpus: \"1\"\n  env: {DB_PASSWORD: hunter2hunter2}\n";
    let root = tree("secret", &web(text));
    let ran = soalint(&root, &["--diff"]);
    assert_eq!(ran.code, 1);
    assert!(!ran.stdout.contains("hunter2"), "{}", ran.stdout);
}

#[test]
fn names_are_repaired_and_nothing_is_overwritten() {
    let valid = "main: {deploy_group: prod.main, instances: 1}\n";
    let files =
        [("web/deploy.yaml", DEPLOY), ("web/monitoring.yaml", MONITORING), ("web/marathon-prod.yml", valid)];
    let root = tree("rename", &files);
    // Its instances would start to run, which is for a person to decide.
    soalint(&root, &["--fix"]);
    assert!(root.join("web/marathon-prod.yml").exists());
    let ran = soalint(&root, &["--fix", "--unsafe-fixes"]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert_eq!(read(&root, "web/marathon-prod.yaml"), valid);
    assert!(!root.join("web/marathon-prod.yml").exists());

    fs::write(root.join("web/marathon-prod.yml"), "other: {instances: 1}\n").expect("a file");
    soalint(&root, &["--fix", "--unsafe-fixes"]);
    assert_eq!(read(&root, "web/marathon-prod.yaml"), valid);
    assert!(root.join("web/marathon-prod.yml").exists());
}

#[cfg(unix)]
#[test]
fn what_all_links_read_is_fixed_for_all_of_them() {
    use std::os::unix::fs::symlink;
    let outside = tree("outside", &[("stranger.yaml", BROKEN)]);
    let root = tree("links", &[("web/deploy.yaml", DEPLOY), ("web/monitoring.yaml", MONITORING)]);
    symlink(outside.join("stranger.yaml"), root.join("web/marathon-away.yaml")).expect("a link");
    fs::write(root.join("web/marathon-SHARED.yaml"), BROKEN).expect("a file");
    for cluster in ["prod", "stage"] {
        let link = root.join(format!("web/marathon-{cluster}.yaml"));
        symlink("marathon-SHARED.yaml", link).expect("a link");
    }
    // One more that means something else to its reader: a repair is no longer right for everybody.
    symlink("marathon-SHARED.yaml", root.join("web/smartstack.yaml")).expect("a link");
    let ran = soalint(&root, &["--fix", "-v"]);
    assert_eq!(read(&root, "web/marathon-SHARED.yaml"), BROKEN);
    assert!(ran.stderr.contains("no fix for type-mismatch: others use this text, too"), "{}", ran.stderr);
    assert!(ran.stdout.contains("Nothing fixed; ") && ran.stdout.contains("more with --unsafe-fixes"));
    fs::remove_file(root.join("web/smartstack.yaml")).expect("removed");
    let ran = soalint(&root, &["--fix"]);
    assert!(ran.stdout.contains("Fixed 4 findings in 1 file; "), "{}", ran.stdout);
    assert_eq!(read(&root, "web/marathon-SHARED.yaml"), FIXED);
    let ran = soalint(&root, &["--fix", "--unsafe-fixes"]);
    assert!(ran.stdout.contains("in 1 file"), "{}", ran.stdout);
    assert_eq!(read(&root, "web/marathon-SHARED.yaml"), FIXED.replace("cross-over", "crossover"));
    assert!(root.join("web/marathon-prod.yaml").is_symlink());
    assert_eq!(read(&outside, "stranger.yaml"), BROKEN);
}

#[cfg(unix)]
#[test]
fn an_ignore_that_one_link_has_use_for_is_used() {
    use std::os::unix::fs::symlink;
    let text = "main:\n  deploy_group: prod.main\n  bounce_method: cross  # soalint: ignore[bounce-method-enum] known\n";
    let root = tree("ignored-links", &web(text));
    fs::rename(root.join("web/marathon-prod.yaml"), root.join("web/marathon-SHARED.yaml")).expect("renamed");
    symlink("marathon-SHARED.yaml", root.join("web/marathon-prod.yaml")).expect("a link");
    let ran = soalint(&root, &[]);
    assert!(!ran.stdout.contains("suppress-unused"), "{}", ran.stdout);
    assert!(ran.stdout.contains("1 ignored"), "{}", ran.stdout);
    // Of no use to any of them.
    let unused = text.replace("bounce_method: cross ", "bounce_method: crossover ");
    fs::write(root.join("web/marathon-SHARED.yaml"), unused).expect("a file");
    let ran = soalint(&root, &[]);
    assert!(ran.stdout.contains("suppress-unused"), "{}", ran.stdout);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_is_named() {
    use std::os::unix::fs::PermissionsExt as _;
    let root = tree("readonly", &web(BROKEN));
    let directory = root.join("web");
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o555)).expect("permissions");
    let probe = fs::write(directory.join("probe"), "");
    let ran = soalint(&root, &["--fix"]);
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).expect("permissions");
    if probe.is_ok() {
        // A privileged user may write everywhere.
        return;
    }
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("web/marathon-prod.yaml` is not fixed"), "{}", ran.stderr);
    assert_eq!(read(&root, "web/marathon-prod.yaml"), BROKEN);
}

fn fixed(files: &BTreeMap<String, String>, unsafe_fixes: bool) -> (Fixed, BTreeMap<String, String>) {
    let env = Env::new(Settings::default());
    let memory = |files: &BTreeMap<String, String>| {
        MemoryTree::new(files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())))
    };
    let result = fix(&memory(files), unsafe_fixes, &|source, _| check(source, &Scope::Everything, &env));
    let mut after = files.clone();
    for change in &result.changes {
        let path = format!("{}/{}", change.file.service, change.file.file);
        after.remove(&path);
        let name = change.rename.as_ref().unwrap_or(&change.file.file);
        let text = String::from_utf8(change.after.clone()).expect("text");
        after.insert(format!("{}/{name}", change.file.service), text);
    }
    let again = check(&memory(&after), &Scope::Everything, &env);
    let shown = |diagnostics: &[soalint::diagnostic::Diagnostic]| -> Vec<String> {
        diagnostics.iter().map(|d| format!("{} {} {}", d.place.file, d.rule.name, d.message)).collect()
    };
    assert_eq!(
        shown(&again.diagnostics),
        shown(&result.outcome.diagnostics),
        "the report is of what is written"
    );
    (result, after)
}

#[test]
fn what_others_use_is_not_changed_behind_their_backs() {
    // `canary` has the margin by an alias; its own method makes it count.
    let shared = "main: &main\n  deploy_group: prod.main\n  instances: 1\n  max_instances: 3\ncanary:\n  <<: *main\n  max_instances: null\n";
    let files: BTreeMap<String, String> =
        web(shared).iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let (_, after) = fixed(&files, false);
    assert_eq!(after, files);
    // Both have the same mistake from the same text: one fix for both.
    let shared = "main: &main\n  deploy_group: prod.main\n  cpus: \"1\"\ncanary: *main\n";
    let files: BTreeMap<String, String> =
        web(shared).iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let (result, after) = fixed(&files, false);
    assert_eq!(after["web/marathon-prod.yaml"], shared.replace("\"1\"", "1"));
    assert_eq!(result.counts.findings, 1);
}

/// A mistake as a line of an instance, in block or flow style.
const MISTAKES: &[&str] = &[
    "cpus: \"0.5\"",
    "instances: 3.0",
    "mem: '512'",
    "env: {A: yes, B: 1, C: 1:30}",
    "bounce_method: Crossover",
    "bounce_metod: crossover",
    "drain_method: HACHECK",
    "registrations: [web.main, web.main]",
    "registrations: web.main",
    "deploy_blacklist: [region, x]",
    "deploy_whitelist: [region, x]",
    "net: Bridge",
    "nerve_ns: main",
    "cpus:",
    "extra_constraints: [[hostname, UNIQUE, x]]",
    "constraints: [hostname, UNIQUE]",
    "monitoring: {alert_after: 10 min, check_every: 1m}",
    "monitoring: {page: \"false\"}",
    "ulimit: [{nofile: {soft: 10}}]",
    "cap_add: [SYS_PTRACE, SYS_PTRACE]",
    "extra_volumes: [{containerPath: /a, hostPath: /a, mode: ro}]",
    "1: x",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever mistakes come together in whatever layout: the file stays readable, every line that
    /// was not edited and every comment stay, no finding comes, and a second run changes nothing.
    #[test]
    fn fixes_keep_the_rest(
        mistakes in prop::collection::vec((0..MISTAKES.len(), 0..4usize), 1..7),
        crlf: bool,
        flow: bool,
        end: bool,
        unsafe_fixes: bool,
    ) {
        let mut text = String::new();
        for (number, (mistake, layout)) in mistakes.iter().enumerate() {
            let line = MISTAKES[*mistake];
            let _ = write!(text, "# before {number}\nname{number}:");
            if flow {
                let _ = writeln!(text, " {{deploy_group: prod.main, {line}}}  # after {number}");
            } else {
                let blank = if *layout == 1 { "\n\n" } else { "\n" };
                let comment = if *layout == 2 { "\n  # inside" } else { "" };
                let first = if *layout == 3 { "\n    " } else { "\n  " };
                let _ = writeln!(text, "{blank}{first}{line}  # after {number}{comment}{first}deploy_group: prod.main");
            }
        }
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        if !end {
            text = text.trim_end().to_owned();
        }
        let files: BTreeMap<String, String> = web(&text)
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .chain([("web/smartstack.yaml".to_owned(), "main: {proxy_port: 20001}\n".to_owned())])
            .collect();
        let env = Env::new(Settings::default());
        let source = MemoryTree::new(files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())));
        let before = check(&source, &Scope::Everything, &env);
        let (result, after) = fixed(&files, unsafe_fixes);
        prop_assert!(!result.outcome.internal_error);
        // Some findings go with others, as readers agree on a value once it is quoted.
        prop_assert!(result.outcome.diagnostics.len() + result.counts.findings <= before.diagnostics.len());
        let new = &after["web/marathon-prod.yaml"];
        for number in 0..mistakes.len() {
            let comment = format!("# before {number}");
            prop_assert!(new.contains(&comment), "{}", new);
        }
        if crlf {
            prop_assert!(!new.replace("\r\n", "").contains('\n'), "{:?}", new);
        }
        let kept = after["web/deploy.yaml"] == DEPLOY && after["web/monitoring.yaml"] == MONITORING;
        prop_assert!(kept);
        let (again, _) = fixed(&after, unsafe_fixes);
        prop_assert!(again.changes.is_empty());
    }
}

/// A repair that is turned down in one service costs none in another.
#[test]
fn what_fails_in_one_service_is_repaired_in_others() {
    let volume = "main:\n  extra_volumes: [{containerPath: /a, hostPath: /b, mode: ro}]\n";
    let files = [
        ("api/marathon-prod.yml", volume),
        ("web/marathon-prod.yaml", volume),
        ("zoo/marathon-prod.yaml", volume),
    ];
    let tree = MemoryTree::new(files);
    let env = Env::new(Settings::default());
    let fixed = fix(&tree, true, &|source, only| match only {
        Some(services) => check(source, &Scope::Services(services.clone()), &env),
        None => check(source, &Scope::Everything, &env),
    });
    let changed: Vec<&str> = fixed.changes.iter().map(|change| change.file.service.as_str()).collect();
    assert_eq!(changed, ["web", "zoo"], "{:?}", fixed.refusals);
}
