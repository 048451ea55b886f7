//! Plans and the order of their steps, from stack files and made-up answers of AWS.

use std::collections::BTreeMap;
use std::path::Path as FilePath;

use serde_json::{Value, json};

use super::build::build;
use super::graph::{Job, steps};
use super::ledger::{SoFar, wanted};
use super::work::{Options, Planned};
use super::{Action, Item};
use crate::kind::Kind;
use crate::live::Place;
use crate::live::{self, Live, Permission, Root, Snapshot};
use crate::ownership::{self, APPLIED, Claimed, Ledger, Tags};
use crate::path::Path;
use crate::stack::{Inputs, Stack, load::load_text};

const FUNCTION: &str = "arn:aws:lambda:eu-west-1:123456789012:function:confirm";

const STACK: &str = r#"
stack: shop
userPools:
  customers:
    name: Shop
    triggers: {preSignUp: "arn:aws:lambda:eu-west-1:123456789012:function:confirm"}
    mfaConfiguration: OPTIONAL
    softwareTokenMfaConfiguration: {enabled: true}
    domains:
      shop-login: {}
    identityProviders:
      Partner:
        providerType: SAML
        providerDetails: {MetadataURL: "https://partner.example.com/metadata"}
    resourceServers:
      orders:
        scopes: [{scopeName: read, scopeDescription: Read}]
    groups:
      staff: {precedence: 1}
    clients:
      web:
        allowedOAuthFlowsUserPoolClient: true
        allowedOAuthFlows: [code]
        allowedOAuthScopes: [openid, orders/read]
        callbackUrls: [https://shop.example.com/]
        supportedIdentityProviders: [COGNITO, Partner]
identityPools:
  app:
    cognitoIdentityProviders:
      - {providerName: "${userPools.customers.providerName}", clientId: "${userPools.customers.clients.web.id}"}
"#;

fn place() -> Place {
    Place { region: "eu-west-1".into(), account: "123456789012".into(), partition: "aws".into() }
}

fn stack(text: &str) -> Stack {
    let loaded = load_text(FilePath::new("shop.yaml"), text, &Inputs::default(), &|name| Err(format!("no {name}")));
    loaded.stack.unwrap_or_else(|found| panic!("{found:?}"))
}

fn child(kind: Kind, key: &str, id: &str, body: Value) -> Live {
    let mut live = Live::read(kind, key, id, body).expect("a body");
    live.attributes = live::attributes(&live, &place());
    live
}

/// The pool of [`STACK`] as it is after an apply.
fn pool() -> Root {
    let mut tags = ownership::marks("shop", "userPools.customers");
    let children = vec![
        child(Kind::Domain, "shop-login", "shop-login", json!({"Domain": "shop-login", "ManagedLoginVersion": 1})),
        child(
            Kind::IdentityProvider,
            "Partner",
            "Partner",
            json!({"ProviderType": "SAML",
            "ProviderDetails": {"MetadataURL": "https://partner.example.com/metadata", "SLORedirectBindingURI": "x"}}),
        ),
        child(
            Kind::ResourceServer,
            "orders",
            "orders",
            json!({"Name": "orders",
            "Scopes": [{"ScopeName": "read", "ScopeDescription": "Read"}]}),
        ),
        child(Kind::Group, "staff", "staff", json!({"GroupName": "staff", "Precedence": 1})),
        child(
            Kind::Client,
            "web",
            "webid1",
            json!({"ClientName": "web", "AllowedOAuthFlowsUserPoolClient": true,
            "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid", "orders/read"],
            "CallbackURLs": ["https://shop.example.com/"], "SupportedIdentityProviders": ["COGNITO", "Partner"]}),
        ),
    ];
    let mut ledger = Ledger::default();
    for child in &children {
        ledger.claim(Claimed::Child(child.kind, &child.key));
    }
    tags.extend(ledger.tags());
    let body = json!({"Id": "eu-west-1_shop", "Name": "Shop", "Arn": "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_shop",
        "Domain": "shop-login", "UserPoolTags": tags, "LambdaConfig": {"PreSignUp": FUNCTION}, "EstimatedNumberOfUsers": 3});
    let mut live = child(Kind::UserPool, "Shop", "eu-west-1_shop", body);
    live.second = json!({"MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": {"Enabled": true}});
    crate::calls::user_pool::set_whole_spec(&mut live).expect("a spec");
    let permissions = BTreeMap::from([(FUNCTION.to_owned(), Permission { allowed: true, ours: true })]);
    Root { live, owned: true, children, ledger, permissions }
}

