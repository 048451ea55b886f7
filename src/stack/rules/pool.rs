//! A user pool, as its children's rules see it.

use serde_json::Value;

use super::{Resource, is_open};
use crate::kind::{Kind, user_pool};
use crate::path::{Path, Segment};
use crate::reference;
use crate::stack::{Stack, Unmanaged};

/// The attribute that a pool gets with its first identity provider.
const ADDED_BY_AWS: &str = "identities";

/// A user pool of a stack.
pub(super) struct Pool<'a> {
    pub(super) stack: &'a Stack,
    pub(super) resource: &'a Resource,
}

impl<'a> Pool<'a> {
    /// The pool that a resource lives inside of.
    pub(super) fn around(stack: &'a Stack, child: &Resource) -> Option<Self> {
        let resource = stack.resource(child.parent.as_ref()?)?;
        Some(Self { stack, resource })
    }

    pub(super) fn children(&self, kind: Kind) -> impl Iterator<Item = &'a Resource> {
        self.stack.children(&self.resource.address, kind)
    }

    /// Whether children may exist that the file does not name.
    pub(super) fn is_shared(&self) -> bool {
        self.resource.unmanaged == Unmanaged::Ignore
    }

    /// Whether the pool was there before the file: what AWS has let others do with it is no fault of
    /// the file then, however little sense it makes.
    pub(super) fn is_adopted(&self) -> bool {
        self.resource.id.is_some()
    }

    /// Whether the pool is known to be in the lowest tier.
    pub(super) fn is_lite(&self) -> bool {
        self.setting(&["userPoolTier"], "ESSENTIALS") == Some("LITE")
    }

    /// A text of the pool's, or what it is where there is none. None where it is not known: not yet, or
    /// because the file leaves it to other hands.
    pub(super) fn setting(&self, names: &[&str], default: &'static str) -> Option<&'a str> {
        let path: Path = names.iter().map(|name| Segment::Key((*name).to_owned())).collect();
        let is_left = |ignored: &Path| path.starts_with(ignored) || ignored.starts_with(&path);
        if self.resource.ignore_changes.iter().any(is_left) {
            return None;
        }
        let mut value = &self.resource.declared;
        for name in names {
            match value.get(name) {
                Some(inner) => value = inner,
                None if value.is_object() => return Some(default),
                None => return None,
            }
        }
        value.as_str().filter(|text| !is_open(text))
    }

    /// The text with references to natural keys of this pool's children replaced by the keys, so
    /// that `${….identityProviders.Google.name}` is `Google`.
    pub(super) fn with_keys(&self, text: &str) -> String {
        reference::substitute_text(text, &|reference| {
            let (address, attribute) = reference.split()?;
            let child =
                self.stack.resource(&address).filter(|child| child.parent.as_ref() == Some(&self.resource.address))?;
            let is_key = matches!(
                (child.kind, attribute),
                (Kind::IdentityProvider | Kind::Group, "name") | (Kind::ResourceServer, "identifier")
            );
            is_key.then(|| child.key.clone())
        })
    }

    /// The attributes that the file declares, by the names that clients and mappings use.
    pub(super) fn attributes(&self) -> impl Iterator<Item = Attribute<'a>> {
        let schema = self.resource.declared.get("schema").and_then(Value::as_array);
        schema.into_iter().flatten().filter_map(|attribute| {
            let name = attribute.get("name")?.as_str()?;
            let is = |property: &str, wanted: bool| attribute.get(property).and_then(Value::as_bool) == Some(wanted);
            Some(Attribute {
                name: name.strip_prefix("dev:").unwrap_or(name),
                developer_only: is("developerOnlyAttribute", true),
                required: is("required", true),
                immutable: is("mutable", false),
            })
        })
    }

    /// What is wrong with the name of an attribute, if the pool has none of this name.
    pub(super) fn attribute_fault(&self, name: &str) -> Option<(String, Option<String>)> {
        let bare = name.strip_prefix("dev:").unwrap_or(name);
        let schema_open = self.resource.text("schema").is_some() || self.attributes().any(|known| is_open(known.name));
        let known = user_pool::STANDARD_ATTRIBUTES.contains(&bare) || self.attributes().any(|known| known.name == bare);
        let declared = self.attributes().find(|known| known.name == bare);
        if let Some(declared) = declared.filter(|known| known.developer_only != (bare != name)) {
            return Some(if declared.developer_only {
                let message = format!("`{name}` is `developerOnlyAttribute: true` in the user pool's `schema`");
                (message, Some(format!("AWS calls it `dev:{name}`; to users and their apps it is not there")))
            } else {
                let message = format!("`{bare}` is not `developerOnlyAttribute: true` in the user pool's `schema`");
                (message, Some(format!("write `{bare}`")))
            });
        }
        if schema_open || known || is_open(name) || bare == ADDED_BY_AWS {
            return None;
        }
        let custom = format!("custom:{bare}");
        let help = if self.attributes().any(|attribute| attribute.name == custom) {
            Some(format!("a custom attribute is written `{custom}`"))
        } else {
            let declared = self.attributes().map(|attribute| attribute.name);
            super::did_you_mean(bare, user_pool::STANDARD_ATTRIBUTES.into_iter().chain(declared))
        };
        if bare.starts_with("custom:") {
            let declare = || format!("declare it in `{}`", self.resource.path("schema"));
            let message = format!("the user pool has no attribute `{name}` in its `schema`");
            (!self.is_shared()).then(|| (message, Some(help.unwrap_or_else(declare))))
        } else {
            Some((format!("`{name}` is neither a standard attribute nor a custom one"), help))
        }
    }

    /// The path of the schema.
    pub(super) fn schema(&self) -> Path {
        self.resource.path("schema")
    }
}

/// An attribute that a pool's schema declares.
pub(super) struct Attribute<'a> {
    pub(super) name: &'a str,
    /// Whether AWS calls it `dev:` and its name.
    pub(super) developer_only: bool,
    pub(super) required: bool,
    pub(super) immutable: bool,
}
