//! A plan that does without secrets which are not given: what needs one is not compared, and said.

use std::collections::BTreeMap;

use poolkeeper::plan::work::Options;
use poolkeeper::plan::{Action, Cause, Plan};
use poolkeeper::stack::{Inputs, Stack};

use crate::lab::{Lab, show_plan, told};

const TEXT: &str = r#"
stack: shop
variables:
  google: {secret: true, default: "${env:GOOGLE}"}
  role: {secret: true}
functions:
  hook:
    runtime: java21
    handler: i.h
    code: ./code
    role: ${var.role}
    timeout: 3
    environment: {TOKEN: "${env:TOKEN}", PLAIN: plain}
userPools:
  main:
    schema: [{name: email, required: true, mutable: true}]
    identityProviders:
      Google:
        providerDetails: {client_id: id, client_secret: "${var.google}", authorize_scopes: openid}
        attributeMapping: {email: email}
    clients:
      web:
        supportedIdentityProviders: [Google]
        callbackUrls: ["https://a.example/${var.role}", "https://b.example"]
        allowedOAuthFlowsUserPoolClient: true
        allowedOAuthFlows: [code]
        allowedOAuthScopes: [openid]
"#;

fn given() -> Inputs {
    let role = "arn:aws:iam::123456789012:role/hook";
    Inputs {
        process: BTreeMap::from([("GOOGLE".to_owned(), "geheim-1".to_owned()), ("TOKEN".into(), "geheim-2".into())]),
        variables: BTreeMap::from([("role".to_owned(), role.to_owned())]),
        ..Inputs::default()
    }
}

fn load(lab: &Lab, text: &str, inputs: &Inputs) -> Stack {
    lab.load_with(text, inputs).unwrap_or_else(|diagnostics| panic!("{}", told(&diagnostics)))
}

async fn without(lab: &Lab, text: &str) -> Plan {
    let stack = load(lab, text, &Inputs { without_secrets: true, ..Inputs::default() });
    let survey = lab.survey_stack(stack, &Options::default()).await.expect("a plan");
    survey.2.planned.plan
}

async fn applied() -> Lab {
    let lab = Lab::new();
    lab.file("code/i.class", "x");
    let stack = load(&lab, TEXT, &given());
    let (aws, stack, survey) = lab.survey_stack(stack, &Options::default()).await.expect("a plan");
    let cancel = tokio_util::sync::CancellationToken::new();
    let done = poolkeeper::engine::execute(&aws, &stack, survey.planned, survey.packages, cancel).await;
    assert!(done.report.is_complete(), "{:?}", done.report);
    lab
}

#[tokio::test(start_paused = true)]
async fn what_needs_a_secret_that_is_not_given_is_not_compared() {
    let lab = applied().await;
    let plan = without(&lab, TEXT).await;
    assert!(!plan.has_changes(), "{}", show_plan(&plan));
    let pool = "userPools.main";
    let expected = format!(
        "not compared, since their secrets were not given: functions.hook.environment.TOKEN, functions.hook.role, \
         {pool}.identityProviders.Google.providerDetails.client_secret, {pool}.clients.web.callbackUrls"
    );
    let told: Vec<&String> = plan.notes.iter().filter(|note| note.contains("secret")).collect();
    assert_eq!(told, [&expected]);

    // All of them are compared where they are given.
    let other = Inputs { process: [("GOOGLE".into(), "other".into()), ("TOKEN".into(), "t".into())].into(), ..given() };
    let (.., survey) = lab.survey_stack(load(&lab, TEXT, &other), &Options::default()).await.expect("a plan");
    let changed: Vec<String> = survey
        .planned
        .plan
        .items
        .iter()
        .flat_map(|item| item.changes.iter().map(|change| item.address.join(&change.path).to_string()))
        .collect();
    assert_eq!(
        changed,
        ["functions.hook.environment.TOKEN", "userPools.main.identityProviders.Google.providerDetails.client_secret"]
    );
}

#[tokio::test(start_paused = true)]
async fn other_differences_of_the_same_resource_still_show() {
    let lab = applied().await;
    let text = TEXT
        .replace("authorize_scopes: openid", "authorize_scopes: openid email")
        .replace("PLAIN: plain", "PLAIN: other")
        .replace("timeout: 3", "timeout: 4")
        .replace("allowedOAuthScopes: [openid]", "allowedOAuthScopes: [openid, email]");
    let plan = without(&lab, &text).await;
    let changed: Vec<String> = plan
        .items
        .iter()
        .flat_map(|item| item.changes.iter().map(|change| item.address.join(&change.path).to_string()))
        .collect();
    assert_eq!(
        changed,
        [
            "functions.hook.timeout",
            "functions.hook.environment.PLAIN",
            "userPools.main.identityProviders.Google.providerDetails.authorize_scopes",
            "userPools.main.clients.web.allowedOAuthScopes",
        ]
    );
    assert!(!plan.is_blocked(), "{}", show_plan(&plan));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_live_shows_that_there_is_a_secret() {
    let lab = Lab::new();
    lab.file("code/i.class", "x");
    let text = TEXT.replace("    schema:", "    triggers: {preSignUp: \"${var.role}\"}\n    schema:");
    let plan = without(&lab, &text).await;
    assert_eq!(plan.count(Action::Create), 4, "{}", show_plan(&plan));
    let hidden: Vec<String> = plan
        .items
        .iter()
        .flat_map(|item| item.changes.iter().filter(|change| change.secret).map(|change| change.path.to_string()))
        .collect();
    assert_eq!(
        hidden,
        [
            "role",
            "environment.TOKEN",
            "environment.PLAIN",
            "triggers.preSignUp",
            "providerDetails.client_secret",
            "callbackUrls"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn what_somebody_changed_is_drift_where_a_number_is_not_given() {
    let lab = Lab::new();
    let text = "stack: shop\nvariables:\n  minutes: {secret: true}\nuserPools:\n  main:\n    userPoolTier: PLUS\n    \
                clients: {web: {authSessionValidity: \"${var.minutes}\", callbackUrls: [\"https://a.example/\"]}}\n";
    let minutes = Inputs { variables: [("minutes".to_owned(), "5".to_owned())].into(), ..Inputs::default() };
    let options = Options::default();
    let (aws, stack, survey) = lab.survey_stack(load(&lab, text, &minutes), &options).await.expect("a plan");
    let cancel = tokio_util::sync::CancellationToken::new();
    let done = poolkeeper::engine::execute(&aws, &stack, survey.planned, survey.packages, cancel).await;
    assert!(done.report.is_complete(), "{:?}", done.report);
    let (_, _, survey) = lab.survey_stack(load(&lab, text, &minutes), &options).await.expect("a plan");
    assert!(!survey.planned.plan.has_changes());
    lab.sandbox.meddle(|state| {
        let regions = state.accounts.values_mut().flat_map(BTreeMap::values_mut);
        let pools = regions.flat_map(|region| region.user_pools.values_mut());
        for client in pools.flat_map(|pool| pool.clients.values_mut()) {
            client.body.insert("CallbackURLs".to_owned(), serde_json::json!(["https://elsewhere.example/"]));
        }
    });
    let plan = without(&lab, text).await;
    let causes: Vec<Option<Cause>> = plan.items.iter().filter_map(|item| item.cause.map(Some)).collect();
    assert_eq!(causes, [Some(Cause::Drift)], "{}", show_plan(&plan));
}
