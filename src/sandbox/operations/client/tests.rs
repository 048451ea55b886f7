//! Clients as AWS describes, changes and lists them.

use serde_json::{Map, Value, json};

use crate::sandbox::state::UserPool;
use crate::sandbox::testing::{USER_POOLS, call};
use crate::sandbox::{ACCOUNT, Sandbox, Settings};

mod refusals;
mod secrets;

const POOL: &str = "us-east-1_Tests0001";

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
