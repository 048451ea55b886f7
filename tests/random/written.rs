//! What was written to AWS, held against the plan: each resource that the plan changes is written to
//! as the plan says, and none that it keeps.

use std::collections::BTreeMap;

use poolkeeper::kind::{Form, Kind};
use poolkeeper::live::Live;
use poolkeeper::ownership::APPLIED;
use poolkeeper::path::Path;
use poolkeeper::plan::work::{Planned, Work};
use poolkeeper::plan::{Action, Item};
use poolkeeper::sandbox::Logged;
use poolkeeper::sandbox::model::Service;
use serde_json::{Value, json};

use crate::lab::is_read;
use crate::stack_file::REGION;

/// What a write does to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    Makes,
    Changes,
    Deletes,
    /// Of what is always there and is only ever set: sets it, be it there or not.
    Sets,
    /// Tags in which the ledger is kept: what is in a pool may change them, and what the file says that
    /// is no difference.
    Tags,
}

/// What says which resource a call is about.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    /// A root or a client, by its id, which no other has.
    Id(String),
    /// A root that has no id yet.
    Root(Kind, String),
    /// What is inside a pool, by the pool's id.
    Child(String, Kind, String),
    /// A facet by the pool's id and its client's, and by its own key.
    Facet(String, Kind, Option<String>, String),
    /// That a pool, by its id, may invoke a function.
    Permission(String, String),
}

/// Says of each item of a plan that was carried out which writes it lacks, and of each write that no
/// item has it. `after` is the plan that was made then.
pub(crate) fn compare(planned: &Planned, after: &Planned, calls: &[Logged]) -> Result<(), String> {
    let mut names = BTreeMap::new();
    let items = || planned.plan.items.iter().zip(&planned.work);
    let items_after = || after.plan.items.iter().zip(&after.work);
    let ids = items().chain(items_after());
    let ids = ids.filter_map(|(item, work)| Some((&item.address, work.live.as_ref()?.id.as_str())));
    let ids: BTreeMap<&Path, &str> = ids.collect();
    for (place, (item, work)) in items().enumerate() {
        names.extend(names_of(item, work, &ids, after).into_iter().map(|name| (name, place)));
        // What was made has its id only now. What goes can have the address of what comes.
        let made = items_after().filter(|(made, _)| item.action != Action::Delete && made.address == item.address);
        for (made, work) in made {
            names.extend(names_of(made, work, &ids, after).into_iter().map(|name| (name, place)));
        }
    }
    let mut written: BTreeMap<usize, Vec<Effect>> = BTreeMap::new();
    for call in calls.iter().filter(|call| !is_read(call)) {
        let name = name(call).ok_or_else(|| format!("{} is about nothing known", call.operation))?;
        let place = names.get(&name).ok_or_else(|| format!("{} is about {name:?}, not of the plan", call.operation))?;
        written.entry(*place).or_default().push(effect(call));
    }
    for (place, item) in planned.plan.items.iter().enumerate() {
        let effects = written.remove(&place).unwrap_or_default();
        let has = |effect| effects.contains(&effect);
        let only = |wanted: Effect| !effects.is_empty() && effects.iter().all(|effect| *effect == wanted);
        let right = match item.action {
            Action::Keep | Action::Blocked => {
                let root = item.kind.is_some_and(|kind| kind.parent().is_none());
                effects.is_empty() || (root && only(Effect::Tags))
            }
            Action::Create => (has(Effect::Makes) || only(Effect::Sets)) && !has(Effect::Deletes),
            Action::Update | Action::Adopt => !effects.is_empty() && !has(Effect::Makes) && !has(Effect::Deletes),
            Action::Replace => has(Effect::Makes) && has(Effect::Deletes),
            // A replica that serves is stopped first.
            Action::Delete if item.kind == Some(Kind::Replica) => has(Effect::Deletes) && !has(Effect::Makes),
            Action::Release => only(Effect::Tags) || (planned.work[place].pool.is_some() && effects.is_empty()),
            Action::Delete => only(Effect::Deletes) || (item.with_parent && effects.is_empty()),
        };
        if !right {
            return Err(format!("{:?} {} was written to so: {effects:?}", item.action, item.address));
        }
    }
    Ok(())
}

/// By what calls name the resource of an item.
fn names_of(item: &Item, work: &Work, ids: &BTreeMap<&Path, &str>, after: &Planned) -> Vec<Name> {
    let pool = work.pool.as_ref().and_then(|pool| ids.get(pool)).map(|id| (*id).to_owned());
    match (item.kind, &work.live, pool) {
        (None, _, Some(pool)) => {
            let function = after.known.fill_in(&json!(work.function));
            vec![Name::Permission(pool, function.as_str().unwrap_or_default().to_owned())]
        }
        (Some(kind), Some(live), None) => vec![Name::Id(live.id.clone()), Name::Root(kind, live.key.clone())],
        (Some(kind), Some(live), Some(pool)) if kind.is_facet() => {
            let facet = Name::Facet(pool, kind, live.client.clone(), own_key(live));
            // What is made has an id.
            vec![facet, Name::Id(live.id.clone())]
        }
        (Some(kind), Some(live), Some(pool)) => {
            let child = Name::Child(pool, kind, live.key.clone());
            if kind == Kind::Client { vec![Name::Id(live.id.clone()), child] } else { vec![child] }
        }
        _ => vec![],
    }
}

