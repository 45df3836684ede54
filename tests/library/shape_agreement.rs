//! The walk over the table stands in for the JSON Schemas: both must say the same of everything.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use soalint::check::{Scope, check as check_tree};
use soalint::config::Settings;
use soalint::diagnostic::{Diagnostic, Severity};
use soalint::dialect::DialectName;
use soalint::model::keys;
use soalint::model::kind::FileKind;
use soalint::repo::memory::MemoryTree;
use soalint::rules::Env;
use soalint::schema::check::check;
use soalint::schema::generate;
use soalint::yaml::{Budget, parse};

/// Values of every kind, in and out of every range and form that a key knows; one per line.
const VALUES: &str = r#"
null true false
0 1 -1 -2 2 32 33 0.5 -0.5 1.5 100 101 65535 65536 999 1000 1000000 1000001
[] {} [1] ["a"] ["a","a"] ["a.b"] ["a.b","a.b"] ["a.b","a.c"]
[[]] [["a"]] [["a","b"]] [["a","b","c"]] [["a","b","c","d"]] [["a","b"],["a","b"]]
[["hostname","UNIQUE"]] [["hostname","unique"]] [["pool","LIKE","x"]] [["pool","GROUP_BY",2]]
[["pool","EQUALS","x"],["pool","EQUALS","x"]] [[[]]] [["a",1]]
[{}] [{"a":1}] {"a":"b"} {"a":1} {"a":null} {"a":{}} {"x":1}
["region",["a"]] ["region",[]] ["region",[1]] [["region",["a"]]] [["region",["a"]],["x",["b"]]]
["region","a"] ["region",["a"],"b"]
{"nofile":{"soft":1}} {"nofile":{"soft":1,"hard":2}} {"nofile":{"hard":2}} {"nofile":{"soft":"1"}}
{"nofile":{"soft":1,"x":2}} {"nofile":1} {"files":{"soft":1}} [{"nofile":{"soft":1}}] [{"nofile":1}]
{"outbound_firewall":"block"} {"outbound_firewall":"x"} {"outbound_firewall":null}
{"check_haproxy":true} {"check_haproxy":"x"} {"min_task_uptime":3} {"min_task_uptime":-3}
{"delay":30} {"delay":"x"} {"drain":{},"stop_draining":{},"is_draining":{},"is_safe_to_kill":{}}
{"drain":1,"stop_draining":{},"is_draining":{},"is_safe_to_kill":{}}
{"team":"a","page":true} {"team":1} {"page":"true"} {"page":null} {"realert_every":-1} {"realert_every":-2}
{"notification_email":false} {"irc_channels":["a"]} {"irc_channels":"a"} {"irc_channels":null}
{"setpoint":0.8} {"setpoint":80} {"decision_policy":"pid"} {"decision_policy":"x"}
{"good_enough_window":[0.5,0.9]} {"good_enough_window":["a"]}
{"region:a":["region:b"]} {"region:a":"region:b"} {"region":["region:b"]} {"region:a":["b"]}
[{"containerPath":"/a","hostPath":"/b","mode":"RO"}] [{"containerPath":"/a","hostPath":"/b","mode":"ro"}]
[{"containerPath":"/a","hostPath":"/b","mode":"RO","x":1}] [{"containerPath":"/a","mode":"RO"}]
[{"containerPath":"/a","hostPath":"/b","mode":"RO"},{"mode":"RO","hostPath":"/b","containerPath":"/a"}]
[{"step":"a"}] [{"step":1}] [{"name":"a"}] [{"step":"a","x":1}]
[{"smartstack":"a.b"}] [{"well-known":"internet"}] [{"well-known":"x"}]
"" "a" "a.b" "a.b.c" "region:a" "crossover" "graceful" "down" "http" "https" "tcp" "cmd" "noop" "hacheck"
"test" "RO" "1" "true" "bridge"
"#;

fn values() -> Vec<Value> {
    VALUES.split_whitespace().map(|text| serde_json::from_str(text).unwrap()).collect()
}

/// Whether the check accepts a file; JSON is YAML.
fn is_accepted(kind: FileKind, dialect: DialectName, file: &Value) -> bool {
    let tree = parse(file.to_string().as_bytes(), &Budget::default()).unwrap();
    check(kind, dialect, tree.root()).is_valid()
}

