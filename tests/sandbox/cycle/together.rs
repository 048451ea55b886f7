//! What is about more than one property, or about how properties are compared: ways between whole
//! settings, in every direction.

use std::collections::BTreeMap;

use poolkeeper::plan::work::Options;
use poolkeeper::plan::{Action, Plan};
use poolkeeper::sandbox::model::Service;
use serde_json::{Value, json};

use super::footprint::{anonymous, state, told};
use super::hand::{call, lambda};
use super::row::lay_over;
use super::run::lab;
use super::user_pool_messages::{by_ses, by_sns, role};
use crate::lab::{Lab, address, show_plan, writes};

/// A stack that declares nearly everything.
const RICH: &str = include_str!("../../stacks/valid/rich.yaml");

#[tokio::test(start_paused = true)]
async fn a_rich_stack_is_applied_and_then_as_declared() {
    let lab = lab();
    lab.apply(RICH).await;
    lab.calls();
    lab.expect_no_changes(RICH).await;
    assert_eq!(writes(&lab.calls()), [""; 0]);
}

/// Goes from each stack to each other one. Wherever it comes from, what is there then is what is
/// there when the stack is applied to nothing.
async fn from_each_to_each(stacks: &[Value], options: &Options) {
    let mut fresh = Vec::new();
    for stack in stacks {
        let lab = lab();
        lab.apply(&stack.to_string()).await;
        fresh.push(anonymous(&lab));
    }
    let lab = lab();
    let go = async |from: usize, to: usize| {
        let text = stacks[to].to_string();
        let way = format!("from {}\nto {text}", stacks[from]);
        let report = lab.run(&text, options).await.unwrap_or_else(|error| panic!("{error:?}\n{way}"));
        assert!(report.is_complete(), "{}\n{way}", crate::lab::show_report(&report));
        lab.catch_up();
        lab.calls();
        lab.expect_no_changes(&text).await;
        assert_eq!(writes(&lab.calls()), [""; 0], "{way}");
        let there = anonymous(&lab);
        assert!(there == fresh[to], "{}\n{way}", told(&fresh[to], &there));
    };
    go(0, 0).await;
    let mut at = 0;
    for one in 0..stacks.len() {
        for other in one + 1..stacks.len() {
            for next in [one, other, one] {
                go(at, next).await;
                at = next;
            }
        }
    }
}

fn with_pool(pool: &Value) -> Value {
    json!({"stack": "cycle", "userPools": {"p": pool}})
}

fn both(mut one: Value, other: &Value) -> Value {
    lay_over(&mut one, other);
    one
}

#[tokio::test(start_paused = true)]
async fn second_factors_come_and_go_in_every_direction() {
    let token = || json!({"softwareTokenMfaConfiguration": {"enabled": true}});
    let sms = || both(json!({"smsMfaConfiguration": {}}), &by_sns());
    let email = || both(json!({"emailMfaConfiguration": {}}), &by_ses());
    let pools = [
        json!({}),
        both(json!({"mfaConfiguration": "OPTIONAL"}), &token()),
        both(json!({"mfaConfiguration": "ON"}), &both(token(), &sms())),
        both(json!({"mfaConfiguration": "OPTIONAL"}), &both(sms(), &email())),
        both(json!({"mfaConfiguration": "ON", "webAuthnConfiguration": {"userVerification": "required"}}), &email()),
        both(json!({"autoVerifiedAttributes": ["phone_number"]}), &by_sns()),
    ];
    from_each_to_each(&pools.map(|pool| with_pool(&pool)), &Options::default()).await;
}

