//! The rules that look at one service or a part of it, run part by part.

use crate::findings::Findings;
use crate::model::slots::{KeySet, Slot};
use crate::repo::Service;
use crate::rules::{
    self, Active, Check, DocumentCx, Env, InstanceCx, Kinds, Located, NamespaceCx, ServiceCx, Sink, Wakeable,
    keys_of,
};
use crate::yaml::{Kind, Tree};

use super::timings::Watch;

/// What rules of instances and namespaces are given.
#[derive(Clone, Copy)]
enum Ask<Cx, EntryCx> {
    Whole(Cx),
    /// The entry of this key as well, which is there.
    Entry(Slot, EntryCx),
}

type Rules<Cx> = Wakeable<(Active, Cx)>;
type DocumentCheck = fn(&DocumentCx<'_>, &mut Sink<'_>);
type InstanceCheck =
    Ask<fn(&InstanceCx<'_>, &mut Sink<'_>), fn(&InstanceCx<'_>, &Located<'_>, &mut Sink<'_>)>;
type NamespaceCheck =
    Ask<fn(&NamespaceCx<'_>, &mut Sink<'_>), fn(&NamespaceCx<'_>, &Located<'_>, &mut Sink<'_>)>;
type ServiceCheck = fn(&ServiceCx<'_>, &mut Sink<'_>);

/// Rules by the part of a service that they look at.
#[derive(Default)]
pub(super) struct OwnRules {
    document: Rules<DocumentCheck>,
    instance: Rules<InstanceCheck>,
    namespace: Rules<NamespaceCheck>,
    service: Rules<ServiceCheck>,
}

impl OwnRules {
    /// Adds a rule, unless it looks at something else.
    pub(super) fn add(&mut self, active: Active) {
        let on = active.rule.on;
        match active.rule.check {
            Check::Reader | Check::Schema | Check::Suppression | Check::Tree(..) => {}
            Check::Document(check) => self.document.add(on, (active, check)),
            Check::Instance(check) => self.instance.add(on, (active, Ask::Whole(check))),
            Check::Entry(key, check) => self.instance.add(on.and(key), (active, Ask::Entry(key, check))),
            Check::Namespace(check) => self.namespace.add(on, (active, Ask::Whole(check))),
            Check::NamespaceEntry(key, check) => {
                self.namespace.add(on.and(key), (active, Ask::Entry(key, check)));
            }
            Check::Service(check) => self.service.add(on, (active, check)),
        }
    }

    /// One rule alone.
    pub(super) fn only(active: Active) -> Self {
        let mut rules = Self::default();
        rules.add(active);
        rules
    }

    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = Active> {
        let document = self.document.all().map(|(active, _)| *active);
        let instance = self.instance.all().map(|(active, _)| *active);
        let namespace = self.namespace.all().map(|(active, _)| *active);
        let service = self.service.all().map(|(active, _)| *active);
        document.chain(instance).chain(namespace).chain(service)
    }

    /// Runs those that have something to look at: all of them on one instance, then on the next, so that what
    /// is in the processor's cache for one serves the others.
    pub(super) fn run(&self, env: &Env, service: &Service, out: &mut Findings, watch: &mut impl Watch) {
        let defaults = service.defaults().map_or(KeySet::NONE, |(_, root)| keys_of(root));
        // The directory itself, whatever is in it.
        let mut all_kinds = Kinds::one(None);
        let mut all_keys = KeySet::NONE;
        for document in &service.documents {
            let kinds = Kinds::one(document.kind);
            all_kinds = all_kinds.or(kinds);
            let Some(root) = document.tree().map(Tree::root) else { continue };
            let mut keys = KeySet::NONE;
            if document.has_instances() {
                for cx in rules::instances_of(env, service, document) {
                    let body = cx.instance.entry.value;
                    if body.kind() == Kind::Map {
                        let own = keys_of(body);
                        keys = keys.or(own);
                        run(&self.instance, kinds, own.or(defaults), out, watch, |check, sink| match check {
                            Ask::Whole(check) => check(&cx, sink),
                            Ask::Entry(key, check) => {
                                if let Some(located) = cx.get(key.name()) {
                                    check(&cx, &located, sink);
                                }
                            }
                        });
                    }
                }
                // What has no name that is text is no instance, but has a text that rules of documents judge.
                for entry in root.entries().filter(|entry| entry.key.as_str().is_none()) {
                    keys = keys.or(keys_of(entry.value));
                }
            } else {
                keys = root.entries().fold(keys_of(root), |keys, entry| keys.or(keys_of(entry.value)));
            }
            all_keys = all_keys.or(keys);
            let cx = DocumentCx::new(env, service, document, root);
            run(&self.document, kinds, keys, out, watch, |check, sink| check(&cx, sink));
        }
        for cx in rules::namespaces_of(env, service) {
            let keys = keys_of(cx.entry.value);
            // They may stand deeper than this in service.yaml.
            all_keys = all_keys.or(keys);
            run(&self.namespace, Kinds::ALL, keys, out, watch, |check, sink| match check {
                Ask::Whole(check) => check(&cx, sink),
                Ask::Entry(key, check) => {
                    if let Some(located) = cx.get(key.name()) {
                        check(&cx, &located, sink);
                    }
                }
            });
        }
        let cx = ServiceCx::new(env, service);
        run(&self.service, all_kinds, all_keys, out, watch, |check, sink| check(&cx, sink));
    }
}

/// Asks the rules that are awake.
fn run<R>(
    rules: &Rules<R>,
    kinds: Kinds,
    keys: KeySet,
    out: &mut Findings,
    watch: &mut impl Watch,
    ask: impl Fn(&R, &mut Sink<'_>),
) {
    for (active, check) in rules.awake(kinds, keys) {
        ask(check, &mut Sink::of(*active, out));
        watch.lap(active.rule.name);
    }
    if cfg!(debug_assertions) {
        // Every test so proves that no rule has anything to say where what wakes it is not there.
        for (active, check) in rules.asleep(kinds, keys) {
            let mut missed = Findings::new(1);
            ask(check, &mut Sink::of(*active, &mut missed));
            if let Some(missed) = missed.into_list().first() {
                panic!("`{}` sleeps through {:?}", active.rule.name, missed.finding.message);
            }
        }
    }
}
