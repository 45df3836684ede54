//! That `--staged` sees what the next commit will hold, whatever the working tree says; that a sparse checkout
//! is whole; that renames carry findings along; and what is said where git cannot tell.

#![cfg(unix)]

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use crate::support::repository::{BOTH, FINE, Ran, Repository};

const STAGED: [&str; 4] = ["-d", ".", "--staged", "--only"];

const REGISTERED: &str = "main:\n  cmd: run\n  registrations: [web.main]\n";
const PORT: &str = "main:\n  proxy_port: 20001\n";

/// What `--staged` finds with these rules.
fn staged(repository: &Repository, rules: &str) -> Ran {
    repository.check(&[&STAGED[..], &[rules]].concat())
}

// ---- the index is the tree ----

#[test]
fn links_are_resolved_in_the_index() {
    let repository = Repository::new("index-links");
    repository.write("web/marathon-SHARED.yaml", FINE).link("web/marathon-prod.yaml", "marathon-SHARED.yaml");
    repository.write("api/marathon-prod.yaml", FINE).commit();
    // Broken in the index, good on disk; and the other way round.
    repository.write("web/marathon-SHARED.yaml", BOTH);
    repository.git(&["add", "-A"]);
    repository.write("web/marathon-SHARED.yaml", FINE);
    staged(&repository, "cmd-and-args").assert_found(&[("web/marathon-prod.yaml", "cmd-and-args")]);
    repository.git(&["add", "-A"]);
    repository.write("web/marathon-SHARED.yaml", BOTH).write("web/notes.txt", "x");
    repository.git(&["add", "web/notes.txt"]);
    staged(&repository, "cmd-and-args").assert_found(&[]);
    // A link whose target is only on disk leads nowhere in the commit.
    repository.link("api/marathon-stage.yaml", "target.yaml").write("api/target.yaml", FINE);
    repository.git(&["add", "api/marathon-stage.yaml"]);
    staged(&repository, "cmd-and-args").assert_found(&[("api/marathon-stage.yaml", "unreadable-file")]);
    // One whose target is only staged leads there.
    repository.git(&["add", "api/target.yaml"]);
    repository.remove("api/target.yaml");
    staged(&repository, "cmd-and-args").assert_found(&[]);
}

#[test]
fn a_change_is_seen_through_links() {
    let repository = Repository::new("through-links");
    repository.write("web/marathon-SHARED.yaml", FINE).write("plain/marathon-prod.yaml", FINE);
    repository.link("api/marathon-prod.yaml", "../web/marathon-SHARED.yaml").link("also", "web");
    repository.link("web/marathon-prod.yaml", "marathon-SHARED.yaml");
    repository.link("further/marathon-prod.yaml", "../api/./marathon-prod.yaml");
    repository.link("front", "api").commit();
    repository.write("web/marathon-SHARED.yaml", BOTH);
    let expected = [
        ("also/marathon-prod.yaml", "cmd-and-args"),
        ("api/marathon-prod.yaml", "cmd-and-args"),
        ("front/marathon-prod.yaml", "cmd-and-args"),
        ("further/marathon-prod.yaml", "cmd-and-args"),
        ("web/marathon-prod.yaml", "cmd-and-args"),
    ];
    let against = ["-d", ".", "--against", "HEAD", "--only", "cmd-and-args"];
    repository.check(&against).assert_found(&expected);
    repository.git(&["add", "-A"]);
    staged(&repository, "cmd-and-args").assert_found(&expected);
}

#[test]
fn announced_files_are_not_staged() {
    let repository = Repository::new("intent-to-add");
    repository.write("web/marathon-prod.yaml", FINE).write("web/marathon-empty.yaml", "").commit();
    repository.write("web/marathon-new.yaml", BOTH).write("later/marathon-prod.yaml", BOTH);
    repository.git(&["add", "-N", "."]);
    let ran = staged(&repository, "cmd-and-args");
    assert_eq!(ran.stdout, "Nothing is staged.\n");
    repository.write("web/monitoring.yaml", "");
    repository.git(&["add", "web/monitoring.yaml"]);
    let ran = staged(&repository, "cmd-and-args");
    // The empty file that is there, and the one that is staged; not those that are announced.
    assert!(ran.stdout.contains("in 3 files of 1 service"), "{}", ran.stdout);
    // One that the last commit has, and that was taken out of the index and announced again.
    repository.git(&["rm", "-q", "--cached", "web/marathon-empty.yaml", "web/marathon-prod.yaml"]);
    repository.git(&["add", "-N", "."]);
    let ran = staged(&repository, "cmd-and-args");
    assert!(ran.stdout.contains("in 1 file of 1 service"), "{}", ran.stdout);
    assert_eq!(
        repository.clone_of_staged().check(&["-d", ".", "web", "--only", "cmd-and-args"]).stdout,
        ran.stdout
    );
}

#[test]
fn flags_of_the_index_have_no_effect() {
    for flag in ["--assume-unchanged", "--skip-worktree"] {
        let repository = Repository::new(&format!("flag{flag}"));
        repository.write("web/marathon-prod.yaml", BOTH).write("api/marathon-prod.yaml", FINE).commit();
        repository.git(&["update-index", flag, "web/marathon-prod.yaml", "api/marathon-prod.yaml"]);
        repository.write("web/marathon-prod.yaml", FINE).write("web/notes.txt", "x");
        repository.git(&["add", "web/notes.txt"]);
        let expected = [("web/marathon-prod.yaml", "cmd-and-args")];
        staged(&repository, "cmd-and-args").assert_found(&expected);
        // In the working tree what is on disk counts, whatever git thinks of it.
        repository.write("api/marathon-prod.yaml", BOTH);
        let against = ["-d", ".", "--against", "HEAD", "--only", "cmd-and-args"];
        repository.check(&against).assert_found(&[("api/marathon-prod.yaml", "cmd-and-args")]);
    }
}

