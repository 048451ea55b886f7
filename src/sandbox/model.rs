//! What AWS's own API model says of each request: which members there are, which are required, and
//! the types, lengths, ranges, patterns and enums of their values. [`Operation::check`] judges a
//! request by it and answers in AWS's words.
//!
//! The facts are those of botocore (Apache License 2.0), written to `model/*.json` by
//! `scripts/model`. Where the service itself is known to do something else, the table in
//! `model/exceptions.rs` says so, and nothing else departs from the model.

mod check;
mod exceptions;
mod pattern;
mod request;
mod shape;
#[cfg(test)]
mod tests;
mod unknown;

use std::fmt;
use std::sync::LazyLock;

use serde_json::Value;

pub use check::{Failure, Violation};
pub use shape::{Http, Location};
use shape::{Model, Shape};

/// A service that the sandbox has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// Cognito user pools.
    UserPools,
    /// Cognito identity pools.
    IdentityPools,
    /// Lambda.
    Lambda,
    /// The Security Token Service.
    Sts,
    /// The tag query over all services.
    Tagging,
}

impl Service {
    /// All of them.
    pub const ALL: [Service; 5] =
        [Service::UserPools, Service::IdentityPools, Service::Lambda, Service::Sts, Service::Tagging];

    /// The name that requests are signed for.
    #[must_use]
    pub fn signing_name(self) -> &'static str {
        match self {
            Service::UserPools => "cognito-idp",
            Service::IdentityPools => "cognito-identity",
            Service::Lambda => "lambda",
            Service::Sts => "sts",
            Service::Tagging => "tagging",
        }
    }

    /// The service that requests are signed for under this name.
    #[must_use]
    pub fn of_signing_name(name: &str) -> Option<Service> {
        Service::ALL.into_iter().find(|service| service.signing_name() == name)
    }

    /// What stands before the operation's name in the `X-Amz-Target` header, without the dot. Only
    /// the services with JSON bodies at `/` have one.
    #[must_use]
    pub fn target_prefix(self) -> Option<&'static str> {
        self.model().target_prefix.as_deref()
    }

    /// The version of the API, which is a parameter of STS's requests.
    #[must_use]
    pub fn version(self) -> &'static str {
        &self.model().version
    }

    /// What botocore calls the way in which requests are written: `json`, `rest-json` or `query`.
    #[must_use]
    pub fn protocol(self) -> &'static str {
        &self.model().protocol
    }

    /// The operations that the sandbox has of it.
    #[must_use]
    pub fn operations(self) -> &'static [Operation] {
        &self.model().operations
    }

    fn model(self) -> &'static Model {
        macro_rules! model {
            ($service:ident, $file:literal) => {{
                static MODEL: LazyLock<Model> =
                    LazyLock::new(|| Model::read(Service::$service, include_str!(concat!("model/", $file))));
                &MODEL
            }};
        }
        match self {
            Service::UserPools => model!(UserPools, "cognito-idp.json"),
            Service::IdentityPools => model!(IdentityPools, "cognito-identity.json"),
            Service::Lambda => model!(Lambda, "lambda.json"),
            Service::Sts => model!(Sts, "sts.json"),
            Service::Tagging => model!(Tagging, "tagging.json"),
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.signing_name())
    }
}

/// An operation and what a request of it may hold.
#[derive(Debug)]
pub struct Operation {
    /// The API's name for it.
    pub name: String,
    /// Whose it is.
    pub service: Service,
    /// How it is asked for over HTTP, where that is not `POST /` with the name in the request.
    pub http: Option<Http>,
    input: Option<String>,
}

/// The operation of this name, if the sandbox has it.
#[must_use]
pub fn operation(service: Service, name: &str) -> Option<&'static Operation> {
    service.operations().iter().find(|operation| operation.name == name)
}

impl Operation {
    /// Judges a request: a JSON object with the input's members, wherever HTTP had them.
    pub fn check(&self, input: &Value) -> Result<(), Violation> {
        self.shape().map_or(Ok(()), |shape| check::check(self.service.model(), shape, input))
    }

    /// Where the request has members that the model does not know, as in `Policies.SignInPolicy.X`.
    /// AWS ignores them.
    #[must_use]
    pub fn unknown(&self, input: &Value) -> Vec<String> {
        self.shape().map_or_else(Vec::new, |shape| unknown::unknown(self.service.model(), shape, input))
    }

    /// The input's members in the model's order, and where HTTP has each.
    pub fn members(&self) -> impl Iterator<Item = (&'static str, &'static Location)> {
        let members = self.shape().into_iter().flat_map(|shape| &shape.members);
        members.map(|member| (member.name.as_str(), &member.location))
    }

    /// What the input is. An operation may have none.
    fn shape(&self) -> Option<&'static Shape> {
        self.service.model().shape(self.input.as_deref()?)
    }
}
