//! deployments.json: which image of a service runs where, and whether it runs.

use crate::emit::Refusal;
use crate::emit::python::{Data, Dict, Origin, Value};

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

    /// What makes every Marathon instance and every job of the service fail, if something does; a missing file is
    /// no fault.
    pub fn fault(&self) -> Option<Refusal> {
        match self {
            Deployments::Missing => None,
            Deployments::Broken(_) | Deployments::Known(_) => self.entries().err(),
        }
    }

    /// The entries of `v1`, of which PaaSTA makes a `dict`: of an empty list or text, too.
    fn entries(&self) -> Result<&Value<'static>, Refusal> {
        let entries = self.version("v1")?;
        let is_empty = matches!(entries.data, Data::List(_) | Data::Str(_)) && !entries.is_truthy();
        if entries.as_dict().is_none() && !is_empty {
            let message = "`v1` of deployments.json is not a mapping";
            return Err(Refusal::new("TypeError", message).at(Origin::Deployments));
        }
        Ok(entries)
    }

    fn version(&self, version: &str) -> Result<&Value<'static>, Refusal> {
        match self {
            Deployments::Missing => Err(Refusal::new(
                "NoDeploymentsAvailable",
                "the service has no deployments.json, so nobody knows which image to run",
            )),
            Deployments::Broken(reason) => Err(Refusal::new("JSONDecodeError", reason.clone())),
            Deployments::Known(root) => root.get(version).ok_or_else(|| {
                Refusal::new("KeyError", format!("deployments.json has no `{version}`"))
                    .at(Origin::Deployments)
            }),
        }
    }

    /// What Marathon and Chronos run: the entry of `<service>:paasta-<branch>` in `v1`.
    ///
    /// # Errors
    /// No usable file. A missing entry is an empty one.
    pub fn v1(&self, service: &str, branch: &str) -> Result<Branch, Refusal> {
        let key = format!("{service}:paasta-{branch}");
        match self.entries()?.get(&key).map(|entry| &entry.data) {
            None => Ok(Branch::default()),
            Some(Data::Dict(values)) => Ok(Branch { values: values.clone() }),
            Some(_) => {
                let message = format!("`{key}` in deployments.json is not a mapping");
                Err(Refusal::new("AttributeError", message).at(Origin::Deployments))
            }
        }
    }

    /// What local-run runs: image and sha by deploy group, state by branch, from `v2`.
    ///
    /// # Errors
    /// No usable file, or no entry.
    pub fn v2(&self, service: &str, branch: &str, deploy_group: &str) -> Result<Branch, Refusal> {
        let root = self.version("v2")?;
        let part = |name: &str| {
            root.get(name).ok_or_else(|| {
                Refusal::new("KeyError", format!("deployments.json has no `{name}` in `v2`"))
                    .at(Origin::Deployments)
            })
        };
        let (deployments, controls) = (part("deployments")?, part("controls")?);
        let deployed = deployments.get(deploy_group).ok_or_else(|| {
            Refusal::new(
                "NoDeploymentsAvailable",
                format!("nothing is deployed to the group `{deploy_group}`"),
            )
        })?;
        let control = controls.get(&format!("{service}:{branch}"));
        let field = |of: Option<&Value<'static>>, key: &str| of.and_then(|values| values.get(key)).cloned();
        let needed = |key: &str| {
            field(Some(deployed), key).ok_or_else(|| {
                Refusal::new("KeyError", format!("deployments.json has no `{key}` for `{deploy_group}`"))
                    .at(Origin::Deployments)
            })
        };
        let desired_state = field(control, "desired_state").unwrap_or_else(|| Value::default("start"));
        let force_bounce = field(control, "force_bounce").unwrap_or_else(|| Value::default(Data::None));
        Ok(Branch {
            values: Dict::of([
                ("docker_image", needed("docker_image")?),
                ("git_sha", needed("git_sha")?),
                ("desired_state", desired_state),
                ("force_bounce", force_bounce),
            ]),
        })
    }
}

impl Deployments {
    /// Whether `v2` has an entry for the state of `<service>:<branch>`; without one, local-run
    /// refuses the instance whatever is deployed (`utils:get_desired_state_for_branch`).
    pub fn has_control(&self, service: &str, branch: &str) -> bool {
        let controls = self.version("v2").ok().and_then(|root| root.get("controls"));
        controls.is_some_and(|controls| controls.get(&format!("{service}:{branch}")).is_some())
    }
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

    /// Text that changes the hash, if there is any.
    pub fn force_bounce(&self) -> Option<&Value<'static>> {
        self.values.get("force_bounce").filter(|token| token.is_truthy())
    }
}
