//! A text in, a stack or diagnostics out. The stacks of these tests use what every file may say;
//! what the kinds say of their properties is tested with them.

use std::collections::BTreeMap;
use std::path::Path as FilePath;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Loaded, load_text};
use crate::stack::values::shown;
use crate::stack::variables;
use crate::stack::{Inputs, Stack};
use crate::view::diagnostic;

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn loaded(text: &str, inputs: &Inputs) -> Loaded {
    load_text(FilePath::new("stack.yaml"), text, inputs, &|name| match name {
        "greeting.txt" => Ok("Hello".to_owned()),
        _ => Err("there is no such file".to_owned()),
    })
}

pub(super) fn stack(text: &str, inputs: &Inputs) -> Stack {
    match loaded(text, inputs).stack {
        Ok(stack) => stack,
        Err(diagnostics) => panic!("{}", diagnostic::render(&diagnostics, false)),
    }
}

pub(super) fn faults(text: &str, inputs: &Inputs) -> String {
    loaded(text, inputs).stack.err().map_or_else(String::new, |diagnostics| diagnostic::render(&diagnostics, false))
}

fn outputs(stack: &Stack) -> BTreeMap<String, Value> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.clone(), |text| shown(text).into());
    stack.outputs.iter().map(|output| (output.name.clone(), text(&output.value))).collect()
}

#[test]
fn references_become_values_or_stay_open() {
    let text = r#"
stack: shop
variables:
  number: 5
  host: example.com
  url: https://${var.host}/${var.number}
  greeting: ${file:greeting.txt}
userPools: {main: {clients: {"my app": {}}}}
outputs:
  number: ${var.number}
  url: ${var.url}
  greeting: ${var.greeting} ${env:NAME}
  plain: $${var.url}
  name: ${stack.name}
  open: ${userPools.main.clients["my app"].id} in ${aws.region}
"#;
    let stack = stack(text, &Inputs { process: map(&[("NAME", "World")]), ..Inputs::default() });
    let expected = json!({
        "number": 5,
        "url": "https://example.com/5",
        "greeting": "Hello World",
        "plain": "${var.url}",
        "name": "shop",
        "open": "${userPools.main.clients[\"my app\"].id} in ${aws.region}",
    });
    assert_eq!(json!(outputs(&stack)), expected);
}

#[test]
fn the_nearest_value_of_a_variable_counts() {
    let text = "stack: s\nvariables: {a: default}\nenvironments: {dev: {variables: {a: environment}}, prod: {}}\n\
                outputs: {a: \"${var.a}\"}\n";
    let process = map(&[("POOLKEEPER_VAR_a", "process")]);
    let run = |environment: &str, process: &BTreeMap<String, String>, variables: &[(&str, &str)]| {
        let inputs = Inputs {
            environment: Some(environment.to_owned()),
            variables: map(variables),
            process: process.clone(),
            ..Inputs::default()
        };
        outputs(&stack(text, &inputs))["a"].clone()
    };
    assert_eq!(run("dev", &process, &[("a", "typed")]), "typed");
    assert_eq!(run("dev", &process, &[]), "process");
    assert_eq!(run("dev", &BTreeMap::new(), &[]), "environment");
    assert_eq!(run("prod", &BTreeMap::new(), &[]), "default");
}

#[test]
fn text_from_outside_takes_the_type_of_where_it_stands() {
    let text = "stack: s\nvariables: {secret: {default: \"${env:SECRET}\"}, days: {}}\nuserPools: {main: {policies: \
                {passwordPolicy: {requireLowercase: \"${var.secret}\", requireUppercase: true, requireNumbers: true, \
                requireSymbols: true, temporaryPasswordValidityDays: \"${var.days}\"}}}}\n";
    let inputs = |days: &str| Inputs {
        process: map(&[("SECRET", "true")]),
        variables: map(&[("days", days)]),
        ..Inputs::default()
    };
    let stack = stack(text, &inputs("5"));
    let policy = &stack.resources[0].declared["policies"]["passwordPolicy"];
    assert_eq!(policy["requireLowercase"], true);
    assert_eq!(policy["temporaryPasswordValidityDays"], 5);
    assert!(faults(text, &inputs("five")).contains("must be a whole number, not a text"));
}

