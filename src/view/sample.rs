//! Plans and reports for the tests of the views.

use std::time::Duration;

use serde_json::{Value, json};

use crate::error::{AwsError, Error};
use crate::kind::Kind;
use crate::plan::{Action, Cause, Change, Item, Outcome, Plan, Report, StepResult, UnmanagedChild};
use crate::reference::Reference;
use crate::stack::Output;

pub(super) const TOOK: Duration = Duration::from_millis(1_240);

pub(super) fn item(action: Action, kind: Kind, address: &str, id: Option<&str>, changes: Vec<Change>) -> Item {
    Item {
        address: address.parse().expect("an address"),
        kind: Some(kind),
        action,
        cause: None,
        id: id.map(str::to_owned),
        changes,
        blocked: Vec::new(),
        warnings: Vec::new(),
        with_parent: false,
    }
}

fn caused(cause: Cause, item: Item) -> Item {
    Item { cause: Some(cause), ..item }
}

pub(super) fn change(path: &str, live: impl Into<Option<Value>>, declared: impl Into<Option<Value>>) -> Change {
    Change { path: path.parse().expect("a path"), live: live.into(), declared: declared.into(), secret: false }
}

pub(super) fn secret(path: &str, live: Option<&str>, declared: Option<&str>) -> Change {
    let value = |text: Option<&str>| text.map(|text| json!(text));
    Change { secret: true, ..change(path, value(live), value(declared)) }
}

pub(super) fn empty() -> Plan {
    Plan {
        stack: "shop/prod".to_owned(),
        region: "us-east-2".to_owned(),
        account: "123456789012".to_owned(),
        items: Vec::new(),
        unmanaged: Vec::new(),
        left: Vec::new(),
        lost: Vec::new(),
        notes: Vec::new(),
        calls: 23,
    }
}

pub(super) fn unchanged() -> Plan {
    let keep = |address| item(Action::Keep, Kind::UserPool, address, Some("us-east-2_AbCdEfGhI"), Vec::new());
    Plan { items: vec![keep("userPools.customers"), keep("userPools.staff")], ..empty() }
}

pub(super) fn open(reference: &str) -> String {
    Reference(reference.parse().expect("a path")).embed()
}

fn new_client() -> Item {
    item(
        Action::Create,
        Kind::Client,
        "userPools.customers.clients.web",
        None,
        vec![
            change("name", None, json!("web")),
            change("allowedOAuthFlows", None, json!(["code"])),
            change(
                "callbackUrls",
                None,
                json!([
                    "http://localhost:8000/",
                    "https://shop.example.com/callback",
                    "https://shop.example.com/silent-refresh"
                ]),
            ),
            change("refreshTokenRotation", None, json!({"feature": "ENABLED", "retryGracePeriodSeconds": 10})),
            change("analyticsConfiguration.applicationArn", None, json!(open("functions.confirm.arn"))),
            secret("clientSecret", None, Some("hunter2-hunter2")),
        ],
    )
}

fn changed_pool() -> Item {
    let live = "Hello {username},\n\nyour code is {####}.\n\nIt is good for one hour.\nGreetings\nThe shop\n";
    let file = "Hello {username},\n\nyour code is {####}.\n\nIt is good for 24 hours.\nGreetings\nThe shop\n";
    Item {
        warnings: vec![
            "with MFA required, users without a second factor are asked to set one up at their next sign-in".to_owned(),
        ],
        ..item(
            Action::Update,
            Kind::UserPool,
            "userPools.customers",
            Some("us-east-2_AbCdEfGhI"),
            vec![
                change("policies.passwordPolicy.minimumLength", json!(8), json!(12)),
                change("mfaConfiguration", json!("OPTIONAL"), json!("ON")),
                change("autoVerifiedAttributes", json!(["phone_number"]), json!(["email"])),
                change("emailVerificationMessage", json!(live), json!(file)),
                change("tags", json!({"team": "shop", "cost": "7"}), json!({"team": "identity", "cost": "7"})),
                change("userPoolAddOns", json!({"advancedSecurityMode": "AUDIT"}), None),
                change("lambdaConfig.preSignUp", None, json!(open("functions.confirm.arn"))),
                change(
                    "smsAuthenticationMessage",
                    json!("Your authentication code is {####}. Do not give it to anybody."),
                    json!("Your code for shop.example.com is {####}. We never ask you for it on the telephone."),
                ),
            ],
        )
    }
}

