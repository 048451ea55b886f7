//! The kinds of resource, one file each. A kind's *spec* is one Rust type: what the file says, what
//! the live read produces, what the diff compares and what the JSON schema describes. AWS's
//! defaults stand in that type, once. What a change of a property means stands on the property, as
//! schema keywords of our own, read by the checker, the diff and the views:
//!
//! | keyword | meaning |
//! |---|---|
//! | `x-change: create-only` | AWS cannot change it once the resource exists |
//! | `x-change: set-once` | it may be added later; once it is there, AWS cannot change or remove it |
//! | `x-change: add-only` | a keyed list that AWS only adds to |
//! | `x-change: no-removal` | AWS adds to it and changes it in place, and cannot take anything out |
//! | `x-key: NAME` | the items of this list are told apart by their property NAME, or by several: `NAME,NAME` |
//! | `x-secret: true` | the value is never shown |
//! | `x-compare: declared` | only what the file declares in it is compared and changed |
//! | `x-compare: never` | it says how to work, not what should be live |
//! | `x-empty: on` | `{}` is not the same as absent: it turns the feature on |
//! | `x-empty: error` | an empty list is an error, since AWS would read it as "all" |
//! | `x-pattern-help: TEXT` | what `pattern` allows, for people |
//!
//! Values travel as JSON in the spec's own names. Only a kind's `calls` knows the API.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::diagnostic::Findings;
use crate::path::Path;
use crate::reference;

mod arn;
pub mod client;
pub mod domain;
pub mod files;
pub mod function;
pub mod group;
pub mod identity_pool;
pub mod identity_provider;
pub mod log_configurations;
pub mod managed_login_branding;
pub mod replica;
pub mod resource_server;
pub mod risk_configuration;
pub mod tags;
pub mod terms;
#[cfg(test)]
pub(crate) mod testing;
pub mod ui_customization;
pub mod user_pool;

/// What every kind's spec can do.
pub trait Spec: Serialize + DeserializeOwned + JsonSchema {
    /// Where the rule of names (equal without regard to case) is not enough: pairs of the spec's
    /// top-level property and the API's member, first the one that is written.
    const API_NAMES: &'static [(&'static str, &'static str)] = &[];

    /// Brings what AWS treats as the same into one form. Applied to both sides before they are compared.
    fn normalize(&mut self) {}

    /// AWS's rules across properties, for what the file declares. Types, ranges, enums and patterns
    /// are in the schema already.
    fn check(&self, _findings: &mut Findings) {}
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident: $spec:ty, $section:literal, $title:literal, $form:ident in $holders:expr;)*) => {
        /// A kind of resource.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            /// All kinds, in the order in which they are created.
            pub const ALL: &'static [Kind] = &[$(Kind::$kind,)*];

            /// The property in the file that holds resources of this kind.
            #[must_use]
            pub fn section(self) -> &'static str {
                match self { $(Kind::$kind => $section,)* }
            }

            /// What a person calls it.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Kind::$kind => $title,)* }
            }

            /// How its section is written.
            #[must_use]
            pub fn form(self) -> Form {
                match self { $(Kind::$kind => Form::$form,)* }
            }

            /// The kinds in whose entries its section stands; none for a root.
            #[must_use]
            pub fn holders(self) -> &'static [Kind] {
                match self { $(Kind::$kind => $holders,)* }
            }

            /// The JSON schema of its spec, with all subschemas inline.
            #[must_use]
            pub fn schema(self) -> &'static Value {
                match self { $(Kind::$kind => {
                    static SCHEMA: std::sync::LazyLock<Value> = std::sync::LazyLock::new(schema_of::<$spec>);
                    &SCHEMA
                })* }
            }

            /// The canonical spec of a resource of which nothing is said: AWS's defaults. Null where a
            /// kind has properties that must be given.
            #[must_use]
            pub fn defaults(self) -> &'static Value {
                match self { $(Kind::$kind => {
                    static DEFAULTS: std::sync::LazyLock<Value> =
                        std::sync::LazyLock::new(|| Kind::$kind.canonical(&Value::Object(Map::new())).unwrap_or_default());
                    &DEFAULTS
                })* }
            }

            /// The pairs of [`Spec::API_NAMES`].
            #[must_use]
            pub fn api_names(self) -> &'static [(&'static str, &'static str)] {
                match self { $(Kind::$kind => <$spec>::API_NAMES,)* }
            }

            /// The whole spec that a partial one stands for: with AWS's defaults for what is absent,
            /// sets sorted, and what AWS treats as the same in one form.
            ///
            /// # Errors
            /// Says what of the value the type cannot hold.
            pub fn canonical(self, value: &Value) -> Result<Value, String> {
                match self { $(Kind::$kind => canonical_of::<$spec>(value, self.schema()),)* }
            }

            /// AWS's rules across properties for what the file declares.
            pub fn check(self, declared: &Value, base: &Path) -> Vec<crate::diagnostic::Finding> {
                match self { $(Kind::$kind => check_of::<$spec>(declared, base, self.schema()),)* }
            }
        }
    };
}

