//! No member of the API is forgotten. For each kind, every member of what its create and update
//! operations take, nested ones included, is a property of its spec, or stands in the list of what
//! is left out on purpose, with the reason. An SDK that brings a new one fails this by its name. The
//! same holds for the values of members that have a few, such as the versions of a trigger, by the
//! API's model that the sandbox has.

use std::collections::BTreeSet;

use poolkeeper::aws::Operation;
use poolkeeper::aws::shape::Shape;
use poolkeeper::kind::Kind;
use serde_json::Value;

/// What each kind's operations take that is no property, and why.
const LEFT_OUT: &[(Kind, &str, &str)] = &[
    (Kind::UserPool, "UserPoolId", "names the pool"),
    (
        Kind::UserPool,
        "AdminCreateUserConfig.UnusedAccountValidityDays",
        "deprecated: mirrors the temporary password's validity, and is refused beside it",
    ),
    (Kind::UserPool, "SmsVerificationMessage", "legacy: mirrors `verificationMessageTemplate.smsMessage`"),
    (Kind::UserPool, "EmailVerificationMessage", "legacy: mirrors `verificationMessageTemplate.emailMessage`"),
    (Kind::UserPool, "EmailVerificationSubject", "legacy: mirrors `verificationMessageTemplate.emailSubject`"),
    (Kind::Client, "UserPoolId", "names the pool"),
    (Kind::Client, "ClientId", "names the client"),
    (Kind::IdentityProvider, "UserPoolId", "names the pool"),
    (Kind::IdentityProvider, "ProviderName", "the key in the file"),
    (Kind::ResourceServer, "UserPoolId", "names the pool"),
    (Kind::ResourceServer, "Identifier", "the key in the file"),
    (Kind::Group, "UserPoolId", "names the pool"),
    (Kind::Group, "GroupName", "the key in the file"),
    (Kind::Domain, "UserPoolId", "names the pool"),
    (Kind::Domain, "Domain", "the key in the file"),
    (Kind::IdentityPool, "IdentityPoolId", "names the identity pool"),
    (Kind::IdentityPool, "IdentityProviderName", "the key of `principalTags`"),
    // `SetPrincipalTagAttributeMap` is one entry of the map `principalTags`.
    (Kind::IdentityPool, "UseDefaults", "in the entries of `principalTags`"),
    (Kind::UiCustomization, "UserPoolId", "names the pool"),
    (Kind::UiCustomization, "ClientId", "names the client that it stands in"),
    (Kind::RiskConfiguration, "UserPoolId", "names the pool"),
    (Kind::RiskConfiguration, "ClientId", "names the client that it stands in"),
    (Kind::LogConfigurations, "UserPoolId", "names the pool"),
    (Kind::ManagedLoginBranding, "UserPoolId", "names the pool"),
    (Kind::ManagedLoginBranding, "ClientId", "names the client that it stands in"),
    (Kind::ManagedLoginBranding, "ManagedLoginBrandingId", "names the style"),
    (Kind::Terms, "UserPoolId", "names the pool"),
    (Kind::Terms, "ClientId", "names the client that it stands in"),
    (Kind::Terms, "TermsId", "names the document"),
    (Kind::Terms, "TermsName", "the key in the file"),
    (Kind::Replica, "UserPoolId", "names the pool"),
    (Kind::Replica, "RegionName", "the key in the file"),
];

/// The operations that set something and that no kind has, and why: what they set is no setting of a stack, or the
/// whole of it is set by another.
const NOT_CALLED: &[(&str, &str)] = &[
    ("AddCustomAttributes", "adds what is in `schema`: `CreateUserPool` has all of it"),
    ("AddUserPoolClientSecret", "a secret more while the old one is in use: none of them is in a stack file"),
    ("AdminCreateUser", "users"),
    ("AdminAddUserToGroup", "users"),
    ("AdminSetUserMFAPreference", "users"),
    ("AdminSetUserPassword", "users"),
    ("AdminSetUserSettings", "users, and deprecated"),
    ("AdminUpdateAuthEventFeedback", "users"),
    ("AdminUpdateDeviceStatus", "users"),
    ("AdminUpdateUserAttributes", "users"),
    ("CreateUserImportJob", "jobs that import users"),
    ("SetUserMFAPreference", "users"),
    ("SetUserSettings", "users, and deprecated"),
    ("UpdateAuthEventFeedback", "users"),
    ("UpdateDeviceStatus", "users"),
    ("UpdateUserAttributes", "users"),
    ("UpdateProvisionedLimit", "limits of the account, which are paid for"),
];

