//! Rules across resources: what AWS asks of them together, and what of a resource hangs on its key,
//! which its spec does not know. All of it is judged from the file alone. What is not known yet is
//! never judged wrong; where two texts that hold the same open reference are compared, they are
//! equal as texts.
//!
//! A pool with `unmanaged: ignore` shares its children with other hands, so there what the file
//! lacks may still exist.

use serde_json::{Map, Value};

use super::{Resource, Stack, suggest};
use crate::diagnostic::Finding;
use crate::kind::Kind;
use crate::path::Path;
use crate::reference;

mod client;
mod domain;
mod facet;
mod function;
mod identity_pool;
mod names;
mod place;
mod pool;
mod provider;
mod replica;
#[cfg(test)]
mod tests;
mod triggers;

/// What of the stack's resources AWS would refuse.
#[must_use]
pub fn check(stack: &Stack) -> Vec<Finding> {
    let mut findings = Vec::new();
    names::check(stack, &mut findings);
    for resource in &stack.resources {
        let found = &mut findings;
        place::check(stack, resource, found);
        match resource.kind {
            Kind::Function => function::check(stack, resource, found),
            Kind::UserPool => {
                let pool = pool::Pool { stack, resource };
                domain::check_pool(&pool, found);
                replica::check_pool(&pool, found);
                triggers::check(stack, resource, found);
            }
            Kind::IdentityPool => identity_pool::check(resource, found),
            Kind::ResourceServer | Kind::Group => {}
            _ => {
                let Some(pool) = pool::Pool::around(stack, resource) else { continue };
                match resource.kind {
                    Kind::Domain => domain::check(&pool, resource, found),
                    Kind::IdentityProvider => provider::check(&pool, resource, found),
                    Kind::Client => client::check(&pool, resource, found),
                    Kind::Replica => {
                        replica::check(&pool, resource, found);
                        triggers::check(stack, resource, found);
                    }
                    _ => facet::check(&pool, resource, found),
                }
            }
        }
    }
    findings
}

impl Resource {
    /// The path of a property in the file.
    fn path(&self, property: &str) -> Path {
        self.base().key(property)
    }

    /// A property that is a text.
    fn text(&self, property: &str) -> Option<&str> {
        self.declared.get(property)?.as_str()
    }

    /// The texts in a property that is a list, each with its path in the file.
    fn texts(&self, property: &str) -> impl Iterator<Item = (Path, &str)> {
        let list = self.path(property);
        let items = self.declared.get(property).and_then(Value::as_array).into_iter().flatten().enumerate();
        items.filter_map(move |(index, item)| Some((list.index(index), item.as_str()?)))
    }

    /// The entries of a property that is a map.
    fn entries(&self, property: &str) -> impl Iterator<Item = (&String, &Value)> {
        self.declared.get(property).and_then(Value::as_object).into_iter().flat_map(Map::iter)
    }

    /// Whether a property is there; empty is the same as absent.
    fn has(&self, property: &str) -> bool {
        match self.declared.get(property) {
            Some(Value::Array(items)) => !items.is_empty(),
            Some(Value::Object(map)) => !map.is_empty(),
            other => other.is_some(),
        }
    }
}

fn is_open(text: &str) -> bool {
    !reference::in_text(text).is_empty()
}

/// `did you mean …`, if one of the names is close.
fn did_you_mean<'a>(text: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    suggest::nearest(text, names).map(|name| format!("did you mean `{name}`?"))
}
