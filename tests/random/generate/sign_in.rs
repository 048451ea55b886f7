//! How the users of a pool sign in: passwords, first and second factors, passkeys, devices, levels.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::pool::sms;
use crate::parts::{Part, Property, flag, object, object_with, one_of, some_of, whole};

/// The properties of a pool that are about signing in.
pub(super) fn properties() -> Vec<Property> {
    vec![
        ("policies", object(0.7, vec![("passwordPolicy", passwords()), ("signInPolicy", sign_in())])),
        ("mfaConfiguration", one_of(["OFF", "OPTIONAL", "ON", "OPTIONAL"])),
        ("softwareTokenMfaConfiguration", object(0.8, vec![("enabled", flag())])),
        (
            "smsMfaConfiguration",
            object(
                0.5,
                vec![
                    ("smsAuthenticationMessage", one_of(["{####} lets you in", "Your code is {####}"])),
                    ("smsConfiguration", sms()),
                ],
            ),
        ),
        (
            "emailMfaConfiguration",
            object(
                0.5,
                vec![
                    ("message", one_of(["Sign in with {####}", "Mit {####} anmelden"])),
                    ("subject", one_of(["Sign in", "Anmelden"])),
                ],
            ),
        ),
        (
            "webAuthnConfiguration",
            object(
                0.6,
                vec![
                    ("relyingPartyId", one_of(["example.com", "auth.example.com"])),
                    ("userVerification", one_of(["preferred", "required"])),
                    ("factorConfiguration", one_of(["SINGLE_FACTOR", "MULTI_FACTOR_WITH_USER_VERIFICATION"])),
                ],
            ),
        ),
        (
            "deviceConfiguration",
            object(0.6, vec![("challengeRequiredOnNewDevice", flag()), ("deviceOnlyRememberedOnUserPrompt", flag())]),
        ),
        ("acrConfiguration", levels()),
    ]
}

fn passwords() -> Part {
    object_with(
        vec![
            ("requireLowercase", flag()),
            ("requireUppercase", flag()),
            ("requireNumbers", flag()),
            ("requireSymbols", flag()),
        ],
        0.5,
        vec![
            ("minimumLength", one_of([json!(8), json!(6), json!(99), json!("${var.minimumLength}")])),
            ("passwordHistorySize", one_of([0, 1, 24])),
            ("temporaryPasswordValidityDays", one_of([7, 1, 365])),
        ],
    )
}

fn sign_in() -> Part {
    let with_password = some_of(["EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"], 0).prop_map(|more| {
        let more = more.as_array().cloned().unwrap_or_default();
        Value::from([vec![json!("PASSWORD")], more].concat())
    });
    object(0.9, vec![("allowedFirstAuthFactors", with_password.boxed())])
}

/// The levels' names differ by level, as AWS wants it, before and after any change.
fn levels() -> Part {
    let level =
        |number: u8| whole(vec![("acrValue", one_of([format!("urn:shop:{number}"), format!("level{number}")]))]);
    object(0.5, vec![("Level1", level(1)), ("Level2", level(2)), ("Level3", level(3)), ("Level4", level(4))])
}
