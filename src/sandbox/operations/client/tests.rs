use serde_json::{Map, Value, json};

use crate::sandbox::state::UserPool;
use crate::sandbox::testing::{USER_POOLS, call};
use crate::sandbox::{ACCOUNT, Sandbox, Settings};

const POOL: &str = "us-east-1_Tests0001";
const GONE: &str = "us-east-1_Nothing00";

/// A sandbox with a pool that has attributes, a provider and a resource server.
fn sandbox() -> Sandbox {
    sandbox_of("ESSENTIALS")
}

fn sandbox_of(tier: &str) -> Sandbox {
    let standard = "address birthdate email email_verified family_name gender given_name locale middle_name name \
                    nickname phone_number phone_number_verified picture preferred_username profile sub updated_at \
                    website zoneinfo custom:plan custom:duplicateemail";
    let schema: Vec<Value> =
        standard.split_whitespace().map(|name| json!({"Name": name, "Required": name == "sub"})).collect();
    let body = json!({"SchemaAttributes": schema, "UserPoolTier": tier});
    let mut pool = UserPool { body: body.as_object().expect("a map").clone(), ..UserPool::default() };
    for provider in ["Google", "Facebook", "LoginWithAmazon"] {
        pool.providers.insert(provider.to_owned(), Map::new());
    }
    let server = json!({"Scopes": [{"ScopeName": "json.read", "ScopeDescription": "Read"}]});
    pool.resource_servers.insert("https://api.example.com/v1".to_owned(), server.as_object().expect("a map").clone());
    let sandbox = Sandbox::new(Settings { quotas: false, ..Settings::default() });
    sandbox.meddle(|state| {
        let region = state.accounts.entry(ACCOUNT.to_owned()).or_default().entry("us-east-1".to_owned()).or_default();
        region.user_pools.insert(POOL.to_owned(), pool);
    });
    sandbox
}

fn meddle(sandbox: &Sandbox, change: impl FnOnce(&mut UserPool)) {
    sandbox.meddle(|state| {
        let region = state.accounts.get_mut(ACCOUNT).and_then(|account| account.get_mut("us-east-1"));
        change(region.and_then(|region| region.user_pools.get_mut(POOL)).expect("the pool"));
    });
}

/// An operation in the pool.
async fn ask(sandbox: &Sandbox, operation: &str, input: &Value) -> Result<Value, (String, String)> {
    let mut input = input.clone();
    if input.get("UserPoolId").is_none() {
        input["UserPoolId"] = json!(POOL);
    }
    call(sandbox, USER_POOLS, operation, &input).await
}

async fn done(sandbox: &Sandbox, operation: &str, input: &Value) -> Value {
    ask(sandbox, operation, input).await.unwrap_or_else(|why| panic!("{operation} of {input}: {why:?}"))
}

/// Makes a client with these settings and a name, and gives its id.
async fn made(sandbox: &Sandbox, settings: &Value) -> String {
    let mut settings = settings.clone();
    settings["ClientName"] = json!("web");
    let answer = done(sandbox, "CreateUserPoolClient", &settings).await;
    answer["UserPoolClient"]["ClientId"].as_str().expect("an id").to_owned()
}

async fn described(sandbox: &Sandbox, id: &str) -> Value {
    done(sandbox, "DescribeUserPoolClient", &json!({"ClientId": id})).await["UserPoolClient"].clone()
}

fn without(body: &Value, members: &[&str]) -> Value {
    let kept = body.as_object().expect("a map").iter().filter(|(name, _)| !members.contains(&name.as_str()));
    Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
}

const OWN: &[&str] = &["ClientId", "UserPoolId", "CreationDate", "LastModifiedDate"];

