//! The keys of service.yaml as what they are beside facts about the service: defaults of every
//! instance (docs/reference/paasta-behaviour.md section 2).
//!
//! `paasta validate` holds no schema against service.yaml, so a wrong type there shows only where
//! the code comes upon it, and much is let through. What is said here is only what paasta-tools
//! 0.66.6 refuses or dies of, found by giving every key values of every type; the table of keys
//! ([`super::check`]) says what was meant.

use super::check::{Problem, Step, What};
use crate::model::kind::FileKind;
use crate::yaml::{Kind, Value};

/// Whether PaaSTA cannot make anything of `problem` in the default `name`, whose value is `value`,
/// for an instance of `kind`.
pub(super) fn breaks(kind: FileKind, name: &str, value: Value<'_>, problem: &Problem<'_>) -> bool {
    use FileKind::{Adhoc, Chronos, Marathon};
    let is_whole = problem.path.len() == 2;
    let node = value.kind();
    match (kind, name) {
        (_, "cpus" | "mem" | "cpu_burst_pct")
        | (Marathon | Adhoc, "cfs_period_us")
        | (Marathon, "instances") => !is_number(value),
        (Marathon, "max_instances") | (Adhoc, "container_port") => !value.is_null() && !is_number(value),
        (Marathon, "disk") => !is_float(value),
        (Chronos, "disk") => !matches!(node, Kind::Null | Kind::Bool | Kind::Int | Kind::Float),
        (_, "cap_add") => {
            matches!(node, Kind::Null | Kind::Bool | Kind::Int | Kind::Float | Kind::Date | Kind::DateTime)
        }
        (Adhoc, "deploy_group") => is_collection(value),
        (_, "deploy_group") | (Chronos, "epsilon") => node != Kind::Str,
        (Marathon | Chronos, "deploy_blacklist" | "deploy_whitelist" | "extra_constraints") => {
            is_whole && node != Kind::Seq
        }
        (_, "extra_volumes") => {
            node != Kind::Seq || is_missing_key(problem) || (problem.is_type() && problem.path.len() == 3)
        }
        (_, "ulimit") => {
            node != Kind::Map || is_missing_key(problem) || (problem.is_type() && problem.path.len() == 3)
        }
        (Marathon | Adhoc, "healthcheck_mode") => !value.is_null(),
        (Marathon | Chronos, "net") => is_collection(value) || is_unsendable(value),
        (Marathon | Adhoc, "nerve_ns") => value.as_f64().is_some_and(f64::is_finite) && node == Kind::Float,
        (Marathon | Adhoc, "registrations") => {
            let is_nothing = matches!(node, Kind::Str | Kind::Map) && !is_truthy(value);
            problem.is_type() && !is_nothing
        }
        (Adhoc, "cmd" | "args") => is_no_command(value),
        (Chronos, "cmd") => node != Kind::Str && is_truthy(value),
        (Chronos, "dependencies_reference") => !matches!(node, Kind::Null | Kind::Str),
        (Marathon | Chronos, "monitoring") => node != Kind::Map,
        (Chronos, "parents") => problem.is_type(),
        (Chronos, "retries") => !matches!(node, Kind::Null | Kind::Bool | Kind::Int),
        (Chronos, "security") => is_refused_security(value, problem),
        (Chronos, "schedule") => is_unsendable(value) || is_listed_schedule(value),
        (
            Marathon,
            "accepted_resource_roles"
            | "backoff_factor"
            | "cmd"
            | "container_port"
            | "host_port"
            | "max_launch_delay_seconds",
        )
        | (Marathon | Chronos, "args" | "constraints")
        | (Chronos, "disabled" | "schedule_time_zone") => is_unsendable(problem.value),
        _ => false,
    }
}

fn is_missing_key(problem: &Problem<'_>) -> bool {
    matches!(problem.what, What::MissingKey(..))
}

/// What arithmetic and `json.dumps` take: Python's booleans are numbers.
fn is_number(value: Value<'_>) -> bool {
    match value.kind() {
        Kind::Bool | Kind::Int => true,
        Kind::Float => value.as_f64().is_some_and(f64::is_finite),
        _ => false,
    }
}

/// What Python's `float()` takes.
fn is_float(value: Value<'_>) -> bool {
    match value.kind() {
        Kind::Bool | Kind::Int | Kind::Float => true,
        Kind::Str => value.text().trim().replace('_', "").parse::<f64>().is_ok(),
        _ => false,
    }
}

fn is_collection(value: Value<'_>) -> bool {
    matches!(value.kind(), Kind::Seq | Kind::Map | Kind::Set)
}

/// What `json.dumps` cannot write.
fn is_unsendable(value: Value<'_>) -> bool {
    match value.kind() {
        Kind::Date | Kind::DateTime | Kind::Binary | Kind::Set => true,
        Kind::Seq => value.items().any(is_unsendable),
        Kind::Map => value.entries().any(|entry| is_unsendable(entry.value)),
        _ => false,
    }
}

/// What Python takes for true.
fn is_truthy(value: Value<'_>) -> bool {
    match value.kind() {
        Kind::Null => false,
        Kind::Bool => value.as_bool() == Some(true),
        Kind::Int | Kind::Float => value.as_number().is_none_or(|number| number != 0.0),
        Kind::Str => !value.text().is_empty(),
        Kind::Seq | Kind::Map | Kind::Set => !value.is_empty(),
        Kind::Date | Kind::DateTime | Kind::Binary => true,
    }
}

/// What local-run cannot give to Docker: neither text nor texts in a row, and not nothing.
fn is_no_command(value: Value<'_>) -> bool {
    match value.kind() {
        Kind::Str | Kind::Map | Kind::Set => false,
        Kind::Seq => value.items().any(|item| item.kind() != Kind::Str),
        _ => is_truthy(value),
    }
}

/// `utils:check_security` looks at other keys only beside an `outbound_firewall`.
fn is_refused_security(security: Value<'_>, problem: &Problem<'_>) -> bool {
    if security.kind() != Kind::Map {
        return !security.is_null();
    }
    let Some(firewall) = security.get("outbound_firewall").filter(|firewall| !firewall.is_null()) else {
        return false;
    };
    let is_firewall = match problem.path.get(2) {
        Some(Step::Key(key)) => key.as_str() == Some("outbound_firewall"),
        _ => false,
    };
    is_firewall || matches!(firewall.as_str(), Some("block" | "monitor"))
}

/// A list in which `chronos_tools:check_schedule` looks for the parts of an interval.
fn is_listed_schedule(schedule: Value<'_>) -> bool {
    let first = schedule.items().next();
    schedule.kind() == Kind::Seq && first.is_some_and(|item| !matches!(item.kind(), Kind::Int | Kind::Null))
}