fn identity_pool() -> Root {
    let body = json!({"IdentityPoolName": "shop-app", "AllowUnauthenticatedIdentities": false,
        "IdentityPoolTags": ownership::marks("shop", "identityPools.app"),
        "CognitoIdentityProviders": [{"ProviderName": "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_shop",
            "ClientId": "webid1", "ServerSideTokenCheck": false}]});
    let live = child(Kind::IdentityPool, "shop-app", "eu-west-1:app", body);
    Root { live, owned: true, children: Vec::new(), ledger: Ledger::default(), permissions: BTreeMap::new() }
}

/// [`STACK`] as it is after an apply, with what was applied in the ledgers.
fn applied() -> Snapshot {
    let roots = [("userPools.customers", pool()), ("identityPools.app", identity_pool())];
    let roots = roots.into_iter().map(|(address, root)| (address.parse().expect("an address"), root)).collect();
    let mut snapshot = Snapshot { roots, ..Snapshot::default() };
    let (stack, planned) = plan(STACK, &snapshot, &Options::default());
    let digest = |number: usize| planned.work[number].digest.clone();
    let so_far = SoFar { digest: &digest, hidden: &|_| None, is_gone: &|_, _| false, function: &str::to_owned };
    for (number, item) in planned.plan.items.iter().enumerate() {
        if let Some(root) = snapshot.roots.get_mut(&item.address) {
            remember(root, wanted(&stack, &planned, number, &root.ledger, 0, &so_far));
        }
    }
    snapshot
}

fn remember(root: &mut Root, ledger: Ledger) {
    root.live.tags.retain(|tag, _| !tag.starts_with(APPLIED));
    root.live.tags.extend(ledger.tags());
    root.ledger = ledger;
}

fn plan(text: &str, snapshot: &Snapshot, options: &Options) -> (Stack, Planned) {
    let stack = stack(text);
    let planned = build(&stack, snapshot, &place(), options);
    (stack, planned)
}

fn item<'a>(planned: &'a Planned, address: &str) -> &'a Item {
    let address: Path = address.parse().expect("an address");
    planned.plan.items.iter().find(|item| item.address == address).unwrap_or_else(|| panic!("no {address}"))
}

/// The steps in words, in their order: `make userPools.customers`.
fn order(stack: &Stack, planned: &Planned) -> Vec<String> {
    let steps = steps(stack, planned);
    for (place, step) in steps.iter().enumerate() {
        assert!(step.needs.iter().chain(&step.after).all(|on| *on < place), "{step:?} stands before what it waits for");
    }
    let word = |job| match job {
        Job::Claim => "claim",
        Job::Clear => "clear",
        Job::Make => "make",
        Job::Finish => "finish",
        Job::Delete => "delete",
        Job::Record => "record",
        Job::Release => "release",
    };
    steps.iter().map(|step| format!("{} {}", word(step.job), planned.plan.items[step.item].address)).collect()
}

#[track_caller]
fn assert_order(order: &[String], pairs: &[(&str, &str)]) {
    let place =
        |step: &str| order.iter().position(|other| other == step).unwrap_or_else(|| panic!("no {step} in {order:#?}"));
    for (first, then) in pairs {
        assert!(place(first) < place(then), "{first} must come before {then}: {order:#?}");
    }
}

#[test]
fn what_is_as_declared_has_no_step() {
    let (stack, planned) = plan(STACK, &applied(), &Options::default());
    let changed: Vec<String> = planned
        .plan
        .items
        .iter()
        .filter(|item| item.action != Action::Keep)
        .map(|item| item.address.to_string())
        .collect();
    assert_eq!(changed, [""; 0]);
    assert_eq!(steps(&stack, &planned), []);
}

#[test]
fn everything_is_made_after_what_it_rests_on() {
    let (stack, planned) = plan(STACK, &Snapshot::default(), &Options::default());
    let permission = format!("make userPools.customers.triggerPermissions[\"{FUNCTION}\"]");
    assert_order(
        &order(&stack, &planned),
        &[
            ("make userPools.customers", &permission),
            (&permission, "finish userPools.customers"),
            ("make userPools.customers", "make userPools.customers.domains.shop-login"),
            ("make userPools.customers.identityProviders.Partner", "make userPools.customers.clients.web"),
            ("make userPools.customers.resourceServers.orders", "make userPools.customers.clients.web"),
            ("make userPools.customers.clients.web", "make identityPools.app"),
        ],
    );
}

