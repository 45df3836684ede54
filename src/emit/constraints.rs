//! On which agents an instance may run.

use crate::effective::Namespace;

use super::docker::items;
use super::python::{Data, Origin, Value, str};
use super::{Refusal, Subject};

impl<'s> Subject<'_, 's> {
    /// Locations to stay away from: the instance's, then the system's.
    ///
    /// # Errors
    /// One of the two is no list.
    pub(super) fn blacklist(&self) -> Result<Vec<Value<'s>>, Refusal> {
        self.both_lists("deploy_blacklist")
    }

    /// Locations to stay in: the instance's, then the system's.
    ///
    /// # Errors
    /// One of the two is no list.
    pub(super) fn whitelist(&self) -> Result<Vec<Value<'s>>, Refusal> {
        let mut list = self.both_lists("deploy_whitelist")?;
        // The documentation's words: a list of such pairs.
        if self.context.dialect.nested_whitelist
            && let [Value { data: Data::List(inner), .. }] = list.as_slice()
            && inner.len() == 2
        {
            list = inner.clone();
        }
        Ok(list)
    }

    fn both_lists(&self, key: &str) -> Result<Vec<Value<'s>>, Refusal> {
        let own = self.config.or(key, Vec::new());
        let system = self.context.system.list(key);
        match (own.data, system.data) {
            (Data::List(mut own), Data::List(system)) => {
                own.extend(system);
                Ok(own)
            }
            _ => Err(Refusal::new("TypeError", format!("`{key}` is not a list")).at(own.origin)),
        }
    }

    /// The constraints of the payload: the given ones as they are, else those that follow from the
    /// other settings, as text. Marathon instances also get a routing constraint, for which
    /// `namespace` is needed.
    ///
    /// # Errors
    /// A list of a wrong shape; no agent is expected to match.
    pub fn constraints(&self, namespace: Option<&Namespace<'s>>) -> Result<Value<'s>, Refusal> {
        let (blacklist, whitelist) = (self.blacklist()?, self.whitelist()?);
        if let Some(given) = self.config.set("constraints") {
            return Ok(given.clone());
        }
        let mut constraints: Vec<Value<'s>> = match self.config.get("extra_constraints") {
            None => Vec::new(),
            Some(Value { data: Data::List(extra), .. }) => extra.clone(),
            Some(other) => {
                return Err(
                    Refusal::new("AttributeError", "`extra_constraints` is not a list").at(other.origin)
                );
            }
        };
        if let Some(namespace) = namespace {
            constraints.extend(self.routing(namespace, &blacklist, &whitelist)?);
        }
        for entry in &blacklist {
            let (kind, value) = (nth(entry, 0)?, nth(entry, 1)?);
            constraints.push(constraint(entry.origin, [kind, Value::default("UNLIKE"), value]));
        }
        if !whitelist.is_empty() {
            constraints.push(allowed(&whitelist)?);
        }
        let pool = self.config.or("pool", "default");
        constraints.push(constraint(pool.origin, [Value::default("pool"), Value::default("LIKE"), pool]));
        let as_text = |constraint: &Value<'s>| -> Result<Value<'s>, Refusal> {
            let parts = items(constraint, "constraints")?;
            let texts = parts.iter().map(|part| Value::new(Data::from(str(part).into_owned()), part.origin));
            Ok(Value::new(Data::List(texts.collect()), constraint.origin))
        };
        Ok(Value::computed(constraints.iter().map(as_text).collect::<Result<Vec<_>, _>>()?))
    }

    /// Spreads instances over the locations that clients tell apart.
    fn routing(
        &self,
        namespace: &Namespace<'s>,
        blacklist: &[Value<'s>],
        whitelist: &[Value<'s>],
    ) -> Result<Option<Value<'s>>, Refusal> {
        let discover = namespace.discover();
        let origin = discover.origin;
        let Some(expected) = self.context.system.expected_slave_attributes() else {
            let without_count = || constraint(origin, [discover, Value::default("GROUP_BY")]);
            return Ok(self.context.dialect.routing_without_attributes.then(without_count));
        };
        let sets = items(expected, "expected_slave_attributes")?;
        if sets.iter().any(|set| set.as_dict().is_none()) {
            return Err(Refusal::new(
                "AttributeError",
                "an entry of `expected_slave_attributes` is not a mapping",
            )
            .help(CORRECT));
        }
        let mut passing = Vec::new();
        for set in &sets {
            if passes_blacklist(set, blacklist)? && passes_whitelist(set, whitelist)? {
                passing.push(set);
            }
        }
        if passing.is_empty() {
            return Err(Refusal::new(
                "NoSlavesAvailableError",
                "no agent that the system expects passes its blacklist and whitelist",
            )
            .help("loosen `deploy_blacklist` or `deploy_whitelist`, or have `expected_slave_attributes` corrected"));
        }
        let values: Vec<Option<&Value<'_>>> =
            passing.iter().map(|set| set.get(&str(&discover)).filter(|value| !value.is_none())).collect();
        if values.len() > 1 && values.iter().any(Option::is_none) {
            return Err(Refusal::new(
                "TypeError",
                format!("not every agent that the system expects has the attribute `{}`", str(&discover)),
            )
            .at(origin)
            .help("use a location type that all agents have"));
        }
        let values: Vec<&Value<'_>> = values.into_iter().flatten().collect();
        check_sortable(&values, &str(&discover))?;
        let mut distinct: Vec<&Value<'_>> = Vec::new();
        for value in values.into_iter().filter(|value| value.is_truthy()) {
            if !distinct.contains(&value) {
                distinct.push(value);
            }
        }
        let count = Value::new(Data::from(distinct.len().to_string()), Origin::System);
        Ok(Some(constraint(origin, [discover, Value::default("GROUP_BY"), count])))
    }
}

