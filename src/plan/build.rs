//! Makes the plan: compares what a stack declares with what is live, and decides for each resource
//! what is done and what stands in the way. A function from values to values.

mod children;
mod removal;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::known::{Known, secret_paths, wanted};
use super::reasons::{is_stuck, warnings, what_is_lost, why_stuck};
use super::target::keep_targets;
use super::work::{Options, Planned, Work};
use super::{Action, Item, Plan, UnmanagedChild, graph};
use crate::diff::{self, Difference};
use crate::kind::Kind;
use crate::live::{Live, Place, Root, Snapshot};
use crate::ownership;
use crate::path::Path;
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
        builder.delete_root(address, root, None);
    }
    let declared = stack.resources.iter().map(|resource| &resource.address);
    let addresses = declared.chain(builder.items.iter().map(|(item, _)| &item.address)).cloned().collect();
    keep_targets(stack, options, &mut builder.items, &mut builder.unmanaged);
    if options.destroy && builder.items.is_empty() {
        builder.notes.push("nothing that this stack owns is live".to_owned());
    }
    let Builder { known, items, unmanaged, notes, .. } = builder;
    let (items, work) = items.into_iter().unzip();
    let plan = Plan {
        stack: stack.identity(),
        region: place.region.clone(),
        account: place.account.clone(),
        items,
        unmanaged,
        notes,
        calls: 0,
    };
    let mut planned = Planned { plan, work, known, addresses };
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
            let blocked = Item { blocked: vec![why.clone()], ..item(address, Some(resource.kind), Action::Blocked) };
            self.push(blocked, Work::default());
            return;
        }
        let root = self.snapshot.roots.get(address);
        let live = root.map(|root| &root.live);
        let mut item = self.compare(resource, live);
        let owned = root.is_some_and(|root| root.owned);
        let stale = root.is_some_and(|root| self.is_stale(resource, root));
        if stale {
            self.notes.push(format!(
                "the ledger of {address} claims what is not there, left behind by a run that was cut off; the next apply lets go of it"
            ));
        }
        if let Some(live) = live {
            self.notes.extend(live_notes(resource, live));
        }
        let inside = root.map(|root| root.children.iter().map(|child| (child.kind, child.key.clone())).collect());
        if live.is_some() && !owned && item.action != Action::Blocked {
            item.action = Action::Adopt;
        }
        self.push(
            item,
            Work {
                resource: Some(resource.clone()),
                live: live.cloned(),
                owned,
                stale,
                inside: inside.unwrap_or_default(),
                ..Work::default()
            },
        );
        if resource.kind == Kind::UserPool {
            self.permissions(resource, root);
            self.children(resource, root);
        }
    }

    fn is_stale(&self, pool: &Resource, root: &Root) -> bool {
        let declared = self.stack.inside(&pool.address).map(|child| (child.kind, child.natural_key()));
        root.ledger.is_stale(declared.chain(root.children.iter().map(|live| (live.kind, live.key.as_str()))))
    }

    /// What is done to a declared resource, by its differences.
    fn compare(&self, resource: &Resource, live: Option<&Live>) -> Item {
        let (kind, schema) = (resource.kind, resource.kind.schema());
        let secrets = secret_paths(resource);
        let mut declared = self.known.fill_in(&resource.declared);
        if let Some(hash) = self.snapshot.code.get(&resource.address) {
            declared["code"] = json!(hash);
        }
        let mut item = item(&resource.address, Some(kind), Action::Create);
        let wanted = match wanted(resource, &declared, live.map(|live| &live.spec)) {
            Ok(wanted) => wanted,
            Err(why) => {
                item.blocked.push(format!("what the file says cannot be used: {why}"));
                return item;
            }
        };
        let Some(live) = live else {
            let shown = self.known.fill_in(&resource.declared);
            item.changes = diff::all_of(&shown, schema, &secrets);
            return item;
        };
        item.id = Some(live.id.clone());
        let differences = diff::diff(&live.spec, &wanted, schema, &secrets);
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
            item.blocked =
                stuck.iter().map(|difference| why_stuck(kind, &resource.address, &difference.change)).collect();
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

/// The tags that a root is to carry: the user's, the marks of ownership and, on a user pool, the ledger.
#[must_use]
pub fn wanted_tags(
    stack: &str,
    resource: &Resource,
    declared: &Value,
    ledger: Option<&ownership::Ledger>,
) -> ownership::Tags {
    let users = declared.get("tags").and_then(Value::as_object).into_iter().flatten();
    let mut tags: ownership::Tags =
        users.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect();
    tags.extend(ownership::marks(stack, &resource.address.to_string()));
    tags.extend(ledger.map(ownership::Ledger::tags).into_iter().flatten());
    tags
}
