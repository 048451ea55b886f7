//! Makes the plan: compares what a stack declares with what is live, and decides for each resource
//! what is done and what stands in the way. A function from values to values.

mod children;
mod removal;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::cause::{self, Cause, Sides};
use super::drift::keep_only_drift;
use super::known::{Known, not_given, secret_paths, wanted};
use super::ledger;
use super::reasons::{is_stuck, it_belongs_to, it_was, it_was_nowhere, warnings, what_is_lost, why_stuck};
use super::target::keep_targets;
use super::work::{Options, Planned, Work};
use super::{Action, Item, Plan, UnmanagedChild, graph};
use crate::diff::{self, Difference};
use crate::kind::{Kind, files};
use crate::live::{Live, Place, Root, Snapshot};
use crate::path::Path;
use crate::reference;
use crate::stack::{Resource, Stack};

pub use children::made_by_aws;

/// Makes the plan.
#[must_use]
pub fn build(stack: &Stack, snapshot: &Snapshot, place: &Place, options: &Options) -> Planned {
    let mut known = Known::from_live(stack, snapshot, place, &options.replace);
    for (address, root) in &snapshot.roots {
        let issuer = |spec: &Value| spec.pointer("/issuerConfiguration/type").cloned().unwrap_or(json!("ORIGINAL"));
        if stack.resource(address).is_some_and(|resource| issuer(&resource.declared) != issuer(&root.live.spec)) {
            known.forget(address, &["issuer", "jwksUri"]);
        }
    }
    let notes = snapshot.notes.clone();
    let mut builder = Builder { stack, snapshot, options, known, items: Vec::new(), unmanaged: Vec::new(), notes };
    for resource in stack.resources.iter().filter(|resource| resource.parent.is_none()) {
        if options.destroy { builder.destroy_root(resource) } else { builder.root(resource) }
    }
    for (address, root) in &snapshot.removed {
        if options.keep.contains(address) && !options.destroy {
            builder.release_root(address, root);
        } else {
            builder.delete_root(address, root, None);
        }
    }
    let declared = stack.resources.iter().map(|resource| &resource.address);
    let addresses = declared.chain(builder.items.iter().map(|(item, _)| &item.address)).cloned().collect();
    keep_targets(stack, options, &mut builder.items, &mut builder.unmanaged);
    let left = if options.only_drift { keep_only_drift(stack, &mut builder.items) } else { Vec::new() };
    if options.destroy && builder.items.is_empty() {
        builder.notes.push("nothing that this stack owns is live".to_owned());
    }
    builder.note_missing_secrets();
    let Builder { known, items, unmanaged, notes, .. } = builder;
    let (items, work) = items.into_iter().unzip();
    let plan = Plan {
        stack: stack.identity(),
        region: place.region.clone(),
        account: place.account.clone(),
        items,
        unmanaged,
        left,
        lost: Vec::new(),
        notes,
        calls: 0,
    };
    let mut planned = Planned { plan, work, known, addresses };
    let whole = options.targets.is_empty() && !options.only_drift;
    ledger::look(stack, &mut planned, whole);
    let circle = graph::circle(stack, &planned);
    let names: Vec<String> = circle.iter().map(|item| planned.plan.items[*item].address.to_string()).collect();
    for item in circle {
        let item = &mut planned.plan.items[item];
        item.action = Action::Blocked;
        item.blocked.push(format!(
            "these wait for each other in a circle: {}; apply one of them first without what it takes from the others",
            names.join(", ")
        ));
    }
    planned
}

struct Builder<'a> {
    stack: &'a Stack,
    snapshot: &'a Snapshot,
    options: &'a Options,
    known: Known,
    items: Vec<(Item, Work)>,
    unmanaged: Vec<UnmanagedChild>,
    notes: Vec<String>,
}

fn item(address: &Path, kind: Option<Kind>, action: Action) -> Item {
    Item {
        address: address.clone(),
        kind,
        action,
        cause: None,
        id: None,
        changes: Vec::new(),
        blocked: Vec::new(),
        warnings: Vec::new(),
        with_parent: false,
    }
}

