//! The ARNs of what IAM keeps, as schemas. AWS takes nothing else where it asks for a role or for
//! one of IAM's providers.

use schemars::{Schema, SchemaGenerator, json_schema};

/// The ARN of a role.
pub(super) fn role(_: &mut SchemaGenerator) -> Schema {
    of_iam("role", r"[A-Za-z0-9_+=,.@/-]+", "the ARN of an IAM role, such as arn:aws:iam::123456789012:role/basic")
}

/// The ARN of an OIDC provider.
pub(super) fn oidc_provider() -> Schema {
    of_iam(
        "oidc-provider",
        r"\S+",
        "the ARN of an OIDC provider in IAM, such as arn:aws:iam::123456789012:oidc-provider/issuer.example.com",
    )
}

/// The ARN of a SAML provider.
pub(super) fn saml_provider() -> Schema {
    of_iam(
        "saml-provider",
        r"\S+",
        "the ARN of a SAML provider in IAM, such as arn:aws:iam::123456789012:saml-provider/company",
    )
}

fn of_iam(kind: &str, name: &str, help: &str) -> Schema {
    json_schema!({
        "type": "string",
        "minLength": 20,
        "maxLength": 2048,
        "pattern": format!(r"^arn:aws[a-z-]*:iam::[0-9]{{12}}:{kind}/{name}$"),
        "x-pattern-help": help,
    })
}
