//! The conformance set: its cases, loaded as the library loads a tree, and comparison with tallies.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, OnceLock};

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

use crate::data;

/// One recorded case.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    expected: OnceLock<Json>,
    soa: OnceLock<PathBuf>,
}

/// A tree as it was read.
pub(crate) struct Loaded {
    pub(crate) checked: CheckedTree,
    pub(crate) cluster: String,
    /// Instances that a check withholds from Sensu, as `service.instance`.
    pub(crate) withheld: BTreeSet<String>,
}

impl Loaded {
    pub(crate) fn forest(&self) -> Forest<'_> {
        self.checked.forest()
    }

    pub(crate) fn names(&self) -> Vec<String> {
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

pub(crate) fn load(root: &Path, cluster: &str) -> Loaded {
    load_all(&DiskTree::open(root).expect("a tree"), cluster)
}

pub(crate) fn in_memory(files: &[(&str, &str)]) -> Loaded {
    load_all(&MemoryTree::new(files.iter().map(|(name, text)| (*name, text.as_bytes()))), "test")
}

/// Every case, by name: the recorded set and the trees beside it, or the set that `SOALINT_CONFORMANCE` names.
pub(crate) fn cases() -> &'static [Case] {
    static CASES: LazyLock<Vec<Case>> = LazyLock::new(find);
    &CASES
}

/// Whether the cases are those of the repository, of which it is known what comes of them.
pub(crate) fn are_ours() -> bool {
    std::env::var_os("SOALINT_CONFORMANCE").is_none()
}

fn find() -> Vec<Case> {
    let roots = match std::env::var_os("SOALINT_CONFORMANCE").map(PathBuf::from) {
        // The set may be in a directory of its own, as in the archive.
        Some(root) => vec![Some(root.join("conformance")).filter(|inner| inner.is_dir()).unwrap_or(root)],
        None => vec![data::unpacked("conformance").join("conformance"), data::path("truth")],
    };
    let entries = roots.iter().flat_map(|root| {
        std::fs::read_dir(root).unwrap_or_else(|error| panic!("{}: {error}", root.display()))
    });
    let mut cases: Vec<Case> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.join("expected.json").is_file())
        .map(|path| Case {
            name: path.file_name().expect("a name").to_string_lossy().into_owned(),
            path,
            expected: OnceLock::new(),
            soa: OnceLock::new(),
        })
        .collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(!are_ours() || cases.len() >= 100, "the conformance set is incomplete");
    cases
}

impl Case {
    /// What was recorded.
    pub(crate) fn expected(&self) -> &Json {
        self.expected.get_or_init(|| data::json(&self.path.join("expected.json")))
    }

    pub(crate) fn system(&self) -> System {
        System::load(&self.path.join("system.json")).expect("a system configuration")
    }

    pub(crate) fn load(&self) -> Loaded {
        load(self.soa(), self.system().cluster().unwrap_or_default())
    }

    /// The tree. Where the set was copied without its links, each is a file that holds nothing but the
    /// name of another one; then a copy with links is made.
    pub(crate) fn soa(&self) -> &Path {
        self.soa.get_or_init(|| self.with_links())
    }

    fn with_links(&self) -> PathBuf {
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

    pub(crate) fn inputs(&self) -> &Json {
        &self.expected()["oracle"]["inputs"]
    }

    pub(crate) fn hostname(&self) -> &str {
        self.inputs()["hostname"].as_str().expect("a name")
    }

    pub(crate) fn now(&self) -> &str {
        self.inputs()["now"].as_str().expect("a time")
    }

    pub(crate) fn port_file(&self, service: &str) -> Option<String> {
        std::fs::read_to_string(self.path.join("soa").join(service).join("port")).ok()
    }

    pub(crate) fn deployments(&self, service: &str) -> Deployments {
        match std::fs::read(self.path.join("soa").join(service).join(Deployments::FILE_NAME)) {
            Ok(bytes) => Deployments::parse(&bytes),
            Err(_) => Deployments::Missing,
        }
    }

    pub(crate) fn json(&self, file: &str) -> Json {
        data::json(&self.path.join(file))
    }
}

/// Counts by section, and everything that differs.
#[derive(Default)]
pub(crate) struct Tally {
    sections: BTreeMap<&'static str, Counts>,
    differences: Vec<String>,
}

#[derive(Default)]
struct Counts {
    compared: usize,
    refused_by_both: usize,
    withheld: usize,
}

impl Tally {
    /// Compares a recorded value, or a recorded error, with ours.
    pub(crate) fn compare(
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
    pub(crate) fn refusal(
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
    pub(crate) fn agree(&mut self, section: &'static str) {
        self.sections.entry(section).or_default().compared += 1;
    }

    pub(crate) fn withheld(&mut self, section: &'static str, _: &Case, _: &str) {
        self.sections.entry(section).or_default().withheld += 1;
    }

    pub(crate) fn differs(&mut self, section: &'static str, case: &Case, subject: &str, what: &str) {
        self.differences.push(format!("{}: {section} {subject}: {what}", case.name));
    }

    /// Prints the counts; fails if anything differs or less was compared than there must be.
    pub(crate) fn finish(self, least: &[(&str, usize)]) {
        for (section, counts) in &self.sections {
            println!(
                "{section}: {} compared, {} refused by both, {} withheld though recorded",
                counts.compared, counts.refused_by_both, counts.withheld
            );
        }
        println!("{} differences", self.differences.len());
        assert!(self.differences.is_empty(), "\n{}", self.differences.join("\n"));
        if are_ours() {
            for (section, least) in least {
                let compared = self.sections.get(section).map_or(0, |counts| counts.compared);
                assert!(compared >= *least, "only {compared} of {section} compared");
            }
        }
    }
}

/// A recorded value as Python's `json.dumps(value, sort_keys=True)` writes it.
pub(crate) fn compact(value: &Json) -> String {
    let value = Value::of_json(value.clone(), soalint::emit::python::Origin::Given);
    dumps(&value).expect("JSON")
}
