//! `drift`: what somebody did live, found by the real binary without a write, and corrected by itself.

use std::time::Duration;

use poolkeeper::sandbox::Settings;
use poolkeeper::sandbox::model::Service;
use serde_json::{Value, json};

use crate::cycle::hand;
use crate::killed::{inside, quick};
use crate::lab::{Lab, address, is_read, writes};
use crate::outside::{Ended, Server};

const STACK: &str = r#"
stack: shop
variables:
  googleSecret: {secret: true}
userPools:
  customers:
    userPoolTier: PLUS
    groups:
      admins: {precedence: 0}
      staff: {precedence: 1}
    identityProviders:
      Google:
        providerDetails: {client_id: shop, client_secret: "${var.googleSecret}", authorize_scopes: openid}
        attributeMapping: {email: email}
    clients:
      web: {authSessionValidity: 5, callbackUrls: [https://shop.example.com/]}
      native: {authSessionValidity: 6}
    ignoreChanges: [clients.native.authSessionValidity]
"#;

const SECRET: &str = "googleSecret=not-to-be-seen";

/// A sandbox in which the stack was applied.
fn applied() -> (Lab, Server) {
    let lab = lab();
    lab.file("shop.yaml", STACK);
    let server = Server::start(&lab.sandbox);
    apply(&lab, &server, &[]).expect(0);
    (lab, server)
}

fn lab() -> Lab {
    Lab::with(Settings { tag_index_lag: Duration::ZERO, ..quick() })
}

fn apply(lab: &Lab, server: &Server, more: &[&str]) -> Ended {
    let ended = server.run(lab, &[&["apply", "--yes", "shop.yaml", "--var", SECRET], more].concat()).end();
    lab.calls();
    ended
}

/// Runs `drift`, expects this exit code and that it only reads, and gives what it says of the one stack.
fn drift(lab: &Lab, server: &Server, code: i32) -> Value {
    lab.calls();
    let ended = server.run(lab, &["drift", "shop.yaml", "--format", "json"]).end().expect(code);
    assert_eq!(writes(&lab.calls()), [""; 0], "{ended}");
    assert!(!format!("{ended}").contains("not-to-be-seen"), "{ended}");
    let mut document: Value = serde_json::from_str(&ended.stdout).unwrap_or_else(|why| panic!("{why}: {ended}"));
    document["stacks"][0]["drift"].take()
}

/// The addresses in a list of what drift found.
fn addresses(found: &Value) -> Vec<&str> {
    found.as_array().into_iter().flatten().filter_map(|item| item["address"].as_str()).collect()
}

/// Makes somebody else's call to the one pool.
fn call(lab: &Lab, operation: &str, members: &Value) -> Value {
    let pool = lab.sandbox.look(|state| {
        let regions = state.accounts.values().flat_map(|account| account.values());
        regions.flat_map(|region| region.user_pools.keys().cloned()).next().expect("a pool")
    });
    let mut input = json!({"UserPoolId": pool});
    input.as_object_mut().expect("members").extend(members.as_object().cloned().expect("members"));
    inside(async { hand::call(lab, Service::UserPools, operation, &input).await.unwrap_or_else(|why| panic!("{why}")) })
}

/// Changes a property behind the tool's back, to what this text says.
fn change(lab: &Lab, text: &str, at: &str, property: &str) {
    let text = text
        .replace("${var.googleSecret}", "not-to-be-seen")
        .replace("  googleSecret: {secret: true}\n", "  none: 1\n");
    let file: Value = serde_yaml::from_str(&text).expect("YAML");
    inside(async {
        hand::set(lab, &file, &address(at), property).await.unwrap_or_else(|why| panic!("{why}"));
    });
}

const CLIENT: &str = "userPools.customers.clients.web";
const GROUP: &str = "userPools.customers.groups.admins";

#[test]
fn nothing_drifted_where_nobody_did_anything() {
    let (lab, server) = applied();
    let found = drift(&lab, &server, 0);
    assert_eq!(found["drifted"], false, "{found:#}");
    // The secret is not given here, and that is told.
    let note = "not compared, since their secrets were not given: userPools.customers.identityProviders.Google.providerDetails.client_secret";
    assert_eq!(found["notes"], json!([note]));
    // What is ignored may change.
    change(
        &lab,
        &STACK.replace("authSessionValidity: 6", "authSessionValidity: 9"),
        "userPools.customers.clients.native",
        "authSessionValidity",
    );
    assert_eq!(drift(&lab, &server, 0)["drifted"], false);
    // A change of the file is none.
    lab.file("shop.yaml", &STACK.replace("authSessionValidity: 5", "authSessionValidity: 7"));
    let found = drift(&lab, &server, 0);
    assert_eq!(addresses(&found["pending"]), [CLIENT], "{found:#}");
}

#[test]
fn all_that_somebody_did_is_found_and_told_apart() {
    let (lab, server) = applied();
    change(&lab, &STACK.replace("authSessionValidity: 5", "authSessionValidity: 9"), CLIENT, "authSessionValidity");
    call(&lab, "DeleteGroup", &json!({"GroupName": "admins"}));
    call(
        &lab,
        "CreateUserPoolClient",
        &json!({
            "ClientName": "rogue", "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["implicit"],
            "AllowedOAuthScopes": ["openid"], "CallbackURLs": ["https://elsewhere.example.com/"],
            "SupportedIdentityProviders": ["COGNITO"], "GenerateSecret": false,
        }),
    );
    let provider = json!({
        "ProviderName": "Rogue", "ProviderType": "OIDC", "AttributeMapping": {"email": "email"},
        "ProviderDetails": {"client_id": "x", "client_secret": "not-to-be-seen", "authorize_scopes": "openid",
            "attributes_request_method": "GET", "oidc_issuer": "https://id.example.com"},
    });
    call(&lab, "CreateIdentityProvider", &provider);
    call(&lab, "CreateUserPoolDomain", &json!({"Domain": "rogue-login"}));
    call(&lab, "CreateGroup", &json!({"GroupName": "rogues", "RoleArn": "arn:aws:iam::123456789012:role/admin"}));
    // What AWS makes by itself is nobody's.
    call(&lab, "CreateUserPoolClient", &json!({"ClientName": "AmazonOpenSearchService-search-eu-west-1-x"}));
    lab.file("shop.yaml", &STACK.replace("staff: {precedence: 1}", "staff: {precedence: 2}"));

    let found = drift(&lab, &server, 3);
    assert_eq!(addresses(&found["changed"]), [CLIENT], "{found:#}");
    let change = &found["changed"][0]["changes"][0];
    assert_eq!(
        (&change["path"], &change["live"], &change["declared"]),
        (&json!("authSessionValidity"), &json!(9), &json!(5))
    );
    assert_eq!(addresses(&found["deleted"]), [GROUP], "{found:#}");
    assert_eq!(addresses(&found["pending"]), ["userPools.customers.groups.staff"], "{found:#}");
    let mut unmanaged = addresses(&found["unmanaged"]);
    unmanaged.sort_unstable();
    let pool = "userPools.customers";
    assert_eq!(
        unmanaged,
        [
            format!("{pool}.clients.rogue"),
            format!("{pool}.domains.rogue-login"),
            format!("{pool}.groups.rogues"),
            format!("{pool}.identityProviders.Rogue"),
        ]
    );
    let property = |section: &str, path: &str| {
        let children = found["unmanaged"].as_array().expect("a list");
        let child = children.iter().find(|child| child["address"].as_str().is_some_and(|at| at.contains(section)));
        let properties = child.expect("a child")["properties"].as_array().cloned().unwrap_or_default();
        properties.into_iter().find(|property| property["path"] == path).map(|property| property["live"].clone())
    };
    assert_eq!(property("clients", "allowedOAuthFlows"), Some(json!(["implicit"])));
    assert_eq!(property("clients", "callbackUrls"), Some(json!(["https://elsewhere.example.com/"])));
    assert_eq!(property("identityProviders", "providerDetails.client_id"), Some(json!("x")), "{found:#}");
    assert_eq!(property("groups", "roleArn"), Some(json!("arn:aws:iam::123456789012:role/admin")));

    // A person reads the same.
    let text = server.run(&lab, &["drift", "shop.yaml"]).end().expect(3);
    for told in [
        "~ changed    userPools.customers.clients.web",
        "- deleted    userPools.customers.groups.admins",
        "+ unmanaged  userPools.customers.clients.rogue",
        "allowedOAuthFlows: [implicit]",
        "Drift: 1 changed live, 1 deleted live, 4 unmanaged; 1 not applied yet.",
    ] {
        assert!(text.stdout.contains(told), "{told} is not in {text}");
    }
    let markdown = server.run(&lab, &["drift", "shop.yaml", "--format", "markdown"]).end().expect(3);
    assert!(markdown.stdout.starts_with("### `shop`: Drift: 1 changed live"), "{markdown}");
    assert!(!format!("{text}{markdown}").contains("not-to-be-seen"));

    // A pool that is shared says so.
    lab.file("shop.yaml", &STACK.replace("    ignoreChanges", "    unmanaged: ignore\n    ignoreChanges"));
    let found = drift(&lab, &server, 3);
    assert_eq!(addresses(&found["unmanaged"]), [""; 0], "{found:#}");
}

#[test]
fn only_what_drifted_is_corrected() {
    let (lab, server) = applied();
    let other = STACK.replace("authSessionValidity: 5", "authSessionValidity: 9");
    change(&lab, &other, CLIENT, "authSessionValidity");
    call(&lab, "DeleteGroup", &json!({"GroupName": "admins"}));
    // The pool changes on both sides, a group in the file alone, and another one is new.
    change(&lab, &STACK.replace("userPoolTier: PLUS", "userPoolTier: LITE"), "userPools.customers", "userPoolTier");
    let file = STACK
        .replace("userPoolTier: PLUS", "userPoolTier: ESSENTIALS")
        .replace("staff: {precedence: 1}", "staff: {precedence: 2}\n      guests: {}");
    lab.file("shop.yaml", &file);
    lab.calls();
    let planned = server.run(&lab, &["plan", "--only-drift", "shop.yaml", "--var", SECRET]).end().expect(2);
    assert!(planned.stdout.contains("1 to create, 1 to update"), "{planned}");
    let ended = server.run(&lab, &["apply", "--yes", "--only-drift", "shop.yaml", "--var", SECRET]).end().expect(0);
    let written = writes(&lab.calls());
    assert_eq!(written.iter().filter(|call| !call.contains("Tag")).count(), 2, "{written:?}\n{ended}");
    for left in [
        "userPools.customers, drift: changed live, and the file changed",
        "groups.staff, the file changed",
        "groups.guests, not applied yet",
    ] {
        let told = ended.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains(left), "{left} is not in {ended}");
    }
    let found = drift(&lab, &server, 3);
    assert_eq!(addresses(&found["changed"]), ["userPools.customers"], "{found:#}");
    assert_eq!(addresses(&found["deleted"]), [""; 0], "{found:#}");
    let mut pending = addresses(&found["pending"]);
    pending.sort_unstable();
    assert_eq!(pending, ["userPools.customers.groups.guests", "userPools.customers.groups.staff"]);
    // Nothing is left of it after an apply of all.
    apply(&lab, &server, &[]).expect(0);
    assert_eq!(drift(&lab, &server, 0)["drifted"], false);
    let again = server.run(&lab, &["apply", "--yes", "--only-drift", "shop.yaml", "--var", SECRET]).end().expect(0);
    assert!(again.stdout.contains("No changes") && writes(&lab.calls()).is_empty(), "{again}");
    // What is left is no reason to say that there is nothing.
    lab.file("shop.yaml", &file.replace("staff: {precedence: 2}", "staff: {precedence: 3}"));
    let left = server.run(&lab, &["apply", "--yes", "--only-drift", "shop.yaml", "--var", SECRET]).end().expect(0);
    assert!(left.stdout.contains("Nothing to correct, and 1 resource left for another apply."), "{left}");
}

#[test]
fn what_writes_no_secret_needs_none() {
    let (lab, server) = applied();
    let outputs = "outputs:\n  pool: ${userPools.customers.id}\n  secret: ${var.googleSecret}\n";
    lab.file("shop.yaml", &format!("{STACK}{outputs}"));
    let told = server.run(&lab, &["output", "shop.yaml"]).end().expect(1);
    assert!(told.stdout.contains("pool: us-east-1_"), "{told}");
    assert!(told.stderr.contains("outputs of stack shop need secrets that are not given: secret"), "{told}");
    let all = ["destroy", "--yes", "shop.yaml", "--allow-delete", "userPools.customers"];
    server.run(&lab, &all).end().expect(0);
    assert_eq!(lab.inventory(), [""; 0]);
}

#[test]
fn a_ledger_that_is_gone_is_one_finding_and_no_difference() {
    let (lab, server) = applied();
    lab.sandbox.meddle(|state| {
        let regions = state.accounts.values_mut().flat_map(|account| account.values_mut());
        for pool in regions.flat_map(|region| region.user_pools.values_mut()) {
            pool.tags.remove("poolkeeper:applied");
        }
    });
    let found = drift(&lab, &server, 3);
    assert_eq!(found["lost"], json!(["userPools.customers"]), "{found:#}");
    assert_eq!((&found["unknown"], &found["unmanaged"]), (&json!([]), &json!([])), "{found:#}");
    let text = server.run(&lab, &["drift", "shop.yaml"]).end().expect(3);
    assert!(text.stdout.contains("Drift: 1 lost ledger."), "{text}");
}

#[test]
fn what_is_not_live_is_drift_and_what_cannot_be_read_an_error() {
    let lab = lab();
    lab.file("shop.yaml", STACK);
    let server = Server::start(&lab.sandbox);
    let found = drift(&lab, &server, 3);
    assert_eq!(addresses(&found["notLive"]), ["userPools.customers"], "{found:#}");
    apply(&lab, &server, &[]).expect(0);
    lab.faults(&["DescribeUserPoolClient=denied"]);
    let ended = server.run(&lab, &["drift", "shop.yaml"]).end().expect(1);
    assert!(ended.stderr.contains("AccessDenied"), "{ended}");
}

#[test]
fn one_hidden_change_in_an_estate_of_fifty_pools_is_found() {
    const POOLS: usize = 10;
    let lab = lab();
    let pool = |number: usize| {
        format!(
            "  p{number}:\n    groups: {{a: {{precedence: 1}}, b: {{}}}}\n    clients: {{web: {{authSessionValidity: 5}}, native: {{}}}}\n"
        )
    };
    for stack in 0..5 {
        let pools: Vec<String> = (0..POOLS).map(pool).collect();
        lab.file(&format!("stacks/s{stack}.yaml"), &format!("stack: s{stack}\nuserPools:\n{}", pools.concat()));
    }
    let server = Server::start(&lab.sandbox);
    server.run(&lab, &["apply", "--yes", "stacks"]).end().expect(0);
    let none = server.run(&lab, &["drift", "stacks", "--format", "json"]).end().expect(0);
    assert!(!none.stdout.contains("\"drifted\": true"), "{none}");
    lab.sandbox.meddle(|state| {
        let regions = state.accounts.values_mut().flat_map(|account| account.values_mut());
        let mut pools = regions.flat_map(|region| region.user_pools.values_mut());
        let hidden = pools.find(|pool| pool.body["Name"] == "s3-p7").expect("the pool");
        let client =
            hidden.clients.values_mut().find(|client| client.body["ClientName"] == "native").expect("its client");
        client.body.insert("EnableTokenRevocation".to_owned(), json!(false));
    });
    lab.calls();
    let ended = server.run(&lab, &["drift", "stacks", "--format", "json"]).end().expect(3);
    assert!(lab.calls().iter().all(is_read), "{ended}");
    let document: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    let mut found = Vec::new();
    for stack in document["stacks"].as_array().expect("stacks") {
        for list in ["changed", "deleted", "notLive", "unknown", "unmanaged", "pending"] {
            found.extend(
                addresses(&stack["drift"][list]).into_iter().map(|at| format!("{} {list} {at}", stack["stack"])),
            );
        }
    }
    assert_eq!(found, ["\"s3\" changed userPools.p7.clients.native"], "{ended}");
}
