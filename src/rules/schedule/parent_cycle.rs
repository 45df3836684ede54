//! Jobs that wait for themselves.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::diagnostic::Finding;
use crate::repo::{Job, Needs, Parent, ServiceFacts};
use crate::rules::{Check, Rule, Sink, TreeCx, jobs};

pub(crate) static RULE: Rule = rule! {
    /// Finds Chronos jobs that wait, directly or through others, for themselves.
    ///
    /// ## Why it matters
    ///
    /// Chronos keeps jobs and parents as a graph without cycles and refuses the job that would
    /// close one. Which one that is depends on the order of deployment; none of the jobs in the
    /// cycle can run. `paasta validate` notices only a job that names itself.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// extract:
    ///   parents: example.load
    ///   cmd: run
    /// load:
    ///   parents: example.extract
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// extract:
    ///   schedule: 0 3 * * *
    ///   cmd: run
    /// load:
    ///   parents: example.extract
    ///   cmd: run
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `parents`; Chronos 2.5.0 `JobGraph`; paasta-tools 0.66.6
    /// `cli/cmds/validate.py:validate_chronos`.
    "parent-cycle" in Schedule,
    level: Error,
    check: Check::Tree(Needs::PARENTS, check),
};

/// Longest path that is spelled out.
const SHOWN: usize = 12;

fn check(cx: &TreeCx<'_>, sink: &mut Sink<'_>) {
    let graph = Graph::new(cx);
    for members in graph.cycles() {
        // The first job whose service is reported.
        let Some(&start) = members.iter().filter(|&&node| graph.selected(node)).min() else { continue };
        let path = graph.shortest(start, &members);
        if let Some(finding) = graph.finding(cx, &path) {
            sink.report(finding);
        }
    }
    for service in cx.selected() {
        for job in &service.jobs {
            let name = format!("{}.{}", service.name, job.name);
            let own = jobs::judged_parents(cx, job).find(|(parent, is_own)| !is_own && parent.name == name);
            let Some((parent, _)) = own else { continue };
            let message = format!("service.yaml makes the job `{}` wait for itself", jobs::shown(&name));
            sink.report(
                jobs::about(cx, service, job, parent.place.clone(), message)
                    .label("the job itself")
                    .related(job.place.clone(), "this job has no `parents` of its own")
                    .why("`paasta validate` refuses the job, though its schedule is what counts")
                    .help("remove it, and give `parents` only to the jobs that wait for others"),
            );
        }
    }
}

/// The jobs of the tree and which waits for which. Nodes are sorted by service, then in the order
/// of the files.
struct Graph<'a> {
    nodes: Vec<(&'a ServiceFacts, &'a Job)>,
    /// For each node the nodes that it waits for, with the entry that says so.
    parents: Vec<Vec<(usize, &'a Parent)>>,
}

