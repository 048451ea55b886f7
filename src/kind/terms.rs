//! The terms documents of an app client, which managed login links to where users sign up. A
//! document's name, one of [`NAMES`], is its key in the file. AWS shows them once both are there.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Spec;
use super::user_pool::texts;

/// The names of the documents, which are their keys in the file.
pub const NAMES: [&str; 2] = ["terms-of-use", "privacy-policy"];

/// The languages that a document may have a link for, as AWS names them, and as people do.
const LANGUAGES: [(&str, &str); 13] = [
    ("cognito:default", "all languages that have no link of their own"),
    ("cognito:english", "English"),
    ("cognito:dutch", "Dutch"),
    ("cognito:french", "French"),
    ("cognito:spanish", "Spanish"),
    ("cognito:german", "German"),
    ("cognito:bahasa-indonesia", "Bahasa Indonesia"),
    ("cognito:italian", "Italian"),
    ("cognito:japanese", "Japanese"),
    ("cognito:korean", "Korean"),
    ("cognito:portuguese-brazil", "Brazilian Portuguese"),
    ("cognito:chinese-simplified", "Simplified Chinese"),
    ("cognito:chinese-traditional", "Traditional Chinese"),
];

/// A document that the sign-up page of managed login links to. AWS shows the links once the client has both documents,
/// `terms-of-use` and `privacy-policy`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields, extend("required" = ["links"]), transform = texts::required_have_no_default)]
pub struct Terms {
    /// Where the document comes from. There is one way. Default: LINK.
    #[serde(default)]
    pub terms_source: TermsSource,
    /// Whether users must agree before they go on. There is one answer. Default: NONE.
    #[serde(default)]
    pub enforcement: TermsEnforcement,
    /// Where the document is, by the language of the page: the link of `cognito:default` is for all languages that have
    /// none of their own. 1 to 13.
    #[serde(default)]
    #[schemars(extend("properties" = links(), "additionalProperties" = false, "minProperties" = 1, "maxProperties" = 13))]
    pub links: BTreeMap<String, String>,
}

/// Where a document comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum TermsSource {
    /// From a page of your own.
    #[default]
    Link,
}

/// Whether users must agree.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum TermsEnforcement {
    /// They need not: the page links to the document, no more.
    #[default]
    None,
}

/// The links by language, for editors and the check of names.
fn links() -> Value {
    let link = |whom: &str| {
        json!({
            "description": format!("The URL for {whom}. 1 to 1024 characters."),
            "type": "string", "minLength": 1, "maxLength": 1024,
            "pattern": r"^https?://[^\s\x00-\x1f\x7f]+$",
            "x-pattern-help": "a URL that starts with https:// or http://, without spaces",
        })
    };
    Value::Object(LANGUAGES.into_iter().map(|(name, whom)| (name.to_owned(), link(whom))).collect::<Map<_, _>>())
}

impl Spec for Terms {}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::kind::Kind;
    use crate::kind::testing::{assert_differ, assert_faults, assert_same};

    const URL: &str = "https://example.com/terms";

    #[test]
    fn the_only_values_are_the_defaults() {
        let links = json!({"cognito:default": URL, "cognito:german": "https://example.com/agb"});
        let live = json!({
            "termsId": "b7ef5d1c-3c3b-4a3e-8f43-0f8f6d3c9a11", "userPoolId": "eu-west-1_A", "clientId": "1a2b",
            "termsName": "terms-of-use", "termsSource": "LINK", "enforcement": "NONE", "links": links,
            "creationDate": 1, "lastModifiedDate": 2,
        });
        assert_same(Kind::Terms, &json!({"links": links}), &live);
        assert_differ(Kind::Terms, &json!({"links": {"cognito:default": URL}}), &live);
    }

    #[test]
    fn links_are_urls_by_language() {
        let links = |language: &str, url: &str| json!({"links": {language: url}});
        let long = |length: usize| format!("{URL}?{}", "x".repeat(length - URL.len() - 1));
        let all: Value = super::LANGUAGES.map(|(name, _)| (name.to_owned(), json!(URL))).into_iter().collect();
        assert_faults(
            Kind::Terms,
            [
                (links("cognito:default", URL), ""),
                (links("cognito:chinese-traditional", "http://example.com"), ""),
                (links("cognito:english", "\u{FDD0}var.terms\u{FDD1}"), ""),
                (json!({"links": all}), ""),
                (json!({}), "links: `links` is missing"),
                (json!({"links": {}}), "links: must have at least 1 entry"),
                (links("cognito:klingon", URL), r#"links["cognito:klingon"]: unknown key"#),
                (links("default", URL), "links.default: unknown key"),
                (links("cognito:default", "example.com/terms"), r#"links["cognito:default"]"#),
                (links("cognito:default", "https://example.com/our terms"), r#"links["cognito:default"]"#),
                (links("cognito:default", &long(1024)), ""),
                (links("cognito:default", &long(1025)), r#"links["cognito:default"]"#),
                (json!({"enforcement": "ALWAYS", "links": {"cognito:default": URL}}), "enforcement: must be `NONE`"),
            ],
        );
    }
}
