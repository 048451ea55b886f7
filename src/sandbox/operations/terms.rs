//! The terms that users are shown where they sign up: links to documents, by language, for a client.

use serde_json::{Value, json};

use super::super::refusal::Refusal;
use super::super::state::{Body, Client, UserPool};
use super::client;
use super::page::Listing;
use super::world::{World, text};

#[cfg(test)]
mod tests;

/// Terms in a pool.
const MOST: usize = 40;
/// What may change.
const SETTINGS: [&str; 4] = ["TermsName", "TermsSource", "Enforcement", "Links"];
/// What a list shows.
const LISTED: [&str; 5] = ["TermsId", "TermsName", "Enforcement", "CreationDate", "LastModifiedDate"];

const LISTING: Listing = Listing { size: "MaxResults", token: "NextToken", items: "Terms", most: 60 };

/// `CreateTerms`.
pub(super) fn create(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let name = text(input, "TermsName");
    if client::find(world, input)?.terms.contains_key(name) {
        return Err(exists(name));
    }
    if world.pool()?.clients.values().map(|client| client.terms.len()).sum::<usize>() >= MOST {
        let message = format!("A user pool can have {MOST} terms at most.");
        return Err(Refusal::of("LimitExceededException", message));
    }
    let (now, id) = (world.date(), world.guid());
    let mut terms = Body::new();
    terms.insert("TermsId".to_owned(), json!(id));
    for member in ["UserPoolId", "ClientId"] {
        terms.insert(member.to_owned(), json!(text(input, member)));
    }
    terms.insert("Links".to_owned(), json!({}));
    terms.insert("CreationDate".to_owned(), now.clone());
    set(&mut terms, input, now);
    let answer = json!({"Terms": terms});
    client::find(world, input)?.terms.insert(name.to_owned(), terms);
    Ok(answer)
}

/// `DescribeTerms`.
pub(super) fn describe(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let (_, _, terms) = found(world.pool()?, input)?;
    Ok(json!({"Terms": terms}))
}

/// `DescribeTermsByClient`.
pub(super) fn describe_by_client(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let name = text(input, "TermsName");
    let terms = client::find(world, input)?.terms.get(name);
    let terms = terms.ok_or_else(|| {
        Refusal::missing(format!("Terms {name} for client {} do not exist.", text(input, "ClientId")))
    })?;
    Ok(json!({"Terms": terms}))
}

/// `UpdateTerms`. What is not said stays; links are one setting.
pub(super) fn update(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let now = world.date();
    let pool = world.pool()?;
    let (client, old) = place(pool, input)?;
    let name = input.get("TermsName").and_then(Value::as_str).unwrap_or(&old);
    let all = pool.clients.get_mut(&client).map(|client| &mut client.terms).ok_or_else(missing)?;
    if name != old && all.contains_key(name) {
        return Err(exists(name));
    }
    let mut terms = all.remove(&old).ok_or_else(missing)?;
    set(&mut terms, input, now);
    let answer = json!({"Terms": terms});
    all.insert(name.to_owned(), terms);
    Ok(answer)
}

/// `DeleteTerms`.
pub(super) fn delete(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let pool = world.pool()?;
    let (client, name) = place(pool, input)?;
    if let Some(client) = pool.clients.get_mut(&client) {
        client.terms.remove(&name);
    }
    Ok(json!({}))
}

/// `ListTerms`, which says neither whose they are nor where they lead.
pub(super) fn list(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let short = |terms: &Body| {
        let shown = LISTED.iter().filter_map(|name| Some(((*name).to_owned(), terms.get(*name)?.clone())));
        Value::Object(shown.collect())
    };
    let all = world.pool()?.clients.values().flat_map(|client| client.terms.values());
    LISTING.page(input, all.map(short).collect())
}

/// The terms that the input names by their id: whose they are, their name, and what they say.
fn found<'a>(pool: &'a UserPool, input: &Value) -> Result<(&'a str, &'a str, &'a Body), Refusal> {
    let id = json!(text(input, "TermsId"));
    let each = |(client, own): (&'a String, &'a Client)| {
        own.terms.iter().map(move |(name, terms)| (client.as_str(), name.as_str(), terms))
    };
    let mut all = pool.clients.iter().flat_map(each);
    all.find(|(_, _, terms)| terms.get("TermsId") == Some(&id)).ok_or_else(missing)
}

/// Whose these terms are, and their name.
fn place(pool: &UserPool, input: &Value) -> Result<(String, String), Refusal> {
    let (client, name, _) = found(pool, input)?;
    Ok((client.to_owned(), name.to_owned()))
}

fn set(terms: &mut Body, input: &Value, now: Value) {
    for member in SETTINGS {
        if let Some(value) = input.get(member).filter(|value| !value.is_null()) {
            terms.insert(member.to_owned(), value.clone());
        }
    }
    terms.insert("LastModifiedDate".to_owned(), now);
}

fn missing() -> Refusal {
    Refusal::missing("Terms do not exist.")
}

fn exists(name: &str) -> Refusal {
    Refusal::of("TermsExistsException", format!("Terms {name} already exist for the client."))
}

/// What AWS's documents leave open here, and what was decided.
pub(super) const UNCONFIRMED: &[&str] = &[
    "An update of terms keeps what it does not name; links that it names replace all that were there.",
    "Terms may be renamed to a name that their client does not have yet.",
    "Terms without links show an empty map of them; none of the languages must be there.",
    "Terms are in no need of a tier, a domain, or the other terms of the client.",
    "A list of terms is in the order of clients and names.",
    "What is said of terms that are there, or are not, is not in AWS's words.",
];
