//! Everything that is written: whole or not at all, through no link, with what existing files had, and
//! with nothing left behind.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use crate::support::nobody::copy_program;
use crate::support::program::{self, code, run, stderr, stdout, tree};

const REPAIRABLE: &str = "main:\n  cmd: x\n  cpu: 1\n";
const EMPTY_BASELINE: &str = "{\"version\": 1, \"findings\": {}}";

/// A tree `soa` with one repairable file, beside a directory `victim`.
fn place(name: &str) -> PathBuf {
    let root = tree(
        &format!("writing-{name}"),
        &[
            ("soa/.soalint.yaml", "dialect: documented\n"),
            ("soa/web/marathon-prod.yaml", REPAIRABLE),
            ("soa/web/service.yaml", "description: x\n"),
            ("soa/api/marathon-prod.yaml", "main:\n  cmd: x\n"),
            ("victim/file", "precious"),
            ("victim/base.json", EMPTY_BASELINE),
        ],
    );
    fs::canonicalize(root).expect("a path")
}

/// Every command that writes, run in the tree.
const WRITERS: [&[&str]; 7] = [
    &["check", "--output-format", "json=report.json", "--exit-zero"],
    &["check", "--output-format", "sarif=report.sarif", "--exit-zero"],
    &["baseline", "write"],
    &["baseline", "write", "-o", "other.json"],
    &["schema", "--write", "schemas"],
    &["check", "--fix", "--unsafe-fixes", "--exit-zero"],
    &["emit", "marathon", "-o", "out", "--all-clusters"],
];

/// The paths below a directory, sorted, with the names of links marked.
fn listing(directory: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![directory.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).expect("a listing") {
            let path = entry.expect("an entry").path();
            if path.is_dir() && !path.is_symlink() {
                open.push(path.clone());
            }
            found.push(path.strip_prefix(directory).expect("below").to_string_lossy().into_owned());
        }
    }
    found.sort();
    found
}

fn temporaries(directory: &Path) -> Vec<String> {
    let is_ours = |path: &String| {
        let name = path.rsplit('/').next().unwrap_or_default();
        [".tmp", ".soalint"].iter().any(|end| name.strip_suffix(end).is_some())
    };
    listing(directory).into_iter().filter(is_ours).collect()
}

fn victim_is_untouched(root: &Path) {
    assert_eq!(listing(&root.join("victim")), ["base.json", "file"]);
    assert_eq!(fs::read_to_string(root.join("victim/file")).unwrap(), "precious");
    assert_eq!(fs::read_to_string(root.join("victim/base.json")).unwrap(), EMPTY_BASELINE);
}

#[test]
fn nothing_is_left_beside_what_is_written() {
    let root = place("clean");
    for arguments in WRITERS {
        let output = run(&root.join("soa"), arguments);
        assert!(code(&output) < 2, "{arguments:?}: {}", stderr(&output));
    }
    assert_eq!(temporaries(&root), [""; 0]);
    for file in
        ["report.json", "report.sarif", ".soalint-baseline.json", "other.json", "schemas/catalog.json"]
    {
        assert!(root.join("soa").join(file).is_file(), "{file}");
    }
    assert!(root.join("soa/out/prod/web.main.json").is_file());
    victim_is_untouched(&root);
}

/// Names that could be guessed when they held the number of the process, as links to somebody's file.
#[test]
fn links_under_names_that_were_temporary_are_not_followed() {
    let root = place("planted");
    let soa = root.join("soa");
    fs::create_dir_all(soa.join("schemas/paasta-0.66")).unwrap();
    fs::create_dir_all(soa.join("out/prod")).unwrap();
    let mut links = Vec::new();
    for number in 1..=400 {
        for name in [
            format!("..soalint-baseline.json.{number}.tmp"),
            format!(".other.json.{number}.tmp"),
            format!("report.json.{number}.tmp"),
            format!("schemas/marathon.schema.{number}.tmp"),
            format!("out/prod/.web.main.json.{number}.tmp"),
            format!("web/.marathon-prod.yaml.{number}.soalint"),
        ] {
            symlink("../victim/file", soa.join(&name)).unwrap();
            links.push(name);
        }
    }
    for arguments in WRITERS {
        let output = run(&soa, arguments);
        assert!(code(&output) < 2, "{arguments:?}: {}", stderr(&output));
    }
    victim_is_untouched(&root);
    assert!(links.iter().all(|name| soa.join(name).is_symlink()));
}