#[test]
fn conflicts_are_named() {
    let repository = Repository::new("conflicts");
    repository.write("web/marathon-prod.yaml", FINE).write("api/marathon-prod.yaml", FINE).commit();
    repository.git(&["checkout", "-q", "-b", "other"]);
    repository.write("web/marathon-prod.yaml", BOTH).write("api/marathon-prod.yaml", "").commit();
    repository.git(&["checkout", "-q", "main"]);
    repository.write("web/marathon-prod.yaml", "").write("api/marathon-prod.yaml", BOTH).commit();
    let merged = Command::new("git").args(["merge", "-q", "other"]).current_dir(&repository.0).output();
    assert!(!merged.expect("git runs").status.success());
    let ran = staged(&repository, "cmd-and-args");
    assert_eq!(ran.code, Some(2), "{}", ran.stdout);
    let words = "error: the index has conflicts in `api/marathon-prod.yaml`, `web/marathon-prod.yaml`\n  \
                 help: resolve the conflicts and stage the result with `git add`\n";
    assert_eq!(ran.stderr, words);
}

#[test]
fn submodules_are_named_as_unread() {
    let repository = Repository::new("submodule");
    let inner = Repository::new("submodule-inner");
    inner.write("marathon-prod.yaml", BOTH).commit();
    repository.write("web/marathon-prod.yaml", FINE).commit();
    let commit = inner.git(&["rev-parse", "HEAD"]);
    let entry = format!("160000,{},api", commit.trim());
    repository.git(&["update-index", "--add", "--cacheinfo", &entry]);
    repository.write(".gitmodules", "[submodule \"api\"]\n\tpath = api\n\turl = ../submodule-inner\n");
    repository.git(&["add", ".gitmodules"]);
    for arguments in [&["--staged"][..], &["--staged", "--against", "HEAD"]] {
        let ran = repository.check(&[&["-d", "."], arguments].concat());
        ran.assert_found(&[("api", "unreadable-file")]);
        assert!(ran.stdout.contains("it is a submodule"), "{}", ran.stdout);
    }
    // On disk an empty directory stands for it.
    fs::create_dir_all(repository.0.join("api")).expect("a directory");
    for arguments in [&["-d", "."][..], &["-d", ".", "api"], &["-d", ".", "--against", "HEAD"]] {
        let ran = repository.check(arguments);
        assert!(ran.stdout.contains("api: error[unreadable-file]"), "{arguments:?}: {}", ran.stdout);
    }
    // A submodule that is there is read as any directory.
    repository.git(&["-c", "protocol.file.allow=always", "submodule", "-q", "update", "--init"]);
    let ran = repository.check(&["-d", ".", "--only", "cmd-and-args"]);
    ran.assert_found(&[("api/marathon-prod.yaml", "cmd-and-args")]);
}

#[test]
fn the_index_of_a_partial_commit_is_honoured_wherever_it_is() {
    let repository = Repository::new("partial");
    repository
        .write("configs/web/marathon-prod.yaml", FINE)
        .write("configs/api/marathon-prod.yaml", FINE)
        .commit();
    let other = std::env::temp_dir().join(format!("soalint-index-{}", std::process::id()));
    fs::copy(repository.0.join(".git/index"), &other).expect("an index");
    repository.write("configs/web/marathon-prod.yaml", BOTH);
    let add = Command::new("git")
        .args(["add", "-A"])
        .current_dir(&repository.0)
        .env("GIT_INDEX_FILE", &other)
        .status();
    assert!(add.expect("git runs").success());
    let staged = ["-d", "configs", "--staged", "--only", "cmd-and-args"];
    assert_eq!(repository.check(&staged).stdout, "Nothing is staged.\n");
    let mut command = repository.command(&staged);
    let ran = Ran::of(&command.env("GIT_INDEX_FILE", &other).output().expect("soalint runs"));
    ran.assert_found(&[("configs/web/marathon-prod.yaml", "cmd-and-args")]);
    // A relative one is relative to the root of the working tree, as for git, even if a hook goes elsewhere.
    fs::copy(&other, repository.0.join(".git/next-index")).expect("an index");
    let mut command = repository.command(&["-d", ".", "--staged", "--only", "cmd-and-args"]);
    command.current_dir(repository.0.join("configs")).env("GIT_INDEX_FILE", ".git/next-index");
    let ran = Ran::of(&command.output().expect("soalint runs"));
    ran.assert_found(&[("web/marathon-prod.yaml", "cmd-and-args")]);
    // That of another repository is not the index of this one.
    let stranger = Repository::new("partial-stranger");
    let mut command = stranger.command(&["-d", "../partial/configs", "--staged", "--only", "cmd-and-args"]);
    command.env("GIT_INDEX_FILE", &other);
    let ran = Ran::of(&command.output().expect("soalint runs"));
    assert_eq!(ran.stdout, "Nothing is staged.\n", "{}", ran.stderr);
    fs::remove_file(&other).expect("removed");
}

#[test]
fn worktrees_and_the_environment_of_their_hooks() {
    let repository = Repository::new("worktree");
    repository.write("web/marathon-prod.yaml", FINE).commit();
    let place = repository.0.with_file_name("worktree-linked");
    let _ = fs::remove_dir_all(&place);
    repository.git(&["worktree", "add", "-q", "-f", "-b", "linked", &place.display().to_string()]);
    let linked = Repository(place);
    linked.write("web/marathon-prod.yaml", BOTH);
    linked.git(&["add", "-A"]);
    let expected = [("web/marathon-prod.yaml", "cmd-and-args")];
    staged(&linked, "cmd-and-args").assert_found(&expected);
    assert_eq!(staged(&repository, "cmd-and-args").stdout, "Nothing is staged.\n");
    // git sets these in hooks of a worktree.
    let directory = linked.git(&["rev-parse", "--absolute-git-dir"]);
    let directory = directory.trim();
    let mut command = linked.command(&[&STAGED[..], &["cmd-and-args"]].concat());
    command.env("GIT_DIR", directory).env("GIT_INDEX_FILE", format!("{directory}/index"));
    Ran::of(&command.output().expect("soalint runs")).assert_found(&expected);
    // A working tree without `.git`, whose repository the environment alone names.
    let bare = repository.0.with_file_name("worktree-apart.git");
    let _ = fs::remove_dir_all(&bare);
    let apart = Repository::new("worktree-apart");
    fs::rename(apart.0.join(".git"), &bare).expect("moved");
    apart.write("configs/web/marathon-prod.yaml", BOTH);
    let names = [("GIT_DIR", bare.display().to_string()), ("GIT_WORK_TREE", apart.0.display().to_string())];
    let added = Command::new("git").args(["add", "-A"]).current_dir(&apart.0).envs(names.clone()).status();
    assert!(added.expect("git runs").success());
    let mut command = apart.command(&["-d", "configs", "--staged", "--only", "cmd-and-args"]);
    let found = Ran::of(&command.envs(names).output().expect("soalint runs"));
    found.assert_found(&[("configs/web/marathon-prod.yaml", "cmd-and-args")]);
}

