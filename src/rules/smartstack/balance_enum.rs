//! Ways of balancing that nobody knows.

use crate::rules::support::edits;
use crate::rules::support::words::shown;
use crate::rules::{Blocks, Check, Fixable, Located, NamespaceCx, Rule, Sink, Slot};
use crate::suggest;

pub(crate) static RULE: Rule = rule! {
    /// Finds `balance` that is neither `leastconn` nor `roundrobin`.
    ///
    /// ## Why it matters
    ///
    /// Every other word is dropped without a message, and HAProxy balances by the number of
    /// connections as it does by default.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   balance: round_robin
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   balance: roundrobin
    /// ```
    ///
    /// ## Fix safety
    ///
    /// The fix writes the word that was probably meant. It is unsafe: it changes how requests are
    /// balanced.
    ///
    /// ## Source
    ///
    /// synapse-tools `configure_synapse`.
    "balance-enum" in Smartstack,
    level: Warning,
    fix: Fixable::Sometimes,
    blocks: Blocks::Smartstack,
    check: Check::NamespaceEntry(Slot::known("balance"), check),
};

const WORDS: [&str; 2] = ["leastconn", "roundrobin"];

fn check(cx: &NamespaceCx<'_>, balance: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(word) = balance.value.as_str().filter(|word| !WORDS.contains(word)) else { return };
    let message = match word {
        "" => "`balance` is empty".to_owned(),
        word => format!("`{}` is no way of balancing", shown(word)),
    };
    let mut finding = cx
        .at_value(balance, message)
        .label("ignored")
        .why("HAProxy balances by the number of connections, as it does by default");
    finding = match suggest::nearest(word, WORDS) {
        Some(meant) => {
            let finding = finding.help(format!("did you mean `{meant}`?"));
            match edits::replace(balance.value, meant) {
                Some(edits) => finding.unsafe_fix(format!("write `{meant}`"), edits),
                None => finding,
            }
        }
        None => finding.help("use `leastconn` or `roundrobin`"),
    };
    sink.report(finding);
}