#[tokio::test]
async fn a_client_is_described_as_aws_does() {
    let folder = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/corpus");
    let mut compared = 0;
    for entry in std::fs::read_dir(folder).expect("the corpus") {
        let path = entry.expect("a file").path();
        let text = std::fs::read_to_string(&path).expect("a text");
        let document: Value = serde_json::from_str(&text).expect("JSON");
        let real = &document["response"]["UserPoolClient"];
        // Before that, AWS showed less.
        if !real.is_object() || real.get("EnableTokenRevocation").is_none() {
            continue;
        }
        let mut expected = without(real, OWN);
        for (member, default) in
            [("EnablePropagateAdditionalUserContextData", json!(false)), ("AuthSessionValidity", json!(3))]
        {
            if expected.get(member).is_none() {
                expected[member] = default;
            }
        }
        // What is at its default need not be said.
        let mut settings = expected.clone();
        let lists = ["CallbackURLs", "LogoutURLs", "ExplicitAuthFlows", "ReadAttributes", "AllowedOAuthScopes"];
        for list in lists {
            if let Some(entries) = settings.get_mut(list).and_then(Value::as_array_mut) {
                entries.reverse();
            }
        }
        let settings = without(
            &settings,
            &["EnableTokenRevocation", "AuthSessionValidity", "EnablePropagateAdditionalUserContextData"],
        );
        let settings = if settings["RefreshTokenValidity"] == 30 {
            without(&settings, &["RefreshTokenValidity"])
        } else {
            settings
        };
        let sandbox = sandbox();
        let created = done(&sandbox, "CreateUserPoolClient", &settings).await["UserPoolClient"].clone();
        assert_eq!(without(&created, OWN), expected, "{}", path.display());
        let id = created["ClientId"].as_str().expect("an id");
        assert_eq!(described(&sandbox, id).await, created);
        compared += 1;
    }
    assert!(compared >= 9, "only {compared} answers");
}

#[tokio::test]
async fn an_id_is_made_and_dates_are_kept() {
    let sandbox = sandbox();
    let id = made(&sandbox, &json!({})).await;
    assert!(id.len() == 26 && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()), "{id}");
    let before = described(&sandbox, &id).await;
    assert_eq!(before["UserPoolId"], POOL);
    assert_eq!(before["CreationDate"], before["LastModifiedDate"]);
    sandbox.clock().advance(std::time::Duration::from_mins(1));
    done(&sandbox, "UpdateUserPoolClient", &json!({"ClientId": id})).await;
    let after = described(&sandbox, &id).await;
    assert_eq!(after["CreationDate"], before["CreationDate"]);
    let passed =
        after["LastModifiedDate"].as_f64().expect("a date") - before["LastModifiedDate"].as_f64().expect("a date");
    assert!((60.0..70.0).contains(&passed), "{passed}");
}

const SCOPE: &str = "https://api.example.com/v1/json.read";

/// Settings of every kind, none of them a default.
fn everything() -> Value {
    json!({
        "RefreshTokenValidity": 60,
        "AccessTokenValidity": 30,
        "IdTokenValidity": 20,
        "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "days"},
        "ReadAttributes": ["custom:plan", "email"],
        "WriteAttributes": ["name", "custom:plan"],
        "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_AUTH"],
        "SupportedIdentityProviders": ["Google", "COGNITO"],
        "CallbackURLs": ["https://b.example.com", "https://a.example.com"],
        "LogoutURLs": ["myapp://gone"],
        "DefaultRedirectURI": "https://a.example.com",
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid", SCOPE],
        "AllowedOAuthFlowsUserPoolClient": true,
        "AnalyticsConfiguration": {"ApplicationArn": "arn:aws:mobiletargeting:us-east-1:123456789012:apps/a", "UserDataShared": true},
        "PreventUserExistenceErrors": "ENABLED",
        "EnableTokenRevocation": false,
        "AuthSessionValidity": 10,
    })
}

#[tokio::test]
async fn an_update_resets_what_it_leaves_out() {
    let sandbox = sandbox();
    let id = made(&sandbox, &everything()).await;
    let bare = made(&sandbox, &json!({})).await;
    done(&sandbox, "UpdateUserPoolClient", &json!({"ClientId": id})).await;
    let (left, bare) = (described(&sandbox, &id).await, described(&sandbox, &bare).await);
    assert_eq!(without(&left, OWN), without(&bare, OWN));
    assert_eq!(left["ClientName"], "web");
}

#[tokio::test]
async fn an_update_with_everything_keeps_everything() {
    let sandbox = sandbox();
    let id = made(&sandbox, &everything()).await;
    let before = described(&sandbox, &id).await;
    assert_eq!(before["AllowedOAuthScopes"], json!([SCOPE, "openid"]));
    let mut again = everything();
    again["ClientId"] = json!(id);
    done(&sandbox, "UpdateUserPoolClient", &again).await;
    assert_eq!(without(&described(&sandbox, &id).await, OWN), without(&before, OWN));
}

