use serde_json::{Value, json};

use super::super::super::Sandbox;
use super::super::fixture::{INVALID, change_pool, done, refused, sandbox};

fn user(name: &str, attributes: &[(&str, &str)]) -> Value {
    let attributes: Vec<Value> = attributes.iter().map(|(name, value)| json!({"Name": name, "Value": value})).collect();
    json!({"Username": name, "UserAttributes": attributes, "MessageAction": "SUPPRESS"})
}

/// Sets a member of the pool.
fn set(sandbox: &Sandbox, member: &str, value: Value) {
    change_pool(sandbox, |pool| {
        pool.body.insert(member.to_owned(), value);
    });
}

fn value(user: &Value, list: &str, name: &str) -> Option<String> {
    let mut list = user[list].as_array().expect("attributes").iter();
    Some(list.find(|attribute| attribute["Name"] == name)?["Value"].as_str()?.to_owned())
}

async fn found(sandbox: &Sandbox, filter: &str) -> Vec<String> {
    let listed = done(sandbox, "ListUsers", json!({"Filter": filter})).await;
    let users = listed["Users"].as_array().expect("users");
    users.iter().map(|user| user["Username"].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn a_new_user_has_a_sub_and_must_change_the_password_which_is_not_kept() {
    let sandbox = sandbox();
    let mut input = user("ann", &[("email", "ann@example.com"), ("custom:team", "blue")]);
    input["TemporaryPassword"] = json!("Once-4-all-of-it");
    let made = done(&sandbox, "AdminCreateUser", input).await["User"].take();
    assert_eq!((&made["Username"], &made["UserStatus"]), (&json!("ann"), &json!("FORCE_CHANGE_PASSWORD")));
    assert_eq!(made["Enabled"], true);
    let sub = value(&made, "Attributes", "sub").expect("a sub");
    assert_eq!(sub.len(), 36);

    let got = done(&sandbox, "AdminGetUser", json!({"Username": "ann"})).await;
    assert_eq!(got["UserAttributes"], made["Attributes"]);
    assert_eq!(done(&sandbox, "AdminGetUser", json!({"Username": sub})).await, got);
    assert!(!sandbox.look(|state| serde_json::to_string(state).expect("JSON")).contains("Once-4-all"));
    refused(&sandbox, "AdminCreateUser", user("ann", &[]), "UsernameExistsException", "already exists").await;
    done(&sandbox, "AdminDeleteUser", json!({"Username": "ann"})).await;
    refused(&sandbox, "AdminGetUser", json!({"Username": "ann"}), "UserNotFoundException", "does not exist").await;
}

#[tokio::test]
async fn where_users_sign_in_with_an_attribute_their_name_is_their_sub() {
    let sandbox = sandbox();
    set(&sandbox, "UsernameAttributes", json!(["email"]));
    let made = done(&sandbox, "AdminCreateUser", user("ann@example.com", &[])).await["User"].take();
    assert_eq!(value(&made, "Attributes", "sub").as_deref(), made["Username"].as_str());
    assert_eq!(value(&made, "Attributes", "email").as_deref(), Some("ann@example.com"));
    let got = done(&sandbox, "AdminGetUser", json!({"Username": "ann@example.com"})).await;
    assert_eq!(got["Username"], made["Username"]);
    assert_eq!(found(&sandbox, "email = \"ann@example.com\"").await, [made["Username"].as_str().expect("a name")]);
    let again = user("ann@example.com", &[]);
    refused(&sandbox, "AdminCreateUser", again, "UsernameExistsException", "given email").await;
    refused(&sandbox, "AdminCreateUser", user("bob", &[]), INVALID, "Username should be an email.").await;
    set(&sandbox, "UsernameAttributes", json!(["email", "phone_number"]));
    done(&sandbox, "AdminCreateUser", user("+4912345", &[])).await;
    refused(&sandbox, "AdminCreateUser", user("bob", &[]), INVALID, "either an email or a phone number").await;
}

#[tokio::test]
async fn aliases_stand_for_one_user_only() {
    let sandbox = sandbox();
    set(&sandbox, "AliasAttributes", json!(["email"]));
    let verified = [("email", "a@example.com"), ("email_verified", "true")];
    done(&sandbox, "AdminCreateUser", user("ann", &verified)).await;
    let own = done(&sandbox, "AdminGetUser", json!({"Username": "a@example.com"})).await;
    assert_eq!(own["Username"], "ann");
    refused(&sandbox, "AdminCreateUser", user("bob", &verified), "AliasExistsException", "email").await;
    let words = "Username cannot be of email format, since user pool is configured for email alias.";
    refused(&sandbox, "AdminCreateUser", user("b@example.com", &[]), INVALID, words).await;
    // An address that nobody verified is nobody's.
    done(&sandbox, "AdminCreateUser", user("carl", &verified[..1])).await;
    let mut forced = user("bob", &verified);
    forced["ForceAliasCreation"] = json!(true);
    done(&sandbox, "AdminCreateUser", forced).await;
    let own = done(&sandbox, "AdminGetUser", json!({"Username": "a@example.com"})).await;
    assert_eq!(own["Username"], "bob");
    let ann = done(&sandbox, "AdminGetUser", json!({"Username": "ann"})).await;
    assert_eq!(value(&ann, "UserAttributes", "email_verified").as_deref(), Some("false"));
}

#[tokio::test]
async fn users_are_looked_for_by_one_attribute() {
    let sandbox = sandbox();
    for (name, email) in [("ann", "ann@example.com"), ("anton", "anton@example.com"), ("bob", "bob@example.org")] {
        done(&sandbox, "AdminCreateUser", user(name, &[("email", email), ("name", "N \"Q\"")])).await;
    }
    let table: [(&str, &[&str]); 9] = [
        ("", &["ann", "anton", "bob"]),
        ("username = \"ann\"", &["ann"]),
        ("username ^= \"an\"", &["ann", "anton"]),
        ("username^=\"b\"", &["bob"]),
        ("email = \"bob@example.org\"", &["bob"]),
        ("\"email\" ^= \"an\"", &["ann", "anton"]),
        ("name = \"N \\\"Q\\\"\"", &["ann", "anton", "bob"]),
        ("cognito:user_status = \"CONFIRMED\"", &[]),
        ("status = \"Enabled\"", &["ann", "anton", "bob"]),
    ];
    for (filter, names) in table {
        assert_eq!(found(&sandbox, filter).await, names, "{filter}");
    }
    for filter in ["email", "email = x", "email = \"a\" \"b\"", "custom:team = \"x\""] {
        refused(&sandbox, "ListUsers", json!({"Filter": filter}), INVALID, "").await;
    }
    let page = done(&sandbox, "ListUsers", json!({"AttributesToGet": ["email"], "Limit": 2})).await;
    assert_eq!(page["Users"].as_array().map(Vec::len), Some(2));
    let email = json!([{"Name": "email", "Value": "ann@example.com"}]);
    assert_eq!(page["Users"][0]["Attributes"], email);
    let rest = done(&sandbox, "ListUsers", json!({"Limit": 2, "PaginationToken": page["PaginationToken"]})).await;
    assert_eq!((rest["Users"].as_array().map(Vec::len), rest.get("PaginationToken")), (Some(1), None));
    refused(&sandbox, "ListUsers", json!({"AttributesToGet": ["custom:none"]}), INVALID, "do not exist").await;
}

#[tokio::test]
async fn what_is_refused() {
    let sandbox = sandbox();
    let policy = json!({
        "MinimumLength": 8,
        "RequireUppercase": true,
        "RequireLowercase": true,
        "RequireNumbers": true,
        "RequireSymbols": true,
    });
    set(&sandbox, "Policies", json!({ "PasswordPolicy": policy }));
    let schema = "Attributes did not conform to the schema";
    for (name, value, words) in [
        ("custom:none", "x", "Attribute does not exist in the schema"),
        ("sub", "x", schema),
        ("email_verified", "maybe", schema),
        ("custom:level", "ten", schema),
        ("custom:level", "10", schema),
        ("email", "nobody", "email"),
        ("phone_number", "0123", "phone number"),
    ] {
        refused(&sandbox, "AdminCreateUser", user("ann", &[(name, value)]), INVALID, words).await;
    }
    let password = "InvalidPasswordException";
    for (own, words) in [
        ("Sh0rt!", "not long enough"),
        ("all-small-1", "uppercase"),
        ("ALL-LARGE-1", "lowercase"),
        ("No-Numbers", "numeric"),
        ("NoSymbols1", "symbol"),
    ] {
        let input = json!({"Username": "ann", "TemporaryPassword": own});
        refused(&sandbox, "AdminCreateUser", input, password, words).await;
    }
    let again = json!({"Username": "ann", "MessageAction": "RESEND"});
    refused(&sandbox, "AdminCreateUser", again.clone(), "UserNotFoundException", "does not exist").await;
    done(&sandbox, "AdminCreateUser", user("ann", &[("custom:level", "9")])).await;
    assert_eq!(done(&sandbox, "AdminCreateUser", again).await["User"]["Username"], "ann");
    done(&sandbox, "ListUsers", json!({})).await;
}