const CORRECT: &str = "have `expected_slave_attributes` corrected";

/// Python sorts the values, and takes those that count for keys.
fn check_sortable(values: &[&Value<'_>], attribute: &str) -> Result<(), Refusal> {
    let is_number = |value: &Value<'_>| {
        matches!(value.data, Data::Bool(_) | Data::Int(_) | Data::Big(_) | Data::Float(_))
    };
    let is_text = |value: &Value<'_>| matches!(value.data, Data::Str(_));
    let is_list = |value: &Value<'_>| matches!(value.data, Data::List(_));
    let are_all = |is: &dyn Fn(&Value<'_>) -> bool| values.iter().all(|value| is(value));
    if values.len() > 1 && !are_all(&is_number) && !are_all(&is_text) && !are_all(&is_list) {
        let message = format!("`{attribute}` has values of several types in `expected_slave_attributes`");
        return Err(Refusal::new("TypeError", message).help(CORRECT));
    }
    if values.iter().any(|value| !is_number(value) && !is_text(value) && value.is_truthy()) {
        let message =
            format!("`{attribute}` has a list or mapping as a value in `expected_slave_attributes`");
        return Err(Refusal::new("TypeError", message).help(CORRECT));
    }
    Ok(())
}

fn constraint<const N: usize>(origin: Origin, parts: [Value<'_>; N]) -> Value<'_> {
    Value::new(Data::List(parts.into()), origin)
}

/// `value[index]`, for lists and text.
fn nth<'s>(value: &Value<'s>, index: usize) -> Result<Value<'s>, Refusal> {
    let found = match &value.data {
        Data::List(list) => list.get(index).cloned(),
        Data::Str(text) => {
            text.chars().nth(index).map(|c| Value::new(Data::from(c.to_string()), value.origin))
        }
        _ => None,
    };
    found.ok_or_else(|| {
        Refusal::new("IndexError", "an entry of `deploy_blacklist` is not `[type, value]`").at(value.origin)
    })
}

/// `[type, "LIKE", "a|b"]` of a whitelist, which must be `[type, [values]]`.
fn allowed<'s>(whitelist: &[Value<'s>]) -> Result<Value<'s>, Refusal> {
    let wrong = |exception, at: Origin| {
        Refusal::new(exception, "`deploy_whitelist` is not `[type, [values]]`")
            .at(at)
            .help("name one location type, then a list of locations of that type")
    };
    let [kind, values] = whitelist else {
        let at = whitelist.first().map_or(Origin::Default, |first| first.origin);
        return Err(wrong("ValueError", at));
    };
    let mut names = Vec::new();
    for value in items(values, "deploy_whitelist")? {
        names.push(value.as_str().ok_or_else(|| wrong("TypeError", value.origin))?.to_owned());
    }
    let joined = Value::new(Data::from(names.join("|")), values.origin);
    Ok(constraint(kind.origin, [kind.clone(), Value::default("LIKE"), joined]))
}

/// Two items, if a value has exactly two.
fn two<'s>(value: &Value<'s>) -> Result<Option<(Value<'s>, Value<'s>)>, Refusal> {
    let mut parts = items(value, "deploy_blacklist")?.into_iter();
    let pair = parts.next().zip(parts.next());
    Ok(pair.filter(|_| parts.next().is_none()))
}

fn passes_blacklist(set: &Value<'_>, blacklist: &[Value<'_>]) -> Result<bool, Refusal> {
    for entry in blacklist {
        // One that is not a pair makes every agent fail.
        let Some((kind, value)) = two(entry)? else { return Ok(false) };
        if attribute_equals(set, &kind, &value) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn attribute_equals(set: &Value<'_>, kind: &Value<'_>, value: &Value<'_>) -> bool {
    match kind.as_str().and_then(|kind| set.get(kind)) {
        Some(found) => found == value,
        None => value.is_none(),
    }
}

fn passes_whitelist(set: &Value<'_>, whitelist: &[Value<'_>]) -> Result<bool, Refusal> {
    if whitelist.is_empty() {
        return Ok(true);
    }
    let [kind, values] = whitelist else { return Ok(false) };
    let found = kind.as_str().and_then(|kind| set.get(kind));
    match (&values.data, found) {
        (Data::List(values), Some(found)) => Ok(values.contains(found)),
        (Data::List(values), None) => Ok(values.iter().any(Value::is_none)),
        (Data::Dict(values), Some(found)) => Ok(values.iter().any(|entry| entry.key == found.data)),
        (Data::Str(text), Some(found)) if found.as_str().is_some() => Ok(text.contains(&*str(found))),
        _ => Err(Refusal::new("TypeError", "`deploy_whitelist` is not `[type, [values]]`").at(values.origin)),
    }
}
