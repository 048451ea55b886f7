//! Attributes of users: declared with a pool, added later, never changed.

use serde_json::{Value, json};

use super::{ask, described, done, pool, sandbox};

async fn attribute(sandbox: &crate::sandbox::Sandbox, id: &str, name: &str) -> Value {
    let body = described(sandbox, id).await;
    let all = body["SchemaAttributes"].as_array().expect("a list");
    all.iter().find(|attribute| attribute["Name"] == name).cloned().unwrap_or_default()
}

#[tokio::test]
async fn attributes_show_as_they_were_declared_with_the_defaults_of_their_kind() {
    let sandbox = sandbox();
    let schema = json!([
        {"Name": "email", "Required": true, "StringAttributeConstraints": {"MinLength": "3"}},
        {"Name": "tenant", "AttributeDataType": "String"},
        {"Name": "level", "AttributeDataType": "Number", "Mutable": true, "NumberAttributeConstraints": {"MinValue": "1"}},
        {"Name": "since", "AttributeDataType": "DateTime"},
        {"Name": "inner", "AttributeDataType": "Boolean", "DeveloperOnlyAttribute": true},
    ]);
    let id = pool(&sandbox, &json!({"Schema": schema})).await;
    let plain = |name: &str, kind: &str, mutable: bool| {
        json!({
            "Name": name,
            "AttributeDataType": kind,
            "DeveloperOnlyAttribute": name.starts_with("dev:"),
            "Mutable": mutable,
            "Required": name == "email",
        })
    };
    let mut email = plain("email", "String", true);
    email["StringAttributeConstraints"] = json!({"MinLength": "3", "MaxLength": "2048"});
    let mut tenant = plain("custom:tenant", "String", false);
    tenant["StringAttributeConstraints"] = json!({});
    let mut level = plain("custom:level", "Number", true);
    level["NumberAttributeConstraints"] = json!({"MinValue": "1"});
    let since = plain("custom:since", "DateTime", false);
    let inner = plain("dev:custom:inner", "Boolean", false);
    for expected in [email, tenant, level, since, inner] {
        assert_eq!(attribute(&sandbox, &id, expected["Name"].as_str().expect("a name")).await, expected);
    }
}

#[tokio::test]
async fn attributes_are_added_all_or_none_and_only_once() {
    let sandbox = sandbox();
    let id = pool(&sandbox, &json!({})).await;
    let add = |names: &[&str]| {
        let attributes: Vec<Value> =
            names.iter().map(|name| json!({"Name": name, "AttributeDataType": "String", "Mutable": true})).collect();
        json!({"UserPoolId": id, "CustomAttributes": attributes})
    };
    done(&sandbox, "AddCustomAttributes", &add(&["tenant", "custom:plan"])).await;
    assert!(attribute(&sandbox, &id, "custom:tenant").await.is_object());
    assert!(attribute(&sandbox, &id, "custom:custom:plan").await.is_object());
    let refused = ask(&sandbox, "AddCustomAttributes", &add(&["other", "tenant"])).await;
    let message = "custom:tenant: Existing attribute already has name custom:tenant.".to_owned();
    assert_eq!(refused, Err(("InvalidParameterException".to_owned(), message)));
    assert!(attribute(&sandbox, &id, "custom:other").await.is_null());
    // Fifty is all there can be: two are there.
    for batch in [0..24, 24..48] {
        let names: Vec<String> = batch.map(|n| format!("more-{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        done(&sandbox, "AddCustomAttributes", &add(&names)).await;
    }
    ask(&sandbox, "AddCustomAttributes", &add(&["last"])).await.expect_err("more than fifty attributes");
}

#[tokio::test]
async fn bounds_that_make_no_sense_are_refused() {
    let strings =
        |least: &str, most: &str| json!({"StringAttributeConstraints": {"MinLength": least, "MaxLength": most}});
    let numbers =
        |least: &str, most: &str| json!({"NumberAttributeConstraints": {"MinValue": least, "MaxValue": most}});
    let cases = [
        ("String", strings("9", "8")),
        ("String", strings("0", "2049")),
        ("String", strings("few", "8")),
        ("String", numbers("0", "8")),
        ("Number", numbers("0", "-1")),
        ("Boolean", strings("0", "8")),
    ];
    for (kind, bounds) in cases {
        let sandbox = sandbox();
        let id = pool(&sandbox, &json!({})).await;
        let attribute = super::with(&json!({"Name": "tenant", "AttributeDataType": kind}), &bounds);
        let add = json!({"UserPoolId": id, "CustomAttributes": [attribute]});
        let Err((code, _)) = ask(&sandbox, "AddCustomAttributes", &add).await else { panic!("{kind} took {bounds}") };
        assert_eq!(code, "InvalidParameterException", "{kind} {bounds}");
    }
}
