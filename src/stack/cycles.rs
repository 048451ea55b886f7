//! References that go in a circle, so that nothing of the circle could be made first.

use std::collections::BTreeMap;

use super::{Resource, Stack};
use crate::diagnostic::Finding;
use crate::kind::Kind;
use crate::path::{Path, Segment};
use crate::reference;

/// The references of a resource that must be known before it can be made, each with the path in
/// the resource that it stands at. A pool is made without its triggers, which come after their
/// functions, so what its triggers refer to does not count.
pub fn needs(resource: &Resource) -> impl Iterator<Item = (Path, reference::Reference)> {
    let pool = resource.kind == Kind::UserPool;
    reference::in_value(&resource.declared).into_iter().filter(move |(at, _)| {
        let first = at.segments().first();
        !(pool && matches!(first, Some(Segment::Key(key)) if key == "triggers" || key == "triggerPermissions"))
    })
}

/// The circles, each once, with the whole way written out.
#[must_use]
pub fn check(stack: &Stack) -> Vec<Finding> {
    let edges: BTreeMap<&Path, Vec<Edge>> =
        stack.resources.iter().map(|resource| (&resource.address, edges(stack, resource))).collect();
    let mut search = Search { edges: &edges, done: BTreeMap::new(), way: Vec::new(), findings: Vec::new() };
    for resource in &stack.resources {
        search.visit(&resource.address);
    }
    search.findings
}

struct Edge {
    to: Path,
    /// The reference's place in the file; none from a child to what it lives inside of.
    at: Option<Path>,
}

fn edges(stack: &Stack, resource: &Resource) -> Vec<Edge> {
    let parent = resource.parent.iter().map(|parent| Edge { to: parent.clone(), at: None });
    let named = needs(resource).filter_map(|(at, reference)| {
        let (address, _) = reference.split()?;
        stack.resource(&address)?;
        Some(Edge { to: address, at: Some(resource.address.join(&at)) })
    });
    parent.chain(named).collect()
}

struct Search<'a> {
    edges: &'a BTreeMap<&'a Path, Vec<Edge>>,
    /// Whether all that a resource leads to has been visited; false while it is being visited.
    done: BTreeMap<Path, bool>,
    /// How the search came to where it is: each step with the reference that led on.
    way: Vec<(Path, Option<Path>)>,
    findings: Vec<Finding>,
}

impl Search<'_> {
    fn visit(&mut self, start: &Path) {
        if self.done.contains_key(start) {
            return;
        }
        self.done.insert(start.clone(), false);
        let edges = self.edges;
        // A stack of what is still to do, not calls: a chain may be as long as the file.
        let mut todo: Vec<(Path, usize)> = vec![(start.clone(), 0)];
        self.way.push((start.clone(), None));
        while let Some((address, next)) = todo.last_mut() {
            let Some(edge) = edges.get(&*address).and_then(|edges| edges.get(*next)) else {
                self.done.insert(address.clone(), true);
                todo.pop();
                self.way.pop();
                continue;
            };
            *next += 1;
            if let Some((_, leads)) = self.way.last_mut() {
                leads.clone_from(&edge.at);
            }
            match self.done.get(&edge.to) {
                None => {
                    self.done.insert(edge.to.clone(), false);
                    self.way.push((edge.to.clone(), None));
                    todo.push((edge.to.clone(), 0));
                }
                Some(false) => self.circle(&edge.to),
                Some(true) => {}
            }
        }
    }

    fn circle(&mut self, back_to: &Path) {
        let Some(start) = self.way.iter().position(|(address, _)| address == back_to) else { return };
        let circle = &self.way[start..];
        let Some(at) = circle.iter().find_map(|(_, at)| at.clone()) else { return };
        let mut names: Vec<String> = circle.iter().map(|(address, _)| format!("`{address}`")).collect();
        names.push(format!("`{back_to}`"));
        let message = if circle.len() == 1 {
            format!("`{back_to}` refers to itself")
        } else {
            format!("these need each other, so none can be made first: {}", names.join(" → "))
        };
        self.findings.push(Finding::new(at, message));
    }
}
