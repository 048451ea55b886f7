//! User pools as they were made by hand.

use poolkeeper::sandbox::model::Service::UserPools;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Call, at_times, call, children, client, facets, role, tags};
use crate::generate::triggers::FOREIGN;
use crate::parts::{Part, Property, always, either, flag, map_of, object, object_with, one_of, some_of, whole};

const KEY: &str = "arn:aws:kms:eu-west-1:123456789012:key/1";

/// The calls that make a pool and all that is inside of it.
pub(super) fn pool(number: usize) -> BoxedStrategy<Vec<Call>> {
    let create = (name(), object(0.25, creation())).prop_map(move |(name, more)| {
        Call::new(UserPools, "CreateUserPool", json!({"PoolName": name}), more)
            .making(format!("pool{number}"), "/UserPool/Id")
    });
    let id = json!({"UserPoolId": format!("@pool{number}")});
    let create = create.prop_map(|call| vec![call]).boxed();
    let attributes = at_times(
        0.3,
        either(vec![attributes(), attributes()])
            .prop_map({
                let id = id.clone();
                move |attributes| {
                    let mut needed = id.clone();
                    needed["CustomAttributes"] = attributes;
                    Call::new(UserPools, "AddCustomAttributes", needed, super::empty())
                }
            })
            .boxed(),
    );
    let update = at_times(0.4, call(UserPools, "UpdateUserPool", id.clone(), object(0.3, update())));
    let mfa = at_times(0.5, call(UserPools, "SetUserPoolMfaConfig", id.clone(), object(0.6, factors())));
    let ses = "arn:aws:ses:eu-west-1:123456789012:identity/example.com";
    let by_mail = json!({"EmailConfiguration": {"EmailSendingAccount": "DEVELOPER", "SourceArn": ses}, "UserPoolTier": "PLUS",
        "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT", "AdvancedSecurityAdditionalFlows": {"CustomAuthMode": "ENFORCED"}}});
    let by_mail = at_times(0.35, call(UserPools, "UpdateUserPool", id.clone(), always(by_mail)));
    let eums = json!({"SmsConfiguration": {"EumsSms": {"CallerArn": role("eums"), "ExternalId": "x", "OriginationIdentity": "+15550100",
        "ConfigurationSetName": "set", "InEntityId": "1", "InTemplateId": "2", "Region": "eu-west-1"}}, "AutoVerifiedAttributes": ["phone_number"]});
    let eums = at_times(0.1, call(UserPools, "UpdateUserPool", id.clone(), always(eums)));
    let again = at_times(0.15, call(UserPools, "UpdateUserPool", id.clone(), object(0.3, super::user_pool::update())));
    let parts = vec![
        create,
        attributes,
        update,
        by_mail,
        eums,
        mfa,
        children::children(number),
        facets::of_pool(number),
        client::clients(number),
        again,
        children::leftovers(number),
    ];
    parts.prop_map(|calls| calls.into_iter().flatten().collect()).boxed()
}

/// Names that AWS takes and a file must bring back.
pub(super) fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec!["Customers", "shop users, EU", "a=b+c@d", "true", "123", "- dash", "two  spaces", " edges ", "tab\there", "my.pool"]).prop_map(str::to_owned),
        1 => "[A-Za-z0-9_ +=,.@-]{1,128}",
    ]
}

fn creation() -> Vec<Property> {
    let mut properties = vec![
        ("AliasAttributes", some_of(["email", "phone_number", "preferred_username"], 1)),
        ("UsernameAttributes", some_of(["email", "phone_number"], 1)),
        ("UsernameConfiguration", whole(vec![("CaseSensitive", flag())])),
        ("Schema", attributes()),
    ];
    properties.extend(common());
    properties
}

pub(super) fn update() -> Vec<Property> {
    let mut properties = vec![("PoolName", name().prop_map(Value::from).boxed())];
    properties.extend(common());
    properties
}