#[test]
fn the_configuration_and_the_baseline_are_staged_as_well() {
    let repository = Repository::new("staged-configuration");
    repository.write("web/marathon-prod.yaml", BOTH).commit();
    repository.write("web/notes.txt", "x").write(".soalint.yaml", "rules:\n  cmd-and-args: \"off\"\n");
    repository.git(&["add", "web/notes.txt"]);
    let check = |arguments: &[&str]| {
        repository.check(&[&["-d", ".", "--staged", "--ignore", "deploy,monitoring"], arguments].concat())
    };
    // On disk, and not in the commit.
    check(&[]).assert_found(&[("web/marathon-prod.yaml", "cmd-and-args")]);
    check(&["--config", ".soalint.yaml"]).assert_found(&[]);
    repository.git(&["add", "-A"]);
    repository.remove(".soalint.yaml");
    check(&[]).assert_found(&[]);
    check(&["--isolated"]).assert_found(&[("web/marathon-prod.yaml", "cmd-and-args")]);
    // A baseline, through a link.
    repository
        .write(".soalint.yaml", "baseline: .soalint/known.json\n")
        .link(".soalint/known.json", "../known.json");
    repository.write("known.json", "{\"version\": 1, \"findings\": {}}");
    repository.git(&["add", "-A"]);
    check(&[]).assert_found(&[("web/marathon-prod.yaml", "cmd-and-args")]);
    repository.write("known.json", "no baseline");
    check(&[]).assert_found(&[("web/marathon-prod.yaml", "cmd-and-args")]);
    repository.git(&["add", "-A"]);
    let ran = check(&[]);
    assert!(ran.code == Some(2) && ran.stderr.contains("cannot use the baseline"), "{}", ran.stderr);
    repository.remove("known.json");
    repository.git(&["add", "-A"]);
    assert!(
        check(&[]).stderr.contains("`.soalint/known.json` is a link that leads nowhere"),
        "{}",
        check(&[]).stderr
    );
}

#[test]
fn what_a_changed_configuration_brings_stops_the_commit() {
    let repository = Repository::new("changed-configuration");
    let known = (".soalint.yaml", "baseline: known.json\nrules:\n  cmd-and-args: \"off\"\n");
    repository
        .write("web/marathon-prod.yaml", BOTH)
        .write("api/marathon-prod.yaml", "main:\n  cmd: run\n  unknwn: 1\n");
    repository.write(known.0, known.1).write("known.json", "{\"version\":1,\"findings\":{}}");
    let mut write = Command::new(env!("CARGO_BIN_EXE_soalint"));
    write.args(["baseline", "write", "-d", "."]).current_dir(&repository.0).env_clear();
    assert!(write.output().expect("soalint runs").status.success());
    let recorded = fs::read_to_string(repository.0.join("known.json")).expect("a file");
    assert!(recorded.contains("unknown-key"), "{recorded}");
    repository.commit();
    let check = |arguments: &[&str]| {
        repository.git(&["add", "-A"]);
        let rules = "cmd-and-args,unknown-key,baseline-stale";
        repository.check(&[&["-d", ".", "--staged", "--only", rules], arguments].concat())
    };
    check(&[]).assert_found(&[]);
    // A rule that is on now; then the same with a service that is touched, and for one service.
    let tightened = "baseline: known.json\n";
    repository.write(".soalint.yaml", tightened);
    check(&[]).assert_found(&[("web/marathon-prod.yaml", "cmd-and-args")]);
    check(&["api"]).assert_found(&[]);
    check(&["web"]).assert_found(&[("web/marathon-prod.yaml", "cmd-and-args")]);
    repository.write("new/marathon-prod.yaml", BOTH);
    check(&[]).assert_found(&[
        ("new/marathon-prod.yaml", "cmd-and-args"),
        ("web/marathon-prod.yaml", "cmd-and-args"),
    ]);
    repository.remove("new");
    // Whoever names the configuration, or asks for what is new since a commit, is not told.
    check(&["--config", ".soalint.yaml"]).assert_found(&[]);
    check(&["--against", "HEAD"]).assert_found(&[]);
    let listed = check(&["--list-files"]);
    assert_eq!(listed.stdout, "api/marathon-prod.yaml\nweb/marathon-prod.yaml\n", "{}", listed.stderr);
    // An entry less in the baseline.
    repository.write(known.0, known.1).write("known.json", "{\"version\":1,\"findings\":{}}");
    check(&[]).assert_found(&[("api/marathon-prod.yaml", "unknown-key")]);
    // No configuration any more.
    repository.remove(".soalint.yaml").write("known.json", &recorded);
    check(&[]).assert_found(&[
        ("api/marathon-prod.yaml", "unknown-key"),
        ("web/marathon-prod.yaml", "cmd-and-args"),
    ]);
    // What is broken stops it, and what mends that does not have to mend more.
    repository.write(".soalint.yaml", "rules: [\n");
    refused(&check(&[]), ".soalint.yaml", "");
    repository.commit();
    repository.write(".soalint.yaml", tightened);
    check(&[]).assert_found(&[]);
}

