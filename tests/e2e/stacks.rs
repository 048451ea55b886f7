//! The life of each example stack: planned, applied, read back, found unchanged, changed by other
//! hands, put right again, and destroyed, with what others own left as it was.

use serde_json::{Value, json};

use crate::aws::{Aws, texts};
use crate::emulator::ACCOUNT;
use crate::world::{World, addresses, change, example};

mod access;
mod sign_in;

const SECRETS: [(&str, &str); 3] = [
    ("GOOGLE_CLIENT_ID", "google-id"),
    ("GOOGLE_CLIENT_SECRET", "google-secret"),
    ("OLD_DIRECTORY_KEY", "directory-key"),
];
const LAMBDA_ROLE: &str = "lambdaRoleArn=arn:aws:iam::123456789012:role/lambda-basic";

/// What is said of one example.
struct Story<'a> {
    name: &'a str,
    variables: &'a [&'a str],
    /// A property that ministack knows nothing of, and that is left out of the file.
    without: Option<&'a str>,
    /// Every address of the stack, sorted.
    addresses: &'a [&'a str],
    /// Operations of the first apply that must come in this order.
    create_order: &'a [&'a str],
    /// What must be true of the emulator after an apply.
    check: fn(&Aws),
    /// Changes something behind the binary's back.
    meddle: fn(&Aws),
    /// Where that shows: address, path (`POOL` for the id of the user pool), live value, declared value.
    drift: (&'a str, &'a str, Value, Value),
    /// The writes that put it right.
    writes: &'a [&'a str],
    /// What `destroy` must be told.
    allow_delete: &'a [&'a str],
    /// Operations of the destroy that must come in this order.
    delete_order: &'a [&'a str],
}

fn live_through(story: &Story) {
    let world = World::ministack();
    let foreign = foreign_pool(&world.aws);
    let path = match story.without {
        Some(property) => world.file("stack.yaml", &without(&example(story.name), property)),
        None => example(story.name),
    };
    let mut arguments = vec![path.as_str()];
    arguments.extend(story.variables.iter().flat_map(|variable| ["--var", variable]));
    let with = |command: &[&'static str]| -> Vec<String> {
        command.iter().copied().chain(arguments.iter().copied()).map(ToOwned::to_owned).collect()
    };
    let run = |command: &[&'static str]| {
        let all = with(command);
        world.run_with(&all.iter().map(String::as_str).collect::<Vec<_>>(), &SECRETS)
    };

    let planned = run(&["plan", "--format", "json"]).expect(2);
    assert_eq!(addresses(&planned.json()["stacks"][0], "create"), story.addresses, "{planned}");
    assert_eq!(planned.writes(), [""; 0], "a plan reads only");
    let text = run(&["plan"]).expect(2);
    for address in story.addresses {
        assert!(text.stdout.contains("+ create") && text.stdout.contains(address), "{text}");
    }

    let applied = run(&["apply", "--yes"]).expect(0);
    applied.expect_order(story.create_order);
    (story.check)(&world.aws);

    let again = run(&["plan"]).expect(0);
    assert!(again.stdout.contains("No changes"), "{again}");
    assert_eq!(again.writes(), [""; 0], "{again}");

    (story.meddle)(&world.aws);
    let (address, property, live, declared) = &story.drift;
    let pools = texts(&world.aws.idp("ListUserPools", &json!({"MaxResults": 60}))["UserPools"], "Id");
    let own = pools.iter().find(|id| foreign["Id"] != **id).expect("the stack's pool");
    let property = &property.replace("POOL", own);
    let drifted = run(&["plan", "--format", "json"]).expect(2);
    let document = drifted.json();
    let found = change(&document["stacks"][0], address, property);
    assert_eq!((&found["live"], &found["declared"]), (live, declared), "{drifted}");
    let text = run(&["plan"]).expect(2).stdout;
    // Of lists what is in both is not shown, and long values are broken.
    let unbroken = |text: &str| text.split_whitespace().collect::<String>();
    let (one, other) = (scalars(live), scalars(declared));
    let apart = one.iter().filter(|text| !other.contains(text)).chain(other.iter().filter(|text| !one.contains(text)));
    for shown in [*address, property.as_str()].into_iter().chain(apart.copied()) {
        assert!(unbroken(&text).contains(&unbroken(shown)), "no {shown} in\n{text}");
    }

    let corrected = run(&["apply", "--yes"]).expect(0);
    assert_eq!(corrected.writes(), story.writes, "{corrected}");
    (story.check)(&world.aws);
    run(&["plan"]).expect(0);

    let mut destroy = vec!["destroy", "--yes"];
    destroy.extend(story.allow_delete.iter().flat_map(|address| ["--allow-delete", address]));
    destroy.extend(&arguments);
    let destroyed = world.run_with(&destroy, &SECRETS).expect(0);
    destroyed.expect_order(story.delete_order);
    assert_eq!(destroyed.count("DeleteUserPool"), 1, "{destroyed}");
    let left = world.aws.idp("ListUserPools", &json!({"MaxResults": 60}));
    assert_eq!(left["UserPools"].as_array().map(Vec::len), Some(1), "only the foreign pool is left: {left}");
    let left = world.aws.identity("ListIdentityPools", &json!({"MaxResults": 60}));
    assert_eq!(left["IdentityPools"], json!([]));
    assert_eq!(world.aws.function_names(), [""; 0]);
    assert_eq!(world.aws.pool(foreign["Id"].as_str().expect("an id")), foreign);
}

