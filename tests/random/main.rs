//! Any stack to any stack: stack files made at random, with all kinds and all properties.
//!
//! [`generate`] makes stacks that AWS would take. It draws each property by itself from [`parts`],
//! and [`settle`] then makes what was drawn go together, so that none is thrown away and a failing
//! one shrinks, property by property, to the few that matter. [`next`] makes a stack that may follow
//! another, with what has to be allowed on the command line for that; [`forbidden`] one that may
//! not, with the place where that must be said. Both shrink towards no change at all.
//!
//! The tests need no AWS: [`coverage`] sees to it that nothing of the format is left out, [`valid`]
//! that the files are without fault, [`planned`] that the planner blocks what AWS forbids and
//! nothing else, against what [`live`] makes up to be there. [`any`] goes from stack to stack in a
//! sandbox with AWS's rules, and [`written`] holds what was written there against the plan;
//! [`refused`] spoils stacks, and sees to it that AWS refuses nothing that the tool lets pass.
//! [`export`] exports what [`by_hand`] has made by calls of others, and holds the file to its word.

mod any;
mod by_hand;
mod coverage;
mod export;
#[path = "../sandbox/fixed_point.rs"]
mod fixed_point;
mod forbidden;
mod generate;
#[path = "../sandbox/lab.rs"]
#[expect(dead_code, reason = "it is made for the tests of faults, which need more of it")]
mod lab;
mod live;
mod many;
mod next;
mod parts;
mod planned;
mod refused;
mod settle;
mod stack_file;
mod valid;
mod written;

use proptest::test_runner::Config;

/// How often each property is tried: as `PROPTEST_CASES` says, else so often that all of it takes
/// well under a minute.
fn config() -> Config {
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    let config = Config { failure_persistence: None, ..Config::default() };
    if asked { config } else { Config { cases: 64, ..config } }
}
