//! A resource server of a user pool: an API whose scopes clients may ask for. Its identifier is its
//! key in the file; AWS returns the scopes sorted by name, so they are compared by name.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Spec;
use crate::diagnostic::Findings;
use crate::path::Path;

/// An API and the scopes that access tokens may grant in it. A client asks for a scope as `IDENTIFIER/SCOPENAME`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct ResourceServer {
    /// What a person calls it. 1 to 256 characters. Default: the identifier, where that is a legal name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 1, max = 256),
        pattern(r"^[A-Za-z0-9_ \t-\r+=,.@-]+$"),
        extend("x-pattern-help" = "letters, digits, spaces and _ + = , . @ -")
    )]
    pub name: Option<String>,
    /// The scopes, up to 100.
    #[serde(default)]
    #[schemars(length(max = 100), extend("x-key" = "scopeName"))]
    pub scopes: Vec<Scope>,
}

/// A scope of a resource server.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Scope {
    /// The part of the scope behind `IDENTIFIER/`. 1 to 256 characters.
    #[schemars(
        length(min = 1, max = 256),
        pattern(r"^[\x21\x23-\x2E\x30-\x5B\x5D-\x7E]+$"),
        extend("x-pattern-help" = "ASCII without spaces, quotes, / and \\")
    )]
    pub scope_name: String,
    /// What the scope allows. 1 to 256 characters.
    #[schemars(length(min = 1, max = 256))]
    pub scope_description: String,
}

impl Spec for ResourceServer {
    fn normalize(&mut self) {
        self.scopes.sort();
    }

    fn check(&self, findings: &mut Findings) {
        let list = Path::root().key("scopes");
        for (index, scope) in self.scopes.iter().enumerate() {
            let name = &scope.scope_name;
            if self.scopes[..index].iter().any(|earlier| earlier.scope_name == *name) {
                let message = format!("the scope `{name}` is given twice");
                findings.rule_at(&[list.index(index).key("scopeName")], message, None);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::kind::Kind;
    use crate::kind::testing::{assert_rules, assert_same};

    #[test]
    fn scopes_are_compared_by_name() {
        let scope = |name: &str| json!({"scopeName": name, "scopeDescription": "d"});
        assert_same(
            Kind::ResourceServer,
            &json!({"name": "Orders", "scopes": [scope("write"), scope("read")]}),
            &json!({"name": "Orders", "identifier": "orders", "scopes": [scope("read"), scope("write")]}),
        );
    }

    #[test]
    fn a_scope_is_given_once() {
        let scopes = |names: [&str; 3]| {
            let scopes = names.map(|name| json!({"scopeName": name, "scopeDescription": name}));
            json!({"scopes": scopes})
        };
        assert_rules(
            Kind::ResourceServer,
            [
                (scopes(["read", "write", "Read"]), ""),
                (scopes(["read", "write", "read"]), "scopes[2].scopeName: the scope `read` is given twice"),
            ],
        );
    }
}
