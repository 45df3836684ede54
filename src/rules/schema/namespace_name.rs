//! Finds SmartStack namespaces whose name nothing can refer to.

use crate::rules::{Blocks, Check, Fixable, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds SmartStack namespaces whose name nothing can refer to.
    ///
    /// ## Why it matters
    ///
    /// Registrations have the form `service.namespace` and are split at the dot; the name is also
    /// the name of a HAProxy section.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main.http:
    ///   proxy_port: 20001
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main_http:
    ///   proxy_port: 20001
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Unsafe: under another name it is another namespace, and whatever names it must change, too.
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `utils:decompose_job_id`; names of HAProxy sections.
    "namespace-name" in Names,
    level: Error,
    blocks: Blocks::Smartstack,
    fix: Fixable::Sometimes,
    check: Check::Schema,
};
