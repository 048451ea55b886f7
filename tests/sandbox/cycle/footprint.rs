//! What differs between two states of the sandbox, times and the tool's own bookkeeping aside.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::lab::Lab;

/// All that is there, by its path in the sandbox's state.
pub(crate) type State = BTreeMap<Vec<String>, Value>;

/// Members that change with every write, or by themselves.
const RESTLESS: &[&str] = &[
    "LastModifiedDate",
    "LastModified",
    "CreationDate",
    "RevisionId",
    "Version",
    "ready",
    "work",
    "created",
    "clock",
    "serial",
    "tag_index",
    "CSSVersion",
];

/// Values that AWS's members have where they are not there: some are written out by the first
/// update, which says all there is to say.
fn is_default(path: &[String], value: &Value) -> bool {
    let member = |back: usize| path.len().checked_sub(back).and_then(|at| path.get(at)).map_or("", String::as_str);
    let text = value.as_str().unwrap_or_default();
    match (member(2), member(1)) {
        (_, "AccessTokenValidity" | "IdTokenValidity") => *value == 1,
        (_, "PreventUserExistenceErrors") => text == "LEGACY",
        ("UserPoolAddOns", "AdvancedSecurityMode") => text == "OFF",
        ("WebAuthnConfiguration", "FactorConfiguration") => text == "SINGLE_FACTOR",
        ("WebAuthnConfiguration", "UserVerification") => text == "preferred",
        (_, "UseDefaults") => *value == false,
        // That it is there is what makes text messages a factor.
        (_, "SmsMfaConfiguration") => false,
        ("TokenValidityUnits", "AccessToken" | "IdToken") => text == "hours",
        ("TokenValidityUnits", "RefreshToken") => text == "days",
        ("RefreshTokenRotation", "Feature") => text == "DISABLED",
        ("RefreshTokenRotation", "RetryGracePeriodSeconds") => *value == 0,
        _ => *value == serde_json::json!({}) || *value == serde_json::json!([]),
    }
}

/// All that is there.
pub(crate) fn state(lab: &Lab) -> State {
    let state = lab.sandbox.look(|state| serde_json::to_value(state).expect("JSON"));
    let mut found = State::new();
    flatten(&state, &mut Vec::new(), &mut found);
    found
}

/// The names that stand for what AWS numbers.
pub(crate) struct Names(Vec<(String, String)>);

impl Names {
    pub(crate) fn of(lab: &Lab) -> Self {
        let mut names = lab.sandbox.look(|state| {
            let mut names = Vec::new();
            for region in state.accounts.values().flat_map(BTreeMap::values) {
                for (id, pool) in &region.user_pools {
                    for (client, body) in &pool.clients {
                        let name = body.body.get("ClientName").and_then(Value::as_str).unwrap_or_default();
                        names.push((client.clone(), format!("client-{name}")));
                        names.extend(body.secrets.iter().map(|one| (one.value.clone(), format!("secret-{name}"))));
                        names.extend(body.secrets.iter().map(|one| (one.id.clone(), format!("secret-id-{name}"))));
                        let facets = body.terms.iter().map(|(key, terms)| (terms, "TermsId", format!("terms-{key}")));
                        let style = (&body.branding, "ManagedLoginBrandingId", "style".to_owned());
                        let looks = (&body.ui, "ImageUrl", "image".to_owned());
                        let ids = facets.chain([style, looks]).filter_map(|(body, member, what)| {
                            Some((body.get(member)?.as_str()?.to_owned(), format!("{what}-{name}")))
                        });
                        names.extend(ids);
                    }
                    for (name, domain) in &pool.domains {
                        let address = domain.body.get("CloudFrontDistribution").and_then(Value::as_str);
                        names.extend(address.map(|address| (address.to_owned(), format!("distribution-{name}"))));
                    }
                    let image = pool.ui.get("ImageUrl").and_then(Value::as_str);
                    names.extend(image.map(|url| (url.to_owned(), "the-image".to_owned())));
                    names.push((id.clone(), "the-user-pool".to_owned()));
                }
                names.extend(region.identity_pools.keys().map(|id| (id.clone(), "the-identity-pool".to_owned())));
            }
            names
        });
        // A secret's id begins with its client's.
        names.sort_by_key(|(id, _)| std::cmp::Reverse(id.len()));
        Self(names)
    }

    pub(crate) fn put_into(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (id, name)| text.replace(id, name))
    }

    pub(crate) fn put_into_value(&self, value: &Value) -> Value {
        serde_json::from_str(&self.put_into(&value.to_string())).expect("JSON still")
    }
}

/// All that is there, with names in place of what AWS numbers.
pub(crate) fn anonymous(lab: &Lab) -> State {
    let names = Names::of(lab);
    let renamed = state(lab)
        .into_iter()
        .map(|(path, value)| (path.iter().map(|step| names.put_into(step)).collect(), names.put_into_value(&value)));
    renamed.collect()
}

fn flatten(value: &Value, at: &mut Vec<String>, found: &mut State) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                if RESTLESS.contains(&key.as_str()) || key.starts_with("poolkeeper:applied") {
                    continue;
                }
                at.push(key.clone());
                flatten(value, at, found);
                at.pop();
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for (index, item) in items.iter().enumerate() {
                at.push(index.to_string());
                flatten(item, at, found);
                at.pop();
            }
        }
        other if is_default(at, other) => {}
        other => drop(found.insert(at.clone(), other.clone())),
    }
}

/// The paths of what differs.
pub(crate) fn differing(before: &State, after: &State) -> Vec<Vec<String>> {
    let paths: BTreeSet<&Vec<String>> = before.keys().chain(after.keys()).collect();
    let differs = |path: &&&Vec<String>| before.get(**path) != after.get(**path);
    paths.iter().filter(differs).map(|path| (*path).clone()).collect()
}

/// What differs, in a line each.
pub(crate) fn told(before: &State, after: &State) -> String {
    let show = |value: Option<&Value>| value.map_or("absent".to_owned(), ToString::to_string);
    let lines = differing(before, after)
        .into_iter()
        .map(|path| format!("  {}: {} -> {}", path.join(" / "), show(before.get(&path)), show(after.get(&path))));
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether a path of the state leads through these members, written in any case.
pub(crate) fn leads_through(path: &[String], members: &[String]) -> bool {
    let same = |step: &String, member: &String| step.eq_ignore_ascii_case(member);
    path.windows(members.len()).any(|steps| steps.iter().zip(members).all(|(step, member)| same(step, member)))
}
