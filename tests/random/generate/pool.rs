//! User pools: what they are and how they send and verify. How users sign in is in `sign_in`, what
//! lives inside of them in `children` and `client`.

use proptest::prelude::*;
use serde_json::json;

use super::{children, client, facets, sign_in, tags, triggers};
use crate::parts::{
    Part, Property, always, at_times, either, flag, joined, map_of, object, object_with, one_of, some_of, whole,
};

/// The chance that a property of a pool is there.
const CHANCE: f64 = 0.2;

/// The standard attributes that pools say something of.
const STANDARD: [&str; 4] = ["email", "name", "birthdate", "updated_at"];

/// The custom attributes.
pub(crate) const CUSTOM: [&str; 5] = ["custom:team", "custom:level", "custom:since", "custom:active", "custom:note"];

/// A user pool by its key.
pub(super) fn pool(key: &str) -> Part {
    let mut properties = identity(key);
    properties.extend(messages());
    properties.extend(sign_in::properties());
    properties.push(("triggers", triggers::triggers()));
    properties.push(("triggerPermissions", one_of(["manage", "ignore"])));
    properties.push(("unmanaged", one_of(["report", "ignore"])));
    properties.push((
        "ignoreChanges",
        some_of(
            [
                "verificationMessageTemplate.emailSubject",
                "policies.passwordPolicy.temporaryPasswordValidityDays",
                "clients.web.authSessionValidity",
                "clients.app.enableTokenRevocation",
                "uiCustomization.css",
                "riskConfiguration.riskExceptionConfiguration",
                "clients.web.riskConfiguration.accountTakeoverRiskConfiguration.actions",
                "clients.web.terms.terms-of-use.links",
                "clients.app.managedLoginBranding.settings",
                "replicas.eu-central-1.status",
            ],
            0,
        ),
    ));
    joined(vec![
        object(CHANCE, properties),
        object(0.35, children::sections(key)),
        at_times(0.5, whole(vec![("clients", client::clients(key))])),
        object(0.3, facets::of_pool()),
        facets::grounds(),
    ])
}

fn identity(key: &str) -> Vec<Property> {
    vec![
        // The names that a pool may take hold its key, so that no two pools ever meet in one.
        ("name", one_of([format!("Pool {key}"), format!("Pool {key}, renamed")])),
        ("tags", tags()),
        ("userPoolTier", one_of(["ESSENTIALS", "LITE", "PLUS", "PLUS"])),
        ("deletionProtection", one_of(["INACTIVE", "ACTIVE"])),
        ("usernameAttributes", some_of(["email", "phone_number"], 1)),
        ("aliasAttributes", some_of(["email", "phone_number", "preferred_username"], 1)),
        ("usernameConfiguration", whole(vec![("caseSensitive", flag())])),
        ("schema", schema()),
        ("userPoolAddOns", add_ons()),
        (
            "keyConfiguration",
            either(vec![
                object(0.5, vec![("keyType", always("AWS_OWNED_KEY"))]),
                whole(vec![
                    ("keyType", always("CUSTOMER_MANAGED_KEY")),
                    ("kmsKeyArn", one_of([format!("{KEY}mrk-1"), format!("{KEY}mrk-2")])),
                ]),
            ]),
        ),
        ("issuerConfiguration", object(0.8, vec![("type", one_of(["ORIGINAL", "UPDATED"]))])),
    ]
}

pub(super) const KEY: &str = "arn:aws:kms:eu-west-1:123456789012:key/";

fn add_ons() -> Part {
    let flows = object(0.8, vec![("customAuthMode", one_of(["AUDIT", "ENFORCED"]))]);
    object_with(
        vec![("advancedSecurityMode", one_of(["OFF", "AUDIT", "ENFORCED"]))],
        0.5,
        vec![("advancedSecurityAdditionalFlows", flows)],
    )
}

/// The attributes, as a list by name.
fn schema() -> Part {
    let standard = map_of(STANDARD, 0.3, |name| match name {
        "email" => {
            joined(vec![common(), object(0.4, vec![("required", flag()), ("stringAttributeConstraints", lengths())])])
        }
        "updated_at" => joined(vec![common(), object(0.4, vec![("numberAttributeConstraints", sizes())])]),
        _ => joined(vec![common(), object(0.4, vec![("required", flag())])]),
    });
    let custom = map_of(CUSTOM, 0.3, |name| {
        let own = match name {
            "custom:team" => vec![("attributeDataType", always("String")), ("stringAttributeConstraints", lengths())],
            "custom:level" => {
                return joined(vec![
                    common(),
                    whole(vec![("attributeDataType", always("Number"))]),
                    object(0.5, vec![("numberAttributeConstraints", sizes())]),
                ]);
            }
            "custom:since" => {
                return joined(vec![common(), whole(vec![("attributeDataType", always("DateTime"))])]);
            }
            "custom:active" => {
                return joined(vec![common(), whole(vec![("attributeDataType", always("Boolean"))])]);
            }
            _ => vec![("developerOnlyAttribute", flag()), ("required", always(false))],
        };
        joined(vec![common(), object(0.5, own)])
    });
    joined(vec![standard, custom])
        .prop_map(|by_name| {
            let attributes = by_name.as_object().into_iter().flatten().map(|(name, attribute)| {
                let mut named = json!({"name": name});
                for (key, value) in attribute.as_object().into_iter().flatten() {
                    named[key] = value.clone();
                }
                named
            });
            attributes.collect()
        })
        .boxed()
}