/// What is written is a link that leads out of the tree.
#[test]
fn links_as_targets_are_not_followed_out_of_the_tree() {
    for (name, target, arguments) in [
        ("report", "report.json", WRITERS[0]),
        ("baseline", ".soalint-baseline.json", WRITERS[2]),
        ("named-baseline", "other.json", WRITERS[3]),
        ("schema", "schemas/marathon.schema.json", WRITERS[4]),
        ("payload", "out/prod/api.main.json", WRITERS[6]),
        ("fix", "web/marathon-prod.yaml", WRITERS[5]),
    ] {
        for goal in ["file", "base.json", "nothing"] {
            let root = place(&format!("target-{name}-{goal}"));
            let link = root.join("soa").join(target);
            if name == "payload" {
                // Only where soalint has written before, it puts a file in the place of something else.
                run(&root.join("soa"), arguments);
            }
            fs::create_dir_all(link.parent().unwrap()).unwrap();
            let _ = fs::remove_file(&link);
            symlink(root.join("victim").join(goal), &link).unwrap();
            let output = run(&root.join("soa"), arguments);
            victim_is_untouched(&root);
            // In a directory of soalint's own files, the file comes in place of the link.
            if matches!(name, "schema" | "payload") {
                assert!(!link.is_symlink() && link.is_file(), "{name}: {}", stderr(&output));
            } else if name != "fix" {
                assert_eq!(code(&output), 2, "{name} {goal}: {}", stderr(&output));
                let words = stderr(&output);
                assert!(words.contains("link") || words.contains("not overwritten"), "{words}");
            }
        }
    }
}

/// A directory on the way is a link that leads out of the tree.
#[test]
fn links_as_directories_are_not_followed_out_of_the_tree() {
    for (name, directory, arguments) in [
        ("out", "out", WRITERS[6]),
        ("cluster", "out/prod", WRITERS[6]),
        ("schemas", "schemas", WRITERS[4]),
        ("dialect", "schemas/paasta-0.66", WRITERS[4]),
        ("report", "reports", &["check", "--output-format", "json=reports/r.json", "--exit-zero"][..]),
        ("baseline", "reports", &["baseline", "write", "-o", "reports/b.json"]),
    ] {
        let root = place(&format!("directory-{name}"));
        let link = root.join("soa").join(directory);
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(root.join("victim"), &link).unwrap();
        let output = run(&root.join("soa"), arguments);
        victim_is_untouched(&root);
        assert_eq!(code(&output), 2, "{name}: {}", stderr(&output));
        assert!(stderr(&output).contains("link"), "{}", stderr(&output));
        assert_eq!(temporaries(&root), [""; 0]);
    }
}

