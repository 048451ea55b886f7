//! A secret goes to AWS and nowhere else.

use crate::proxy::Fault;
use crate::world::{Run, World, example};

const FIRST: &str = "sEcReT-first-0123456789-abc";
const SECOND: &str = "sEcReT-second-0123456789-xyz";

#[track_caller]
fn keeps_quiet(run: &Run) {
    assert!(!run.output().contains("sEcReT"), "{run}");
}

#[test]
fn a_secret_is_never_printed() {
    let world = World::ministack();
    let stack = example("google-login");
    let run = |arguments: &[&str], secret: &str, code: i32| {
        let environment = [("GOOGLE_CLIENT_ID", "id"), ("GOOGLE_CLIENT_SECRET", secret), ("RUST_LOG", "trace")];
        let run = world.run_with(&[arguments, &[stack.as_str()]].concat(), &environment).expect(code);
        keeps_quiet(&run);
        run
    };
    let formats = ["text", "json", "markdown"];

    for format in formats {
        let planned = run(&["plan", "-v", "--format", format], FIRST, 2);
        assert!(planned.stdout.contains("secret"), "the plan says that there is one: {planned}");
    }

    // The API's own error repeats what it was sent.
    let echo = format!("client_secret {FIRST} is not valid");
    for format in formats {
        world.proxy.fail("CreateIdentityProvider", 0, 1, Fault::Answer(400, "InvalidParameterException", echo.clone()));
        let failed = run(&["apply", "--yes", "-v", "--format", format], FIRST, 1);
        assert!(failed.output().contains("is not valid"), "the rest of the message is shown: {failed}");
    }

    run(&["apply", "--yes", "-v"], FIRST, 0);
    for format in formats {
        run(&["plan", "-v", "--format", format], FIRST, 0);
        let changed = run(&["plan", "-v", "--format", format], SECOND, 2);
        assert!(changed.stdout.contains("client_secret"), "it says which: {changed}");
    }
    let text = run(&["plan"], SECOND, 2).stdout;
    assert!(text.contains("(secret, changed)"), "{text}");
    run(&["apply", "--yes", "-v"], SECOND, 0);
    let provider = world.aws.provider(&world.aws.pool_id("Step03 Google Login User Pool"), "Google");
    assert_eq!(provider["ProviderDetails"]["client_secret"], SECOND);
    for format in ["text", "json", "env"] {
        run(&["output", "--format", format], SECOND, 0);
    }
}

#[test]
fn a_client_secret_that_aws_made_is_kept_quiet_too() {
    let world = World::ministack();
    let text = "stack: shop\nuserPools:\n  customers:\n    name: Shop\n    clients:\n      worker: {generateSecret: true}\n\
                outputs:\n  secret: ${userPools.customers.clients.worker.secret}\n";
    let stack = world.file("shop.yaml", text);
    let applied = world.apply(&["-v", &stack]);
    let secret = world.aws.client(&world.aws.pool_id("Shop"), "worker")["ClientSecret"].take();
    let secret = secret.as_str().expect("a secret");
    for format in ["text", "json", "markdown"] {
        let run = world.run_with(&["plan", "-v", "--format", format, &stack], &[("RUST_LOG", "trace")]).expect(0);
        assert!(!run.output().contains(secret), "{run}");
    }
    assert!(!applied.output().contains(secret), "{applied}");
}

#[test]
fn values_of_a_functions_environment_are_secret() {
    let world = World::ministack();
    world.file("code/index.py", "def handler(event, context):\n    return event\n");
    let text = "stack: shop\nfunctions:\n  confirm:\n    runtime: python3.13\n    handler: index.handler\n    code: ./code\n    \
                role: arn:aws:iam::123456789012:role/r\n    environment: {KEY: sEcReT-value}\n";
    let stack = world.file("shop.yaml", text);
    for format in ["text", "json", "markdown"] {
        keeps_quiet(&world.run(&["plan", "--format", format, &stack]).expect(2));
    }
    keeps_quiet(&world.apply(&["-v", &stack]));
    world.file("shop.yaml", &text.replace("sEcReT-value", "sEcReT-other"));
    keeps_quiet(&world.run(&["plan", &stack]).expect(2));
}
