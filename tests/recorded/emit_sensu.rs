//! Sensu results and pipelines against what paasta-tools 0.66.6 and pysensu-yelp 0.3.4 were recorded
//! to make of the same files.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use soalint::dialect::DialectName;
use soalint::effective::{Deployments, Forest, InstanceConfig, ServiceConfig, System, entries};
use soalint::emit::python::{Data, Value};
use soalint::emit::sensu::{self, State};
use soalint::emit::{Context, Refusal, Subject, jenkins, settings};
use soalint::model::kind::FileKind;

use crate::cases::{Case, Loaded, Tally, cases, in_memory};

/// Fields, arguments and payload of every instance of every case; and what PaaSTA reads of deploy.yaml.
#[test]
fn recorded_monitoring_is_equal() {
    let mut tally = Tally::default();
    for case in cases() {
        compare(case, &mut tally);
    }
    tally.finish(&[("field", 5000), ("arguments", 97), ("payload", 95), ("silence", 350), ("deploy", 500)]);
}

fn compare(case: &Case, tally: &mut Tally) {
    let loaded = case.load();
    let forest = loaded.forest();
    let system = case.system();
    let counts = case.inputs()["zk_instances"].as_object().expect("counts");
    let counts =
        counts.iter().map(|(name, count)| (name.clone(), count.as_i64().expect("a number"))).collect();
    let context = Context {
        dialect: DialectName::Paasta066.dialect(),
        cluster: &loaded.cluster,
        system: &system,
        counts: &counts,
        now: case.now().parse().expect("a time"),
        placeholders: false,
    };
    let state = state(case);
    for service in loaded.names() {
        let Some(config) = forest.config(&service) else { continue };
        compare_pipeline(case, &service, &config, tally);
        for (kind, section) in [(FileKind::Marathon, "marathon"), (FileKind::Chronos, "chronos")] {
            let recorded = case.expected()["monitoring"][section].as_object().expect("instances");
            let prefix = format!("{service}.");
            for (subject, recorded) in recorded.iter().filter(|(subject, _)| subject.starts_with(&prefix)) {
                let name = subject.strip_prefix(&prefix).expect("a name");
                match &config {
                    Ok(config) => {
                        let deployments = case.deployments(&service);
                        let is_withheld = loaded.withheld.contains(subject);
                        let one =
                            One { case, subject, recorded, context: &context, state: &state, is_withheld };
                        one.compare(&forest, config, (kind, name), &deployments, tally);
                    }
                    Err(refusal) => {
                        tally.refusal("payload", case, subject, &recorded["error"], Some(refusal));
                    }
                }
            }
        }
    }
}

/// What was running when the case was recorded.
fn state(case: &Case) -> State {
    let inputs = case.inputs();
    let state = json!({
        "healthy_tasks": inputs["healthy_tasks"],
        "haproxy_backends": inputs["haproxy_backends"],
        "agents": case.json("slaves.json"),
    });
    State::parse(state.to_string().as_bytes()).expect("a state")
}

struct One<'a> {
    case: &'a Case,
    subject: &'a str,
    recorded: &'a Json,
    context: &'a Context<'a>,
    state: &'a State,
    /// Whether the check holds it back anyway.
    is_withheld: bool,
}

