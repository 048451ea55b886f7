//! The binary is interrupted: what is under way is finished and told, nothing else begins, and the
//! next apply goes on from there.

use std::time::Duration;

use poolkeeper::sandbox::{Logged, Settings};
use serde_json::{Value, json};

use crate::all_kinds::{INVENTORY, STACK};
use crate::killed::{inside, lab, quick};
use crate::lab::{Lab, writes};
use crate::outside::Server;

/// The signals, and what a run that they end exits with.
const SIGNALS: [(&str, i32); 2] = [("INT", 130), ("TERM", 143)];

const APPLY: [&str; 5] = ["apply", "--yes", "--format", "json", "stack.yaml"];

/// What came of each item, by address, as the report has it.
fn results(stdout: &str) -> Vec<(String, String)> {
    let document: Value = serde_json::from_str(stdout).unwrap_or_else(|why| panic!("{why}: {stdout}"));
    let items = document["stacks"][0]["report"]["items"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    items.iter().map(|item| (text(&item["address"]), text(&item["result"]))).collect()
}

/// The next run ends where one that nobody interrupted does.
fn goes_on(lab: &Lab) {
    inside(async {
        lab.apply(STACK).await;
        assert_eq!(lab.inventory(), INVENTORY);
        lab.expect_no_changes(STACK).await;
    });
}

#[test]
fn the_call_in_flight_is_finished_and_none_begins() {
    for (signal, code) in SIGNALS {
        let lab = lab(quick());
        lab.faults(&["CreateUserPoolClient#1=slow:2"]);
        let server = Server::start(&lab.sandbox);
        let mut run = server.run(&lab, &APPLY);
        assert!(server.wait_for_call(&mut run, |call| call.operation == "CreateUserPoolClient"));
        run.signal(signal);
        let ended = run.end().expect(code);
        drop(server);

        let calls = lab.calls();
        let at = calls.iter().position(|call| call.operation == "CreateUserPoolClient").expect("it was called");
        // The pool's last step takes two writes; where the first was made before, it is under way.
        let mut after = writes(&calls[at + 1..]);
        if writes(&calls[..at]).iter().any(|write| write == "UpdateUserPool") {
            after.retain(|write| write != "SetUserPoolMfaConfig");
        }
        assert_eq!(after, [""; 0], "{signal}: {ended}");
        let name = calls[at].input["ClientName"].as_str().expect("a name");
        assert!(lab.inventory().contains(&format!("pool all-kinds-customers client {name}")), "{ended}");

        let results = results(&ended.stdout);
        let made = format!("userPools.customers.clients.{name}");
        assert!(results.contains(&(made.clone(), "done".to_owned())), "{signal}: {ended}");
        let other = if name == "web" { "worker" } else { "web" };
        for address in [&format!("userPools.customers.clients.{other}"), "identityPools.app"] {
            assert!(results.contains(&(address.to_owned(), "interrupted".to_owned())), "{signal}: {ended}");
        }
        lab.faults(&[]);
        goes_on(&lab);
    }
}

#[test]
fn a_run_that_still_reads_ends_at_once_and_has_done_nothing() {
    for (signal, code) in SIGNALS {
        let lab = lab(quick());
        lab.faults(&["ListUserPools=hang-before"]);
        let server = Server::start(&lab.sandbox);
        let mut run = server.run(&lab, &APPLY);
        assert!(server.wait_for_call(&mut run, |call| call.operation == "ListUserPools"));
        run.signal(signal);
        let ended = run.end().expect(code);
        assert!(ended.stdout.contains("nothing was done"), "{signal}: {ended}");
        assert_eq!(writes(&lab.calls()), [""; 0]);
        lab.faults(&[]);
        goes_on(&lab);
    }
}

#[test]
fn a_run_that_waits_for_a_domain_ends_soon() {
    for (signal, code) in SIGNALS {
        let lab = lab(Settings { domain_delay: Duration::from_mins(30), ..quick() });
        let server = Server::start(&lab.sandbox);
        let mut run = server.run(&lab, &APPLY);
        // Nothing but the domain is left to wait for when the stack's last step is over.
        assert!(server.wait_for_call(&mut run, |call| call.operation == "SetPrincipalTagAttributeMap"));
        let waits = |call: &Logged| call.input.get("Domain") == Some(&json!("login.example.com"));
        assert!(server.wait_for_call(&mut run, |call| call.operation == "DescribeUserPoolDomain" && waits(call)));
        run.signal(signal);
        let ended = run.end().expect(code);
        let domain = ("userPools.customers.domains[\"login.example.com\"]".to_owned(), "failed".to_owned());
        assert!(results(&ended.stdout).contains(&domain), "{signal}: {ended}");
        assert!(ended.stdout.contains("the run was interrupted"), "{signal}: {ended}");
        drop(server);
        goes_on(&lab);
    }
}

#[test]
fn a_second_signal_ends_it_at_once() {
    for (signal, code) in SIGNALS {
        let lab = lab(quick());
        lab.faults(&["CreateUserPoolClient=hang-before"]);
        let server = Server::start(&lab.sandbox);
        let mut run = server.run(&lab, &APPLY);
        assert!(server.wait_for_call(&mut run, |call| call.operation == "CreateUserPoolClient"));
        run.signal("INT");
        run.wait_for_note("Interrupted");
        run.signal(signal);
        run.end().expect(code);
        drop(server);
        lab.faults(&[]);
        goes_on(&lab);
    }
}
