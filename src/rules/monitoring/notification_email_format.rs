//! Addresses of alerts.

use crate::rules::written::{excerpt, monitoring};
use crate::rules::{Blocks, Check, DocumentCx, Fixable, On, Rule, Sink};
use crate::yaml::edit;

pub(crate) static RULE: Rule = rule! {
    /// Finds values of `notification_email` that are no mail addresses with commas between them.
    ///
    /// ## Why it matters
    ///
    /// The text is the receiver of the mail. An address without `@`, or two of them with a `;` or a
    /// blank between, is nobody's: the mail does not arrive, and nobody is told so.
    ///
    /// ## Example
    ///
    /// ```yaml monitoring.yaml
    /// team: storefront
    /// notification_email: a@example.com; b@example.com
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml monitoring.yaml
    /// team: storefront
    /// notification_email: a@example.com, b@example.com
    /// ```
    ///
    /// ## Fix safety
    ///
    /// The addresses stay as they are.
    ///
    /// ## Source
    ///
    /// The configuration reference on `notification_email`; the documentation of Sensu's handlers.
    "notification-email-format" in Monitoring,
    level: Warning,
    blocks: Blocks::Nothing,
    fix: Fixable::Sometimes,
    on: On::keys(&["monitoring", "notification_email"]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for (_, entry) in monitoring(cx, "notification_email") {
        let value = entry.value;
        let Some(text) = value.as_str() else { continue };
        // What says that no mail is wanted.
        if matches!(text.trim(), "" | "false" | "noreply") {
            continue;
        }
        let Some(wrong) = text.split(',').map(str::trim).find(|address| !is_address(address)) else {
            continue;
        };
        let is_list = text.contains('@')
            && text.split([',', ';', ' ']).map(str::trim).all(|a| a.is_empty() || is_address(a));
        let (message, help) = if is_list && wrong.is_empty() {
            ("there is a comma too many".to_owned(), "write one comma between two addresses")
        } else if is_list {
            (
                "the mail addresses are not separated by commas".to_owned(),
                "write a comma between two addresses",
            )
        } else {
            (format!("`{}` is no mail address", excerpt(wrong)), "write `name@example.com`")
        };
        let with_commas: Vec<&str> =
            text.split([',', ';', ' ']).map(str::trim).filter(|a| !a.is_empty()).collect();
        let edits = is_list.then(|| edit::replace(value, &with_commas.join(", "))).flatten();
        sink.report(
            cx.at(value.span(), message)
                .label("no address")
                .why("the mail does not arrive, and nobody is told so")
                .help(help)
                .safe_fix("separate them by commas", edits),
        );
    }
}

/// Whether the text has a name and a host, and nothing that an address cannot have.
fn is_address(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else { return false };
    // `Storefront <shop@example.com>`
    let host = host.strip_suffix('>').unwrap_or(host);
    let is_plain = |part: &str| !part.is_empty() && !part.contains(['@', ';', ',']);
    is_plain(name)
        && is_plain(host)
        && !host.contains(char::is_whitespace)
        && (!name.contains(' ') || name.contains('<'))
}
