//! From one stack to another to which AWS allows to go. What AWS lets nobody change stays as it
//! was, the rest may be anything; where something has to be named on the command line, it is.

use std::collections::BTreeMap;

use poolkeeper::path::Path;
use poolkeeper::plan::work::Options;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::generate;
use crate::settle::{self, each, keys, settle, take};
use crate::stack_file::{StackFile, entries};

mod facets;

/// What a pool is made with, for good.
pub(crate) const CREATE_ONLY: [&str; 3] = ["usernameAttributes", "aliasAttributes", "usernameConfiguration"];

/// A stack that follows another, with what has to be allowed on the command line.
#[derive(Debug, Clone)]
pub(crate) struct Next {
    /// The stack.
    pub(crate) stack: StackFile,
    /// `--replace` and `--allow-delete`, with all addresses that need it and no other.
    pub(crate) options: Options,
}

/// The properties that hold resources by key.
const SECTIONS: [&str; 10] = [
    "functions",
    "userPools",
    "identityPools",
    "domains",
    "identityProviders",
    "resourceServers",
    "groups",
    "clients",
    "terms",
    "replicas",
];

/// The properties that are a resource.
const ALONE: [&str; 3] = ["uiCustomization", "riskConfiguration", "managedLoginBranding"];

/// A stack to which AWS allows to go from `first`. It shrinks towards `first` itself.
pub(crate) fn next(first: &StackFile) -> impl Strategy<Value = Next> + use<> {
    let first = first.clone();
    let coins = proptest::collection::vec(any::<bool>(), 32);
    let how = prop_oneof![coins, Just(vec![true])];
    (generate::stack(), how, any::<bool>()).prop_map(move |(other, coins, replace)| {
        let mut mixed = first.0.clone();
        mix(&mut mixed, &other.0, &mut coins.into_iter().cycle(), 1);
        let stack = StackFile(allowed(&first.0, mixed, replace));
        let options = options(&first, &stack);
        Next { stack, options }
    })
}

/// What is taken from another stack as one: the parts of it only make sense together.
fn group(property: &str) -> &str {
    match property {
        "accessTokenValidity" | "idTokenValidity" | "refreshTokenValidity" | "tokenValidityUnits" => "validities",
        "generateSecret" | "clientSecret" => "secret",
        "providerType" | "providerDetails" | "acrMapping" => "provider",
        "useCognitoProvidedValues" | "settings" => "look",
        other => other,
    }
}

/// Takes what the coins say from another stack: whole resources' properties, with the sections and
/// their resources being `depth` objects deep.
fn mix(value: &mut Value, other: &Value, coins: &mut impl Iterator<Item = bool>, depth: usize) {
    let (Value::Object(into), Value::Object(from)) = (value, other) else { return };
    let mut keys: Vec<String> = into.keys().cloned().collect();
    keys.extend(from.keys().filter(|key| !into.contains_key(*key)).cloned());
    let mut thrown: BTreeMap<String, bool> = BTreeMap::new();
    for key in keys {
        // Sections hold resources, and resources properties, some of which are sections.
        let opens = depth.is_multiple_of(2) || SECTIONS.contains(&key.as_str());
        let both = [into.get(&key), from.get(&key)].iter().all(|side| side.is_some_and(Value::is_object));
        if both && ALONE.contains(&key.as_str()) {
            mix(&mut into[&key], &from[&key], coins, 1);
        } else if opens && both {
            mix(&mut into[&key], &from[&key], coins, depth + 1);
        } else if *thrown.entry(group(&key).to_owned()).or_insert_with(|| coins.next() == Some(true)) {
            match from.get(&key) {
                Some(value) => drop(into.insert(key, value.clone())),
                None => drop(into.shift_remove(&key)),
            }
        }
    }
}

/// Brings back what AWS does not let go, and settles the rest.
fn allowed(first: &Value, mut stack: Value, replace: bool) -> Value {
    for (key, before) in entries(first.get("functions")) {
        if let Some(function) = stack.pointer_mut(&format!("/functions/{key}")) {
            keep(function, &before, "name");
        }
    }
    for (key, before) in entries(first.get("identityPools")) {
        if before.get("developerProviderName").is_some()
            && let Some(pool) = stack.pointer_mut(&format!("/identityPools/{key}"))
        {
            keep(pool, &before, "developerProviderName");
        }
    }
    for (key, before) in entries(first.get("userPools")) {
        // What is protected is not deleted in one go.
        if before.get("deletionProtection") == Some(&json!("ACTIVE")) && stack["userPools"].get(&key).is_none() {
            stack["userPools"][&key] = before.clone();
        }
        if let Some(pool) = stack["userPools"].get_mut(&key) {
            keep_pool(pool, &before, replace);
        }
    }
    settle(stack)
}

/// Makes a property what it was, be it absent.
pub(crate) fn keep(value: &mut Value, before: &Value, property: &str) {
    match before.get(property) {
        Some(before) => value[property] = before.clone(),
        None => drop(take(value, property)),
    }
}

