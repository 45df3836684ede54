//! Payloads of one instance each: Marathon, Chronos, adhoc, Sensu.

use rayon::prelude::*;

use crate::effective::Deployments;
use crate::emit::{Form, Held, Payload, Request, sensu};
use crate::repo::Service;

use super::super::output::{Layout, Output, Text};
use super::super::{Error, node, target};
use super::{Done, Job};

/// Services that are compiled before their payloads are written: bounds the memory.
const CHUNK: usize = 256;

/// Compiles a service.
type CompileOne<'c> = dyn Fn(&Service, &Deployments, Layout) -> (Vec<Text>, Held) + Sync + 'c;

impl Job<'_> {
    pub(super) fn instances(
        &self,
        cluster: &str,
        output: &mut Output<'_>,
        done: &mut Done,
    ) -> Result<Held, Error> {
        let context = self.target.context(&self.env.settings, cluster, self.form() == Form::Paasta);
        let machine = target::machine(&self.args.machine);
        let request = Request { context: &context, kind: self.kind, form: self.form(), machine: &machine };
        self.chunks(output, done, &|service, deployments, layout| {
            let wanted = |instance: &str| self.selected.includes(&service.name, instance);
            let write = |payload: Payload<'_>| Text::of(&payload, layout);
            request.compile(self.checked, self.forest, service, deployments, &wanted, write)
        })
    }

    pub(super) fn sensu(
        &self,
        cluster: &str,
        output: &mut Output<'_>,
        done: &mut Done,
    ) -> Result<Held, Error> {
        let context = self.target.context(&self.env.settings, cluster, self.form() == Form::Paasta);
        let state = node::state(&self.args.node)?;
        self.chunks(output, done, &|service, deployments, layout| {
            let wanted = |instance: &str| self.selected.includes(&service.name, instance);
            let parts = (self.checked, self.forest, service);
            let (payloads, mut held) =
                sensu::compile(parts, &context, deployments, &state, self.form(), &wanted);
            (super::texts(&payloads, self.forest, layout, &mut held), held)
        })
    }

    /// Compiles chunk by chunk, in the order of the services.
    fn chunks(
        &self,
        output: &mut Output<'_>,
        done: &mut Done,
        compile: &CompileOne<'_>,
    ) -> Result<Held, Error> {
        let mut all = Held::default();
        let layout = output.layout();
        for chunk in self.checked.services().chunks(CHUNK) {
            let of_service =
                |service: &Service| compile(service, &super::deployments(self.tree, service), layout);
            let compiled: Vec<(Vec<Text>, Held)> = chunk.par_iter().map(of_service).collect();
            for (service, (texts, held)) in chunk.iter().zip(compiled) {
                let has_file = service.has_entry(Deployments::FILE_NAME);
                for text in texts {
                    done.given += 1;
                    let without = if has_file { &mut done.without_entry } else { &mut done.without_file };
                    *without += usize::from(text.is_placeholder);
                    output.write(text)?;
                }
                all.append(held);
            }
        }
        Ok(all)
    }
}
