//! What a change brings: `check --against` and `check --staged`, and that the short way to their
//! findings gives those of the long way.

#![cfg(unix)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;

use soalint::check::{Outcome, Report, Scope, Sides, check, check_against};
use soalint::config::Settings;
use soalint::diagnostic::Diagnostic;
use soalint::repo::Change;
use soalint::repo::memory::MemoryTree;
use soalint::rules::Env;

use crate::support::random::{Dice, examples};
use crate::support::repository::{BOTH, FINE, Ran, Repository};

// ---- the short way and the long way ----

type Files = BTreeMap<String, String>;

/// Changes something that a person could change.
fn change(files: &mut Files, dice: &mut Dice) {
    let paths: Vec<String> = files.keys().cloned().collect();
    let path = dice.pick(&paths).clone();
    let service = path.split('/').next().expect("a service").to_owned();
    let other = dice.pick(&paths).clone();
    let text = files[&path].clone();
    let lines: Vec<&str> = text.lines().collect();
    match dice.below(8) {
        0 => {
            files.remove(&path);
        }
        1 => files.retain(|path, _| !path.starts_with(&format!("{service}/"))),
        2 => {
            let copies: Vec<(String, String)> = files
                .iter()
                .filter_map(|(path, text)| {
                    Some((
                        format!("copy-of-{service}/{}", path.strip_prefix(&format!("{service}/"))?),
                        text.clone(),
                    ))
                })
                .collect();
            files.extend(copies);
        }
        3 => {
            let (_, name) = other.split_once('/').expect("a file");
            files.insert(format!("{service}/{name}"), files[&other].clone());
        }
        4 | 5 if !lines.is_empty() => {
            let mut lines = lines.clone();
            lines.remove(dice.below(lines.len()));
            files.insert(path, lines.join("\n") + "\n");
        }
        6 if !lines.is_empty() => {
            let mut lines = lines.clone();
            let at = dice.below(lines.len());
            lines.insert(at, lines[at]);
            files.insert(path, lines.join("\n") + "\n");
        }
        _ => {
            // A word of another file in place of one of this: names meet, ports clash.
            let words = |text: &str| -> Vec<String> {
                let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
                text.split(|c| !is_word(c)).filter(|word| word.len() > 2).map(str::to_owned).collect()
            };
            let (own, others) = (words(&text), words(&files[&other]));
            if !own.is_empty() && !others.is_empty() {
                let (own, other) = (dice.pick(&own), dice.pick(&others));
                let changed = text.replacen(own.as_str(), other.as_str(), 1);
                files.insert(path, changed);
            }
        }
    }
}

fn touched(before: &Files, after: &Files) -> BTreeSet<String> {
    let paths = before.keys().chain(after.keys());
    let changed = paths.filter(|path| before.get(*path) != after.get(*path));
    changed.filter_map(|path| Some(path.split_once('/')?.0.to_owned())).collect()
}

fn shown(diagnostic: &Diagnostic) -> String {
    let place = &diagnostic.place;
    format!("{} {:?} {} {}", place.file, place.span, diagnostic.rule.name, diagnostic.severity)
}

/// The findings of `after` that `before` has not as often.
fn difference(before: &Outcome, after: &Outcome, touched: &BTreeSet<String>) -> Vec<String> {
    let mut known: Vec<(String, soalint::diagnostic::Severity)> =
        before.diagnostics.iter().map(|d| (d.fingerprint(), d.severity)).collect();
    let new = after.diagnostics.iter().filter(|d| {
        let same = |(name, severity): &(String, soalint::diagnostic::Severity)| {
            *name == d.fingerprint() && *severity >= d.severity
        };
        // What cannot be read is never old where the change could hide behind it.
        let is_touched = d.subject.service.as_ref().is_some_and(|name| touched.contains(name));
        if is_touched && soalint::baseline::is_unreadable(d) {
            return true;
        }
        match known.iter().position(same) {
            Some(index) => {
                known.swap_remove(index);
                false
            }
            None => true,
        }
    });
    new.map(shown).collect()
}