// ---- other services ----

#[test]
fn what_a_commit_breaks_elsewhere_stops_it() {
    let repository = Repository::new("breaks");
    repository.write("web/smartstack.yaml", PORT).write("web/marathon-prod.yaml", FINE);
    repository.write("api/marathon-prod.yaml", REGISTERED).write("old/marathon-prod.yaml", BOTH).commit();
    assert_eq!(repository.check(&["-d", ".", "--staged"]).stdout, "Nothing is staged.\n");
    let broken = |what: &str| {
        let ran = repository.check(&["-d", ".", "--staged"]);
        assert_eq!(ran.code, Some(1), "{what}: {}", ran.stdout);
        let found = ran.found();
        assert!(found.iter().any(|(file, _)| file == "api/marathon-prod.yaml"), "{what}: {found:?}");
        // What was there before, where nobody was, is not this change's.
        assert!(found.iter().all(|(file, _)| !file.starts_with("old/")), "{what}: {found:?}");
        repository.git(&["reset", "-q", "--hard"]);
    };
    repository.git(&["rm", "-q", "-r", "web"]);
    broken("a service is removed");
    repository.git(&["mv", "web", "shop"]);
    broken("a service is renamed");
    repository.write("web/smartstack.yaml", "other:\n  proxy_port: 20001\n");
    repository.git(&["add", "-A"]);
    broken("a namespace is renamed");
    // Two at once: one service is removed, another is edited.
    repository.git(&["rm", "-q", "-r", "web"]);
    repository.write("new/marathon-prod.yaml", BOTH);
    repository.git(&["add", "-A"]);
    let found = repository.check(&["-d", ".", "--staged"]).found();
    for file in ["api/marathon-prod.yaml", "new/marathon-prod.yaml"] {
        assert!(found.iter().any(|(other, _)| other == file), "{found:?}");
    }
    repository.git(&["reset", "-q", "--hard"]);
    // Nobody misses this one.
    repository.git(&["rm", "-q", "-r", "old"]);
    let ran = repository.check(&["-d", ".", "--staged"]);
    assert_eq!(ran.stdout, "Nothing to check: no service depends on what was removed.\n");
}

#[test]
fn in_touched_services_everything_is_reported() {
    let repository = Repository::new("touched");
    repository.write("web/marathon-prod.yaml", BOTH).write("api/marathon-prod.yaml", BOTH).commit();
    repository.write("web/notes.txt", "x");
    repository.git(&["add", "-A"]);
    staged(&repository, "cmd-and-args").assert_found(&[("web/marathon-prod.yaml", "cmd-and-args")]);
    let both = ["-d", ".", "--staged", "--against", "HEAD", "--only", "cmd-and-args"];
    repository.check(&both).assert_found(&[]);
    let ran = repository.check(&["-d", ".", "--staged", "--list-files"]);
    assert_eq!(ran.stdout, "web/marathon-prod.yaml\n");
}

#[test]
fn nothing_read_is_never_good() {
    let repository = Repository::new("nothing");
    repository.write("web/marathon-prod.yaml", FINE).write("api/marathon-prod.yaml", FINE).commit();
    repository.write("README.md", "text");
    repository.git(&["add", "-A"]);
    for arguments in [
        &["--staged"][..],
        &["--against", "HEAD"],
        &["--staged", "--against", "HEAD"],
        &["--against", "HEAD", "web"],
        &["--staged", "web"],
    ] {
        let ran = repository.check(&[&["-d", "."], arguments].concat());
        assert_eq!(ran.code, Some(0), "{arguments:?}: {}", ran.stderr);
        assert!(ran.stdout.starts_with("Nothing to check: no file of "), "{arguments:?}: {}", ran.stdout);
    }
}

// ---- renames ----

#[test]
fn findings_move_with_their_files() {
    let repository = Repository::new("renames");
    let long = format!("{BOTH}# {}\n", "words ".repeat(50));
    repository.write("web/marathon-prod.yaml", &long).write("web/marathon-stage.yaml", &long).commit();
    let known = ["-d", ".", "--against", "HEAD", "--only", "cmd-and-args"];
    let staged_known = ["-d", ".", "--staged", "--against", "HEAD", "--only", "cmd-and-args"];
    repository.git(&["mv", "web", "shop"]);
    repository.check(&known).assert_found(&[]);
    repository.check(&staged_known).assert_found(&[]);
    // Edited on the way: what is new is new.
    repository.write("shop/marathon-prod.yaml", &format!("{long}two:\n  cmd: run\n  args: [x]\n"));
    repository.git(&["add", "-A"]);
    let expected = [("shop/marathon-prod.yaml", "cmd-and-args")];
    repository.check(&known).assert_found(&expected);
    repository.check(&staged_known).assert_found(&expected);
    repository.git(&["reset", "-q", "--hard"]);
    // A file of a cluster in its service.
    repository.git(&["mv", "web/marathon-prod.yaml", "web/marathon-norcal.yaml"]);
    repository.check(&staged_known).assert_found(&[]);
    // Another that has nothing of it is no rename.
    repository.write("web/marathon-norcal.yaml", "a:\n  cmd: b\n  args: [c]\n");
    repository.git(&["add", "-A"]);
    repository.check(&staged_known).assert_found(&[("web/marathon-norcal.yaml", "cmd-and-args")]);
}

