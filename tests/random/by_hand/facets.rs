//! Facets of user pools and of their clients, set in whatever form AWS takes, and changed again.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use poolkeeper::sandbox::model::Service::UserPools;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Call, at_times, call, empty, role, tags};
use crate::generate::facets::REPLICAS;
use crate::generate::triggers::FOREIGN;
use crate::parts::{Part, always, either, flag, joined, object, object_with, one_of, some_of, whole};

/// The key of pools that can have replicas.
pub(super) const KEY: &str = "arn:aws:kms:eu-west-1:123456789012:key/mrk-1";

/// The calls that set a pool's own.
pub(super) fn of_pool(pool: usize) -> BoxedStrategy<Vec<Call>> {
    let id = json!({"UserPoolId": format!("@pool{pool}")});
    let protected = json!({"UserPoolTier": "PLUS", "UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"}});
    let mut parts = vec![at_times(0.4, call(UserPools, "UpdateUserPool", id.clone(), always(protected)))];
    parts.extend(looks(&id));
    for _ in 0..2 {
        parts.push(at_times(0.3, with(id.clone(), "SetLogDeliveryConfiguration", "LogConfigurations", logs())));
    }
    parts.push(replica(pool));
    parts.prop_map(|calls| calls.into_iter().flatten().collect()).boxed()
}

/// The calls that set a client's own.
pub(super) fn of_client(pool: usize, client: &str) -> BoxedStrategy<Vec<Call>> {
    let id = json!({"UserPoolId": format!("@pool{pool}"), "ClientId": format!("@{client}")});
    let mut parts = looks(&id);
    let own = format!("{client}.style");
    let style = {
        let (id, own) = (id.clone(), own.clone());
        (style(), object(0.6, vec![("Assets", assets())])).prop_map(move |(style, more)| {
            let mut needed = id.clone();
            needed.as_object_mut().expect("an object").extend(style.as_object().cloned().unwrap_or_default());
            Call::new(UserPools, "CreateManagedLoginBranding", needed, more)
                .making(own.clone(), "/ManagedLoginBranding/ManagedLoginBrandingId")
        })
    };
    parts.push(at_times(0.3, style.boxed()));
    let again = json!({"UserPoolId": id["UserPoolId"], "ManagedLoginBrandingId": format!("@{own}")});
    let again = (self::style(), object(0.6, vec![("Assets", assets())])).prop_map(move |(style, more)| {
        let mut needed = again.clone();
        needed.as_object_mut().expect("an object").extend(style.as_object().cloned().unwrap_or_default());
        Call::new(UserPools, "UpdateManagedLoginBranding", needed, more)
    });
    parts.push(at_times(0.1, again.boxed()));
    for name in ["terms-of-use", "privacy-policy"] {
        // A document without any link is none that a file has.
        let link =
            || one_of(["https://example.com/terms", "http://example.com/${x}?a=b&c#d", "https://example.com/a%20b"]);
        let others = vec![("cognito:german", link()), ("cognito:chinese-simplified", link())];
        let links = object_with(vec![("cognito:default", link())], 0.6, others);
        let mut needed = id.clone();
        for (member, value) in [("TermsName", name), ("TermsSource", "LINK"), ("Enforcement", "NONE")] {
            needed[member] = json!(value);
        }
        parts.push(at_times(0.2, with(needed, "CreateTerms", "Links", links)));
    }
    parts.prop_map(|calls| calls.into_iter().flatten().collect()).boxed()
}

/// A call with one member that is drawn and must be.
fn with(needed: Value, operation: &'static str, member: &'static str, part: Part) -> BoxedStrategy<Call> {
    part.prop_map(move |value| {
        let mut needed = needed.clone();
        needed[member] = value;
        Call::new(UserPools, operation, needed, empty())
    })
    .boxed()
}