impl One<'_> {
    fn compare<'s>(
        &self,
        forest: &Forest<'s>,
        service: &'s ServiceConfig<'s>,
        (kind, name): (FileKind, &str),
        deployments: &Deployments,
        tally: &mut Tally,
    ) {
        let error = self.recorded.get("error");
        let Some(written) =
            entries(service.service(), kind, self.context.cluster).flatten().find(|w| w.name == name)
        else {
            // A name that is not text, a file that is no mapping, a service that cannot be read.
            return match error {
                Some(error) => {
                    let refusal = Refusal::new("TypeError", "the check withholds it");
                    tally.refusal("payload", self.case, self.subject, error, Some(&refusal));
                }
                None => tally.withheld("payload", self.case, self.subject),
            };
        };
        let own = service.value(written.entry.value, written.document);
        let config = match InstanceConfig::new(service, kind, self.context.cluster, written.name, own) {
            Ok(config) => config,
            Err(refusal) => {
                let Some(error) = error else {
                    return tally.withheld("payload", self.case, self.subject);
                };
                return tally.refusal("payload", self.case, self.subject, error, Some(&refusal));
            }
        };
        self.compare_fields(&config, tally);
        let branch = config.deployed(deployments);
        let subject = Subject { context: self.context, forest, config, branch, is_placeholder: false };
        let ours = sensu::event(
            &subject,
            &settings::expected_instances(self.context, forest, service, deployments),
            self.state,
        );
        let events = self.recorded["events"].as_array().expect("events");
        match (events.as_slice(), ours) {
            (_, Err(_)) if self.is_withheld && error.is_none() => {
                tally.withheld("payload", self.case, self.subject);
            }
            ([], Ok(None)) => tally.agree("silence"),
            ([], Err(refusal)) => match error {
                Some(error) => tally.refusal("payload", self.case, self.subject, error, Some(&refusal)),
                // Without deployments PaaSTA skips the instance without a word.
                None if refusal.exception == "NoDeploymentsAvailable" => tally.agree("silence"),
                None => tally.differs("payload", self.case, self.subject, &format!("refused: {refusal:?}")),
            },
            ([], Ok(Some(event))) => {
                tally.differs("payload", self.case, self.subject, &format!("none recorded, ours {event:?}"));
            }
            ([event], Ok(Some(ours))) => {
                let arguments = Ok(ours.arguments);
                tally.compare("arguments", self.case, self.subject, &event["kwargs"], &arguments);
                tally.compare("payload", self.case, self.subject, &event["payload"], &ours.payload);
            }
            ([event], Err(refusal)) if event["payload"].get("error").is_some() => {
                tally.refusal("payload", self.case, self.subject, &event["payload"]["error"], Some(&refusal));
            }
            (events, ours) => {
                tally.differs(
                    "payload",
                    self.case,
                    self.subject,
                    &format!("{} events, ours {ours:?}", events.len()),
                );
            }
        }
    }

    fn compare_fields(&self, config: &InstanceConfig<'_>, tally: &mut Tally) {
        let fields = sensu::fields(config, self.context.dialect);
        for (name, recorded) in self.recorded["fields"].as_object().expect("fields") {
            let ours = fields.get(name).cloned().unwrap_or_else(|| Value::default(Data::None));
            if recorded.get("error").is_some_and(|error| error.get("type").is_some()) {
                // The file that it would come from is no mapping: that is for the check to say.
                tally.withheld("field", self.case, self.subject);
                continue;
            }
            tally.compare("field", self.case, self.subject, recorded, &Ok(ours));
        }
    }
}

fn compare_pipeline(
    case: &Case,
    service: &str,
    config: &Result<ServiceConfig<'_>, Refusal>,
    tally: &mut Tally,
) {
    let recorded = &case.expected()["deploy"][service];
    let facts = config.as_ref().map_err(Clone::clone).and_then(jenkins::facts);
    let keys = [
        "pipeline",
        "steps",
        "deploy_steps",
        "deploy_has_security_check",
        "deploy_has_performance_check",
        "git_url",
    ];
    for key in keys {
        let Some(recorded) = recorded.get(key) else { continue };
        let subject = format!("{service} {key}");
        let ours = match &facts {
            Ok(facts) => Ok(facts.get(key).cloned().expect("a fact")),
            Err(refusal) => Err(refusal.clone()),
        };
        if ours.is_err() && recorded.get("error").is_none() {
            tally.withheld("deploy", case, &subject);
            continue;
        }
        tally.compare("deploy", case, &subject, recorded, &ours);
    }
    // An instance that cannot be read spoils PaaSTA's list of groups; ours has the others.
    let groups = recorded.get("deploy_groups").filter(|groups| groups.is_array());
    if let (Some(groups), Ok(facts)) = (groups, &facts) {
        let ours = facts.get("deploy_groups").cloned().expect("a fact");
        tally.compare("deploy", case, &format!("{service} deploy_groups"), groups, &Ok(ours));
    }
    let by_instance = recorded.get("by_instance").and_then(Json::as_object);
    if let (Some(by_instance), Ok(facts)) = (by_instance, &facts) {
        let ours = facts.get("by_instance").cloned().expect("a fact");
        for (file, instances) in by_instance.iter().filter(|(_, instances)| instances.get("error").is_none())
        {
            let subject = format!("{service} {file}");
            for (name, group) in instances.as_object().expect("instances") {
                if group.is_object() {
                    continue;
                }
                let own = ours.get(file).and_then(|file| file.get(name)).cloned();
                let own = own.unwrap_or_else(|| Value::default(Data::None));
                tally.compare("deploy", case, &format!("{subject} {name}"), group, &Ok(own));
            }
        }
    }
}

