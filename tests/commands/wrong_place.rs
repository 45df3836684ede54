//! What the program says to who stands in the wrong directory or names something that is not there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::program::{code, fill, run, stderr, stdout, tree};

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
    fill(root, files)
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
    assert_eq!(
        stderr(&run(&root, &["check", "-d", ".", "src"])),
        "error: nothing of `src` is checked\n  help: `src` has no file that PaaSTA reads\n"
    );
}

#[test]
fn a_service_that_is_taken_for_a_tree_is_recognized() {
    let root = tree("wrong-service", &SERVICES);
    let output = run(&root, &["check", "-d", "accounts"]);
    assert_eq!(code(&output), 1, "its files are read by nothing there");
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
    fs::create_dir(root.join("other")).expect("a directory");
    let marks = "there is nothing with .soalint.yaml or with directories of services";
    let output = run(&root, &["check", "other"]);
    assert_eq!((code(&output), stdout(&output).as_str()), (2, ""));
    assert_eq!(
        stderr(&output),
        format!(
            "error: `other` lies in no soa-configs tree: {marks} above it, and /nail/etc/services does not exist\n  help: if `other` is the tree: soalint check -d other\n"
        )
    );
    let output = run(&root, &["check", "mistaks"]);
    assert_eq!(
        stderr(&output),
        "error: cannot read `mistaks`: no such file or directory\n  help: did you mean `mistakes`?\n"
    );
    let output = run(&root, &["check"]);
    assert_eq!((code(&output), stdout(&output).as_str()), (2, ""));
    assert_eq!(
        stderr(&output),
        format!(
            "error: this is not a soa-configs tree: {marks} here or above, and /nail/etc/services does not exist\n  help: `mistakes` looks like the tree: soalint check -d mistakes\n"
        )
    );
    let helped = run(&root, &["check", "-d", "mistakes"]);
    assert!(stdout(&helped).contains("in 3 files of 2 services"), "{}", stdout(&helped));
    let _ = fs::remove_dir_all(&root);
}

/// The tree that a run in `directory` takes, by the number of its services.
fn services(directory: &Path, arguments: &[&str]) -> Option<u64> {
    let output = run(directory, &[&["check", "--format", "json"], arguments].concat());
    let report: serde_json::Value = serde_json::from_str(&stdout(&output)).ok()?;
    report["summary"]["services"].as_u64()
}

#[test]
fn the_tree_is_the_nearest_directory_that_holds_services() {
    let root = outside("roots", &below("repository/configs", &SERVICES));
    let repository = root.join("repository");
    let configs = repository.join("configs");
    let nested = configs.join("accounts/autotuned_defaults");
    fs::create_dir_all(repository.join("docs")).expect("a directory");
    fs::create_dir_all(&nested).expect("a directory");
    fs::write(nested.join("marathon-norcal-prod.yaml"), FINE).expect("a file");
    // Without a repository, in one around the tree, and in one that begins with it.
    for mark in [None, Some(&repository), Some(&configs)] {
        let mark = mark.map(|directory| directory.join(".git"));
        if let Some(git) = &mark {
            fs::create_dir(git).expect("a directory");
        }
        for inside in [&configs, &configs.join("accounts"), &configs.join("search"), &nested] {
            assert_eq!(services(inside, &[]), Some(2), "{} {mark:?}", inside.display());
        }
        // Nothing is wrong with where one stands if one says what is meant.
        assert_eq!(services(&repository, &["configs"]), Some(2));
        assert_eq!(services(&repository, &["configs/accounts/monitoring.yaml"]), Some(1));
        assert_eq!(services(&repository, &[]), None);
        assert_eq!(services(&repository.join("docs"), &["../configs/search"]), Some(1));
        if let Some(git) = &mark {
            fs::remove_dir(git).expect("a directory");
        }
    }
    // A file in the root does not change what the root is.
    fs::write(configs.join("marathon-norcal-prod.yaml"), FINE).expect("a file");
    fs::create_dir(repository.join(".git")).expect("a directory");
    for inside in [&configs, &configs.join("accounts"), &nested] {
        let output = run(inside, &["check"]);
        assert_eq!(code(&output), 1, "{}", stdout(&output));
        assert!(stdout(&output).contains("error[file-in-root]"), "{}", stdout(&output));
        assert_eq!(services(inside, &[]), Some(2), "{}", inside.display());
    }
    // A repository is not left, even for a directory that holds services.
    let inner = configs.join("search/vendor");
    fs::create_dir_all(inner.join(".git")).expect("a directory");
    assert_eq!(services(&inner, &[]), None);
    // A configuration file is the root, whatever lies beside it.
    fs::write(repository.join(".soalint.yaml"), "").expect("a file");
    assert_eq!(services(&repository, &[]), Some(2), "`configs` and `docs` are taken for services");
    let _ = fs::remove_dir_all(&root);
}