#[tokio::test(start_paused = true)]
async fn tiers_go_up_and_down_with_what_they_offer() {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:claims";
    let offered = json!({
        "policies": {
            "signInPolicy": {"allowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]},
            "passwordPolicy": {"requireLowercase": true, "requireUppercase": true, "requireNumbers": true,
                "requireSymbols": true, "passwordHistorySize": 3},
        },
        "triggerPermissions": "ignore",
        "triggers": {"preTokenGenerationConfig": {"lambdaVersion": "V2_0", "lambdaArn": arn}},
        "mfaConfiguration": "OPTIONAL",
        "emailMfaConfiguration": {},
    });
    let offered = both(offered, &by_ses());
    let add_ons = json!({"userPoolTier": "PLUS", "userPoolAddOns": {"advancedSecurityMode": "ENFORCED",
        "advancedSecurityAdditionalFlows": {"customAuthMode": "AUDIT"}}});
    let pools =
        [json!({"userPoolTier": "LITE", "triggerPermissions": "ignore"}), offered.clone(), both(offered, &add_ons)];
    from_each_to_each(&pools.map(|pool| with_pool(&pool)), &Options::default()).await;
}

#[tokio::test(start_paused = true)]
async fn remembered_devices_are_switched_on_and_off() {
    let pools = [
        json!({}),
        json!({"deviceConfiguration": {}}),
        json!({"deviceConfiguration": {"challengeRequiredOnNewDevice": true, "deviceOnlyRememberedOnUserPrompt": true}}),
    ];
    from_each_to_each(&pools.map(|pool| with_pool(&pool)), &Options::default()).await;
}

/// A stack with two functions and these triggers.
fn with_triggers(pool: &Value) -> Value {
    let function = |code: &str| json!({"runtime": "python3.13", "handler": "index.handler", "code": format!("./code/{code}"), "role": role("lambda")});
    json!({"stack": "cycle", "functions": {"one": function("one"), "two": function("two")}, "userPools": {"p": pool}})
}

#[tokio::test(start_paused = true)]
async fn permissions_come_and_go_with_triggers() {
    let (one, two) = ("${functions.one.arn}", "${functions.two.arn}");
    let pools = [
        json!({}),
        json!({"triggers": {"preSignUp": one}}),
        json!({"triggers": {"preSignUp": two, "postConfirmation": one}}),
        json!({"triggers": {"preTokenGeneration": two}}),
    ];
    from_each_to_each(&pools.map(|pool| with_triggers(&pool)), &Options::default()).await;
}

#[tokio::test(start_paused = true)]
async fn permissions_of_others_are_left_alone() {
    let lab = lab();
    let triggers = json!({"triggers": {"preSignUp": "${functions.one.arn}"}});
    let ignore = json!({"triggerPermissions": "ignore"});
    let managed = with_triggers(&triggers).to_string();
    lab.apply(&managed).await;
    let statements = |lab: &Lab| lab.inventory().iter().filter(|line| line.ends_with("statement")).count();
    assert_eq!(statements(&lab), 1);
    let ignoring = with_triggers(&both(triggers, &ignore)).to_string();
    lab.calls();
    lab.apply(&ignoring).await;
    assert_eq!(writes(&lab.calls()), ["TagResource"], "it is only noted");
    lab.expect_no_changes(&ignoring).await;
    lab.apply(&with_triggers(&ignore).to_string()).await;
    assert_eq!(statements(&lab), 1);
}

/// The older way to write it is the same to AWS.
#[tokio::test(start_paused = true)]
async fn the_token_trigger_is_one_thing_in_both_spellings() {
    let lab = lab();
    let arn = "${functions.one.arn}";
    lab.apply(&with_triggers(&json!({"triggers": {"preTokenGeneration": arn}})).to_string()).await;
    let config = json!({"triggers": {"preTokenGenerationConfig": {"lambdaVersion": "V1_0", "lambdaArn": arn}}});
    lab.expect_no_changes(&with_triggers(&config).to_string()).await;
}

#[tokio::test(start_paused = true)]
async fn a_provider_of_another_type_is_made_anew_and_only_if_it_may_be() {
    let oidc = json!({"providerType": "OIDC", "acrMapping": {"Level1": "one"}, "providerDetails": {"client_id": "id",
        "authorize_scopes": "openid", "attributes_request_method": "GET", "oidc_issuer": "https://okta.example.com"}});
    let saml = json!({"providerType": "SAML", "providerDetails": {"MetadataURL": "https://saml.example.com/m",
        "RequestSigningAlgorithm": "rsa-sha256"}});
    let stack = |provider: &Value| with_pool(&json!({"identityProviders": {"Corp": provider}}));
    let lab = lab();
    lab.apply(&stack(&oidc).to_string()).await;
    let plan = lab.plan(&stack(&saml).to_string()).await.expect("a plan");
    assert!(plan.is_blocked(), "{}", show_plan(&plan));
    let fresh = self::lab();
    let replace = Options { replace: vec![address("userPools.p.identityProviders.Corp")], ..Options::default() };
    lab.apply_with(&stack(&saml).to_string(), replace).await;
    lab.expect_no_changes(&stack(&saml).to_string()).await;
    fresh.apply(&stack(&saml).to_string()).await;
    assert!(anonymous(&lab) == anonymous(&fresh), "{}", told(&anonymous(&fresh), &anonymous(&lab)));
}

fn with_identity_pool(pool: &Value) -> Value {
    let common =
        json!({"supportedLoginProviders": {"accounts.google.com": "app"}, "roles": {"authenticated": role("one")}});
    json!({"stack": "cycle", "identityPools": {"i": both(common, pool)}})
}

#[tokio::test(start_paused = true)]
async fn role_mappings_change_their_type() {
    let of = |mapping: Value| json!({"roleMappings": {"accounts.google.com": mapping}});
    let rule = |value: &str| json!({"claim": "role", "matchType": "Equals", "value": value, "roleArn": role("admin")});
    let rules = |rules: Value| json!({"type": "Rules", "ambiguousRoleResolution": "Deny", "rulesConfiguration": {"rules": rules}});
    let pools = [
        json!({}),
        of(json!({"type": "Token", "ambiguousRoleResolution": "Deny"})),
        of(rules(json!([rule("one"), rule("two")]))),
        of(rules(json!([rule("two"), rule("one")]))),
    ];
    from_each_to_each(&pools.map(|pool| with_identity_pool(&pool)), &Options::default()).await;
}

#[tokio::test(start_paused = true)]
async fn principal_tags_are_awss_or_ones_own_or_none() {
    let of = |map: Value| json!({"principalTags": {"accounts.google.com": map}});
    let pools = [
        of(json!({"useDefaults": true})),
        of(json!({"principalTags": {"department": "dept", "team": "team"}})),
        of(json!({"principalTags": {"username": "sub", "client": "aud"}})),
    ];
    from_each_to_each(&pools.map(|pool| with_identity_pool(&pool)), &Options::default()).await;
}

#[tokio::test(start_paused = true)]
async fn a_functions_code_is_what_the_folder_says() {
    let lab = lab();
    let stack = |code: &str| {
        json!({"stack": "cycle", "functions": {"f": {"runtime": "python3.13", "handler": "index.handler",
            "code": format!("./code/{code}"), "role": role("lambda")}}})
        .to_string()
    };
    lab.apply(&stack("one")).await;
    let (first, made) = (state(&lab), lab.calls());
    let zip =
        made.iter().find(|call| call.operation == "CreateFunction").expect("it was made").input["Code"]["ZipFile"]
            .clone();
    let shows_code = |plan: &Plan| {
        let items: Vec<_> = plan.items.iter().filter(|item| item.action != Action::Keep).collect();
        matches!(items.as_slice(), [item] if item.changes.len() == 1 && item.changes[0].path.to_string() == "code")
    };
    let plan = lab.plan(&stack("two")).await.expect("a plan");
    assert!(shows_code(&plan), "{}", show_plan(&plan));
    lab.apply(&stack("two")).await;
    lab.expect_no_changes(&stack("two")).await;
    let second = state(&lab);
    let differing = super::footprint::differing(&first, &second);
    assert!(
        differing.iter().all(|path| path.last().is_some_and(|member| member.starts_with("Code"))),
        "{}",
        told(&first, &second)
    );
    lab.sandbox.clock().advance(std::time::Duration::from_mins(1));
    lambda(&lab, "PUT", "/2015-03-31/functions/cycle-f/code", &json!({"ZipFile": zip})).await.expect("it is taken");
    lab.sandbox.clock().advance(std::time::Duration::from_mins(1));
    let plan = lab.plan(&stack("two")).await.expect("a plan");
    assert!(shows_code(&plan), "{}", show_plan(&plan));
    lab.apply(&stack("two")).await;
    assert!(state(&lab) == second, "{}", told(&second, &state(&lab)));
}

/// The id of the one user pool.
fn pool_id(lab: &Lab) -> String {
    lab.sandbox.look(|state| {
        let regions = state.accounts.values().flat_map(BTreeMap::values);
        regions.flat_map(|region| region.user_pools.keys()).next().expect("a pool").clone()
    })
}

#[tokio::test(start_paused = true)]
async fn what_is_not_to_be_compared_is_left_while_the_rest_is_corrected() {
    let lab = lab();
    let ignore = json!({"ignoreChanges": ["smsAuthenticationMessage", "tags.team", "groups.admins.description"]});
    let pool = json!({"name": "Pool", "smsAuthenticationMessage": "Your code is {####}", "tags": {"team": "one", "app": "shop"},
        "groups": {"admins": {"description": "One", "precedence": 1}}});
    let file = with_pool(&both(pool.clone(), &ignore));
    lab.apply(&file.to_string()).await;
    lab.expect_no_changes(&file.to_string()).await;
    let other = json!({"smsAuthenticationMessage": "{####} is your code", "tags": {"team": "two"},
        "groups": {"admins": {"description": "Two"}}});
    let changed = with_pool(&both(pool.clone(), &other));
    for (at, property) in [
        ("userPools.p", "smsAuthenticationMessage"),
        ("userPools.p", "tags.team"),
        ("userPools.p.groups.admins", "description"),
    ] {
        super::hand::set(&lab, &changed, &address(at), property).await.expect("it is taken");
    }
    lab.expect_no_changes(&file.to_string()).await;
    let before = state(&lab);
    // The whole is sent, and what is ignored with the value that is live.
    let renamed = both(file, &json!({"userPools": {"p": {"name": "Other", "groups": {"admins": {"precedence": 2}}}}}));
    lab.apply(&renamed.to_string()).await;
    lab.expect_no_changes(&renamed.to_string()).await;
    let differing = super::footprint::differing(&before, &state(&lab));
    let members: Vec<&str> = differing.iter().filter_map(|path| path.last()).map(String::as_str).collect();
    assert_eq!(members, ["Name", "Precedence"], "{}", told(&before, &state(&lab)));
}

#[tokio::test(start_paused = true)]
async fn children_of_other_hands_are_told_of_or_not() {
    let lab = lab();
    lab.apply(&with_pool(&json!({})).to_string()).await;
    let group = json!({"UserPoolId": pool_id(&lab), "GroupName": "theirs"});
    call(&lab, Service::UserPools, "CreateGroup", &group).await.expect("it is made");
    let before = state(&lab);
    let plan = lab.plan(&with_pool(&json!({})).to_string()).await.expect("a plan");
    let told_of: Vec<String> = plan.unmanaged.iter().map(|child| child.address.to_string()).collect();
    assert_eq!((told_of, plan.has_changes()), (vec!["userPools.p.groups.theirs".to_owned()], false));
    let ignore = with_pool(&json!({"unmanaged": "ignore"})).to_string();
    lab.expect_no_changes(&ignore).await;
    lab.apply(&ignore).await;
    assert!(state(&lab) == before, "{}", told(&before, &state(&lab)));
}
