//! What goes: whole roots, by `destroy` or since they were taken out of the file.

use super::children::{child_address, made_by_aws, unmanaged};
use super::{Builder, item};
use crate::kind::Kind;
use crate::kind::user_pool::trigger_arns;
use crate::live::Root;
use crate::path::Path;
use crate::plan::reasons::{quote, what_is_lost};
use crate::plan::work::Work;
use crate::plan::{Action, Cause, Item};
use crate::stack::Resource;

impl Builder<'_> {
    pub(super) fn destroy_root(&mut self, resource: &Resource) {
        match self.snapshot.roots.get(&resource.address) {
            Some(root) if root.owned => self.delete_root(&resource.address, root, Some(resource)),
            Some(root) => {
                self.notes.push(format!("{} ({}) is not this stack's own, and stays", resource.address, root.live.id));
            }
            None => {}
        }
    }

    /// A root that was removed from the file, and stays with all that is inside it.
    pub(super) fn release_root(&mut self, address: &Path, root: &Root) {
        let live = &root.live;
        let mut item = Item { cause: Some(Cause::Removed), ..item(address, Some(live.kind), Action::Release) };
        item.id = Some(live.id.clone());
        let functions = live.spec.get("triggers").map(trigger_arns).unwrap_or_default();
        let gone = self.snapshot.removed.iter().filter(|(at, other)| {
            !self.options.keep.contains(at) && functions.iter().any(|function| function.starts_with(&other.live.id))
        });
        let gone: Vec<String> = gone.map(|(at, _)| at.to_string()).collect();
        if !gone.is_empty() {
            item.warnings.push(format!("its triggers name what is deleted: {}", gone.join(", ")));
        }
        self.push(item, Work { live: Some(live.clone()), owned: true, ..Work::default() });
    }

    /// A root that goes, and what goes with it.
    pub(super) fn delete_root(&mut self, address: &Path, root: &Root, resource: Option<&Resource>) {
        let live = &root.live;
        let cause = resource.is_none().then_some(Cause::Removed);
        let mut item = Item { cause, ..item(address, Some(live.kind), Action::Delete) };
        item.id = Some(live.id.clone());
        let named = self.options.allow_delete.contains(address);
        match live.kind {
            Kind::UserPool => {
                let users = live.users();
                let people = if users == 1 { "user" } else { "users" };
                item.warnings
                    .push(format!("{users} {people} (AWS's estimate) and everything in the pool are lost for good"));
                if live.text("DeletionProtection") == Some("ACTIVE") {
                    item.blocked.push(
                        "its deletion protection is on; turn it off with an apply of `deletionProtection: INACTIVE` first".to_owned(),
                    );
                }
            }
            Kind::IdentityPool => item.warnings.push(what_is_lost(Kind::IdentityPool).to_owned()),
            _ => {}
        }
        if !named && matches!(live.kind, Kind::UserPool | Kind::IdentityPool) {
            let name = quote(address);
            let otherwise = match resource {
                Some(_) => String::new(),
                None => format!(
                    "; if it has another key in the file now, write `renamedFrom: {address}` there; --keep {name} lets it go as it is"
                ),
            };
            item.blocked.push(format!("it is only deleted when you name it: --allow-delete {name}{otherwise}"));
        }
        self.push(item, Work { live: Some(live.clone()), owned: true, ..Work::default() });
        for (function, permission) in &root.permissions {
            // The statement goes with a function that goes too.
            let goes = self.snapshot.roots.values().any(|other| other.owned && other.live.id == *function);
            if permission.ours && !(goes && resource.is_some()) {
                self.remove_permission(address, function, cause);
            }
        }
        for child in &root.children {
            let at = child_address(address, child);
            // These keep the pool from being deleted.
            let holds = matches!(child.kind, Kind::Domain | Kind::Replica);
            if holds || root.ledger.has(child.kind, &child.key) {
                self.delete_child(address, &at, child, cause);
                if let Some((item, _)) = self.items.last_mut() {
                    item.with_parent = !holds;
                    item.warnings.clear();
                }
            } else if !made_by_aws(child, root) {
                self.unmanaged.push(unmanaged(at, child));
            }
        }
    }
}
