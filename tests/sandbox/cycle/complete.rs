//! Each property that the published schema names has its row, or a reason why it has none.

use std::collections::BTreeSet;

use poolkeeper::path::{Path, Segment};
use poolkeeper::stack::schema::published;
use poolkeeper::stack::shape::{branches, item, own_child, property_names};
use serde_json::Value;

use super::row::Table;
use super::{
    client, domain, function, group, identity_pool, identity_provider, log_configurations, managed_login_branding,
    replica, resource_server, risk_configuration, terms, ui_customization, user_pool, user_pool_messages,
    user_pool_sign_in,
};

/// What is not changed alone, and why.
const NOT_ALONE: &[(&str, &str)] = &[
    ("functions.*.id", "it says which resource is meant, and is nothing that AWS keeps"),
    ("userPools.*.id", "as above"),
    ("userPools.*.clients.*.id", "as above"),
    ("identityPools.*.id", "as above"),
    ("functions.*.renamedFrom", "it says which one was meant before: `renamed` has it"),
    ("userPools.*.renamedFrom", "as above"),
    ("userPools.*.clients.*.renamedFrom", "as above"),
    ("identityPools.*.renamedFrom", "as above"),
    ("functions.*.ignoreChanges", "it says how others are compared: `together` has it"),
    ("userPools.*.ignoreChanges", "as above"),
    ("identityPools.*.ignoreChanges", "as above"),
    ("userPools.*.unmanaged", "it says what is told of others: `together` has it"),
    ("userPools.*.triggerPermissions", "it changes functions and not the pool: `together` has it"),
    ("functions.*.code", "its value is a folder, and what AWS keeps of it a hash: `together` has it"),
    ("userPools.*.triggers.customSmsSender.lambdaVersion", "it has one value"),
    ("userPools.*.triggers.customEmailSender.lambdaVersion", "it has one value"),
    ("userPools.*.triggers.inboundFederation.lambdaVersion", "it has one value"),
    ("userPools.*.triggers.preTokenGeneration", "another way to write preTokenGenerationConfig: `together` has it"),
    ("userPools.*.replicas.*.triggers.customSmsSender.lambdaVersion", "as above"),
    ("userPools.*.replicas.*.triggers.customEmailSender.lambdaVersion", "as above"),
    ("userPools.*.replicas.*.triggers.inboundFederation.lambdaVersion", "as above"),
    ("userPools.*.replicas.*.triggers.preTokenGeneration", "another way to write preTokenGenerationConfig"),
    ("userPools.*.replicas.*.smsConfiguration.snsRegion", "one region is allowed to a replica in us-west-2"),
    ("userPools.*.replicas.*.smsConfiguration.eumsSms.region", "the replica's own region is the only one"),
    ("userPools.*.clients.*.terms.*.termsSource", "it has one value"),
    ("userPools.*.clients.*.terms.*.enforcement", "as above"),
    (
        "userPools.*.clients.*.managedLoginBranding.useCognitoProvidedValues",
        "it excludes `settings`: `facets` has the ways between the two",
    ),
    ("userPools.*.smsConfiguration.snsRegion", "one region is allowed to a pool in us-east-1"),
    ("userPools.*.smsConfiguration.eumsSms.region", "the pool's own region is the only one"),
    ("userPools.*.smsMfaConfiguration.smsConfiguration.snsRegion", "one region is allowed"),
    ("userPools.*.smsMfaConfiguration.smsConfiguration.eumsSms.region", "the pool's own region is the only one"),
    ("userPools.*.identityProviders.*.providerDetails.RequestSigningAlgorithm", "it has one value: `together` has it"),
    ("userPools.*.identityProviders.*.providerType", "each type has details of its own: `together` has it"),
    (
        "userPools.*.identityProviders.*.providerDetails.attributes_url_add_attributes",
        "AWS computes it, and keeps no other",
    ),
    ("userPools.*.identityProviders.*.providerDetails.token_request_method", "AWS computes it, and keeps no other"),
    (
        "userPools.*.domains.*.routing.failover.secondaryRegion",
        "a pool has one replica, and the domain fails over to that",
    ),
    ("userPools.*.clients.*.name", "it is what the client is known by: `client` has it with `id`"),
    ("identityPools.*.cognitoIdentityProviders[].providerName", "no client is in two pools: `clientId` has both"),
    ("identityPools.*.roleMappings.*.type", "each type has other properties: `together` has it"),
    ("identityPools.*.principalTags.*.useDefaults", "it excludes tags of one's own: `together` has it"),
    ("userPools.*.identityProviders.*.providerDetails.*", "each name that AWS takes has a row"),
];

