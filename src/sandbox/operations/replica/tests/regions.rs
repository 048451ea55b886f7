//! What the region of a replica shows, and what may be written there.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::super::super::Sandbox;
use super::super::super::super::testing::call_in;
use super::{
    AWAY, DELAY, DISABLED, HOME, INVALID, KEY, arn, done, pool, refused, replica, replicated, sandbox, settings, to,
};

const FUNCTION: &str = "arn:aws:lambda:eu-west-1:123456789012:function:sign-up";

async fn described(sandbox: &Sandbox, region: &str, id: &str) -> Value {
    done(sandbox, region, "DescribeUserPool", json!({"UserPoolId": id})).await["UserPool"].take()
}

/// The primary's settings, and others of the replica's own over them.
fn with(id: &str, others: &Value) -> Value {
    let mut all = settings();
    for member in ["LambdaConfig", "UserPoolTags"] {
        all.as_object_mut().expect("members").remove(member);
    }
    all["UserPoolId"] = json!(id);
    for (member, value) in others.as_object().expect("members") {
        all[member] = value.clone();
    }
    all
}

async fn tag_query(sandbox: &Sandbox, region: &str) -> Value {
    let prefix = "ResourceGroupsTaggingAPI_20170126";
    let answer = call_in(sandbox, region, prefix, "GetResources", &json!({})).await.expect("an answer");
    answer["ResourceTagMappingList"].clone()
}

