//! What is done inside a pool: to its children, declared and live, and to the permissions of its triggers.

use std::collections::BTreeSet;

use serde_json::json;

use super::{Builder, item};
use crate::diff;
use crate::kind::user_pool::{manages_permissions, trigger_arns};
use crate::kind::{Form, Kind, facet_key};
use crate::live::{Live, Root};
use crate::ownership::digest::beyond_defaults;
use crate::ownership::{self, Claimed, Condition, Ledger, hidden};
use crate::path::Path;
use crate::plan::cause::{self, Cause};
use crate::plan::known::wanted;
use crate::plan::reasons::{it_was, quote, what_is_lost};
use crate::plan::work::Work;
use crate::plan::{Action, Item, UnmanagedChild, graph};
use crate::reference::{self, Reference};
use crate::stack::{Resource, Unmanaged};

impl Builder<'_> {
    /// The permissions that the pool's triggers need, and those that they need no more. Gives the
    /// functions that need none.
    pub(super) fn permissions(&mut self, pool: &Resource, root: Option<&Root>) -> Vec<String> {
        if !manages_permissions(&pool.declared) {
            return Vec::new();
        }
        let mut allowed = Vec::new();
        // What `ignoreChanges` leaves attached needs its permission too.
        let declared = self.known.fill_in(&pool.declared);
        let live = root.map(|root| &root.live.spec);
        let wanted = wanted(pool, &declared, live).unwrap_or_default();
        let wanted = wanted.get("triggers").map(trigger_arns).unwrap_or_default();
        let raw = pool.declared.get("triggers").map(trigger_arns).unwrap_or_default();
        for function in &wanted {
            let permission = root.and_then(|root| root.permissions.get(function)).copied().unwrap_or_default();
            // Of a function that a secret would name nothing is known.
            let unnamed = reference::in_text(function).iter().any(Reference::is_not_given);
            if permission.allowed {
                allowed.push(function.clone());
            }
            if permission.allowed || unnamed {
                continue;
            }
            // Shown as the file names it, so that an address does not change once the ARN is known.
            let name = raw.iter().find(|raw| self.known.fill_in(&json!(raw)) == json!(function));
            let work = Work { function: Some(function.clone()), pool: Some(pool.address.clone()), ..Work::default() };
            let address = permission_address(&pool.address, name.unwrap_or(function));
            let cause = Some(cause::of_missing(root, Some(Claimed::Permission(function))));
            self.push(Item { cause, ..item(&address, None, Action::Create) }, work);
        }
        let now = root.and_then(|root| root.live.spec.get("triggers")).map(trigger_arns).unwrap_or_default();
        for function in now.difference(&wanted) {
            let ours = root.and_then(|root| root.permissions.get(function)).is_some_and(|permission| permission.ours);
            if ours {
                self.remove_permission(&pool.address, function, Some(Cause::Removed));
            }
        }
        allowed
    }

    pub(super) fn remove_permission(&mut self, pool: &Path, function: &str, cause: Option<Cause>) {
        let work = Work { function: Some(function.to_owned()), pool: Some(pool.clone()), ..Work::default() };
        self.push(Item { cause, ..item(&permission_address(pool, function), None, Action::Delete) }, work);
    }

    /// Everything inside a declared pool.
    pub(super) fn children(&mut self, pool: &Resource, root: Option<&Root>) {
        let mut met = BTreeSet::new();
        let claimable = root.filter(|root| root.owned).map(|root| self.with_all_claims(pool, root));
        let anew: BTreeSet<&str> = self.made_anew(pool, root);
        for kind in Kind::UserPool.children() {
            for child in self.stack.children(&pool.address, kind) {
                let mut found = root.map(|root| root.standing_for(self.stack, child)).unwrap_or_default();
                // What belongs to a client that is made anew goes with the old one.
                found.retain(|live| !live.client.as_deref().is_some_and(|client| anew.contains(client)));
                let before = root.map(|root| root.before(child)).unwrap_or_default();
                met.extend(found.iter().chain(&before).map(|live| (kind, live.id.clone(), live.client.clone())));
                self.child(pool, child, (root, claimable.as_ref()), &found);
            }
        }
        let Some(root) = root else { return };
        let sound = root.owned && root.ledger.condition() != Condition::Lost;
        let mut waiting = 0;
        let clients = Path::root().key("clients");
        let inside = |item: &Item| item.address.strip_prefix(&pool.address).is_some_and(|at| at.starts_with(&clients));
        let new_client = self.items.iter().any(|(item, _)| item.action == Action::Create && inside(item));
        for live in &root.children {
            let goes_along = live.client.as_deref().is_some_and(|client| anew.contains(client));
            if goes_along || met.contains(&(live.kind, live.id.clone(), live.client.clone())) {
                continue;
            }
            let address = self.address_of(&pool.address, root, live);
            // Claims are by name: of several with one name it is not known which is ours.
            let namesakes = root.children.iter().filter(|other| other.kind == live.kind && other.key == live.key);
            let claimed = root.ledger.has(live.kind, &live.key) && namesakes.count() == 1;
            if claimed && self.options.keep.contains(&address) {
                let cause = Some(Cause::Removed);
                let mut item =
                    Item { cause, id: Some(live.id.clone()), ..item(&address, Some(live.kind), Action::Release) };
                if pool.unmanaged == Unmanaged::Delete {
                    item.warnings.push(
                        "the next apply deletes it all the same, since the pool has `unmanaged: delete`".to_owned(),
                    );
                }
                let work = Work { live: Some(live.clone()), pool: Some(pool.address.clone()), ..Work::default() };
                self.push(item, work);
            } else if claimed {
                self.delete_child(&pool.address, &address, live, Some(Cause::Removed));
                let along = facets_along(root, live);
                if let Some((item, _)) = self.items.last_mut().filter(|_| !along.is_empty()) {
                    item.warnings.push(format!("with it goes its {}", along.join(", its ")));
                }
                if let Some((item, _)) = self.items.last_mut().filter(|_| live.kind == Kind::Client && new_client) {
                    item.warnings.push(format!(
                        "to rename it and keep its id, write `renamedFrom: {}` at its new name",
                        item.address
                    ));
                }
            } else if pool.unmanaged == Unmanaged::Ignore || made_by_aws(live, root) {
            } else if pool.unmanaged == Unmanaged::Delete && sound && !self.options.drift {
                self.delete_child(&pool.address, &address, live, Some(Cause::Unmanaged));
                if let Some((item, _)) = self.items.last_mut() {
                    item.warnings
                        .insert(0, "this stack has not made it, and `unmanaged: delete` says that it goes".to_owned());
                }
            } else {
                waiting += usize::from(pool.unmanaged == Unmanaged::Delete && !self.options.drift);
                self.unmanaged.push(unmanaged(address, live));
            }
        }
        if waiting > 0 {
            let why = if root.owned { "its ledger is lost or damaged" } else { "it is not this stack's own yet" };
            self.notes.push(format!(
                "`unmanaged: delete` of {} waits until the next apply is over, since {why}",
                pool.address
            ));
        }
    }

    /// The ids of the clients that are deleted and made anew.
    pub(super) fn made_anew<'r>(&self, pool: &Resource, root: Option<&'r Root>) -> BTreeSet<&'r str> {
        let clients = self.stack.children(&pool.address, Kind::Client);
        let anew = clients.filter(|client| self.options.replace.contains(&client.address));
        let lives = anew.flat_map(|client| root.map(|root| root.standing_for(self.stack, client)).unwrap_or_default());
        lives.map(|live| live.id.as_str()).collect()
    }

    /// The address that a live child has, or would have: that of a client's facet is in the client.
    fn address_of(&self, pool: &Path, root: &Root, live: &Live) -> Path {
        let Some(id) = &live.client else { return child_address(pool, live) };
        let is_it = |client: &&Resource| root.standing_for(self.stack, client).iter().any(|live| live.id == *id);
        let declared = self.stack.children(pool, Kind::Client).find(is_it).map(|client| client.address.clone());
        let client = declared.unwrap_or_else(|| {
            let name = root.children.iter().find(|client| client.kind == Kind::Client && client.id == *id);
            pool.key(Kind::Client.section()).key(name.map_or(id.as_str(), |client| &client.key))
        });
        facet_address(&client, live)
    }

    /// The ledger with a claim on each declared child, as far as there is room.
    fn with_all_claims(&self, pool: &Resource, root: &Root) -> Ledger {
        let mut ledger = root.ledger.renewed();
        for child in self.stack.inside(&pool.address) {
            ledger.claim(Claimed::Child(child.kind, child.natural_key()));
            if hidden::has_part(child.kind) && hidden::digest(child.kind, &self.declared(child)).is_some() {
                ledger.claim(Claimed::Hidden(child.kind, child.natural_key()));
            }
        }
        // What `ignoreChanges` leaves on the pool takes room too.
        let wanted = wanted(pool, &self.declared(pool), Some(&root.live.spec));
        ledger.fitted(ownership::users_tags(wanted.as_ref().unwrap_or(&pool.declared)).len())
    }

    fn child(
        &mut self,
        pool: &Resource,
        child: &Resource,
        (root, claimable): (Option<&Root>, Option<&Ledger>),
        found: &[&Live],
    ) {
        let kind = child.kind;
        let revealed = found.first().map(|live| self.revealed(child, root, live));
        let mut item = self.compare(child, root, revealed.as_ref());
        if let Some(live) = &revealed {
            judge_image(child, live, &mut item);
        }
        let key = found.first().filter(|_| kind.is_facet()).map_or(child.natural_key(), |live| &live.key);
        let mut claimed = root.is_some_and(|root| root.ledger.has(kind, key));
        let before = root.map(|root| root.before(child)).unwrap_or_default();
        let renamed = found.iter().any(|live| before.iter().any(|before| before.id == live.id));
        if renamed {
            item.warnings.extend(child.renamed_from.as_ref().map(it_was));
        } else if let Some(claimable) = claimable.filter(|_| !claimed) {
            // What the ledger has no room for would be adopted for ever.
            claimed = !claimable.has(kind, child.natural_key());
            if claimed {
                self.notes.push(format!(
                    "the ledger of {} has no room for {}: it is kept as declared, but not deleted when it is taken out of the file",
                    pool.address, child.address
                ));
            }
        }
        let anew = child.client().is_some_and(|client| self.options.replace.contains(&client));
        if anew && found.is_empty() {
            // It goes with the client, and comes with the new one.
            item.cause = Some(Cause::Follows);
        }
        match (found, &child.id) {
            ([_, _, ..], _) => {
                let ids: Vec<&str> = found.iter().map(|live| live.id.as_str()).collect();
                // Which of them was applied is not known, and whoever made the others did so live.
                item.cause.get_or_insert(Cause::Unknown);
                item.blocked.push(format!(
                    "several live {}s are named `{}`: {}; pin the one that is meant with `id:`",
                    kind.title(),
                    found[0].key,
                    ids.join(", ")
                ));
            }
            ([], Some(id)) => {
                item.blocked.push(format!("`id: {id}` names a {} that is not in this pool", kind.title()));
            }
            ([live], _) if !claimed && !renamed && item.action != Action::Replace => {
                item.id = Some(live.id.clone());
                item.action = Action::Adopt;
                item.cause = Some(match root.map(|root| root.ledger.condition()) {
                    Some(Condition::Lost) if root.is_some_and(|root| root.owned) => Cause::Unknown,
                    _ => Cause::New,
                });
            }
            _ => {}
        }
        if let ([live], [former, ..], false) = (found, before.as_slice(), renamed) {
            item.blocked.push(format!(
                "both {} with this name and {} with the name that it had before, `{}`, are live: delete the one that \
                 is not meant, or take `renamedFrom` out, and the former one is deleted if the stack has made it",
                live.id, former.id, former.key
            ));
        }
        if item.action == Action::Replace {
            item.blocked.extend(self.named_by(child));
        }
        if let Some(doing) = found.first().and_then(|live| live.under_way()) {
            self.notes.push(format!("AWS is still {doing} {}; an apply waits for it", child.address));
            if claimed && item.cause == Some(Cause::Unknown) {
                item.cause = Some(Cause::Interrupted);
            }
        }
        let failed = found.first().is_some_and(|live| live.has_failed());
        if failed && item.action != Action::Replace {
            item.blocked.push(format!(
                "AWS could not set it up; have it deleted and made anew: --replace {}",
                quote(&child.address)
            ));
        }
        let work = Work {
            resource: Some(child.clone()),
            live: revealed,
            digest: self.digest(child),
            pool: Some(pool.address.clone()),
            ..Work::default()
        };
        self.push(item, work);
    }

    /// A live child with what AWS never shows of it, as far as that is remembered.
    fn revealed(&mut self, child: &Resource, root: Option<&Root>, live: &Live) -> Live {
        let mut revealed = live.clone();
        if !hidden::has_part(child.kind) {
            return revealed;
        }
        let remembered = root.filter(|root| root.owned).and_then(|root| root.ledger.hidden(live.kind, &live.key));
        if hidden::reveal(&mut revealed, &self.declared(child), remembered) {
            let at = &child.address;
            self.notes.push(if child.kind == Kind::UiCustomization {
                format!("which image {at} has is not known: AWS never shows it, and what was sent is not remembered; the file's is sent")
            } else {
                format!("the private key of {at} is not compared: AWS never shows it, and what was sent is not remembered")
            });
        }
        revealed
    }

    /// Why a provider or resource server cannot be replaced: the clients that name it.
    fn named_by(&self, child: &Resource) -> Option<String> {
        let names = |client: &&Resource| graph::named(self.stack, client).contains(&child.address);
        let clients: Vec<String> =
            self.stack.resources.iter().filter(names).map(|client| client.address.to_string()).collect();
        (!clients.is_empty())
            .then(|| format!("it cannot be deleted while clients name it: take it out of {} first", clients.join(", ")))
    }

    pub(super) fn delete_child(&mut self, pool: &Path, address: &Path, live: &Live, cause: Option<Cause>) {
        let mut item = Item { cause, ..item(address, Some(live.kind), Action::Delete) };
        item.id = Some(live.id.clone());
        item.warnings.push(what_is_lost(live.kind).to_owned());
        let work = Work { live: Some(live.clone()), pool: Some(pool.clone()), ..Work::default() };
        self.push(item, work);
    }
}