impl<'a> Graph<'a> {
    fn new(cx: &TreeCx<'a>) -> Self {
        let nodes: Vec<(&ServiceFacts, &Job)> = cx
            .services
            .iter()
            .flat_map(|service| service.jobs.iter().map(move |job| (service, job)))
            .collect();
        let mut index = BTreeMap::new();
        for (node, (service, job)) in nodes.iter().enumerate() {
            index.insert((job.cluster.as_str(), service.name.as_str(), job.name.as_str()), node);
        }
        let edges = |job: &'a Job| {
            job.parents.iter().filter_map(|parent| {
                let (service, name) = parent.name.split_once('.')?;
                Some((*index.get(&(job.cluster.as_str(), service, name))?, parent))
            })
        };
        let parents = nodes.iter().map(|(_, job)| edges(job).collect()).collect();
        Self { nodes, parents }
    }

    fn selected(&self, node: usize) -> bool {
        self.nodes.get(node).is_some_and(|(service, _)| service.selected)
    }

    fn parents(&self, node: usize) -> &[(usize, &'a Parent)] {
        self.parents.get(node).map_or(&[], Vec::as_slice)
    }

    /// Sets of nodes that wait for each other, by Tarjan's algorithm with a stack of its own:
    /// a chain of jobs may be as long as its author likes.
    fn cycles(&self) -> Vec<Vec<usize>> {
        let mut search = Search::new(self.nodes.len());
        for root in 0..self.nodes.len() {
            if search.order[root] == UNSEEN {
                search.from(root, self);
            }
        }
        search.found
    }

    /// The shortest way from `start` to itself within `members`; the last node is `start` again.
    fn shortest(&self, start: usize, members: &[usize]) -> Vec<usize> {
        let inside: BTreeSet<usize> = members.iter().copied().collect();
        let mut before: BTreeMap<usize, usize> = BTreeMap::new();
        let mut queue = VecDeque::from([start]);
        while let Some(node) = queue.pop_front() {
            for &(parent, _) in self.parents(node) {
                if !inside.contains(&parent) || before.contains_key(&parent) {
                    continue;
                }
                before.insert(parent, node);
                if parent == start {
                    queue.clear();
                    break;
                }
                queue.push_back(parent);
            }
        }
        let mut path = vec![start];
        let mut at = start;
        while let Some(&node) = before.get(&at) {
            path.push(node);
            at = node;
            if node == start {
                break;
            }
        }
        path.reverse();
        path
    }

    fn name(&self, node: usize) -> String {
        self.nodes
            .get(node)
            .map_or(String::new(), |(service, job)| jobs::shown(&format!("{}.{}", service.name, job.name)))
    }

    fn finding(&self, cx: &TreeCx<'_>, path: &[usize]) -> Option<Finding> {
        let edge = |pair: &[usize]| {
            let [child, parent] = pair else { return None };
            let (_, entry) = self.parents(*child).iter().find(|(node, _)| node == parent)?;
            Some((*child, *parent, *entry))
        };
        let mut edges = path.windows(2).filter_map(edge);
        let (child, _, entry) = edges.next()?;
        let &(service, job) = self.nodes.get(child)?;
        let mut names: Vec<String> =
            path.iter().take(SHOWN).map(|node| format!("`{}`", self.name(*node))).collect();
        if path.len() > SHOWN {
            names.push("…".to_owned());
        }
        let message = match path.len() {
            2 => format!("the job {} waits for itself", names.first()?),
            _ => format!("these jobs wait for each other: {}", names.join(" after ")),
        };
        let mut finding = jobs::about(cx, service, job, entry.place.clone(), message)
            .label(format!("waits for `{}`", jobs::shown(&entry.name)))
            .why("Chronos refuses to close the cycle, and none of these jobs ever runs")
            .help("remove one of these parents, or give one of the jobs a `schedule` instead")
            .identity(path.iter().map(|node| self.name(*node)).collect::<Vec<_>>().join(" "));
        for (child, parent, entry) in edges.take(SHOWN) {
            let words = format!("`{}` waits for `{}`", self.name(child), self.name(parent));
            finding = finding.related(entry.place.clone(), words);
        }
        Some(finding)
    }
}

const UNSEEN: usize = usize::MAX;

/// State of Tarjan's algorithm. Indexes are nodes of the graph, so in bounds by construction.
struct Search {
    order: Vec<usize>,
    low: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<usize>,
    next: usize,
    found: Vec<Vec<usize>>,
}

impl Search {
    fn new(count: usize) -> Self {
        Self {
            order: vec![UNSEEN; count],
            low: vec![UNSEEN; count],
            on_stack: vec![false; count],
            stack: Vec::new(),
            next: 0,
            found: Vec::new(),
        }
    }

    fn enter(&mut self, node: usize) {
        self.order[node] = self.next;
        self.low[node] = self.next;
        self.next += 1;
        self.stack.push(node);
        self.on_stack[node] = true;
    }

    fn from(&mut self, root: usize, graph: &Graph<'_>) {
        self.enter(root);
        // Each frame: a node and the number of its parents that were looked at.
        let mut frames = vec![(root, 0)];
        while let Some((node, looked)) = frames.last_mut() {
            let node = *node;
            if let Some(&(parent, _)) = graph.parents(node).get(*looked) {
                *looked += 1;
                if self.order[parent] == UNSEEN {
                    self.enter(parent);
                    frames.push((parent, 0));
                } else if self.on_stack[parent] {
                    self.low[node] = self.low[node].min(self.order[parent]);
                }
                continue;
            }
            frames.pop();
            if let Some(&(child, _)) = frames.last() {
                self.low[child] = self.low[child].min(self.low[node]);
            }
            if self.low[node] == self.order[node] {
                self.close(node, graph);
            }
        }
    }

    /// Takes the members of a finished set off the stack.
    fn close(&mut self, root: usize, graph: &Graph<'_>) {
        let mut members = Vec::new();
        while let Some(node) = self.stack.pop() {
            self.on_stack[node] = false;
            members.push(node);
            if node == root {
                break;
            }
        }
        let waits_for_itself = || graph.parents(root).iter().any(|(parent, _)| *parent == root);
        if members.len() > 1 || waits_for_itself() {
            self.found.push(members);
        }
    }
}
