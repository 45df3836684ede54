//! Keys that decide where tasks run, and what they may reach: marathon-* and chronos-*.

use serde::{Deserialize, Serialize};

use super::declare::{group, words};
use super::kind::FileKind;
use super::monitoring::Monitoring;
use super::nested::Security;
use super::table::{DefaultValue, Effect, Provenance, Shape, Shaped, Tuple};
use super::types::{Distinct, Listed, Location, Scalar, Whitelist};

group! {
    /// Where tasks run, and who is told when they do not.
    pub struct Placement {
        /// Placement constraints instead of all that PaaSTA would make: routing, pool, black- and
        /// whitelist. A list of `[field, operator, value]`.
        constraints: Distinct<Constraint> {
            default: DefaultValue::Computed(
                "spread over the `discover` locations, the pool, the deploy blacklist and whitelist",
            ),
            example: r#"[["instance_type", "LIKE", "c4\\..*"]]"#,
            effect: Effect::Bounces,
        }
        /// Placement constraints in addition to those that PaaSTA makes. The same form as `constraints`;
        /// every item becomes a string.
        extra_constraints: Distinct<ExtraConstraint> {
            default: DefaultValue::Same("[]"),
            example: r#"[["instance_type", "UNLIKE", "t2\\..*"]]"#,
            effect: Effect::Bounces,
        }
        /// The pool of hosts to run on. Hosts of that pool must exist, or nothing ever starts.
        pool: String {
            default: DefaultValue::Same("default"),
            example: "default",
            effect: Effect::Bounces,
        }
        /// Locations not to deploy to: a list of `[type, location]`.
        deploy_blacklist: Vec<Location> {
            default: DefaultValue::Same("[]"),
            example: r#"[["region", "uswest1-prod"]]"#,
            effect: Effect::Bounces,
        }
        /// The only locations to deploy to: one location type and its locations. A location that is
        /// also on the blacklist is left out.
        deploy_whitelist: Whitelist {
            default: DefaultValue::Same("[]"),
            example: r#"["region", ["uswest1-prod", "uswest2-prod"]]"#,
            effect: Effect::Bounces,
        }
        /// Alerting of this instance, over what `monitoring.yaml` says for the service.
        monitoring: Monitoring {
            default: DefaultValue::Same("{}"),
            example: r#"{"team": "ops", "page": true}"#,
            effect: Effect::Alerts,
        }
        /// The list of `dependencies.yaml` that the outbound firewall lets through.
        ///
        /// Undocumented.
        dependencies_reference: String {
            example: "main",
            effect: Effect::Firewall,
            provenance: Provenance::CodeOnly,
        }
        /// Outbound firewall of the tasks.
        ///
        /// Undocumented.
        security: Security {
            title: "firewall settings",
            example: r#"{"outbound_firewall": "monitor"}"#,
            effect: Effect::Firewall,
            provenance: Provenance::CodeOnly,
        }
    }
}

words! {
    /// What a Marathon constraint demands.
    #[words("a constraint operator of Marathon")]
    pub enum MarathonOperator {
        /// Each task on a host with another value of the field. Takes no value.
        Unique = "UNIQUE",
        /// All tasks where the field has this value.
        Cluster = "CLUSTER",
        /// Tasks spread evenly over the field's values; a third item says how many values there are.
        GroupBy = "GROUP_BY",
        /// Only where the field's whole value matches this regular expression.
        Like = "LIKE",
        /// Only where it does not match.
        Unlike = "UNLIKE",
        /// At most this many tasks per value of the field.
        MaxPer = "MAX_PER",
    }

    /// What a Chronos constraint demands. Chronos drops any other operator without a word.
    #[words("a constraint operator of Chronos")]
    pub enum ChronosOperator {
        /// Only where the field has this value.
        Equals = "EQUALS",
        /// Only where the field's whole value matches this regular expression.
        Like = "LIKE",
        /// Only where it does not match.
        Unlike = "UNLIKE",
    }
}

/// One placement constraint that is sent as it is: field, operator, and a value if the operator
/// wants one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Constraint(pub Vec<Scalar>);

/// One placement constraint of which PaaSTA makes strings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ExtraConstraint(pub Vec<Scalar>);

const CONSTRAINT: &str = "a constraint: field, operator, and a value if the operator wants one";

const fn marathon(items: &'static [Shape]) -> Tuple {
    Tuple { items, min: 2, what: CONSTRAINT, form: "[hostname, UNIQUE]" }
}

const fn chronos(items: &'static [Shape]) -> Tuple {
    Tuple {
        items,
        min: 3,
        what: "a constraint of Chronos: field, operator and value",
        form: "[pool, EQUALS, default]",
    }
}

/// The third item is a string, or a number that PaaSTA or the dialect makes a string of.
const LOOSE: Shape = Shape::When(
    |_, kind| kind == FileKind::Chronos,
    &Shape::Tuple(&chronos(&[Shape::Text, ChronosOperator::SHAPE, Shape::Scalar])),
    &Shape::Tuple(&marathon(&[Shape::Text, MarathonOperator::SHAPE, Shape::Scalar])),
);

const STRICT: Shape = Shape::When(
    |_, kind| kind == FileKind::Chronos,
    &Shape::Tuple(&chronos(&[Shape::Text, ChronosOperator::SHAPE, Shape::Text])),
    &Shape::Tuple(&marathon(&[Shape::Text, MarathonOperator::SHAPE, Shape::Text])),
);

impl Shaped for Constraint {
    const SHAPE: Shape = Shape::When(|dialect, _| dialect.numbers_in_constraints, &LOOSE, &STRICT);
}

impl Shaped for ExtraConstraint {
    const SHAPE: Shape = LOOSE;
}

impl Listed for Constraint {
    const WHAT: &'static str = "a list of constraints, each a list itself";
    const FORM: &'static str = "[[hostname, UNIQUE]]";
}

impl Listed for ExtraConstraint {
    const WHAT: &'static str = Constraint::WHAT;
    const FORM: &'static str = Constraint::FORM;
}
