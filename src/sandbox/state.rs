//! What is there, as plain data: accounts, their regions, and in each the pools with all that is
//! inside them. Bodies hold members under the API's own names, as a Describe shows them. Nothing
//! here knows a rule. A member that is not known here is refused when a state is read: it would be
//! lost when that is kept again.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Members by their names in the API.
pub type Body = Map<String, Value>;

/// Tags.
pub type Tags = BTreeMap<String, String>;

/// All there is.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct State {
    /// Seconds since 1970 when this was last kept.
    pub clock: f64,
    /// Counts what was made; ids are derived from it.
    pub serial: u64,
    /// Regions by account.
    pub accounts: BTreeMap<String, BTreeMap<String, Region>>,
}

/// What an account has in a region.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Region {
    /// By id.
    pub user_pools: BTreeMap<String, UserPool>,
    /// By id.
    pub identity_pools: BTreeMap<String, IdentityPool>,
    /// By name.
    pub functions: BTreeMap<String, Function>,
    /// What the tag query knows, by ARN: each entry holds from its time on.
    pub tag_index: BTreeMap<String, Vec<Indexed>>,
}

/// Tags as the tag query shows them from a time on; none once the resource is gone.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Indexed {
    /// Seconds since 1970.
    pub from: f64,
    /// The tags.
    pub tags: Option<Tags>,
}

/// A user pool.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UserPool {
    /// The members that a Describe shows, but for tags, domains and what is computed.
    pub body: Body,
    /// Its tags.
    pub tags: Tags,
    /// The factors of multi-factor authentication: `SmsMfaConfiguration` and its like.
    pub mfa: Body,
    /// Clients by id.
    pub clients: BTreeMap<String, Client>,
    /// Identity providers by name.
    pub providers: BTreeMap<String, Body>,
    /// Resource servers by identifier.
    pub resource_servers: BTreeMap<String, Body>,
    /// Groups by name.
    pub groups: BTreeMap<String, Group>,
    /// Domains by name.
    pub domains: BTreeMap<String, Domain>,
    /// Users by name.
    pub users: BTreeMap<String, Body>,
    /// Threat protection of all clients that have none of their own, as a Describe shows it; empty
    /// where none was set.
    pub risk: Body,
    /// The look of the classic hosted pages of all clients that have none of their own, as a Get shows
    /// it; empty where none was set.
    pub ui: Body,
    /// Where logs go, as they were set.
    pub log_delivery: Vec<Value>,
    /// Its replicas, by the region that each is in.
    pub replicas: BTreeMap<String, Replica>,
}

/// A replica of a user pool: what its region has of its own, beside all that is the pool's.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Replica {
    /// The members that a Describe in its region shows in place of the pool's.
    pub body: Body,
    /// Its tags.
    pub tags: Tags,
    /// `CREATING` or `DELETING` until `ready`.
    pub work: String,
    /// Seconds since 1970 from when on it can be used, or is gone.
    pub ready: f64,
    /// Whether it is there for the pool's users.
    pub active: bool,
}

/// An app client.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Client {
    /// The members that a Describe shows.
    pub body: Body,
    /// Its secrets.
    pub secrets: Vec<Secret>,
    /// Threat protection of its own; empty where it has none.
    pub risk: Body,
    /// A look of the classic hosted pages of its own; empty where it has none.
    pub ui: Body,
    /// Its style of managed login, as a Describe shows it; empty where it has none.
    pub branding: Body,
    /// Its terms by name, as a Describe shows them.
    pub terms: BTreeMap<String, Body>,
}

/// A client's secret.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Secret {
    /// `<client>--<epoch>`.
    pub id: String,
    /// The value.
    pub value: String,
    /// Seconds since 1970.
    pub created: f64,
}

/// A group.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Group {
    /// The members that a Get shows.
    pub body: Body,
    /// The names of the users in it.
    pub members: BTreeSet<String>,
}

/// A domain.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Domain {
    /// The members that a Describe shows, but for the status.
    pub body: Body,
    /// `CREATING`, `UPDATING` or `DELETING` until `ready`.
    pub work: String,
    /// Seconds since 1970 from when on it is active, or gone.
    pub ready: f64,
}

/// An identity pool.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IdentityPool {
    /// The members that a Describe shows, but for the tags.
    pub body: Body,
    /// Its tags.
    pub tags: Tags,
    /// `Roles` and `RoleMappings`.
    pub roles: Body,
    /// Principal tag maps, by provider.
    pub principal_tags: BTreeMap<String, Body>,
}

/// A Lambda function.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Function {
    /// Its configuration, as a Get shows it, but for states.
    pub body: Body,
    /// Its tags.
    pub tags: Tags,
    /// `Pending` or `InProgress` until `ready`.
    pub work: String,
    /// Seconds since 1970 from when on it can be used and changed.
    pub ready: f64,
    /// Published versions, by number: their configurations.
    pub versions: BTreeMap<String, Body>,
    /// How many versions were ever published: a number is not given twice.
    pub published: u64,
    /// Aliases by name.
    pub aliases: BTreeMap<String, Body>,
    /// Statements of its policies, by qualifier; the function's own under an empty one.
    pub policies: BTreeMap<String, Vec<Value>>,
}
