//! Our results for the conformance set, and how they compare.

mod forms;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use soalint::check::{CheckedTree, PayloadKind, Scope, check_and_keep};
use soalint::config::Settings;
use soalint::dialect::DialectName;
use soalint::effective::Deployments;
use soalint::emit::python::{Value, dumps};
use soalint::emit::{Context, Refusal, Subject, adhoc, chronos, marathon, settings};
use soalint::model::kind::FileKind;
use soalint::repo::disk::DiskTree;
use soalint::repo::{ServiceName, TreeSource};
use soalint::rules::Env;

use crate::cases::Case;

use forms::{quote_large_integers, recorded_form, recorded_order, recorded_text};

/// Which payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Marathon,
    Chronos,
    Adhoc,
}

impl Kind {
    const ALL: [Kind; 3] = [Kind::Marathon, Kind::Chronos, Kind::Adhoc];

    const fn file(self) -> FileKind {
        match self {
            Kind::Marathon => FileKind::Marathon,
            Kind::Chronos => FileKind::Chronos,
            Kind::Adhoc => FileKind::Adhoc,
        }
    }

    const fn payload(self) -> PayloadKind {
        match self {
            Kind::Marathon => PayloadKind::Marathon,
            Kind::Chronos => PayloadKind::Chronos,
            Kind::Adhoc => PayloadKind::Adhoc,
        }
    }
}

/// How one recorded result compares with ours.
pub(crate) enum Verdict {
    Equal,
    /// The real tool raises, and we withhold.
    RefusedByBoth,
    /// The real tool emits, we withhold: the rules that say why.
    Withheld(String),
    Different(String),
}

pub(crate) struct Comparison {
    pub(crate) section: &'static str,
    pub(crate) subject: String,
    pub(crate) verdict: Verdict,
}

/// What we have for one instance.
enum Ours {
    Emitted(Emitted),
    Withheld(String),
}

#[derive(Default)]
struct Emitted {
    /// Texts by name: what `dumps` gives, or why there is none.
    parts: BTreeMap<&'static str, Result<String, Refusal>>,
    settings: BTreeMap<&'static str, Result<String, Refusal>>,
}

impl Case {
    /// A file of the case, with integers of any size.
    fn exact(&self, file: &str) -> Option<Json> {
        let text = std::fs::read_to_string(self.path.join(file)).ok()?;
        Some(
            serde_json::from_str(&quote_large_integers(&text))
                .unwrap_or_else(|error| panic!("{file} of {}: {error}", self.name)),
        )
    }

    /// Our results for every instance of that kind, by `service.instance`.
    fn ours(&self, kind: Kind, expected: &Json) -> BTreeMap<String, Ours> {
        let tree = DiskTree::open(self.soa()).expect("a tree");
        let env = Env::new(Settings { dialect: DialectName::Paasta066, ..Settings::default() });
        let checked = check_and_keep(&tree, &Scope::Everything, &env);
        let system = self.system();
        let inputs = &expected["oracle"]["inputs"];
        let counts = inputs["zk_instances"].as_object().expect("counts");
        let counts =
            counts.iter().map(|(name, count)| (name.clone(), count.as_i64().expect("a number"))).collect();
        let context = Context {
            dialect: DialectName::Paasta066.dialect(),
            cluster: system.cluster().expect("a cluster"),
            system: &system,
            counts: &counts,
            now: inputs["now"].as_str().expect("a time").parse().expect("a time"),
            placeholders: false,
        };
        let machine = adhoc::Machine {
            hostname: inputs["hostname"].as_str().expect("a name").to_owned(),
            port: u16::try_from(inputs["local_run_port"].as_u64().expect("a port")).expect("a port"),
            container_name: inputs["local_run_container_name"].as_str().expect("a name").to_owned(),
        };
        emit_all(&tree, &checked, &context, &machine, kind)
    }

    /// Bodies of the valid instances, as they would be sent.
    pub(crate) fn bodies(&self, kind: Kind) -> Vec<(String, String)> {
        let expected = self.exact("expected.json").expect("a document");
        let ours = self.ours(kind, &expected).into_iter();
        ours.filter_map(|(subject, ours)| match ours {
            Ours::Emitted(mut emitted) => Some((subject, emitted.parts.remove("rest")?.ok()?)),
            Ours::Withheld(_) => None,
        })
        .collect()
    }

