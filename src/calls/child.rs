//! What lives inside a user pool and has one body: domains, identity providers, resource servers,
//! groups and app clients. They differ in the names of their operations and in a few habits, which
//! stand in one table.

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::wait::Wait;
use super::{Kind, Live, answered, for_create, merge, text};
use crate::aws::{Aws, Operation, body, found, is_ambiguous, is_unknown};
use crate::error::Error;
use crate::live::{self, Listed};
use crate::path::Path;

/// How a kind of child is called.
struct Habits {
    create: Operation,
    read: Operation,
    update: Operation,
    delete: Operation,
    /// The member of the responses that holds the resource.
    wrapper: &'static str,
    /// The member of the requests that names it.
    id: &'static str,
}

fn habits(kind: Kind) -> Option<Habits> {
    use Operation as O;
    let table = |create, read, update, delete, wrapper, id| Some(Habits { create, read, update, delete, wrapper, id });
    match kind {
        Kind::Client => table(
            O::CreateUserPoolClient,
            O::DescribeUserPoolClient,
            O::UpdateUserPoolClient,
            O::DeleteUserPoolClient,
            "UserPoolClient",
            "ClientId",
        ),
        Kind::IdentityProvider => table(
            O::CreateIdentityProvider,
            O::DescribeIdentityProvider,
            O::UpdateIdentityProvider,
            O::DeleteIdentityProvider,
            "IdentityProvider",
            "ProviderName",
        ),
        Kind::ResourceServer => table(
            O::CreateResourceServer,
            O::DescribeResourceServer,
            O::UpdateResourceServer,
            O::DeleteResourceServer,
            "ResourceServer",
            "Identifier",
        ),
        Kind::Group => table(O::CreateGroup, O::GetGroup, O::UpdateGroup, O::DeleteGroup, "Group", "GroupName"),
        Kind::Domain => table(
            O::CreateUserPoolDomain,
            O::DescribeUserPoolDomain,
            O::UpdateUserPoolDomain,
            O::DeleteUserPoolDomain,
            "DomainDescription",
            "Domain",
        ),
        _ => None,
    }
}

fn habits_of(kind: Kind) -> Result<Habits, Error> {
    habits(kind).ok_or_else(|| Error::refused(format!("a {} does not live inside a pool", kind.title())))
}

/// What AWS works out by itself from a provider's type; some of it is refused when it is sent back.
pub const COMPUTED_DETAILS: &[&str] = &[
    "attributes_url",
    "attributes_url_add_attributes",
    "authorize_url",
    "jwks_uri",
    "oidc_issuer",
    "token_request_method",
    "token_url",
    "SSORedirectBindingURI",
    "SLORedirectBindingURI",
    "ActiveEncryptionCertificate",
];

/// All children of a pool. Those with a body in the listing are whole; of the others `wanted` says
/// which to read whole, by kind, key and id.
pub async fn list(
    aws: &Aws,
    pool: &Live,
    wanted: &(dyn Fn(Kind, &str, &str) -> bool + Sync),
) -> Result<Vec<Live>, Error> {
    let (clients, providers, servers, groups, domains) = tokio::join!(
        list_named(aws, pool, Kind::Client, Operation::ListUserPoolClients, "UserPoolClients", "ClientName", wanted),
        list_named(
            aws,
            pool,
            Kind::IdentityProvider,
            Operation::ListIdentityProviders,
            "Providers",
            "ProviderName",
            wanted
        ),
        list_whole(
            aws,
            pool,
            Kind::ResourceServer,
            Operation::ListResourceServers,
            "ResourceServers",
            ("MaxResults", 50)
        ),
        list_whole(aws, pool, Kind::Group, Operation::ListGroups, "Groups", ("Limit", 60)),
        list_domains(aws, pool, wanted),
    );
    let mut all = domains?;
    all.extend(providers?);
    all.extend(servers?);
    all.extend(groups?);
    all.extend(clients?);
    Ok(all)
}

async fn list_named(
    aws: &Aws,
    pool: &Live,
    kind: Kind,
    operation: Operation,
    list: &str,
    name: &str,
    wanted: &(dyn Fn(Kind, &str, &str) -> bool + Sync),
) -> Result<Vec<Live>, Error> {
    let id_member = habits_of(kind)?.id;
    let items = aws.list(operation, json!({"UserPoolId": pool.id, "MaxResults": 60}), list).await?;
    let reads = items.iter().map(|item| async move {
        let (key, id) = (text(item, &format!("/{name}"))?, text(item, &format!("/{id_member}"))?);
        if !wanted(kind, &key, &id) {
            return Ok(Some(Live::listed(kind, &key, &id)));
        }
        // Gone between the listing and the reading is gone.
        read(aws, kind, &pool.id, &key, &id).await
    });
    let read: Vec<Result<Option<Live>, Error>> = futures_util::future::join_all(reads).await;
    read.into_iter().filter_map(Result::transpose).collect()
}

