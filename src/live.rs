//! What is live, read into specs. Each resource keeps the API's own body beside its spec, since an
//! update lays the spec over that body.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::aws::body;
use crate::error::Error;
use crate::kind::Kind;
use crate::ownership::{self, Ledger, Tags};
use crate::path::Path;
use crate::stack::{Resource, Stack};

/// Where a run works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The region, such as `eu-west-1`.
    pub region: String,
    /// The account's twelve digits.
    pub account: String,
    /// `aws`, `aws-cn`, `aws-us-gov`, …
    pub partition: String,
}

/// A live resource.
#[derive(Clone)]
pub struct Live {
    /// Its kind.
    pub kind: Kind,
    /// Its natural key: a client's name, a provider's name, a domain, a root's name.
    pub key: String,
    /// Its id, by which calls name it. For children without one the key.
    pub id: String,
    /// The id of the client that it belongs to, if it is a client's.
    pub client: Option<String>,
    /// Its canonical spec.
    pub spec: Value,
    /// The body that `Describe…` gave.
    pub body: Value,
    /// The second body of a kind that has two: what `GetUserPoolMfaConfig`, or `GetIdentityPoolRoles`, gave.
    pub second: Value,
    /// All tags, AWS's and poolkeeper's too.
    pub tags: Tags,
    /// What references may ask of it.
    pub attributes: BTreeMap<&'static str, String>,
}

impl Live {
    /// A resource of which nothing but kind, key and id is known: a child that was only listed.
    #[must_use]
    pub fn listed(kind: Kind, key: &str, id: &str) -> Self {
        Self {
            kind,
            key: key.to_owned(),
            id: id.to_owned(),
            client: None,
            spec: Value::Null,
            body: Value::Null,
            second: Value::Null,
            tags: Tags::new(),
            attributes: BTreeMap::new(),
        }
    }

    /// A resource with the body that AWS gave of it.
    ///
    /// # Errors
    /// The body holds something that the kind's spec cannot.
    pub fn read(kind: Kind, key: &str, id: &str, body: Value) -> Result<Self, Error> {
        let spec = body::from_api(kind, &body);
        let mut live = Self { body, ..Self::listed(kind, key, id) };
        live.set_spec(spec)?;
        Ok(live)
    }

    /// Sets the spec from one that is not canonical yet.
    ///
    /// # Errors
    /// It holds something that the kind's spec cannot.
    pub fn set_spec(&mut self, mut spec: Value) -> Result<(), Error> {
        if let Some(tags) = spec.get_mut("tags").and_then(Value::as_object_mut) {
            self.tags =
                tags.iter().filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect();
            tags.retain(|key, _| ownership::is_users(key));
        }
        self.spec = self.kind.canonical(&spec).map_err(|why| {
            Error::refused(format!(
                "AWS's answer about the {} `{}` is not understood: {why}",
                self.kind.title(),
                self.key
            ))
            .with_help("a newer version of poolkeeper may know it")
        })?;
        Ok(())
    }

    /// The text at a member of the body.
    #[must_use]
    pub fn text(&self, member: &str) -> Option<&str> {
        self.body.get(member).and_then(Value::as_str)
    }

    /// Of a facet of which there are several its own key, without the client's name.
    #[must_use]
    pub fn own_key(&self) -> &str {
        match (&self.client, self.key.rsplit_once('/')) {
            (Some(_), Some((_, key))) => key,
            _ => &self.key,
        }
    }

    /// Whether it is a domain that AWS could not set up.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.kind == Kind::Domain && self.text("Status") == Some("FAILED")
    }

    /// What AWS is still doing with a domain or a replica, for people.
    #[must_use]
    pub fn under_way(&self) -> Option<&'static str> {
        match self.text("Status").filter(|_| matches!(self.kind, Kind::Domain | Kind::Replica))? {
            "CREATING" => Some("making"),
            "UPDATING" => Some("changing"),
            "DELETING" => Some("deleting"),
            _ => None,
        }
    }

    /// How many users a user pool holds, by AWS's estimate.
    #[must_use]
    pub fn users(&self) -> i64 {
        self.body.get("EstimatedNumberOfUsers").and_then(Value::as_i64).unwrap_or_default()
    }

    /// The stack and the address that its tags name.
    #[must_use]
    pub fn owner(&self) -> Option<(&str, &str)> {
        let stack = self.tags.get(ownership::STACK)?;
        Some((stack, self.tags.get(ownership::RESOURCE).map_or("", String::as_str)))
    }
}

/// A pool as a listing of all pools shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// When it was last changed, in seconds since 1970, where AWS says so.
    pub modified: Option<f64>,
}

/// A live user pool or identity pool or function that belongs to the stack, or is to belong to it.
#[derive(Clone)]
pub struct Root {
    /// The resource itself.
    pub live: Live,
    /// Whether its tags say that it is the stack's own already.
    pub owned: bool,
    /// What lives inside it.
    pub children: Vec<Live>,
    /// Which of these the stack has made.
    pub ledger: Ledger,
    /// The functions that the pool may invoke, by the ARN that the trigger names: whether any
    /// statement allows it, and whether the statement is poolkeeper's.
    pub permissions: BTreeMap<String, Permission>,
}

/// What a function's policy says of one pool.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Permission {
    /// Some statement lets the pool invoke the function.
    pub allowed: bool,
    /// The statement that poolkeeper adds is there.
    pub ours: bool,
}

