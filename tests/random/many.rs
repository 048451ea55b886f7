//! Runs a property many times, side by side, each in a runtime of its own whose time is paused.

use std::fmt::Debug;
use std::num::NonZero;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

/// How often a test in a sandbox is done where nobody says how often.
const FEW: u32 = 24;

/// A number that a variable of the environment may give.
fn number<T: std::str::FromStr>(variable: &str) -> Option<T> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is no number: {text}")))
}

/// How many pairs of stacks are tried: `POOLKEEPER_PAIRS`, else a few.
pub(crate) fn pairs() -> u32 {
    number("POOLKEEPER_PAIRS").unwrap_or(FEW)
}

/// How many estates are exported: `POOLKEEPER_EXPORTS`, else a few.
pub(crate) fn exports() -> u32 {
    number("POOLKEEPER_EXPORTS").unwrap_or(FEW)
}

/// Draws `cases` times from what `strategy` makes, on all cores, and expects `property` of it. What
/// fails is shown at once as it was drawn, with the seed that `POOLKEEPER_SEED` takes to draw the same
/// again; then it is shrunk and shown once more.
#[expect(clippy::print_stderr, reason = "what fails is shown before it is shrunk")]
pub(crate) fn many<S, F>(cases: u32, strategy: impl Fn() -> S + Sync, property: F)
where
    S: Strategy,
    S::Value: Debug,
    F: AsyncFn(&S::Value) -> Result<(), String> + Sync,
{
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let seed: u64 = number("POOLKEEPER_SEED").unwrap_or_else(now);
    let threads = u32::try_from(thread::available_parallelism().map_or(1, NonZero::get)).unwrap_or(1);
    let one = |thread: u32| {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        bytes[8..12].copy_from_slice(&thread.to_le_bytes());
        let config = Config {
            cases: cases.div_ceil(threads),
            failure_persistence: None,
            max_shrink_time: 60_000,
            max_shrink_iters: 5_000,
            ..Config::default()
        };
        let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
        let shown = AtomicBool::new(false);
        let outcome = runner.run(&strategy(), |value| {
            let mut runtime = tokio::runtime::Builder::new_current_thread();
            let runtime = runtime.enable_all().start_paused(true).build().expect("a runtime");
            runtime.block_on(property(&value)).map_err(|why| {
                // Shrinking takes its time, and whoever runs this may not wait for its end.
                if !shown.swap(true, Ordering::Relaxed) {
                    eprintln!("with POOLKEEPER_SEED={seed}, to be shrunk:\n{why}\nwith {value:#?}");
                }
                TestCaseError::fail(why)
            })
        });
        match outcome {
            Ok(()) => None,
            Err(TestError::Fail(why, value)) => Some(format!("{why}\nwith {value:#?}")),
            Err(TestError::Abort(why)) => Some(why.to_string()),
        }
    };
    let failures: Vec<String> = thread::scope(|scope| {
        let one = &one;
        let running: Vec<_> = (0..threads).map(|thread| scope.spawn(move || one(thread))).collect();
        running.into_iter().filter_map(|one| one.join().expect("it does not panic")).collect()
    });
    assert!(failures.is_empty(), "with POOLKEEPER_SEED={seed}:\n{}", failures.join("\n\n"));
}
