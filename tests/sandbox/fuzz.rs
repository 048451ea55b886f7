//! What the tests that run on chance share: the numbers, how long they go on, and how a case that
//! fails is found again.
//!
//! They run for `POOLKEEPER_FUZZ_SECONDS` (5 where it is not set), each time from another seed, or
//! from `POOLKEEPER_FUZZ_BASE`. A case that fails prints its own: with `POOLKEEPER_FUZZ_SEED` set to it, that case alone is run.

use std::cell::RefCell;
use std::hash::{BuildHasher, RandomState};
use std::io::{Write, stderr};
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Random numbers from a seed (`SplitMix64`).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below another.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).expect("it is below one")
    }

    /// Whether something happens that does so once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of several.
    pub(crate) fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }
}

/// The seeds of the cases to run, until the time is up.
pub(crate) fn seeds() -> impl Iterator<Item = u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let only = number("POOLKEEPER_FUZZ_SEED");
    let base = number("POOLKEEPER_FUZZ_BASE").unwrap_or_else(|| RandomState::new().hash_one(0));
    let until = Instant::now() + Duration::from_secs(number("POOLKEEPER_FUZZ_SECONDS").unwrap_or(5));
    let mut random = Random(base);
    (0..).map_while(move |count| match only {
        Some(seed) => (count == 0).then_some(seed),
        None => (count == 0 || Instant::now() < until).then(|| random.next()),
    })
}

/// One case: tells of itself where it is dropped in a panic.
pub(crate) struct Case {
    pub(crate) seed: u64,
    notes: Rc<RefCell<Vec<String>>>,
}

impl Case {
    pub(crate) fn of(seed: u64) -> Self {
        Self { seed, notes: Rc::default() }
    }

    pub(crate) fn random(&self) -> Random {
        Random(self.seed)
    }

    /// Adds to what is told of it.
    pub(crate) fn note(&self, text: impl Into<String>) {
        self.notes.borrow_mut().push(text.into());
    }
}

impl Drop for Case {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let notes = self.notes.borrow().join("\n");
            let told = writeln!(stderr(), "POOLKEEPER_FUZZ_SEED={} runs this case again:\n{notes}", self.seed);
            drop(told);
        }
    }
}
