//! deployments.json: which image of a service runs where, and whether it runs.

use crate::emit::Refusal;
use crate::emit::python::{Data, Dict, Origin, Value, str};
use crate::model::kind::FileKind;

/// The deployments of one service.
#[derive(Clone, Debug, Default)]
pub enum Deployments {
    /// There is no deployments.json.
    #[default]
    Missing,
    /// It cannot be used; why.
    Broken(String),
    /// What it says.
    Known(Value<'static>),
}

/// What is deployed of one instance.
#[derive(Clone, Debug, Default)]
pub struct Branch {
    /// `docker_image`, `git_sha`, `desired_state`, `force_bounce`, as far as they are there.
    pub values: Dict<'static>,
}

impl Deployments {
    /// Name of the file in the directory of the service.
    pub const FILE_NAME: &'static str = "deployments.json";

    /// Reads the bytes of a deployments.json.
    pub fn parse(bytes: &[u8]) -> Self {
        match crate::encoding::json(bytes) {
            Ok(json @ serde_json::Value::Object(_)) => {
                Deployments::Known(Value::of_json(json, Origin::Deployments))
            }
            Ok(_) => Deployments::Broken("deployments.json cannot be used: it is not a mapping".to_owned()),
            Err(error) => Deployments::Broken(format!("deployments.json cannot be used: {error}")),
        }
    }

    /// Whether PaaSTA may fail on it for an instance: for which ones, [`Self::v1`] and [`Self::v2`] tell, and
    /// [`Branch::fault`].
    pub fn may_fail(&self) -> bool {
        let Deployments::Known(root) = self else { return !matches!(self, Deployments::Missing) };
        let all = |value: &Value<'_>, is_sound: &dyn Fn(&Dict<'_>) -> bool| {
            let is_sound = |entry: &Value<'_>| entry.as_dict().is_some_and(is_sound);
            value.as_dict().is_some_and(|dict| dict.iter().all(|entry| is_sound(&entry.value)))
        };
        let is_branch = |entry: &Dict<'_>| is_state(entry) && is_token(entry);
        let is_sound = root.get("v1").is_some_and(|v1| all(v1, &is_branch))
            && root.get("v2").and_then(Value::as_dict).is_some_and(|v2| {
                let mut parts = ["deployments", "controls"].into_iter().filter_map(|part| v2.get(part));
                parts.all(|part| all(part, &|_| true))
            });
        !is_sound
    }

    /// The entries of a version, of which PaaSTA makes a `dict`: of an empty list or text, too.
    fn version(&self, version: &str) -> Result<&Value<'static>, Refusal> {
        let entries = match self {
            Deployments::Missing => {
                let message = "the service has no deployments.json, so nobody knows which image to run";
                return Err(Refusal::new(NOT_DEPLOYED, message));
            }
            Deployments::Broken(reason) => return Err(Refusal::new("JSONDecodeError", reason.clone())),
            Deployments::Known(root) => root.get(version),
        };
        let Some(entries) = entries else {
            let message = format!("deployments.json has no `{version}`");
            return Err(Refusal::new("KeyError", message).at(Origin::Deployments));
        };
        let is_empty = matches!(entries.data, Data::List(_) | Data::Str(_)) && !entries.is_truthy();
        if is_empty { Ok(entries) } else { mapping(version, entries).map(|_| entries) }
    }

    /// What Marathon and Chronos run: the entry of `<service>:paasta-<branch>` in `v1`.
    ///
    /// # Errors
    /// No usable file. A missing entry is an empty one.
    pub fn v1(&self, service: &str, branch: &str) -> Result<Branch, Refusal> {
        let key = format!("{service}:paasta-{branch}");
        match self.version("v1")?.get(&key) {
            None => Ok(Branch::default()),
            Some(entry) => Ok(Branch { values: mapping(&key, entry)?.clone() }),
        }
    }

    /// What local-run runs: image and sha by deploy group, state by branch, from `v2`.
    ///
    /// # Errors
    /// No usable file, or nothing deployed to the group.
    pub fn v2(&self, service: &str, branch: &str, deploy_group: &str) -> Result<Branch, Refusal> {
        let root = self.version("v2")?;
        let nothing = || {
            let message = format!("nothing is deployed to the group `{deploy_group}`");
            Refusal::new(NOT_DEPLOYED, message)
        };
        let deployments = mapping("deployments", root.get("deployments").ok_or_else(nothing)?)?;
        let deployed = mapping(deploy_group, deployments.get(deploy_group).ok_or_else(nothing)?)?;
        let needed = |key: &str| {
            deployed.get(key).cloned().ok_or_else(|| {
                let message = format!("deployments.json has no `{key}` for `{deploy_group}`");
                Refusal::new(NOT_DEPLOYED, message).at(Origin::Deployments)
            })
        };
        let (image, sha) = (needed("docker_image")?, needed("git_sha")?);
        let control = self.control(service, branch)?;
        let field = |key: &str| control.and_then(|values| values.get(key)).cloned();
        Ok(Branch {
            values: Dict::of([
                ("docker_image", image),
                ("git_sha", sha),
                ("desired_state", field("desired_state").unwrap_or_else(|| Value::default("start"))),
                ("force_bounce", field("force_bounce").unwrap_or_else(|| Value::default(Data::None))),
            ]),
        })
    }

    /// The entry of `v2` for the state of `<service>:<branch>`.
    fn control(&self, service: &str, branch: &str) -> Result<Option<&Dict<'static>>, Refusal> {
        let Some(controls) = self.version("v2")?.get("controls") else { return Ok(None) };
        let key = format!("{service}:{branch}");
        mapping("controls", controls)?.get(&key).map(|control| mapping(&key, control)).transpose()
    }

    /// Whether `v2` has an entry for the state of `<service>:<branch>`; without one, local-run
    /// refuses the instance whatever is deployed (`utils:get_desired_state_for_branch`).
    pub fn has_control(&self, service: &str, branch: &str) -> bool {
        matches!(self.control(service, branch), Ok(Some(_)))
    }
}