#[test]
fn entries_of_a_baseline_move_with_their_files() {
    let repository = Repository::new("baseline-renames");
    repository.write("web/marathon-prod.yaml", BOTH).write("web/marathon-stage.yaml", BOTH);
    repository.write("api/marathon-prod.yaml", "other:\n  cmd: run\n  args: [x]\n");
    repository
        .write(".soalint.yaml", "baseline: known.json\n")
        .write("known.json", "{\"version\":1,\"findings\":{}}");
    let baseline = |action: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_soalint"));
        command.args(["baseline", action, "-d", "."]).current_dir(&repository.0).env_clear();
        let output = command.output().expect("soalint runs");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    assert_eq!(baseline("write").0, Some(0));
    repository.commit();
    let check = |arguments: &[&str]| {
        repository.check(&[&["-d", ".", "--only", "cmd-and-args,baseline-stale"], arguments].concat())
    };
    check(&[]).assert_found(&[]);
    fs::rename(repository.0.join("web"), repository.0.join("shop")).expect("renamed");
    check(&[]).assert_found(&[]);
    check(&["shop"]).assert_found(&[]);
    assert_eq!(baseline("check"), (Some(0), String::new()));
    repository.git(&["add", "-A"]);
    check(&["--staged"]).assert_found(&[]);
    // A file in its directory.
    fs::rename(repository.0.join("api/marathon-prod.yaml"), repository.0.join("api/marathon-x.yaml"))
        .expect("renamed");
    check(&[]).assert_found(&[]);
    // Two that it could be: then neither is.
    fs::copy(repository.0.join("api/marathon-x.yaml"), repository.0.join("api/marathon-y.yaml"))
        .expect("copied");
    check(&["api"]).assert_found(&[
        ("api/marathon-x.yaml", "cmd-and-args"),
        ("api/marathon-y.yaml", "cmd-and-args"),
        ("known.json", "baseline-stale"),
    ]);
    // As long as the old file is there, its entry is its own.
    repository.remove("api/marathon-y.yaml");
    fs::copy(repository.0.join("api/marathon-x.yaml"), repository.0.join("api/marathon-prod.yaml"))
        .expect("copied");
    check(&["api"]).assert_found(&[("api/marathon-x.yaml", "cmd-and-args")]);
    assert_eq!(baseline("write").0, Some(0));
    assert!(!fs::read_to_string(repository.0.join("known.json")).expect("a file").contains("web/"));
}

#[test]
fn an_empty_directory_in_the_place_of_what_only_the_index_has_is_a_change() {
    let repository = Repository::new("empty-directories");
    repository.write("web/marathon-prod.yaml", FINE).write("web/deploy.yaml", "pipeline: []\n").commit();
    let check =
        || repository.check(&["-d", ".", "--against", "HEAD", "--only", "unreadable-file,service-dir-empty"]);
    let empty = |path: &str| fs::create_dir_all(repository.0.join(path)).expect("a directory");
    // A file, a link and what is only announced, in a service that HEAD has and in one that it does not have.
    repository.write("new/marathon-prod.yaml", FINE).link("web/marathon-link.yaml", "marathon-prod.yaml");
    repository.git(&["add", "new", "web"]);
    repository.write("web/marathon-intended.yaml", FINE).git(&["add", "-N", "web/marathon-intended.yaml"]);
    check().assert_found(&[]);
    for path in ["new/marathon-prod.yaml", "web/marathon-link.yaml", "web/marathon-intended.yaml"] {
        repository.remove(path);
        assert!(!check().stdout.contains("unreadable-file"), "{path}");
        empty(path);
        assert!(check().found().contains(&(path.to_owned(), "unreadable-file".to_owned())), "{path}");
        fs::remove_dir(repository.0.join(path)).expect("a directory");
    }
    // Services: a new one, one that was a link and one that was announced only.
    repository.git(&[
        "rm",
        "-q",
        "-r",
        "--cached",
        "new",
        "web/marathon-link.yaml",
        "web/marathon-intended.yaml",
    ]);
    let _ = fs::remove_dir_all(repository.0.join("new"));
    repository.link("also", "web");
    repository.git(&["add", "also"]);
    check().assert_found(&[]);
    repository.remove("also");
    empty("also");
    empty("bare");
    repository.write("left/marathon-prod.yaml", FINE).git(&["add", "left"]);
    repository.remove("left/marathon-prod.yaml");
    check().assert_found(&[
        ("also", "service-dir-empty"),
        ("bare", "service-dir-empty"),
        ("left", "service-dir-empty"),
    ]);
    // A tree of which git knows nothing.
    fs::create_dir_all(repository.0.join("some/configs/lone")).expect("a directory");
    repository.write("some/configs/api/marathon-prod.yaml", FINE);
    let ran = repository.check(&["-d", "some/configs", "--against", "HEAD", "--only", "service-dir-empty"]);
    ran.assert_found(&[("some/configs/lone", "service-dir-empty")]);
}

// ---- sparse checkouts ----

/// Three services that depend on each other; one is checked out.
fn sparse(name: &str, flags: &[&str]) -> Repository {
    let repository = Repository::new(name);
    repository.write("web/smartstack.yaml", PORT).write("web/marathon-prod.yaml", FINE);
    repository
        .write("api/marathon-prod.yaml", REGISTERED)
        .write("api/smartstack.yaml", "main:\n  proxy_port: 20002\n");
    repository.write("shared/marathon-SHARED.yaml", BOTH);
    repository.link("api/marathon-stage.yaml", "../shared/marathon-SHARED.yaml").link("also", "web").commit();
    repository.git(&[&["sparse-checkout", "set"], flags, &["api"]].concat());
    assert!(!repository.0.join("web").exists());
    repository
}