/// Holds the verdict of the check against that of the schema, and counts the files accepted.
struct Referee {
    kind: FileKind,
    dialect: DialectName,
    validator: jsonschema::Validator,
    accepted: usize,
    refused: usize,
}

impl Referee {
    fn new(kind: FileKind, dialect: DialectName) -> Self {
        let validator = jsonschema::draft7::new(&generate::schema(kind, dialect)).unwrap();
        Self { kind, dialect, validator, accepted: 0, refused: 0 }
    }

    fn judge(&mut self, file: &Value) {
        let accepted = is_accepted(self.kind, self.dialect, file);
        assert_eq!(
            accepted,
            self.validator.is_valid(file),
            "check (left) and schema (right) disagree on {} in {}: {file}",
            self.kind.name(),
            self.dialect
        );
        *(if accepted { &mut self.accepted } else { &mut self.refused }) += 1;
    }
}

/// Every key of the kind, and some that it does not have.
fn names(kind: FileKind) -> Vec<&'static str> {
    let record = keys::entry_record(kind);
    let mut names: Vec<&str> = record.iter().flat_map(|record| record.keys().map(|key| key.name)).collect();
    names.extend(["smartstack", "well-known", "unknown", "schedule", "proxy_port", "instances", "team"]);
    names
}

/// A file in which `name: value` is what matters.
fn file_with(kind: FileKind, name: &str, value: &Value) -> Value {
    let entry = match kind {
        FileKind::Chronos if !matches!(name, "schedule" | "parents") => {
            json!({"schedule": "0 3 * * *", name: value})
        }
        FileKind::Smartstack if name != "proxy_port" => json!({"proxy_port": 20001, name: value}),
        FileKind::Deploy if name != "pipeline" => json!({"pipeline": [], name: value}),
        _ => json!({name: value}),
    };
    match kind {
        FileKind::Monitoring | FileKind::Service | FileKind::Deploy => entry,
        FileKind::Dependencies => json!({ "main": [entry] }),
        _ => json!({ "main": entry }),
    }
}

#[test]
fn on_every_key_with_every_kind_of_value() {
    let values = values();
    for kind in FileKind::ALL {
        let names = names(kind);
        for dialect in DialectName::ALL {
            let mut referee = Referee::new(kind, dialect);
            for value in &values {
                for name in &names {
                    referee.judge(&file_with(kind, name, value));
                }
            }
            assert!(referee.accepted > 0 && referee.refused > 0, "{kind:?} {dialect}");
        }
    }
}

#[test]
fn on_whole_files_and_names() {
    for kind in FileKind::ALL {
        for dialect in DialectName::ALL {
            let mut referee = Referee::new(kind, dialect);
            for value in &values() {
                // Outside `paasta validate` an empty file is an empty mapping: a warning.
                if kind.has_instances() || !value.is_null() {
                    referee.judge(value);
                }
                for name in ["main", "Main", "a-", "_a", "", "a.b", "a b", "a/b", "a+b", "region:x"] {
                    referee.judge(&json!({ name: value }));
                }
            }
        }
    }
}

#[test]
fn on_keys_that_depend_on_each_other() {
    let call = json!({"url_format": "http://x", "success_codes": 200});
    let calls = json!({"drain": call, "stop_draining": call, "is_draining": call, "is_safe_to_kill": call});
    let empty = json!({"drain": {}, "stop_draining": {}, "is_draining": {}, "is_safe_to_kill": {}});
    let mut extra = calls.clone();
    extra["delay"] = json!(5);
    let none = || Value::Null;
    let params = vec![none(), json!({}), calls, empty, extra, json!({"drain": {}}), json!(1)];
    let marathon = [
        ("healthcheck_mode", vec![none(), json!("cmd"), json!("http"), json!(true)]),
        ("healthcheck_cmd", vec![none(), json!("x"), json!(1)]),
        ("drain_method", vec![none(), json!("http"), json!("noop"), json!(1)]),
        ("drain_method_params", params),
    ];
    let chronos = [
        ("schedule", vec![none(), json!("0 3 * * *"), json!(1)]),
        ("parents", vec![none(), json!("a.b"), json!([]), json!(["a.b"]), json!(["a"])]),
    ];
    for (kind, choices) in [(FileKind::Marathon, &marathon[..]), (FileKind::Chronos, &chronos[..])] {
        for dialect in DialectName::ALL {
            let mut referee = Referee::new(kind, dialect);
            for entry in combinations(choices) {
                referee.judge(&json!({ "main": entry }));
            }
            assert!(referee.accepted > 0 && referee.refused > 0, "{kind:?} {dialect}");
        }
    }
}