#[tokio::test]
async fn rotation_that_was_once_set_stays_visible() {
    let sandbox = sandbox();
    let rotation =
        json!({"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"], "RefreshTokenRotation": {"Feature": "ENABLED"}});
    let id = made(&sandbox, &rotation).await;
    let shown = described(&sandbox, &id).await["RefreshTokenRotation"].clone();
    assert_eq!(shown, json!({"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}));
    done(&sandbox, "UpdateUserPoolClient", &json!({"ClientId": id})).await;
    let shown = described(&sandbox, &id).await["RefreshTokenRotation"].clone();
    assert_eq!(shown, json!({"Feature": "DISABLED", "RetryGracePeriodSeconds": 0}));
}

/// What is refused of anybody, at create as at update.
fn refused() -> Vec<(Value, &'static str, &'static str)> {
    const INVALID: &str = "InvalidParameterException";
    const FLOW: &str = "InvalidOAuthFlowException";
    const RANGE: &str = "Invalid range for token validity.";
    const ORDER: &str =
        "Access and Id Token expiration times must be less than or equal to refresh token expiration times.";
    const OAUTH: &str =
        "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.";
    const NO_CALLBACK: &str = "CallbackUrls can not be empty when code flow or implicit flow is selected";
    const MIXED: &str = "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names.";
    const ANALYTICS: &str = "Invalid analytics configuration given, either <application arn> or \
                             <application id, role arn, external id> are valid";
    const READ: &str = "Invalid read attributes specified while DOING a client";
    const WRITE: &str = "Invalid write attributes specified while DOING a client";
    const ROTATION: &str =
        "Refresh token rotation cannot be enabled along with the ALLOW_REFRESH_TOKEN_AUTH auth flow.";
    let arn = |region: &str| format!("arn:aws:mobiletargeting:{region}:123456789012:apps/a");
    let callback = |url: &str| json!({"CallbackURLs": [url]});
    vec![
        (json!({"AccessTokenValidity": 25}), INVALID, RANGE),
        (json!({"AccessTokenValidity": 4, "TokenValidityUnits": {"AccessToken": "minutes"}}), INVALID, RANGE),
        (json!({"TokenValidityUnits": {"IdToken": "minutes"}}), INVALID, RANGE),
        (json!({"RefreshTokenValidity": 3651}), INVALID, RANGE),
        (json!({"RefreshTokenValidity": 59, "TokenValidityUnits": {"RefreshToken": "minutes"}}), INVALID, RANGE),
        (json!({"RefreshTokenValidity": 0, "TokenValidityUnits": {"RefreshToken": "minutes"}}), INVALID, RANGE),
        (
            json!({"IdTokenValidity": 3, "RefreshTokenValidity": 2, "TokenValidityUnits": {"RefreshToken": "hours"}}),
            INVALID,
            ORDER,
        ),
        (json!({"ReadAttributes": ["email", "custom:nothing"]}), INVALID, READ),
        (json!({"ReadAttributes": ["plan"]}), INVALID, READ),
        (json!({"WriteAttributes": ["custom:nothing"]}), INVALID, WRITE),
        (json!({"WriteAttributes": ["email_verified"]}), INVALID, WRITE),
        (json!({"WriteAttributes": ["phone_number_verified"]}), INVALID, WRITE),
        (json!({"WriteAttributes": ["sub"]}), INVALID, WRITE),
        (json!({"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ADMIN_NO_SRP_AUTH"]}), INVALID, MIXED),
        (
            json!({
                "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
                "RefreshTokenRotation": {"Feature": "ENABLED"},
            }),
            INVALID,
            ROTATION,
        ),
        (json!({"RefreshTokenRotation": {"Feature": "ENABLED"}}), INVALID, ROTATION),
        (
            json!({"SupportedIdentityProviders": ["COGNITO", "Okta"]}),
            INVALID,
            "The provider Okta does not exist for User Pool us-east-1_Tests0001.",
        ),
        (json!({"AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"]}), INVALID, OAUTH),
        (json!({"AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthScopes": ["openid"]}), INVALID, OAUTH),
        (
            json!({"AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid"], "AllowedOAuthFlowsUserPoolClient": true}),
            FLOW,
            NO_CALLBACK,
        ),
        (
            json!({"AllowedOAuthFlows": ["client_credentials", "code"]}),
            FLOW,
            "client_credentials flow can not be selected along with code flow or implicit flow.",
        ),
        (
            json!({"AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": [SCOPE]}),
            FLOW,
            "client_credentials flow can not be selected if client does not have a client secret.",
        ),
        (
            json!({"AllowedOAuthScopes": ["openid", "https://api.example.com/v1/write"]}),
            "ScopeDoesNotExistException",
            "Invalid scope requested: https://api.example.com/v1/write",
        ),
        (json!({"AllowedOAuthScopes": ["Cognito"]}), "ScopeDoesNotExistException", "Invalid scope requested: Cognito"),
        (callback("http://example.com"), INVALID, "http://example.com cannot use the HTTP protocol."),
        (
            callback("http://localhost.example.com"),
            INVALID,
            "http://localhost.example.com cannot use the HTTP protocol.",
        ),
        (callback("http://localhost:x"), INVALID, "http://localhost:x cannot use the HTTP protocol."),
        (callback("https://example.com/#a"), INVALID, "https://example.com/#a cannot use fragment"),
        (callback("example.com/in"), INVALID, "example.com/in is not an absolute URI."),
        (json!({"LogoutURLs": ["http://example.com"]}), INVALID, "http://example.com cannot use the HTTP protocol."),
        (
            json!({"CallbackURLs": ["https://a.example"], "DefaultRedirectURI": "https://b.example"}),
            INVALID,
            "The default redirect URI https://b.example is not in the callback URIs list.",
        ),
        (json!({"AnalyticsConfiguration": {"UserDataShared": false}}), INVALID, ANALYTICS),
        (json!({"AnalyticsConfiguration": {"ApplicationId": "a", "ExternalId": "b"}}), INVALID, ANALYTICS),
        (
            json!({"AnalyticsConfiguration": {"ApplicationArn": arn("us-east-1"), "ExternalId": "b"}}),
            INVALID,
            ANALYTICS,
        ),
        (
            json!({"AnalyticsConfiguration": {"ApplicationArn": arn("eu-west-1")}}),
            INVALID,
            "The integration with Pinpoint is not supported for the requested eu-west-1 region.",
        ),
        (
            json!({"EnablePropagateAdditionalUserContextData": true}),
            INVALID,
            "Client Secret is required to set EnablePropagateAdditionalUserContextData as true",
        ),
    ]
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_changes_nothing() {
    let sandbox = sandbox();
    let id = made(&sandbox, &everything()).await;
    let before = described(&sandbox, &id).await;
    for (settings, code, message) in refused() {
        for (operation, member, value, doing) in [
            ("CreateUserPoolClient", "ClientName", "web", "creating"),
            ("UpdateUserPoolClient", "ClientId", id.as_str(), "updating"),
        ] {
            let mut input = settings.clone();
            input[member] = json!(value);
            let expected = Err((code.to_owned(), message.replace("DOING", doing)));
            assert_eq!(ask(&sandbox, operation, &input).await, expected, "{operation} of {settings}");
        }
    }
    assert_eq!(described(&sandbox, &id).await, before);
    let all = done(&sandbox, "ListUserPoolClients", &json!({})).await;
    assert_eq!(all["UserPoolClients"], json!([{"ClientId": id, "UserPoolId": POOL, "ClientName": "web"}]));
}