impl Builder<'_> {
    fn push(&mut self, mut item: Item, work: Work) {
        if !item.blocked.is_empty() {
            item.action = Action::Blocked;
        }
        self.items.push((item, work));
    }

    /// A declared root and all that is inside it.
    fn root(&mut self, resource: &Resource) {
        let address = &resource.address;
        if let Some(why) = self.snapshot.blocked.get(address) {
            let blocked = Item {
                blocked: vec![why.clone()],
                cause: Some(Cause::NotLive),
                ..item(address, Some(resource.kind), Action::Blocked)
            };
            self.push(blocked, Work::default());
            return;
        }
        let root = self.snapshot.roots.get(address);
        let live = root.map(|root| &root.live);
        let mut item = self.compare(resource, root, live);
        let owned = root.is_some_and(|root| root.owned);
        if let Some(live) = live {
            self.notes.extend(live_notes(resource, live));
        }
        if let Some(former) =
            resource.renamed_from.as_ref().filter(|former| root.is_some_and(|root| root.is_at(former)))
        {
            item.warnings.push(it_was(former));
            // Its tags change, if nothing else does.
            item.cause.get_or_insert(Cause::Pending);
            if item.action == Action::Keep {
                item.action = Action::Update;
            }
        }
        let inside = root.map(|root| {
            let anew = self.made_anew(resource, Some(root));
            let stays = |child: &&Live| !child.client.as_deref().is_some_and(|client| anew.contains(client));
            root.children.iter().filter(stays).map(|child| (child.kind, child.key.clone())).collect()
        });
        if live.is_some() && !owned {
            item.cause = Some(Cause::New);
            if item.action != Action::Blocked {
                item.action = Action::Adopt;
            }
        }
        item.warnings.extend(live.filter(|_| !owned).and_then(Live::owner).map(it_belongs_to));
        self.push(
            item,
            Work {
                resource: Some(resource.clone()),
                live: live.cloned(),
                owned,
                inside: inside.unwrap_or_default(),
                digest: self.digest(resource),
                ..Work::default()
            },
        );
        if resource.kind == Kind::UserPool {
            let at = self.items.len() - 1;
            self.items[at].1.allowed = self.permissions(resource, root);
            self.children(resource, root);
        }
    }

    /// Says once what is not compared since its secret was not given.
    fn note_missing_secrets(&mut self) {
        let resources = self.items.iter().filter_map(|(_, work)| work.resource.as_ref());
        let missing = resources.flat_map(|resource| {
            not_given(&resource.declared).into_iter().map(|path| resource.address.join(&path).to_string())
        });
        let missing: Vec<String> = missing.collect();
        if !missing.is_empty() {
            self.notes.push(format!("not compared, since their secrets were not given: {}", missing.join(", ")));
        }
    }

    /// A resource's declared value, with what is known filled in.
    fn declared(&self, resource: &Resource) -> Value {
        let declared = self.known.fill_in(&resource.declared);
        let hash = |property: &Path| self.snapshot.hashes.get(&resource.base().join(property)).map(String::as_str);
        files::with_hashes(resource.kind, declared, &hash)
    }

    /// What is remembered of a resource that is as declared, where all of it is known.
    fn digest(&self, resource: &Resource) -> Option<String> {
        let declared = self.declared(resource);
        reference::in_value(&declared).is_empty().then(|| cause::applied(resource, &declared).ok())?
    }

    /// What is done to a declared resource, by its differences.
    fn compare(&self, resource: &Resource, root: Option<&Root>, live: Option<&Live>) -> Item {
        let (kind, schema) = (resource.kind, resource.kind.schema());
        let secrets = secret_paths(resource);
        let declared = self.declared(resource);
        let mut item = item(&resource.address, Some(kind), Action::Create);
        let wanted = match wanted(resource, &declared, live.map(|live| &live.spec)) {
            Ok(wanted) => wanted,
            // What is made without its secrets is only shown.
            Err(_) if live.is_none() && !not_given(&declared).is_empty() => Value::Null,
            Err(why) => {
                item.blocked.push(format!("what the file says cannot be used: {why}"));
                return item;
            }
        };
        let Some(live) = live else {
            let shown = self.known.fill_in(&resource.declared);
            item.changes = diff::all_of(&shown, schema, &secrets);
            item.warnings.extend(resource.renamed_from.as_ref().map(it_was_nowhere));
            item.cause = Some(cause::of_missing(root, cause::claimed(resource)));
            return item;
        };
        item.id = Some(live.id.clone());
        let differences = diff::diff(&live.spec, &wanted, schema, &secrets);
        if !differences.is_empty() {
            let sides = Sides::of(resource, &declared, live, &differences);
            item.cause = Some(sides.map_or(Cause::Unknown, |sides| cause::of_different(root, resource, &sides)));
        }
        let stuck: Vec<&Difference> =
            differences.iter().filter(|difference| is_stuck(kind, live, difference)).collect();
        let replaced = self.options.replace.contains(&resource.address);
        item.action = match differences.is_empty() {
            _ if replaced && resource.parent.is_some() => Action::Replace,
            true => Action::Keep,
            false => Action::Update,
        };
        if item.action == Action::Replace {
            item.warnings.push(what_is_lost(kind).to_owned());
        } else {
            let stuck: Vec<_> = stuck.iter().map(|difference| &difference.change).collect();
            item.blocked = why_stuck(kind, &resource.address, &stuck);
        }
        item.warnings.extend(warnings(live, &declared, &differences));
        item.changes = differences.into_iter().map(|difference| difference.change).collect();
        item
    }
}

/// What a live pool says that is no difference, but good to know.
fn live_notes(resource: &Resource, live: &Live) -> Vec<String> {
    let names = |spec: &Value| -> BTreeSet<String> {
        let attributes = spec.get("schema").and_then(Value::as_array).into_iter().flatten();
        attributes.filter_map(|attribute| Some(attribute.get("name")?.as_str()?.to_owned())).collect()
    };
    let declared = names(&resource.declared);
    let more: Vec<String> =
        names(&live.spec).difference(&declared).filter(|name| name.contains(':')).cloned().collect();
    let mut notes = Vec::new();
    if !more.is_empty() {
        notes.push(format!("{} has attributes that the file does not declare: {}", resource.address, more.join(", ")));
    }
    for (member, what) in [("SmsConfigurationFailure", "text messages"), ("EmailConfigurationFailure", "email")] {
        if let Some(failure) = live.text(member).filter(|failure| !failure.is_empty()) {
            notes.push(format!("AWS says that {what} of {} cannot be sent: {failure}", resource.address));
        }
    }
    notes
}

/// The wanted spec's top-level properties that differ, for the calls that change them.
#[must_use]
pub fn changed_properties<'a>(live: &'a Value, wanted: &'a Value) -> Vec<&'a str> {
    let keys = live.as_object().into_iter().chain(wanted.as_object()).flat_map(|map| map.keys());
    let keys: BTreeSet<&str> = keys.map(String::as_str).collect();
    keys.into_iter().filter(|key| live.get(*key) != wanted.get(*key)).collect()
}