async fn list_whole(
    aws: &Aws,
    pool: &Live,
    kind: Kind,
    operation: Operation,
    list: &str,
    (page, size): (&str, u32),
) -> Result<Vec<Live>, Error> {
    let key = habits_of(kind)?.id;
    let items = aws.list(operation, json!({"UserPoolId": pool.id, page: size}), list).await?;
    items
        .into_iter()
        .map(|item| {
            let key = text(&item, &format!("/{key}"))?;
            whole(aws, kind, &key, &key, item)
        })
        .collect()
}

async fn list_domains(
    aws: &Aws,
    pool: &Live,
    wanted: &(dyn Fn(Kind, &str, &str) -> bool + Sync),
) -> Result<Vec<Live>, Error> {
    let mut domains = Vec::new();
    for member in ["Domain", "CustomDomain"] {
        if let Some(domain) = pool.text(member).filter(|domain| !domain.is_empty()) {
            if wanted(Kind::Domain, domain, domain) {
                domains.extend(read(aws, Kind::Domain, &pool.id, domain, domain).await?);
            } else {
                domains.push(Live::listed(Kind::Domain, domain, domain));
            }
        }
    }
    Ok(domains)
}

/// A child, if it is there.
pub async fn read(aws: &Aws, kind: Kind, pool: &str, key: &str, id: &str) -> Result<Option<Live>, Error> {
    let habits = habits_of(kind)?;
    let mut request = json!({"UserPoolId": pool, habits.id: id});
    if kind == Kind::Domain {
        request = json!({"Domain": id});
    }
    let Some(mut response) = found(aws.call(habits.read, request).await)? else { return Ok(None) };
    let body = response.get_mut(habits.wrapper).map(Value::take).unwrap_or_default();
    // A domain that is not there, or another pool's, is an empty description.
    if kind == Kind::Domain && body.get("UserPoolId").and_then(Value::as_str) != Some(pool) {
        return Ok(None);
    }
    // An answer without the thing is neither "it is not there" nor "it has no properties".
    if kind != Kind::Domain {
        text(&body, &format!("/{}", habits.id))?;
    }
    whole(aws, kind, key, id, body).map(Some)
}

fn whole(aws: &Aws, kind: Kind, key: &str, id: &str, body: Value) -> Result<Live, Error> {
    let key = body.get("ClientName").and_then(Value::as_str).unwrap_or(key).to_owned();
    let mut spec = body::from_api(kind, &body);
    if kind == Kind::Client {
        spec["generateSecret"] = Value::Bool(body.get("ClientSecret").is_some());
    }
    let mut live = Live { body, ..Live::listed(kind, &key, id) };
    live.set_spec(spec)?;
    live.attributes = live::attributes(&live, aws.place());
    Ok(live)
}

/// Takes for live what is declared and AWS does not show, so that it is not compared: the secret of a
/// client whose first one was rotated out.
pub async fn assume_hidden(aws: &Aws, pool: &str, live: &mut Live, declared: &Value) -> Result<(), Error> {
    let wants = declared.get("generateSecret") == Some(&Value::Bool(true)) || declared.get("clientSecret").is_some();
    if live.kind != Kind::Client || !wants || live.body.get("ClientSecret").is_some() {
        return Ok(());
    }
    let request = json!({"UserPoolId": pool, "ClientId": live.id});
    let response = match aws.call(Operation::ListUserPoolClientSecrets, request).await {
        // Stand-ins of AWS that do not know the call do not rotate secrets either.
        Err(error) if is_unknown(&error) => Value::Null,
        answer => answer?,
    };
    let secrets = response.get("ClientSecrets").and_then(Value::as_array);
    let has_one = secrets.is_some_and(|secrets| !secrets.is_empty());
    live.spec["generateSecret"] = Value::Bool(has_one);
    if let Some(secret) = declared.get("clientSecret").filter(|_| has_one) {
        // What AWS does not show cannot be compared.
        live.spec["clientSecret"] = secret.clone();
    }
    Ok(())
}

/// Makes a child. After a failure that may have had its effect all the same it looks first, and
/// takes what it finds for its own: the claim on it was written before.
pub async fn create(
    aws: &Aws,
    kind: Kind,
    pool: &str,
    key: &str,
    wanted: &Value,
    declared: &Value,
) -> Result<String, Error> {
    let habits = habits_of(kind)?;
    let mut spec = for_create(kind, wanted, declared, habits.create.input());
    if spec.get("ClientSecret").is_some() {
        // It has a secret, but AWS is not to make one.
        spec["GenerateSecret"] = json!(false);
    }
    if kind == Kind::Domain {
        // What AWS takes where it is not told is not documented.
        spec["ManagedLoginVersion"] = wanted.get("managedLoginVersion").cloned().unwrap_or(json!(1));
    }
    // AWS takes either the secret or the wish for one.
    if let Some(members) = spec.as_object_mut().filter(|members| members.contains_key("ClientSecret")) {
        members.remove("GenerateSecret");
    }
    let mut names = json!({"UserPoolId": pool});
    if kind != Kind::Client {
        names[habits.id] = Value::String(key.to_owned());
    }
    let answer = aws.call(habits.create, merge(&[&names, &spec])).await;
    let made = answer.and_then(|response| match kind {
        Kind::Client => super::made(habits.create, &response, "/UserPoolClient/ClientId"),
        _ => Ok(key.to_owned()),
    });
    match made {
        Ok(id) => Ok(id),
        Err(error) if is_ambiguous(&error) => super::found_after(look_for(aws, kind, pool, key).await, error),
        Err(error) => Err(error),
    }
}