/// The text of a file without a property and all that stands in it.
fn without(path: &str, property: &str) -> String {
    let text = std::fs::read_to_string(path).expect("the example");
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut left_out = None;
    let mut kept = Vec::new();
    for line in text.lines() {
        left_out = left_out.filter(|deep| line.trim().is_empty() || indent(line) > *deep);
        if line.trim() == format!("{property}:") {
            left_out = Some(indent(line));
        }
        if left_out.is_none() {
            kept.push(line);
        }
    }
    assert_ne!(kept.len(), text.lines().count(), "{property} is in the file");
    kept.join("\n") + "\n"
}

/// A pool that is not ours, with a client, and with a name and a tag that look like ours.
fn foreign_pool(aws: &Aws) -> Value {
    let tags = json!({"poolkeeper:resource": "userPools.customers", "team": "others"});
    let pool = aws.idp("CreateUserPool", &json!({"PoolName": "Somebody else's", "UserPoolTags": tags}));
    let id = pool["UserPool"]["Id"].clone();
    aws.idp("CreateUserPoolClient", &json!({"UserPoolId": id, "ClientName": "web"}));
    aws.pool(id.as_str().expect("an id"))
}

/// The texts that must be seen when a value is shown.
fn scalars(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(scalars).collect(),
        Value::Bool(true) => vec!["true"],
        Value::Bool(false) => vec!["false"],
        _ => vec![],
    }
}

/// That a part of the API's answer has at least these members, with these values.
#[track_caller]
fn assert_has(live: &Value, wanted: &Value) {
    for (member, value) in wanted.as_object().expect("members") {
        assert_eq!(&live[member], value, "{member}");
    }
}

/// An attribute of a pool's schema.
fn attribute<'a>(pool: &'a Value, name: &str) -> &'a Value {
    let mut attributes = pool["SchemaAttributes"].as_array().expect("a schema").iter();
    attributes.find(|attribute| attribute["Name"] == name).unwrap_or_else(|| panic!("no {name}"))
}

const SUBJECT: &str = "Verify your email for our awesome app!";
const MESSAGE: &str = "Hello {username}, Thanks for signing up to our awesome app! Your verification code is {####}";