    pub(crate) fn compare(&self) -> Vec<Comparison> {
        let expected = self.exact("expected.json").expect("a document");
        let rest = self.exact("expected-rest.json");
        let mut results = Vec::new();
        for kind in Kind::ALL {
            let ours = self.ours(kind, &expected);
            let section = match kind {
                Kind::Marathon => "marathon",
                Kind::Chronos => "chronos",
                Kind::Adhoc => "adhoc",
            };
            let recorded = expected[section].as_object().expect("a section");
            for (subject, recorded) in recorded {
                let mut compare = |section: &'static str, part: &'static str, recorded: &Json| {
                    let verdict = verdict(ours.get(subject), part, recorded);
                    results.push(Comparison { section, subject: subject.clone(), verdict });
                };
                match kind {
                    Kind::Marathon => {
                        compare("marathon payload", "payload", &recorded["payload"]);
                        if is_payload(&recorded["payload"]) {
                            compare("marathon hash", "hash", &recorded["config_hash"]);
                            compare("marathon hash input", "hash input", &recorded["hash_input"]);
                            if let Some(rest) = rest.as_ref().and_then(|rest| rest.get(subject)) {
                                compare("marathon REST body", "rest", rest);
                            }
                        }
                    }
                    Kind::Chronos => {
                        compare("chronos payload", "payload", &recorded["payload"]);
                        if is_payload(&recorded["payload"]) {
                            compare("chronos hash", "hash", &recorded["config_hash"]);
                            compare("chronos hash input", "hash input", &recorded["hash_input"]);
                        }
                    }
                    Kind::Adhoc => {
                        let run = &recorded["local_run"];
                        let argv = if is_payload(run) { &run["argv"] } else { run };
                        compare("adhoc argv", "argv", argv);
                    }
                }
                let name = match kind {
                    Kind::Marathon => "marathon settings",
                    Kind::Chronos => "chronos settings",
                    Kind::Adhoc => "adhoc settings",
                };
                let compared = settings_of(name, subject, ours.get(subject), &recorded["settings"]);
                results.extend(compared);
            }
        }
        results.extend(self.interactive(&expected));
        results
    }

    /// What local-run uses when no instance is named, by service.
    fn interactive(&self, expected: &Json) -> Vec<Comparison> {
        let ours = self.ours(Kind::Adhoc, expected);
        let cluster = expected["enumeration"]["cluster"].as_str().expect("a cluster");
        let recorded = expected["interactive"].as_object().expect("a section");
        let one = |(service, recorded): (&String, &Json)| {
            let default = || dumps(&settings::without_interactive(cluster)).map_err(Refusal::from);
            let verdict = match ours.get(&format!("{service}.interactive")) {
                // A service that cannot be read has no instances, either.
                None if is_error(recorded) => Verdict::RefusedByBoth,
                None => compared(Some(&default()), recorded),
                Some(_) => verdict(ours.get(&format!("{service}.interactive")), "interactive", recorded),
            };
            Comparison { section: "interactive", subject: service.clone(), verdict }
        };
        recorded.iter().map(one).collect()
    }
}

fn is_payload(recorded: &Json) -> bool {
    recorded.is_object() && recorded.get("error").is_none()
}

fn is_error(recorded: &Json) -> bool {
    recorded.is_null() || recorded.get("error").is_some_and(|error| error.get("type").is_some())
}

fn verdict(ours: Option<&Ours>, part: &'static str, recorded: &Json) -> Verdict {
    let ours = match ours {
        None => None,
        Some(Ours::Withheld(_)) if is_error(recorded) => return Verdict::RefusedByBoth,
        Some(Ours::Withheld(rules)) => return Verdict::Withheld(rules.clone()),
        Some(Ours::Emitted(emitted)) => emitted.parts.get(part),
    };
    compared(ours, recorded)
}

fn compared(ours: Option<&Result<String, Refusal>>, recorded: &Json) -> Verdict {
    match ours {
        None | Some(Err(_)) if is_error(recorded) => Verdict::RefusedByBoth,
        None => Verdict::Different("we do not know this instance".to_owned()),
        Some(Err(refusal)) => {
            Verdict::Different(format!("refused: {} {}", refusal.exception, refusal.message))
        }
        Some(Ok(_)) if is_error(recorded) => {
            Verdict::Different(format!("emitted, but the real tool raises {recorded}"))
        }
        Some(Ok(text)) => {
            let recorded = recorded_text(recorded);
            if *text == recorded { Verdict::Equal } else { Verdict::Different(difference(text, &recorded)) }
        }
    }
}

/// Where two texts part.
fn difference(ours: &str, recorded: &str) -> String {
    let at = ours.bytes().zip(recorded.bytes()).take_while(|(a, b)| a == b).count();
    let around = |text: &str| {
        let bytes = &text.as_bytes()[at.saturating_sub(40)..text.len().min(at + 80)];
        String::from_utf8_lossy(bytes).into_owned()
    };
    format!("ours ...{}... recorded ...{}...", around(ours), around(recorded))
}

/// One comparison per setting.
fn settings_of(
    section: &'static str,
    subject: &str,
    ours: Option<&Ours>,
    recorded: &Json,
) -> Vec<Comparison> {
    let Some(recorded) = recorded.as_object().filter(|_| is_payload(recorded)) else { return Vec::new() };
    let ours = match ours {
        Some(Ours::Emitted(emitted)) => emitted,
        Some(Ours::Withheld(_)) | None => return Vec::new(),
    };
    let names: BTreeSet<&str> =
        recorded.keys().map(String::as_str).chain(ours.settings.keys().copied()).collect();
    let one = |name: &str| {
        let verdict = match recorded.get(name) {
            Some(recorded) => compared_setting(ours.settings.get(name), recorded),
            None => Verdict::Different("recorded nowhere".to_owned()),
        };
        Comparison { section, subject: format!("{subject} {name}"), verdict }
    };
    names.into_iter().map(one).collect()
}

