//! An instance that is of another size in one cluster.

use std::collections::BTreeMap;

use crate::model::kind::FileKind;
use crate::rules::{Blocks, Check, InstanceCx, Located, On, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds instances with ten times the memory or CPUs in one cluster than in most others.
    ///
    /// ## Why it matters
    ///
    /// The same program needs about as much memory everywhere. Ten times as much, or a tenth, is more
    /// often a zero too many or too few than a plan. It is advice and off by default, and asks for at
    /// least three clusters.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-a.yaml
    /// main:
    ///   mem: 2000
    /// ```
    ///
    /// ```yaml marathon-b.yaml
    /// main:
    ///   mem: 2000
    /// ```
    ///
    /// ```yaml marathon-c.yaml
    /// main:
    ///   mem: 20000
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-a.yaml
    /// main:
    ///   mem: 2000
    /// ```
    ///
    /// ```yaml marathon-b.yaml
    /// main:
    ///   mem: 2000
    /// ```
    ///
    /// ```yaml marathon-c.yaml
    /// main:
    ///   mem: 4000
    /// ```
    ///
    /// ## Source
    ///
    /// The configuration reference on `mem` and `cpus`, which count per instance.
    "clusters-inconsistent" in Hygiene,
    level: Info,
    blocks: Blocks::Nothing,
    on: On::keys(&["mem", "cpus"]).within(&[FileKind::Marathon]),
    check: Check::Service(check),
};

/// How much more is odd.
const FACTOR: f64 = 10.0;

/// In fewer clusters there is no rule of which one is the exception.
const FEWEST: usize = 3;

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    for key in ["mem", "cpus"] {
        let mut sizes: BTreeMap<&str, Vec<(f64, InstanceCx<'_>, Located<'_>)>> = BTreeMap::new();
        for instance in cx.instances().filter(|i| i.instance.kind == FileKind::Marathon) {
            let size = instance.own(key).and_then(|located| Some((located.value.as_number()?, located)));
            if let Some((size, located)) = size.filter(|(size, _)| size.is_finite() && *size > 0.0) {
                sizes.entry(instance.instance.name).or_default().push((size, instance, located));
            }
        }
        for group in sizes.values_mut().filter(|group| group.len() >= FEWEST) {
            group.sort_by(|a, b| a.0.total_cmp(&b.0));
            let Some((usual, ..)) = group.get(group.len() / 2) else { continue };
            let usual = *usual;
            for (size, instance, located) in group {
                if *size < usual * FACTOR && *size * FACTOR > usual {
                    continue;
                }
                let message = format!("`{key}` is {} here, and {usual} in most other clusters", *size);
                sink.report(
                    instance
                        .at_value(located, message)
                        .label(if *size > usual { "much more" } else { "much less" })
                        .why("the same program needs about as much everywhere")
                        .help("check for a zero too many or too few"),
                );
            }
        }
    }
}