#[tokio::test]
async fn each_region_has_settings_of_its_own() {
    let sandbox = sandbox();
    let id = replicated(&sandbox).await;
    let primary = described(&sandbox, HOME, &id).await;
    let mut fresh = described(&sandbox, AWAY, &id).await;
    assert_eq!(fresh["Arn"], arn(AWAY, &id));
    assert_eq!(fresh["LambdaConfig"], json!({}));
    assert_eq!(fresh["UserPoolTags"], json!({}));
    assert_eq!(fresh["EmailConfiguration"], json!({"EmailSendingAccount": "COGNITO_DEFAULT"}));
    for member in ["Arn", "LambdaConfig", "UserPoolTags"] {
        fresh[member] = primary[member].clone();
    }
    assert_eq!(fresh, primary, "all else is the primary's");

    let email = json!({
        "EmailSendingAccount": "DEVELOPER",
        "SourceArn": "arn:aws:ses:eu-west-1:123456789012:identity/example.com",
    });
    let sms = json!({"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "id"});
    let own = json!({
        "EmailConfiguration": email,
        "SmsConfiguration": sms,
        "LambdaConfig": {"PreSignUp": FUNCTION},
        "UserPoolTags": {"where": "away"},
    });
    done(&sandbox, AWAY, "UpdateUserPool", with(&id, &own)).await;
    let away = described(&sandbox, AWAY, &id).await;
    assert_eq!(away["EmailConfiguration"], email);
    assert_eq!(away["SmsConfiguration"]["SnsRegion"], AWAY, "{}", away["SmsConfiguration"]);
    assert_eq!(away["LambdaConfig"], json!({"PreSignUp": FUNCTION}));
    assert_eq!(away["UserPoolTags"], json!({"where": "away"}));
    let factors = |region| done(&sandbox, region, "GetUserPoolMfaConfig", json!({"UserPoolId": id}));
    assert_eq!(factors(AWAY).await["SmsMfaConfiguration"]["SmsConfiguration"], away["SmsConfiguration"]);
    assert_eq!(factors(HOME).await.get("SmsMfaConfiguration"), None);
    assert_eq!(described(&sandbox, HOME, &id).await, primary, "nothing of it is the primary's");

    // What an update leaves out is reset, and what the primary changes shows in both regions.
    done(&sandbox, AWAY, "UpdateUserPool", with(&id, &json!({}))).await;
    let away = described(&sandbox, AWAY, &id).await;
    assert_eq!((&away["LambdaConfig"], &away["UserPoolTags"]), (&json!({}), &json!({})));
    assert_eq!(away.get("SmsConfiguration"), None);
    let mut renamed = settings();
    renamed["UserPoolId"] = json!(id);
    renamed["PoolName"] = json!("renamed");
    done(&sandbox, HOME, "UpdateUserPool", renamed).await;
    assert_eq!(described(&sandbox, AWAY, &id).await["Name"], "renamed");
}

#[tokio::test]
async fn other_settings_are_the_primarys() {
    let sandbox = sandbox();
    let id = replicated(&sandbox).await;
    let function = FUNCTION.replace(AWAY, HOME);
    let source = "arn:aws:ses:ap-south-1:123456789012:identity/example.com";
    let key = KEY.replace(HOME, AWAY);
    let mut bare = with(&id, &json!({}));
    bare.as_object_mut().expect("members").remove("AutoVerifiedAttributes");
    let table = [
        (with(&id, &json!({"PoolName": "other"})), "Name can only be changed in us-east-1"),
        (with(&id, &json!({"MfaConfiguration": "ON"})), "MfaConfiguration can only"),
        (with(&id, &json!({"DeletionProtection": "ACTIVE"})), "DeletionProtection can only"),
        (with(&id, &json!({"UserPoolTier": "PLUS"})), "UserPoolTier can only"),
        (
            with(&id, &json!({"KeyConfiguration": {"KeyType": "CUSTOMER_MANAGED_KEY", "KmsKeyArn": key}})),
            "KeyConfiguration can only",
        ),
        // What is left out would be reset.
        (bare, "AutoVerifiedAttributes can only"),
        (with(&id, &json!({"LambdaConfig": {"PreSignUp": function}})), "not in the user pool's region eu-west-1"),
        (
            with(&id, &json!({"EmailConfiguration": {"EmailSendingAccount": "DEVELOPER", "SourceArn": source}})),
            "SES regions",
        ),
        (with(&id, &json!({"UserPoolTags": {"aws:own": "no"}})), "aws:"),
    ];
    let before = described(&sandbox, AWAY, &id).await;
    for (input, words) in table {
        refused(&sandbox, AWAY, "UpdateUserPool", input, INVALID, words).await;
    }
    assert_eq!(described(&sandbox, AWAY, &id).await, before);
    done(&sandbox, HOME, "DeleteUserPoolReplica", replica(&id)).await;
    refused(&sandbox, AWAY, "UpdateUserPool", with(&id, &json!({})), INVALID, "while it is DELETING").await;
    let tags = json!({"ResourceArn": arn(AWAY, &id), "Tags": {"a": "b"}});
    refused(&sandbox, AWAY, "TagResource", tags, INVALID, "while it is DELETING").await;
}

#[tokio::test]
async fn a_replica_that_is_configured_sends_what_its_pool_needs_to_send() {
    let sandbox = sandbox();
    let sms = json!({"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "id"});
    let mut by_phone = settings();
    by_phone["AutoVerifiedAttributes"] = json!(["phone_number"]);
    by_phone["SmsConfiguration"] = sms.clone();
    let id = pool(&sandbox, by_phone).await;
    done(&sandbox, HOME, "CreateUserPoolReplica", replica(&id)).await;
    sandbox.clock().advance(DELAY);
    assert_eq!(described(&sandbox, AWAY, &id).await.get("SmsConfiguration"), None);
    let mut own = with(&id, &json!({"AutoVerifiedAttributes": ["phone_number"]}));
    refused(&sandbox, AWAY, "UpdateUserPool", own.clone(), INVALID, "SMS configuration is required").await;
    own["SmsConfiguration"] = sms;
    done(&sandbox, AWAY, "UpdateUserPool", own).await;
    assert_eq!(described(&sandbox, AWAY, &id).await["SmsConfiguration"]["SnsRegion"], AWAY);
}

#[tokio::test]
async fn what_is_in_the_pool_is_read_in_both_regions_and_written_in_one() {
    let sandbox = sandbox();
    let id = replicated(&sandbox).await;
    done(&sandbox, AWAY, "UpdateUserPoolReplica", to(&id, "ACTIVE")).await;
    let in_pool = |mut input: Value| {
        input["UserPoolId"] = json!(id);
        input
    };
    let details = json!({"client_id": "id", "client_secret": "secret", "authorize_scopes": "email"});
    let provider = json!({"ProviderName": "Google", "ProviderType": "Google", "ProviderDetails": details});
    let client = done(&sandbox, HOME, "CreateUserPoolClient", in_pool(json!({"ClientName": "web"}))).await;
    let client = json!({"ClientId": client["UserPoolClient"]["ClientId"]});
    done(&sandbox, HOME, "CreateGroup", in_pool(json!({"GroupName": "readers"}))).await;
    done(&sandbox, HOME, "CreateIdentityProvider", in_pool(provider.clone())).await;
    done(&sandbox, HOME, "CreateResourceServer", in_pool(json!({"Identifier": "api", "Name": "api"}))).await;
    done(&sandbox, HOME, "AdminCreateUser", in_pool(json!({"Username": "ann"}))).await;

    let reads = [
        ("DescribeUserPoolClient", client.clone()),
        ("ListUserPoolClients", json!({})),
        ("GetGroup", json!({"GroupName": "readers"})),
        ("ListGroups", json!({})),
        ("DescribeIdentityProvider", json!({"ProviderName": "Google"})),
        ("ListIdentityProviders", json!({})),
        ("DescribeResourceServer", json!({"Identifier": "api"})),
        ("ListResourceServers", json!({"MaxResults": 10})),
        ("AdminGetUser", json!({"Username": "ann"})),
        ("ListUserPoolReplicas", json!({})),
    ];
    for (operation, input) in reads {
        let home = done(&sandbox, HOME, operation, in_pool(input.clone())).await;
        assert_eq!(done(&sandbox, AWAY, operation, in_pool(input)).await, home, "{operation}");
    }
    let writes = [
        ("CreateUserPoolClient", json!({"ClientName": "other"})),
        ("UpdateUserPoolClient", client.clone()),
        ("DeleteUserPoolClient", client.clone()),
        ("AddUserPoolClientSecret", client),
        ("CreateGroup", json!({"GroupName": "writers"})),
        ("UpdateGroup", json!({"GroupName": "readers"})),
        ("DeleteGroup", json!({"GroupName": "readers"})),
        ("CreateIdentityProvider", provider),
        ("DeleteIdentityProvider", json!({"ProviderName": "Google"})),
        ("CreateResourceServer", json!({"Identifier": "other", "Name": "other"})),
        ("DeleteResourceServer", json!({"Identifier": "api"})),
        ("CreateUserPoolDomain", json!({"Domain": "shop"})),
        ("UpdateUserPoolDomain", json!({"Domain": "shop"})),
        ("DeleteUserPoolDomain", json!({"Domain": "shop"})),
        ("AddCustomAttributes", json!({"CustomAttributes": [{"Name": "a", "AttributeDataType": "String"}]})),
        ("SetUserPoolMfaConfig", json!({"MfaConfiguration": "OFF"})),
        ("AdminCreateUser", json!({"Username": "bob"})),
        ("AdminDeleteUser", json!({"Username": "ann"})),
        ("AdminAddUserToGroup", json!({"Username": "ann", "GroupName": "readers"})),
        ("DeleteUserPool", json!({})),
        ("CreateUserPoolReplica", json!({"RegionName": "us-west-2"})),
        ("DeleteUserPoolReplica", json!({"RegionName": AWAY})),
    ];
    for (operation, input) in writes {
        refused(&sandbox, AWAY, operation, in_pool(input), DISABLED, HOME).await;
    }
    done(&sandbox, HOME, "GetGroup", in_pool(json!({"GroupName": "readers"}))).await;
}

#[tokio::test]
async fn each_region_lists_the_pool_and_has_tags_of_its_own() {
    let sandbox = sandbox();
    let id = pool(&sandbox, settings()).await;
    let mut input = replica(&id);
    input["UserPoolTags"] = json!({"where": "away"});
    done(&sandbox, HOME, "CreateUserPoolReplica", input).await;
    let list = |region| done(&sandbox, region, "ListUserPools", json!({"MaxResults": 10}));
    assert_eq!(list(HOME).await["UserPools"][0]["ReplicaRegions"], json!([AWAY]));
    assert_eq!(list(AWAY).await["UserPools"], json!([]));
    sandbox.clock().advance(DELAY);
    assert_eq!(tag_query(&sandbox, AWAY).await, json!([]), "the index lags behind");
    sandbox.clock().advance(Duration::from_secs(10));
    let row = |region: &str, value: &str| {
        let tags = json!([{"Key": "where", "Value": value}]);
        json!([{"ResourceARN": arn(region, &id), "Tags": tags}])
    };
    assert_eq!(tag_query(&sandbox, AWAY).await, row(AWAY, "away"));
    assert_eq!(tag_query(&sandbox, HOME).await, row(HOME, "home"));
    // Beside a pool of the region's own, in the order of their ids.
    done(&sandbox, AWAY, "CreateUserPool", json!({"PoolName": "own"})).await;
    let listed = list(AWAY).await;
    let names: Vec<&Value> = listed["UserPools"].as_array().expect("pools").iter().map(|pool| &pool["Name"]).collect();
    assert_eq!(names, ["own", "pool"]);
    assert_eq!(listed["UserPools"][1]["LambdaConfig"], json!({}));
    assert_eq!(listed["UserPools"][1]["ReplicaRegions"], json!([AWAY]));
    assert_eq!(listed["UserPools"][0].get("ReplicaRegions"), None);

    let own = json!({"ResourceArn": arn(AWAY, &id)});
    let tagged = json!({"ResourceArn": arn(AWAY, &id), "Tags": {"more": "yes"}});
    done(&sandbox, AWAY, "TagResource", tagged.clone()).await;
    refused(&sandbox, HOME, "TagResource", tagged, "ResourceNotFoundException", &id).await;
    let untagged = json!({"ResourceArn": arn(AWAY, &id), "TagKeys": ["where"]});
    done(&sandbox, AWAY, "UntagResource", untagged).await;
    let tags = done(&sandbox, AWAY, "ListTagsForResource", own.clone()).await;
    assert_eq!(tags["Tags"], json!({"more": "yes"}));
    let home = done(&sandbox, HOME, "ListTagsForResource", json!({"ResourceArn": arn(HOME, &id)})).await;
    assert_eq!(home["Tags"], json!({"where": "home"}));

    done(&sandbox, HOME, "DeleteUserPoolReplica", replica(&id)).await;
    sandbox.clock().advance(DELAY);
    assert_eq!(list(AWAY).await["UserPools"].as_array().map(Vec::len), Some(1));
    sandbox.clock().advance(Duration::from_secs(10));
    assert_eq!(tag_query(&sandbox, AWAY).await, json!([]));
    refused(&sandbox, AWAY, "ListTagsForResource", own, "ResourceNotFoundException", &id).await;
    assert_eq!(list(HOME).await["UserPools"][0].get("ReplicaRegions"), None);
}