/// The id of the one child with this key.
async fn look_for(aws: &Aws, kind: Kind, pool: &str, key: &str) -> Result<Option<String>, Error> {
    if kind != Kind::Client {
        return Ok(read(aws, kind, pool, key, key).await?.map(|live| live.id));
    }
    let named = clients(aws, pool).await?.into_iter().filter(|client| client.name == key);
    let ids: Vec<String> = named.map(|client| client.id).collect();
    match ids.as_slice() {
        [] => Ok(None),
        [id] => Ok(Some(id.clone())),
        _ => Err(Error::refused(format!("several app clients are named `{key}` now: {}", ids.join(", ")))
            .with_help("delete the ones that are not used, or pin one with `id:`")),
    }
}

/// All app clients of a pool, by name.
pub(super) async fn clients(aws: &Aws, pool: &str) -> Result<Vec<Listed>, Error> {
    let request = json!({"UserPoolId": pool, "MaxResults": 60});
    let clients = aws.list(Operation::ListUserPoolClients, request, "UserPoolClients").await?;
    let listed = clients.iter().map(|client| {
        Ok(Listed { id: text(client, "/ClientId")?, name: text(client, "/ClientName")?, modified: None })
    });
    listed.collect()
}

/// Brings a child into line.
pub async fn update(aws: &Aws, pool: &str, live: &Live, wanted: &Value, declared: &Value) -> Result<(), Error> {
    let habits = habits_of(live.kind)?;
    let read = answered(habits.read, habits.wrapper);
    let mut body = body::complete(live.kind, wanted, &live.body, habits.update.input(), read, &[]);
    if let Some(details) = body.get_mut("ProviderDetails").and_then(Value::as_object_mut) {
        let says = |key: &str| declared.get("providerDetails").is_some_and(|details| details.get(key).is_some());
        let other = |key: &str| match key {
            "MetadataFile" => says("MetadataURL"),
            "MetadataURL" => says("MetadataFile"),
            _ => COMPUTED_DETAILS.contains(&key),
        };
        details.retain(|key, _| says(key) || !other(key));
    }
    let names = json!({"UserPoolId": pool, habits.id: live.id});
    aws.call(habits.update, merge(&[&body, &names])).await.map(drop)
}

/// Deletes a child. That it is gone already is fine.
pub async fn delete(aws: &Aws, pool: &str, live: &Live) -> Result<(), Error> {
    let habits = habits_of(live.kind)?;
    let request = json!({"UserPoolId": pool, habits.id: live.id});
    match found(aws.call(habits.delete, request).await) {
        Ok(_) => {}
        Err(error) if live.kind == Kind::Domain && error.to_string().contains("No such domain") => {}
        // A run that was interrupted may have begun it.
        Err(error) if live.kind == Kind::Domain => {
            let now = read(aws, live.kind, pool, &live.key, &live.id).await?;
            if now.is_some_and(|now| now.text("Status") != Some("DELETING")) {
                return Err(error);
            }
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

/// Waits until a domain is gone.
pub async fn until_gone(
    aws: &Aws,
    pool: &str,
    domain: &str,
    address: &Path,
    cancel: &CancellationToken,
) -> Result<(), Error> {
    let mut wait = Wait::new(aws, address, "the domain", "deleted", cancel);
    while read(aws, Kind::Domain, pool, domain, domain).await?.is_some() {
        wait.a_little().await?;
    }
    Ok(())
}

/// Waits until AWS is done with what it was told of a domain before, whatever came of it: it takes
/// nothing else until then. Gives the domain as it is then.
pub async fn until_idle(
    aws: &Aws,
    pool: &str,
    domain: &str,
    address: &Path,
    cancel: &CancellationToken,
) -> Result<Option<Live>, Error> {
    let mut wait = Wait::new(aws, address, "the domain", "set up", cancel);
    loop {
        let live = read(aws, Kind::Domain, pool, domain, domain).await?;
        if !matches!(live.as_ref().and_then(|live| live.text("Status")), Some("CREATING" | "UPDATING")) {
            return Ok(live);
        }
        wait.a_little().await?;
    }
}

/// Waits until a domain serves, as far as it takes time, and gives it as it is then.
pub async fn until_active(
    aws: &Aws,
    pool: &str,
    domain: &str,
    address: &Path,
    cancel: &CancellationToken,
) -> Result<Option<Live>, Error> {
    let live = until_idle(aws, pool, domain, address, cancel).await?;
    if live.as_ref().is_some_and(Live::has_failed) {
        return Err(Error::refused("AWS could not set the domain up")
            .with_help("have it deleted and made anew: --replace with its address"));
    }
    Ok(live)
}
