//! `marathon-<cluster>.yaml`: long-running instances.

use super::container::{Container, Docker};
use super::declare::{group, nested, record, words};
use super::lax::{FloatText, Formatted};
use super::placement::Placement;
use super::table::{DefaultValue, Effect, Provenance, Range, Together, Unknown, always};
use super::types::{AnyMap, Distinct, Location, Number, TextOrInteger};

record! {
    /// One instance of marathon-*.yaml.
    #[record(
        "a Marathon instance",
        Unknown::Refused("PaaSTA's schema knows no such key and refuses the whole file"),
        min: 1,
        together: &[Together::HealthcheckCmd, Together::DrainHttp]
    )]
    pub struct MarathonInstance {
        container: Container,
        docker: Docker,
        placement: Placement,
        counts: Counts,
        registration: Registration,
        bounce: Bounce,
        health: Health,
        schema_gaps: SchemaGaps,
    }
}

record! {
    /// The value of `bounce_method_params`.
    #[record("parameters of the bounce", Unknown::Ignored("no bounce method knows it"), min: 0, together: &[])]
    pub struct BounceMethodParams {
        params: BounceParams,
    }
}

record! {
    /// The value of `bounce_health_params`.
    #[record(
        "parameters of the bounce",
        Unknown::Refused("the bounce passes it on as an argument that does not exist, and raises"),
        min: 0,
        together: &[]
    )]
    pub struct BounceHealthParams {
        params: BounceParams,
    }
}

