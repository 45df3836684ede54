//! Makes the list of rules, and tells the program which commit it is built from, where that is known.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    list_rules()?;
    name_commit();
    Ok(())
}

/// Writes `RULES`, every rule in the order of the `mod` lines: of the folders in `src/rules/mod.rs`, and of
/// the rules in each folder's own `mod.rs`. `support` is the one folder that is not a group of rules.
fn list_rules() -> io::Result<()> {
    let rules = Path::new("src/rules");
    let mut list =
        "/// Every rule, in the order of the groups.\npub static RULES: &[&Rule] = &[\n".to_owned();
    for folder in modules(&rules.join("mod.rs"))? {
        let folder_list = rules.join(&folder).join("mod.rs");
        if !folder_list.exists() || folder == "support" {
            continue;
        }
        for rule in modules(&folder_list)? {
            // Writing to a string cannot fail.
            let _ = writeln!(list, "    &{folder}::{rule}::RULE,");
        }
    }
    list.push_str("];\n");
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    fs::write(Path::new(&out).join("rules.rs"), list)
}

/// The names in the `mod` lines of a file.
fn modules(path: &Path) -> io::Result<Vec<String>> {
    println!("cargo::rerun-if-changed={}", path.display());
    let text = fs::read_to_string(path)?;
    let name = |line: &str| Some(line.strip_prefix("pub(crate) mod ")?.strip_suffix(';')?.to_owned());
    Ok(text.lines().filter_map(name).collect())
}

fn name_commit() {
    println!("cargo::rerun-if-env-changed=SOALINT_COMMIT");
    // While the program is being worked on, a commit would only make everything build again.
    if env::var("PROFILE").as_deref() != Ok("release") {
        return;
    }
    let Ok(root) = env::var("CARGO_MANIFEST_DIR") else { return };
    if let Some(commit) = given().or_else(|| published(Path::new(&root))).or_else(|| checked_out(&root)) {
        println!("cargo::rustc-env=SOALINT_COMMIT={commit}");
    }
}

/// What a packager says.
fn given() -> Option<String> {
    commit(env::var("SOALINT_COMMIT").ok()?.as_str())
}

/// What `cargo package` notes in what it publishes: `{"git": {"sha1": "..."}}`.
fn published(root: &Path) -> Option<String> {
    let note = fs::read_to_string(root.join(".cargo_vcs_info.json")).ok()?;
    let (_, rest) = note.split_once("\"sha1\"")?;
    commit(rest.split('"').nth(1)?)
}

/// The commit of the source's own repository, not of one that the source was copied into.
fn checked_out(root: &str) -> Option<String> {
    if !Path::new(root).join(".git").exists() {
        return None;
    }
    let git = |arguments: &[&str]| {
        let output = Command::new("git").arg("-C").arg(root).args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    for file in ["HEAD", "logs/HEAD"] {
        if let Some(path) = git(&["rev-parse", "--git-path", file]) {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    commit(&git(&["rev-parse", "HEAD"])?)
}

/// The name of a commit, and nothing else.
fn commit(name: &str) -> Option<String> {
    (name.len() >= 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| name.to_owned())
}