/// What pools and clients have alike.
fn looks(id: &Value) -> Vec<BoxedStrategy<Vec<Call>>> {
    let pages = || {
        let css = one_of([
            ".logo-customizable {\n\tmax-width: 60%;\r\n}\n",
            " .label-customizable{}",
            "/* ${x} größer: # */\n.banner-customizable { background: url(\"a b\"); }",
            "",
        ]);
        let image = one_of([STANDARD.encode(b"\x89PNG\r\n\x1a\none"), STANDARD.encode(b"\xff\xd8\xff\xe0two")]);
        object(0.7, vec![("CSS", css), ("ImageFile", image)])
    };
    vec![
        at_times(0.25, call(UserPools, "SetUICustomization", id.clone(), pages())),
        at_times(0.1, call(UserPools, "SetUICustomization", id.clone(), pages())),
        at_times(0.25, call(UserPools, "SetRiskConfiguration", id.clone(), risk())),
        at_times(0.1, call(UserPools, "SetRiskConfiguration", id.clone(), risk())),
    ]
}

fn risk() -> Part {
    let compromised = object_with(
        vec![("Actions", whole(vec![("EventAction", one_of(["BLOCK", "NO_ACTION"]))]))],
        0.6,
        vec![("EventFilter", some_of(["SIGN_IN", "SIGN_UP", "PASSWORD_CHANGE"], 0))],
    );
    // That users are told of what nothing tells them of, a file may not say.
    let action = |notify: Part| {
        let actions = one_of(["BLOCK", "MFA_IF_CONFIGURED", "MFA_REQUIRED", "NO_ACTION"]);
        whole(vec![("Notify", notify), ("EventAction", actions)])
    };
    let body = || one_of(["Was it you?\n", "<p>\r\n\tIt was: # you</p>", "${env:HOME} was it"]);
    let email = || {
        object_with(
            vec![("Subject", one_of(["yes", "A sign-in: # 1"])), ("TextBody", body())],
            0.5,
            vec![("HtmlBody", body())],
        )
    };
    let notify = object_with(
        vec![("SourceArn", always("arn:aws:ses:eu-west-1:123456789012:identity/example.com"))],
        0.5,
        vec![
            ("From", one_of(["shop@example.com", "\"Shop: EU\" <shop@example.com>"])),
            ("ReplyTo", always("help@example.com")),
            ("BlockEmail", email()),
            ("NoActionEmail", email()),
            ("MfaEmail", email()),
        ],
    );
    let levels = ["LowAction", "MediumAction", "HighAction"];
    let quiet = object(0.6, levels.map(|level| (level, action(always(false)))).to_vec());
    let loud = object(0.6, levels.map(|level| (level, action(flag()))).to_vec());
    let takeover =
        either(vec![whole(vec![("Actions", quiet)]), whole(vec![("Actions", loud), ("NotifyConfiguration", notify)])]);
    // No network is in both: a file may not say so.
    let blocked = some_of(["192.0.2.0/24", "10.0.0.1/8"], 0);
    let skipped = some_of(["2001:db8::/32", "2001:DB8::1/128", "203.0.113.7/32"], 0);
    let exceptions = object(0.6, vec![("BlockedIPRangeList", blocked), ("SkippedIPRangeList", skipped)]);
    object(
        0.6,
        vec![
            ("CompromisedCredentialsRiskConfiguration", compromised),
            ("AccountTakeoverRiskConfiguration", takeover),
            ("RiskExceptionConfiguration", exceptions),
        ],
    )
}

fn logs() -> Part {
    let group = "arn:aws:logs:eu-west-1:123456789012:log-group:";
    let group = json!({"CloudWatchLogsConfiguration": {"LogGroupArn": format!("{group}/aws/pool:*")}});
    let undelivered = json!({"EventSource": "userNotification", "LogLevel": "ERROR"});
    let activity = json!({"EventSource": "userAuthEvents", "LogLevel": "INFO"});
    let both = |one: &Value, other: &Value| {
        let mut both = one.clone();
        both.as_object_mut().expect("an object").extend(other.as_object().cloned().unwrap_or_default());
        both
    };
    let stream = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/logs";
    let anywhere = [
        json!({"FirehoseConfiguration": {"StreamArn": stream}}),
        json!({"S3Configuration": {"BucketArn": "arn:aws:s3:::logs"}}),
        group.clone(),
    ];
    let each = anywhere.iter().map(|to| some_of([both(&activity, to), both(&undelivered, &group)], 0));
    either(each.collect())
}

