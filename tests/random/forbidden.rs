//! From one stack to another to which AWS does not allow to go, or only when somebody says so: one
//! change that must be blocked where it stands, and nothing else that is.

use poolkeeper::path::Path;
use poolkeeper::plan::work::Options;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::settle::{client, facets, settle, take, texts};
use crate::stack_file::{StackFile, entries};

/// A stack that cannot follow another.
#[derive(Debug, Clone)]
pub(crate) struct Forbidden {
    /// The stack.
    pub(crate) stack: StackFile,
    /// What is allowed on the command line, and does not help.
    pub(crate) options: Options,
    /// What must be blocked.
    pub(crate) address: Path,
    /// The property that it must be blocked for; none where the whole resource would go.
    pub(crate) property: Option<Path>,
}

/// A stack to which AWS does not allow to go from `first`, which has a user pool.
pub(crate) fn forbidden(first: &StackFile) -> impl Strategy<Value = Forbidden> + use<> {
    proptest::sample::select(all(first))
}

/// All of one change each.
fn all(first: &StackFile) -> Vec<Forbidden> {
    let mut found = Found { first: &first.0, all: Vec::new() };
    for (key, pool) in entries(first.0.get("userPools")) {
        let address = Path::root().key("userPools").key(key);
        found.pool(&address, &pool);
        found.attributes(&address, &pool);
        found.children(&address, &pool);
    }
    for (key, pool) in entries(first.0.get("identityPools")) {
        let address = Path::root().key("identityPools").key(key);
        found.gone(&address, Options::default());
        if pool.get("developerProviderName").is_some() {
            found.changed(&address, "developerProviderName", Some(json!("another.name")));
            found.changed(&address, "developerProviderName", None);
        }
    }
    for (key, _) in entries(first.0.get("functions")) {
        let address = Path::root().key("functions").key(key);
        found.changed(&address, "name", Some(json!("another-name")));
    }
    found.all
}

struct Found<'a> {
    first: &'a Value,
    all: Vec<Forbidden>,
}

impl Found<'_> {
    /// A change of one resource that is blocked for this property.
    fn add(&mut self, address: &Path, property: &Path, change: impl FnOnce(&mut Value)) {
        let mut stack = self.first.clone();
        change(at(&mut stack, address));
        let stack = StackFile(settle(stack));
        let (address, property) = (address.clone(), Some(property.clone()));
        self.all.push(Forbidden { stack, options: Options::default(), address, property });
    }

    /// Another value of a property, or none.
    fn changed(&mut self, address: &Path, property: &str, value: Option<Value>) {
        self.add(address, &Path::root().key(property), |resource| match value {
            Some(value) => resource[property] = value,
            None => drop(take(resource, property)),
        });
    }

    /// The resource taken out.
    fn gone(&mut self, address: &Path, options: Options) {
        let mut stack = self.first.clone();
        let parent = address.parent().expect("a section");
        take(at(&mut stack, &parent), address.last_key().expect("a key"));
        let stack = StackFile(settle(stack));
        self.all.push(Forbidden { stack, options, address: address.clone(), property: None });
    }

    fn pool(&mut self, address: &Path, pool: &Value) {
        self.gone(address, Options::default());
        if pool.get("deletionProtection") == Some(&json!("ACTIVE")) {
            self.gone(address, Options { allow_delete: vec![address.clone()], ..Options::default() });
        }
        let (names, aliases) = (pool.get("usernameAttributes"), pool.get("aliasAttributes"));
        if aliases.is_none() {
            let other = if names == Some(&json!(["email"])) { None } else { Some(json!(["email"])) };
            self.changed(address, "usernameAttributes", other);
        }
        if names.is_none() {
            let other = if aliases == Some(&json!(["email"])) { None } else { Some(json!(["email"])) };
            self.changed(address, "aliasAttributes", other);
        }
        let sensitive = pool.pointer("/usernameConfiguration/caseSensitive") != Some(&json!(false));
        self.changed(address, "usernameConfiguration", Some(json!({"caseSensitive": !sensitive})));
    }

    /// An attribute is as it was made.
    fn attributes(&mut self, address: &Path, pool: &Value) {
        let schema = pool.get("schema").and_then(Value::as_array).cloned().unwrap_or_default();
        let list = Path::root().key("schema");
        for (index, attribute) in schema.iter().enumerate() {
            let is = |property: &str, wanted: bool| attribute.get(property) == Some(&json!(wanted));
            let name = attribute.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
            // Where users must have it, providers map it, and then it must be mutable.
            let mutable = is("mutable", false);
            if !is("required", true) {
                self.add(address, &list.key(&name), |pool| {
                    pool["schema"][index]["mutable"] = json!(mutable);
                });
            }
            if name == "custom:note" {
                self.add(address, &list.key(&name).key("attributeDataType"), |pool| {
                    pool["schema"][index]["attributeDataType"] = json!("Number");
                });
            }
        }
        self.add(address, &list.key("website"), |pool| {
            let mut more = schema;
            more.push(json!({"name": "website", "required": true}));
            pool["schema"] = json!(more);
        });
    }

    /// Nothing of a style can be taken out.
    fn style(&mut self, address: &Path, style: &Value, ignored: bool) {
        let said = facets::settings(style);
        for (section, _) in entries(Some(&said)).into_iter().filter(|_| !ignored) {
            let mut less = said.clone();
            take(&mut less, &section);
            // Without any settings the style would be AWS's own.
            self.add(address, &Path::root().key("settings").key(section), |style| style["settings"] = less);
        }
        let images = style.get("assets").and_then(Value::as_array).map_or(0, Vec::len);
        for number in 0..images {
            self.add(address, &Path::root().key("assets"), |style| {
                style["assets"].as_array_mut().expect("images").remove(number);
            });
        }
    }

    fn children(&mut self, pool_address: &Path, pool: &Value) {
        for (key, group) in entries(pool.get("groups")) {
            let address = pool_address.key("groups").key(key);
            for (property, _) in entries(Some(&group)) {
                self.changed(&address, &property, None);
            }
        }
        for (key, declared) in entries(pool.get("clients")) {
            let address = pool_address.key("clients").key(&key);
            self.add(&address, &Path::root().key("generateSecret"), |client| {
                let has = client::has_secret(client);
                take(client, "clientSecret");
                client["generateSecret"] = json!(!has);
            });
            if declared.get("clientSecret").is_some() {
                self.changed(&address, "clientSecret", Some(json!("another_secret_of_24_chars")));
            }
            let ignored = texts(pool.get("ignoreChanges"));
            let ignored = ignored.iter().any(|path| *path == format!("clients.{key}.managedLoginBranding.settings"));
            if let Some(style) = declared.get("managedLoginBranding") {
                self.style(&address.key("managedLoginBranding"), style, ignored);
            }
        }
        for (key, provider) in entries(pool.get("identityProviders")) {
            let address = pool_address.key("identityProviders").key(key);
            let saml = json!({"MetadataURL": "https://partner.example.com/c"});
            if provider.get("providerType") == Some(&json!("OIDC")) {
                self.add(&address, &Path::root().key("providerType"), |provider| {
                    provider["providerType"] = json!("SAML");
                    provider["providerDetails"] = saml;
                    take(provider, "acrMapping");
                });
            }
        }
    }
}

/// What stands at an address.
fn at<'a>(stack: &'a mut Value, address: &Path) -> &'a mut Value {
    address.segments().iter().fold(stack, |value, segment| match segment {
        poolkeeper::path::Segment::Key(key) => &mut value[key],
        poolkeeper::path::Segment::Index(index) => &mut value[index],
    })
}