#[test]
fn a_sparse_checkout_is_whole_in_every_mode() {
    for (name, flags) in [
        ("sparse-cone", &["--cone"][..]),
        ("sparse-lines", &["--no-cone"]),
        ("sparse-index", &["--cone", "--sparse-index"]),
    ] {
        let repository = sparse(name, flags);
        let clone = repository.clone_of_staged();
        for arguments in [&[][..], &["api"], &["web"], &["also"], &["--list-files"], &["shared"]] {
            let arguments = [&["-d", "."], arguments].concat();
            let (here, there) = (repository.check(&arguments), clone.check(&arguments));
            assert_eq!(
                (here.code, &here.stdout),
                (there.code, &there.stdout),
                "{name} {arguments:?}: {}",
                here.stderr
            );
        }
        let show = |repository: &Repository, arguments: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_soalint"));
            command.args(arguments).current_dir(&repository.0).env_clear();
            command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
            let output = command.output().expect("soalint runs");
            (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
        };
        for arguments in [
            &["emit", "marathon", "-d", ".", "--cluster", "prod"][..],
            &["emit", "synapse", "-d", ".", "--format", "json"],
            &["show", "-d", ".", "web"],
        ] {
            assert_eq!(show(&repository, arguments), show(&clone, arguments), "{name} {arguments:?}");
        }
        // A port of a service that is not there is taken all the same.
        repository.write("api/smartstack.yaml", "main:\n  proxy_port: 20001\n");
        let port = ("api/smartstack.yaml", "proxy-port-duplicate");
        let rules = ["-d", ".", "--only", "proxy-port-duplicate"];
        let is_found =
            |ran: &Ran| ran.found().iter().any(|(file, rule)| (file.as_str(), rule.as_str()) == port);
        assert!(is_found(&repository.check(&[&rules[..], &["api"]].concat())), "{name}");
        assert!(is_found(&repository.check(&[&rules[..], &["--against", "HEAD"]].concat())), "{name}");
        repository.git(&["add", "-A"]);
        for arguments in [&["--staged"][..], &["--staged", "--against", "HEAD"]] {
            let ran = repository.check(&[&rules[..], arguments].concat());
            assert!(is_found(&ran), "{name} {arguments:?}: {}", ran.stdout);
        }
    }
}

#[test]
fn a_configuration_that_is_not_checked_out_counts() {
    let repository = Repository::new("sparse-configuration");
    repository
        .write("web/marathon-prod.yaml", BOTH)
        .write(".soalint.yaml", "rules:\n  cmd-and-args: \"off\"\n")
        .commit();
    repository.git(&["sparse-checkout", "set", "--no-cone", "/web/"]);
    assert!(!repository.0.join(".soalint.yaml").exists());
    repository.check(&["-d", ".", "--ignore", "deploy,monitoring"]).assert_found(&[]);
    // What was put there meanwhile is what is there.
    repository.write(".soalint.yaml", "");
    repository
        .check(&["-d", ".", "--ignore", "deploy,monitoring"])
        .assert_found(&[("web/marathon-prod.yaml", "cmd-and-args")]);
}

// ---- named paths ----

#[test]
fn a_named_path_of_which_nothing_is_checked_is_exit_2_in_every_mode() {
    let repository = Repository::new("named");
    repository.write("configs/web/marathon-prod.yaml", FINE).write("configs/web/notes.txt", "x");
    repository
        .write("configs/web/inner/marathon-prod.yaml", FINE)
        .write("configs/web/eks-prod.yaml", "main: {}\n");
    repository.write("configs/api/marathon-prod.yaml", FINE).commit();
    repository.write("configs/web/marathon-prod.yaml", BOTH).git(&["add", "-A"]);
    let common = ["-d", "configs", "--only", "cmd-and-args"];
    for mode in [&[][..], &["--staged"], &["--against", "HEAD"], &["--staged", "--against", "HEAD"]] {
        for (path, message) in [
            ("configs/nowhere", "configs/nowhere"),
            ("nowhere", "nowhere"),
            (
                "configs/web/notes.txt",
                "nothing of `configs/web/notes.txt` is checked: soalint checks the YAML files",
            ),
            (
                "configs/web/inner",
                "nothing of `configs/web/inner` is checked: PaaSTA looks into no directory",
            ),
            (
                "configs/web/eks-prod.yaml",
                "nothing of `configs/web/eks-prod.yaml` is checked: soalint does not know",
            ),
        ] {
            let ran = repository.check(&[&common[..], mode, &["configs/web", path]].concat());
            assert_eq!(ran.code, Some(2), "{mode:?} {path}: {}{}", ran.stdout, ran.stderr);
            assert!(ran.stderr.contains(message), "{mode:?} {path}: {}", ran.stderr);
            assert!(ran.stdout.contains("cmd-and-args"), "{mode:?} {path}: {}", ran.stdout);
        }
        // What could be checked and has not changed is none of them.
        let ran = repository
            .check(&[&common[..], mode, &["configs/web", "configs/api/marathon-prod.yaml"]].concat());
        assert_eq!(ran.code, Some(1), "{mode:?}: {}", ran.stderr);
    }
}

#[test]
fn a_service_that_is_gone_can_be_named() {
    let repository = Repository::new("gone-by-name");
    repository.write("configs/web/smartstack.yaml", PORT).write("configs/web/marathon-prod.yaml", FINE);
    repository.write("configs/api/marathon-prod.yaml", REGISTERED).commit();
    repository.git(&["rm", "-q", "-r", "configs/web"]);
    for mode in [&[][..], &["--staged"], &["--against", "HEAD"]] {
        for name in ["web", "web.main", "configs/web", "configs/web/smartstack.yaml"] {
            let ran = repository
                .check(&[&["-d", "configs", "--ignore", "deploy,monitoring"], mode, &[name]].concat());
            assert!(
                ran.code == Some(1) && ran.stdout.contains("configs/api/marathon-prod.yaml"),
                "{mode:?} {name}: {}{}",
                ran.stdout,
                ran.stderr
            );
        }
        let ran = repository.check(&[&["-d", "configs"], mode, &["wob"]].concat());
        assert!(ran.code == Some(2) && ran.stderr.contains("wob"), "{}", ran.stderr);
    }
}

// ---- where git cannot tell ----

fn refused(ran: &Ran, message: &str, help: &str) {
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{}", ran.stderr);
    assert!(ran.stderr.contains(message) && ran.stderr.contains(help), "{}", ran.stderr);
}