/// What PaaSTA raises where nothing is deployed. Everything else is a fault of the file.
const NOT_DEPLOYED: &str = "NoDeploymentsAvailable";

/// Whether a refusal of deployments.json is a fault of the file: what is there and wrong is not missing.
pub fn is_fault(refusal: &Refusal) -> bool {
    refusal.exception != NOT_DEPLOYED
}

/// A value as the mapping that PaaSTA takes it for.
fn mapping<'v>(key: &str, value: &'v Value<'static>) -> Result<&'v Dict<'static>, Refusal> {
    value.as_dict().ok_or_else(|| {
        let message = format!("`{key}` in deployments.json is not a mapping");
        Refusal::new("TypeError", message).at(Origin::Deployments)
    })
}

impl Branch {
    /// The image without the registry; empty text if nothing is deployed.
    pub fn image(&self) -> Value<'static> {
        self.values.get("docker_image").cloned().unwrap_or_else(|| Value::default(""))
    }

    /// `start` unless it says otherwise.
    pub fn desired_state(&self) -> Value<'static> {
        self.values.get("desired_state").cloned().unwrap_or_else(|| Value::default("start"))
    }

    /// What changes the hash, if there is anything.
    ///
    /// # Errors
    /// It is not text.
    pub fn force_bounce(&self) -> Result<Option<&Value<'static>>, Refusal> {
        if is_token(&self.values) {
            return Ok(self.values.get("force_bounce").filter(|token| token.is_truthy()));
        }
        let message = "`force_bounce` in deployments.json is not text";
        Err(Refusal::new("AttributeError", message).at(Origin::Deployments))
    }

    /// Whether a job is to run.
    ///
    /// # Errors
    /// The desired state is neither `start` nor `stop`.
    pub fn is_started(&self) -> Result<bool, Refusal> {
        let state = self.desired_state();
        if is_state(&self.values) {
            return Ok(state.as_str() == Some("start"));
        }
        let state = str(&state);
        let message =
            format!("the desired state `{state}` in deployments.json is neither `start` nor `stop`");
        Err(Refusal::new("ValueError", message).at(Origin::Deployments))
    }

    /// What makes an instance of that kind fail, if something does.
    pub fn fault(&self, kind: FileKind) -> Option<Refusal> {
        match kind {
            FileKind::Marathon => self.force_bounce().err(),
            FileKind::Chronos => self.is_started().err().or_else(|| self.force_bounce().err()),
            _ => None,
        }
    }
}

/// Whether an entry says to start or to stop, if it says anything.
fn is_state(entry: &Dict<'_>) -> bool {
    entry.get("desired_state").is_none_or(|state| matches!(state.as_str(), Some("start" | "stop")))
}

/// Whether the token of an entry can be put into a hash, if it has one.
fn is_token(entry: &Dict<'_>) -> bool {
    entry.get("force_bounce").is_none_or(|token| !token.is_truthy() || token.as_str().is_some())
}