#[test]
fn a_named_path_of_which_nothing_is_checked_is_exit_2() {
    let root = tree("named", &SERVICES);
    fs::write(root.join("marathon-norcal-prod.yaml"), FINE).expect("a file");
    fs::write(root.join("README.md"), "text").expect("a file");
    fs::create_dir_all(root.join("empty")).expect("a directory");
    for path in ["marathon-norcal-prod.yaml", "README.md", "./README.md"] {
        let output = run(&root, &["check", "-d", ".", path]);
        assert_eq!((code(&output), stdout(&output).as_str()), (2, ""), "{path}");
        let words = format!("error: nothing of `{path}` is checked: it is in no service\n");
        assert!(stderr(&output).starts_with(&words), "{}", stderr(&output));
    }
    // The rest is checked and reported all the same.
    let output = run(&root, &["check", "-d", ".", "search", "README.md"]);
    assert_eq!(code(&output), 2);
    assert!(stdout(&output).contains("of 1 service"), "{}", stdout(&output));
    let output = run(&root, &["check", "-d", ".", "empty", "--ignore", "names"]);
    assert_eq!((code(&output), stdout(&output).as_str()), (2, "Nothing to check: no file was read.\n"));
    assert!(stderr(&output).contains("nothing of `empty` is checked"), "{}", stderr(&output));
    // A warning does not make it checked.
    let output = run(&root, &["check", "-d", ".", "empty"]);
    assert!(stdout(&output).contains("warning[service-dir-empty]"), "{}", stdout(&output));
    assert_eq!(code(&output), 2);
}

