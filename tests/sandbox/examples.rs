//! The example stacks: each file of `stacks/` through its whole life, with the code beside it. What
//! an emulator can show of them besides is in `tests/e2e`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use poolkeeper::engine::{self, Done};
use poolkeeper::kind::Kind;
use poolkeeper::plan::work::Options;
use poolkeeper::plan::{Action, Cause, Plan};
use poolkeeper::stack::{Inputs, Stack, load};
use poolkeeper::survey::Survey;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::cycle::hand;
use crate::fixed_point::hold;
use crate::lab::{Lab, address, show_plan, show_report, told, writes};

/// An example, and a change that somebody else makes to what came of it.
struct Example {
    /// The name of its file, without the ending.
    name: &'static str,
    variables: &'static [(&'static str, &'static str)],
    /// How the file would read if it said what the other one did.
    by_hand: (&'static str, &'static str),
    /// Where that shows: address and path (`POOL` for the id of the user pool), what is live and what is declared.
    drift: (&'static str, &'static str, fn() -> [Value; 2]),
}

const ROLE: &str = "arn:aws:iam::123456789012:role/example";
const FUNCTION: &[(&str, &str)] = &[("lambdaRoleArn", ROLE)];
const PROCESS: [(&str, &str); 3] = [
    ("GOOGLE_CLIENT_ID", "google-id"),
    ("GOOGLE_CLIENT_SECRET", "google-secret"),
    ("OLD_DIRECTORY_KEY", "directory-key"),
];

/// All of them, by name.
const EXAMPLES: &[Example] = &[
    Example {
        name: "amplify-frontend",
        variables: &[],
        by_hand: ("clients:\n      web: {}", "clients:\n      web: {enableTokenRevocation: false}"),
        drift: ("userPools.frontend.clients.web", "enableTokenRevocation", || [json!(false), json!(true)]),
    },
    Example {
        name: "attribute-based-access",
        variables: &[("userRoleArn", ROLE)],
        by_hand: ("principalTags: {team: custom:team}", "principalTags: {team: email}"),
        drift: (
            "identityPools.staff",
            "principalTags[\"cognito-idp.us-east-1.amazonaws.com/POOL\"].principalTags.team",
            || [json!("email"), json!("custom:team")],
        ),
    },
    Example {
        name: "custom-challenge",
        variables: &[("lambdaRoleArn", ROLE), ("emailFrom", "no-reply@example.com")],
        by_hand: ("createAuthChallenge: ${functions.create.arn}", "createAuthChallenge: ${functions.define.arn}"),
        drift: ("userPools.customers", "triggers.createAuthChallenge", || {
            let function = "arn:aws:lambda:us-east-1:123456789012:function:custom-challenge";
            [json!(format!("{function}-define")), json!(format!("{function}-create"))]
        }),
    },
    Example {
        name: "define-user-pool",
        variables: &[],
        by_hand: ("minimumLength: 12", "minimumLength: 8"),
        drift: ("userPools.customers", "policies.passwordPolicy.minimumLength", || [json!(8), json!(12)]),
    },
    Example {
        name: "google-login",
        variables: &[],
        by_hand: ("given_name: given_name", "given_name: name"),
        drift: ("userPools.customers.identityProviders.Google", "attributeMapping.given_name", || {
            [json!("name"), json!("given_name")]
        }),
    },
    Example {
        name: "identity-pool",
        variables: &[("authenticatedRoleArn", ROLE), ("adminRoleArn", "arn:aws:iam::123456789012:role/admin")],
        by_hand: ("allowUnauthenticatedIdentities: false", "allowUnauthenticatedIdentities: true"),
        drift: ("identityPools.app", "allowUnauthenticatedIdentities", || [json!(true), json!(false)]),
    },
    Example {
        name: "lambda-trigger",
        variables: FUNCTION,
        by_hand: ("runtime: python3.13", "runtime: python3.12"),
        drift: ("functions.confirm", "runtime", || [json!("python3.12"), json!("python3.13")]),
    },
    Example {
        name: "machine-to-machine",
        variables: &[],
        by_hand: (
            "allowedOAuthScopes: [https://orders.example.com/read]",
            "allowedOAuthScopes: [https://orders.example.com/read, https://orders.example.com/write]",
        ),
        drift: ("userPools.machines.clients.reporting", "allowedOAuthScopes", || {
            let read = "https://orders.example.com/read";
            [json!([read, "https://orders.example.com/write"]), json!([read])]
        }),
    },
    Example {
        name: "multi-tenant",
        variables: FUNCTION,
        by_hand: ("writeAttributes: [email, name]", "writeAttributes: [email, name, custom:tenant]"),
        drift: ("userPools.users.clients.web", "writeAttributes", || {
            [json!(["custom:tenant", "email", "name"]), json!(["email", "name"])]
        }),
    },
    Example {
        name: "passwordless",
        variables: &[
            ("appHost", "shop.example.com"),
            ("sesIdentityArn", "arn:aws:ses:us-east-1:123456789012:identity/example.com"),
            ("emailFrom", "Shop <no-reply@example.com>"),
        ],
        by_hand: ("userVerification: required", "userVerification: preferred"),
        drift: ("userPools.customers", "webAuthnConfiguration.userVerification", || {
            [json!("preferred"), json!("required")]
        }),
    },
    Example {
        name: "saml-login",
        variables: &[("samlMetadataUrl", "https://idp.example.com/metadata")],
        by_hand: ("idpIdentifiers: [example.com]", "idpIdentifiers: [example.com, example.net]"),
        drift: ("userPools.staff.identityProviders.Company", "idpIdentifiers", || {
            [json!(["example.com", "example.net"]), json!(["example.com"])]
        }),
    },
    Example {
        name: "user-migration",
        variables: &[("lambdaRoleArn", ROLE), ("oldDirectoryUrl", "https://users.example.com")],
        by_hand: ("[ALLOW_USER_PASSWORD_AUTH, ", "[ALLOW_USER_SRP_AUTH, "),
        drift: ("userPools.customers.clients.web", "explicitAuthFlows", || {
            let refresh = "ALLOW_REFRESH_TOKEN_AUTH";
            [json!([refresh, "ALLOW_USER_SRP_AUTH"]), json!([refresh, "ALLOW_USER_PASSWORD_AUTH"])]
        }),
    },
];