#[test]
fn what_is_missing_outside_stays_open_where_that_is_allowed() {
    let text = "stack: s\nvariables: {a: {}}\nenvironments: {dev: {}, prod: {region: nowhere}}\n\
                outputs: {a: \"${var.a}\", b: \"${env:B}\"}\n";
    let inputs = Inputs { lenient: true, ..Inputs::default() };
    let found = faults(text, &inputs);
    assert_eq!(found.matches("error:").count(), 1, "{found}");
    let stack = stack(&text.replace("nowhere", "eu-west-1"), &inputs);
    assert_eq!(stack.environment.as_deref(), Some("dev"));
    assert_eq!(json!(outputs(&stack)), json!({"a": "${var.a}", "b": "${env:B}"}));
    let strict = faults(text, &Inputs { environment: Some("dev".to_owned()), ..Inputs::default() });
    assert!(strict.contains("the variable `a` has no value") && strict.contains("`B` is not set"), "{strict}");
}

#[test]
fn resources_come_in_order_with_names_tags_and_what_is_ignored() {
    let text = "
stack: shop
region: eu-west-1
tags: {team: identity, stage: all}
environments: {prod: {region: us-east-1, tags: {stage: prod}}}
userPools:
  main:
    tags: {team: own}
    ignoreChanges: [clients.web.callbackUrls, mfaConfiguration]
    unmanaged: ignore
    clients: {web: {id: abc}}
    resourceServers: {orders: {}}
    groups: {admins: {}}
";
    let stack = stack(text, &Inputs { environment: Some("prod".to_owned()), ..Inputs::default() });
    assert_eq!(stack.identity(), "shop/prod");
    assert_eq!(stack.region.as_deref(), Some("us-east-1"));
    let seen: Vec<Value> = stack
        .resources
        .iter()
        .map(|resource| {
            let ignored: Vec<String> = resource.ignore_changes.iter().map(ToString::to_string).collect();
            json!([resource.address.to_string(), resource.id, resource.declared, ignored])
        })
        .collect();
    let tags = json!({"team": "own", "stage": "prod"});
    assert_eq!(
        json!(seen),
        json!([
            ["userPools.main", null, {"name": "shop-prod-main", "tags": tags}, ["mfaConfiguration"]],
            ["userPools.main.clients.web", "abc", {"name": "web"}, ["callbackUrls"]],
            ["userPools.main.resourceServers.orders", null, {"name": "orders"}, []],
            ["userPools.main.groups.admins", null, {}, []],
        ])
    );
}

#[test]
fn secrets_are_followed_and_never_shown() {
    let text = r#"
stack: shop
variables:
  literal: {secret: true, default: geheim-eins}
  outside: {secret: true, default: "${env:TOKEN}"}
  derived: "x-${var.outside}"
userPools: {main: {name: "${var.literal}", clients: {web: {}}}}
outputs:
  a: ${var.derived}
  b: ${userPools.main.clients.web.secret}
  c: ${userPools.main.id}
"#;
    let inputs = Inputs { process: map(&[("TOKEN", "geheim-zwei")]), ..Inputs::default() };
    let stack = stack(text, &inputs);
    assert_eq!(stack.secrets, ["geheim-eins", "geheim-zwei", "x-geheim-zwei"]);
    assert_eq!(stack.resources[0].secrets, ["name".parse().expect("a path")]);
    let secret: Vec<bool> = stack.outputs.iter().map(|output| output.secret).collect();
    assert_eq!(secret, [true, true, false]);
    assert!(!stack.source.text.contains("geheim"));
    for broken in [
        text.replace("outputs:", "output:"),
        text.replace("default: geheim-eins", "default: geheim-eins, secret: true"),
        text.replace("default: geheim-eins}", "default: geheim-eins, x: 1}"),
        text.replace("literal: {secret: true, default: geheim-eins}", "client_secret: \"geheim-eins"),
    ] {
        let found = faults(&broken, &inputs);
        assert!(found.contains("error:") && !found.contains("geheim"), "{found}");
    }
}