#[test]
fn a_named_file_of_a_service_that_is_not_checked_is_exit_2() {
    let files = [
        ("web/marathon-prod.yaml", "main: {cmd: x, args: [y]}\n"),
        ("web/README.md", "text\n"),
        ("web/deployments.json", "{\"v1\": {}}\n"),
        ("web/eks-prod.yaml", "main: {}\n"),
        ("web/docs/notes.txt", "text\n"),
        ("other/eks-prod.yaml", "main: {}\n"),
    ];
    let root = tree("named-inside", &files);
    // What deploys reads deployments.json, and so does soalint.
    assert_eq!(code(&run(&root, &["check", "-d", ".", "web/deployments.json", "--exit-zero"])), 0);
    let yaml = "soalint checks the YAML files of a service";
    let kind = "soalint does not know files of this kind, and only reads them as YAML";
    let directory = "PaaSTA looks into no directory inside of a service";
    let reasons = [
        ("web/README.md", yaml),
        ("./web/README.md", yaml),
        ("web/eks-prod.yaml", kind),
        ("web/docs", directory),
        ("web/docs/", directory),
        ("web/docs/notes.txt", directory),
    ];
    for (path, reason) in reasons {
        let words = format!("error: nothing of `{path}` is checked: {reason}\n");
        let output = run(&root, &["check", "-d", ".", path]);
        assert_eq!(code(&output), 2, "{path}");
        assert!(stderr(&output).contains(&words), "{}", stderr(&output));
        assert!(
            stdout(&output).contains("error[cmd-and-args]"),
            "its service is reported: {}",
            stdout(&output)
        );
        let output = run(&root, &["check", "-d", ".", "--diff", path]);
        assert_eq!(code(&output), 2, "{path}");
        assert!(stderr(&output).contains(&words), "{}", stderr(&output));
        let output = run(&root, &["check", "-d", ".", "--list-files", path]);
        assert_eq!(stdout(&output), "web/eks-prod.yaml\nweb/marathon-prod.yaml\n");
        let is_read = path == "web/eks-prod.yaml";
        assert_eq!(code(&output), if is_read { 0 } else { 2 }, "{path}");
        assert_eq!(stderr(&output).contains(&words), !is_read, "{}", stderr(&output));
    }
    for path in ["web", "web/", "web/marathon-prod.yaml", "web/gone.yaml", "web/gone.md"] {
        let output = run(&root, &["check", "-d", ".", path]);
        assert_eq!(code(&output), 1, "{path}: {}", stderr(&output));
    }
    let output = run(&root, &["check", "-d", ".", "other"]);
    assert_eq!(code(&output), 2, "{}", stdout(&output));
    // What cannot be read is a finding, which says more.
    fs::create_dir_all(root.join("web/service.yaml")).expect("a directory");
    let output = run(&root, &["check", "-d", ".", "web/service.yaml"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert!(stdout(&output).contains("error[unreadable-file]"), "{}", stdout(&output));
    let output = run(&root, &["check", "-d", ".", "--list-files", "web"]);
    assert_eq!(
        (code(&output), stderr(&output).as_str()),
        (1, "note: `web/service.yaml` cannot be read: `soalint check` says why\n")
    );
    assert_eq!(stdout(&output), "web/eks-prod.yaml\nweb/marathon-prod.yaml\n");
    // Nothing says why a file of another kind cannot be read.
    fs::remove_dir(root.join("web/service.yaml")).expect("removed");
    for other in ["web/flink-prod.yaml", "web/notes.yml"] {
        fs::create_dir_all(root.join(other)).expect("a directory");
    }
    let output = run(&root, &["check", "-d", ".", "--list-files", "web"]);
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
    assert_eq!(stdout(&output), "web/eks-prod.yaml\nweb/marathon-prod.yaml\n");
}

#[test]
fn a_tree_that_is_taken_for_a_service_is_named() {
    let files = [("configs/web/marathon-prod.yaml", FINE), ("beside/service.yaml", "description: x\n")];
    let root = outside("tree-as-service", &files.map(|(path, text)| (path.to_owned(), text)));
    for path in ["configs/web/marathon-prod.yaml", "configs/web", "configs"] {
        for mode in [&[][..], &["--diff"], &["--list-files"]] {
            let output = run(&root, &[&["check", path], mode].concat());
            assert_eq!(code(&output), 2, "{path} {mode:?}: {}", stdout(&output));
            let words = format!("error: nothing of `{path}` is checked");
            assert!(stderr(&output).contains(&words), "{}", stderr(&output));
            assert!(stderr(&output).contains("name it with `-d configs`"), "{}", stderr(&output));
        }
    }
    let output = run(&root, &["check", "-d", "configs", "configs/web/marathon-prod.yaml"]);
    assert_ne!(code(&output), 2, "{}", stderr(&output));
    let _ = fs::remove_dir_all(&root);
}

#[cfg(unix)]
#[test]
fn a_path_through_a_link_out_of_the_tree_is_its_service() {
    let files = [("out/marathon-prod.yaml", FINE), ("T/api/marathon-prod.yaml", FINE)];
    let root = outside("link-out", &files.map(|(path, text)| (path.to_owned(), text)));
    std::os::unix::fs::symlink("../out", root.join("T/web")).expect("a link");
    let service = run(&root, &["check", "-d", "T", "web"]);
    assert_eq!(code(&service), 1, "{}", stderr(&service));
    assert!(stdout(&service).contains("error[unreadable-file]"), "{}", stdout(&service));
    for path in ["T/web", "T/web/marathon-prod.yaml", "T/web/gone.yaml"] {
        let output = run(&root, &["check", "-d", "T", path]);
        assert_eq!((code(&output), stdout(&output)), (1, stdout(&service)), "{path}: {}", stderr(&output));
    }
    let listed = run(&root, &["check", "-d", "T", "--list-files"]);
    assert_eq!((code(&listed), stdout(&listed).as_str()), (1, "T/api/marathon-prod.yaml\n"));
    assert_eq!(stderr(&listed), "note: `T/web` cannot be read: `soalint check` says why\n");
    let _ = fs::remove_dir_all(&root);
}

#[test]
fn names_are_taken_like_paths() {
    let root = tree("by-name", &SERVICES);
    let other = root.parent().expect("a parent");
    let d = root.to_str().expect("UTF-8");
    for word in ["accounts", "accounts.main", &format!("{d}/accounts"), &format!("{d}/accounts/service.yaml")]
    {
        assert_eq!(services(other, &["-d", d, word]), Some(1), "{word}");
    }
    let output = run(other, &["check", "-d", d, "payments"]);
    assert_eq!(code(&output), 2);
    for word in ["accounts.mian", "accounts."] {
        let output = run(other, &["check", "-d", d, word]);
        assert_eq!(code(&output), 2, "{word}");
        assert_eq!(
            stderr(&output),
            format!(
                "error: nothing of `{word}` is checked: `accounts` has no instance or namespace of that name\n"
            )
        );
    }
    // What cannot be read may name it.
    fs::write(root.join("accounts/chronos-norcal-prod.yaml"), "mian: [\n").expect("a file");
    assert_eq!(code(&run(other, &["check", "-d", d, "accounts.mian"])), 1);
}

#[test]
fn what_depends_on_a_removed_service_is_checked() {
    let files = [
        ("web/smartstack.yaml", "main: {proxy_port: 20001}\n"),
        ("api/marathon-prod.yaml", "main: {instances: 1, registrations: [web.main]}\n"),
        ("cron/service.yaml", "description: x\n"),
    ];
    let root = tree("removed", &files);
    git(&root, &["init", "-q"]);
    git(&root, &["add", "."]);
    git(&root, &["commit", "-q", "-m", "first"]);
    fs::remove_dir_all(root.join("web")).expect("removed");
    let check = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_soalint"));
        let output = command.current_dir(&root).args(["check", "-d", "."]).args(arguments).output();
        output.expect("soalint runs")
    };
    for path in ["web", "web/smartstack.yaml"] {
        let output = check(&[path]);
        assert_eq!(code(&output), 1, "{}", stderr(&output));
        assert!(stdout(&output).contains("registration-target-missing"), "{}", stdout(&output));
        assert!(stdout(&output).contains("of 1 service"), "{}", stdout(&output));
    }
    git(&root, &["rm", "-rq", "--cached", "web"]);
    assert_eq!(code(&check(&["web"])), 1, "HEAD knows it");
    git(&root, &["commit", "-q", "-m", "second"]);
    let output = check(&["web"]);
    assert_eq!(code(&output), 2, "nobody knows it any more");
    assert!(stderr(&output).contains("cannot read `web`"), "{}", stderr(&output));
}

#[test]
fn paths_are_shown_from_where_one_stands() {
    let files = [
        ("web/marathon-prod.yaml", "main: {cmd: x, args: [y]}\n"),
        ("api/marathon-prod.yaml", "main: {cmd: x, args: [y]}\n"),
    ];
    let root = outside("shown", &files.map(|(path, text)| (path.to_owned(), text)));
    let lines = |directory: &Path| {
        let output = run(directory, &["check", "--format", "concise", "--only", "cmd-and-args", "-q"]);
        let text = stdout(&output);
        text.lines().map(|line| line.split(": ").next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(lines(&root), ["api/marathon-prod.yaml:1:16", "web/marathon-prod.yaml:1:16"]);
    assert_eq!(lines(&root.join("web")), ["../api/marathon-prod.yaml:1:16", "marathon-prod.yaml:1:16"]);
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
    assert_eq!(help(&root, &["-d", "mistakes", "acounts"]), "did you mean `mistakes/accounts`?");
    assert_eq!(help(&inside, &["-d", ".", "acounts"]), "did you mean `accounts`?");
    assert_eq!(
        help(&inside, &["-d", ".", "acounts/marathon-norcal-prod.yaml"]),
        "did you mean `accounts/marathon-norcal-prod.yaml`?"
    );
    assert_eq!(
        help(&inside, &["-d", ".", "payments"]),
        "paths are relative to the current directory; -d names the root of the tree"
    );
    // A file that is gone is one of its service.
    let gone = run(&inside, &["check", "-d", ".", "accounts/marathon-norcal-prdo.yaml"]);
    assert!(stdout(&gone).contains("of 1 service"), "{}", stderr(&gone));
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

/// What `--diff` prints is a patch that other programs take where it was made.
#[test]
fn a_difference_is_a_patch() {
    let volume = |mode: &str| {
        format!(
            "main:\n  extra_volumes:\n  - {{containerPath: /a, hostPath: /b, mode: {mode}}}\n  cmd: a\n  instances: 1"
        )
    };
    let before = volume("ro");
    let windows = before.replace('\n', "\r\n") + "\r\n";
    let files = [
        ("web/marathon-prod.yaml", before.as_str()),
        ("web/marathon-dev.yaml", windows.as_str()),
        ("a b/marathon-prod.yaml", before.as_str()),
        ("é\"x/marathon-prod.yaml", before.as_str()),
        ("api/marathon-prod.yml", before.as_str()),
    ];
    for (name, from) in [("tree", "."), ("service", "web")] {
        for program in [&["git", "apply", "-"][..], &["patch", "-p1", "--binary"]] {
            let root = outside(
                &format!("patch-{name}-{}", program[0]),
                &files.map(|(path, text)| (path.to_owned(), text)),
            );
            let directory = root.join(from);
            let unsafe_too = ["check", "--diff", "--unsafe-fixes", "--quiet"];
            let scope: &[&str] = if from == "." { &[] } else { &["."] };
            let patch = run(&directory, &[&unsafe_too[..], scope].concat());
            assert_eq!(code(&patch), 1, "{}", stderr(&patch));
            let mut child = Command::new(program[0])
                .args(&program[1..])
                .current_dir(&directory)
                .stdin(std::process::Stdio::piped())
                .stdout(std::process::Stdio::piped())
                .stderr(std::process::Stdio::piped())
                .spawn()
                .expect("the program runs");
            std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), &patch.stdout)
                .expect("written");
            let output = child.wait_with_output().expect("it ends");
            let said = format!("{}{}{}", stdout(&patch), stdout(&output), stderr(&output));
            assert!(output.status.success(), "{program:?} in {from}: {said}");
            let again = run(&directory, &[&unsafe_too[..], scope].concat());
            assert_eq!((code(&again), stdout(&again).as_str()), (0, ""), "{said}");
            let text = fs::read_to_string(root.join("web/marathon-dev.yaml")).expect("a file");
            assert!(text.contains("mode: RO}\r\n"), "{said}");
            let _ = fs::remove_dir_all(&root);
        }
    }
}

/// Files of other programs, and of later versions of PaaSTA.
#[test]
fn files_of_unknown_kinds_are_named_and_not_counted() {
    let good = [
        ("web/marathon-prod.yaml", "main: {instances: 1}\n"),
        ("web/eks-prod.yaml", "main: {anything: 1}\n"),
        ("web/eks-stage.yaml", "main: {anything: 1}\n"),
        ("web/tron-prod.yaml", "jobs: []\n"),
        ("api/kubernetes-prod.yaml", "main: {}\n"),
        ("api/flink-prod.yaml", "main: {}\n"),
        ("api/paasta_native-prod.yaml", "main: {}\n"),
        ("api/lb.yaml", "a: 1\n"),
        ("api/odd.yaml", "a: 1\n"),
    ];
    let root = tree("unknown-kinds", &good);
    let output = run(&root, &["check", "-d", ".", "--only", "yaml-syntax", "--color", "never"]);
    assert_eq!(code(&output), 0);
    assert_eq!(stdout(&output), "All good: nothing found in 1 file of 2 services.\n");
    assert_eq!(
        stderr(&output),
        "note: 8 files are of kinds that soalint does not know, and at most read as YAML: `eks-*.yaml` (2), `flink-*.yaml`, \
         `kubernetes-*.yaml`, `lb.yaml`, `odd.yaml` and 2 more\n"
    );
    let output = run(&root, &["check", "-d", ".", "-q", "--only", "yaml-syntax", "--output-format", "json"]);
    assert_eq!(stderr(&output), "");
    let report: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    assert_eq!(report["summary"]["files"], 1);
    let unknown: Vec<&str> = report["summary"]["unknown_files"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|file| file.as_str())
        .collect();
    assert_eq!(
        unknown,
        [
            "api/flink-prod.yaml",
            "api/kubernetes-prod.yaml",
            "api/lb.yaml",
            "api/odd.yaml",
            "api/paasta_native-prod.yaml",
            "web/eks-prod.yaml",
            "web/eks-stage.yaml",
            "web/tron-prod.yaml"
        ]
    );
    let root = tree("unknown-kinds-only", &[("web/eks-prod.yaml", "main: {}\n")]);
    let output = run(&root, &["check", "-d", ".", "--only", "yaml-syntax"]);
    assert!(!stdout(&output).contains("All good"), "{}", stdout(&output));
    // What is broken is said to be so, and not that nobody reads it.
    let root = tree(
        "unknown-kinds-broken",
        &[("web/marathon-prod.yaml", "main: {}\n"), ("web/eks-prod.yaml", "main: [\n")],
    );
    let output = run(&root, &["check", "-d", "."]);
    let said = stdout(&output);
    assert!(
        said.contains("warning[yaml-syntax]") && said.contains("whatever reads this file fails on it"),
        "{said}"
    );
    assert!(!said.contains("PaaSTA reads no file of this name"), "{said}");
}

#[test]
fn a_baseline_is_named_as_the_user_reaches_it() {
    let files = [
        ("T/web/marathon-prod.yaml", "main: {cmd: x, args: [y]}\n"),
        ("T/.soalint.yaml", "baseline: .soalint-baseline.json\n"),
    ];
    let root = outside("baseline-name", &files.map(|(path, text)| (path.to_owned(), text)));
    let missing = "cannot use the baseline `T/.soalint-baseline.json`: there is no such file";
    let output = run(&root, &["check", "-d", "T"]);
    assert!(stderr(&output).contains(missing), "{}", stderr(&output));
    let output = run(&root, &["baseline", "check", "-d", "T"]);
    assert!(stderr(&output).contains("`T/.soalint-baseline.json`"), "{}", stderr(&output));
    let output = run(&root, &["baseline", "write", "-d", "T"]);
    assert!(stdout(&output).ends_with(" to T/.soalint-baseline.json.\n"), "{}", stdout(&output));
    fs::write(root.join("T/web/marathon-prod.yaml"), "main: {cmd: x}\n").expect("a file");
    // A finding about it names it once from here.
    let output = run(&root, &["check", "-d", "T", "--format", "concise", "--select", "all"]);
    assert!(!stdout(&output).contains("T/T/"), "{}", stdout(&output));
    assert!(stdout(&output).contains("T/.soalint-baseline.json:"), "{}", stdout(&output));
    let _ = fs::remove_dir_all(&root);
}
