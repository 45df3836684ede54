//! What `service.namespace` refers to: of registrations, proxies and dependencies.

use crate::diagnostic::Finding;
use crate::repo::NamespaceFact;
use crate::rules::TreeCx;
use crate::rules::support::edits;
use crate::rules::support::words::shown;
use crate::suggest;

/// Searching names for what was meant costs time in the number of services.
const MOST_SUGGESTIONS: usize = 20;

/// Looks up the namespaces that one rule finds named.
pub(crate) struct Targets<'c, 'a> {
    cx: &'c TreeCx<'a>,
    suggestions: usize,
}

impl<'c, 'a> Targets<'c, 'a> {
    /// Those of the tree.
    pub(crate) const fn of(cx: &'c TreeCx<'a>) -> Self {
        Self { cx, suggestions: MOST_SUGGESTIONS }
    }

    /// The namespace, or `None` where its service could not be read. `at` makes a finding of a message at the
    /// place where the two names are written.
    ///
    /// # Errors
    /// There is no such service, or it has no such namespace.
    pub(crate) fn find(
        &mut self,
        (service, namespace): (&str, &str),
        at: impl Fn(String) -> Finding,
    ) -> Result<Option<&'a NamespaceFact>, Box<Finding>> {
        let cx = self.cx;
        let finding = |message, label| Box::new(at(message).label(label));
        if !cx.has_service(service) {
            let finding = finding(format!("there is no service `{}`", shown(service)), "no such service");
            let meant = self.nearest(service, cx.names.iter().map(String::as_str));
            let meant = meant.map(|meant| format!("{meant}.{namespace}"));
            return Err(helped(
                finding,
                (service, namespace),
                meant,
                "name a service of this tree".to_owned(),
            ));
        }
        let Some(facts) = cx.service(service).filter(|facts| facts.namespaces_known) else { return Ok(None) };
        if let Some(found) = facts.namespace(namespace) {
            return Ok(Some(found));
        }
        let message = format!("the service `{}` has no namespace `{}`", shown(service), shown(namespace));
        if facts.namespaces.is_empty() {
            let help = format!("add `{}` to the smartstack.yaml of `{}`", shown(namespace), shown(service));
            return Err(helped(finding(message, "no namespace at all"), (service, namespace), None, help));
        }
        let meant = self.nearest(namespace, facts.namespaces.iter().map(|namespace| namespace.name.as_str()));
        let meant = meant.map(|meant| format!("{service}.{meant}"));
        let help = format!("name a namespace of its smartstack.yaml, or add `{}` there", shown(namespace));
        Err(helped(finding(message, "no such namespace"), (service, namespace), meant, help))
    }

    fn nearest<'n>(&mut self, name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
        self.suggestions = self.suggestions.checked_sub(1)?;
        suggest::nearest(name, known)
    }
}

/// The finding with what was probably meant.
fn helped(
    finding: Box<Finding>,
    (service, namespace): (&str, &str),
    meant: Option<String>,
    otherwise: String,
) -> Box<Finding> {
    Box::new(match meant {
        Some(meant) => {
            let finding = finding.help(format!("did you mean `{}`?", shown(&meant)));
            edits::offer(finding, &format!("{service}.{namespace}"), Some(&meant))
        }
        None => finding.help(otherwise),
    })
}
