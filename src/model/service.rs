//! `service.yaml`: facts about the service.

use super::declare::nested;
use super::table::{DefaultValue, Effect, Provenance, Unknown};
use super::types::{Nullable, TextMap};

nested! {
    /// What PaaSTA's tools look at, and what older tools left behind. Every other key is a default of
    /// every instance.
    #[record("facts about the service", Unknown::Free)]
    pub struct Service {
        /// Where the source code lives, for git.
        git_url: String {
            default: DefaultValue::Computed("a repository named after the service"),
            example: "git@git.example.com:services/myservice.git",
            effect: Effect::Nothing,
        }
        /// What the service does, in a sentence.
        description: Nullable<String> {
            example: "Resizes pictures",
            effect: Effect::Nothing,
        }
        /// Where to read more.
        external_link: Nullable<String> {
            example: "https://docs.example.com/myservice",
            effect: Effect::Nothing,
        }
        /// The Docker registry of the service's images, without scheme, instead of the system's.
        docker_registry: String {
            default: DefaultValue::Computed("the system's registry"),
            example: "docker.example.com:443",
            effect: Effect::Bounces,
        }
        /// Hosts that run the service outside PaaSTA.
        runs_on: serde_json::Value {
            effect: Effect::Nothing,
            provenance: Provenance::Deprecated,
            deprecated: Some("it belongs to services that do not run on PaaSTA"),
        }
        /// Environments that the service is deployed to outside PaaSTA.
        deployed_to: serde_json::Value {
            effect: Effect::Nothing,
            provenance: Provenance::Deprecated,
            deprecated: Some("it belongs to services that do not run on PaaSTA"),
        }
        /// Whether the hosts of the service are set up by Puppet.
        needs_puppet_help: bool {
            effect: Effect::Nothing,
            provenance: Provenance::Deprecated,
            deprecated: Some("it belongs to services that do not run on PaaSTA"),
        }
        /// Environment variables of every instance of the service.
        env: TextMap {
            title: "environment variables",
            example: r#"{"LOG_LEVEL": "info"}"#,
            effect: Effect::Bounces,
            provenance: Provenance::CodeOnly,
        }
    }
}
