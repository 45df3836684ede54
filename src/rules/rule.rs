//! What a rule is: its name, its page, its levels, and the function that checks.

use super::{DocumentCx, InstanceCx, Located, NamespaceCx, On, ServiceCx, Sink, TreeCx};
use crate::diagnostic::Severity;
use crate::dialect::DialectName;
use crate::model::slots::Slot;
use crate::repo::Needs;
use crate::schema::check::Claim;

/// A named check with its documentation and levels.
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case, reads after "allow".
    pub name: &'static str,
    /// Where it stands in the list and in the documentation.
    pub group: Group,
    /// The published page, in Markdown: what it does, why it matters, examples, source.
    pub doc: &'static str,
    /// Level, unless the dialect has another one.
    pub level: Level,
    /// Dialects in which it has another level.
    pub except: &'static [(DialectName, Level)],
    /// Levels that some of its findings have instead, in whatever dialect, because the case is milder
    /// or graver than most.
    pub also: &'static [Level],
    /// Level in `profile: strict`, in either dialect, where that asks for more: for what a careful
    /// site wants changed and others do not.
    pub strict: Option<Level>,
    /// Whether it comes with repairs.
    pub fix: Fixable,
    /// Which payloads an error of this rule holds back.
    pub blocks: Blocks,
    /// Rules whose findings at the same characters say less than this one's: they are dropped.
    pub supersedes: &'static [&'static str],
    /// Whether it says itself what is wrong with a shape, because it knows more than the one file or more about
    /// the key: the general words for it are not said then.
    pub speaks_for: Option<Claim>,
    /// First version that has it.
    pub since: &'static str,
    /// How settled it is.
    pub status: Status,
    /// What must be there for it to have anything to say.
    pub on: On,
    /// What it looks at, and the function that does.
    pub check: Check,
}

impl Rule {
    /// What a rule is unless it says otherwise.
    pub const DEFAULT: Rule = Rule {
        name: "",
        group: Group::Hygiene,
        doc: "",
        level: Level::Off,
        except: &[],
        also: &[],
        strict: None,
        fix: Fixable::Never,
        blocks: Blocks::Payloads,
        supersedes: &[],
        speaks_for: None,
        since: "0.1.0",
        status: Status::Stable,
        on: On::ALWAYS,
        check: Check::Reader,
    };

    /// The level that the rule's author gave it in `dialect`.
    pub fn level(&self, dialect: DialectName) -> Level {
        let other = self.except.iter().find(|(name, _)| *name == dialect);
        other.map_or(self.level, |(_, level)| *level)
    }

    /// Whether nothing can change the level: PaaSTA refuses such a file or drops part of it
    /// (design.md section 10).
    pub fn is_fixed(&self, dialect: DialectName) -> bool {
        matches!(self.check, Check::Reader | Check::Schema) && self.level(dialect) == Level::Error
    }

    /// Whether an error of it keeps everything else in the file from being looked at.
    pub fn hides_the_file(&self) -> bool {
        matches!(self.check, Check::Reader) && self.name != super::yaml::yaml_duplicate_key::RULE.name
    }

    /// Why nothing can change the level of such a rule.
    pub const WHY_FIXED: &str = "PaaSTA refuses such a file or drops part of it, whatever soalint says";

    /// What to do about findings of a rule that nothing can change the level of.
    pub fn help_if_fixed(&self) -> &'static str {
        if self.hides_the_file() {
            "until the file is repaired nothing else in it is looked at, so that not even a baseline records \
             such findings"
        } else {
            "`soalint baseline write` records the findings that are there already, and only new ones are \
             reported then"
        }
    }

    /// The published page, without the blank that starts each line of a doc comment.
    pub fn page(&self) -> String {
        crate::model::table::trim_doc(self.doc)
    }

    /// First sentence of the page: the rule in one line.
    pub fn summary(&self) -> String {
        let mut lines =
            self.doc.lines().map(str::trim).skip_while(|line| line.is_empty() || line.starts_with('#'));
        let mut summary = String::new();
        for line in lines.by_ref().take_while(|line| !line.is_empty()) {
            if !summary.is_empty() {
                summary.push(' ');
            }
            summary.push_str(line);
        }
        let starts_sentence = |rest: &str| rest.starts_with(char::is_uppercase);
        let end = summary.match_indices(". ").map(|(at, dot)| (at, at + dot.len()));
        let end = end.into_iter().find(|(_, next)| summary.get(*next..).is_some_and(starts_sentence));
        match end {
            Some((end, _)) => summary[..=end].to_owned(),
            None => summary,
        }
    }
}

/// A rule's level: off, or the severity of its findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Does not run.
    Off,
    /// Runs, shown only on request.
    Info,
    /// See [`Severity::Warning`].
    Warning,
    /// See [`Severity::Error`].
    Error,
}

impl Level {
    /// The severity of findings at this level.
    pub const fn severity(self) -> Option<Severity> {
        match self {
            Level::Off => None,
            Level::Info => Some(Severity::Info),
            Level::Warning => Some(Severity::Warning),
            Level::Error => Some(Severity::Error),
        }
    }