#[test]
fn the_short_way_finds_what_the_long_way_finds() {
    let env = Env::new(Settings::default());
    let before = examples();
    let tree = |files: &Files| MemoryTree::new(files.iter().map(|(path, text)| (path, text.as_str())));
    let base = tree(&before);
    let of_base = check(&base, &Scope::Everything, &env);
    let mut dice = Dice(7);
    let (mut elsewhere, mut found) = (0, 0);
    for round in 0..100 {
        let mut after = before.clone();
        for _ in 0..=dice.below(3) {
            change(&mut after, &mut dice);
        }
        let touched = touched(&before, &after);
        let changed = tree(&after);
        let change = Change { touched: touched.clone(), ..Change::default() };
        let sides = Sides { before: &base, after: &changed, change: &change };
        let short = check_against(sides, Report::New, &Scope::Everything, &env);
        let long = difference(&of_base, &check(&changed, &Scope::Everything, &env), &touched);
        let short_shown: Vec<String> = short.diagnostics.iter().map(shown).collect();
        assert_eq!(short_shown, long, "round {round}, touched {touched:?}");
        found += long.len();
        let is_elsewhere = |d: &&Diagnostic| d.subject.service.as_ref().is_some_and(|s| !touched.contains(s));
        elsewhere += short.diagnostics.iter().filter(is_elsewhere).count();
    }
    assert!(found > 100, "the changes are worth the name: {found}");
    assert!(elsewhere > 5, "some break what they did not touch: {elsewhere}");
}

// ---- with git ----

const ONLY: [&str; 2] = ["--only", "cmd-and-args,proxy-port-duplicate,parent-missing"];

#[test]
fn only_what_is_new_is_reported() {
    let repository = Repository::new("new");
    repository.write("old/marathon-prod.yaml", BOTH).write("web/marathon-prod.yaml", BOTH).commit();
    repository.git(&["checkout", "-q", "-b", "change"]);
    let against = [&["--against", "main"][..], &ONLY].concat();
    let ran = repository.check(&against);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (Some(0), "Nothing to check: no file of a service has changed.\n")
    );

    // In the working tree, then staged, then committed: it is all the same.
    repository
        .write("web/marathon-prod.yaml", &format!("# moved down\n\n{BOTH}two:\n  cmd: run\n  args: [x]\n"));
    let expected = [("web/marathon-prod.yaml", "cmd-and-args")];
    repository.check(&against).assert_found(&expected);
    repository.git(&["add", "-A"]);
    repository.check(&against).assert_found(&expected);
    repository.commit();
    let ran = repository.check(&against);
    ran.assert_found(&expected);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stdout.ends_with("Found 1 error in 1 file of 1 service (1 older).\n"), "{}", ran.stdout);

    // What happens on the other branch in the meantime is none of this change.
    repository.git(&["checkout", "-q", "main"]);
    repository.remove("old").write("web/service.yaml", "").commit();
    repository.git(&["checkout", "-q", "change"]);
    repository.check(&against).assert_found(&expected);

    // An untracked service counts as well; a path restricts what is reported.
    repository.write("fresh/marathon-prod.yaml", BOTH);
    repository.check(&against).assert_found(&[("fresh/marathon-prod.yaml", "cmd-and-args"), expected[0]]);
    repository.check(&[&against[..], &["web"]].concat()).assert_found(&expected);
}

#[test]
fn what_a_change_breaks_elsewhere_is_reported() {
    let repository = Repository::new("elsewhere");
    let job = "job:\n  cmd: run\n  schedule: 0 3 * * *\n";
    repository
        .write("base/chronos-prod.yaml", job)
        .write("child/chronos-prod.yaml", "job:\n  cmd: run\n  parents: [base.job]\n")
        .write("ports/smartstack.yaml", "main:\n  proxy_port: 20001\n")
        .write("calm/marathon-prod.yaml", BOTH)
        .commit();
    let against = [&["--against", "HEAD"][..], &ONLY].concat();
    repository.remove("base");
    repository.check(&against).assert_found(&[("child/chronos-prod.yaml", "parent-missing")]);
    repository.git(&["checkout", "-q", "--", "base"]);
    repository.write("new/smartstack.yaml", "main:\n  proxy_port: 20001\n");
    repository.check(&against).assert_found(&[
        ("new/smartstack.yaml", "proxy-port-duplicate"),
        ("ports/smartstack.yaml", "proxy-port-duplicate"),
    ]);
    // A comment of the other service counts there, too.
    let ignored = "main:\n  proxy_port: 20001  # soalint: ignore[proxy-port-duplicate] moves next week\n";
    repository.write("ports/smartstack.yaml", ignored).remove("new").commit();
    repository.write("new/smartstack.yaml", "main:\n  proxy_port: 20001\n");
    repository.check(&against).assert_found(&[("new/smartstack.yaml", "proxy-port-duplicate")]);
}

