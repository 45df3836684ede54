//! `smartstack.yaml`: registration, discovery and load balancing, one namespace per top-level key.

use std::collections::BTreeMap;

use super::declare::{nested, words};
use super::lax::{
    BalanceWord, CountedSeconds, Formatted, HeaderMap, MapOrNothing, PathPort, TextOrNothing, Truth,
    UnreadMap,
};
use super::table::{DefaultValue, Effect, Map, Names, Provenance, Range, Shape, Shaped, Unknown};
use super::types::{Listed, NonEmpty, Nullable, Number, TYPED_LOCATION, TextMap};

nested! {
    /// One namespace of smartstack.yaml.
    #[record("a SmartStack namespace", Unknown::Refused("neither nerve nor synapse reads it, and nothing says so"))]
    pub struct Namespace {
        /// The port on which every host's HAProxy listens for the service: unique in all environments.
        /// null makes the namespace discovery only, without a listener.
        proxy_port: Nullable<i64> {
            range: Some(Range::between(1.0, 65535.0)),
            example: "20028",
            other_example: "20029",
            effect: Effect::BouncesAndReconfigures,
            required: |dialect| dialect.proxy_port_required,
        }
        /// Whether the service speaks HTTP or plain TCP.
        mode: Mode {
            default: DefaultValue::Same("http"),
            example: "http",
            effect: Effect::BouncesAndReconfigures,
        }
        /// The location type in which clients look for the service. It must be one of `advertise`.
        discover: String {
            suggestions: LOCATION_TYPES,
            default: DefaultValue::Same("region"),
            example: "region",
            effect: Effect::BouncesAndReconfigures,
        }
        /// The location types in which each task registers.
        advertise: NonEmpty<String> {
            suggestions: LOCATION_TYPES,
            default: DefaultValue::Same(r#"["region"]"#),
            example: r#"["region", "superregion"]"#,
            effect: Effect::ReconfiguresSmartstack,
        }
        /// Further places where tasks of one location register, each `type:location`.
        extra_advertise: ExtraAdvertise {
            default: DefaultValue::Same("{}"),
            example: r#"{"ecosystem:stagec": ["region:uswest2-prod"]}"#,
            effect: Effect::ReconfiguresSmartstack,
        }
        /// Headers that HAProxy adds to requests (mode http).
        extra_headers: HeaderMap {
            title: "headers",
            default: DefaultValue::Same("{}"),
            example: r#"{"X-Mode": "ro"}"#,
            effect: Effect::ReconfiguresSmartstack,
        }
        /// A namespace, `service.namespace`, through which requests go first. While it is down, they go
        /// straight to the service.
        proxied_through: Nullable<TextOrNothing> {
            example: "cacheservice.main",
            effect: Effect::ReconfiguresSmartstack,
        }
        /// How nerve checks a task.
        healthcheck_mode: CheckMode {
            default: DefaultValue::Computed("the `mode` of the namespace"),
            example: "http",
            effect: Effect::ReconfiguresSmartstack,
        }
        /// Path that health checks ask for. Mode tcp ignores it.
        healthcheck_uri: String {
            default: DefaultValue::Same("/status"),
            example: "/status",
            effect: Effect::BouncesAndReconfigures,
        }
        /// Another port to check than the one the task listens on.
        ///
        /// Undocumented here.
        healthcheck_port: PathPort {
            range: Some(Range::between(1.0, 65535.0)),
            default: DefaultValue::Computed("the port of the task"),
            example: "9000",
            other_example: "9001",
            effect: Effect::ReconfiguresSmartstack,
            provenance: Provenance::CodeOnly,
        }
        /// Longest time that nerve waits for a check.
        healthcheck_timeout_s: Number {
            range: Some(Range::above(0.0)),
            unit: "seconds",
            default: DefaultValue::Same("1"),
            example: "1",
            effect: Effect::ReconfiguresSmartstack,
        }
        /// Text that the answer to a health check must contain.
        ///
        /// Undocumented.
        healthcheck_body_expect: Nullable<TextOrNothing> {
            example: "OK",
            effect: Effect::ReconfiguresSmartstack,
            provenance: Provenance::CodeOnly,
        }
        /// Headers of the health check requests.
        extra_healthcheck_headers: TextMap {
            title: "headers",
            default: DefaultValue::Same("{}"),
            example: r#"{"X-Mode": "ro"}"#,
            effect: Effect::ReconfiguresSmartstack,
        }
        /// Longest time until a task answers health checks after `updown_service` brought it up.
        updown_timeout_s: CountedSeconds {
            range: Some(Range::at_least(0.0)),
            unit: "seconds",
            example: "30",
            other_example: "60",
            effect: Effect::ReconfiguresSmartstack,
        }
        /// How often HAProxy tries again when a connection fails.
        retries: Nullable<Formatted> {
            range: Some(Range::at_least(0.0).because("HAProxy refuses a negative number")),
            unit: "retries",
            default: DefaultValue::Same("1"),
            example: "1",
            effect: Effect::ReconfiguresSmartstack,
        }
        /// Whether each retry goes to another task. Makes sense with a low `timeout_connect_ms` and
        /// `retries` above 1.
        allredisp: Nullable<Truth> {
            default: DefaultValue::Same("false"),
            example: "true",
            effect: Effect::ReconfiguresSmartstack,
        }
        /// How long HAProxy waits for a connection to a task.
        timeout_connect_ms: Nullable<Formatted> {
            range: Some(Range::at_least(0.0)),
            unit: "milliseconds",
            default: DefaultValue::Same("200"),
            example: "200",
            effect: Effect::ReconfiguresSmartstack,
        }
        /// How long HAProxy waits for a task that sends nothing.
        timeout_server_ms: Nullable<Formatted> {
            range: Some(Range::at_least(0.0)),
            unit: "milliseconds",
            default: DefaultValue::Same("1000"),
            example: "5000",
            effect: Effect::ReconfiguresSmartstack,
        }
        /// How long HAProxy waits for a client that sends nothing.
        timeout_client_ms: Nullable<Formatted> {
            range: Some(Range::at_least(0.0)),
            unit: "milliseconds",
            default: DefaultValue::Same("1000"),
            example: "5000",
            effect: Effect::ReconfiguresSmartstack,
        }
        /// How HAProxy chooses a task: `leastconn` or `roundrobin`.
        ///
        /// Undocumented.
        balance: Nullable<BalanceWord> {
            suggestions: &["leastconn", "roundrobin"],
            default: DefaultValue::Same("leastconn"),
            example: "leastconn",
            effect: Effect::ReconfiguresSmartstack,
            provenance: Provenance::CodeOnly,
        }
        /// Faults to inject on purpose.
        ///
        /// Undocumented.
        chaos: Nullable<MapOrNothing> {
            effect: Effect::ReconfiguresSmartstack,
            provenance: Provenance::CodeOnly,
        }
        /// Delays to inject on purpose.
        ///
        /// Undocumented.
        fixed_delay: Nullable<UnreadMap> {
            effect: Effect::ReconfiguresSmartstack,
            provenance: Provenance::CodeOnly,
        }
        /// Whether HAProxy keeps connections to tasks open.
        ///
        /// Undocumented.
        keepalive: serde_json::Value {
            effect: Effect::ReconfiguresSmartstack,
            provenance: Provenance::CodeOnly,
        }
        /// Extensions of the load balancer.
        ///
        /// Undocumented.
        plugins: Nullable<UnreadMap> {
            effect: Effect::ReconfiguresSmartstack,
            provenance: Provenance::CodeOnly,
        }
        /// Timeouts of single paths.
        ///
        /// Undocumented.
        endpoint_timeouts: Nullable<UnreadMap> {
            effect: Effect::ReconfiguresSmartstack,
            provenance: Provenance::CodeOnly,
        }
        /// What `extra_advertise` was before.
        routes: serde_json::Value {
            effect: Effect::NeverRead,
            provenance: Provenance::Deprecated,
            deprecated: Some("nothing uses it since `advertise` and `extra_advertise` exist"),
        }
    }
}

/// Location types of the usual hierarchy, from the most general to the most specific.
pub const LOCATION_TYPES: &[&str] = &["ecosystem", "superregion", "region", "habitat"];

words! {
    /// What a service speaks.
    #[words("a SmartStack mode")]
    pub enum Mode {
        /// HTTP: requests are balanced one by one.
        Http = "http",
        /// Plain TCP: connections are balanced.
        Tcp = "tcp",
    }

    /// How nerve checks a task.
    #[words("a health check mode of SmartStack")]
    pub enum CheckMode {
        /// A request for `healthcheck_uri`.
        Http = "http",
        /// Opening a connection.
        Tcp = "tcp",
        /// A request over TLS. Undocumented.
        Https = "https",
    }
}

/// Locations, and where their tasks register besides.
pub type ExtraAdvertise = BTreeMap<String, Vec<TypedLocation>>;

/// A location with its type: `region:uswest1-prod`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct TypedLocation(pub String);

impl Shaped for TypedLocation {
    const SHAPE: Shape = Shape::Form(&TYPED_LOCATION);
}

impl Listed for TypedLocation {
    const WHAT: &'static str = "a list of locations, each with its type";
    const FORM: &'static str = "[region:uswest1-prod]";
}

impl Shaped for ExtraAdvertise {
    const SHAPE: Shape = Shape::Map(&Map {
        names: Names::Form(&TYPED_LOCATION),
        value: Vec::<TypedLocation>::SHAPE,
        min: 0,
        what: "a mapping of locations to lists of locations",
        form: "{region:uswest1-prod: [region:uswest2-prod]}",
    });
}
