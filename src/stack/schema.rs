//! The schema of a whole stack file, put together from the kinds' own. [`stack_schema`] is what the
//! checker uses, on values that are resolved; [`published`] is what editors use, on the text as it
//! is written, where every scalar may also be a text with a reference.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::{shape, suggest};
use crate::kind::{Form, Kind, terms};

/// A keyword of our own: a word of the format that poolkeeper cannot do yet; or `why` it never can,
/// and what `help`s.
pub const UNSUPPORTED: &str = "x-unsupported";

/// The pattern of the keys of roots, environments, variables and outputs.
const PLAIN_WORD: &str = "^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$";
const PLAIN_WORD_HELP: &str =
    "a plain word: a letter or digit, then at most 62 letters, digits, hyphens and underscores";

/// The schema of a whole stack file whose values are resolved.
#[must_use]
pub fn stack_schema() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(compose);
    &SCHEMA
}

fn compose() -> Value {
    let mut properties = Map::new();
    properties.insert(
        "stack".to_owned(),
        json!({
            "description": "The stack's name: with the environment, the identity of all it owns.",
            "type": "string",
            "pattern": "^[a-z0-9][a-z0-9-]{0,62}$",
            "x-pattern-help": "a stack's name: a lower-case letter or digit, then at most 62 of them and hyphens",
        }),
    );
    properties.insert(
        "description".to_owned(),
        json!({"description": "What the stack is for, for people.", "type": "string"}),
    );
    properties.extend(place_properties());
    properties.insert("tags".to_owned(), tags("Tags put on every taggable resource."));
    properties.insert("variables".to_owned(), variables());
    let mut environment = place_properties();
    environment.insert("tags".to_owned(), tags("Tags put on every taggable resource in this environment."));
    environment.insert("variables".to_owned(), environment_variables());
    properties.insert(
        "environments".to_owned(),
        keyed(
            "Environments, of which one is chosen with --env. Each may set region, account, assumeRole, tags and variables.",
            &json!({"type": "object", "properties": environment, "additionalProperties": false}),
            &plain_word(),
        ),
    );
    for kind in [Kind::Function, Kind::UserPool, Kind::IdentityPool] {
        properties.insert(kind.section().to_owned(), section(kind));
    }
    properties.insert(
        "outputs".to_owned(),
        keyed(
            "What is printed after an apply and by `output`.",
            &json!({"type": ["string", "number", "boolean"]}),
            &plain_word(),
        ),
    );
    json!({
        "type": "object",
        "properties": properties,
        "patternProperties": {"^x-": true},
        "required": ["stack"],
        "additionalProperties": false,
    })
}

/// What the file and each of its environments may say about where the stack lives.
fn place_properties() -> Map<String, Value> {
    let place = json!({
        "region": {
            "description": "The AWS region. Where absent, --region, AWS_REGION or the profile says.",
            "type": "string",
            "pattern": REGION,
            "x-pattern-help": REGION_HELP,
        },
        "account": {
            "description": "The only AWS account that may be read or written.",
            "type": "string",
            "pattern": "^[0-9]{12}$",
            "x-pattern-help": "an AWS account: 12 digits, in quotes",
        },
        "assumeRole": {
            "description": "The ARN of a role that is assumed for all calls.",
            "type": "string",
            "pattern": "^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$",
            "x-pattern-help": "a role's ARN, such as `arn:aws:iam::123456789012:role/deployer`",
        },
    });
    place.as_object().cloned().unwrap_or_default()
}

fn tags(description: &str) -> Value {
    json!({
        "description": description,
        "type": "object",
        "propertyNames": {"minLength": 1, "maxLength": 128},
        "additionalProperties": {"type": "string", "maxLength": 256},
    })
}

fn variables() -> Value {
    let declared = json!({
        "type": "object",
        "properties": {
            "description": {"description": "What the value is, for people.", "type": "string"},
            "secret": {"description": "Whether the value must never be shown.", "type": "boolean"},
            "default": {
                "description": "The value where no other is given.",
                "type": ["string", "number", "boolean"],
            },
        },
        "additionalProperties": false,
    });
    let scalar = json!({"description": "The value where no other is given.", "type": ["string", "number", "boolean"]});
    keyed("Inputs, read as ${var.NAME}. A scalar is the default.", &json!({"anyOf": [scalar, declared]}), &plain_word())
}

fn environment_variables() -> Value {
    keyed("Values of variables in this environment.", &json!({"type": ["string", "number", "boolean"]}), &plain_word())
}

/// A map of entries whose keys follow a rule.
fn keyed(description: &str, entry: &Value, key: &Value) -> Value {
    json!({
        "description": description,
        "type": "object",
        "propertyNames": key,
        "additionalProperties": entry,
    })
}

fn plain_word() -> Value {
    json!({"pattern": PLAIN_WORD, "x-pattern-help": PLAIN_WORD_HELP})
}

