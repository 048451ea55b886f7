//! The examples that are about what users and programs may do.

use serde_json::{Value, json};

use super::{LAMBDA_ROLE, Story, assert_has, attribute, live_through};
use crate::aws::{Aws, texts};

const AUTHENTICATED_ROLE: &str = "authenticatedRoleArn=arn:aws:iam::123456789012:role/signed-in";
const ADMIN_ROLE: &str = "adminRoleArn=arn:aws:iam::123456789012:role/admin";
const USER_ROLE: &str = "userRoleArn=arn:aws:iam::123456789012:role/signed-in";
const ORDERS: &str = "https://orders.example.com";

#[test]
fn identity_pool() {
    live_through(&Story {
        name: "identity-pool",
        variables: &[AUTHENTICATED_ROLE, ADMIN_ROLE],
        without: None,
        addresses: &["identityPools.app", "userPools.customers", "userPools.customers.clients.web"],
        create_order: &["CreateUserPool", "CreateUserPoolClient", "CreateIdentityPool", "SetIdentityPoolRoles"],
        check: |aws| {
            let pool = aws.pool_id("Identity Pool Users");
            let client = aws.client(&pool, "web")["ClientId"].take();
            let provider = format!("cognito-idp.us-east-1.amazonaws.com/{pool}");
            let ids = aws.identity_pool_ids("identity-pool-app");
            assert_eq!(ids.len(), 1);
            let ask = json!({"IdentityPoolId": ids[0]});
            let live = aws.identity("DescribeIdentityPool", &ask);
            assert_has(
                &live,
                &json!({
                    "AllowUnauthenticatedIdentities": false,
                    "CognitoIdentityProviders":
                        [{"ProviderName": provider, "ClientId": client, "ServerSideTokenCheck": true}],
                }),
            );
            let roles = aws.identity("GetIdentityPoolRoles", &ask);
            assert_eq!(roles["Roles"], json!({"authenticated": "arn:aws:iam::123456789012:role/signed-in"}));
            let key = format!("{provider}:{}", client.as_str().expect("an id"));
            let mapping = &roles["RoleMappings"][key];
            assert_has(mapping, &json!({"Type": "Rules", "AmbiguousRoleResolution": "AuthenticatedRole"}));
            assert_eq!(
                mapping["RulesConfiguration"]["Rules"],
                json!([{
                    "Claim": "custom:role", "MatchType": "Equals", "Value": "admin",
                    "RoleARN": "arn:aws:iam::123456789012:role/admin",
                }])
            );
        },
        meddle: |aws| {
            let mut body = aws.identity(
                "DescribeIdentityPool",
                &json!({"IdentityPoolId": identity_pool_id(aws, "identity-pool-app")}),
            );
            body["AllowUnauthenticatedIdentities"] = json!(true);
            aws.identity("UpdateIdentityPool", &body);
        },
        drift: ("identityPools.app", "allowUnauthenticatedIdentities", json!(true), json!(false)),
        // Tags that an identity pool was not made with are not shown here, so it is noted each time what was applied.
        writes: &["UpdateIdentityPool", "TagResource"],
        allow_delete: &["userPools.customers", "identityPools.app"],
        delete_order: &["DeleteIdentityPool", "DeleteUserPool"],
    });
}

fn identity_pool_id(aws: &Aws, name: &str) -> String {
    aws.identity_pool_ids(name).remove(0)
}

#[test]
fn attribute_based_access() {
    // ministack keeps which claims become tags, and puts none on the sessions that it gives out.
    live_through(&Story {
        name: "attribute-based-access",
        variables: &[USER_ROLE],
        without: None,
        addresses: &["identityPools.staff", "userPools.staff", "userPools.staff.clients.web"],
        create_order: &["CreateUserPoolClient", "CreateIdentityPool", "SetPrincipalTagAttributeMap"],
        check: |aws| {
            let pool = aws.pool_id("Staff by Team");
            let client = aws.client(&pool, "web");
            assert_eq!(sorted(&client["ReadAttributes"]), ["custom:team", "email", "email_verified"]);
            assert_eq!(client["WriteAttributes"], json!(["email"]), "users cannot choose their team");
            let ask = json!({"IdentityPoolId": identity_pool_id(aws, "attribute-based-access-staff")});
            let roles = aws.identity("GetIdentityPoolRoles", &ask);
            assert_eq!(roles["Roles"], json!({"authenticated": "arn:aws:iam::123456789012:role/signed-in"}));
            let tags = aws.identity("GetPrincipalTagAttributeMap", &with_provider(ask, &pool));
            assert_has(&tags, &json!({"UseDefaults": false, "PrincipalTags": {"team": "custom:team"}}));
        },
        meddle: |aws| {
            let ask = json!({"IdentityPoolId": identity_pool_id(aws, "attribute-based-access-staff")});
            let mut body = with_provider(ask, &aws.pool_id("Staff by Team"));
            body["PrincipalTags"] = json!({"team": "email"});
            aws.identity("SetPrincipalTagAttributeMap", &body);
        },
        drift: (
            "identityPools.staff",
            "principalTags[\"cognito-idp.us-east-1.amazonaws.com/POOL\"].principalTags.team",
            json!("email"),
            json!("custom:team"),
        ),
        writes: &["SetPrincipalTagAttributeMap", "TagResource"],
        allow_delete: &["userPools.staff", "identityPools.staff"],
        delete_order: &["DeleteIdentityPool", "DeleteUserPool"],
    });
}