impl Root {
    /// Whether its tags say that it is the stack's own at this address.
    #[must_use]
    pub fn is_at(&self, address: &Path) -> bool {
        self.owned && self.live.owner().is_some_and(|(_, at)| at == address.to_string())
    }

    /// The live facets that a declared one stands for: at most one of the pool, or of the client that it
    /// belongs to.
    fn facets(&self, stack: &Stack, facet: &Resource) -> Vec<&Live> {
        let client = facet.client().map(|client| {
            let found = stack.resource(&client).map(|client| self.standing_for(stack, client)).unwrap_or_default();
            if let [client] = found.as_slice() { Some(client.id.clone()) } else { None }
        });
        let client = match client {
            Some(None) => return Vec::new(),
            Some(client) => client,
            None => None,
        };
        let same_key = |live: &&Live| facet.own_key().is_empty() || live.own_key() == facet.own_key();
        let of_kind = self.children.iter().filter(|live| live.kind == facet.kind && live.client == client);
        of_kind.filter(same_key).collect()
    }

    /// The children with the natural key of a declared one, or with the id that it is pinned to; where
    /// there is none, those that have the name which it had before.
    #[must_use]
    pub fn standing_for(&self, stack: &Stack, child: &Resource) -> Vec<&Live> {
        if child.kind.is_facet() {
            return self.facets(stack, child);
        }
        let of_kind = || self.children.iter().filter(|live| live.kind == child.kind);
        let named = |name: &str| of_kind().filter(|live| live.key == name).collect::<Vec<_>>();
        if let Some(id) = &child.id {
            return of_kind().filter(|live| live.id == *id).collect();
        }
        let now = named(child.natural_key());
        if now.is_empty() { self.before(child) } else { now }
    }

    /// The children that have the name which a declared one had before.
    #[must_use]
    pub fn before(&self, child: &Resource) -> Vec<&Live> {
        let former = self.children.iter().filter(|live| live.kind == child.kind);
        former.filter(|live| child.former_key() == Some(&live.key) && child.natural_key() != live.key).collect()
    }
}

/// Everything that was read for one stack.
#[derive(Clone, Default)]
pub struct Snapshot {
    /// The declared roots that are live, by address.
    pub roots: BTreeMap<Path, Root>,
    /// Why a declared root cannot be worked on, by address.
    pub blocked: BTreeMap<Path, String>,
    /// Roots that carry the stack's tags and are not in the file, with the address in their tags.
    pub removed: Vec<(Path, Root)>,
    /// The hashes of the files that the stack names, by the paths of the properties that name them.
    pub hashes: BTreeMap<Path, String>,
    /// What the user should know of how this was read.
    pub notes: Vec<String>,
}

/// What references may ask of a resource, from its body and where it is.
#[must_use]
pub fn attributes(live: &Live, place: &Place) -> BTreeMap<&'static str, String> {
    let Place { region, .. } = place;
    let id = &live.id;
    let suffix = if place.partition == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" };
    let text = |member: &str| live.text(member).map(str::to_owned);
    let mut known = BTreeMap::new();
    let mut set = |name, value: Option<String>| {
        if let Some(value) = value {
            known.insert(name, value);
        }
    };
    match live.kind {
        Kind::UserPool => {
            let provider = format!("cognito-idp.{region}.{suffix}/{id}");
            let updated = live.spec.pointer("/issuerConfiguration/type").and_then(Value::as_str) == Some("UPDATED");
            let issuer = if updated { format!("https://issuer-{provider}") } else { format!("https://{provider}") };
            set("id", Some(id.clone()));
            set("arn", text("Arn"));
            set("jwksUri", Some(format!("{issuer}/.well-known/jwks.json")));
            set("issuer", Some(issuer));
            set("providerName", Some(provider));
        }
        Kind::Client => {
            set("id", Some(id.clone()));
            set("secret", text("ClientSecret"));
        }
        Kind::Domain => {
            let host = if live.key.contains('.') {
                live.key.clone()
            } else {
                let domain = match place.partition.as_str() {
                    "aws-us-gov" => "amazoncognito-us-gov.com",
                    "aws-cn" => "amazoncognito.com.cn",
                    _ => "amazoncognito.com",
                };
                format!("{}.auth.{region}.{domain}", live.key)
            };
            set("url", Some(format!("https://{host}")));
            set("host", Some(host));
            set("cloudFrontDistribution", text("CloudFrontDistribution"));
        }
        Kind::IdentityPool => {
            set("id", Some(id.clone()));
            set(
                "arn",
                Some(format!("arn:{}:cognito-identity:{region}:{}:identitypool/{id}", place.partition, place.account)),
            );
        }
        Kind::Function => {
            set("arn", Some(id.clone()));
            set("name", Some(live.key.clone()));
        }
        Kind::IdentityProvider | Kind::Group => set("name", Some(live.key.clone())),
        Kind::ResourceServer => set("identifier", Some(live.key.clone())),
        _ => {}
    }
    known
}

/// An object without some of its members.
#[must_use]
pub fn without(value: &Value, members: &[&str]) -> Value {
    let Value::Object(map) = value else { return value.clone() };
    let kept = map.iter().filter(|(key, _)| !members.contains(&key.as_str()));
    Value::Object(kept.map(|(key, value)| (key.clone(), value.clone())).collect::<Map<_, _>>())
}
