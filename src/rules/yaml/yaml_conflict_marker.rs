//! Finds markers that an unfinished merge of branches left in a file.

use crate::diagnostic::{Finding, Place};
use crate::rules::{Check, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds markers that an unfinished merge of branches left in a file.
    ///
    /// ## Why it matters
    ///
    /// The file is not valid YAML, so PaaSTA cannot read it; and nobody decided which side counts.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    /// <<<<<<< HEAD
    ///   cpus: 1
    /// =======
    ///   cpus: 2
    /// >>>>>>> more-cpus
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cpus: 2
    /// ```
    ///
    /// ## Source
    ///
    /// PyYAML refuses it.
    "yaml-conflict-marker" in Yaml,
    level: Error,
    check: Check::Reader,
};

pub(crate) fn words(place: Place) -> Finding {
    Finding::new(place, "an unfinished merge left its markers in the file")
        .label("conflict marker")
        .help("finish the merge: keep one side, and delete the lines with <<<<<<<, ======= and >>>>>>>")
}