/// A path that leads into a tree finds what strangers put there, wherever the run is at home.
#[test]
fn links_of_a_tree_are_not_followed_from_outside_either() {
    let root = place("from-outside");
    fs::create_dir_all(root.join("other/api")).unwrap();
    fs::write(root.join("other/api/marathon-prod.yaml"), "main: {cpus: 1}\n").unwrap();
    symlink(root.join("victim"), root.join("soa/web/out")).unwrap();
    for arguments in [
        &["schema", "--write", "soa/web/out"][..],
        &["schema", "--write", "soa/web/out/schemas"],
        &["emit", "marathon", "--all-clusters", "-d", "other", "-o", "soa/web/out"],
        &["check", "-d", "other", "--exit-zero", "--output-format", "json=soa/web/out/r.json"],
        &["baseline", "write", "-d", "other", "-o", "soa/web/out/b.json"],
    ] {
        let output = run(&root, arguments);
        victim_is_untouched(&root);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains("link"), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn a_link_of_the_users_own_keeps_leading_to_its_file() {
    let root = place("own-link");
    fs::create_dir_all(root.join("reports")).unwrap();
    fs::write(root.join("reports/1.json"), "old").unwrap();
    symlink("reports/1.json", root.join("latest.json")).unwrap();
    symlink("reports", root.join("current")).unwrap();
    for target in ["json=latest.json", "json=current/2.json"] {
        let output = run(&root, &["check", "-d", "soa", "--exit-zero", "--output-format", target]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
    }
    assert!(root.join("latest.json").is_symlink());
    for file in ["1.json", "2.json"] {
        let text = fs::read_to_string(root.join("reports").join(file)).unwrap();
        assert!(text.starts_with("{\n"), "{text}");
    }
}

/// Reports go to what the shell opened, as other programs' do.
#[test]
fn descriptors_and_pipes_are_written_to() {
    let root = place("descriptors");
    let soalint = env!("CARGO_BIN_EXE_soalint");
    assert!(std::process::Command::new("mkfifo").arg(root.join("pipe")).status().unwrap().success());
    let check = |rest: &str| {
        let script = format!("{soalint} check -d soa --exit-zero --output-format {rest}");
        let output = std::process::Command::new("timeout")
            .args(["20", "bash", "-c", &script])
            .current_dir(&root)
            .output()
            .unwrap();
        assert!(output.status.success(), "{rest}: {}", stderr(&output));
        output
    };
    for path in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "-"] {
        assert!(stdout(&check(&format!("json={path}"))).starts_with("{\n"), "{path}");
        check(&format!("json={path} > file.json"));
        let text = fs::read_to_string(root.join("file.json")).unwrap();
        assert!(text.starts_with("{\n") && text.ends_with("}\n"), "{path}: {text}");
    }
    check("json=/dev/fd/3 --output-format concise 3> third.json > first.txt");
    assert!(fs::read_to_string(root.join("third.json")).unwrap().starts_with("{\n"));
    assert!(fs::read_to_string(root.join("first.txt")).unwrap().contains("web/marathon-prod.yaml"));
    check("json=/dev/stderr 2> error.json");
    assert!(fs::read_to_string(root.join("error.json")).unwrap().starts_with("{\n"));
    check("json=/dev/null");
    check("json=pipe & cat pipe > piped.json; wait");
    assert!(fs::symlink_metadata(root.join("pipe")).unwrap().file_type().is_fifo());
    assert!(fs::read_to_string(root.join("piped.json")).unwrap().starts_with("{\n"));
    assert_eq!(temporaries(&root), [""; 0]);
}

#[test]
fn permissions_of_existing_files_stay() {
    let root = place("modes");
    let soa = root.join("soa");
    for (file, text, arguments) in [
        ("report.json", "old", WRITERS[0]),
        (".soalint-baseline.json", EMPTY_BASELINE, WRITERS[2]),
        ("schemas/marathon.schema.json", "old", WRITERS[4]),
        ("web/marathon-prod.yaml", REPAIRABLE, WRITERS[5]),
        ("out/prod/api.main.json", "old", WRITERS[6]),
    ] {
        let path = soa.join(file);
        if file.starts_with("out/") {
            // What soalint did not write there it does not overwrite.
            run(&soa, arguments);
        }
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let output = run(&soa, arguments);
        assert!(code(&output) < 2, "{file}: {}", stderr(&output));
        assert_ne!(fs::read_to_string(&path).unwrap(), text, "{file}");
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o640, "{file}");
    }
}

#[test]
fn a_file_of_several_names_is_not_fixed() {
    let root = place("hard-links");
    let (file, other) = (root.join("soa/web/marathon-prod.yaml"), root.join("other.yaml"));
    fs::hard_link(&file, &other).unwrap();
    let output = run(&root.join("soa"), WRITERS[5]);
    assert_eq!(code(&output), 2);
    let words = "`web/marathon-prod.yaml` is not fixed: it has another name (a hard link)";
    assert!(stderr(&output).contains(words), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(&file).unwrap(), REPAIRABLE);
    assert_eq!(fs::metadata(&file).unwrap().ino(), fs::metadata(&other).unwrap().ino());
    // A report is only soalint's: whoever has another name for the old one keeps that.
    fs::write(root.join("soa/report.json"), "old").unwrap();
    fs::hard_link(root.join("soa/report.json"), root.join("kept.json")).unwrap();
    assert_eq!(code(&run(&root.join("soa"), WRITERS[0])), 0);
    assert_eq!(fs::read_to_string(root.join("kept.json")).unwrap(), "old");
}

/// What killed runs left is removed by the next one that writes there, and what only looks like it is not.
#[test]
fn leftovers_are_removed() {
    let root = place("leftovers");
    let soa = root.join("soa");
    fs::create_dir_all(soa.join("out/prod")).unwrap();
    fs::create_dir_all(soa.join("schemas")).unwrap();
    let ours = [
        "..soalint-baseline.json.1.tmp",
        ".soalint-0123456789abcdef.tmp",
        "report.json.4711.tmp",
        ".other.json.1.tmp",
        "schemas/marathon.schema.12.tmp",
        "out/prod/.web.main.json.12.tmp",
        "web/.marathon-prod.yaml.1.soalint",
        "web/.marathon-other.yaml.1.soalint",
        "web/.soalint-00112233445566ff.tmp",
    ];
    let strangers = [
        ".another.json.1.tmp",
        "report.json.x.tmp",
        "report.json.tmp",
        ".soalint-xyz.tmp",
        "web/.marathon.soalint",
    ];
    for file in ours.iter().chain(&strangers) {
        fs::write(soa.join(file), "half").unwrap();
    }
    let checked = run(&soa, &["check", "--select", "all"]);
    assert!(
        !stdout(&checked).contains(".tmp") && !stdout(&checked).contains(".soalint\""),
        "{}",
        stdout(&checked)
    );
    for arguments in WRITERS {
        let output = run(&soa, arguments);
        assert!(code(&output) < 2, "{arguments:?}: {}", stderr(&output));
    }
    for file in ours {
        assert!(!soa.join(file).exists(), "{file}");
    }
    for file in strangers {
        assert!(soa.join(file).exists(), "{file}");
    }
    assert_eq!(
        fs::read_to_string(soa.join("web/marathon-prod.yaml")).unwrap(),
        "main:\n  cmd: x\n  cpus: 1\n"
    );
}

/// The program as a user who owns nothing of the tree; tests are root where they run for every change.
fn as_another_user(directory: &Path, arguments: &[&str]) -> std::process::Output {
    let mut command = std::process::Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups", &program_for_all()]).args(arguments);
    command.current_dir(directory).env_clear().env("COLUMNS", "100").output().expect("setpriv runs")
}

/// The program where every user can reach it.
fn program_for_all() -> String {
    let directory = std::env::temp_dir().join(format!("soalint-writing-{}", std::process::id()));
    fs::create_dir_all(&directory).expect("a directory");
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).expect("permissions");
    let program = directory.join("soalint");
    if !program.exists() {
        let own = directory.join(format!("{:?}", std::thread::current().id()));
        copy_program(&own);
        fs::rename(own, &program).expect("a name");
    }
    program.to_string_lossy().into_owned()
}