/// Copies a folder with all that is below.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let copied = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &copied);
        } else {
            fs::copy(&path, &copied).expect("it is copied");
        }
    }
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/stacks"))
}

/// A sandbox beside a copy of all examples.
fn lab() -> Lab {
    let lab = Lab::new();
    copy(folder(), lab.folder.path());
    lab
}

/// A text without the id of the sandbox's user pool.
fn without_id(lab: &Lab, text: &str) -> String {
    let pool = lab.sandbox.look(|state| {
        let mut regions = state.accounts.values().flat_map(BTreeMap::values);
        regions.find_map(|region| region.user_pools.keys().next().cloned()).expect("a pool")
    });
    text.replace(&pool, "POOL")
}

impl Example {
    /// The stack of the file, or of what the file would be after a change of its text.
    fn stack(&self, lab: &Lab, change: Option<(&str, &str)>) -> Stack {
        let mut text = fs::read_to_string(folder().join(self.name).with_extension("yaml")).expect("the example");
        if let Some((from, to)) = change {
            assert_eq!(text.matches(from).count(), 1, "`{from}` in {}", self.name);
            text = text.replace(from, to);
        }
        let owned = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let inputs = Inputs { variables: owned(self.variables), process: owned(&PROCESS), ..Inputs::default() };
        let path = lab.file(&format!("{}.yaml", self.name), &text);
        load::load(&path, &inputs).unwrap_or_else(|found| panic!("{}", told(&found)))
    }

    async fn plan(&self, lab: &Lab) -> Plan {
        let surveyed = lab.survey_stack(self.stack(lab, None), &Options::default()).await;
        surveyed.unwrap_or_else(|error| panic!("{}: {error:?}", self.name)).2.planned.plan
    }

    async fn apply(&self, lab: &Lab, options: Options) -> Plan {
        let surveyed = lab.survey_stack(self.stack(lab, None), &options).await;
        let (aws, stack, Survey { planned, packages, .. }) =
            surveyed.unwrap_or_else(|error| panic!("{}: {error:?}", self.name));
        let plan = planned.plan.clone();
        assert!(!plan.is_blocked(), "{}: {}", self.name, show_plan(&plan));
        let Done { report, .. } = engine::execute(&aws, &stack, planned, packages, CancellationToken::new()).await;
        assert!(report.is_complete(), "{}: {}", self.name, show_report(&report));
        lab.catch_up();
        plan
    }