/// What names the provider of a user pool in an identity pool.
fn with_provider(mut ask: Value, pool: &str) -> Value {
    ask["IdentityProviderName"] = json!(format!("cognito-idp.us-east-1.amazonaws.com/{pool}"));
    ask
}

fn sorted(texts: &Value) -> Vec<&str> {
    let mut sorted: Vec<_> = texts.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    sorted.sort_unstable();
    sorted
}

#[test]
fn machine_to_machine() {
    live_through(&Story {
        name: "machine-to-machine",
        variables: &[],
        without: None,
        addresses: &[
            "userPools.machines",
            "userPools.machines.clients.checkout",
            "userPools.machines.clients.reporting",
            "userPools.machines.domains.orders-api-tokens",
            "userPools.machines.resourceServers[\"https://orders.example.com\"]",
        ],
        create_order: &["CreateUserPool", "CreateResourceServer", "CreateUserPoolClient"],
        check: |aws| {
            let pool = aws.pool(&aws.pool_id("Machines"));
            assert_eq!(pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"], true);
            assert_eq!(pool["Domain"], "orders-api-tokens");
            let id = pool["Id"].as_str().expect("an id");
            let server = aws.idp("DescribeResourceServer", &json!({"UserPoolId": id, "Identifier": ORDERS}));
            let mut scopes = texts(&server["ResourceServer"]["Scopes"], "ScopeName");
            scopes.sort();
            assert_eq!(scopes, ["read", "write"]);
            for (name, scopes) in [("reporting", &["read"][..]), ("checkout", &["read", "write"])] {
                let client = aws.client(id, name);
                assert!(client["ClientSecret"].is_string(), "{client}");
                assert_has(
                    &client,
                    &json!({
                        "AllowedOAuthFlowsUserPoolClient": true,
                        "AllowedOAuthFlows": ["client_credentials"],
                        "AccessTokenValidity": 15,
                    }),
                );
                let scopes: Vec<_> = scopes.iter().map(|scope| format!("{ORDERS}/{scope}")).collect();
                assert_eq!(sorted(&client["AllowedOAuthScopes"]), scopes);
            }
        },
        meddle: |aws| {
            let id = aws.pool_id("Machines");
            aws.change_client(
                &id,
                "reporting",
                &json!({"AllowedOAuthScopes": [format!("{ORDERS}/read"), format!("{ORDERS}/write")]}),
            );
        },
        drift: (
            "userPools.machines.clients.reporting",
            "allowedOAuthScopes",
            json!(["https://orders.example.com/read", "https://orders.example.com/write"]),
            json!(["https://orders.example.com/read"]),
        ),
        writes: &["UpdateUserPoolClient"],
        allow_delete: &["userPools.machines"],
        delete_order: &["DeleteUserPoolDomain", "DeleteUserPool"],
    });
}

#[test]
fn multi_tenant() {
    live_through(&Story {
        name: "multi-tenant",
        variables: &[LAMBDA_ROLE],
        without: None,
        addresses: &[
            "functions.claims",
            "userPools.users",
            "userPools.users.clients.web",
            "userPools.users.groups.admins",
            "userPools.users.groups.members",
            "userPools.users.triggerPermissions[\"functions.claims\"]",
        ],
        create_order: &["CreateFunction", "AddPermission", "UpdateUserPool"],
        check: |aws| {
            let pool = aws.pool(&aws.pool_id("Users of All Tenants"));
            let id = pool["Id"].as_str().expect("an id");
            let trigger = &pool["LambdaConfig"]["PreTokenGenerationConfig"];
            let arn = "arn:aws:lambda:us-east-1:123456789012:function:multi-tenant-claims";
            assert_eq!(*trigger, json!({"LambdaVersion": "V2_0", "LambdaArn": arn}));
            assert_has(attribute(&pool, "custom:tenant"), &json!({"AttributeDataType": "String", "Mutable": true}));
            let mut groups = texts(&aws.idp("ListGroups", &json!({"UserPoolId": id}))["Groups"], "GroupName");
            groups.sort();
            assert_eq!(groups, ["admins", "members"]);
            let client = aws.client(id, "web");
            assert_eq!(sorted(&client["WriteAttributes"]), ["email", "name"], "users cannot choose their tenant");
        },
        meddle: |aws| {
            // Users could take a tenant of their choice.
            let attributes = json!(["custom:tenant", "email", "name"]);
            aws.change_client(&aws.pool_id("Users of All Tenants"), "web", &json!({"WriteAttributes": attributes}));
        },
        drift: (
            "userPools.users.clients.web",
            "writeAttributes",
            json!(["custom:tenant", "email", "name"]),
            json!(["email", "name"]),
        ),
        writes: &["UpdateUserPoolClient"],
        allow_delete: &["userPools.users"],
        delete_order: &["DeleteUserPool", "DeleteFunction"],
    });
}