#[test]
fn a_provider_or_scope_goes_only_when_no_client_names_it() {
    let text = STACK
        .replace("[openid, orders/read]", "[openid]")
        .replace("[COGNITO, Partner]", "[COGNITO]")
        .replace("      Partner:\n        providerType: SAML\n        providerDetails: {MetadataURL: \"https://partner.example.com/metadata\"}\n", "")
        .replace("    identityProviders:\n", "")
        .replace("    resourceServers:\n      orders:\n        scopes: [{scopeName: read, scopeDescription: Read}]\n", "");
    let (stack, planned) = plan(&text, &applied(), &Options::default());
    assert_order(
        &order(&stack, &planned),
        &[
            ("make userPools.customers.clients.web", "delete userPools.customers.identityProviders.Partner"),
            ("make userPools.customers.clients.web", "delete userPools.customers.resourceServers.orders"),
            ("delete userPools.customers.identityProviders.Partner", "record userPools.customers"),
        ],
    );
}

#[test]
fn a_renamed_scope_is_added_before_the_client_and_taken_off_after_it() {
    let text = STACK.replace("scopeName: read,", "scopeName: write,").replace("orders/read", "orders/write");
    let (stack, planned) = plan(&text, &applied(), &Options::default());
    assert_order(
        &order(&stack, &planned),
        &[
            ("make userPools.customers.resourceServers.orders", "make userPools.customers.clients.web"),
            ("make userPools.customers.clients.web", "finish userPools.customers.resourceServers.orders"),
        ],
    );
}

#[test]
fn a_trigger_is_taken_off_before_its_permission_goes() {
    let text =
        STACK.replace("    triggers: {preSignUp: \"arn:aws:lambda:eu-west-1:123456789012:function:confirm\"}\n", "");
    let (stack, planned) = plan(&text, &applied(), &Options::default());
    let delete = format!("delete userPools.customers.triggerPermissions[\"{FUNCTION}\"]");
    assert_order(&order(&stack, &planned), &[("make userPools.customers", &delete)]);
}

#[test]
fn a_claim_is_written_before_the_child_is_made() {
    let text = STACK.replace("    groups:\n", "    groups:\n      admins: {}\n");
    let (stack, planned) = plan(&text, &applied(), &Options::default());
    assert_order(
        &order(&stack, &planned),
        &[
            ("claim userPools.customers", "make userPools.customers.groups.admins"),
            ("make userPools.customers.groups.admins", "record userPools.customers"),
        ],
    );
}

#[test]
fn a_domain_of_the_same_kind_goes_before_the_new_one_comes() {
    let text = STACK.replace("shop-login: {}", "shop-signin: {}");
    let (stack, planned) = plan(&text, &applied(), &Options::default());
    let domains = "userPools.customers.domains";
    assert_order(
        &order(&stack, &planned),
        &[(&format!("delete {domains}.shop-login"), &format!("make {domains}.shop-signin"))],
    );
}

#[test]
fn children_let_go_of_the_tier_before_it_goes_down_and_wait_for_it_to_go_up() {
    let mut snapshot = applied();
    let address: Path = "userPools.customers".parse().expect("an address");
    let root = snapshot.roots.get_mut(&address).expect("the pool");
    root.children[0].spec["managedLoginVersion"] = json!(2);
    let lower = STACK.replace("    name: Shop\n", "    name: Shop\n    userPoolTier: LITE\n");
    let (stack, planned) = plan(&lower, &snapshot, &Options::default());
    let domain = "make userPools.customers.domains.shop-login";
    assert_order(&order(&stack, &planned), &[(domain, "finish userPools.customers")]);

    let mut snapshot = applied();
    snapshot.roots.get_mut(&address).expect("the pool").live.spec["userPoolTier"] = json!("LITE");
    let higher = STACK.replace("shop-login: {}", "shop-login: {managedLoginVersion: 2}");
    let (stack, planned) = plan(&higher, &snapshot, &Options::default());
    assert_order(&order(&stack, &planned), &[("make userPools.customers", domain)]);
}

