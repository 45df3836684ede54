//! The rules: what they are, the one list of them, and what they may see and say.
//!
//! A rule is one file: a doc comment that is its published page, its level in each dialect,
//! and a plain function for its scope. The list below is the only one; everything else
//! (`explain`, `rules`, the docs, the tests for names and examples) is derived from it.

mod context;
pub(crate) mod inside;
pub(crate) mod jobs;
mod on;
pub mod pages;
pub(crate) mod reader;
mod rule;
mod sink;
pub(crate) mod support;
mod volumes;
mod written;

pub use crate::model::slots::Slot;
pub use context::{DocumentCx, Env, Instance, InstanceCx, Located, NamespaceCx, ServiceCx, TreeCx};
pub(crate) use context::{instances_of, namespaces_of};
pub use on::{Kinds, On};
pub(crate) use on::{Wakeable, keys_of};
pub use rule::{Blocks, Check, Fixable, Group, Level, Rule, Status};
pub use sink::{Active, Sink};

/// Declares a rule: its page as a doc comment, `"name" in Group`, its level with the dialects that have another
/// one, and what differs from [`Rule::DEFAULT`].
macro_rules! rule {
    (
        $(#[doc = $doc:literal])*
        $name:literal in $group:ident,
        level: $level:ident $(($($dialect:ident: $other:ident),+))?,
        $($field:ident: $value:expr),* $(,)?
    ) => {
        $crate::rules::Rule {
            name: $name,
            group: $crate::rules::Group::$group,
            doc: concat!($($doc, "\n"),*),
            level: $crate::rules::Level::$level,
            $(except: &[$(($crate::dialect::DialectName::$dialect, $crate::rules::Level::$other)),+],)?
            $($field: $value,)*
            ..$crate::rules::Rule::DEFAULT
        }
    };
}

/// A rule, and what its own function says: `worded!(schema::empty_file::words(cx, problem))`.
macro_rules! worded {
    ($group:ident::$rule:ident::$words:ident($($argument:expr),*)) => {
        (&$crate::rules::$group::$rule::RULE, $crate::rules::$group::$rule::$words($($argument),*))
    };
}
pub(crate) use worded;

// The groups, in the order in which rules are listed. Their `mod` lines, and those in each folder, are
// the one list of rules: build.rs makes `RULES` of them.
pub(crate) mod yaml;
pub(crate) mod schema;
pub(crate) mod names;
pub(crate) mod resources;
pub(crate) mod command;
pub(crate) mod placement;
pub(crate) mod health;
pub(crate) mod bounce;
pub(crate) mod smartstack;
pub(crate) mod schedule;
pub(crate) mod deploy;
pub(crate) mod monitoring;
pub(crate) mod security;
pub(crate) mod compat;
pub(crate) mod hygiene;
pub(crate) mod suppression;
pub(crate) mod internal;

include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}