/// What an image that AWS never shows means for a change: of one that is not known nobody knows who
/// made the difference, and one that the file does not have would be lost by any change.
fn judge_image(child: &Resource, live: &Live, item: &mut Item) {
    let image = Path::root().key("imageFile");
    let unknown = live.spec.get("imageFile").is_some_and(|image| image == hidden::UNKNOWN_IMAGE);
    let compared = item.changes.iter().any(|change| change.path == image);
    if unknown && compared && item.cause.is_some() {
        item.cause = Some(Cause::Unknown);
    }
    let lost = live.spec.get("imageFile").is_some() && child.declared.get("imageFile").is_none();
    if lost && !compared && !item.changes.is_empty() {
        item.blocked.push(
            "AWS takes the logo and the CSS together and never gives the logo back, so a change of the CSS alone \
             would lose it: save the logo, declare it as `imageFile`, and take it out of `ignoreChanges`"
                .to_owned(),
        );
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
    facet_address(pool, live)
}

/// What the stack has made for a client, and goes with it.
fn facets_along(root: &Root, client: &Live) -> Vec<&'static str> {
    let made =
        |kind: &Kind| kind.facet_keys().iter().any(|key| root.ledger.has(*kind, &facet_key(Some(&client.key), key)));
    Kind::Client.held().filter(|_| client.kind == Kind::Client).filter(made).map(Kind::title).collect()
}

fn facet_address(holder: &Path, live: &Live) -> Path {
    let section = holder.key(live.kind.section());
    if live.kind.form() == Form::ByKey { section.key(live.own_key()) } else { section }
}

/// A child made by other hands, with what it is like where that was read.
pub(super) fn unmanaged(address: Path, live: &Live) -> UnmanagedChild {
    let properties = if live.body.is_null() {
        Vec::new()
    } else {
        diff::all_of(&beyond_defaults(live.kind, &live.spec), live.kind.schema(), &[])
    };
    UnmanagedChild { address, kind: live.kind, id: live.id.clone(), properties }
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
