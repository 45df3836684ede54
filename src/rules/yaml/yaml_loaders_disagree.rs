//! Finds text that the YAML readers around PaaSTA read differently, or that one of them refuses.

use crate::diagnostic::{Finding, Severity};
use crate::repo::Document;
use crate::rules::reader::{is_read, unread};
use crate::rules::{Check, Env, Level, Rule};
use crate::yaml::{LoaderNotice, Tree, Verdict};

pub(crate) static RULE: Rule = rule! {
    /// Finds text that the YAML readers around PaaSTA read differently, or that one of them refuses.
    ///
    /// ## Why it matters
    ///
    /// `paasta validate` uses PyYAML's own reader, everything else libyaml 0.1.5, and a laptop has newer
    /// ones of both. Text on which they disagree passes one tool and breaks the next.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly: {cmd: run, schedule: R/2014-10-10T18:32:00Z/PT1H}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly: {cmd: run, schedule: "R/2014-10-10T18:32:00Z/PT1H"}
    /// ```
    ///
    /// ## Source
    ///
    /// Readers were run side by side: PyYAML 6.0.3 and 3.11, libyaml 0.1.5 and 0.2.5.
    "yaml-loaders-disagree" in Yaml,
    level: Warning (Paasta066: Error),
    also: &[Level::Warning],
    check: Check::Reader,
};

/// What happens to a service with a file that only PaaSTA's own reader refuses.
const REFUSED_BY_LIBYAML: &str = "PaaSTA reads files with libyaml 0.1.5: nothing in this one exists for \
                                  it, and every tool that lists this service or its cluster fails on it";

/// Values that the readers around PaaSTA read differently, each once.
pub(crate) fn all(env: &Env, document: &Document, tree: &Tree) -> Vec<Finding> {
    let found = tree.disagreements().into_iter();
    // Such characters are what today's readers are for.
    let counts = |notice: &LoaderNotice| !(env.dialect.literal_astral_characters && is_astral(notice));
    found.filter(counts).map(|notice| one(env, document, &notice)).collect()
}

/// Whether only `paasta validate` has trouble.
fn is_astral(notice: &LoaderNotice) -> bool {
    notice.pyyaml_3_11 == Verdict::Refuses && notice.libyaml_0_1_5 == Verdict::Same
}

/// What there is to say of a value on which readers disagree.
pub(crate) fn one(env: &Env, document: &Document, notice: &LoaderNotice) -> Finding {
    let reason = notice.reason;
    let place = document.place(notice.span);
    if notice.libyaml_0_1_5 == Verdict::Refuses {
        let finding = Finding::new(place, format!("PaaSTA's C loader refuses this file: {reason}"))
            .label("libyaml 0.1.5 stops here")
            .help(notice.help);
        if !is_read(document) {
            return unread(finding);
        }
        return finding.why(if env.dialect.old_libyaml {
            REFUSED_BY_LIBYAML
        } else if notice.libyaml_0_2_5 == Verdict::Refuses {
            "so do the C loaders of today: a program that reads with one has nothing of this file"
        } else {
            "today's PyYAML accepts it; paasta-tools 0.66.6 reads with libyaml 0.1.5, for which nothing \
             of this file exists"
        });
    }
    let finding = Finding::new(place, format!("YAML readers disagree on this value: {reason}"))
        .why("`paasta validate` and the deployment use different readers, of different age")
        .help(notice.help);
    if !is_astral(notice) {
        return finding.label("not every reader makes the same of this").severity(Severity::Warning);
    }
    let finding = finding.label("the loader of `paasta validate` crashes here");
    // `paasta validate`, whose reader is the old one, opens only files of instances.
    let is_validated = document.has_instances() || document.validated_as().is_some();
    if is_validated { finding } else { finding.severity(Severity::Warning) }
}