group! {
    /// How many tasks, and how fast they are started again.
    pub struct Counts {
        /// How many tasks to run. Ignored when `max_instances` is set.
        instances: i64 {
            range: Some(Range::at_least(0.0)),
            unit: "tasks",
            default: DefaultValue::Same("1"),
            example: "3",
            effect: Effect::Scales,
        }
        /// Fewest tasks, with autoscaling.
        min_instances: i64 {
            range: Some(Range::at_least(0.0)),
            unit: "tasks",
            default: DefaultValue::Same("1"),
            example: "2",
            effect: Effect::Scales,
        }
        /// Most tasks, with autoscaling. Its presence is what turns autoscaling on.
        max_instances: i64 {
            range: Some(Range::at_least(0.0)),
            unit: "tasks",
            example: "10",
            other_example: "20",
            effect: Effect::Scales,
        }
        /// How the autoscaler measures and decides.
        autoscaling: Autoscaling {
            default: DefaultValue::Same(r#"{"metrics_provider": "mesos_cpu", "decision_policy": "pid", "setpoint": 0.8}"#),
            example: r#"{"decision_policy": "proportional", "setpoint": 0.6}"#,
            effect: Effect::Autoscaler,
        }
        /// Wait after a first failed launch. PaaSTA computes it from the number of instances and never
        /// reads the key.
        backoff_seconds: i64 {
            range: Some(Range::at_least(0.0)),
            unit: "seconds",
            default: DefaultValue::Computed("10 divided by the number of instances, rounded up"),
            example: "1",
            effect: Effect::NeverRead,
            accepted: |dialect| dialect.backoff_seconds,
            refusal: "the documentation lists it, but the schema of paasta-tools 0.66 refuses it; the wait is always computed",
        }
        /// Factor by which the wait grows after each failed launch in a row, up to
        /// `max_launch_delay_seconds`.
        backoff_factor: i64 {
            range: Some(Range::at_least(1.0).because("Marathon refuses a factor below 1")),
            default: DefaultValue::Same("2"),
            example: "2",
            effect: Effect::Bounces,
        }
        /// Longest wait between two launches that fail.
        max_launch_delay_seconds: i64 {
            range: Some(Range::at_least(0.0).because("Marathon refuses a negative delay")),
            unit: "seconds",
            default: DefaultValue::Same("300"),
            example: "300",
            effect: Effect::Bounces,
        }
    }

    /// Where tasks register, and when too few of them are an alert.
    pub struct Registration {
        /// SmartStack namespaces that the tasks register in, each `service.namespace`. Health check,
        /// draining and alerts follow the first.
        registrations: Distinct<String> {
            default: DefaultValue::Computed("`<service>.<instance>`"),
            example: r#"["myservice.main"]"#,
            effect: Effect::BouncesThroughNamespace,
        }
        /// SmartStack namespace of the own service to register in.
        nerve_ns: String {
            example: "main",
            effect: Effect::BouncesThroughNamespace,
            provenance: Provenance::Deprecated,
            deprecated: Some("use `registrations: [service.namespace]`"),
        }
        /// How many percent of the tasks must be available before an alert is raised.
        replication_threshold: i64 {
            range: Some(Range::between(0.0, 100.0).because("it is a percentage")),
            unit: "percent",
            default: DefaultValue::Same("50"),
            example: "80",
            effect: Effect::Alerts,
        }
        /// Locations whose tasks are not counted for alerts: a list of `[type, location]`. It assumes
        /// that no task runs there.
        monitoring_blacklist: Vec<Location> {
            default: DefaultValue::Computed("`deploy_blacklist`"),
            example: r#"[["region", "uswest1-prod"]]"#,
            effect: Effect::Alerts,
        }
        /// Port of the host that the task gets; 0 lets Mesos choose.
        ///
        /// Undocumented.
        host_port: i64 {
            range: Some(Range::between(0.0, 65535.0)),
            default: DefaultValue::Same("0"),
            example: "0",
            effect: Effect::Bounces,
            provenance: Provenance::CodeOnly,
        }
    }

    /// How tasks are replaced.
    pub struct Bounce {
        /// How old tasks are replaced by new ones.
        bounce_method: BounceMethod {
            default: DefaultValue::Same("crossover"),
            example: "crossover",
            effect: Effect::NextBounce,
        }
        /// When a new task counts as healthy during a bounce, as the documentation names it.
        /// paasta-tools 0.66 reads `bounce_health_params` instead.
        bounce_method_params: BounceMethodParams {
            default: DefaultValue::Same("{}"),
            example: r#"{"check_haproxy": true, "min_task_uptime": 30}"#,
            effect: Effect::NextBounce,
            read: |dialect| dialect.bounce_method_params_are_read,
        }
        /// When a new task counts as healthy during a bounce. Setting it replaces the default as a whole.
        ///
        /// Undocumented; this is the name that paasta-tools 0.66 reads.
        bounce_health_params: BounceHealthParams {
            default: DefaultValue::Computed("`{check_haproxy: true}` in SmartStack, else `{}`"),
            example: r#"{"check_haproxy": true}"#,
            effect: Effect::NextBounce,
            provenance: Provenance::CodeOnly,
        }
        /// Share of the instances that a crossover bounce keeps; below 1 it goes on although some new
        /// tasks do not get healthy. Other methods ignore it.
        bounce_margin_factor: Number {
            range: Some(Range::above_up_to(0.0, 1.0)),
            default: DefaultValue::Same("1"),
            example: "0.9",
            effect: Effect::NextBounce,
        }
        /// How an old task is taken out of traffic before it is killed.
        drain_method: DrainMethod {
            default: DefaultValue::Computed("`hacheck` in SmartStack, else `noop`"),
            example: "hacheck",
            effect: Effect::NextBounce,
        }
        /// Parameters of the drain method.
        drain_method_params: DrainParams {
            default: DefaultValue::Computed("`{delay: 60}` in SmartStack, else `{}`"),
            example: r#"{"delay": 30}"#,
            effect: Effect::NextBounce,
        }
    }

    /// How Marathon finds out whether a task is healthy.
    pub struct Health {
        /// How Marathon checks. In SmartStack it must be the namespace's `mode`.
        healthcheck_mode: HealthcheckMode {
            default: DefaultValue::Computed("the `mode` of the namespace, or no check outside SmartStack"),
            example: "http",
            effect: Effect::Bounces,
        }
        /// Path that mode http asks for.
        ///
        /// Undocumented here.
        healthcheck_uri: String {
            default: DefaultValue::Computed("the namespace's `healthcheck_uri`, else `/status`"),
            example: "/status",
            effect: Effect::Bounces,
            provenance: Provenance::CodeOnly,
        }
        /// Another port to check than the one the task listens on.
        healthcheck_port: i64 {
            range: Some(Range::between(1.0, 65535.0)),
            default: DefaultValue::Computed("the port of the task"),
            example: "9000",
            other_example: "9001",
            effect: Effect::Bounces,
            accepted: |dialect| dialect.marathon_healthcheck_port,
            refusal: "the documentation lists it, but the schema of paasta-tools 0.66 refuses it; smartstack.yaml has a key of that name",
        }
        /// Command that mode cmd runs inside the container: exit status 0 is healthy.
        healthcheck_cmd: String {
            example: "/bin/true",
            effect: Effect::Bounces,
        }
        /// Time after its start during which failed checks of a task do not count.
        healthcheck_grace_period_seconds: Number {
            range: Some(Range::at_least(0.0).whole().because("Marathon takes whole seconds only")),
            unit: "seconds",
            default: DefaultValue::Same("60"),
            example: "120",
            effect: Effect::Bounces,
        }
        /// Time between two checks.
        healthcheck_interval_seconds: Number {
            range: Some(Range::at_least(0.0).whole().because("Marathon takes whole seconds only")),
            unit: "seconds",
            default: DefaultValue::Same("10"),
            example: "10",
            effect: Effect::Bounces,
        }
        /// Time after which a check without an answer has failed.
        healthcheck_timeout_seconds: Number {
            range: Some(Range::at_least(0.0).whole().because("Marathon takes whole seconds only")),
            unit: "seconds",
            default: DefaultValue::Same("10"),
            example: "10",
            effect: Effect::Bounces,
        }
        /// Failed checks in a row after which the task is killed; 0 never kills.
        healthcheck_max_consecutive_failures: i64 {
            range: Some(Range::at_least(0.0).because("Marathon refuses a negative number")),
            unit: "checks",
            default: DefaultValue::Differs { documented: "6", paasta_0_66: "30" },
            example: "6",
            effect: Effect::Bounces,
        }
    }

    /// When a new task counts as healthy during a bounce.
    pub struct BounceParams {
        /// Whether the local HAProxy must know the task.
        check_haproxy: bool {
            default: DefaultValue::Computed("true in SmartStack"),
            example: "true",
            effect: Effect::NextBounce,
        }
        /// How long a task must have been running.
        min_task_uptime: Number {
            range: Some(Range::at_least(0.0)),
            unit: "seconds",
            example: "30",
            other_example: "60",
            effect: Effect::NextBounce,
        }
    }

    /// Keys that the code reads and the schema of 0.66 refuses.
    pub struct SchemaGaps {
        /// Port inside the container that the host's port is mapped to.
        ///
        /// Undocumented.
        container_port: i64 {
            range: Some(Range::between(1.0, 65535.0)),
            default: DefaultValue::Same("8888"),
            example: "8888",
            effect: Effect::Bounces,
            provenance: Provenance::CodeOnly,
            accepted: |dialect| dialect.keys_outside_the_schema,
            refusal: "the code of paasta-tools 0.66 reads it, but its schema refuses it",
        }
        /// Mesos roles whose resources the tasks may use.
        ///
        /// Undocumented.
        accepted_resource_roles: Vec<String> {
            example: r#"["*"]"#,
            effect: Effect::Bounces,
            provenance: Provenance::CodeOnly,
            accepted: |dialect| dialect.keys_outside_the_schema,
            refusal: "the code of paasta-tools 0.66 reads it, but its schema refuses it",
        }
        /// Part of the name under which `deployments.json` lists the instance.
        ///
        /// Undocumented.
        branch: String {
            default: DefaultValue::Computed("`<cluster>.<instance>`"),
            example: "norcal-prod.main",
            effect: Effect::Image,
            provenance: Provenance::CodeOnly,
            accepted: |dialect| dialect.keys_outside_the_schema,
            refusal: "the code of paasta-tools 0.66 reads it, but its schema refuses it",
        }
    }
}

nested! {
    /// Parameters of a drain method: `delay`, `hacheck_port` and `expiration` belong to hacheck, the
    /// four calls to http.
    #[record("parameters of the drain method", Unknown::Ignored("no drain method knows it"))]
    pub struct DrainParams {
        /// How long to wait between taking a task out of traffic and killing it (hacheck).
        delay: FloatText {
            range: Some(Range::at_least(0.0)),
            unit: "seconds",
            default: DefaultValue::Same("60"),
            example: "30",
            effect: Effect::NextBounce,
        }
        /// Port of hacheck on the host (hacheck).
        hacheck_port: Formatted {
            range: Some(Range::between(1.0, 65535.0)),
            default: DefaultValue::Same("6666"),
            example: "6666",
            other_example: "6667",
            effect: Effect::NextBounce,
        }
        /// After how long hacheck forgets that the task is down (hacheck).
        expiration: FloatText {
            range: Some(Range::at_least(0.0)),
            unit: "seconds",
            example: "0",
            other_example: "600",
            effect: Effect::NextBounce,
        }
        /// The request that takes a task out of traffic (http).
        drain: AnyMap {
            title: "request",
            example: r#"{"url_format": "http://{host}:{port}/drain", "method": "POST", "success_codes": "200"}"#,
            effect: Effect::NextBounce,
        }
        /// The request that puts it back (http).
        stop_draining: AnyMap {
            title: "request",
            example: r#"{"url_format": "http://{host}:{port}/drain", "method": "DELETE", "success_codes": "200"}"#,
            effect: Effect::NextBounce,
        }
        /// The request whose success says that the task is being drained (http).
        is_draining: AnyMap {
            title: "request",
            example: r#"{"url_format": "http://{host}:{port}/drain", "success_codes": "200"}"#,
            effect: Effect::NextBounce,
        }
        /// The request whose success says that the task may be killed (http).
        is_safe_to_kill: AnyMap {
            title: "request",
            example: r#"{"url_format": "http://{host}:{port}/idle", "success_codes": "200"}"#,
            effect: Effect::NextBounce,
        }
    }

    /// Parameters of drain method http: four requests.
    #[record("the requests of drain method http", Unknown::Refused("drain method http takes nothing else, so every bounce fails"))]
    pub struct HttpDrainParams {
        /// The request that takes a task out of traffic.
        drain: HttpCall {
            example: r#"{"url_format": "http://{host}:{port}/drain", "method": "POST", "success_codes": "200"}"#,
            effect: Effect::NextBounce,
            required: always,
        }
        /// The request that puts it back.
        stop_draining: HttpCall {
            example: r#"{"url_format": "http://{host}:{port}/drain", "method": "DELETE", "success_codes": "200"}"#,
            effect: Effect::NextBounce,
            required: always,
        }
        /// The request whose success says that the task is being drained.
        is_draining: HttpCall {
            example: r#"{"url_format": "http://{host}:{port}/drain", "success_codes": "200"}"#,
            effect: Effect::NextBounce,
            required: always,
        }
        /// The request whose success says that the task may be killed.
        is_safe_to_kill: HttpCall {
            example: r#"{"url_format": "http://{host}:{port}/idle", "success_codes": "200"}"#,
            effect: Effect::NextBounce,
            required: always,
        }
    }

    /// One request of drain method http.
    #[record("a request: a mapping with `url_format` and `success_codes`", Unknown::Refused("drain method http takes nothing else, so every bounce fails"))]
    pub struct HttpCall {
        /// The address; `{host}`, `{port}`, `{service}`, `{instance}` and `{nerve_ns}` are filled in.
        url_format: String {
            example: "http://{host}:{port}/drain",
            effect: Effect::NextBounce,
            required: always,
        }
        /// The HTTP method.
        method: HttpMethod {
            default: DefaultValue::Same("GET"),
            example: "POST",
            effect: Effect::NextBounce,
        }
        /// Status codes that mean success: `200`, `200-299`, or several with commas.
        success_codes: TextOrInteger {
            example: "200-299",
            effect: Effect::NextBounce,
            required: always,
        }
    }

    /// How the autoscaler measures and decides.
    #[record("autoscaling settings", Unknown::Ignored("neither metrics provider nor decision policy reads it"))]
    pub struct Autoscaling {
        /// What utilization is measured by.
        metrics_provider: MetricsProvider {
            default: DefaultValue::Same("mesos_cpu"),
            example: "mesos_cpu",
            effect: Effect::Autoscaler,
        }
        /// How the number of instances follows from utilization.
        decision_policy: DecisionPolicy {
            default: DefaultValue::Same("pid"),
            example: "pid",
            effect: Effect::Autoscaler,
        }
        /// Utilization to aim at, as a share: 0.8 is 80 percent.
        setpoint: Number {
            range: Some(Range::above_up_to(0.0, 1.0).because("it is a share, not a percentage: 0.8 is 80 percent")),
            default: DefaultValue::Same("0.8"),
            example: "0.6",
            effect: Effect::Autoscaler,
        }
        /// Path that the http and uwsgi providers ask for.
        endpoint: String {
            example: "status",
            effect: Effect::Autoscaler,
        }
        /// Utilization that is there without load (proportional).
        offset: Number {
            range: Some(Range::between(0.0, 1.0).because("it is a share, as `setpoint` is")),
            example: "0.1",
            other_example: "0.2",
            effect: Effect::Autoscaler,
            provenance: Provenance::CodeOnly,
        }
        /// How future utilization is estimated (proportional).
        forecast_policy: ForecastPolicy {
            example: "moving_average",
            effect: Effect::Autoscaler,
            provenance: Provenance::CodeOnly,
        }
        /// How far back the moving average looks (proportional).
        moving_average_window_seconds: Number {
            range: Some(Range::above(0.0)),
            unit: "seconds",
            example: "1800",
            other_example: "3600",
            effect: Effect::Autoscaler,
            provenance: Provenance::CodeOnly,
        }
        /// How far back the linear regression looks (proportional).
        linreg_window_seconds: Number {
            range: Some(Range::above(0.0)),
            unit: "seconds",
            example: "7200",
            other_example: "3600",
            effect: Effect::Autoscaler,
            provenance: Provenance::CodeOnly,
        }
        /// How far ahead the linear regression looks (proportional).
        linreg_extrapolation_seconds: Number {
            range: Some(Range::at_least(0.0)),
            unit: "seconds",
            example: "600",
            other_example: "1800",
            effect: Effect::Autoscaler,
            provenance: Provenance::CodeOnly,
        }
        /// Utilization, from and to, within which nothing is changed (proportional).
        good_enough_window: Vec<Number> {
            example: "[0.7, 0.9]",
            effect: Effect::Autoscaler,
            provenance: Provenance::CodeOnly,
        }
    }
}

words! {
    /// How old tasks are replaced.
    #[words("a bounce method")]
    pub enum BounceMethod {
        /// New tasks start at once; each that gets healthy lets one old task go.
        Crossover = "crossover",
        /// All new tasks must be healthy before the old ones go.
        UpThenDown = "upthendown",
        /// Old tasks go first: the service is down in between.
        DownThenUp = "downthenup",
        /// Old tasks go and new ones start at the same time: the service is down for a while.
        Brutal = "brutal",
    }

    /// How a task is taken out of traffic.
    #[words("a drain method")]
    pub enum DrainMethod {
        /// Not at all.
        Noop = "noop",
        /// hacheck reports the task as down, and it is killed after a delay.
        Hacheck = "hacheck",
        /// HTTP requests to the task, given in `drain_method_params`.
        Http = "http",
        /// For tests of PaaSTA itself.
        Test = "test",
    }

    /// How Marathon checks the health of a task.
    #[words("a health check mode")]
    pub enum HealthcheckMode {
        /// `healthcheck_cmd`, run in the container.
        Cmd = "cmd",
        /// Opening a connection.
        Tcp = "tcp",
        /// A request for `healthcheck_uri`.
        Http = "http",
        /// A request over TLS. paasta-tools 0.66 cannot build the payload.
        Https = "https",
    }

    /// HTTP methods that drain method http can use.
    #[words("an HTTP method")]
    pub enum HttpMethod {
        /// Read.
        Get = "GET",
        /// Trigger.
        Post = "POST",
        /// Replace.
        Put = "PUT",
        /// Change.
        Patch = "PATCH",
        /// Remove.
        Delete = "DELETE",
        /// Ask what is possible.
        Options = "OPTIONS",
        /// Read without the body.
        Head = "HEAD",
    }

    /// What the autoscaler measures.
    #[words("a metrics provider")]
    pub enum MetricsProvider {
        /// CPU use as Mesos reports it.
        MesosCpu = "mesos_cpu",
        /// What the service answers at `endpoint`.
        Http = "http",
        /// Busy workers as uWSGI reports them at `endpoint`.
        Uwsgi = "uwsgi",
    }

    /// How the autoscaler decides.
    #[words("a decision policy")]
    pub enum DecisionPolicy {
        /// A PID controller around `setpoint`.
        Pid = "pid",
        /// One step up or down when utilization leaves a band around `setpoint`.
        Threshold = "threshold",
        /// As many instances as bring utilization to `setpoint`. Undocumented.
        Proportional = "proportional",
        /// The service sets the number itself.
        Bespoke = "bespoke",
    }

    /// How policy proportional estimates utilization.
    #[words("a forecast policy")]
    pub enum ForecastPolicy {
        /// As it is now.
        Current = "current",
        /// The average of a window.
        MovingAverage = "moving_average",
        /// A line through a window, extended.
        Linreg = "linreg",
    }
}