    /// There is nothing to do, nothing to say, and nothing is written to find that out.
    async fn expect_no_changes(&self, lab: &Lab) {
        lab.calls();
        let plan = self.plan(lab).await;
        assert!(!plan.has_changes() && plan.unmanaged.is_empty(), "{}: {}", self.name, show_plan(&plan));
        assert_eq!(plan.notes, [""; 0], "{}", self.name);
        assert_eq!(writes(&lab.calls()), [""; 0], "{}", self.name);
    }

    async fn live_through(&self) {
        let (lab, name) = (lab(), self.name);
        let made = self.apply(&lab, Options::default()).await;
        assert!(made.items.iter().all(|item| item.action == Action::Create), "{name}: {}", show_plan(&made));
        self.expect_no_changes(&lab).await;

        let (at, path, values) = &self.drift;
        let by_hand = hand::set_as_in(&lab, self.stack(&lab, Some(self.by_hand)), &address(at), path).await;
        by_hand.unwrap_or_else(|why| panic!("{name}: {why}"));
        lab.catch_up();
        let drifted = self.plan(&lab).await;
        let shown: Vec<_> = drifted.items.iter().filter(|item| item.action != Action::Keep).collect();
        let [item] = shown.as_slice() else { panic!("{name}: not just one thing:\n{}", show_plan(&drifted)) };
        let seen = (item.address.to_string(), item.action, item.cause);
        assert_eq!(seen, ((*at).to_owned(), Action::Update, Some(Cause::Drift)), "{name}: {}", show_plan(&drifted));
        let [change] = item.changes.as_slice() else { panic!("{name}: {}", show_plan(&drifted)) };
        let path_found = without_id(&lab, &change.path.to_string());
        let found = [&change.live, &change.declared].map(|value| value.clone().unwrap_or_default());
        assert_eq!((path_found, found), ((*path).to_owned(), values()), "{name}");
        self.apply(&lab, Options::default()).await;
        self.expect_no_changes(&lab).await;

        let roots = made.items.iter().filter(|item| matches!(item.kind, Some(Kind::UserPool | Kind::IdentityPool)));
        let allow_delete = roots.map(|item| item.address.clone()).collect();
        self.apply(&lab, Options { destroy: true, allow_delete, ..Options::default() }).await;
        assert_eq!(lab.inventory(), [""; 0], "{name}: something is left");
    }
}

#[tokio::test(start_paused = true)]
async fn each_is_made_kept_as_it_is_and_destroyed() {
    for example in EXAMPLES {
        Box::pin(example.live_through()).await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_came_of_each_is_exported_as_it_is() {
    for example in EXAMPLES {
        let lab = lab();
        example.apply(&lab, Options::default()).await;
        // As others would have made it.
        lab.sandbox.meddle(|state| {
            for region in state.accounts.values_mut().flat_map(BTreeMap::values_mut) {
                region.user_pools.values_mut().for_each(|pool| pool.tags.clear());
                region.identity_pools.values_mut().for_each(|pool| pool.tags.clear());
                region.functions.values_mut().for_each(|function| function.tags.clear());
            }
        });
        Box::pin(hold(&lab)).await.unwrap_or_else(|why| panic!("{}: {why}", example.name));
    }
}

#[test]
fn none_is_forgotten() {
    let files = load::files(&[folder().to_owned()]).expect("the examples");
    let names: Vec<_> = files.iter().map(|file| file.file_stem().expect("a name").to_string_lossy()).collect();
    assert_eq!(names, EXAMPLES.iter().map(|example| example.name).collect::<Vec<_>>(), "each has its row here");
    let readme = include_str!("../../README.md");
    for name in names {
        assert!(readme.contains(&format!("\n| [`{name}.yaml`](stacks/{name}.yaml) |")), "{name} in README.md");
        let text = fs::read_to_string(folder().join(format!("{name}.yaml"))).expect("the example");
        assert!(text.contains(&format!("\nstack: {name}\n")), "the stack is called like its file: {name}");
    }
}
