//! ARNs, as schemas: of anything, of a key, of a layer, of where logs go, and of what IAM keeps. AWS takes
//! nothing else where it asks for a role or for one of IAM's providers.

use schemars::{Schema, SchemaGenerator, json_schema};

/// Any ARN.
pub(super) fn any(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "string",
        "minLength": 20,
        "maxLength": 2048,
        "pattern": r"^arn:[A-Za-z0-9_+=/,.@-]+:[A-Za-z0-9_+=/,.@-]+:[A-Za-z0-9_+=/,.@-]*:[0-9]+(:[A-Za-z0-9_+=/,.@-]+){1,3}$",
        "x-pattern-help": "an ARN, such as arn:aws:iam::123456789012:role/sms",
    })
}

/// The ARN of a KMS key.
pub(super) fn kms_key(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "string",
        "minLength": 20,
        "maxLength": 2048,
        "pattern": r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)/[A-Za-z0-9_+=/,.@-]+$",
        "x-pattern-help": "the ARN of a KMS key, such as arn:aws:kms:eu-west-1:123456789012:key/mrk-0a1b",
    })
}

/// The ARN of a version of a Lambda layer: an account's, or one of AWS's own.
pub(super) fn layer_version() -> Schema {
    json_schema!({
        "type": "string",
        "minLength": 1,
        "maxLength": 2048,
        "pattern": r"^(arn:(aws[a-zA-Z-]*)?:lambda:(eusc-)?[a-z]{2}(-gov|-iso[a-z]?)?-[a-z]+-[0-9]:[0-9]{12}:layer:[a-zA-Z0-9_-]+:[0-9]+|arn:[a-zA-Z0-9-]+:lambda:::awslayer:[a-zA-Z0-9_-]+)$",
        "x-pattern-help":
            "the ARN of a layer's version, such as arn:aws:lambda:eu-west-1:123456789012:layer:tools:1",
    })
}

/// The ARN of a log group, with the `:*` at its end that some of AWS's answers have, or without.
pub(super) fn log_group(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "string",
        "minLength": 20,
        "maxLength": 2048,
        "pattern": r"^arn:aws[a-z-]*:logs:[a-z0-9-]+:[0-9]{12}:log-group:[A-Za-z0-9_./-]+(:\*)?$",
        "x-pattern-help": "the ARN of a log group, such as arn:aws:logs:eu-west-1:123456789012:log-group:/aws/vendedlogs/pool",
    })
}

/// The ARN of a bucket.
pub(super) fn bucket(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "string",
        "minLength": 3,
        "maxLength": 1024,
        "pattern": r"^arn:aws[a-z-]*:s3:::[A-Za-z0-9_+=/,.@-]+$",
        "x-pattern-help": "the ARN of an S3 bucket, such as arn:aws:s3:::example-logs",
    })
}

/// The ARN of a stream of Amazon Data Firehose.
pub(super) fn delivery_stream(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "string",
        "minLength": 20,
        "maxLength": 2048,
        "pattern": r"^arn:aws[a-z-]*:firehose:[a-z0-9-]+:[0-9]{12}:deliverystream/[A-Za-z0-9_.-]+$",
        "x-pattern-help":
            "the ARN of a Firehose stream, such as arn:aws:firehose:eu-west-1:123456789012:deliverystream/logs",
    })
}

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