/// The property that holds the resources of a kind.
fn section(kind: Kind) -> Value {
    if kind.form() == Form::List {
        return kind.schema().pointer(&format!("/properties/{}", kind.section())).cloned().unwrap_or_default();
    }
    let mut schema = kind.schema().clone();
    if let Value::Object(words) = &mut schema {
        words.remove("title");
        // The name has a default: the key, or what it makes with the stack's name.
        let required = words.get("required").and_then(Value::as_array).into_iter().flatten();
        let required: Vec<Value> = required.filter(|name| name.as_str() != Some("name")).cloned().collect();
        if required.is_empty() {
            words.remove("required");
        } else {
            words.insert("required".to_owned(), required.into());
        }
        let mut properties = head_properties(kind);
        if let Some(Value::Object(own)) = words.get("properties") {
            properties.extend(own.clone());
        }
        for (name, property) in tail_properties(kind) {
            properties.entry(name).or_insert(property);
        }
        words.insert("type".to_owned(), "object".into());
        words.insert("properties".to_owned(), properties.into());
        words.insert("additionalProperties".to_owned(), false.into());
    }
    if kind.form() == Form::One {
        return schema;
    }
    keyed(&about(kind), &schema, &key_rule(kind))
}

/// What a section holds.
fn about(kind: Kind) -> String {
    match kind {
        Kind::Terms => "The documents that managed login links to where users sign up for this client, by name: \
            `terms-of-use` and `privacy-policy`. AWS shows the links once there are both."
            .to_owned(),
        Kind::Replica => "The same users and clients in a second region, which signs users in while the first one \
            fails, by region: `us-west-2`. There can be one."
            .to_owned(),
        _ => format!("By key, {} each.", suggest::with_article(kind.title())),
    }
}

fn head_properties(kind: Kind) -> Map<String, Value> {
    let (pattern, example) = match kind {
        Kind::UserPool => ("^[\\w-]+_[0-9a-zA-Z]+$", "a user pool's id, such as `eu-west-1_AbCdEfGhI`"),
        Kind::Client => ("^[A-Za-z0-9_+]{1,128}$", "an app client's id: letters and digits"),
        Kind::IdentityPool => {
            ("^[\\w-]+:[0-9a-f-]+$", "an identity pool's id, such as `eu-west-1:0a1b2c3d-1111-2222-3333-444455556666`")
        }
        Kind::Function => ("^arn:aws[a-z-]*:lambda:[^:]+:[0-9]{12}:function:[A-Za-z0-9_-]+$", "a function's ARN"),
        _ => return Map::new(),
    };
    let id = json!({
        "description": "Adopts one that already exists.",
        "type": "string",
        "pattern": pattern,
        "x-pattern-help": example,
    });
    let renamed_from = json!({
        "description": "The address that it had in this file before, such as `userPools.customers`: what is live is kept, \
            and gets the new address. It may go once that is applied everywhere.",
        "type": "string",
    });
    Map::from_iter([("id".to_owned(), id), (RENAMED_FROM.to_owned(), renamed_from)])
}

const REGION: &str = "^[a-z]{2,4}(-[a-z]+)+-[0-9]+$";
const REGION_HELP: &str = "a region, such as `eu-west-1`";

/// The property that says which address a resource had before.
pub const RENAMED_FROM: &str = "renamedFrom";

/// Whether what is live can be kept when a resource of this kind gets another key.
#[must_use]
pub fn can_be_renamed(kind: Kind) -> bool {
    matches!(kind, Kind::Function | Kind::UserPool | Kind::IdentityPool | Kind::Client)
}

/// What is said of `renamedFrom` on a kind that AWS cannot rename.
fn never_renamed(kind: Kind) -> Option<Value> {
    (!can_be_renamed(kind) && kind.form() == Form::ByKey).then(|| {
        json!({
            "why": format!("is not possible here, since AWS cannot rename {}", suggest::with_article(kind.title())),
            "help": "leave it out: the one with the old key is deleted and one with the new key created; the plan says what is lost",
        })
    })
}

/// What stands in a resource besides its spec: how it is kept, and what lives inside of it.
fn tail_properties(kind: Kind) -> Vec<(String, Value)> {
    let mut properties: Vec<(String, Value)> =
        kind.held().map(|child| (child.section().to_owned(), section(child))).collect();
    if kind == Kind::UserPool {
        let unmanaged = json!({
            "description": "What happens to children that neither the file nor the pool's tags know, those that AWS \
                makes by itself aside: they are listed (report, the default), not mentioned (ignore), or deleted by \
                the next plan (delete).",
            "type": "string",
            "enum": ["report", "delete", "ignore"],
        });
        properties.push(("unmanaged".to_owned(), unmanaged));
    }
    if kind.parent().is_none() {
        let ignore = json!({
            "description": "Properties that are used at create and not compared afterwards, such as `clients.web.callbackUrls`.",
            "type": "array",
            "items": {"type": "string"},
        });
        properties.push(("ignoreChanges".to_owned(), ignore));
    }
    properties.extend(never_renamed(kind).map(|why| (RENAMED_FROM.to_owned(), json!({UNSUPPORTED: why}))));
    properties
}

