//! The secrets of a client: up to two, so that one can be replaced while the other still works, and
//! never none again once there is one.

use serde_json::{Value, json};

use super::super::super::refusal::Refusal;
use super::super::super::state::Secret;
use super::super::page::Listing;
use super::super::world::{SMALL, World, text};
use super::find;

/// Secrets of a client.
const MOST: usize = 2;

// AWS takes no size here: there is never more than a page.
const LISTING: Listing = Listing { size: "MaxResults", token: "NextToken", items: "ClientSecrets", most: 60 };

/// The value of a new secret.
pub(super) fn generate(world: &mut World<'_>) -> String {
    world.fresh(SMALL, 51)
}

/// A new secret of a client that has some.
pub(super) fn fresh(client: &str, others: &[Secret], value: String, now: &Value) -> Secret {
    let created = now.as_f64().unwrap_or_default();
    let id = |epoch: f64| format!("{client}--{epoch:.0}");
    let mut epoch = (created * 1000.0).round();
    while others.iter().any(|other| other.id == id(epoch)) {
        epoch += 1.0;
    }
    Secret { id: id(epoch), value, created }
}

/// `AddUserPoolClientSecret`.
pub(in super::super) fn add(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let own = input.get("ClientSecret").and_then(Value::as_str);
    let secrets = &find(world, input)?.secrets;
    if secrets.is_empty() {
        return Err(Refusal::invalid("Client secrets can only be added to a client that has a secret."));
    }
    if secrets.len() >= MOST {
        let message = format!("A client can have {MOST} secrets at most.");
        return Err(Refusal::of("LimitExceededException", message));
    }
    if secrets.iter().any(|secret| Some(secret.value.as_str()) == own) {
        return Err(Refusal::invalid("The client already has this secret."));
    }
    let value = own.map_or_else(|| generate(world), str::to_owned);
    let now = world.date();
    let secrets = &mut find(world, input)?.secrets;
    let secret = fresh(text(input, "ClientId"), secrets, value, &now);
    let mut shown = descriptor(&secret);
    if own.is_none() {
        shown["ClientSecretValue"] = json!(secret.value);
    }
    secrets.push(secret);
    Ok(json!({"ClientSecretDescriptor": shown}))
}

/// `ListUserPoolClientSecrets`.
pub(in super::super) fn list(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    LISTING.page(input, find(world, input)?.secrets.iter().map(descriptor).collect())
}

/// `DeleteUserPoolClientSecret`.
pub(in super::super) fn delete(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let id = text(input, "ClientSecretId");
    let client = find(world, input)?;
    let Some(position) = client.secrets.iter().position(|secret| secret.id == id) else {
        return Err(Refusal::missing(format!("Client secret {id} does not exist.")));
    };
    if client.secrets.len() == 1 {
        return Err(Refusal::invalid("The last secret of a client cannot be deleted."));
    }
    let gone = client.secrets.remove(position);
    // The client shows the secret that it was made with, and no other.
    if client.body.get("ClientSecret").and_then(Value::as_str) == Some(gone.value.as_str()) {
        client.body.remove("ClientSecret");
    }
    Ok(json!({}))
}

/// What is shown of a secret; its value only when it is made.
fn descriptor(secret: &Secret) -> Value {
    json!({"ClientSecretId": secret.id, "ClientSecretCreateDate": secret.created})
}