#[test]
fn a_tier_goes_down_while_providers_go_and_clients_come_and_change() {
    let lower = STACK.replace("    name: Shop\n", "    name: Shop\n    userPoolTier: LITE\n");
    let lower = lower.replace("      Partner:\n", "      Corp:\n").replace(
        "[COGNITO, Partner]\n",
        "[COGNITO, \"${userPools.customers.identityProviders.Corp.name}\"]\n      app: {}\n",
    );
    let (stack, planned) = plan(&lower, &applied(), &Options::default());
    assert!(!planned.plan.is_blocked());
    let (pool, children) = ("userPools.customers", "make userPools.customers");
    let (provider, client) = (format!("{children}.identityProviders.Corp"), format!("{children}.clients.web"));
    let gone = format!("delete {pool}.identityProviders.Partner");
    let (make, finish) = (format!("make {pool}"), format!("finish {pool}"));
    assert_order(
        &order(&stack, &planned),
        &[
            (&make, &provider),
            (&provider, &client),
            (&client, &gone),
            (&format!("{children}.clients.app"), &finish),
            (&gone, &finish),
        ],
    );
}

#[test]
fn a_pool_is_deleted_only_by_name_and_after_its_domain_and_its_identity_pool() {
    let options = Options { destroy: true, ..Options::default() };
    let (_, planned) = plan(STACK, &applied(), &options);
    assert!(planned.plan.is_blocked());
    assert!(item(&planned, "userPools.customers").blocked[0].contains("--allow-delete userPools.customers"));
    assert!(item(&planned, "userPools.customers").warnings[0].starts_with("3 users"));

    let allow_delete = ["userPools.customers", "identityPools.app"].map(|address| address.parse().expect("an address"));
    let (stack, planned) = plan(STACK, &applied(), &Options { allow_delete: allow_delete.into(), ..options.clone() });
    assert!(!planned.plan.is_blocked());
    let order = order(&stack, &planned);
    assert_order(
        &order,
        &[
            ("delete userPools.customers.domains.shop-login", "delete userPools.customers"),
            ("delete identityPools.app", "delete userPools.customers"),
        ],
    );
    assert!(!order.iter().any(|step| step.contains("clients")), "a client goes with its pool: {order:#?}");

    let mut protected = applied();
    for root in protected.roots.values_mut() {
        root.live.body["DeletionProtection"] = json!("ACTIVE");
    }
    let allow_delete = vec!["userPools.customers".parse().expect("an address")];
    let (_, planned) = plan(STACK, &protected, &Options { allow_delete, ..options });
    assert!(item(&planned, "userPools.customers").blocked[0].contains("deletion protection"));
}

#[test]
fn what_aws_cannot_change_is_blocked_with_the_way_out() {
    let text = STACK.replace(
        "    name: Shop\n",
        "    name: Shop\n    usernameAttributes: [email]\n    schema: [{name: nickname, mutable: false}]\n",
    );
    let (_, planned) = plan(&text, &applied(), &Options::default());
    let blocked = &item(&planned, "userPools.customers").blocked;
    assert_eq!(blocked.len(), 2, "{blocked:#?}");
    assert!(blocked.iter().all(|why| why.contains("never replaced")), "{blocked:#?}");

    let group = STACK.replace("staff: {precedence: 1}", "staff: {}");
    let (_, planned) = plan(&group, &applied(), &Options::default());
    let address = "userPools.customers.groups.staff";
    assert!(item(&planned, address).blocked[0].contains(&format!("--replace {address}")));
    let replace = vec![address.parse().expect("an address")];
    let (stack, planned) = plan(&group, &applied(), &Options { replace, ..Options::default() });
    assert_eq!(item(&planned, address).action, Action::Replace);
    assert_order(&order(&stack, &planned), &[(&format!("clear {address}"), &format!("make {address}"))]);
}