kinds! {
    /// A Lambda function that serves as a trigger.
    Function: function::Function, "functions", "function", ByKey in &[];
    /// A user pool: a directory of users and their ways to sign in.
    UserPool: user_pool::UserPool, "userPools", "user pool", ByKey in &[];
    /// An identity provider of a user pool.
    IdentityProvider: identity_provider::IdentityProvider, "identityProviders", "identity provider", ByKey in IN_POOL;
    /// A resource server of a user pool: an API and its scopes.
    ResourceServer: resource_server::ResourceServer, "resourceServers", "resource server", ByKey in IN_POOL;
    /// A group of a user pool.
    Group: group::Group, "groups", "group", ByKey in IN_POOL;
    /// A domain of a user pool.
    Domain: domain::Domain, "domains", "domain", ByKey in IN_POOL;
    /// An app client of a user pool.
    Client: client::Client, "clients", "app client", ByKey in IN_POOL;
    /// How the classic sign-in pages look, for all clients of a user pool or for one.
    UiCustomization: ui_customization::UiCustomization, "uiCustomization", "UI customization", One in IN_POOL_AND_CLIENT;
    /// Threat protection's settings, for all clients of a user pool or for one.
    RiskConfiguration: risk_configuration::RiskConfiguration, "riskConfiguration", "risk configuration", One in IN_POOL_AND_CLIENT;
    /// Where a user pool's logs go.
    LogConfigurations: log_configurations::LogDelivery, "logConfigurations", "log delivery configuration", List in IN_POOL;
    /// How managed login looks for an app client.
    ManagedLoginBranding: managed_login_branding::ManagedLoginBranding, "managedLoginBranding", "managed login branding", One in IN_CLIENT;
    /// A document that managed login links to for an app client.
    Terms: terms::Terms, "terms", "terms document", ByKey in IN_CLIENT;
    /// A replica of a user pool in another region.
    Replica: replica::Replica, "replicas", "replica", ByKey in IN_POOL;
    /// An identity pool, with its roles, role mappings and principal tags.
    IdentityPool: identity_pool::IdentityPool, "identityPools", "identity pool", ByKey in &[];
}

const IN_POOL: &[Kind] = &[Kind::UserPool];
const IN_CLIENT: &[Kind] = &[Kind::Client];
const IN_POOL_AND_CLIENT: &[Kind] = &[Kind::UserPool, Kind::Client];

/// How the section of a kind is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As a map of resources, each under its key.
    ByKey,
    /// As the one resource that there is.
    One,
    /// As the one resource that there is, of which only its one property, a list, is written.
    List,
}

impl Kind {
    /// The kind whose resources stand in the map `section`.
    #[must_use]
    pub fn of_section(section: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.section() == section)
    }

    /// Whether it is a facet: a setting of a pool or client of its own, which is only read where it is
    /// declared or in the ledger.
    #[must_use]
    pub fn is_facet(self) -> bool {
        use Kind as K;
        matches!(
            self,
            K::UiCustomization
                | K::RiskConfiguration
                | K::LogConfigurations
                | K::ManagedLoginBranding
                | K::Terms
                | K::Replica
        )
    }

    /// The keys that facets of this kind have where they stand; one that stands alone has an empty one. Those
    /// of replicas are not known beforehand.
    #[must_use]
    pub fn facet_keys(self) -> &'static [&'static str] {
        match self {
            Kind::Terms => &terms::NAMES,
            _ => &[""],
        }
    }

    /// The kind of the root that it lives inside of, at whatever depth; none for a root.
    #[must_use]
    pub fn parent(self) -> Option<Kind> {
        (!self.holders().is_empty()).then_some(Kind::UserPool)
    }

    /// The kinds that live inside this root, at whatever depth, in the order in which they are created.
    pub fn children(self) -> impl Iterator<Item = Kind> {
        Kind::ALL.iter().copied().filter(move |kind| kind.parent() == Some(self))
    }

    /// The kinds whose sections stand in the entries of this one.
    pub fn held(self) -> impl Iterator<Item = Kind> {
        Kind::ALL.iter().copied().filter(move |kind| kind.holders().contains(&self))
    }

    /// The kind whose section in the entries of this one is called `section`.
    #[must_use]
    pub fn held_as(self, section: &str) -> Option<Kind> {
        self.held().find(|kind| kind.section() == section)
    }
}