fn operations(kind: Kind) -> &'static [Operation] {
    match kind {
        Kind::UserPool => &[Operation::CreateUserPool, Operation::UpdateUserPool, Operation::SetUserPoolMfaConfig],
        Kind::Client => &[Operation::CreateUserPoolClient, Operation::UpdateUserPoolClient],
        Kind::IdentityProvider => &[Operation::CreateIdentityProvider, Operation::UpdateIdentityProvider],
        Kind::ResourceServer => &[Operation::CreateResourceServer, Operation::UpdateResourceServer],
        Kind::Group => &[Operation::CreateGroup, Operation::UpdateGroup],
        Kind::Domain => &[Operation::CreateUserPoolDomain, Operation::UpdateUserPoolDomain],
        Kind::IdentityPool => &[
            Operation::CreateIdentityPool,
            Operation::UpdateIdentityPool,
            Operation::SetIdentityPoolRoles,
            Operation::SetPrincipalTagAttributeMap,
        ],
        Kind::UiCustomization => &[Operation::SetUICustomization],
        Kind::RiskConfiguration => &[Operation::SetRiskConfiguration],
        Kind::LogConfigurations => &[Operation::SetLogDeliveryConfiguration],
        Kind::ManagedLoginBranding => &[Operation::CreateManagedLoginBranding, Operation::UpdateManagedLoginBranding],
        Kind::Terms => &[Operation::CreateTerms, Operation::UpdateTerms],
        Kind::Replica => &[Operation::CreateUserPoolReplica, Operation::UpdateUserPoolReplica],
        // Lambda's shapes are not known at run time: functions are read and written by hand.
        Kind::Function => &[],
    }
}

/// What of a kind is set by another kind's operation: a region's own settings of a replica are the pool's there.
fn set_by_others(kind: Kind) -> &'static [(Operation, &'static str)] {
    match kind {
        Kind::Replica => &[
            (Operation::UpdateUserPool, "EmailConfiguration"),
            (Operation::UpdateUserPool, "SmsConfiguration"),
            (Operation::UpdateUserPool, "LambdaConfig"),
        ],
        _ => &[],
    }
}

/// The paths of members that the spec has no property for.
fn missing(shape: &Shape, schema: &Value, at: &str, found: &mut Vec<String>) {
    match shape {
        Shape::Struct(members) => {
            for (member, inner) in members {
                let path = if at.is_empty() { member.clone() } else { format!("{at}.{member}") };
                match property(schema, member) {
                    Some(property) => missing(inner, property, &path, found),
                    None => found.push(path),
                }
            }
        }
        Shape::List(item) => missing(item, schema.get("items").unwrap_or(&Value::Null), at, found),
        Shape::Map(item) => {
            // A map with few keys has them as properties, all of one form.
            let any = schema.get("properties").and_then(|properties| properties.as_object()?.values().next());
            let entry = schema.get("additionalProperties").filter(|entry| entry.is_object()).or(any);
            missing(item, entry.unwrap_or(&Value::Null), at, found);
        }
        Shape::Scalar => {}
    }
}

fn property<'a>(schema: &'a Value, member: &str) -> Option<&'a Value> {
    let properties = schema.get("properties")?.as_object()?;
    properties.iter().find(|(name, _)| name.eq_ignore_ascii_case(member)).map(|(_, property)| property)
}

/// The kind's schema under the API's names at the top.
fn by_api_names(kind: Kind) -> Value {
    let mut schema = kind.schema().clone();
    let properties = schema["properties"].as_object_mut().expect("a spec has properties");
    for (property, member) in kind.api_names() {
        if let Some(inner) = properties.get(*property).cloned() {
            properties.insert((*member).to_owned(), inner);
        }
    }
    schema
}

#[test]
fn every_member_is_a_property_or_left_out_on_purpose() {
    let mut forgotten = Vec::new();
    let mut used = Vec::new();
    for &kind in Kind::ALL {
        let schema = by_api_names(kind);
        for operation in operations(kind) {
            let mut found = Vec::new();
            missing(operation.input(), &schema, "", &mut found);
            for path in found {
                match LEFT_OUT.iter().position(|(of, left_out, _)| *of == kind && *left_out == path) {
                    Some(entry) => used.push(entry),
                    None => forgotten.push(format!("{} {path}", operation.name())),
                }
            }
        }
        for (operation, member) in set_by_others(kind) {
            let (_, shape) = operation.input().member(member).expect("the operation takes it");
            let mut found = Vec::new();
            match property(&schema, member) {
                Some(property) => missing(shape, property, member, &mut found),
                None => found.push((*member).to_owned()),
            }
            forgotten.extend(found.iter().map(|path| format!("{} {path} of a {}", operation.name(), kind.title())));
        }
    }
    assert!(forgotten.is_empty(), "neither a property nor left out on purpose:\n{}", forgotten.join("\n"));
    let idle: Vec<_> = (0..LEFT_OUT.len()).filter(|entry| !used.contains(entry)).map(|entry| LEFT_OUT[entry]).collect();
    assert!(idle.is_empty(), "left out, but not in the API: {idle:?}");
}

