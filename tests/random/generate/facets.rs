//! Facets of pools and of their clients: how their pages look and what these link to, threat
//! protection, logs, replicas.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::pool::KEY;
use super::triggers;
use crate::parts::{
    Part, Property, always, at_times, either, flag, map_of, object, object_with, one_of, some_of, whole,
};
use crate::stack_file::reference;

/// The regions of replicas.
pub(crate) const REPLICAS: [&str; 2] = ["eu-central-1", "us-west-2"];

/// The names of terms documents.
const TERMS: [&str; 2] = ["terms-of-use", "privacy-policy"];

const LANGUAGES: [&str; 13] = [
    "cognito:default",
    "cognito:english",
    "cognito:dutch",
    "cognito:french",
    "cognito:spanish",
    "cognito:german",
    "cognito:bahasa-indonesia",
    "cognito:italian",
    "cognito:japanese",
    "cognito:korean",
    "cognito:portuguese-brazil",
    "cognito:chinese-simplified",
    "cognito:chinese-traditional",
];

/// What images are for, with the files that can be that.
const IMAGES: [(&str, &[&str]); 15] = [
    ("FAVICON_ICO", &["a.ico", "b.ico"]),
    ("FAVICON_SVG", &["a.svg", "b.svg"]),
    ("EMAIL_GRAPHIC", PICTURES),
    ("SMS_GRAPHIC", PICTURES),
    ("AUTH_APP_GRAPHIC", PICTURES),
    ("PASSWORD_GRAPHIC", PICTURES),
    ("PASSKEY_GRAPHIC", PICTURES),
    ("PAGE_HEADER_LOGO", PICTURES),
    ("PAGE_HEADER_BACKGROUND", PICTURES),
    ("PAGE_FOOTER_LOGO", PICTURES),
    ("PAGE_FOOTER_BACKGROUND", PICTURES),
    ("PAGE_BACKGROUND", PICTURES),
    ("FORM_BACKGROUND", PICTURES),
    ("FORM_LOGO", PICTURES),
    ("IDP_BUTTON_ICON", &["a.ico", "a.svg"]),
];

const PICTURES: &[&str] = &["a.png", "b.png", "a.svg", "a.jpg", "a.webp"];

/// The facets of a pool.
pub(super) fn of_pool() -> Vec<Property> {
    vec![
        ("uiCustomization", pages()),
        ("riskConfiguration", risk()),
        ("logConfigurations", logs()),
        ("replicas", map_of(REPLICAS, 0.7, replica)),
    ]
}

/// The facets of a client of the pool with this key.
pub(super) fn of_client(pool: &str) -> Vec<Property> {
    let pool = pool.to_owned();
    vec![
        ("uiCustomization", pages()),
        ("riskConfiguration", risk()),
        ("managedLoginBranding", style()),
        ("terms", map_of(TERMS, 0.7, move |_| terms(&pool))),
    ]
}

/// What a pool needs so that it can have facets, each at times.
pub(super) fn grounds() -> Part {
    let protected = vec![
        ("userPoolTier", always("PLUS")),
        ("userPoolAddOns", whole(vec![("advancedSecurityMode", one_of(["AUDIT", "ENFORCED"]))])),
    ];
    let key = whole(vec![
        ("keyType", always("CUSTOMER_MANAGED_KEY")),
        ("kmsKeyArn", one_of([format!("{KEY}mrk-1"), format!("{KEY}mrk-2")])),
    ]);
    let replicated = vec![("keyConfiguration", key), ("issuerConfiguration", whole(vec![("type", always("UPDATED"))]))];
    crate::parts::joined(vec![at_times(0.25, whole(protected)), at_times(0.15, whole(replicated))])
}

/// How the classic pages look.
fn pages() -> Part {
    let css = [
        ".submitButton-customizable:hover {color: #fff}",
        "/* größer */ .label-customizable,\n.logo-customizable {\n  max-width: 60%;\n}\n",
        ".banner-customizable {}",
    ];
    let logo = ["images/a.png", "./images/b.png", "images/a.jpg", "images/a-png"];
    object(0.7, vec![("css", one_of(css)), ("imageFile", one_of(logo))])
}