/// The key of a facet of which there are several.
fn own_key(live: &Live) -> String {
    if live.kind.form() == Form::ByKey { live.own_key().to_owned() } else { String::new() }
}

fn effect(call: &Logged) -> Effect {
    match call.operation.as_str() {
        "TagResource" | "UntagResource" if call.region != REGION => Effect::Changes,
        "TagResource" | "UntagResource" if call.service == Service::UserPools || is_ledger(call) => Effect::Tags,
        "AddPermission" => Effect::Makes,
        "RemovePermission" => Effect::Deletes,
        "AddUserPoolClientSecret" | "DeleteUserPoolClientSecret" => Effect::Changes,
        "SetUICustomization" | "SetRiskConfiguration" | "SetLogDeliveryConfiguration" => {
            let says = |(member, value): (&String, &Value)| {
                !["UserPoolId", "ClientId"].contains(&member.as_str()) && *value != json!([])
            };
            let sets = call.input.as_object().into_iter().flatten().any(says);
            if sets { Effect::Sets } else { Effect::Deletes }
        }
        other if other.starts_with("Create") => Effect::Makes,
        other if other.starts_with("Delete") => Effect::Deletes,
        _ => Effect::Changes,
    }
}

/// Whether a call writes no tags but the ledger's.
fn is_ledger(call: &Logged) -> bool {
    let tags = call.input.get("Tags").and_then(Value::as_object).into_iter().flatten().map(|(tag, _)| tag.as_str());
    let removed = call.input.get("TagKeys").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    tags.chain(removed).all(|tag| tag.starts_with(APPLIED))
}

/// What a call is about.
fn name(call: &Logged) -> Option<Name> {
    let text = |member: &str| call.input.get(member).and_then(Value::as_str).map(str::to_owned);
    let child = |kind, member: &str| Some(Name::Child(text("UserPoolId")?, kind, text(member)?));
    let tagged = || Some(text("ResourceArn")?.rsplit_once('/')?.1.to_owned());
    // The pool's own may be said to be of all clients.
    let client = || text("ClientId").filter(|id| id != "ALL");
    let facet = |kind| Some(Name::Facet(text("UserPoolId")?, kind, client(), String::new()));
    match (call.service, call.operation.as_str()) {
        (Service::UserPools, "CreateUserPool") => Some(Name::Root(Kind::UserPool, text("PoolName")?)),
        (Service::UserPools, "CreateUserPoolClient") => child(Kind::Client, "ClientName"),
        (Service::UserPools, operation) if operation.contains("UserPoolClient") => Some(Name::Id(text("ClientId")?)),
        (Service::UserPools, operation) if operation.contains("UserPoolDomain") => child(Kind::Domain, "Domain"),
        (Service::UserPools, operation) if operation.contains("IdentityProvider") => {
            child(Kind::IdentityProvider, "ProviderName")
        }
        (Service::UserPools, operation) if operation.contains("ResourceServer") => {
            child(Kind::ResourceServer, "Identifier")
        }
        (Service::UserPools, operation) if operation.contains("Group") => child(Kind::Group, "GroupName"),
        (Service::UserPools, "SetUICustomization") => facet(Kind::UiCustomization),
        (Service::UserPools, "SetRiskConfiguration") => facet(Kind::RiskConfiguration),
        (Service::UserPools, "SetLogDeliveryConfiguration") => facet(Kind::LogConfigurations),
        (Service::UserPools, "CreateManagedLoginBranding") => facet(Kind::ManagedLoginBranding),
        (Service::UserPools, "UpdateManagedLoginBranding" | "DeleteManagedLoginBranding") => {
            text("ManagedLoginBrandingId").map(Name::Id)
        }
        (Service::UserPools, "CreateTerms") => {
            Some(Name::Facet(text("UserPoolId")?, Kind::Terms, text("ClientId"), text("TermsName")?))
        }
        (Service::UserPools, "UpdateTerms" | "DeleteTerms") => text("TermsId").map(Name::Id),
        (Service::UserPools, operation) if operation.contains("UserPoolReplica") => {
            Some(Name::Facet(text("UserPoolId")?, Kind::Replica, None, text("RegionName")?))
        }
        // In another region the pool is a replica.
        (Service::UserPools, _) if call.region != REGION => {
            let pool = text("UserPoolId").or_else(tagged)?;
            Some(Name::Facet(pool, Kind::Replica, None, call.region.clone()))
        }
        (Service::UserPools, _) => text("UserPoolId").or_else(tagged).map(Name::Id),
        (Service::IdentityPools, "CreateIdentityPool") => {
            Some(Name::Root(Kind::IdentityPool, text("IdentityPoolName")?))
        }
        (Service::IdentityPools, _) => text("IdentityPoolId").or_else(tagged).map(Name::Id),
        (Service::Lambda, "AddPermission" | "RemovePermission") => {
            let pool = text("StatementId")?.strip_prefix("poolkeeper-")?.to_owned();
            let qualifier = text("Qualifier").map(|qualifier| format!(":{qualifier}")).unwrap_or_default();
            Some(Name::Permission(pool, format!("{}{qualifier}", text("FunctionName")?)))
        }
        (Service::Lambda, _) => {
            let name = text("FunctionName").or_else(|| text("Resource"))?;
            Some(Name::Root(Kind::Function, name.rsplit_once(':').map_or(name.as_str(), |(_, name)| name).to_owned()))
        }
        _ => None,
    }
}