/// Properties of a creation and of an update. What others rest on comes first, since what AWS does not
/// take is left out from the end.
fn common() -> Vec<Property> {
    let contacts = ["email", "phone_number"];
    let sms = || {
        object_with(
            vec![("SnsCallerArn", one_of([role("sms")]))],
            0.5,
            vec![("ExternalId", one_of(["x", "a: b", ""])), ("SnsRegion", one_of(["eu-west-1"]))],
        )
    };
    let mode = || one_of(["OFF", "AUDIT", "ENFORCED"]);
    vec![
        ("UserPoolTier", one_of(["ESSENTIALS", "LITE", "PLUS"])),
        ("SmsConfiguration", sms()),
        ("EmailConfiguration", email()),
        ("UserPoolTags", tags()),
        ("DeletionProtection", one_of(["ACTIVE", "INACTIVE"])),
        ("AutoVerifiedAttributes", some_of(contacts, 0)),
        (
            "UserAttributeUpdateSettings",
            whole(vec![("AttributesRequireVerificationBeforeUpdate", some_of(contacts, 0))]),
        ),
        ("Policies", policies()),
        ("SmsVerificationMessage", sms_text()),
        ("EmailVerificationMessage", email_text()),
        ("EmailVerificationSubject", subject()),
        ("VerificationMessageTemplate", template()),
        ("SmsAuthenticationMessage", sms_text()),
        (
            "DeviceConfiguration",
            object(0.5, vec![("ChallengeRequiredOnNewDevice", flag()), ("DeviceOnlyRememberedOnUserPrompt", flag())]),
        ),
        (
            "AdminCreateUserConfig",
            object(
                0.5,
                vec![
                    ("AllowAdminCreateUserOnly", flag()),
                    ("UnusedAccountValidityDays", one_of([0, 7, 30])),
                    (
                        "InviteMessageTemplate",
                        object(
                            0.6,
                            vec![
                                ("SMSMessage", one_of(["Hi {username}: {####}", "{####} # {username}: 'ok'"])),
                                (
                                    "EmailMessage",
                                    one_of([
                                        "Hi {username},\n\nyour password is {####}\n",
                                        "<p>\r\n{username}\r\n\t{####}</p>",
                                        "{username} ${var.x} {####}",
                                    ]),
                                ),
                                ("EmailSubject", subject()),
                            ],
                        ),
                    ),
                ],
            ),
        ),
        (
            "AccountRecoverySetting",
            whole(vec![(
                "RecoveryMechanisms",
                one_of([
                    json!([{"Priority": 1, "Name": "verified_email"}]),
                    json!([{"Priority": 2, "Name": "verified_email"}, {"Priority": 1, "Name": "verified_phone_number"}]),
                    json!([{"Priority": 1, "Name": "admin_only"}]),
                    json!([{"Priority": 1, "Name": "verified_phone_number"}]),
                    json!([{"Priority": 2, "Name": "verified_email"}]),
                ]),
            )]),
        ),
        ("LambdaConfig", triggers()),
        (
            "UserPoolAddOns",
            object_with(
                vec![("AdvancedSecurityMode", mode())],
                0.4,
                vec![(
                    "AdvancedSecurityAdditionalFlows",
                    object(0.7, vec![("CustomAuthMode", one_of(["AUDIT", "ENFORCED"]))]),
                )],
            ),
        ),
        (
            "KeyConfiguration",
            one_of([json!({"KeyType": "AWS_OWNED_KEY"}), json!({"KeyType": "CUSTOMER_MANAGED_KEY", "KmsKeyArn": KEY})]),
        ),
        ("IssuerConfiguration", whole(vec![("Type", one_of(["ORIGINAL", "UPDATED"]))])),
        (
            "AcrConfiguration",
            map_of(["Level1", "Level2", "Level4"], 0.5, |level| always(json!({"AcrValue": format!("mine:{level}")}))),
        ),
    ]
}

fn email() -> Part {
    let identity = "arn:aws:ses:eu-west-1:123456789012:identity/example.com";
    either(vec![
        object(
            0.5,
            vec![
                ("EmailSendingAccount", always("COGNITO_DEFAULT")),
                ("ReplyToEmailAddress", one_of(["help@example.com"])),
            ],
        ),
        object_with(
            vec![("EmailSendingAccount", always("DEVELOPER")), ("SourceArn", always(identity))],
            0.5,
            vec![
                ("From", one_of(["Shop <shop@example.com>", "shop@example.com", "\"Shop: EU\" <shop@example.com>"])),
                ("ReplyToEmailAddress", one_of(["help@example.com"])),
                ("ConfigurationSet", one_of(["set", "12"])),
            ],
        ),
    ])
}

fn policies() -> Part {
    let password = object(
        0.5,
        vec![
            ("MinimumLength", one_of([6, 8, 12, 99])),
            ("RequireUppercase", flag()),
            ("RequireLowercase", flag()),
            ("RequireNumbers", flag()),
            ("RequireSymbols", flag()),
            ("TemporaryPasswordValidityDays", one_of([0, 1, 7, 365])),
            ("PasswordHistorySize", one_of([0, 5])),
        ],
    );
    let factors = one_of([json!(["PASSWORD"]), json!(["PASSWORD", "WEB_AUTHN"]), json!(["EMAIL_OTP", "PASSWORD"])]);
    object(0.7, vec![("PasswordPolicy", password), ("SignInPolicy", whole(vec![("AllowedFirstAuthFactors", factors)]))])
}

fn sms_text() -> Part {
    one_of(["Your code is {####}.", "{####}: 'code'", "  {####}  ", "Grüße 🦀 {####}", "#{####}"])
}

fn email_text() -> Part {
    let long = format!("<p>{}</p> {{####}}", "Dear customer, thank you for signing up. ".repeat(20));
    either(vec![
        one_of([
            "Your code is {####}.",
            "Hello,\n\nyour code is {####}.\n\nBye\n",
            "a\r\nb {####}\r\n",
            "\tcode\t{####}",
            " {####} \n  x\n\n\n",
            "\n\n{####}",
            "${env:HOME} {####}",
            "$${x} {####}",
            "{####}\n---\n...\n",
            "key: {####} # no comment",
            "- {####}",
            "\\n {####} \"q\" 'q'",
            "<html>\n  <body>\n\t<b>{####}</b>\n  </body>\n</html>",
        ]),
        always(long),
    ])
}