/// The documentation promises other defaults than 0.66 has.
#[test]
fn documented_defaults() {
    let loaded = in_memory(&[
        ("svc/monitoring.yaml", "team: ops"),
        ("svc/marathon-test.yaml", "main: {instances: 4}"),
        ("svc/chronos-test.yaml", "job: {schedule: \"0 * * * *\", cmd: x}"),
    ]);
    let both = [DialectName::Documented, DialectName::Paasta066].map(|dialect| {
        let main = sent(&loaded, dialect, FileKind::Marathon, "main");
        let job = sent(&loaded, dialect, FileKind::Chronos, "job");
        [main, job].map(|event| {
            let get = |key: &str| {
                event.get(key).map_or("?".to_owned(), |value| soalint::emit::python::str(value).into_owned())
            };
            [get("page"), get("ticket"), get("alert_after"), get("realert_every"), get("status")]
        })
    });
    assert_eq!(both[0], [["False", "False", "120", "-1", "2"], ["False", "False", "120", "-1", "1"]]);
    assert_eq!(both[1], [["None", "False", "120", "-1", "2"], ["None", "False", "900", "60", "1"]]);
}

fn sent(loaded: &Loaded, dialect: DialectName, kind: FileKind, name: &str) -> Value<'static> {
    let forest = loaded.forest();
    let service = forest.config("svc").expect("it is there").expect("it is read");
    let (system, counts) = (System::assumed(), BTreeMap::new());
    let context = Context {
        dialect: dialect.dialect(),
        cluster: "test",
        system: &system,
        counts: &counts,
        now: "2017-07-26T10:15:30".parse().expect("a time"),
        placeholders: true,
    };
    let written =
        entries(service.service(), kind, "test").flatten().find(|w| w.name == name).expect("it is there");
    let own = service.value(written.entry.value, written.document);
    let config = InstanceConfig::new(&service, kind, "test", written.name, own).expect("valid");
    let branch = Ok(soalint::effective::Branch::default());
    let subject = Subject { context: &context, forest: &forest, config, branch, is_placeholder: true };
    let expected = settings::expected_instances(&context, &forest, &service, &Deployments::Missing);
    let event = sensu::event(&subject, &expected, &State::default()).expect("valid").expect("sent");
    let payload = event.payload.expect("valid");
    let text = soalint::emit::python::dumps(&payload).expect("JSON");
    let json: Json = serde_json::from_str(&text).expect("JSON");
    Value::of_json(json, soalint::emit::python::Origin::Given)
}

/// The pipeline of a service, as people read it.
#[test]
fn a_pipeline_reads_well() {
    let loaded = in_memory(&[
        (
            "svc/deploy.yaml",
            "pipeline:\n- step: itest\n- step: push-to-registry\n- step: stage.main\n  trigger_next_step_manually: true\n\
             - step: command-smoke\n- step: prod.main\n  wait_for_deployment: false\n",
        ),
        ("svc/marathon-stage.yaml", "main: {deploy_group: stage.main}"),
        ("svc/marathon-prod.yaml", "main: {deploy_group: prod.main}\ncanary: {deploy_group: prod.main}"),
        ("svc/chronos-prod.yaml", "job: {deploy_group: prod.main, schedule: \"0 * * * *\", cmd: x}"),
        ("odd/deploy.yaml", "pipeline: [{step: \"prod.'$(reboot)\"}]"),
        ("tag/deploy.yaml", "pipeline: [{step: \"command-SHELL=/tmp/x\"}]"),
    ]);
    let forest = loaded.forest();
    let config = |name: &str| forest.config(name).expect("it is there").expect("it is read");
    let pipeline = jenkins::Pipeline::of(&config("svc")).expect("valid").expect("there is one");
    insta::with_settings!({ snapshot_path => "../../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("jenkinsfile", pipeline.jenkinsfile());
    });
    assert!(jenkins::Pipeline::of(&config("odd")).is_err());
    assert!(jenkins::Pipeline::of(&config("tag")).is_err());
}