fn common() -> Part {
    object(0.4, vec![("mutable", one_of([true, true, false]))])
}

fn lengths() -> Part {
    let least = one_of([json!(0), json!(1), json!("5")]);
    object(0.7, vec![("minLength", least), ("maxLength", one_of([json!(100), json!("256"), json!(2048)]))])
}

fn sizes() -> Part {
    let least = one_of([json!(0), json!("-5")]);
    object(0.7, vec![("minValue", least), ("maxValue", one_of([json!(10), json!("100000000000000000000")]))])
}

/// What the pool verifies and what it says and sends for that.
fn messages() -> Vec<Property> {
    let contacts = ["email", "phone_number"];
    let subjects = || one_of(["Your code", "Ihr Prüfcode für den Laden"]);
    let code = || one_of(["Your code is {####}", "Grüße! {####} ist der Code"]);
    let links = one_of(["Please {##verify##} your address", "{##Click here##}"]);
    let invitation = || one_of(["Welcome {username}: {####}", "{####} für {username}, bitte ändern"]);
    vec![
        ("autoVerifiedAttributes", some_of(contacts, 0)),
        (
            "userAttributeUpdateSettings",
            object(0.8, vec![("attributesRequireVerificationBeforeUpdate", some_of(contacts, 0))]),
        ),
        ("accountRecoverySetting", object(0.9, vec![("recoveryMechanisms", recovery())])),
        (
            "adminCreateUserConfig",
            object(
                0.6,
                vec![
                    ("allowAdminCreateUserOnly", flag()),
                    (
                        "inviteMessageTemplate",
                        object(
                            0.6,
                            vec![
                                ("smsMessage", invitation()),
                                ("emailMessage", invitation()),
                                ("emailSubject", subjects()),
                            ],
                        ),
                    ),
                ],
            ),
        ),
        (
            "verificationMessageTemplate",
            object(
                0.5,
                vec![
                    ("defaultEmailOption", one_of(["CONFIRM_WITH_CODE", "CONFIRM_WITH_LINK"])),
                    ("smsMessage", code()),
                    ("emailMessage", code()),
                    ("emailSubject", subjects()),
                    ("emailMessageByLink", links),
                    ("emailSubjectByLink", subjects()),
                ],
            ),
        ),
        ("emailConfiguration", email()),
        ("smsConfiguration", sms()),
        ("smsAuthenticationMessage", code()),
    ]
}

fn recovery() -> Part {
    let way = |priority: u8, name: &str| json!({"priority": priority, "name": name});
    one_of([
        json!([way(1, "verified_email")]),
        json!([way(1, "verified_phone_number"), way(2, "verified_email")]),
        json!([way(1, "verified_email"), way(2, "verified_phone_number")]),
        json!([way(2, "verified_phone_number")]),
        json!([way(1, "admin_only")]),
    ])
}

fn email() -> Part {
    let reply = || ("replyToEmailAddress", one_of(["help@example.com", "hilfe@example.com"]));
    let identity = "arn:aws:ses:eu-west-1:123456789012:identity/";
    either(vec![
        object(0.5, vec![("emailSendingAccount", always("COGNITO_DEFAULT")), reply()]),
        object_with(
            vec![
                ("emailSendingAccount", always("DEVELOPER")),
                ("sourceArn", one_of([format!("{identity}example.com"), format!("{identity}shop@example.com")])),
            ],
            0.5,
            vec![
                reply(),
                ("from", one_of(["shop@example.com", "Shop <shop@example.com>"])),
                ("configurationSet", one_of(["mails", "mails_2"])),
            ],
        ),
    ])
}

/// How SMS are sent: by SNS or by AWS End User Messaging.
pub(super) fn sms() -> Part {
    sms_of("eu-west-1")
}

/// How SMS are sent from a region.
pub(super) fn sms_of(region: &str) -> Part {
    let role = || one_of(["sms", "sms-2"].map(super::role));
    let external = || ("externalId", one_of(["shop", "shop-2"]));
    let end_user = object_with(
        vec![("callerArn", role())],
        0.5,
        vec![
            external(),
            ("originationIdentity", one_of(["+441234567890", "SHOP"])),
            ("configurationSetName", one_of(["texts", "texts-2"])),
            ("inEntityId", one_of(["1101", "1102"])),
            ("inTemplateId", one_of(["1201", "1202"])),
            ("region", always(region)),
        ],
    );
    either(vec![
        object_with(vec![("snsCallerArn", role())], 0.5, vec![external(), ("snsRegion", always(region))]),
        whole(vec![("eumsSms", end_user)]),
    ])
}