fn keep_pool(pool: &mut Value, before: &Value, replace: bool) {
    for property in CREATE_ONLY {
        keep(pool, before, property);
    }
    schema(pool, before);
    for (key, before) in entries(before.get("groups")) {
        let Some(group) = pool.pointer_mut("/groups").and_then(|groups| groups.get_mut(&key)) else { continue };
        // A group is only made anew for what cannot be cleared.
        for (property, value) in entries(Some(&before)).into_iter().filter(|_| !replace) {
            group.as_object_mut().expect("a group").entry(property).or_insert(value);
        }
    }
    for (key, before) in entries(before.get("identityProviders")) {
        let Some(after) = pool.pointer("/identityProviders").and_then(|providers| providers.get(&key)) else {
            continue;
        };
        if provider_type(&key, after) == provider_type(&key, &before) {
            continue;
        }
        if replace {
            // It can only be made anew while no client names it.
            let reference = format!("{key}.name}}");
            for client in each(pool, "clients") {
                settle::retain(client, "/supportedIdentityProviders", |text| text != key && !refers(text, &reference));
            }
        } else {
            pool["identityProviders"][&key] = before;
        }
    }
    for (key, before) in entries(before.get("clients")) {
        let name = natural_key(&key, &before);
        let Some(clients) = pool.get_mut("clients").and_then(Value::as_object_mut) else { continue };
        let same = clients.iter_mut().find(|(key, client)| natural_key(key, client) == name);
        if let Some((_, client)) = same.filter(|(_, client)| !replace && is_other_secret(&before, client)) {
            keep(client, &before, "generateSecret");
            keep(client, &before, "clientSecret");
        }
    }
    facets::allowed(pool, before, replace);
}

/// Whether a text names a provider by a reference that ends like this, its key in brackets or not.
fn refers(text: &str, end: &str) -> bool {
    let plain = text.replace("[\"", ".").replace("\"]", "");
    plain.ends_with(&format!(".{end}"))
}

/// The attributes that were there as they were, and more custom ones.
fn schema(pool: &mut Value, before: &Value) {
    let list = |pool: &Value| pool.get("schema").and_then(Value::as_array).cloned().unwrap_or_default();
    let name = |attribute: &Value| attribute.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let (old, new) = (list(before), list(pool));
    let is_new = |attribute: &&Value| {
        name(attribute).starts_with("custom:") && !old.iter().any(|old| name(old) == name(attribute))
    };
    let all: Vec<Value> = old.iter().chain(new.iter().filter(is_new)).cloned().collect();
    if all.is_empty() {
        take(pool, "schema");
    } else {
        pool["schema"] = json!(all);
    }
}

/// A provider's type, which may stand in its key alone.
pub(crate) fn provider_type(key: &str, provider: &Value) -> String {
    provider.get("providerType").and_then(Value::as_str).unwrap_or(key).to_owned()
}

/// A client's name.
pub(crate) fn natural_key(key: &str, client: &Value) -> String {
    client.get("name").and_then(Value::as_str).unwrap_or(key).to_owned()
}

/// Whether a client would need another secret, or one where it has none, or none.
fn is_other_secret(before: &Value, after: &Value) -> bool {
    let own = after.get("clientSecret");
    settle::client::has_secret(before) != settle::client::has_secret(after)
        || (own.is_some() && before.get("clientSecret") != own)
}

/// What has to be allowed on the command line to go from one stack to the other.
fn options(first: &StackFile, stack: &StackFile) -> Options {
    let mut options = Options::default();
    for section in ["userPools", "identityPools"] {
        let gone = keys(&first.0, section).into_iter().map(|key| Path::root().key(section).key(key));
        options.allow_delete.extend(gone.filter(|address| stack.at(address).is_none()));
    }
    for (pool, after) in entries(stack.0.get("userPools")) {
        let pool = Path::root().key("userPools").key(pool);
        let Some(before) = first.at(&pool) else { continue };
        for section in ["groups", "identityProviders", "clients"] {
            for (key, after) in entries(after.get(section)) {
                let before = entries(before.get(section)).into_iter().find(|(other, child)| match section {
                    "clients" => natural_key(other, child) == natural_key(&key, &after),
                    _ => *other == key,
                });
                let needs_it = before.as_ref().is_some_and(|(_, before)| match section {
                    "groups" => entries(Some(before)).iter().any(|(property, _)| after.get(property).is_none()),
                    "identityProviders" => provider_type(&key, before) != provider_type(&key, &after),
                    _ => is_other_secret(before, &after),
                });
                let address = pool.key(section).key(key);
                let style = before.as_ref().filter(|_| !needs_it && section == "clients");
                if style.is_some_and(|(_, before)| facets::loses(before, &after)) {
                    options.replace.push(address.key("managedLoginBranding"));
                }
                if needs_it {
                    options.replace.push(address);
                }
            }
        }
    }
    options
}