/// What the keys of a section must look like. A child's key is its natural key in the pool.
fn key_rule(kind: Kind) -> Value {
    match kind {
        Kind::Function | Kind::UserPool | Kind::IdentityPool => plain_word(),
        Kind::Client => json!({
            "minLength": 1, "maxLength": 128, "pattern": r"^[\w\s+=,.@-]+$",
            "x-pattern-help": "a client's name: letters, digits, spaces and `_ + = , . @ -`",
        }),
        Kind::IdentityProvider => json!({
            "minLength": 3, "maxLength": 32, "pattern": r"^[^_\s\x00-\x1f\x7f][^\s\x00-\x1f\x7f][^_\s\x00-\x1f\x7f]+$",
            "x-pattern-help": "a provider's name: no spaces, and no underscore at the start or behind the second character",
        }),
        Kind::Group => json!({
            "minLength": 1, "maxLength": 128, "pattern": r"^[^\s\x00-\x1f\x7f]+$",
            "x-pattern-help": "a group's name: no spaces",
        }),
        Kind::ResourceServer => json!({
            "minLength": 1, "maxLength": 256, "pattern": r"^[\x21\x23-\x5B\x5D-\x7E]+$",
            "x-pattern-help": "a resource server's identifier: no spaces, double quotes and backslashes, ASCII only",
        }),
        Kind::Domain => json!({
            "minLength": 1, "maxLength": 253,
            "pattern": r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$",
            "x-pattern-help": "a domain: a prefix of at most 63 lower-case letters, digits and inner hyphens, \
                or a whole domain name of such parts",
        }),
        Kind::Terms => json!({"enum": terms::NAMES}),
        Kind::Replica => json!({"pattern": REGION, "x-pattern-help": REGION_HELP}),
        Kind::UiCustomization | Kind::RiskConfiguration | Kind::LogConfigurations | Kind::ManagedLoginBranding => {
            json!({})
        }
    }
}

/// The schema for editors: what [`stack_schema`] says, of the text as it is written.
#[must_use]
pub fn published() -> Value {
    let mut schema = stack_schema().clone();
    open_up(&mut schema);
    let mut whole = Map::from_iter([
        ("$schema".to_owned(), "https://json-schema.org/draft/2020-12/schema".into()),
        ("title".to_owned(), "poolkeeper stack file".into()),
    ]);
    if let Value::Object(words) = schema {
        whole.extend(words);
    }
    Value::Object(whole)
}

/// Lets every scalar that is more than just any text also be a text with a reference, and takes
/// out the words that cannot be used yet.
fn open_up(schema: &mut Value) {
    let Value::Object(words) = schema else { return };
    let reference = json!({"type": "string", "pattern": "\\$\\{"});
    for (word, inner) in words.iter_mut() {
        match word.as_str() {
            "properties" | "patternProperties" => {
                if let Value::Object(properties) = inner {
                    properties.retain(|_, property| property.get(UNSUPPORTED).is_none());
                    properties.values_mut().for_each(open_up);
                }
            }
            "items" | "additionalProperties" => open_up(inner),
            "propertyNames" => {
                let rule = inner.take();
                *inner = json!({"anyOf": [rule, {"pattern": "\\$\\{"}]});
            }
            "anyOf" | "oneOf" | "allOf" => {
                inner.as_array_mut().into_iter().flatten().for_each(|inner| {
                    // A reference is let in once, around all alternatives.
                    if !is_scalar(inner) {
                        open_up(inner);
                    }
                });
            }
            _ => {}
        }
    }
    if !shape::takes_scalar(schema) || is_any_text(schema) {
        return;
    }
    let Value::Object(words) = schema else { return };
    if !words.contains_key("type") && !words.contains_key("enum") && shape_words(words) == 0 {
        return;
    }
    let (kept, rule): (Map<_, _>, Map<_, _>) = std::mem::take(words).into_iter().partition(|(word, _)| {
        ["description", "title", "default", "deprecated"].contains(&word.as_str()) || word.starts_with("x-")
    });
    *words = kept;
    words.insert("anyOf".to_owned(), json!([rule, reference]));
}

fn shape_words(words: &Map<String, Value>) -> usize {
    ["const", "anyOf", "oneOf", "allOf", "pattern"].iter().filter(|word| words.contains_key(**word)).count()
}

fn is_scalar(schema: &Value) -> bool {
    let types = shape::types(schema);
    !types.is_empty() && types.iter().all(|name| !["array", "object"].contains(name))
}

/// Whether a schema takes any text anyway.
fn is_any_text(schema: &Value) -> bool {
    let bounded = ["enum", "const", "pattern", "minLength", "maxLength", "anyOf", "oneOf", "allOf"];
    shape::types(schema).contains(&"string") && bounded.iter().all(|word| schema.get(word).is_none())
}

#[cfg(test)]
mod tests;