fn risk() -> Part {
    let filter = some_of(["SIGN_IN", "PASSWORD_CHANGE", "SIGN_UP"], 0);
    let compromised = object_with(
        vec![("actions", whole(vec![("eventAction", one_of(["BLOCK", "NO_ACTION"]))]))],
        0.5,
        vec![("eventFilter", filter)],
    );
    let does = || one_of(["BLOCK", "MFA_IF_CONFIGURED", "MFA_REQUIRED", "NO_ACTION"]);
    let action = || whole(vec![("notify", flag()), ("eventAction", does())]);
    let actions = object(0.6, vec![("lowAction", action()), ("mediumAction", action()), ("highAction", action())]);
    let takeover = object_with(vec![("actions", actions)], 0.6, vec![("notifyConfiguration", notification())]);
    let ranges = || some_of(["192.0.2.0/24", "2001:db8::/32", "10.0.0.1/32"], 0);
    let exceptions = object(0.7, vec![("blockedIpRangeList", ranges()), ("skippedIpRangeList", ranges())]);
    object(
        0.6,
        vec![
            ("compromisedCredentialsRiskConfiguration", compromised),
            ("accountTakeoverRiskConfiguration", takeover),
            ("riskExceptionConfiguration", exceptions),
        ],
    )
}

fn notification() -> Part {
    let html = || ("htmlBody", one_of(["<p>Was it you?</p>\n", "<b>Waren Sie es? Größe</b>"]));
    let text = || ("textBody", one_of(["Was it you?", "Waren\nSie es?\n"]));
    let email = || {
        let subject = || ("subject", one_of(["A sign-in", "Eine Anmeldung: größer"]));
        either(vec![object_with(vec![subject(), text()], 0.5, vec![html()]), whole(vec![subject(), html()])])
    };
    let identity = "arn:aws:ses:eu-west-1:123456789012:identity/";
    object_with(
        vec![("sourceArn", one_of([format!("{identity}example.com"), format!("{identity}shop@example.com")]))],
        0.5,
        vec![
            ("from", one_of(["shop@example.com", "safety@example.com"])),
            ("replyTo", one_of(["help@example.com", "Shop <shop@example.com>"])),
            ("blockEmail", email()),
            ("noActionEmail", email()),
            ("mfaEmail", email()),
        ],
    )
}

/// What is logged, and where to.
fn logs() -> Part {
    let group = || {
        let arn = "arn:aws:logs:eu-west-1:123456789012:log-group:";
        let group = one_of([format!("{arn}/aws/vendedlogs/pool"), format!("{arn}other:*"), format!("{arn}other")]);
        whole(vec![("cloudWatchLogsConfiguration", whole(vec![("logGroupArn", group)]))])
    };
    let bucket = one_of(["arn:aws:s3:::logs", "arn:aws:s3:::more-logs/of/it"]);
    let stream = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/";
    let stream = one_of([format!("{stream}logs"), format!("{stream}more")]);
    let anywhere = either(vec![
        group(),
        whole(vec![("s3Configuration", whole(vec![("bucketArn", bucket)]))]),
        whole(vec![("firehoseConfiguration", whole(vec![("streamArn", stream)]))]),
    ]);
    let entry = |source: &str, level: &str, to: Part| {
        let fixed = whole(vec![("eventSource", always(source)), ("logLevel", always(level))]);
        proptest::option::weighted(0.6, crate::parts::joined(vec![fixed, to]))
    };
    (entry("userNotification", "ERROR", group()), entry("userAuthEvents", "INFO", anywhere), any::<bool>())
        .prop_map(|(undelivered, activity, turned)| {
            let mut entries: Vec<Value> = undelivered.into_iter().chain(activity).collect();
            if turned {
                entries.reverse();
            }
            json!(entries)
        })
        .boxed()
}

fn style() -> Part {
    let images: Vec<_> = IMAGES
        .into_iter()
        .flat_map(|image| ["LIGHT", "DARK", "DYNAMIC"].map(|mode| (image, mode)))
        .map(|((category, files), mode)| proptest::option::weighted(0.05, image(category, mode, files)))
        .collect();
    let images = images.prop_map(|images| Value::Array(images.into_iter().flatten().collect()));
    let look = either(vec![
        object(0.7, vec![("useCognitoProvidedValues", always(true))]),
        object_with(vec![("settings", settings())], 0.3, vec![("useCognitoProvidedValues", always(false))]),
        object_with(vec![("settings", settings())], 0.3, vec![("useCognitoProvidedValues", always(false))]),
    ]);
    crate::parts::joined(vec![look, object(0.6, vec![("assets", images.boxed())])])
}

