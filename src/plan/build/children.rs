//! What is done inside a pool: to its children, declared and live, and to the permissions of its triggers.

use std::collections::BTreeSet;

use serde_json::json;

use super::{Builder, item};
use crate::kind::Kind;
use crate::kind::user_pool::{manages_permissions, trigger_arns};
use crate::live::{Live, Root};
use crate::ownership;
use crate::path::Path;
use crate::plan::known::wanted;
use crate::plan::reasons::{quote, what_is_lost};
use crate::plan::work::Work;
use crate::plan::{Action, Item, UnmanagedChild, graph};
use crate::reference;
use crate::stack::{Resource, Unmanaged};

impl Builder<'_> {
    /// The permissions that the pool's triggers need, and those that they need no more.
    pub(super) fn permissions(&mut self, pool: &Resource, root: Option<&Root>) {
        if !manages_permissions(&pool.declared) {
            return;
        }
        // What `ignoreChanges` leaves attached needs its permission too.
        let declared = self.known.fill_in(&pool.declared);
        let live = root.map(|root| &root.live.spec);
        let wanted = wanted(pool, &declared, live).unwrap_or_default();
        let wanted = wanted.get("triggers").map(trigger_arns).unwrap_or_default();
        let raw = pool.declared.get("triggers").map(trigger_arns).unwrap_or_default();
        for function in &wanted {
            let permission = root.and_then(|root| root.permissions.get(function)).copied().unwrap_or_default();
            if permission.allowed {
                continue;
            }
            // Shown as the file names it, so that an address does not change once the ARN is known.
            let name = raw.iter().find(|raw| self.known.fill_in(&json!(raw)) == json!(function));
            let work = Work { function: Some(function.clone()), pool: Some(pool.address.clone()), ..Work::default() };
            let address = permission_address(&pool.address, name.unwrap_or(function));
            self.push(item(&address, None, Action::Create), work);
        }
        let now = root.and_then(|root| root.live.spec.get("triggers")).map(trigger_arns).unwrap_or_default();
        for function in now.difference(&wanted) {
            let ours = root.and_then(|root| root.permissions.get(function)).is_some_and(|permission| permission.ours);
            if ours {
                self.remove_permission(&pool.address, function);
            }
        }
    }

    pub(super) fn remove_permission(&mut self, pool: &Path, function: &str) {
        let work = Work { function: Some(function.to_owned()), pool: Some(pool.clone()), ..Work::default() };
        self.push(item(&permission_address(pool, function), None, Action::Delete), work);
    }

    /// Everything inside a declared pool.
    pub(super) fn children(&mut self, pool: &Resource, root: Option<&Root>) {
        let mut met = BTreeSet::new();
        for kind in Kind::UserPool.children() {
            for child in self.stack.children(&pool.address, kind) {
                let found: Vec<&Live> = root
                    .map(|root| root.matching(kind, child.natural_key(), child.id.as_deref()).collect())
                    .unwrap_or_default();
                met.extend(found.iter().map(|live| (kind, live.id.clone())));
                self.child(pool, child, root, &found);
            }
        }
        let Some(root) = root else { return };
        let clients = Path::root().key("clients");
        let inside = |item: &Item| item.address.strip_prefix(&pool.address).is_some_and(|at| at.starts_with(&clients));
        let new_client = self.items.iter().any(|(item, _)| item.action == Action::Create && inside(item));
        for live in &root.children {
            if met.contains(&(live.kind, live.id.clone())) {
                continue;
            }
            let address = child_address(&pool.address, live);
            // Claims are by name: of several with one name it is not known which is ours.
            let namesakes = root.children.iter().filter(|other| other.kind == live.kind && other.key == live.key);
            if root.ledger.has(live.kind, &live.key) && namesakes.count() == 1 {
                self.delete_child(&pool.address, &address, live);
                if let Some((item, _)) = self.items.last_mut().filter(|_| live.kind == Kind::Client && new_client) {
                    item.warnings
                        .push(format!("to rename it and keep its id, write `id: {}` at its new name", live.id));
                }
            } else if pool.unmanaged == Unmanaged::Report && !made_by_aws(live, root) {
                self.unmanaged.push(UnmanagedChild { address, kind: live.kind, id: live.id.clone() });
            }
        }
    }

    fn child(&mut self, pool: &Resource, child: &Resource, root: Option<&Root>, found: &[&Live]) {
        let kind = child.kind;
        let mut item = self.compare(child, found.first().copied());
        let mut claimed = root.is_some_and(|root| root.ledger.has(kind, child.natural_key()));
        if let Some(root) = root.filter(|root| root.owned && !claimed) {
            let users = ownership::users_tags(&pool.declared);
            // What the ledger has no room for would be adopted for ever.
            claimed = !root.ledger.clone().add(kind, child.natural_key(), users);
            if claimed {
                self.notes.push(format!(
                    "the ledger of {} has no room for {}: it is kept as declared, but not deleted when it is taken out of the file",
                    pool.address, child.address
                ));
            }
        }
        match (found, &child.id) {
            ([_, _, ..], _) => {
                let ids: Vec<&str> = found.iter().map(|live| live.id.as_str()).collect();
                item.blocked.push(format!(
                    "several live {}s are named `{}`: {}; pin the one that is meant with `id:`",
                    kind.title(),
                    child.natural_key(),
                    ids.join(", ")
                ));
            }
            ([], Some(id)) => {
                item.blocked.push(format!("`id: {id}` names a {} that is not in this pool", kind.title()));
            }
            ([live], _) if !claimed && item.action != Action::Replace => {
                item.id = Some(live.id.clone());
                item.action = Action::Adopt;
            }
            _ => {}
        }
        if item.action == Action::Replace {
            item.blocked.extend(self.named_by(child));
        }
        let failed = found.first().is_some_and(|live| live.has_failed());
        if failed && item.action != Action::Replace {
            item.blocked.push(format!(
                "AWS could not set it up; have it deleted and made anew: --replace {}",
                quote(&child.address)
            ));
        }
        if child.declared.pointer("/providerDetails/private_key").is_some() && !found.is_empty() {
            self.notes.push(format!("the private key of {} is not compared, since AWS never shows it", child.address));
        }
        let work = Work {
            resource: Some(child.clone()),
            live: found.first().map(|live| Live::clone(live)),
            pool: Some(pool.address.clone()),
            ..Work::default()
        };
        self.push(item, work);
    }

    /// Why a provider or resource server cannot be replaced: the clients that name it.
    fn named_by(&self, child: &Resource) -> Option<String> {
        let names = |client: &&Resource| graph::named(self.stack, client).contains(&child.address);
        let clients: Vec<String> =
            self.stack.resources.iter().filter(names).map(|client| client.address.to_string()).collect();
        (!clients.is_empty())
            .then(|| format!("it cannot be deleted while clients name it: take it out of {} first", clients.join(", ")))
    }

    pub(super) fn delete_child(&mut self, pool: &Path, address: &Path, live: &Live) {
        let mut item = item(address, Some(live.kind), Action::Delete);
        item.id = Some(live.id.clone());
        item.warnings.push(what_is_lost(live.kind).to_owned());
        let work = Work { live: Some(live.clone()), pool: Some(pool.clone()), ..Work::default() };
        self.push(item, work);
    }
}

/// The address of an invoke permission: the function that a pool's triggers name.
fn permission_address(pool: &Path, function: &str) -> Path {
    let name = match reference::in_text(function).first().and_then(|reference| reference.0.parent()) {
        Some(address) => address.to_string(),
        None => function.to_owned(),
    };
    pool.key("triggerPermissions").key(name)
}

/// The address that a live child has, or would have.
pub(super) fn child_address(pool: &Path, live: &Live) -> Path {
    pool.key(live.kind.section()).key(&live.key)
}

/// What AWS makes in a pool by itself, or lets another service make: it is nobody's rogue child.
#[must_use]
pub fn made_by_aws(live: &Live, root: &Root) -> bool {
    match live.kind {
        Kind::Client => ["AmazonOpenSearchService-", "AWSElasticsearch-"].iter().any(|head| live.key.starts_with(head)),
        Kind::IdentityProvider => live.key == "Cognito",
        // With a role such a group would give its members rights, so then it is shown.
        Kind::Group => live.key.starts_with(&format!("{}_", root.live.id)) && live.spec.get("roleArn").is_none(),
        _ => false,
    }
}
