//! How many calls a look at what is live may take. AWS allows few of them in a second.

use std::fmt::Write;

use crate::world::{World, example};

#[test]
fn an_unchanged_google_login_takes_at_most_12_reads() {
    let world = World::ministack();
    let stack = example("google-login");
    let google = [("GOOGLE_CLIENT_ID", "id"), ("GOOGLE_CLIENT_SECRET", "secret")];
    world.run_with(&["apply", "--yes", &stack], &google).expect(0);
    let run = world.run_with(&["plan", "--format", "json", &stack], &google).expect(0);
    assert!(run.calls.len() <= 12, "{} calls: {run}", run.calls.len());
    assert_eq!(run.writes(), [""; 0]);
    assert_eq!(run.json()["stacks"][0]["calls"], run.calls.len(), "it counts its own calls right");
}

#[test]
fn a_pool_with_100_clients_takes_at_most_112_reads() {
    let world = World::ministack();
    let mut text = "stack: crowd\nuserPools:\n  customers:\n    clients:\n".to_owned();
    for number in 0..100 {
        writeln!(text, "      client-{number:03}: {{}}").unwrap();
    }
    let stack = world.file("crowd.yaml", &text);
    world.apply(&[&stack]);
    let run = world.expect_no_changes(&[&stack]);
    assert!(run.calls.len() <= 112, "{} calls", run.calls.len());
    assert_eq!(run.count("DescribeUserPoolClient"), 100);
}