fn image(category: &'static str, mode: &'static str, files: &[&'static str]) -> Part {
    let id = proptest::option::weighted(0.2, one_of(["logo 1", "logo_2"]));
    // What a file is may be said where its name tells it, and must be where it does not.
    let said = prop::sample::select(vec![0, 0, 1, 2]);
    (prop::sample::select(files.to_vec()), said, id)
        .prop_map(move |(file, said, id)| {
            let (name, suffix) = file.split_once('.').expect("a suffix");
            let mut image = json!({"category": category, "colorMode": mode, "bytes": format!("images/{file}")});
            if said > 0 {
                image["extension"] = json!(if suffix == "jpg" { "JPEG".to_owned() } else { suffix.to_uppercase() });
            }
            if said > 1 {
                image["bytes"] = json!(format!("./images/{name}-{suffix}"));
            }
            if let Some(id) = id {
                image["resourceId"] = id;
            }
            image
        })
        .boxed()
}

/// What AWS's branding editor exports, or a part of it, as an object or as its text.
fn settings() -> Part {
    let color = || one_of(["ffffffff", "0972d3ff"]);
    let number = || one_of([json!(8), json!(8.0), json!(12), json!(0.5), json!(-1)]);
    let shown = || whole(vec![("enabled", flag())]);
    let look = object(
        0.5,
        vec![
            (
                "categories",
                object(
                    0.6,
                    vec![
                        ("form", object(0.6, vec![("sessionTimerDisplay", one_of(["NONE", "TIMER"]))])),
                        ("languageSelector", shown()),
                    ],
                ),
            ),
            (
                "componentClasses",
                object(
                    0.6,
                    vec![
                        ("buttons", object(0.6, vec![("borderRadius", number())])),
                        ("order", one_of([json!(["a", "b"]), json!([{"x": 1.0}]), json!([])])),
                    ],
                ),
            ),
            (
                "components",
                object(
                    0.6,
                    vec![
                        (
                            "pageBackground",
                            object(0.6, vec![("lightMode", whole(vec![("color", color())])), ("image", shown())]),
                        ),
                        ("empty", one_of([json!({}), json!(true), json!("")])),
                        (
                            "favicon",
                            object(0.6, vec![("enabledTypes", one_of([json!(["ICO", "SVG"]), json!(["ICO"])]))]),
                        ),
                    ],
                ),
            ),
        ],
    );
    (look, proptest::bool::weighted(0.2))
        .prop_map(|(look, text)| if text { json!(look.to_string()) } else { look })
        .boxed()
}

fn terms(pool: &str) -> Part {
    let url = reference(&["userPools", pool, "domains", super::children::PREFIXES[0]], "url");
    let link = move |language: &str| {
        let path = language.trim_start_matches("cognito:").to_owned();
        one_of([
            format!("https://example.com/{path}"),
            format!("http://example.com/?l={path}#x"),
            format!("{url}/{path}"),
        ])
    };
    let links =
        (map_of(LANGUAGES, 0.3, link), prop::sample::select(LANGUAGES.to_vec())).prop_map(|(mut links, one)| {
            // Without any link it is no document.
            if links.as_object().is_none_or(serde_json::Map::is_empty) {
                links[one] = json!("https://example.com/");
            }
            links
        });
    object_with(
        vec![("links", links.boxed())],
        0.3,
        vec![("termsSource", always("LINK")), ("enforcement", always("NONE"))],
    )
}

fn replica(region: &str) -> Part {
    let identity = "arn:aws:ses:us-west-2:123456789012:identity/";
    let email = either(vec![
        object(
            0.5,
            vec![
                ("emailSendingAccount", always("COGNITO_DEFAULT")),
                ("replyToEmailAddress", one_of(["help@example.com", "hilfe@example.com"])),
            ],
        ),
        object_with(
            vec![("emailSendingAccount", always("DEVELOPER")), ("sourceArn", always(format!("{identity}example.com")))],
            0.5,
            vec![
                ("replyToEmailAddress", one_of(["help@example.com"])),
                ("from", one_of(["shop@example.com", "Shop <shop@example.com>"])),
                ("configurationSet", one_of(["mails", "mails_2"])),
            ],
        ),
    ]);
    object(
        0.5,
        vec![
            ("status", one_of(["INACTIVE", "ACTIVE"])),
            ("emailConfiguration", email),
            ("smsConfiguration", super::pool::sms_of(region)),
            ("triggers", triggers::of_replica(region)),
            ("tags", super::tags()),
        ],
    )
}