fn subject() -> Part {
    one_of(["Your code", "yes", "Code: now # 1", "'quoted' \"twice\"", " edges ", "Größe ${stack.name}"])
}

fn template() -> Part {
    let link = || one_of(["{##Verify##} it", "<a>{##Click here##}</a>\nnow"]);
    object(
        0.4,
        vec![
            ("DefaultEmailOption", one_of(["CONFIRM_WITH_CODE", "CONFIRM_WITH_LINK"])),
            ("SmsMessage", sms_text()),
            ("EmailMessage", email_text()),
            ("EmailSubject", subject()),
            ("EmailMessageByLink", link()),
            ("EmailSubjectByLink", subject()),
        ],
    )
}

/// Attributes, custom ones with any name that AWS takes.
fn attributes() -> Part {
    let text = |extra: Value| {
        let mut attribute = json!({"Name": "note", "AttributeDataType": "String", "Mutable": true});
        for (key, value) in extra.as_object().into_iter().flatten() {
            attribute[key] = value.clone();
        }
        attribute
    };
    some_of(
        [
            text(json!({})),
            text(json!({"Name": "team", "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "256"}})),
            text(json!({"Name": "fixed", "Mutable": false, "StringAttributeConstraints": {"MaxLength": "2048"}})),
            text(json!({"Name": "Größe", "StringAttributeConstraints": {}})),
            text(json!({"Name": "dev-note", "DeveloperOnlyAttribute": true})),
            text(
                json!({"Name": "level", "AttributeDataType": "Number", "NumberAttributeConstraints": {"MinValue": "-5", "MaxValue": "100000000000000000000"}}),
            ),
            text(json!({"Name": "since", "AttributeDataType": "DateTime"})),
            text(json!({"Name": "active", "AttributeDataType": "Boolean"})),
            json!({"Name": "email", "Required": true, "Mutable": true, "AttributeDataType": "String"}),
            json!({"Name": "name", "AttributeDataType": "String", "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "100"}}),
            json!({"Name": "birthdate", "Required": true, "Mutable": false, "AttributeDataType": "String"}),
            json!({"Name": "plain"}),
        ],
        1,
    )
}

fn triggers() -> Part {
    let arn = || one_of([FOREIGN.to_owned(), format!("{FOREIGN}:live"), format!("{FOREIGN}:7")]);
    let versioned =
        |versions: &[&str]| whole(vec![("LambdaVersion", one_of(versions.iter().copied())), ("LambdaArn", arn())]);
    let sender = || whole(vec![("LambdaVersion", always("V1_0")), ("LambdaArn", arn())]);
    either(vec![
        object(
            0.3,
            vec![
                ("PreSignUp", arn()),
                ("CustomMessage", arn()),
                ("PostConfirmation", arn()),
                ("PreTokenGeneration", arn()),
                ("UserMigration", arn()),
                ("PreAuthentication", arn()),
                ("PostAuthentication", arn()),
                ("DefineAuthChallenge", arn()),
                ("CreateAuthChallenge", arn()),
                ("VerifyAuthChallengeResponse", arn()),
                ("InboundFederation", sender()),
            ],
        ),
        object(0.5, vec![("PreTokenGenerationConfig", versioned(&["V1_0", "V2_0", "V3_0"]))]),
        object_with(
            vec![("KMSKeyID", always(KEY))],
            0.5,
            vec![("CustomSMSSender", sender()), ("CustomEmailSender", sender())],
        ),
    ])
}

/// What `SetUserPoolMfaConfig` takes.
fn factors() -> Vec<Property> {
    vec![
        ("MfaConfiguration", one_of(["OPTIONAL", "ON", "OPTIONAL", "OFF"])),
        ("SoftwareTokenMfaConfiguration", whole(vec![("Enabled", flag())])),
        (
            "SmsMfaConfiguration",
            object(
                0.7,
                vec![
                    (
                        "SmsConfiguration",
                        whole(vec![("SnsCallerArn", one_of([role("sms")])), ("ExternalId", one_of(["x"]))]),
                    ),
                    ("SmsAuthenticationMessage", sms_text()),
                ],
            ),
        ),
        ("EmailMfaConfiguration", object(0.5, vec![("Message", email_text()), ("Subject", subject())])),
        (
            "WebAuthnConfiguration",
            object(
                0.5,
                vec![
                    ("RelyingPartyId", one_of(["example.com", "login.example.com"])),
                    ("UserVerification", one_of(["required", "preferred"])),
                    ("FactorConfiguration", one_of(["SINGLE_FACTOR", "MULTI_FACTOR_WITH_USER_VERIFICATION"])),
                ],
            ),
        ),
    ]
}