/// A rule that claims an error and says nothing of it would make a refused file look good.
#[test]
fn of_whatever_is_refused_something_is_said() {
    let values = values();
    let has_entries = |kind: &FileKind| kind.has_instances() || *kind == FileKind::Smartstack;
    for dialect in DialectName::ALL {
        let (mut files, mut refused) = (Vec::new(), BTreeSet::new());
        for kind in FileKind::ALL.into_iter().filter(has_entries) {
            for name in names(kind) {
                let service = format!("{}-{name}", kind.name()).replace('_', "-");
                let mut file = json!({});
                for (at, value) in values.iter().enumerate() {
                    let one = file_with(kind, name, value);
                    file[format!("i{at}")] = one["main"].clone();
                    if !is_accepted(kind, dialect, &one) {
                        refused.insert((service.clone(), format!("i{at}")));
                    }
                }
                let path = kind.file_pattern().replace('*', "prod");
                files.push((format!("{service}/{path}"), file.to_string()));
            }
        }
        let settings = Settings { dialect, ..Settings::default() };
        let said = check_tree(&MemoryTree::new(files), &Scope::Everything, &Env::new(settings)).diagnostics;
        // Advice about the rest of an instance does not count.
        let is_meant = |d: &&Diagnostic| d.severity == Severity::Error || d.subject.path.len() > 1;
        let of = |d: &Diagnostic| Some((d.subject.service.clone()?, d.subject.instance.clone()?));
        let said: BTreeSet<_> = said.iter().filter(is_meant).filter_map(of).collect();
        let silent: Vec<_> = refused.difference(&said).collect();
        assert!(silent.is_empty() && !refused.is_empty(), "{dialect}: nothing is said of {silent:?}");
    }
}

/// Every choice of one value per key; null leaves the key out.
fn combinations(choices: &[(&str, Vec<Value>)]) -> Vec<Value> {
    let mut entries = vec![json!({"mem": 64})];
    for (name, values) in choices {
        let with = |entry: &Value, value: &Value| {
            let mut entry = entry.clone();
            if !value.is_null() {
                entry[*name] = value.clone();
            }
            entry
        };
        entries =
            entries.iter().flat_map(|entry| values.iter().map(move |value| with(entry, value))).collect();
    }
    entries
}

#[test]
fn a_broken_instance_does_not_hide_its_siblings() {
    let tree = parse(b"main: {mem: 1}\ncanary: {mem: 64}\nworker: 3\n", &Budget::default()).unwrap();
    let report = check(FileKind::Marathon, DialectName::Documented, tree.root());
    assert!(!report.is_valid());
    assert!(!report.is_entry_valid("main"));
    assert!(report.is_entry_valid("canary"));
    assert!(!report.is_entry_valid("worker"));
}

/// The same on whole files as people write them, with the schema judging our own tree.
#[test]
fn on_the_example_trees() {
    let mut compared = 0;
    let examples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for file in
        ["yelpsoa-configs", "mistakes"].iter().flat_map(|tree| walkdir::WalkDir::new(examples.join(tree)))
    {
        let file = file.unwrap();
        let name = file.file_name().to_str().unwrap();
        let Some((kind, _)) = FileKind::from_file_name(name) else { continue };
        let Ok(tree) = parse(&std::fs::read(file.path()).unwrap(), &Budget::default()) else { continue };
        for dialect in DialectName::ALL {
            let Some(valid) = soalint::schema::validate::is_valid(kind, dialect, &tree) else { continue };
            // Outside `paasta validate` an empty file is an empty mapping.
            if !tree.root().is_null() || kind.has_instances() {
                let walked = check(kind, dialect, tree.root()).is_valid();
                assert_eq!(walked, valid, "{} in {dialect}", file.path().display());
                compared += 1;
            }
        }
    }
    assert!(compared > 300, "{compared}");
}