#[tokio::test]
async fn what_is_just_within_the_rules_is_taken() {
    let sandbox = sandbox();
    for settings in [
        json!({"AccessTokenValidity": 5, "TokenValidityUnits": {"AccessToken": "minutes"}}),
        json!({"IdTokenValidity": 24, "RefreshTokenValidity": 3650}),
        json!({"RefreshTokenValidity": 60, "TokenValidityUnits": {"RefreshToken": "minutes"}}),
        json!({"TokenValidityUnits": {"AccessToken": "days", "IdToken": "days", "RefreshToken": "days"}}),
        json!({"ExplicitAuthFlows": ["ADMIN_NO_SRP_AUTH", "USER_PASSWORD_AUTH"]}),
        json!({"ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"], "RefreshTokenRotation": {"Feature": "DISABLED"}}),
        json!({"CallbackURLs": ["http://localhost", "http://localhost:3000/in", "http://127.0.0.1:1", "http://[::1]/"]}),
        json!({"CallbackURLs": ["myapp://in", "com.example.app:/in"]}),
        json!({"AnalyticsConfiguration": {"ApplicationId": "a", "RoleArn": "arn:aws:iam::123456789012:role/a", "ExternalId": "b"}}),
        json!({"GenerateSecret": true, "EnablePropagateAdditionalUserContextData": true}),
        json!({"GenerateSecret": true, "AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": [SCOPE],
               "AllowedOAuthFlowsUserPoolClient": true}),
    ] {
        made(&sandbox, &settings).await;
    }
}