#[test]
fn a_standard_attribute_that_is_live_otherwise_is_blocked_whatever_aws_makes_by_itself() {
    let live = |mutable: bool, required: bool| {
        let mut snapshot = applied();
        for root in snapshot.roots.values_mut().filter(|root| root.live.kind == Kind::UserPool) {
            let schema =
                json!({"schema": [{"name": "sub"}, {"name": "name", "mutable": mutable, "required": required}]});
            let spec = Kind::UserPool.canonical(&schema).expect("a spec");
            root.live.spec["schema"] = spec["schema"].clone();
        }
        snapshot
    };
    for declared in ["{name: name}", "{name: name, mutable: true}", "{name: name, required: false}"] {
        let text = STACK.replace("    name: Shop\n", &format!("    name: Shop\n    schema: [{declared}]\n"));
        for (mutable, required, expected) in
            [(true, false, Action::Keep), (false, false, Action::Blocked), (true, true, Action::Blocked)]
        {
            let (_, planned) = plan(&text, &live(mutable, required), &Options::default());
            assert_eq!(item(&planned, "userPools.customers").action, expected, "{declared} {mutable} {required}");
        }
    }
    let (_, planned) = plan(STACK, &live(false, true), &Options::default());
    assert_eq!(
        item(&planned, "userPools.customers").action,
        Action::Keep,
        "what the file does not declare is not compared"
    );
}

#[test]
fn a_custom_attribute_is_added_and_never_changed_or_removed() {
    let text = STACK.replace(
        "    name: Shop\n",
        "    name: Shop\n    schema: [{name: 'custom:plan', attributeDataType: String}]\n",
    );
    let (_, planned) = plan(&text, &applied(), &Options::default());
    assert_eq!(item(&planned, "userPools.customers").action, Action::Update);

    let mut snapshot = applied();
    for root in snapshot.roots.values_mut().filter(|root| root.live.kind == Kind::UserPool) {
        root.live.spec["schema"] =
            json!([{"name": "custom:plan", "attributeDataType": "Number", "mutable": true, "required": false}]);
    }
    let (_, planned) = plan(&text, &snapshot, &Options::default());
    assert_eq!(item(&planned, "userPools.customers").action, Action::Blocked);
    let (_, planned) = plan(STACK, &snapshot, &Options::default());
    assert_eq!(item(&planned, "userPools.customers").action, Action::Keep, "an attribute only live has is left alone");
}

#[test]
fn what_others_made_is_listed_and_what_we_made_is_deleted() {
    let mut snapshot = applied();
    for root in snapshot.roots.values_mut().filter(|root| root.live.kind == Kind::UserPool) {
        root.children.extend([
            Live::listed(Kind::Client, "rogue", "rogue-id"),
            Live::listed(Kind::Client, "AmazonOpenSearchService-x", "search-id"),
            child(Kind::Group, "eu-west-1_shop_Partner", "eu-west-1_shop_Partner", json!({})),
            child(
                Kind::Group,
                "eu-west-1_shop_Evil",
                "eu-west-1_shop_Evil",
                json!({"RoleArn": "arn:aws:iam::123456789012:role/admin"}),
            ),
        ]);
    }
    let text = STACK.replace("    groups:\n      staff: {precedence: 1}\n", "");
    let (_, planned) = plan(&text, &snapshot, &Options::default());
    let unmanaged: Vec<&str> = planned.plan.unmanaged.iter().map(|child| child.id.as_str()).collect();
    assert_eq!(unmanaged, ["rogue-id", "eu-west-1_shop_Evil"]);
    assert_eq!(item(&planned, "userPools.customers.groups.staff").action, Action::Delete);

    let mut damaged = snapshot;
    damaged.roots.values_mut().for_each(|root| root.ledger = Ledger::read(&Tags::new()));
    let (_, planned) = plan(&text, &damaged, &Options::default());
    assert_eq!(planned.plan.count(Action::Delete), 0, "a lost ledger deletes nothing");
    assert!(planned.plan.unmanaged.iter().any(|child| child.id == "staff"));
}

#[test]
fn a_target_brings_what_it_depends_on_and_nothing_else() {
    let targets = vec!["userPools.customers.clients.web".parse().expect("an address")];
    let (_, planned) = plan(STACK, &Snapshot::default(), &Options { targets, ..Options::default() });
    let mut addresses: Vec<String> = planned.plan.items.iter().map(|item| item.address.to_string()).collect();
    addresses.sort();
    assert_eq!(
        addresses,
        [
            "userPools.customers".to_owned(),
            "userPools.customers.clients.web".to_owned(),
            "userPools.customers.identityProviders.Partner".to_owned(),
            "userPools.customers.resourceServers.orders".to_owned(),
            format!("userPools.customers.triggerPermissions[\"{FUNCTION}\"]"),
        ]
    );
}

