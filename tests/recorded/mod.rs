//! The conformance set: its cases, loaded as the library loads a tree, and comparison with tallies.

#[path = "../support/archive.rs"]
mod archive;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use soalint::check::{CheckedTree, PayloadKind, Scope, check_and_keep};
use soalint::config::Settings;
use soalint::dialect::DialectName;
use soalint::effective::{Deployments, Forest, System};
use soalint::emit::Refusal;
use soalint::emit::python::{Value, dumps};
use soalint::model::kind::FileKind;
use soalint::repo::TreeSource;
use soalint::repo::disk::DiskTree;
use soalint::repo::memory::MemoryTree;
use soalint::rules::Env;

/// One recorded case.
pub struct Case {
    pub name: String,
    pub path: PathBuf,
    pub expected: Json,
}

/// A tree as it was read.
pub struct Loaded {
    pub checked: CheckedTree,
    pub cluster: String,
    /// Instances that a check withholds from Sensu, as `service.instance`.
    #[allow(dead_code, reason = "not every test needs it")]
    pub withheld: BTreeSet<String>,
}

impl Loaded {
    pub fn forest(&self) -> Forest<'_> {
        self.checked.forest()
    }

    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.checked.services().iter().map(|service| service.name.clone()).collect();
        names.sort();
        names
    }
}

fn load_all(tree: &dyn TreeSource, cluster: &str) -> Loaded {
    let env = Env::new(Settings { dialect: DialectName::Paasta066, ..Settings::default() });
    let checked = check_and_keep(tree, &Scope::Everything, &env);
    let mut withheld = BTreeSet::new();
    for service in checked.services() {
        for kind in [FileKind::Marathon, FileKind::Chronos] {
            let found = checked.instances(service, kind, PayloadKind::Sensu, cluster);
            let names = found
                .into_iter()
                .filter_map(Result::err)
                .map(|held| format!("{}.{}", service.name, held.name));
            withheld.extend(names);
        }
    }
    Loaded { checked, cluster: cluster.to_owned(), withheld }
}

pub fn load(root: &Path, cluster: &str) -> Loaded {
    load_all(&DiskTree::open(root).expect("a tree"), cluster)
}

#[allow(dead_code, reason = "not every test needs it")]
pub fn in_memory(files: &[(&str, &str)]) -> Loaded {
    load_all(&MemoryTree::new(files.iter().map(|(name, text)| (*name, text.as_bytes()))), "test")
}

/// Every case, by name; the directory lives as long as the set.
pub struct Cases {
    pub cases: Vec<Case>,
    _unpacked: Option<archive::Unpacked>,
}

/// The vendored set, or the one that the environment names.
pub fn cases() -> Cases {
    let named = std::env::var_os("SOALINT_CONFORMANCE").map(PathBuf::from);
    let unpacked = named.is_none().then(|| archive::unpack("conformance.tar.gz"));
    let root = named
        .or_else(|| unpacked.as_ref().map(|unpacked| unpacked.path().to_path_buf()))
        .expect("one of them");
    let root = if root.join("conformance").is_dir() { root.join("conformance") } else { root };
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/truth");
    let roots = [Some(root), unpacked.is_some().then_some(beside)].into_iter().flatten();
    let entries = roots.flat_map(|root| {
        std::fs::read_dir(&root).unwrap_or_else(|error| panic!("{}: {error}", root.display()))
    });
    let case = |path: PathBuf| {
        let text = std::fs::read_to_string(path.join("expected.json")).ok()?;
        let name = path.file_name()?.to_string_lossy().into_owned();
        Some(Case { name, path, expected: serde_json::from_str(&text).expect("JSON") })
    };
    let mut cases: Vec<Case> = entries.filter_map(|entry| case(entry.expect("an entry").path())).collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    Cases { cases, _unpacked: unpacked }
}

#[allow(dead_code, reason = "not every test needs all of it")]
impl Case {
    pub fn system(&self) -> System {
        System::load(&self.path.join("system.json")).expect("a system configuration")
    }

    pub fn load(&self) -> Loaded {
        load(&self.soa(), self.system().cluster().unwrap_or_default())
    }

    /// The tree. Where the set was copied without its links, each is a file that holds nothing but the
    /// name of another one; then a copy with links is made.
    fn soa(&self) -> PathBuf {
        let soa = self.path.join("soa");
        let is_link = |path: &Path| {
            let text = std::fs::read_to_string(path).unwrap_or_default();
            !path.is_symlink()
                && text.strip_suffix(".yaml").is_some()
                && !text.contains([' ', ':', '\n', '/'])
        };
        let files = |service: PathBuf| {
            std::fs::read_dir(service).into_iter().flatten().map(|e| e.expect("an entry").path())
        };
        let services =
            || std::fs::read_dir(&soa).expect("a tree").map(|entry| entry.expect("an entry").path());
        if !services().flat_map(files).any(|path| is_link(&path)) {
            return soa;
        }
        let copy =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{}", self.name, std::process::id()));
        let _ = std::fs::remove_dir_all(&copy);
        for path in services().flat_map(files) {
            let target = copy.join(path.strip_prefix(&soa).expect("a path of the tree"));
            std::fs::create_dir_all(target.parent().expect("a directory")).expect("a directory");
            if is_link(&path) {
                let text = std::fs::read_to_string(&path).expect("a link");
                std::os::unix::fs::symlink(text, &target).expect("a link");
            } else {
                std::fs::copy(&path, &target).expect("a copy");
            }
        }
        copy
    }