#[test]
fn a_baseline_and_a_base_go_together() {
    let repository = Repository::new("baseline");
    repository.write("old/marathon-prod.yaml", BOTH).write("web/marathon-prod.yaml", BOTH).commit();
    let mut command = Command::new(env!("CARGO_BIN_EXE_soalint"));
    command.args(["baseline", "write", "-d", "."]).current_dir(&repository.0).env_clear();
    let written = command.output().expect("soalint runs");
    assert_eq!(written.status.code(), Some(0), "{}", String::from_utf8_lossy(&written.stderr));
    repository.commit();
    repository.write("web/marathon-prod.yaml", &format!("{BOTH}two:\n  cmd: run\n  args: [x]\n"));
    let arguments = ["-d", ".", "--baseline", ".soalint-baseline.json", "--against", "HEAD"];
    let ran = repository.check(&[&arguments[..], &ONLY].concat());
    // What was recorded is still there, so no entry is stale, in other services neither.
    ran.assert_found(&[("web/marathon-prod.yaml", "cmd-and-args")]);
    assert!(ran.stdout.contains("(1 in the baseline)"), "{}", ran.stdout);
}

#[test]
fn the_index_is_checked_whatever_the_working_tree_says() {
    let repository = Repository::new("staged");
    // Before the first commit.
    repository.write("web/marathon-prod.yaml", BOTH).write("api/marathon-prod.yaml", BOTH);
    repository.git(&["add", "web"]);
    let staged = [&["--staged"][..], &ONLY].concat();
    repository.check(&staged).assert_found(&[("web/marathon-prod.yaml", "cmd-and-args")]);
    repository.commit();
    repository.check(&staged).assert_found(&[]);

    // The index has the mistake, the working tree has not; and the other way round.
    repository.write("web/marathon-prod.yaml", &format!("{BOTH}# staged\n"));
    repository.git(&["add", "-A"]);
    repository.write("web/marathon-prod.yaml", FINE);
    repository.check(&staged).assert_found(&[("web/marathon-prod.yaml", "cmd-and-args")]);
    repository.git(&["add", "-A"]);
    repository.write("web/marathon-prod.yaml", BOTH).write("web/marathon-stage.yaml", BOTH);
    repository.check(&staged).assert_found(&[]);

    // Ports of services that nobody touched are those of the index, too.
    repository.write("a/smartstack.yaml", "main:\n  proxy_port: 20001\n").commit();
    repository.write("a/smartstack.yaml", "main:\n  proxy_port: 20002\n");
    repository.write("b/smartstack.yaml", "main:\n  proxy_port: 20001\n");
    repository.git(&["add", "b"]);
    repository.check(&staged).assert_found(&[
        ("a/smartstack.yaml", "proxy-port-duplicate"),
        ("b/smartstack.yaml", "proxy-port-duplicate"),
    ]);

    // Together: what is new in what is staged.
    let both = [&["--staged", "--against", "HEAD"][..], &ONLY].concat();
    repository.check(&both).assert_found(&[
        ("a/smartstack.yaml", "proxy-port-duplicate"),
        ("b/smartstack.yaml", "proxy-port-duplicate"),
    ]);
}

#[test]
fn a_hook_of_git_commit_sees_the_files_of_that_commit() {
    let repository = Repository::new("hook");
    repository.write("web/marathon-prod.yaml", FINE).write("api/marathon-prod.yaml", FINE).commit();
    let soalint = env!("CARGO_BIN_EXE_soalint");
    let hook = repository.0.join(".git/hooks/pre-commit");
    fs::create_dir_all(hook.parent().expect("a parent")).expect("a directory");
    let script = format!(
        "#!/bin/sh\nexec {soalint} check --staged --only cmd-and-args --output-format concise > said\n"
    );
    fs::write(&hook, script).expect("a hook");
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).expect("executable");
    // `git commit FILE` gives the hook another index than the usual one.
    repository.write("web/marathon-prod.yaml", BOTH).write("api/marathon-prod.yaml", &format!("{FINE}# x\n"));
    repository.git(&["add", "web"]);
    repository.git(&["commit", "-q", "-m", "x", "api/marathon-prod.yaml"]);
    let said = fs::read_to_string(repository.0.join("said")).expect("what the hook said");
    assert_eq!(said, "All good: nothing found in 1 file of 1 service.\n");
    let refused = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "x"])
        .current_dir(&repository.0)
        .status()
        .expect("git runs");
    assert!(!refused.success());
    let said = fs::read_to_string(repository.0.join("said")).expect("what the hook said");
    assert!(said.contains("web/marathon-prod.yaml:3:3: error[cmd-and-args]"), "{said}");
}

