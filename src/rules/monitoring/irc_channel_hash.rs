//! Channels with a hash sign.

use crate::rules::written::{excerpt, monitoring};
use crate::rules::{Blocks, Check, DocumentCx, Fixable, On, Rule, Sink};
use crate::yaml::{Kind, Value, edit};

pub(crate) static RULE: Rule = rule! {
    /// Finds channels in `irc_channels` that begin with `#`.
    ///
    /// ## Why it matters
    ///
    /// Sensu's handlers cut the sign off, so it does no harm; without quotes YAML would take the rest
    /// of the line for a comment. It is advice and off by default.
    ///
    /// ## Example
    ///
    /// ```yaml monitoring.yaml
    /// team: storefront
    /// irc_channels: ["#shop"]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml monitoring.yaml
    /// team: storefront
    /// irc_channels: [shop]
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Sensu cuts the sign off.
    ///
    /// ## Source
    ///
    /// The documentation of Sensu's handlers.
    "irc-channel-hash" in Monitoring,
    level: Info,
    blocks: Blocks::Nothing,
    fix: Fixable::Sometimes,
    on: On::keys(&["monitoring", "irc_channels"]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for (_, entry) in monitoring(cx, "irc_channels") {
        let channels = entry.value;
        if channels.kind() != Kind::Seq {
            continue;
        }
        let with_hash = |channel: &Value<'_>| channel.as_str().is_some_and(|name| name.starts_with('#'));
        for channel in channels.items().filter(with_hash).take(MOST) {
            let name = channel.text().trim_start_matches('#');
            sink.report(
                cx.at(channel.span(), format!("the channel `{}` begins with `#`", excerpt(channel.text())))
                    .label("cut off by Sensu")
                    .why("without quotes YAML takes it for a comment")
                    .help(format!("write `{}`", excerpt(name)))
                    .safe_fix("leave the `#` out", edit::replace(channel, name)),
            );
        }
    }
}

/// More of them need not be pointed at.
const MOST: usize = 20;
