//! What the program says to who stands in the wrong directory or names something that is not there.

#![expect(clippy::expect_used, reason = "a test stops at the first surprise")]

mod program;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use program::{code, run, stderr, stdout, tree};

const FINE: &str = "main:\n  cmd: run\n";

/// Two services, as good as such small ones can be.
const SERVICES: [(&str, &str); 3] = [
    ("accounts/marathon-norcal-prod.yaml", FINE),
    ("accounts/monitoring.yaml", "team: accounts\n"),
    ("search/marathon-norcal-prod.yaml", FINE),
];

fn below(directory: &str, files: &[(&'static str, &'static str)]) -> Vec<(String, &'static str)> {
    files.iter().map(|(path, text)| (format!("{directory}/{path}"), *text)).collect()
}

fn borrowed<'a>(files: &'a [(String, &'a str)]) -> Vec<(&'a str, &'a str)> {
    files.iter().map(|(path, text)| (path.as_str(), *text)).collect()
}

/// A directory that no git repository and no configuration file is above.
fn outside(name: &str, files: &[(String, &str)]) -> PathBuf {
    let root = std::env::temp_dir().join(format!("soalint-test-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(&root).expect("a directory");
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, text).expect("a file");
    }
    root
}

const ROOT_QUESTION: &str = "  help: is this the root of the soa-configs tree? name it with -d\n";

#[test]
fn a_directory_without_services_is_not_called_good() {
    let other = tree("wrong-other", &[("src/main.rs", "fn main() {}\n"), ("docs/notes.yaml", "a: 1\n")]);
    let empty = tree("wrong-empty", &[]);
    for root in [&other, &empty] {
        let output = run(root, &["check", "-d", ".", "--ignore", "hygiene,names"]);
        assert_eq!(code(&output), 0, "what lies in a tree never gives 2: {}", stderr(&output));
        assert_eq!(
            stdout(&output),
            "Nothing to check: no service has a file that PaaSTA reads.\n",
            "{}",
            stderr(&output)
        );
        let shown = fs::canonicalize(root).expect("a path");
        let warning = format!(
            "warning: no service of `{}` has a file that PaaSTA reads\n{ROOT_QUESTION}",
            shown.display()
        );
        assert_eq!(stderr(&output), warning);
    }
    let output = run(other.parent().expect("a parent"), &["check", "-d", "config-wrong-empty"]);
    assert!(
        stderr(&output).starts_with("warning: no service of `config-wrong-empty` has"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn machines_get_the_report_that_they_always_got() {
    let empty = tree("wrong-machines", &[]);
    let output = run(&empty, &["check", "-d", ".", "--output-format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    assert_eq!((code(&output), report["summary"]["services"].as_u64()), (0, Some(0)));
    assert!(stderr(&output).starts_with("warning: "), "{}", stderr(&output));
}

#[test]
fn other_commands_warn_too() {
    let empty = tree("wrong-commands", &[]);
    let output = run(&empty, &["emit", "synapse", "-d", "."]);
    assert!(stderr(&output).contains(ROOT_QUESTION), "{}", stderr(&output));
    let output = run(&empty, &["emit", "marathon", "-d", "."]);
    assert!(stderr(&output).contains(ROOT_QUESTION), "{}", stderr(&output));
    let output = run(&empty, &["baseline", "write", "-d", "."]);
    assert!(stderr(&output).contains(ROOT_QUESTION), "{}", stderr(&output));
}

#[test]
fn a_tree_with_services_gets_no_warning() {
    let root = tree("right", &SERVICES);
    let output = run(&root, &["check", "-d", ".", "--ignore", "monitoring,deploy"]);
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""), "{}", stdout(&output));
    // Files under names that PaaSTA does not read were meant for it all the same.
    let root = tree("right-misspelt", &[("accounts/marathon-norcal-prod.yml", FINE)]);
    assert_eq!(stderr(&run(&root, &["check", "-d", "."])), "");
    // Who names paths knows where they are.
    let root = tree("right-narrowed", &[("src/main.rs", "")]);
    assert_eq!(stderr(&run(&root, &["check", "-d", ".", "src"])), "");
}

#[test]
fn a_service_that_is_taken_for_a_tree_is_recognized() {
    let root = tree("wrong-service", &SERVICES);
    let output = run(&root, &["check", "-d", "accounts"]);
    assert_eq!(code(&output), 0);
    assert_eq!(
        stderr(&output),
        "warning: no service of `accounts` has a file that PaaSTA reads\n  help: `accounts` looks like a service: run `soalint check accounts` in its tree\n"
    );
    assert!(!stdout(&output).contains("All good"), "{}", stdout(&output));
}

#[test]
fn a_tree_below_the_root_is_one_finding() {
    let root = tree("wrong-below", &borrowed(&below("configs", &SERVICES)));
    let output = run(&root, &["check", "-d", ".", "--output-format", "concise", "-q"]);
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    assert_eq!(
        stdout(&output),
        "configs: warning[nested-directory] nothing reads the configuration in 2 directories of `configs`\n"
    );
    let help = "  help: `configs` looks like a tree of 2 services: name it with `-d configs`\n";
    assert!(stderr(&output).ends_with(help), "{}", stderr(&output));
}

#[test]
fn outside_of_any_tree_nobody_is_told_of_paths_that_nobody_named() {
    let root = outside("mistakes", &below("mistakes", &SERVICES));
    let output = run(&root, &["check", "mistakes"]);
    assert_eq!((code(&output), stdout(&output).as_str()), (2, ""));
    assert_eq!(
        stderr(&output),
        "error: `mistakes` lies in no soa-configs tree: there is no .soalint.yaml or .git above it, and /nail/etc/services does not exist\n  help: if `mistakes` is the tree: soalint check -d mistakes\n"
    );
    let output = run(&root, &["check", "mistaks"]);
    assert_eq!(
        stderr(&output),
        "error: cannot read `mistaks`: no such file or directory\n  help: did you mean `mistakes`?\n"
    );
    let output = run(&root.join("mistakes/accounts"), &["check"]);
    assert_eq!(
        stderr(&output),
        "error: this is no soa-configs tree: there is no .soalint.yaml or .git here or above, and /nail/etc/services does not exist\n  help: `accounts` looks like a service: soalint check -d .. .\n"
    );
    let helped = run(&root.join("mistakes/accounts"), &["check", "-d", "..", "."]);
    assert!(stdout(&helped).contains("of 1 service"), "{}", stdout(&helped));
    let _ = fs::remove_dir_all(&root);
}

#[test]
fn a_path_that_is_not_there_names_one_that_is() {
    let root = tree("missing-paths", &borrowed(&below("mistakes", &SERVICES)));
    let help = |directory: &Path, arguments: &[&str]| {
        let output = run(directory, &[&["check"], arguments].concat());
        assert_eq!(code(&output), 2, "{arguments:?}");
        stderr(&output).split_once("help: ").expect("help").1.trim().to_owned()
    };
    let inside = root.join("mistakes");
    assert_eq!(help(&root, &["-d", "mistakes", "accounts"]), "did you mean `mistakes/accounts`?");
    assert_eq!(help(&root, &["-d", "mistakes", "acounts"]), "did you mean `mistakes/accounts`?");
    assert_eq!(help(&inside, &["-d", ".", "acounts"]), "did you mean `accounts`?");
    assert_eq!(
        help(&inside, &["-d", ".", "acounts/marathon-norcal-prod.yaml"]),
        "did you mean `accounts/marathon-norcal-prod.yaml`?"
    );
    assert_eq!(
        help(&inside, &["-d", ".", "accounts/marathon-norcal-prdo.yaml"]),
        "did you mean `accounts/marathon-norcal-prod.yaml`?"
    );
    assert_eq!(
        help(&inside, &["-d", ".", "payments"]),
        "paths are relative to the current directory; -d names the root of the tree"
    );
}

fn git(directory: &Path, arguments: &[&str]) {
    let identity =
        ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
    let output = Command::new("git").current_dir(directory).args(identity).args(arguments).output();
    assert!(output.expect("git runs").status.success(), "{arguments:?}");
}

#[test]
fn nothing_staged_is_said_to_be_nothing() {
    let root = tree("nothing-staged", &SERVICES);
    git(&root, &["init", "-q"]);
    git(&root, &["add", "."]);
    git(&root, &["commit", "-q", "-m", "first"]);
    // The program needs git.
    let staged = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_soalint"));
        let output = command.current_dir(&root).args(["check", "--staged"]).args(arguments).output();
        let output = output.expect("soalint runs");
        assert_eq!((code(&output), stderr(&output).as_str()), (0, ""), "{arguments:?}");
        stdout(&output)
    };
    assert_eq!(staged(&[]), "Nothing is staged.\n");
    fs::write(root.join("README.md"), "text\n").expect("a file");
    git(&root, &["add", "README.md"]);
    assert_eq!(staged(&[]), "Nothing to check: no file of a service is staged.\n");
    fs::write(root.join("accounts/monitoring.yaml"), "team: other\n").expect("a file");
    git(&root, &["add", "accounts"]);
    assert_eq!(staged(&["search"]), "Nothing to check: no file of these services is staged.\n");
    assert!(staged(&["--ignore", "deploy"]).starts_with("All good: "), "{}", staged(&["--ignore", "deploy"]));
}

#[test]
fn everything_can_be_selected_and_format_is_a_short_name() {
    let root = tree("select-all", &SERVICES);
    let infos = |arguments: &[&str]| {
        let output = run(&root, &[&["check", "-d", ".", "--format", "json"], arguments].concat());
        let report: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
        report["summary"]["infos"].as_u64().expect("a number")
    };
    assert_eq!(infos(&[]), 0);
    let all = infos(&["--select", "all"]);
    assert!(all > 0, "advice that is off by default");
    assert_eq!(infos(&["--select", "all", "--ignore", "all"]), 0);
}