fn by_email_only() -> Value {
    json!({"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]})
}

#[test]
fn define_user_pool() {
    live_through(&Story {
        name: "define-user-pool",
        variables: &[],
        without: None,
        addresses: &["userPools.customers"],
        create_order: &["CreateUserPool"],
        check: |aws| {
            let pool = aws.pool(&aws.pool_id("Test User Pool"));
            assert_has(
                &pool,
                &json!({
                    "UsernameAttributes": ["email"],
                    "AutoVerifiedAttributes": ["email"],
                    "AccountRecoverySetting": by_email_only(),
                    "DeletionProtection": "INACTIVE",
                    "MfaConfiguration": "OFF",
                    "UserPoolTier": "ESSENTIALS",
                }),
            );
            assert_eq!(pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"], false);
            assert_has(
                &pool["Policies"]["PasswordPolicy"],
                &json!({
                    "MinimumLength": 12, "RequireLowercase": true, "RequireUppercase": true, "RequireNumbers": true,
                    "RequireSymbols": true, "TemporaryPasswordValidityDays": 3,
                }),
            );
            assert_has(
                &pool["VerificationMessageTemplate"],
                &json!({"DefaultEmailOption": "CONFIRM_WITH_CODE", "EmailSubject": SUBJECT, "EmailMessage": MESSAGE}),
            );
            assert_has(attribute(&pool, "name"), &json!({"Required": true, "Mutable": false}));
            assert_has(
                attribute(&pool, "custom:myappid"),
                &json!({
                    "AttributeDataType": "String", "Mutable": false,
                    "StringAttributeConstraints": {"MinLength": "5", "MaxLength": "15"},
                }),
            );
            assert_has(
                &pool["UserPoolTags"],
                &json!({"poolkeeper:stack": "define-user-pool", "poolkeeper:resource": "userPools.customers"}),
            );
        },
        meddle: |aws| {
            let id = aws.pool_id("Test User Pool");
            let mut policies = aws.pool(&id)["Policies"].take();
            policies["PasswordPolicy"]["MinimumLength"] = json!(8);
            aws.change_pool(&id, &json!({"Policies": policies}));
        },
        drift: ("userPools.customers", "policies.passwordPolicy.minimumLength", json!(8), json!(12)),
        writes: &["UpdateUserPool"],
        allow_delete: &["userPools.customers"],
        delete_order: &["DeleteUserPool"],
    });
}

#[test]
fn lambda_trigger() {
    live_through(&Story {
        name: "lambda-trigger",
        variables: &[LAMBDA_ROLE],
        without: None,
        addresses: &[
            "functions.confirm",
            "userPools.customers",
            "userPools.customers.clients.app",
            "userPools.customers.triggerPermissions[\"functions.confirm\"]",
        ],
        create_order: &["CreateFunction", "AddPermission", "UpdateUserPool"],
        check: |aws| {
            let pool = aws.pool(&aws.pool_id("Step01Test"));
            let functions = aws.function_names();
            assert_eq!(functions.len(), 1, "{functions:?}");
            let name = &functions[0];
            let arn = format!("arn:aws:lambda:us-east-1:{ACCOUNT}:function:{name}");
            assert_has(
                &pool,
                &json!({
                    "UsernameAttributes": ["email"],
                    "AutoVerifiedAttributes": ["email"],
                    "LambdaConfig": {"PreSignUp": arn},
                }),
            );
            assert_has(
                &pool["VerificationMessageTemplate"],
                &json!({"EmailSubject": SUBJECT, "EmailMessage": MESSAGE, "SmsMessage": MESSAGE}),
            );
            let client = aws.client(pool["Id"].as_str().expect("an id"), "app");
            let mut flows = client["ExplicitAuthFlows"].as_array().expect("flows").clone();
            flows.sort_by_key(ToString::to_string);
            assert_eq!(flows, ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]);
            assert_eq!(client["ClientSecret"], Value::Null);

            let function = aws.lambda(&format!("/2015-03-31/functions/{name}"));
            assert_has(
                &function["Configuration"],
                &json!({
                    "Runtime": "python3.13", "Handler": "index.handler", "State": "Active",
                    "Role": "arn:aws:iam::123456789012:role/lambda-basic",
                }),
            );
            assert_eq!(function["Tags"]["poolkeeper:resource"], "functions.confirm");
            let policy = aws.lambda(&format!("/2015-03-31/functions/{name}/policy"));
            let policy: Value = serde_json::from_str(policy["Policy"].as_str().expect("a policy")).expect("JSON");
            let statements = policy["Statement"].as_array().expect("statements");
            assert_eq!(statements.len(), 1, "{policy}");
            assert_eq!(statements[0]["Principal"]["Service"], "cognito-idp.amazonaws.com");
            assert!(statements[0]["Condition"].to_string().contains(pool["Arn"].as_str().expect("an ARN")));
        },
        meddle: |aws| aws.change_pool(&aws.pool_id("Step01Test"), &json!({"AutoVerifiedAttributes": []})),
        drift: ("userPools.customers", "autoVerifiedAttributes", json!([]), json!(["email"])),
        writes: &["UpdateUserPool"],
        allow_delete: &["userPools.customers"],
        delete_order: &["DeleteUserPool", "DeleteFunction"],
    });
}

#[test]
fn amplify_frontend() {
    live_through(&Story {
        name: "amplify-frontend",
        variables: &[],
        without: None,
        addresses: &["userPools.frontend", "userPools.frontend.clients.web"],
        create_order: &["CreateUserPool", "CreateUserPoolClient"],
        check: |aws| {
            let pool = aws.pool(&aws.pool_id("Amplify-frontend-UserPool"));
            assert_has(
                &pool,
                &json!({
                    "AutoVerifiedAttributes": ["email"],
                    "AccountRecoverySetting": by_email_only(),
                    "DeletionProtection": "INACTIVE",
                }),
            );
            for name in ["email", "phone_number"] {
                assert_has(attribute(&pool, name), &json!({"Required": true, "Mutable": true}));
            }
            assert_eq!(aws.client_names(pool["Id"].as_str().expect("an id")), ["web"]);
        },
        meddle: |aws| {
            aws.change_pool(&aws.pool_id("Amplify-frontend-UserPool"), &json!({"DeletionProtection": "ACTIVE"}));
        },
        drift: ("userPools.frontend", "deletionProtection", json!("ACTIVE"), json!("INACTIVE")),
        writes: &["UpdateUserPool"],
        allow_delete: &["userPools.frontend"],
        delete_order: &["DeleteUserPool"],
    });
}

#[test]
fn google_login() {
    live_through(&Story {
        name: "google-login",
        variables: &[],
        without: None,
        addresses: &[
            "userPools.customers",
            "userPools.customers.clients.web",
            "userPools.customers.domains.bc2020c58-step03",
            "userPools.customers.identityProviders.Google",
        ],
        create_order: &["CreateUserPool", "CreateIdentityProvider", "CreateUserPoolClient"],
        check: |aws| {
            let pool = aws.pool(&aws.pool_id("Step03 Google Login User Pool"));
            assert_has(&pool, &json!({"Domain": "bc2020c58-step03", "AccountRecoverySetting": by_email_only()}));
            assert_has(attribute(&pool, "email"), &json!({"Required": true, "Mutable": true}));
            let id = pool["Id"].as_str().expect("an id");
            let google = aws.provider(id, "Google");
            assert_has(
                &google["ProviderDetails"],
                &json!({
                    "client_id": "google-id", "client_secret": "google-secret", "authorize_scopes": "profile email openid",
                }),
            );
            assert_has(
                &google["AttributeMapping"],
                &json!({"email": "email", "given_name": "given_name", "phone_number": "phoneNumbers"}),
            );
            let client = aws.client(id, "web");
            assert_has(
                &client,
                &json!({
                    "AllowedOAuthFlowsUserPoolClient": true,
                    "AllowedOAuthFlows": ["code"],
                    "CallbackURLs": ["http://localhost:8000/"],
                    "LogoutURLs": ["http://localhost:8000/"],
                }),
            );
            let mut providers = client["SupportedIdentityProviders"].as_array().expect("providers").clone();
            providers.sort_by_key(ToString::to_string);
            assert_eq!(providers, ["COGNITO", "Google"]);
        },
        meddle: |aws| {
            let id = aws.pool_id("Step03 Google Login User Pool");
            aws.change_client(&id, "web", &json!({"CallbackURLs": ["http://localhost:9000/"]}));
        },
        drift: (
            "userPools.customers.clients.web",
            "callbackUrls",
            json!(["http://localhost:9000/"]),
            json!(["http://localhost:8000/"]),
        ),
        writes: &["UpdateUserPoolClient"],
        allow_delete: &["userPools.customers"],
        delete_order: &["DeleteUserPoolDomain", "DeleteUserPool"],
    });
}