/// The pool of [`STACK`] changed by `change`, and the rest of it.
fn applied_with(change: impl Fn(&mut Root)) -> Snapshot {
    let mut snapshot = applied();
    snapshot.roots.values_mut().filter(|root| root.live.kind == Kind::UserPool).for_each(change);
    snapshot
}

#[test]
fn of_two_clients_with_one_name_none_is_deleted() {
    let snapshot = applied_with(|root| root.children.push(Live::listed(Kind::Client, "web", "otherid")));
    let (_, planned) = plan(STACK, &snapshot, &Options::default());
    let blocked = &item(&planned, "userPools.customers.clients.web").blocked;
    assert!(blocked[0].contains("webid1, otherid"), "{blocked:?}");

    let pinned = STACK.replace("      web:\n", "      web:\n        id: webid1\n");
    let (_, planned) = plan(&pinned, &snapshot, &Options::default());
    assert_eq!(planned.plan.count(Action::Delete), 0);
    assert_eq!(planned.plan.unmanaged[0].id, "otherid");
}

#[test]
fn a_permission_stays_with_the_trigger_that_is_ignored() {
    let other = FUNCTION.replace("confirm", "other");
    let text =
        STACK.replace("    name: Shop\n", "    name: Shop\n    ignoreChanges: [triggers]\n").replace(FUNCTION, &other);
    let (_, planned) = plan(&text, &applied(), &Options::default());
    let changed: Vec<&Item> = planned.plan.items.iter().filter(|item| item.action != Action::Keep).collect();
    assert!(changed.is_empty(), "{:?}", changed.iter().map(|item| item.address.to_string()).collect::<Vec<_>>());
}

#[test]
fn a_provider_is_not_replaced_while_a_client_names_it() {
    let address = "userPools.customers.identityProviders.Partner";
    let text = STACK.replace("providerType: SAML", "providerType: OIDC").replace(
        "{MetadataURL: \"https://partner.example.com/metadata\"}",
        "{client_id: a, authorize_scopes: openid, attributes_request_method: GET, oidc_issuer: 'https://partner.example.com'}",
    );
    let replace = vec![address.parse().expect("an address")];
    let (_, planned) = plan(&text, &applied(), &Options { replace, ..Options::default() });
    assert!(item(&planned, address).blocked[0].contains("userPools.customers.clients.web"));
}

#[test]
fn a_domain_that_aws_could_not_set_up_is_not_taken_for_done() {
    let failed = |root: &mut Root| root.children[0].body["Status"] = json!("FAILED");
    let (_, planned) = plan(STACK, &applied_with(failed), &Options::default());
    assert_eq!(item(&planned, "userPools.customers.domains.shop-login").action, Action::Blocked);
}

#[test]
fn a_function_may_know_the_pool_that_it_is_a_trigger_of() {
    let text = format!(
        "{}functions:\n  confirm: {{runtime: python3.13, handler: index.handler, code: ./stacks/lambda-trigger, role: 'arn:aws:iam::123456789012:role/r', \
         environment: {{CLIENT: '${{userPools.customers.clients.new.id}}'}}}}\n",
        STACK
            .replace(&format!("\"{FUNCTION}\""), "'${functions.confirm.arn}'")
            .replace("    clients:\n", "    clients:\n      new: {}\n")
    );
    for snapshot in [Snapshot::default(), applied()] {
        let (stack, planned) = plan(&text, &snapshot, &Options::default());
        assert!(
            !planned.plan.is_blocked(),
            "{:?}",
            planned.plan.items.iter().map(|item| &item.blocked).collect::<Vec<_>>()
        );
        assert_order(
            &order(&stack, &planned),
            &[
                ("make userPools.customers.clients.new", "make functions.confirm"),
                ("make functions.confirm", "make userPools.customers.triggerPermissions[\"functions.confirm\"]"),
                ("make userPools.customers.triggerPermissions[\"functions.confirm\"]", "finish userPools.customers"),
            ],
        );
    }
}

#[test]
fn destroying_a_target_leaves_what_it_lives_in() {
    let targets = vec!["userPools.customers.domains".parse().expect("an address")];
    let (_, planned) = plan(STACK, &applied(), &Options { targets, destroy: true, ..Options::default() });
    let addresses: Vec<String> = planned.plan.items.iter().map(|item| item.address.to_string()).collect();
    assert_eq!(addresses, ["userPools.customers.domains.shop-login"]);
}