/// A plan with every action and every kind of change in it.
pub(super) fn full() -> Plan {
    let pool = "userPools.customers";
    Plan {
        items: vec![
            caused(Cause::Both, changed_pool()),
            caused(Cause::Pending, new_client()),
            caused(
                Cause::DeletedLive,
                item(Action::Create, Kind::Group, &format!("{pool}.groups.admins"), None, Vec::new()),
            ),
            item(
                Action::Adopt,
                Kind::IdentityProvider,
                &format!("{pool}.identityProviders.Google"),
                Some("Google"),
                vec![
                    secret("providerDetails.client_secret", Some("the-live-secret"), Some("the-new-secret")),
                    change(
                        "attributeMapping",
                        json!({"email": "email"}),
                        json!({"email": "email", "name": "given_name"}),
                    ),
                ],
            ),
            Item {
                warnings: vec!["tokens that this client was given are no longer good".to_owned()],
                ..item(
                    Action::Replace,
                    Kind::Client,
                    &format!("{pool}.clients.native"),
                    Some("4nan7212tljtdmdjvp7e5ffmti"),
                    vec![change("generateSecret", json!(true), json!(false))],
                )
            },
            Item {
                cause: Some(Cause::Drift),
                blocked: vec![
                    "AWS cannot change `usernameAttributes` of a user pool once it exists; take the change back, or \
                     make another pool under another key and move the users"
                        .to_owned(),
                ],
                ..item(
                    Action::Blocked,
                    Kind::UserPool,
                    "userPools.staff",
                    Some("us-east-2_JkLmNoPqR"),
                    vec![change("usernameAttributes", json!(["email"]), json!(["email", "phone_number"]))],
                )
            },
            Item {
                cause: Some(Cause::Removed),
                warnings: vec!["it holds 1,204 users, who are lost with it".to_owned()],
                ..item(Action::Delete, Kind::UserPool, "userPools.old", Some("us-east-2_StUvWxYzA"), Vec::new())
            },
            Item {
                with_parent: true,
                ..item(Action::Delete, Kind::Client, "userPools.old.clients.web", Some("6h2ttt1j8cnn"), Vec::new())
            },
            Item {
                with_parent: true,
                ..item(Action::Delete, Kind::Domain, "userPools.old.domains.old-login", Some("old-login"), Vec::new())
            },
            item(Action::Release, Kind::Group, "userPools.customers.groups.staff", Some("staff"), Vec::new()),
            item(Action::Keep, Kind::Function, "functions.confirm", Some("arn:aws:lambda:…:confirm"), Vec::new()),
        ],
        unmanaged: vec![
            UnmanagedChild {
                address: format!("{pool}.clients.legacy").parse().expect("an address"),
                kind: Kind::Client,
                id: "1example23456789".to_owned(),
                properties: vec![
                    change("allowedOAuthFlows", None, json!(["implicit"])),
                    change("callbackUrls", None, json!(["https://elsewhere.example.com/"])),
                ],
            },
            UnmanagedChild {
                address: format!("{pool}.resourceServers[\"https://orders.example.com\"]").parse().expect("an address"),
                kind: Kind::ResourceServer,
                id: "https://orders.example.com".to_owned(),
                properties: Vec::new(),
            },
        ],
        notes: vec![
            "The tag query was refused (AccessDeniedException), so resources that were removed from the file were \
             not looked for."
                .to_owned(),
        ],
        ..empty()
    }
}

/// A plan with every cause in it.
pub(super) fn drifted() -> Plan {
    let mut plan = full();
    let gone = item(Action::Create, Kind::IdentityPool, "identityPools.app", None, Vec::new());
    let mut unknown = item(
        Action::Update,
        Kind::Domain,
        "userPools.customers.domains.shop-login",
        Some("shop-login"),
        vec![change("managedLoginVersion", json!(1), json!(2))],
    );
    unknown.cause = Some(Cause::Unknown);
    plan.items.extend([caused(Cause::NotLive, gone), unknown]);
    plan.lost.push("userPools.staff".parse().expect("an address"));
    plan
}

pub(super) fn aws_error() -> Error {
    Error::from(AwsError {
        address: Some("userPools.customers.clients.web".parse().expect("an address")),
        operation: "CreateUserPoolClient",
        code: Some("InvalidParameterException".to_owned()),
        message: "1 validation error detected: Value '[ALLOW_REFRESH_TOKEN_AUTH]' at 'explicitAuthFlows' cannot be \
                  used with refresh token rotation"
            .to_owned(),
        request_id: Some("f5b1a9d2-6a1e-4c0e-9f55-0c2f3e0b7a11".to_owned()),
        ambiguous: false,
        help: Some("take ALLOW_REFRESH_TOKEN_AUTH out, or turn `refreshTokenRotation` off".to_owned()),
    })
}

/// What an apply of [`full`] could have come to.
pub(super) fn report() -> Report {
    let outcome =
        |address: &str, action, result| Outcome { address: address.parse().expect("an address"), action, result };
    let client = "userPools.customers.clients.web";
    Report {
        outcomes: vec![
            outcome("userPools.customers", Action::Update, StepResult::Done),
            outcome(client, Action::Create, StepResult::Failed(aws_error())),
            outcome("userPools.customers.groups.admins", Action::Create, StepResult::Done),
            outcome("identityPools.app", Action::Update, StepResult::NotTried(client.parse().expect("an address"))),
            outcome("userPools.old", Action::Delete, StepResult::Interrupted),
        ],
        calls: 31,
    }
}

pub(super) fn outputs() -> Vec<Output> {
    let output = |name: &str, value: Value, secret| Output { name: name.to_owned(), value, secret };
    vec![
        output("userPoolId", json!("us-east-2_AbCdEfGhI"), false),
        output("motto", json!("it's\n$HOME"), false),
        output("ports", json!([8000, 8001]), false),
        output("clientSecret", json!("hunter2-hunter2"), true),
        output("clientId", json!(open("userPools.customers.clients.web.id")), false),
    ]
}