#[test]
fn keys_take_references_too() {
    let text = r#"
stack: shop
variables: {domain: login-shop}
userPools: {main: {domains: {"${var.domain}": {}}}}
outputs: {url: "${userPools.main.domains[\"${var.domain}\"].url}", wrong: "${userPools.main.domains.other.url}"}
"#;
    let found = faults(text, &Inputs::default());
    assert!(found.contains("there is no `userPools.main.domains.other`"), "{found}");
    let stack = stack(&text.replace("domains.other", "domains.login-shop"), &Inputs::default());
    assert_eq!(stack.resources[1].key, "login-shop");
    let broken = faults(&text.replace("login-shop", "Login"), &Inputs::default());
    assert!(broken.contains("stack.yaml:4:30: error: the key `Login`"), "{broken}");
}

#[test]
fn too_many_tags_leave_no_room_for_our_own() {
    let tags = |count: usize| {
        let tags: Vec<String> = (0..count).map(|number| format!("t{number}: x")).collect();
        format!("stack: s\nuserPools: {{main: {{tags: {{{}}}}}}}\n", tags.join(", "))
    };
    assert_eq!(faults(&tags(47), &Inputs::default()), "");
    assert!(faults(&tags(48), &Inputs::default()).contains("leaves room for 47"));
}

#[test]
fn variables_that_double_are_stopped() {
    let doubling: Vec<String> =
        (1..31).map(|step| format!("  v{step}: \"${{var.v{0}}}${{var.v{0}}}\"\n", step - 1)).collect();
    let found = faults(&format!("stack: s\nvariables:\n  v0: 0123456789\n{}", doubling.concat()), &Inputs::default());
    assert!(found.contains("is longer than 1024 KiB once it is filled in"), "{found}");
    assert_eq!(found.matches("error:").count(), 1, "{found}");

    let many: Vec<String> = (0..400).map(|step| format!("  o{step}: \"${{var.big}}\"\n")).collect();
    let big = "x".repeat(100_000);
    let found =
        faults(&format!("stack: s\nvariables: {{big: {big}}}\noutputs:\n{}", many.concat()), &Inputs::default());
    assert!(found.contains("the file holds more than 16 MiB once it is filled in"), "{found}");
    assert_eq!(found.matches("error:").count(), 1, "{found}");
}

#[test]
fn a_file_without_environments_is_the_same_in_all_of_them() {
    let inputs = Inputs { environment: Some("dev".to_owned()), ..Inputs::default() };
    let plain = loaded("stack: s\n", &inputs);
    assert_eq!(plain.stack.map_err(|_| ()).ok().and_then(|stack| stack.environment), None);
    let other = loaded("stack: o\nenvironments: {dev: {}, prod: {}}\n", &inputs);
    let declared = plain.environments.iter().chain(&other.environments).map(String::as_str);
    assert!(variables::unknown_environment(declared, &inputs).is_none());
    let error = variables::unknown_environment(plain.environments.iter().map(String::as_str), &inputs);
    assert!(error.expect("an error").to_string().contains("`dev`"));
}

#[test]
fn numbers_in_texts_stay_as_they_are_written() {
    let text = "stack: s\nvariables: {y: 1.10, h: 0x1F, t: true, z: \"${var.y}\"}\n\
                outputs: {a: \"v${var.y}\", b: \"${var.h}-${var.t}\", c: \"${var.h}\", d: \"v${var.z}\"}\n";
    let expected = json!({"a": "v1.10", "b": "0x1F-true", "c": 31, "d": "v1.10"});
    assert_eq!(json!(outputs(&stack(text, &Inputs::default()))), expected);

    let text = "stack: s\nvariables: {y: 1.10}\nuserPools: {main: {name: \"${var.y}\"}, other: {name: \"${var.y}\"}}\n";
    let found = faults(text, &Inputs::default());
    assert!(found.starts_with("stack.yaml:2:16: error: stands for the text `name`, and is a number"), "{found}");
    assert!(found.contains("help: quote it: \"1.10\"") && found.matches("error:").count() == 1, "{found}");
}

#[test]
fn a_fault_does_not_hide_what_the_rules_say_of_the_rest() {
    let file = |client: &str| format!("stack: s\nuserPools: {{main: {{clients: {{web: {{{client}}}}}}}}}\n");
    let rule = "allowedOAuthFlows: [code, client_credentials], allowedOAuthFlowsUserPoolClient: true";
    let count = |client: &str| faults(&file(client), &Inputs::default()).matches("error:").count();
    let alone = count(rule);
    assert!(alone > 0);
    assert_eq!(count(&format!("{rule}, unknown: 1")), alone + 1);
    for fault in ["accessTokenValidity: many", "preventUserExistenceErrors: MAYBE"] {
        assert_eq!(count(fault), 1, "{fault}");
        assert!(count(&format!("{rule}, {fault}")) > 1, "{fault}");
    }
    // What is wrong is not judged once more.
    assert_eq!(count("generateSecret: perhaps, clientSecret: abcdefghijklmnopqrstuvwxyz"), 1);
}