#[test]
fn every_property_is_a_member_of_what_is_sent() {
    let ours = ["triggerPermissions"];
    let mut idle = Vec::new();
    for &kind in Kind::ALL.iter().filter(|kind| **kind != Kind::Function) {
        for property in kind.schema()["properties"].as_object().expect("properties").keys() {
            let names: Vec<&str> =
                kind.api_names().iter().filter(|(name, _)| name == property).map(|(_, api)| *api).collect();
            let sent = operations(kind).iter().any(|operation| {
                operation.input().member(property).is_some()
                    || names.iter().any(|name| operation.input().member(name).is_some())
            });
            let is_it = |member: &str| member.eq_ignore_ascii_case(property) || names.contains(&member);
            let sent = sent || set_by_others(kind).iter().any(|(_, member)| is_it(member));
            if !sent && !ours.contains(&property.as_str()) {
                idle.push(format!("{} {property}", kind.title()));
            }
        }
    }
    assert!(idle.is_empty(), "no operation takes these:\n{}", idle.join("\n"));
}

/// Of what the sandbox's model of the two APIs has, each operation that sets something is a kind's, or is not called on
/// purpose.
#[test]
fn every_operation_that_sets_something_is_a_kind_s_or_not_called_on_purpose() {
    let kinds = Kind::ALL.iter().flat_map(|kind| operations(*kind)).map(|operation| operation.name());
    let known: BTreeSet<&str> = kinds.chain(NOT_CALLED.iter().map(|(name, _)| *name)).collect();
    let sets = |name: &str| {
        let verb = name.strip_prefix("Admin").unwrap_or(name);
        ["Create", "Update", "Set", "Add", "Put"].iter().any(|start| verb.starts_with(start))
    };
    for kind in [Kind::UserPool, Kind::IdentityPool] {
        let model = model(kind);
        let names = model["operations"].as_object().expect("operations").keys();
        let forgotten: Vec<_> = names.filter(|name| sets(name) && !known.contains(name.as_str())).collect();
        assert!(forgotten.is_empty(), "neither a kind's nor left alone on purpose: {forgotten:?}");
    }
    let both: Vec<_> = Kind::ALL.iter().flat_map(|kind| operations(*kind)).map(|operation| operation.name()).collect();
    let idle: Vec<_> = NOT_CALLED.iter().filter(|(name, _)| both.contains(name)).collect();
    assert!(idle.is_empty(), "a kind has it: {idle:?}");
}

/// The model that has a kind's operations.
fn model(kind: Kind) -> Value {
    let text = match kind {
        Kind::IdentityPool => include_str!("../src/sandbox/model/cognito-identity.json"),
        _ => include_str!("../src/sandbox/model/cognito-idp.json"),
    };
    serde_json::from_str(text).expect("the model is JSON")
}

/// The values that a schema names.
fn values(schema: &Value) -> BTreeSet<&str> {
    let texts = |name: &str| schema[name].as_array().into_iter().flatten();
    let inside = texts("oneOf").chain(texts("anyOf")).flat_map(values);
    inside.chain(texts("enum").filter_map(Value::as_str)).chain(schema["const"].as_str()).collect()
}

/// Where the values of a member with a few are others than those of the property, with those that
/// only one of the two has; `seen` counts the members that were compared.
fn other_values(model: &Value, shape: &str, schema: &Value, at: &str, seen: &mut usize) -> Vec<String> {
    let facts = &model["shapes"][shape];
    match facts["type"].as_str() {
        Some("structure") => {
            let members = facts["members"].as_object().expect("members");
            let known = members.iter().filter_map(|(name, of)| Some((name, of, property(schema, name)?)));
            let inside = known.flat_map(|(name, of, property)| {
                let shape = of.as_str().or(of["shape"].as_str()).expect("a shape");
                other_values(model, shape, property, &format!("{at}.{name}"), seen)
            });
            inside.collect()
        }
        Some("list") => other_values(model, facts["item"].as_str().expect("a shape"), &schema["items"], at, seen),
        Some("map") => {
            let shape = facts["value"].as_str().expect("a shape");
            other_values(model, shape, &schema["additionalProperties"], at, seen)
        }
        _ => {
            let known = values(schema);
            let there: BTreeSet<&str> =
                facts["enum"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            if there.is_empty() {
                return Vec::new();
            }
            *seen += 1;
            let other: Vec<_> = there.symmetric_difference(&known).collect();
            if other.is_empty() { Vec::new() } else { vec![format!("{at}: {other:?}")] }
        }
    }
}

#[test]
fn every_value_of_a_member_with_a_few_is_a_value_of_the_property() {
    let (mut other, mut seen) = (Vec::new(), 0);
    for &kind in Kind::ALL {
        let (model, schema) = (model(kind), by_api_names(kind));
        for operation in operations(kind) {
            let shape = model["operations"][operation.name()]["input"].as_str().expect("an input");
            other.extend(other_values(&model, shape, &schema, operation.name(), &mut seen));
        }
    }
    assert!(other.is_empty(), "values that only one of the two has:\n{}", other.join("\n"));
    assert!(seen > 50, "only {seen} members were compared");
}
