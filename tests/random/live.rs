//! A stack as it is once it was applied, made up without AWS: what is live is what the file says,
//! with ids in place of references. Good for what the planner does with it; what AWS itself makes
//! of a stack is not known here.

use std::collections::BTreeMap;

use poolkeeper::kind::user_pool::{manages_permissions, trigger_arns};
use poolkeeper::kind::{Kind, files};
use poolkeeper::live::{Live, Permission, Place, Root, Snapshot, attributes};
use poolkeeper::ownership::{APPLIED, Claimed, Ledger, hidden, users_tags};
use poolkeeper::path::Path;
use poolkeeper::plan::build::build;
use poolkeeper::plan::known::Known;
use poolkeeper::plan::ledger::{SoFar, wanted};
use poolkeeper::plan::work::Options;
use poolkeeper::stack::{Resource, Stack};
use serde_json::{Value, json};

use crate::stack_file::{ACCOUNT, REGION};

/// Where the stacks live.
pub(crate) fn place() -> Place {
    Place { region: REGION.to_owned(), account: ACCOUNT.to_owned(), partition: "aws".to_owned() }
}

/// Nothing is live.
pub(crate) fn nothing(stack: &Stack) -> Snapshot {
    Snapshot { hashes: hashes(stack), ..Snapshot::default() }
}

/// What is read for `next` where `stack` was applied.
pub(crate) fn applied(stack: &Stack, next: &Stack) -> Snapshot {
    let mut snapshot = nothing(next);
    for (address, root) in roots(stack) {
        match next.resource(&address) {
            Some(_) => drop(snapshot.roots.insert(address, root)),
            None => snapshot.removed.push((address, root)),
        }
    }
    snapshot
}

/// The hashes of the files that a stack names, by the paths of the properties that name them.
fn hashes(stack: &Stack) -> BTreeMap<Path, String> {
    let mut hashes = BTreeMap::new();
    for resource in &stack.resources {
        for (property, file) in files::named(resource.kind, &resource.declared) {
            let file = files::read(resource.kind, &stack.folder.join(file)).expect("a file");
            hashes.insert(resource.base().join(&property), file.sha256);
        }
    }
    hashes
}

fn roots(stack: &Stack) -> BTreeMap<Path, Root> {
    // First who is who, then what all say of each other.
    let mut snapshot = Snapshot::default();
    for resource in stack.resources.iter().filter(|resource| resource.parent.is_none()) {
        let inside: Vec<&Resource> = stack.inside(&resource.address).collect();
        let mut ledger = Ledger::default();
        for child in &inside {
            ledger.claim(Claimed::Child(child.kind, child.natural_key()));
        }
        let root = Root {
            live: listed(resource),
            owned: true,
            children: inside.into_iter().map(listed).collect(),
            ledger,
            permissions: BTreeMap::new(),
        };
        snapshot.roots.insert(resource.address.clone(), root);
    }
    let known = Known::from_live(stack, &snapshot, &place(), &[]);
    let hashes = hashes(stack);
    for (address, root) in &mut snapshot.roots {
        let resource = stack.resource(address).expect("a resource");
        root.live.spec = spec(resource, &known, &hashes);
        for (child, live) in stack.inside(address).zip(&mut root.children) {
            live.spec = spec(child, &known, &hashes);
        }
        if resource.kind == Kind::UserPool && manages_permissions(&resource.declared) {
            let functions = root.live.spec.get("triggers").map(trigger_arns).unwrap_or_default();
            let allowed = Permission { allowed: true, ours: true };
            root.permissions = functions.into_iter().map(|function| (function, allowed)).collect();
        }
    }
    remember(stack, snapshot)
}

/// The roots with what was applied in their ledgers.
fn remember(stack: &Stack, mut snapshot: Snapshot) -> BTreeMap<Path, Root> {
    snapshot.hashes = hashes(stack);
    let planned = build(stack, &snapshot, &place(), &Options::default());
    let digest = |number: usize| planned.work[number].digest.clone();
    let hashes = snapshot.hashes.clone();
    let hidden = |number: usize| {
        let resource = planned.work[number].resource.as_ref()?;
        hidden::digest(resource.kind, &with_hashes(resource, planned.known.fill_in(&resource.declared), &hashes))
    };
    let so_far = SoFar { digest: &digest, hidden: &hidden, is_gone: &|_, _| false, function: &str::to_owned };
    for (number, item) in planned.plan.items.iter().enumerate() {
        if let Some(root) = snapshot.roots.get_mut(&item.address) {
            let users = stack.resource(&item.address).map_or(0, |resource| users_tags(&resource.declared).len());
            root.ledger = wanted(stack, &planned, number, &root.ledger, users, &so_far);
            root.live.tags.retain(|tag, _| !tag.starts_with(APPLIED));
            root.live.tags.extend(root.ledger.tags());
        }
    }
    snapshot.roots
}

/// A resource with its id and its attributes.
fn listed(resource: &Resource) -> Live {
    let name = resource.declared.get("name").and_then(Value::as_str).unwrap_or(&resource.key);
    let plain = id_of(&resource.address);
    let (key, id) = match resource.kind {
        Kind::Function => (name, format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}")),
        Kind::UserPool => (name, format!("{REGION}_{plain}")),
        Kind::IdentityPool => (name, format!("{REGION}:{plain}")),
        Kind::Client => (resource.natural_key(), plain),
        _ => (resource.natural_key(), resource.key.clone()),
    };
    let mut live = Live::listed(resource.kind, key, &id);
    live.client = resource.client().map(|client| id_of(&client));
    live.body = body(resource, &id);
    live.spec = json!({"issuerConfiguration": resource.declared.get("issuerConfiguration")});
    live.attributes = attributes(&live, &place());
    live
}

/// The id of a client, and what is in those of roots.
fn id_of(address: &Path) -> String {
    address.to_string().chars().filter(char::is_ascii_alphanumeric).collect()
}

/// What is looked up in what AWS answered.
fn body(resource: &Resource, id: &str) -> Value {
    let declared = &resource.declared;
    match resource.kind {
        Kind::UserPool => json!({
            "Arn": format!("arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{id}"),
            "DeletionProtection": declared.get("deletionProtection").unwrap_or(&json!("INACTIVE")),
        }),
        Kind::Client if declared.get("generateSecret") == Some(&json!(true)) => json!({"ClientSecret": "made-by-aws"}),
        Kind::Client => match declared.get("clientSecret") {
            Some(secret) => json!({"ClientSecret": secret}),
            None => json!({}),
        },
        _ => json!({}),
    }
}

/// A declared value with hashes in place of the paths of files.
fn with_hashes(resource: &Resource, declared: Value, hashes: &BTreeMap<Path, String>) -> Value {
    let hash = |property: &Path| hashes.get(&resource.base().join(property)).map(String::as_str);
    files::with_hashes(resource.kind, declared, &hash)
}

fn spec(resource: &Resource, known: &Known, hashes: &BTreeMap<Path, String>) -> Value {
    let declared = with_hashes(resource, known.fill_in(&resource.declared), hashes);
    let mut spec = resource.kind.canonical(&declared).expect("a spec");
    // AWS tells the secret that it made.
    if resource.kind == Kind::Client && declared.get("generateSecret") == Some(&json!(true)) {
        spec["clientSecret"] = json!("made-by-aws");
    }
    spec
}