#[test]
fn trees_below_the_root_of_the_repository_and_odd_names() {
    let repository = Repository::new("below");
    let odd = "sérvice -x\n\"quoted\"";
    repository
        .write("a b/configs/web/marathon-prod.yaml", FINE)
        .write(&format!("a b/configs/{odd}/marathon-prod.yaml"), BOTH)
        .write("elsewhere/marathon-prod.yaml", FINE)
        .commit();
    repository.write("elsewhere/marathon-prod.yaml", BOTH);
    let arguments = [&["-d", "a b/configs", "--against", "HEAD"][..], &ONLY].concat();
    repository.check(&arguments).assert_found(&[]);
    repository.write(&format!("a b/configs/{odd}/notes.txt"), "");
    let ran = repository.check(&arguments);
    ran.assert_found(&[]);
    assert!(ran.stdout.contains("(1 older)"), "{}", ran.stdout);
    repository.write("a b/configs/web/marathon-prod.yaml", BOTH);
    repository.check(&arguments).assert_found(&[("a b/configs/web/marathon-prod.yaml", "cmd-and-args")]);
    // A tree that the base does not have at all is new as a whole.
    repository.write("later/web/marathon-prod.yaml", BOTH);
    let arguments = [&["-d", "later", "--against", "HEAD"][..], &ONLY].concat();
    repository.check(&arguments).assert_found(&[("later/web/marathon-prod.yaml", "cmd-and-args")]);
}

#[test]
fn links_are_followed_in_a_commit_as_on_disk() {
    let repository = Repository::new("links");
    repository.write("web/marathon-SHARED.yaml", BOTH).write("outside.yaml", BOTH);
    let web = repository.0.join("web");
    symlink("marathon-SHARED.yaml", web.join("marathon-prod.yaml")).expect("a link");
    symlink("../web/./marathon-prod.yaml", web.join("marathon-stage.yaml")).expect("a link");
    symlink("../../../../../etc/passwd", web.join("marathon-out.yaml")).expect("a link");
    symlink("nowhere", web.join("marathon-nowhere.yaml")).expect("a link");
    symlink("marathon-loop.yaml", web.join("marathon-loop.yaml")).expect("a link");
    symlink("web", repository.0.join("also")).expect("a link");
    repository.commit();
    let all = repository.check(&["-d", "."]).found();
    assert!(all.contains(&("also/marathon-stage.yaml".to_owned(), "cmd-and-args".to_owned())), "{all:?}");
    // A touched service whose findings are all old: links lead to the same there. What could not be read is
    // never old.
    repository.write("web/notes.txt", "x");
    let ran = repository.check(&["-d", ".", "--against", "HEAD"]);
    let unread: Vec<_> =
        all.iter().filter(|(file, rule)| rule == "unreadable-file" && !file.contains(':')).cloned().collect();
    assert_eq!(ran.found(), unread, "{}", ran.stdout);
    assert_eq!(unread.len(), 6);
    let older = ran.stdout.split('(').nth(1).and_then(|rest| rest.split(' ').next()?.parse::<usize>().ok());
    // `also` leads to `web`, so the change touches both.
    assert_eq!(older, Some(all.len() - unread.len()), "{}", ran.stdout);
}

#[test]
fn what_git_cannot_tell_is_exit_2() {
    let repository = Repository::new("errors");
    repository.write("web/marathon-prod.yaml", FINE);
    let refuse = |directory: &Path, arguments: &[&str], words: &str| {
        let mut command = repository.command(&[&["-d", "."][..], arguments].concat());
        let ran = Ran::of(&command.current_dir(directory).output().expect("soalint runs"));
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}", ran.stdout);
        assert_eq!(ran.stdout, "", "{arguments:?}");
        assert!(ran.stderr.contains(words), "{arguments:?}: {}", ran.stderr);
    };
    refuse(&repository.0, &["--against", "HEAD"], "there is no commit yet");
    repository.commit();
    for revision in ["nowhere", "--output=x", "-x", "a\u{1b}[31mb"] {
        let shown = soalint::text::printable(revision);
        let against = format!("--against={revision}");
        refuse(&repository.0, &[&against], &format!("git knows no commit `{shown}`"));
    }
    assert!(!repository.0.join("x").exists(), "no revision is an option");
    repository.git(&["checkout", "-q", "--orphan", "other"]);
    // Two commits of the same content in the same second would be one.
    repository.write("other.txt", "").commit();
    refuse(&repository.0, &["--against", "main"], "`main` and HEAD have no common commit here");
    let outside = std::env::temp_dir().join(format!("soalint-outside-{}", std::process::id()));
    fs::create_dir_all(outside.join("web")).expect("a directory");
    refuse(&outside, &["--against", "main"], "is not in a git repository");
    refuse(&outside, &["--staged"], "is not in a git repository");
    fs::remove_dir_all(&outside).expect("removed");
    let mut command = repository.command(&["--staged"]);
    let ran = Ran::of(&command.env("PATH", "/nowhere").output().expect("soalint runs"));
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("cannot run git"), "{}", ran.stderr);
    // As git sees the clone of another user, in a container for example.
    let mut command = repository.command(&["--staged"]);
    let ran = Ran::of(&command.env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1").output().expect("soalint runs"));
    assert_eq!(ran.code, Some(2));
    let top = fs::canonicalize(&repository.0).expect("a directory").display().to_string();
    assert!(ran.stderr.contains("belongs to another user, and git does not trust it"), "{}", ran.stderr);
    let advice = format!("if you trust it: git config --global --add safe.directory {top}\n");
    assert!(ran.stderr.contains(&advice), "{}", ran.stderr);
    // A base that was never fetched.
    let blob = repository.git(&["rev-parse", "HEAD:web/marathon-prod.yaml"]);
    let object = format!(".git/objects/{}/{}", &blob[..2], blob[2..].trim());
    repository.write("web/marathon-prod.yaml", BOTH).remove(&object);
    refuse(&repository.0, &["--against", "HEAD"], "is missing here");
}