#[test]
fn slips_in_references_and_names_of_the_api_are_understood() {
    for (written, meant) in [
        ("vars.colour", "${var.colour}"),
        ("Var.colour", "${var.colour}"),
        ("var.color", "colour"),
        ("colour", "${var.colour}"),
        ("stack.nme", "${stack.name}"),
        ("aws.regoin", "${aws.region}"),
        ("env.FOO", "${env:FOO}"),
        ("userPool.main.id", "${userPools.main.id}"),
    ] {
        let text = format!(
            "stack: s\nvariables: {{colour: red}}\nuserPools: {{main: {{}}}}\noutputs: {{a: \"${{{written}}}\"}}\n"
        );
        let found = faults(&text, &Inputs::default());
        assert!(found.contains(&format!("did you mean `{meant}`?")), "{found}");
    }
    let pool = |entry: &str| format!("stack: s\nuserPools: {{main: {{{entry}}}}}\n");
    for (text, meant) in [
        (pool("PoolName: x"), "name"),
        (pool("UserPoolTags: {}"), "tags"),
        (pool("LambdaConfig: {}"), "triggers"),
        (pool("clients: {web: {ClientName: x}}"), "name"),
        (pool("clients: {web: {CallbackURLs: []}}"), "callbackUrls"),
        ("stack: s\nidentityPools: {main: {IdentityPoolTags: {}}}\n".to_owned(), "tags"),
    ] {
        let found = faults(&text, &Inputs::default());
        assert!(found.contains(&format!("did you mean `{meant}`?")), "{found}");
    }
}

#[test]
fn of_a_file_full_of_faults_the_first_thousand_are_told() {
    let wrong: Vec<String> =
        (0..3000).map(|at| format!("  o{at}: ${{userPools.p{at}.clients.x.id}} ${{var.w{at}}}\n")).collect();
    let pools: Vec<String> = (0..2000).map(|at| format!("  q{at}: {{}}\n")).collect();
    let variables: Vec<String> = (0..2000).map(|at| format!("  v{at}: 1\n")).collect();
    let text = format!(
        "stack: s\nvariables:\n{}userPools:\n{}outputs:\n{}",
        variables.concat(),
        pools.concat(),
        wrong.concat()
    );
    let loaded = loaded(&text, &Inputs::default());
    assert_eq!(loaded.stack.err().map(|diagnostics| diagnostics.len()), Some(1001));
}

fn any_document() -> impl Strategy<Value = Value> {
    let word = prop_oneof![
        Just("stack"),
        Just("userPools"),
        Just("clients"),
        Just("functions"),
        Just("identityPools"),
        Just("outputs"),
        Just("variables"),
        Just("environments"),
        Just("secret"),
        Just("default"),
        Just("tags"),
        Just("id"),
        Just("<<"),
        Just("ignoreChanges"),
        Just("main"),
        Just("clientSecret"),
        Just("domains"),
        Just("name"),
        Just("${var.main}"),
        Just("${userPools.main.id}"),
        Just("callbackUrls"),
        Just("a b"),
        Just("x-a"),
        Just("region"),
        Just(""),
    ];
    let text = prop_oneof![
        word.clone().prop_map(str::to_owned),
        any::<String>(),
        "(\\$\\{(var|env|file|stack|userPools|functions)[.:](main|name|\\$\\{)?\\}?){1,3}",
    ];
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    scalar.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((word.clone(), inner), 0..8)
                .prop_map(|entries| entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), yaml in "[a-c\\[\\]{}:,&*!|>'\"<\\-#% \n]{0,60}") {
        for text in [text, yaml] {
            faults(&text, &Inputs::default());
        }
    }

    #[test]
    fn no_document_makes_it_panic(document in any_document(), lenient in any::<bool>()) {
        let text = serde_yaml::to_string(&document).expect("YAML");
        faults(&text, &Inputs { lenient, ..Inputs::default() });
    }
}