/// Where a style comes from, which must be said.
fn style() -> Part {
    // Settings that say nothing are ones that a file does not take.
    let components = one_of([
        json!({"form": {"borderRadius": 8.0, "lightMode": {"color": "ffffffff"}}}),
        json!({"form": {"borderRadius": 12}, "empty": {}, "list": [], "alert": {"deep": {}}}),
    ]);
    let settings = object_with(
        vec![("components", components)],
        0.5,
        vec![
            (
                "componentClasses",
                one_of([json!({}), json!({"buttons": {"borderRadius": -0.5, "null": null, "yes": "no"}})]),
            ),
            ("categories", one_of([json!({"form": {"location": {"horizontal": "CENTER"}, "größe: 1": "${x}"}})])),
        ],
    );
    either(vec![
        whole(vec![("UseCognitoProvidedValues", always(true))]),
        joined(vec![
            whole(vec![("Settings", settings)]),
            object(0.3, vec![("UseCognitoProvidedValues", always(false))]),
        ]),
    ])
}

fn assets() -> Part {
    let asset = |category: &str, mode: &str, extension: &str, bytes: &[u8]| {
        let bytes = STANDARD.encode(bytes);
        json!({"Category": category, "ColorMode": mode, "Extension": extension, "Bytes": bytes})
    };
    let mut known = asset("FORM_LOGO", "DYNAMIC", "SVG", b"<svg/>");
    known["ResourceId"] = json!("logo 1");
    some_of(
        [
            asset("FORM_LOGO", "LIGHT", "PNG", b"\x89PNG\r\n\x1a\none"),
            asset("FORM_LOGO", "DARK", "JPEG", b"\xff\xd8\xff\xe0two"),
            known,
            asset("FAVICON_ICO", "DYNAMIC", "ICO", b"\x00\x00\x01\x00"),
            asset("PAGE_BACKGROUND", "LIGHT", "WEBP", b"RIFF____WEBP"),
            asset("IDP_BUTTON_ICON", "DYNAMIC", "SVG", b"<svg>\n</svg>"),
        ],
        0,
    )
}

/// A replica, its own settings, and whether it serves.
fn replica(pool: usize) -> BoxedStrategy<Vec<Call>> {
    let id = json!({"UserPoolId": format!("@pool{pool}")});
    let ready =
        json!({"UserPoolTier": "PLUS", "KeyConfiguration": {"KeyType": "CUSTOMER_MANAGED_KEY", "KmsKeyArn": KEY}});
    let replica = (prop::sample::select(REPLICAS.to_vec()), object(0.5, vec![("UserPoolTags", tags())]))
        .prop_flat_map(move |(region, tagged)| {
            let mut named = id.clone();
            named["RegionName"] = json!(region);
            let status = with(named.clone(), "UpdateUserPoolReplica", "Status", one_of(["ACTIVE", "INACTIVE"]));
            let foreign = FOREIGN.replace("eu-west-1", region);
            let own = object(
                0.5,
                vec![
                    ("SmsConfiguration", one_of([json!({"SnsCallerArn": role("sms"), "ExternalId": "x"})])),
                    (
                        "EmailConfiguration",
                        one_of([
                            json!({"ReplyToEmailAddress": "help@example.com"}),
                            json!({"EmailSendingAccount": "DEVELOPER", "SourceArn": "arn:aws:ses:us-west-2:123456789012:identity/example.com"}),
                        ]),
                    ),
                    (
                        "LambdaConfig",
                        one_of([
                            json!({"PreSignUp": foreign}),
                            json!({"PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": foreign}}),
                        ]),
                    ),
                ],
            );
            let parts = vec![
                call(UserPools, "UpdateUserPool", id.clone(), always(ready.clone())).prop_map(|call| vec![call]).boxed(),
                call(UserPools, "CreateUserPoolReplica", named, always(tagged)).prop_map(|call| vec![call]).boxed(),
                // What it leaves out would be reset, so it says all that the pool was made with here.
                at_times(0.6, call(UserPools, "UpdateUserPool", id.clone(), joined(vec![always(ready.clone()), own])))
                    .prop_map(move |calls| calls.into_iter().map(|call| call.there(region)).collect())
                    .boxed(),
                at_times(0.5, status),
            ];
            parts.prop_map(|calls| calls.into_iter().flatten().collect::<Vec<Call>>())
        })
        .boxed();
    proptest::option::weighted(0.2, replica).prop_map(Option::unwrap_or_default).boxed()
}