    /// The word in configuration and listings.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Off => "off",
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// Rules that belong together; selectable by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// How the text is read.
    Yaml,
    /// Keys, types, ranges: the shape that the schemas describe.
    Schema,
    /// Names of files, services and instances.
    Names,
    /// Shares of a machine: cpus, mem, disk, instance counts.
    Resources,
    /// Command, environment, volumes.
    Command,
    /// Constraints, pools, locations.
    Placement,
    /// Health checks.
    Health,
    /// Bouncing and draining.
    Bounce,
    /// Discovery and load balancing.
    Smartstack,
    /// Chronos schedules and dependencies.
    Schedule,
    /// Deploy groups and pipelines.
    Deploy,
    /// Sensu alerts.
    Monitoring,
    /// Secrets and dangerous access.
    Security,
    /// Where documentation and paasta-tools 0.66 part.
    Compat,
    /// What a change does.
    Change,
    /// Leftovers and redundancies.
    Hygiene,
    /// Ignore comments and the baseline.
    Suppression,
    /// soalint itself.
    Internal,
}

impl Group {
    /// The word in configuration, listings and `--select`.
    pub const fn name(self) -> &'static str {
        match self {
            Group::Yaml => "yaml",
            Group::Schema => "schema",
            Group::Names => "names",
            Group::Resources => "resources",
            Group::Command => "command",
            Group::Placement => "placement",
            Group::Health => "health",
            Group::Bounce => "bounce",
            Group::Smartstack => "smartstack",
            Group::Schedule => "schedule",
            Group::Deploy => "deploy",
            Group::Monitoring => "monitoring",
            Group::Security => "security",
            Group::Compat => "compat",
            Group::Change => "change",
            Group::Hygiene => "hygiene",
            Group::Suppression => "suppression",
            Group::Internal => "internal",
        }
    }
}

/// Whether a rule's findings come with repairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixable {
    /// No.
    Never,
    /// Where the intent is clear.
    Sometimes,
    /// Each time.
    Always,
}

impl Fixable {
    /// The word in listings.
    pub const fn name(self) -> &'static str {
        match self {
            Fixable::Never => "never",
            Fixable::Sometimes => "sometimes",
            Fixable::Always => "always",
        }
    }
}

/// Which payloads an error holds back (design.md section 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocks {
    /// Those that are compiled from the file.
    Payloads,
    /// Only the Jenkins pipeline and the Sensu results: the mistake is organisational.
    JenkinsAndSensu,
    /// Only the SmartStack configuration of the namespaces involved.
    Smartstack,
    /// Nothing.
    Nothing,
}

/// How settled a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Only with `--preview` or `preview: true`: its findings may still change.
    Preview,
    /// Part of every run.
    Stable,
    /// On its way out.
    Deprecated,
}

impl Status {
    /// The word in listings.
    pub const fn name(self) -> &'static str {
        match self {
            Status::Preview => "preview",
            Status::Stable => "stable",
            Status::Deprecated => "deprecated",
        }
    }
}

/// What a rule looks at. The functions cannot fail and do no I/O.
#[derive(Clone, Copy)]
pub enum Check {
    /// Findings of the reader itself ([`crate::yaml`]); `rules/reader.rs` finds out which rule words them.
    Reader,
    /// Findings of the schemas; [`crate::schema::explain`] finds out which rule words them.
    Schema,
    /// One file that parsed.
    Document(fn(&DocumentCx<'_>, &mut Sink<'_>)),
    /// One instance or job of marathon-*, chronos-*, adhoc-*.
    Instance(fn(&InstanceCx<'_>, &mut Sink<'_>)),
    /// The same, and its entry for a key that has to be there: its own, or what it inherits.
    Entry(Slot, fn(&InstanceCx<'_>, &Located<'_>, &mut Sink<'_>)),
    /// One namespace of smartstack.yaml.
    Namespace(fn(&NamespaceCx<'_>, &mut Sink<'_>)),
    /// The same, and its entry for a key that has to be there.
    NamespaceEntry(Slot, fn(&NamespaceCx<'_>, &Located<'_>, &mut Sink<'_>)),
    /// All files of a service, and its directory.
    Service(fn(&ServiceCx<'_>, &mut Sink<'_>)),
    /// The comments that ignore findings, and the baseline, after all other rules: findings of
    /// `crate::suppress` and `crate::baseline`, worded there.
    Suppression,
    /// The whole tree; says which facts of unselected services it needs.
    Tree(Needs, fn(&TreeCx<'_>, &mut Sink<'_>)),
}

impl Check {
    /// The word in listings.
    pub const fn scope(self) -> &'static str {
        match self {
            Check::Reader | Check::Schema | Check::Document(_) | Check::Suppression => "document",
            Check::Instance(_) | Check::Entry(..) => "instance",
            Check::Namespace(_) | Check::NamespaceEntry(..) => "namespace",
            Check::Service(_) => "service",
            Check::Tree(..) => "tree",
        }
    }
}

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.scope())
    }
}