/// A tree outside of directories that only root may enter, which belongs to the other user.
fn open_place(name: &str) -> PathBuf {
    let root = std::env::temp_dir().join(format!("soalint-writing-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(root.join("web")).expect("a directory");
    fs::write(root.join("web/marathon-prod.yaml"), REPAIRABLE).expect("a file");
    fs::write(root.join(".soalint.yaml"), "dialect: documented\n").expect("a file");
    for directory in [root.clone(), root.join("web")] {
        std::os::unix::fs::chown(&directory, Some(65534), Some(65534))
            .expect("tests of permissions run as root");
    }
    root
}

#[test]
fn a_file_that_the_user_may_not_write_or_own_is_not_replaced() {
    for (mode, reason) in [
        (0o444, "this user may not write to it"),
        (0o644, "this user may not write to it"),
        (0o666, "it belongs to another user or group"),
    ] {
        let root = open_place(&format!("owner-{mode:o}"));
        let file = root.join("web/marathon-prod.yaml");
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        for arguments in
            [&["check", "--fix", "--unsafe-fixes"][..], &["check", "--add-ignore=why", "--select", "all"]]
        {
            let output = as_another_user(&root, arguments);
            assert_eq!(code(&output), 2, "{}", stderr(&output));
            let words = format!("`web/marathon-prod.yaml` is not fixed: {reason}");
            assert!(stderr(&output).contains(&words), "{}", stderr(&output));
            let all = stdout(&output) + &stderr(&output);
            assert!(!all.contains("in 0 files"), "{all}");
        }
        assert_eq!(fs::read_to_string(&file).unwrap(), REPAIRABLE);
        assert_eq!(fs::metadata(&file).unwrap().uid(), 0);
        assert_eq!(temporaries(&root), [""; 0]);
        fs::remove_dir_all(&root).unwrap();
    }
}

#[test]
fn a_file_of_the_users_own_is_replaced_and_stays_theirs() {
    let root = open_place("own");
    let file = root.join("web/marathon-prod.yaml");
    std::os::unix::fs::chown(&file, Some(65534), Some(65534)).unwrap();
    // Root may write everything, and what it writes still belongs to whom it belonged.
    let output = run(&root, &["check", "--fix", "--unsafe-fixes", "--exit-zero"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(fs::metadata(&file).unwrap().uid(), 65534);
    fs::write(&file, REPAIRABLE).unwrap();
    let output = as_another_user(&root, &["check", "--fix", "--unsafe-fixes", "--exit-zero"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(fs::read_to_string(&file).unwrap().contains("cpus"));
    fs::remove_dir_all(&root).unwrap();
}

/// A limit of processes that leaves none for threads.
#[test]
fn without_threads_everything_is_done_by_one() {
    let root = open_place("threads");
    let program = program_for_all();
    let git = "git init -q . && git add -A && git -c user.name=a -c user.email=a@b commit -qm x";
    let as_user = |script: &str| {
        let mut command = std::process::Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "bash", "-c", script]);
        command.current_dir(&root).env("HOME", &root).output().unwrap()
    };
    let made = as_user(git);
    assert!(made.status.success(), "{}", stderr(&made));
    for arguments in [
        "check",
        "check -j 8",
        "check --against HEAD",
        "check --staged",
        "check --fix --unsafe-fixes --diff",
        "check --output-format json=/dev/null",
        "emit marathon --all-clusters",
        "emit marathon -o out --all-clusters",
        "show web",
        "baseline write",
        "read web/marathon-prod.yaml",
        "schema --write schemas",
        "check --fix --unsafe-fixes",
    ] {
        let output = as_user(&format!("ulimit -u 1; exec {program} {arguments}"));
        let words = stderr(&output);
        assert!(
            output.status.code().is_some_and(|code| code <= 2),
            "{arguments}: {:?} {words}",
            output.status
        );
        assert!(!words.contains("panicked"), "{arguments}: {words}");
        if output.status.code() == Some(2) {
            assert!(words.contains("error: "), "{arguments}: {words}");
        }
    }
    fs::remove_dir_all(&root).unwrap();
}

/// INT and TERM while something is being written: nothing is left of it, and the status says which.
#[test]
fn interrupted_runs_leave_nothing() {
    use std::os::unix::process::ExitStatusExt as _;
    let root = place("interrupted");
    let soa = root.join("soa");
    let many = (0..400).map(|at| format!("i{at}:\n  cmd: x\n  cpu: {at}\n")).collect::<Vec<_>>().concat();
    for service in 0..40 {
        fs::create_dir_all(soa.join(format!("s{service}"))).unwrap();
        fs::write(soa.join(format!("s{service}/marathon-prod.yaml")), &many[..400]).unwrap();
    }
    let (mut interrupted, mut seen) = (0, 0);
    for round in 0..24_u64 {
        let (signal, number) = if round % 2 == 0 { ("-INT", 2) } else { ("-TERM", 15) };
        let arguments: &[&str] = match round % 3 {
            0 => &["schema", "--write", "schemas"],
            1 => &["check", "--fix", "--unsafe-fixes", "--exit-zero"],
            _ => &[
                "check",
                "--exit-zero",
                "--output-format",
                "sarif=report.sarif",
                "--output-format",
                "json=r.json",
            ],
        };
        let mut child = program::command(&soa, arguments)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        // As soon as a temporary file is there, or a little later each time.
        let begin = std::time::Instant::now();
        while child.try_wait().unwrap().is_none() && begin.elapsed().as_millis() < 400 + u128::from(round) {
            if !temporaries(&soa).is_empty() {
                seen += 1;
                break;
            }
        }
        let _ = std::process::Command::new("kill").args([signal, &child.id().to_string()]).output();
        let status = child.wait().unwrap();
        match status.signal() {
            Some(got) => {
                assert_eq!(got, number, "{arguments:?}");
                interrupted += 1;
            }
            None => assert_eq!(status.code(), Some(0), "{arguments:?}"),
        }
        assert_eq!(temporaries(&soa), [""; 0], "round {round}: {arguments:?}");
    }
    assert!(interrupted > 0, "no run was interrupted");
    println!("{interrupted} interrupted, {seen} with a temporary file");
}

/// A pipe that nobody writes to is no file to wait for.
#[test]
fn pipes_are_not_waited_for() {
    let root = place("pipes");
    let soa = root.join("soa");
    assert!(std::process::Command::new("mkfifo").arg(soa.join("pipe")).status().unwrap().success());
    let program = env!("CARGO_BIN_EXE_soalint");
    let bash = |script: &str| {
        let script = format!("exec timeout 20 bash -c '{}'", script.replace("soalint", program));
        std::process::Command::new("bash").args(["-c", &script]).current_dir(&soa).output().unwrap()
    };
    let output = bash("soalint read pipe");
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("cannot read `pipe`: it is not a regular file"), "{}", stderr(&output));
    for script in ["echo \"a: 1\" | soalint read /dev/stdin", "soalint read <(echo \"a: 1\")"] {
        let output = bash(script);
        assert_eq!(code(&output), 0, "{script}: {}", stderr(&output));
        assert!(stdout(&output).contains('1'), "{}", stdout(&output));
    }
    fs::remove_file(soa.join("web/marathon-prod.yaml")).unwrap();
    fs::rename(soa.join("pipe"), soa.join("web/marathon-prod.yaml")).unwrap();
    assert_eq!(code(&bash("soalint check --fix --unsafe-fixes")), 1);
}

#[test]
fn a_configuration_that_is_a_link_to_nowhere_says_so() {
    let root = place("nowhere");
    fs::remove_file(root.join("soa/.soalint.yaml")).unwrap();
    symlink("nowhere", root.join("soa/.soalint.yaml")).unwrap();
    let output = run(&root, &["check", "-d", "soa"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("`.soalint.yaml` is a link that leads nowhere"), "{}", stderr(&output));
}