#[test]
fn names_that_are_no_commit_get_the_help_that_fits() {
    let repository = Repository::new("bases");
    repository.write("web/marathon-prod.yaml", BOTH);
    repository.git(&["add", "-A"]);
    // The first commit is compared with nothing.
    for base in ["HEAD", "main", "@"] {
        let ran = repository.check(&["-d", ".", "--staged", "--against", base, "--only", "cmd-and-args"]);
        ran.assert_found(&[("web/marathon-prod.yaml", "cmd-and-args")]);
    }
    refused(
        &repository.check(&["-d", ".", "--staged", "--against", "nowhere"]),
        "git knows no commit `nowhere`",
        "git fetch",
    );
    refused(
        &repository.check(&["-d", ".", "--against", "HEAD"]),
        "there is no commit yet",
        "`soalint check`",
    );
    repository.commit();
    for (range, help) in [
        ("main..HEAD", "`--against main` compares with"),
        ("main...HEAD", "`--against main` compares with"),
        ("..HEAD", "name one commit or branch"),
    ] {
        let ran = repository.check(&["-d", ".", "--against", range]);
        refused(&ran, &format!("`{range}` is a range, and a change is compared with one commit"), help);
    }
    for empty in ["", " "] {
        refused(&repository.check(&["-d", ".", "--against", empty]), "is empty", "is a variable not set?");
    }
}

#[test]
fn every_way_to_name_a_commit_is_understood() {
    let repository = Repository::new("names");
    repository.write("web/marathon-prod.yaml", FINE).commit();
    repository.git(&["tag", "-a", "-m", "x", "one"]);
    repository.git(&["tag", "-a", "-m", "x", "two", "one"]);
    repository.git(&["tag", "tree", "HEAD^{tree}"]);
    repository.git(&["tag", "-a", "-m", "x", "file", "HEAD:web/marathon-prod.yaml"]);
    repository.git(&["checkout", "-q", "-b", "other"]);
    repository.write("web/marathon-prod.yaml", BOTH);
    repository.git(&["commit", "-q", "-a", "-m", "fix: a..b"]);
    let against = |name: &str| repository.check(&["-d", ".", "--against", name, "--only", "cmd-and-args"]);
    let short = repository.git(&["rev-parse", "--short", "HEAD^"]);
    let described = format!("one-0-g{}", short.trim());
    for name in [
        "HEAD^",
        "@~1",
        "main",
        "heads/main",
        "refs/heads/main",
        "one",
        "two",
        "two^0",
        "@{-1}",
        "HEAD@{1}",
        ":/x",
        "HEAD^{/^x}",
        ":/!-fix",
        short.trim(),
        &described,
        "other@{1}",
        "main@{1 second ago}",
        "HEAD^{}~1",
    ] {
        against(name).assert_found(&[("web/marathon-prod.yaml", "cmd-and-args")]);
    }
    for name in ["HEAD", "@", "other", ":/fix", ":/a..b", "HEAD^{/fix: a}"] {
        against(name).assert_found(&[]);
    }
    for (name, kind) in [
        ("tree", "directory"),
        ("HEAD^{tree}", "directory"),
        ("HEAD:web", "directory"),
        (":0:web/marathon-prod.yaml", "file"),
        (":web/marathon-prod.yaml", "file"),
        ("HEAD:web/marathon-prod.yaml", "file"),
        ("file", "file"),
    ] {
        let message = format!("`{name}` is a {kind}, and a change is compared with a commit");
        refused(&against(name), &message, "name a commit, a branch or a tag of one");
    }
    for (name, message) in [
        (":/nowhere", "git knows no commit `:/nowhere`"),
        // An address in the place of a name must not give its password away.
        ("https://u:tangerine-41@h/x", "git knows no commit `https://u:************@h/x`"),
        ("HEAD^{/nowhere}", "git knows no commit `HEAD^{/nowhere}`"),
        ("HEAD~9", "git knows no commit `HEAD~9`"),
        ("^HEAD", "git knows no commit `^HEAD`"),
        ("HEAD^@", "git knows no commit `HEAD^@`"),
        ("HEAD^!", "git knows no commit `HEAD^!`"),
        (
            "0123456789012345678901234567890123456789",
            "git knows no commit `0123456789012345678901234567890123456789`",
        ),
        ("@{-9}", "git knows no commit `@{-9}`"),
        ("HEAD@{99}", "git knows no commit `HEAD@{99}`"),
        ("HEAD:nowhere", "nowhere"),
        ("no such\n\u{1b}[31mthing", "git knows no commit `no such"),
    ] {
        refused(&against(name), message, "");
    }
}