#[test]
fn a_repository_runs_nothing() {
    let repository = Repository::new("hostile");
    let trap = repository.0.join("trap");
    let sprung = repository.0.join("sprung");
    fs::write(&trap, format!("#!/bin/sh\necho \"$0 $*\" >> {}\ncat\n", sprung.display())).expect("a trap");
    fs::set_permissions(&trap, fs::Permissions::from_mode(0o755)).expect("executable");
    repository.write("web/marathon-prod.yaml", FINE).commit();
    let trap = trap.display().to_string();
    for key in [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.editor",
        "diff.external",
        "diff.x.textconv",
        "diff.x.command",
        "filter.x.clean",
        "filter.x.smudge",
        "filter.x.process",
        "filter.a=b.c.clean",
        "pager.diff-index",
        "alias.diff-index",
        "credential.helper",
    ] {
        repository.git(&["config", key, &trap]);
    }
    repository.git(&["config", "filter.x.required", "true"]);
    repository.git(&["config", "core.hooksPath", "hooks"]);
    for hook in ["post-index-change", "reference-transaction", "fsmonitor-watchman", "post-checkout"] {
        repository.write(&format!("hooks/{hook}"), "");
        fs::copy(&trap, repository.0.join("hooks").join(hook)).expect("a hook");
    }
    repository.write(".gitattributes", "*.yaml filter=x diff=x\n");
    repository.write("web/.gitattributes", "marathon-stage.yaml filter=a=b.c\n");
    // A change at the moment of the commit makes git look at the content again.
    repository.write("web/marathon-prod.yaml", BOTH).write("web/marathon-stage.yaml", BOTH);
    let _ = fs::remove_file(&sprung);
    for arguments in [&["--against", "HEAD"][..], &["--staged"], &["--staged", "--against", "HEAD"]] {
        let ran = repository.check(&[&["-d", "."], arguments].concat());
        assert_ne!(ran.code, Some(2), "{}", ran.stderr);
        assert!(!sprung.exists(), "{arguments:?}: {}", fs::read_to_string(&sprung).unwrap_or_default());
    }
    // The trap works: git itself falls into it.
    let _ = Command::new("git").args(["status"]).current_dir(&repository.0).output();
    assert!(sprung.exists(), "a trap that cannot be sprung proves nothing");
}

#[test]
fn huge_files_of_a_commit_are_bounded() {
    let repository = Repository::new("huge");
    let huge = format!("main:\n  cmd: {}\n", "x".repeat(3_000_000));
    repository.write("web/marathon-prod.yaml", &huge).commit();
    repository.write("web/marathon-stage.yaml", FINE);
    let ran = repository.check(&["-d", ".", "--against", "HEAD", "--only", "yaml-limit"]);
    // Nobody knows what is in it, however long it has been there.
    ran.assert_found(&[("web/marathon-prod.yaml", "yaml-limit")]);
    // A service that the change does not touch is none of its business.
    repository.commit();
    repository.write("api/marathon-stage.yaml", FINE);
    let ran = repository.check(&["-d", ".", "--against", "HEAD", "--only", "yaml-limit"]);
    ran.assert_found(&[]);
}