/// What tells a facet from others of its kind in a pool: the client's name, if it is a client's, and its
/// key, if it is one of several.
#[must_use]
pub fn facet_key(client: Option<&str>, key: &str) -> String {
    match (client, key) {
        (Some(client), "") => client.to_owned(),
        (Some(client), key) => format!("{client}/{key}"),
        (None, key) => key.to_owned(),
    }
}

fn schema_of<S: Spec>() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
        settings.transforms.push(Box::new(forbid_null));
    });
    settings.into_generator().into_root_schema_for::<S>().to_value()
}

fn canonical_of<S: Spec>(value: &Value, schema: &Value) -> Result<Value, String> {
    let mut spec: S = serde_json::from_value(without_empty(value, schema)).map_err(|error| error.to_string())?;
    spec.normalize();
    serde_json::to_value(&spec).map_err(|error| error.to_string())
}

fn check_of<S: Spec>(declared: &Value, base: &Path, schema: &Value) -> Vec<crate::diagnostic::Finding> {
    let (known, unknown) = split_unknown(&without_empty(declared, schema), schema);
    let mut findings = Findings::new(base.clone(), unknown);
    if let Ok(spec) = serde_json::from_value::<S>(known) {
        spec.check(&mut findings);
    }
    findings.into_list()
}

/// The value without the properties that are `[]` or `{}`, which mean the same as absent, but for
/// those whose schema says otherwise.
fn without_empty(value: &Value, schema: &Value) -> Value {
    let Value::Object(map) = value else { return value.clone() };
    let mut kept = Map::new();
    for (key, value) in map {
        let inner = schema.pointer("/properties").and_then(|properties| properties.get(key));
        let value = inner.map_or_else(|| value.clone(), |inner| without_empty(value, inner));
        let empty = value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Map::is_empty);
        let means_something = inner.is_some_and(|inner| inner.get("x-empty").is_some());
        if !empty || means_something {
            kept.insert(key.clone(), value);
        }
    }
    Value::Object(kept)
}

/// Takes out what a typed spec cannot hold before it is known (an open number, say); gives what is
/// left and the paths of all that is not known yet.
fn split_unknown(value: &Value, schema: &Value) -> (Value, Vec<Path>) {
    // A key that is not known yet leaves nothing open of what stands under it.
    let open_key = |path: &Path| path.last_key().is_some_and(|key| !reference::in_text(key).is_empty());
    let unknown = reference::in_value(value).into_iter().map(|(path, _)| path).filter(|path| !open_key(path)).collect();
    (drop_open_scalars(value, schema), unknown)
}

fn drop_open_scalars(value: &Value, schema: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let inner = |key: &str| {
                schema
                    .get("properties")
                    .and_then(|properties| properties.get(key))
                    .or_else(|| schema.get("additionalProperties"))
            };
            let keep = map.iter().filter_map(|(key, value)| {
                let schema = inner(key).unwrap_or(&Value::Null);
                (!is_open_text(value) || is_plain_text(schema)).then(|| (key.clone(), drop_open_scalars(value, schema)))
            });
            Value::Object(keep.collect())
        }
        Value::Array(items) => {
            let schema = schema.get("items").unwrap_or(&Value::Null);
            items
                .iter()
                .filter(|item| !is_open_text(item) || is_plain_text(schema))
                .map(|item| drop_open_scalars(item, schema))
                .collect()
        }
        other => other.clone(),
    }
}

fn is_open_text(value: &Value) -> bool {
    value.is_string() && reference::is_open(value)
}

/// Whether the schema takes any text, so that a text that is not known yet can stand in for it.
fn is_plain_text(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("string") && schema.get("enum").is_none()
}

/// Makes schemas say what the file means: `null` is never a value, and 32-bit numbers have bounds.
fn forbid_null(schema: &mut schemars::Schema) {
    schemars::transform::transform_subschemas(&mut forbid_null, schema);
    let Some(object) = schema.as_object_mut() else { return };
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            object.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(values)) = object.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    if let Some(Value::Array(mut options)) = object.remove("anyOf") {
        options.retain(|option| option.get("type").and_then(Value::as_str) != Some("null"));
        if let [Value::Object(only)] = options.as_slice() {
            for (key, value) in only {
                object.entry(key).or_insert_with(|| value.clone());
            }
        } else {
            // An enum that is open for what AWS may add is still one of its values.
            let is_enum = options.iter().all(|option| option.get("const").is_some());
            object.insert(if is_enum { "oneOf" } else { "anyOf" }.to_owned(), Value::Array(options));
        }
    }
    let bounds = match object.get("format").and_then(Value::as_str) {
        Some("int32") => Some((i64::from(i32::MIN), i64::from(i32::MAX))),
        Some("uint32") => Some((0, i64::from(u32::MAX))),
        _ => None,
    };
    if let Some((least, most)) = bounds {
        object.entry("minimum").or_insert(least.into());
        object.entry("maximum").or_insert(most.into());
        object.remove("format");
    }
}