/// Null is a value of a setting, not an error.
fn compared_setting(ours: Option<&Result<String, Refusal>>, recorded: &Json) -> Verdict {
    match ours {
        Some(Ok(text)) if recorded.is_null() && text == "null" => Verdict::Equal,
        Some(Ok(text)) if recorded.is_null() => Verdict::Different(format!("{text} instead of null")),
        ours => compared(ours, recorded),
    }
}

fn emit_all(
    tree: &DiskTree,
    checked: &CheckedTree,
    context: &Context<'_>,
    machine: &adhoc::Machine,
    kind: Kind,
) -> BTreeMap<String, Ours> {
    let mut results = BTreeMap::new();
    let forest = checked.forest();
    for service in checked.services() {
        let name = ServiceName::new(service.name.clone().into());
        let deployments = match tree.read(&name, Deployments::FILE_NAME) {
            Some(bytes) => Deployments::parse(&bytes.expect("a readable file")),
            None => Deployments::Missing,
        };
        let config = forest.config(&service.name).expect("a known service");
        let expected = match &config {
            Ok(config) => settings::expected_instances(context, &forest, config, &deployments),
            Err(refusal) => Err(refusal.clone()),
        };
        let before_adhoc = checked.started_before_adhoc(service, context.cluster);
        for instance in checked.instances(service, kind.file(), kind.payload(), context.cluster) {
            let (name, ours) = match instance {
                Err(withheld) => {
                    let rules: BTreeSet<&str> = withheld.reasons.iter().map(|d| d.rule.name).collect();
                    (withheld.name, Ours::Withheld(rules.into_iter().collect::<Vec<_>>().join(", ")))
                }
                Ok(valid) => {
                    let started = match before_adhoc.get(valid.name()) {
                        Some(first) if kind == Kind::Adhoc => first.as_ref().copied(),
                        _ => Ok(valid),
                    };
                    let emitted = match &config {
                        Ok(config) => {
                            Subject::new(context, &forest, config, &deployments, &valid).and_then(|subject| {
                                let started = started.map_err(|withheld| {
                                    Refusal::new(
                                        "",
                                        format!("local-run starts the invalid `{}`", withheld.file),
                                    )
                                })?;
                                let started = Subject::new(context, &forest, config, &deployments, &started)?;
                                Ok(emitted(&subject, &started, &expected, machine, kind))
                            })
                        }
                        Err(refusal) => Err(refusal.clone()),
                    };
                    let ours = emitted.unwrap_or_else(|refusal| refused(&refusal));
                    (valid.name().to_owned(), Ours::Emitted(ours))
                }
            };
            results.insert(format!("{}.{name}", service.name), ours);
        }
    }
    results
}

fn refused(refusal: &Refusal) -> Emitted {
    let parts = ["payload", "rest", "argv"].map(|part| (part, Err(refusal.clone())));
    Emitted { parts: parts.into(), settings: BTreeMap::new() }
}

fn emitted(
    subject: &Subject<'_, '_>,
    started: &Subject<'_, '_>,
    expected: &settings::Expected<'_>,
    machine: &adhoc::Machine,
    kind: Kind,
) -> Emitted {
    let text = |value: &Value<'_>| dumps(&recorded_form(value)).map_err(Refusal::from);
    let quoted = |text: &str| dumps(&Value::computed(text.to_owned())).map_err(Refusal::from);
    let mut emitted = Emitted::default();
    for (name, value) in settings::settings(subject, expected) {
        emitted.settings.insert(name, value.and_then(|value| text(&value)).map(|text| recorded_order(&text)));
    }
    match kind {
        Kind::Marathon => match marathon::App::of(subject) {
            Ok(app) => {
                emitted.parts.insert("payload", text(&app.payload));
                emitted.parts.insert("hash", quoted(&app.config_hash));
                emitted.parts.insert("hash input", quoted(&app.hash_input));
                emitted.parts.insert("rest", app.rest().and_then(|body| text(&body)));
            }
            Err(refusal) => emitted.parts.extend(refused(&refusal).parts),
        },
        Kind::Chronos => match chronos::Job::of(subject) {
            Ok(job) => {
                emitted.parts.insert("payload", text(&job.payload));
                emitted.parts.insert("hash", quoted(&job.config_hash));
                emitted.parts.insert("hash input", quoted(&job.hash_input));
            }
            Err(refusal) => emitted.parts.extend(refused(&refusal).parts),
        },
        Kind::Adhoc => {
            let argv = adhoc::argv(started, machine).and_then(|argv| {
                let argv = argv.into_iter().map(Value::computed).collect::<Vec<_>>();
                text(&Value::computed(argv))
            });
            emitted.parts.insert("argv", argv);
            emitted
                .parts
                .insert("interactive", settings::interactive(subject).and_then(|value| text(&value)));
        }
    }
    emitted
}
