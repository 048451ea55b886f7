//! The model as data: what an operation's input is made of.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Number, Value};

use super::exceptions;
use super::pattern::Pattern;
use super::{Operation, Service};

/// A service's operations and shapes.
pub(super) struct Model {
    pub(super) protocol: String,
    pub(super) version: String,
    pub(super) target_prefix: Option<String>,
    pub(super) operations: Vec<Operation>,
    shapes: BTreeMap<String, Shape>,
}

/// What a value is to be.
#[derive(Deserialize)]
pub(super) struct Shape {
    #[serde(rename = "type")]
    pub(super) kind: Kind,
    /// Whether its values are kept out of what is said about them.
    #[serde(default)]
    pub(super) sensitive: bool,
    /// The members that a structure must have.
    #[serde(default)]
    pub(super) required: Vec<String>,
    /// A structure's members, in the model's order.
    #[serde(default, deserialize_with = "members")]
    pub(super) members: Vec<Member>,
    /// The shape of a list's items.
    pub(super) item: Option<String>,
    /// The shapes of a map's keys and values.
    pub(super) key: Option<String>,
    pub(super) value: Option<String>,
    /// The least length or the least number.
    pub(super) min: Option<Number>,
    /// The greatest length or the greatest number.
    pub(super) max: Option<Number>,
    pub(super) pattern: Option<Pattern>,
    #[serde(default, rename = "enum")]
    pub(super) words: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Structure,
    List,
    Map,
    String,
    Blob,
    Boolean,
    Integer,
    Long,
    Double,
    /// Any JSON value; what it may hold is not in the model.
    Document,
}

pub(super) struct Member {
    pub(super) name: String,
    pub(super) shape: String,
    pub(super) location: Location,
}

/// Where an HTTP request has a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// In the body, under its own name.
    Body,
    /// In the path, in place of this name in braces.
    Path(String),
    /// In the query, under this name.
    Query(String),
}

/// How an operation is asked for over HTTP.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Http {
    /// The method.
    pub method: String,
    /// The path, with the names of members in braces where those stand.
    pub uri: String,
    /// The status of a success.
    pub status: u16,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    protocol: String,
    version: String,
    target_prefix: Option<String>,
    operations: BTreeMap<String, OperationFacts>,
    shapes: BTreeMap<String, Shape>,
}

#[derive(Deserialize)]
struct OperationFacts {
    http: Option<Http>,
    input: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum MemberFacts {
    Body(String),
    #[serde(rename_all = "camelCase")]
    Placed {
        shape: String,
        location: String,
        location_name: Option<String>,
    },
}

impl Model {
    /// Reads what `scripts/model` wrote, and puts in what is known better.
    ///
    /// # Panics
    ///
    /// When the text is not such a model. It is part of the program, so that a test shows this.
    pub(super) fn read(service: Service, text: &str) -> Self {
        let Document { protocol, version, target_prefix, operations, mut shapes } =
            serde_json::from_str(text).unwrap_or_else(|error| panic!("the model of {service}: {error}"));
        let operations = operations
            .into_iter()
            .map(|(name, OperationFacts { http, input })| Operation { name, service, http, input })
            .collect();
        for exception in exceptions::of(service) {
            if let Some(shape) = shapes.get_mut(exception.shape) {
                exception.change.apply(shape);
            }
        }
        Self { protocol, version, target_prefix, operations, shapes }
    }

    pub(super) fn shape(&self, name: &str) -> Option<&Shape> {
        self.shapes.get(name)
    }

    #[cfg(test)]
    pub(super) fn shapes(&self) -> &BTreeMap<String, Shape> {
        &self.shapes
    }
}

fn members<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Member>, D::Error> {
    let members = Map::<String, Value>::deserialize(deserializer)?;
    members.into_iter().map(|(name, facts)| member(name, facts).map_err(serde::de::Error::custom)).collect()
}

fn member(name: String, facts: Value) -> Result<Member, String> {
    let (shape, location) = match serde_json::from_value(facts).map_err(|error| error.to_string())? {
        MemberFacts::Body(shape) => (shape, Location::Body),
        MemberFacts::Placed { shape, location, location_name } => {
            let wire = location_name.unwrap_or_else(|| name.clone());
            let location = match location.as_str() {
                "uri" => Location::Path(wire),
                "querystring" => Location::Query(wire),
                other => return Err(format!("the place {other} of {name}")),
            };
            (shape, location)
        }
    };
    Ok(Member { name, shape, location })
}