#[test]
fn clones_that_lack_something_get_the_help_that_fits() {
    let source = Repository::new("lacking");
    source
        .write("web/marathon-prod.yaml", &format!("# old\n{FINE}"))
        .write("api/smartstack.yaml", PORT)
        .commit();
    source.git(&["checkout", "-q", "-b", "old"]);
    source.git(&["checkout", "-q", "main"]);
    source.write("web/marathon-prod.yaml", BOTH).commit();
    source.git(&["config", "uploadpack.allowFilter", "true"]);
    let clone = |name: &str, flags: &[&str]| {
        let place = source.0.with_file_name(format!("lacking-{name}"));
        let _ = fs::remove_dir_all(&place);
        let address = format!("file://{}", fs::canonicalize(&source.0).expect("a directory").display());
        source.git(&[&["clone", "-q"], flags, &[&address, &place.display().to_string()]].concat());
        Repository(place)
    };
    let against = ["-d", ".", "--against", "origin/old"];
    for filter in ["--filter=blob:none", "--filter=tree:0"] {
        let filtered = clone(&filter[9..13], &[filter]);
        refused(&filtered.check(&against), "is missing here", "`git fetch --refetch --no-filter`");
        // And that does help.
        filtered.git(&["fetch", "-q", "--refetch", "--no-filter"]);
        filtered.check(&against).assert_found(&[("web/marathon-prod.yaml", "cmd-and-args")]);
    }
    let shallow = clone("shallow", &["--depth", "1", "--no-single-branch"]);
    refused(
        &shallow.check(&against),
        "`origin/old` and HEAD have no common commit here",
        "`git fetch --unshallow`",
    );
    let shallow = clone("single", &["--depth", "1"]);
    refused(&shallow.check(&against), "git knows no commit `origin/old`", "fetch-depth: 0");
    // Links that the clone does not have are no links to nothing, and the rest can be read all the same.
    source.link("api/marathon-prod.yaml", "../web/marathon-prod.yaml").link("also", "web");
    source.write(".soalint.yaml", "rules: {}\n").commit();
    for rest in [&["--staged"][..], &[]] {
        let links = clone("links", &["--filter=blob:none", "--sparse"]);
        links.git(&["sparse-checkout", "set", "web"]);
        let ran = links.check(&[&["-d", ".", "--only", "unreadable-file"], rest].concat());
        assert_eq!(ran.code, Some(2), "{}", ran.stdout);
        assert!(
            ran.stderr.contains("is missing here") && !ran.stderr.contains(".soalint.yaml"),
            "{}",
            ran.stderr
        );
        assert!(ran.stderr.contains("`git fetch --refetch --no-filter`"), "{}", ran.stderr);
        assert!(!ran.stdout.contains("nowhere"), "{}", ran.stdout);
        if rest.is_empty() {
            assert!(ran.stdout.contains("api/marathon-prod.yaml: error[unreadable-file] this file cannot be read: git does not have it"), "{}", ran.stdout);
        }
    }
    // Sparse and without the rest: what is left out cannot be read.
    let sparse = clone("sparse", &["--filter=blob:none", "--sparse"]);
    sparse.git(&["sparse-checkout", "set", "web"]);
    let ran = sparse.check(&["-d", ".", "web"]);
    assert_eq!(ran.code, Some(2), "{}", ran.stdout);
    assert!(ran.stderr.contains("`git fetch --refetch --no-filter`"), "{}", ran.stderr);
}

// ---- hostile content ----

#[test]
fn what_an_index_can_hold_does_no_harm() {
    let repository = Repository::new("hostile-index");
    repository.write("web/marathon-prod.yaml", FINE).commit();
    let blob = |text: &[u8]| {
        let place = repository.0.join("blob");
        fs::write(&place, text).expect("a file");
        let name = repository.git(&["hash-object", "-w", "blob"]);
        fs::remove_file(place).expect("removed");
        name.trim().to_owned()
    };
    let links: Vec<(String, Vec<u8>)> = vec![
        ("web/marathon-loop.yaml".into(), b"marathon-loop.yaml".to_vec()),
        ("web/marathon-empty.yaml".into(), Vec::new()),
        ("web/marathon-nul.yaml".into(), b"marathon-prod.yaml\0x".to_vec()),
        ("web/marathon-long.yaml".into(), b"./".repeat(4000)),
        ("web/marathon-out.yaml".into(), b"../../../../../../../../etc/passwd".to_vec()),
        ("web/marathon-absolute.yaml".into(), b"/etc/passwd".to_vec()),
        ("web/marathon-slash.yaml".into(), b"marathon-prod.yaml/".to_vec()),
        ("web/marathon-line\nbreak.yaml".into(), b"marathon-prod.yaml".to_vec()),
        ("self".into(), b".".to_vec()),
        ("up".into(), b"..".to_vec()),
    ];
    for (path, target) in &links {
        repository.git(&["update-index", "--add", "--cacheinfo", &format!("120000,{},{path}", blob(target))]);
    }
    // Links to links to links.
    for number in 0..60 {
        let next = blob(format!("marathon-l{}.yaml", number + 1).as_bytes());
        let path = format!("120000,{next},chain/marathon-l{number}.yaml");
        repository.git(&["update-index", "--add", "--cacheinfo", &path]);
    }
    let end = format!("100644,{},chain/marathon-l60.yaml", blob(FINE.as_bytes()));
    repository.git(&["update-index", "--add", "--cacheinfo", &end]);
    // Deeper than any directory is.
    let deep = format!("100644,{},deep/{}x.yaml", blob(b"x"), "d/".repeat(1500));
    repository.git(&["update-index", "--add", "--cacheinfo", &deep]);
    for arguments in [&["--staged"][..], &["--staged", "--against", "HEAD"]] {
        let ran = repository.check(&[&["-d", "."], arguments].concat());
        assert_eq!(ran.code, Some(1), "{}", ran.stderr);
        assert!(!ran.stdout.contains("root:"), "nothing outside is read");
        let found = ran.found();
        for (path, _) in links.iter().filter(|(path, _)| path.starts_with("web/") && !path.contains('\n')) {
            assert!(found.contains(&(path.clone(), "unreadable-file".to_owned())), "{path}: {}", ran.stdout);
        }
        let chain = |number: usize| (format!("chain/marathon-l{number}.yaml"), "unreadable-file".to_owned());
        assert!(found.contains(&chain(19)) && !found.contains(&chain(20)), "as many as Linux follows");
    }
}

#[test]
fn bombs_in_a_commit_are_bounded() {
    let repository = Repository::new("bombs");
    let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (before, letter) in ('a'..='y').zip('b'..='z') {
        let aliases = vec![format!("*{before}"); 9].join(", ");
        writeln!(bomb, "{letter}: &{letter} [{aliases}]").expect("room");
    }
    // 100 MB of nothing are some hundred kilobytes in the repository.
    let huge = repository.0.join("web/marathon-huge.yaml");
    repository.write("web/marathon-bomb.yaml", &bomb).write("web/marathon-prod.yaml", FINE);
    fs::File::create(&huge).and_then(|file| file.set_len(100 << 20)).expect("a sparse file");
    repository.commit();
    fs::write(&huge, FINE).expect("a file");
    let start = std::time::Instant::now();
    let ran = repository.check(&["-d", ".", "--against", "HEAD", "--only", "yaml-limit"]);
    ran.assert_found(&[("web/marathon-bomb.yaml", "yaml-limit")]);
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}
