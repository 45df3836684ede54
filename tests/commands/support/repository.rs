//! A git repository of a test's own, and what the program says of it.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

pub(crate) const BOTH: &str = "main:\n  cmd: run\n  args: [x]\n";
pub(crate) const FINE: &str = "main:\n  cmd: run\n";

/// A repository of this test's own.
pub(crate) struct Repository(pub(crate) PathBuf);

impl Repository {
    pub(crate) fn new(name: &str) -> Self {
        let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("repositories").join(name);
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(&root).expect("a directory");
        let repository = Self(root);
        repository.git(&["init", "-q", "-b", "main", "."]);
        repository
    }

    /// A clone of the commit that `git commit` would make now, beside it.
    pub(crate) fn clone_of_staged(&self) -> Self {
        let name = self.0.file_name().expect("a name").to_string_lossy().into_owned();
        let clone = self.0.with_file_name(format!("{name}-clone"));
        let _ = fs::remove_dir_all(&clone);
        let tree = self.git(&["write-tree"]);
        let commit = self.git(&["commit-tree", "-m", "x", tree.trim()]);
        self.git(&["branch", "-f", "the-clone", commit.trim()]);
        let source = fs::canonicalize(&self.0).expect("a directory").display().to_string();
        let target = clone.display().to_string();
        self.git(&["clone", "-q", "--no-hardlinks", "--branch", "the-clone", &source, &target]);
        Self(clone)
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]);
        command.args(arguments).current_dir(&self.0).env("GIT_CONFIG_GLOBAL", "/dev/null");
        for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
            command.env_remove(name);
        }
        let output = command.output().expect("git runs");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    pub(crate) fn write(&self, path: &str, text: &str) -> &Self {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, text).expect("a file");
        self
    }

    pub(crate) fn remove(&self, path: &str) -> &Self {
        let path = self.0.join(path);
        if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.expect("removed");
        self
    }

    pub(crate) fn link(&self, path: &str, target: &str) -> &Self {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        let _ = fs::remove_file(&path);
        symlink(target, path).expect("a link");
        self
    }

    pub(crate) fn commit(&self) -> &Self {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "x", "--allow-empty"]);
        self
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_soalint"));
        command.args(["check", "--output-format", "concise"]).args(arguments);
        command.current_dir(&self.0).stdin(Stdio::null()).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("GIT_CONFIG_GLOBAL", "/dev/null");
        command
    }

    pub(crate) fn check(&self, arguments: &[&str]) -> Ran {
        Ran::of(&self.command(arguments).output().expect("soalint runs"))
    }
}

pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    pub(crate) fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
        Self { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    /// File and rule of each finding.
    pub(crate) fn found(&self) -> Vec<(String, String)> {
        assert_ne!(self.code, Some(2), "{}", self.stderr);
        let lines = self.stdout.lines().filter(|line| line.contains('['));
        lines
            .filter_map(|line| {
                let (_, rule) = line.split_once('[')?;
                Some((line.split(':').next()?.to_owned(), rule.split(']').next()?.to_owned()))
            })
            .collect()
    }

    pub(crate) fn assert_found(&self, expected: &[(&str, &str)]) {
        let found = self.found();
        let found: Vec<(&str, &str)> = found.iter().map(|(f, r)| (f.as_str(), r.as_str())).collect();
        assert_eq!(found, expected, "{}", self.stdout);
    }
}