/// All leaves that a schema names below `at`.
fn leaves(schema: &Value, at: &str, found: &mut BTreeSet<String>) {
    let before = found.len();
    let mut inner = false;
    let names = property_names(schema);
    for name in names {
        if let Some(property) = property(schema, name) {
            inner = true;
            leaves(property, &format!("{at}.{name}"), found);
        }
    }
    if let Some(rest) = rest(schema) {
        inner = true;
        leaves(rest, &format!("{at}.*"), found);
    }
    if let Some(items) = item(schema).filter(|items| !property_names(items).is_empty()) {
        inner = true;
        leaves(items, &format!("{at}[]"), found);
    }
    if !inner || found.len() == before {
        found.insert(at.to_owned());
    }
}

fn property<'a>(schema: &'a Value, name: &str) -> Option<&'a Value> {
    let named = |schema: &'a Value| schema.get("properties").and_then(|properties| properties.get(name));
    named(schema).or_else(|| branches(schema).find_map(named)).or_else(|| own_child(schema, name))
}

fn rest(schema: &Value) -> Option<&Value> {
    schema.get("additionalProperties").filter(|rest| rest.is_object()).or_else(|| branches(schema).find_map(rest))
}

/// A path with stars for the keys that are the user's.
fn general(path: &Path, leaves: &BTreeSet<String>) -> String {
    let mut found = String::new();
    for segment in path.segments() {
        match segment {
            Segment::Index(_) => found.push_str("[]"),
            Segment::Key(key) => {
                let inside = |name: &str| {
                    let dot = if found.is_empty() { "" } else { "." };
                    format!("{found}{dot}{name}")
                };
                let leads = |head: &String| {
                    leaves.iter().any(|leaf| {
                        leaf.strip_prefix(head.as_str())
                            .is_some_and(|tail| tail.is_empty() || tail.starts_with(['.', '[']))
                    })
                };
                let own = inside(key);
                found = if leads(&own) { own } else { inside("*") };
            }
        }
    }
    found
}

fn tables() -> Vec<Table> {
    vec![
        user_pool::table(),
        user_pool_messages::table(),
        user_pool_sign_in::table(),
        client::table(),
        risk_configuration::table(risk_configuration::OF_POOL),
        risk_configuration::table(risk_configuration::OF_CLIENT),
        ui_customization::table(ui_customization::OF_POOL),
        ui_customization::table(ui_customization::OF_CLIENT),
        log_configurations::table(),
        managed_login_branding::table(),
        terms::table(),
        replica::table(),
        domain::table(),
        identity_provider::table(),
        resource_server::table(),
        group::table(),
        identity_pool::table(),
        function::table(),
    ]
}

#[test]
fn every_property_has_a_row() {
    let schema = published();
    let mut wanted = BTreeSet::new();
    for section in ["functions", "userPools", "identityPools"] {
        leaves(&schema["properties"][section], section, &mut wanted);
    }
    assert!(wanted.len() > 150, "the schema is read: {wanted:#?}");
    let mut found = BTreeSet::new();
    for table in tables() {
        for row in &table.rows {
            for path in row.covers.iter().chain([&row.path]) {
                let path: Path = path.parse().expect("a path");
                found.insert(general(&table.base(row).join(&path), &wanted));
            }
        }
    }
    for (path, why) in NOT_ALONE {
        assert!(wanted.contains(*path), "{path} is no more ({why})");
        assert!(!found.contains(*path), "{path} has a row, so it needs no reason");
    }
    // A row of a whole list or map is a row of what is in it too, where only the whole is ever changed.
    let excused = |path: &String| NOT_ALONE.iter().any(|(own, _)| own == path);
    let missing: Vec<&String> = wanted.difference(&found).filter(|path| !excused(path)).collect();
    let unknown: Vec<&String> = found.difference(&wanted).filter(|path| !path.ends_with(['*', ']'])).collect();
    assert!(missing.is_empty(), "{} have no row:\n{missing:#?}\n{unknown:#?}", missing.len());
}