#[tokio::test]
async fn required_attributes_are_writable() {
    let sandbox = sandbox();
    meddle(&sandbox, |pool| {
        pool.body["SchemaAttributes"][2]["Required"] = json!(true);
    });
    let refused = ask(&sandbox, "CreateUserPoolClient", &json!({"ClientName": "a", "WriteAttributes": ["name"]})).await;
    assert_eq!(refused.expect_err("a refusal").1, "Invalid write attributes specified while creating a client");
    made(&sandbox, &json!({"WriteAttributes": ["name", "email"]})).await;
    made(&sandbox, &json!({"ReadAttributes": ["name"]})).await;
}

#[tokio::test]
async fn the_lowest_tier_lacks_features() {
    let sandbox = sandbox_of("LITE");
    for settings in [
        json!({"ExplicitAuthFlows": ["ALLOW_USER_AUTH"]}),
        json!({"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"], "RefreshTokenRotation": {"Feature": "ENABLED"}}),
    ] {
        let mut input = settings.clone();
        input["ClientName"] = json!("web");
        let refused = ask(&sandbox, "CreateUserPoolClient", &input).await.expect_err("a refusal");
        assert_eq!(refused.0, "FeatureUnavailableInTierException", "{settings}");
    }
    made(&sandbox, &json!({"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]})).await;
}

#[tokio::test]
async fn what_clients_name_may_go_but_not_be_named_again() {
    let sandbox = sandbox();
    let id = made(&sandbox, &everything()).await;
    let server = json!({"Identifier": "https://api.example.com/v1"});
    done(&sandbox, "DeleteResourceServer", &server).await;
    meddle(&sandbox, |pool| {
        pool.providers.remove("Google");
    });
    let shown = described(&sandbox, &id).await;
    assert_eq!(shown["AllowedOAuthScopes"], json!([SCOPE, "openid"]));
    let mut again = everything();
    again["ClientId"] = json!(id);
    let message = "The provider Google does not exist for User Pool us-east-1_Tests0001.";
    assert_eq!(ask(&sandbox, "UpdateUserPoolClient", &again).await.expect_err("a refusal").1, message);
    again["SupportedIdentityProviders"] = json!(["COGNITO"]);
    let refused = ask(&sandbox, "UpdateUserPoolClient", &again).await.expect_err("a refusal");
    assert_eq!(refused, ("ScopeDoesNotExistException".to_owned(), format!("Invalid scope requested: {SCOPE}")));
    again["AllowedOAuthScopes"] = json!(["openid"]);
    done(&sandbox, "UpdateUserPoolClient", &again).await;
}

#[tokio::test]
async fn what_is_not_there_is_told() {
    let sandbox = sandbox();
    let id = made(&sandbox, &json!({})).await;
    let missing = |message: &str| Err(("ResourceNotFoundException".to_owned(), message.to_owned()));
    for operation in [
        "DescribeUserPoolClient",
        "UpdateUserPoolClient",
        "DeleteUserPoolClient",
        "AddUserPoolClientSecret",
        "ListUserPoolClientSecrets",
        "DeleteUserPoolClientSecret",
    ] {
        let secret = "nothing--1";
        let nobody = json!({"ClientId": "nobody", "ClientSecretId": secret});
        let answer = ask(&sandbox, operation, &nobody).await;
        assert_eq!(answer, missing("User pool client nobody does not exist."), "{operation}");
        let nowhere = json!({"ClientId": id, "UserPoolId": GONE, "ClientSecretId": secret});
        let answer = ask(&sandbox, operation, &nowhere).await;
        assert_eq!(answer, missing(&format!("User pool {GONE} does not exist.")), "{operation}");
    }
    done(&sandbox, "DeleteUserPoolClient", &json!({"ClientId": id})).await;
    let answer = ask(&sandbox, "DescribeUserPoolClient", &json!({"ClientId": id})).await;
    assert_eq!(answer, missing(&format!("User pool client {id} does not exist.")));
}

#[tokio::test]
async fn a_list_comes_in_pages_and_has_only_names() {
    let sandbox = sandbox();
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(made(&sandbox, &json!({"GenerateSecret": true})).await);
    }
    ids.sort();
    let (mut seen, mut token) = (Vec::new(), Value::Null);
    loop {
        let mut input = json!({"MaxResults": 2});
        if token.is_string() {
            input["NextToken"] = token;
        }
        let page = done(&sandbox, "ListUserPoolClients", &input).await;
        let clients = page["UserPoolClients"].as_array().expect("a list");
        assert!(clients.len() <= 2 && clients.iter().all(|client| client.as_object().expect("a map").len() == 3));
        seen.extend(clients.iter().map(|client| client["ClientId"].as_str().expect("an id").to_owned()));
        token = page["NextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    assert_eq!(seen, ids);
}

#[tokio::test]
async fn a_pool_has_a_thousand_clients_at_most() {
    let sandbox = sandbox();
    meddle(&sandbox, |pool| {
        pool.clients.extend((0..999).map(|number| (format!("client{number}"), super::Client::default())));
    });
    made(&sandbox, &json!({})).await;
    let refused = ask(&sandbox, "CreateUserPoolClient", &json!({"ClientName": "web"})).await.expect_err("a refusal");
    assert_eq!(refused.0, "LimitExceededException");
}

async fn secret_ids(sandbox: &Sandbox, client: &str) -> Vec<String> {
    let list = done(sandbox, "ListUserPoolClientSecrets", &json!({"ClientId": client})).await;
    assert!(!list.to_string().contains("Value"), "{list}");
    let secrets = list["ClientSecrets"].as_array().expect("a list").iter();
    secrets.map(|secret| secret["ClientSecretId"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test]
async fn a_secret_is_replaced_while_the_other_still_works() {
    let sandbox = sandbox();
    let id = made(&sandbox, &json!({"GenerateSecret": true})).await;
    let first = described(&sandbox, &id).await["ClientSecret"].as_str().expect("a secret").to_owned();
    assert!((24..=64).contains(&first.len()));
    let client = json!({"ClientId": id});
    let added = done(&sandbox, "AddUserPoolClientSecret", &client).await["ClientSecretDescriptor"].clone();
    let second = added["ClientSecretId"].as_str().expect("an id").to_owned();
    assert!(second.starts_with(&format!("{id}--")) && added["ClientSecretCreateDate"].is_number(), "{second}");
    assert_ne!(added["ClientSecretValue"].as_str().expect("a value"), first);
    let refused = ask(&sandbox, "AddUserPoolClientSecret", &client).await.expect_err("a refusal");
    assert_eq!(refused.0, "LimitExceededException");
    assert_eq!(described(&sandbox, &id).await["ClientSecret"], first.as_str());

    let ids = secret_ids(&sandbox, &id).await;
    assert_eq!((ids.len(), &ids[1]), (2, &second));
    done(&sandbox, "DeleteUserPoolClientSecret", &json!({"ClientId": id, "ClientSecretId": ids[0]})).await;
    assert_eq!(described(&sandbox, &id).await.get("ClientSecret"), None);
    let last = json!({"ClientId": id, "ClientSecretId": second});
    let refused = ask(&sandbox, "DeleteUserPoolClientSecret", &last).await.expect_err("a refusal");
    assert_eq!(refused.0, "InvalidParameterException");
    // It is no public client, although it shows no secret.
    let machine = json!({"ClientId": id, "EnablePropagateAdditionalUserContextData": true});
    done(&sandbox, "UpdateUserPoolClient", &machine).await;
}

#[tokio::test]
async fn an_own_secret_is_not_shown_again_when_added() {
    let sandbox = sandbox();
    let own = "a".repeat(24);
    let both = json!({"ClientName": "web", "ClientSecret": own, "GenerateSecret": true});
    assert_eq!(
        ask(&sandbox, "CreateUserPoolClient", &both).await.expect_err("a refusal").0,
        "InvalidParameterException"
    );
    let id = made(&sandbox, &json!({"ClientSecret": own})).await;
    assert_eq!(described(&sandbox, &id).await["ClientSecret"], own.as_str());
    // An update can neither say nor lose it.
    let updated = done(&sandbox, "UpdateUserPoolClient", &json!({"ClientId": id})).await;
    assert_eq!(updated["UserPoolClient"]["ClientSecret"], own.as_str());
    let same = json!({"ClientId": id, "ClientSecret": own});
    ask(&sandbox, "AddUserPoolClientSecret", &same).await.expect_err("a refusal");
    let other = json!({"ClientId": id, "ClientSecret": "b".repeat(24)});
    let added = done(&sandbox, "AddUserPoolClientSecret", &other).await;
    assert_eq!(added["ClientSecretDescriptor"].get("ClientSecretValue"), None);
}

#[tokio::test]
async fn a_public_client_gets_no_secret() {
    let sandbox = sandbox();
    let id = made(&sandbox, &json!({})).await;
    let refused = ask(&sandbox, "AddUserPoolClientSecret", &json!({"ClientId": id})).await.expect_err("a refusal");
    assert_eq!(refused.0, "InvalidParameterException");
    assert_eq!(secret_ids(&sandbox, &id).await, Vec::<String>::new());
}