    pub fn inputs(&self) -> &Json {
        &self.expected["oracle"]["inputs"]
    }

    pub fn hostname(&self) -> &str {
        self.inputs()["hostname"].as_str().expect("a name")
    }

    pub fn now(&self) -> &str {
        self.inputs()["now"].as_str().expect("a time")
    }

    pub fn port_file(&self, service: &str) -> Option<String> {
        std::fs::read_to_string(self.path.join("soa").join(service).join("port")).ok()
    }

    pub fn deployments(&self, service: &str) -> Deployments {
        match std::fs::read(self.path.join("soa").join(service).join(Deployments::FILE_NAME)) {
            Ok(bytes) => Deployments::parse(&bytes),
            Err(_) => Deployments::Missing,
        }
    }

    pub fn json(&self, file: &str) -> Json {
        let text = std::fs::read_to_string(self.path.join(file)).expect("a file");
        serde_json::from_str(&text).expect("JSON")
    }
}

/// Counts by section, and everything that differs.
#[derive(Default)]
pub struct Tally {
    sections: BTreeMap<&'static str, Counts>,
    differences: Vec<String>,
}

#[derive(Default)]
struct Counts {
    compared: usize,
    refused_by_both: usize,
    withheld: usize,
}

#[allow(dead_code, reason = "not every test needs all of it")]
impl Tally {
    /// Compares a recorded value, or a recorded error, with ours.
    pub fn compare(
        &mut self,
        section: &'static str,
        case: &Case,
        subject: &str,
        recorded: &Json,
        ours: &Result<Value<'_>, Refusal>,
    ) {
        let error = recorded.get("error").filter(|error| error.get("type").is_some());
        if let Some(error) = error {
            return self.refusal(section, case, subject, error, ours.as_ref().err());
        }
        let text = match ours {
            Ok(value) => dumps(value).unwrap_or_else(|exception| format!("no JSON: {exception}")),
            Err(refusal) => format!("refused: {} {}", refusal.exception, refusal.message),
        };
        let counts = self.sections.entry(section).or_default();
        counts.compared += 1;
        let recorded = compact(recorded);
        if text != recorded {
            self.differs(section, case, subject, &format!("\n    recorded {recorded}\n    ours     {text}"));
        }
    }

    /// Compares a recorded error with our refusal.
    pub fn refusal(
        &mut self,
        section: &'static str,
        case: &Case,
        subject: &str,
        error: &Json,
        ours: Option<&Refusal>,
    ) {
        match ours {
            Some(_) => self.sections.entry(section).or_default().refused_by_both += 1,
            None => {
                self.differs(section, case, subject, &format!("recorded the error {error}, ours has none"));
            }
        }
    }

    /// Both say nothing.
    pub fn agree(&mut self, section: &'static str) {
        self.sections.entry(section).or_default().compared += 1;
    }

    pub fn withheld(&mut self, section: &'static str, _: &Case, _: &str) {
        self.sections.entry(section).or_default().withheld += 1;
    }

    pub fn differs(&mut self, section: &'static str, case: &Case, subject: &str, what: &str) {
        self.differences.push(format!("{}: {section} {subject}: {what}", case.name));
    }

    /// Prints the counts; fails if anything differs or less was compared than there must be.
    pub fn finish(self, least: &[(&str, usize)]) {
        for (section, counts) in &self.sections {
            println!(
                "{section}: {} compared, {} refused by both, {} withheld though recorded",
                counts.compared, counts.refused_by_both, counts.withheld
            );
        }
        println!("{} differences", self.differences.len());
        assert!(self.differences.is_empty(), "\n{}", self.differences.join("\n"));
        if std::env::var_os("SOALINT_CONFORMANCE").is_none() {
            for (section, least) in least {
                let compared = self.sections.get(section).map_or(0, |counts| counts.compared);
                assert!(compared >= *least, "only {compared} of {section} compared");
            }
        }
    }
}

/// A recorded value as Python's `json.dumps(value, sort_keys=True)` writes it.
pub fn compact(value: &Json) -> String {
    let value = Value::of_json(value.clone(), soalint::emit::python::Origin::Given);
    dumps(&value).expect("JSON")
}
