//! An embedded control plane with Amazon Cognito's rules: what AWS refuses, resets, sorts, fills in
//! and takes its time for, so that a stack can be rehearsed without an account, and this tool
//! tested against what hurts on AWS.
//!
//! It shares no code with the rest of the tool, so that an error in one is not repeated in the
//! other. A request comes in as HTTP, from the SDK inside the process or over a socket:
//!
//! ```text
//! request -> wire -> faults -> quota -> model (AWS's own shapes) -> one function per operation -> state
//! ```
//!
//! | module | what it is about |
//! |---|---|
//! | [`wire`] | AWS's protocols: from HTTP to an operation and its input, and back |
//! | [`faults`] | the script of what goes wrong, and when |
//! | [`quota`] | how many calls a second, and one write to a pool at a time |
//! | [`model`] | members, lengths, ranges, patterns and enums of each input |
//! | [`operations`] | the table of all operations; below it a file for each kind of thing |
//! | [`state`], [`store`] | what is there, as plain data; the folder it is kept in |
//! | [`clock`] | the time, which tests can move |
//! | [`server`] | the same over HTTP |
//! | [`unconfirmed`] | where AWS's behaviour is not known for sure, and what was decided |

use std::collections::VecDeque;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;

use clock::Clock;
use faults::{Effect, Mangle, Script};
use model::Service;
use quota::{Needs, Traffic};
use refusal::Refusal;
use state::State;
use store::Store;
use wire::{Call, Request, Response};

pub mod clock;
pub mod faults;
pub mod model;
pub mod operations;
pub mod quota;
pub mod refusal;
pub mod server;
pub mod state;
pub mod store;
#[cfg(test)]
mod testing;
pub mod unconfirmed;
pub mod wire;

/// The account of callers whose access key names none.
pub const ACCOUNT: &str = "123456789012";

/// How many calls the log remembers.
const LOG: usize = 100_000;

/// How the control plane behaves where AWS's behaviour is a matter of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The account of callers whose access key does not end in one.
    pub account: String,
    /// How long a read takes.
    pub read_latency: Duration,
    /// How long a write takes; until it is over, another write to the same pool is refused.
    pub write_latency: Duration,
    /// How long a custom domain takes to come and to go.
    pub domain_delay: Duration,
    /// How long a replica of a pool takes to come and to go.
    pub replica_delay: Duration,
    /// How long a function takes until it can be used or changed again.
    pub function_delay: Duration,
    /// How far the index behind the tag query lags.
    pub tag_index_lag: Duration,
    /// Whether calls over AWS's quotas are refused.
    pub quotas: bool,
}

impl Default for Settings {
    /// As AWS is said to behave.
    fn default() -> Self {
        Self {
            account: ACCOUNT.to_owned(),
            read_latency: Duration::ZERO,
            write_latency: Duration::ZERO,
            domain_delay: Duration::from_mins(5),
            replica_delay: Duration::from_mins(5),
            function_delay: Duration::from_secs(2),
            tag_index_lag: Duration::from_secs(10),
            quotas: true,
        }
    }
}

impl Settings {
    /// The same rules for somebody who does not want to wait. A write takes its time even so, since
    /// nobody would be told otherwise that a pool takes one at a time.
    #[must_use]
    pub fn rehearsal() -> Self {
        Self {
            read_latency: Duration::from_millis(2),
            write_latency: Duration::from_millis(10),
            domain_delay: Duration::from_secs(2),
            replica_delay: Duration::from_secs(2),
            function_delay: Duration::from_millis(500),
            tag_index_lag: Duration::from_secs(1),
            ..Self::default()
        }
    }
}

/// A call that came in, as the log has it. Its input may hold secrets, so it is not shown by `Debug`.
#[derive(Clone)]
pub struct Logged {
    /// The service's signing name, such as `cognito-idp`.
    pub service: Service,
    /// The operation.
    pub operation: String,
    /// The region that it was sent to.
    pub region: String,
    /// What was sent.
    pub input: Value,
    /// When it came, in seconds since 1970.
    pub at: f64,
    /// The quotas that it counts to, with the calls that each allows in a second.
    pub quotas: Vec<(String, f64)>,
    /// What it has to itself, if it writes: the id of a pool.
    pub writes_to: Option<String>,
    /// AWS's error code, where it was refused; empty where the answer was lost.
    pub refused: Option<String>,
}

/// What the other side of a connection sees.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// An answer.
    Answer(Response),
    /// The connection ends without one.
    Cut,
}

/// The control plane. Cheap to clone; all clones are the same.
#[derive(Clone)]
pub struct Sandbox(Arc<Shared>);

struct Shared {
    inside: Mutex<Inside>,
    settings: Settings,
    clock: Clock,
    /// How many requests came in; their ids are made of it.
    answered: AtomicU64,
}

struct Inside {
    state: State,
    store: Option<Store>,
    traffic: Traffic,
    script: Script,
    mangle: Option<Mangle>,
    log: VecDeque<Logged>,
    /// How many calls came before those in the log.
    forgotten: usize,
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sandbox")
    }
}

impl Sandbox {
    /// An empty one, in memory.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self::with(settings, State::default(), None)
    }

    /// One that is kept in a folder.
    ///
    /// # Errors
    /// The folder cannot be made or read, is used by another process, or holds something else.
    pub fn open(folder: &Path, settings: Settings) -> Result<Self, String> {
        let (store, state) = Store::open(folder)?;
        Ok(Self::with(settings, state, Some(store)))
    }

    fn with(settings: Settings, state: State, store: Option<Store>) -> Self {
        let clock = Clock::starting_at(state.clock);
        let inside = Inside {
            state,
            store,
            traffic: Traffic::default(),
            script: Script::default(),
            mangle: None,
            log: VecDeque::new(),
            forgotten: 0,
        };
        Self(Arc::new(Shared { inside: Mutex::new(inside), settings, clock, answered: AtomicU64::new(1) }))
    }

    /// The time here.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Moves the time on, over restarts too.
    ///
    /// # Errors
    /// The folder that it is kept in cannot be written.
    pub fn advance(&self, time: Duration) -> Result<(), String> {
        let mut inside = self.inside();
        self.0.clock.advance(time);
        inside.state.clock = self.0.clock.now();
        keep(inside.store.as_ref(), &inside.state)
    }

    /// Sets what goes wrong from now on; the script's counts begin anew.
    pub fn set_faults(&self, script: Script) {
        self.inside().script = script;
    }

    /// Sets what is done to each answer before it leaves, for tests of what becomes of garbage. What
    /// the call did stays done.
    pub fn mangle(&self, mangle: Option<Mangle>) {
        self.inside().mangle = mangle;
    }

    /// A look at all there is.
    pub fn look<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.inside().state)
    }

    /// Changes what is there behind everybody's back.
    pub fn meddle<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.inside().state)
    }

    /// Forgets all there is, the faults and the log. Ids that were given are not given again.
    ///
    /// # Errors
    /// The folder that it is kept in cannot be written.
    pub fn reset(&self) -> Result<(), String> {
        let mut inside = self.inside();
        let fresh = State { serial: inside.state.serial, clock: self.0.clock.now(), ..State::default() };
        keep(inside.store.as_ref(), &fresh)?;
        inside.state = fresh;
        inside.traffic = Traffic::default();
        inside.script = Script::default();
        inside.forgotten += inside.log.len();
        inside.log.clear();
        Ok(())
    }

    /// The calls since the last time this was asked.
    #[must_use]
    pub fn take_calls(&self) -> Vec<Logged> {
        let mut inside = self.inside();
        inside.forgotten += inside.log.len();
        inside.log.drain(..).collect()
    }

    /// The same, and they stay to be asked for.
    #[must_use]
    pub fn look_at_calls(&self) -> Vec<Logged> {
        self.inside().log.iter().cloned().collect()
    }

    /// How many calls are in the log.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.inside().log.len()
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a request, as AWS would. Every answer has a request id of its own.
    pub async fn answer(&self, request: Request) -> Reply {
        let number = self.0.answered.fetch_add(1, Ordering::Relaxed);
        match self.received(request).await {
            Reply::Answer(answer) => Reply::Answer(answer.with_id(&format!("00000000-0000-4000-8000-{number:012x}"))),
            Reply::Cut => Reply::Cut,
        }
    }

    async fn received(&self, request: Request) -> Reply {
        let call = match wire::parse(&request, &self.0.settings.account) {
            Ok(call) => call,
            Err(unparsed) => return Reply::Answer(unparsed),
        };
        let mut reply = self.reply(&call).await;
        if let (Reply::Answer(answer), Some(mangle)) = (&mut reply, &mut self.inside().mangle) {
            mangle(&call.operation, answer);
        }
        reply
    }

    async fn reply(&self, call: &Call) -> Reply {
        let effect = self.inside().script.next(&call.operation);
        let (place, logged) = self.enter(call);
        if let Some(reply) = self.before(call, effect, logged).await {
            return reply;
        }
        let (latency, result) = match place {
            Err(refusal) => (Duration::ZERO, Err(refusal)),
            Ok(latency) => (latency, self.carry_out(call)),
        };
        if let Err(refusal) = &result {
            self.note(logged, Some(refusal.code.clone()));
        }
        // Only now, so that who does not wait for the answer has done what the call says all the same.
        let late = effect.map_or(Duration::ZERO, Effect::delay);
        tokio::time::sleep(latency.saturating_add(late)).await;
        self.after(call, effect, logged, result).await
    }

    /// Writes a call down, and asks whether it is let in and how long it takes.
    fn enter(&self, call: &Call) -> (Result<Duration, Refusal>, usize) {
        let mut inside = self.inside();
        let now = self.0.clock.now();
        let needs = Needs::of(call, &inside.state);
        if inside.log.len() == LOG {
            inside.log.pop_front();
            inside.forgotten += 1;
        }
        inside.log.push_back(Logged {
            service: call.service,
            operation: call.operation.clone(),
            region: call.region.clone(),
            input: call.input.clone(),
            at: now,
            quotas: needs.quotas.clone(),
            writes_to: needs.subject.as_ref().map(|(subject, _)| subject.clone()),
            refused: None,
        });
        let number = inside.forgotten + inside.log.len() - 1;
        (inside.traffic.enter(call, &needs, now, &self.0.settings), number)
    }

    fn note(&self, logged: usize, refused: Option<String>) {
        let mut inside = self.inside();
        let place = logged.checked_sub(inside.forgotten);
        if let Some(entry) = place.and_then(|place| inside.log.get_mut(place)) {
            entry.refused = refused;
        }
    }

    /// What a fault does in place of the call.
    async fn before(&self, call: &Call, effect: Option<Effect>, logged: usize) -> Option<Reply> {
        let effect = effect.filter(|effect| effect.is_instead())?;
        let refused = effect.refusal();
        self.note(logged, Some(refused.as_ref().map(|refusal| refusal.code.clone()).unwrap_or_default()));
        if effect.hangs() {
            std::future::pending::<()>().await;
        }
        Some(refused.map_or(Reply::Cut, |refusal| Reply::Answer(wire::render(call, Err(&refusal)))))
    }

    /// What a fault makes of the answer.
    async fn after(&self, call: &Call, effect: Option<Effect>, logged: usize, result: Result<Value, Refusal>) -> Reply {
        let answer = wire::render(call, result.as_ref());
        let Some(effect) = effect.filter(|effect| result.is_ok() && effect.is_afterwards()) else {
            return Reply::Answer(answer);
        };
        let refused = effect.refusal();
        self.note(logged, Some(refused.as_ref().map(|refusal| refusal.code.clone()).unwrap_or_default()));
        if effect.hangs() {
            std::future::pending::<()>().await;
        }
        match refused {
            Some(refusal) => Reply::Answer(wire::render(call, Err(&refusal))),
            None => effect.garble(answer).map_or(Reply::Cut, Reply::Answer),
        }
    }

    /// Does what the call says, all of it or nothing, and keeps what came of it.
    fn carry_out(&self, call: &Call) -> Result<Value, Refusal> {
        let mut inside = self.inside();
        let Inside { state, store, .. } = &mut *inside;
        let now = self.0.clock.now();
        let before = state.serial;
        let result = operations::run(state, call, now, &self.0.settings);
        let changed = state.serial != before || !operations::is_read(&call.operation);
        if result.is_ok() && changed {
            state.clock = now;
            keep(store.as_ref(), state).map_err(|why| Refusal::new(500, "InternalErrorException", why))?;
        }
        result
    }
}

/// Keeps a state, if there is a folder for it.
fn keep(store: Option<&Store>, state: &State) -> Result<(), String> {
    let kept = store.map_or(Ok(()), |store| store.save(state));
    kept.map_err(|why| format!("the sandbox cannot be kept: {why}"))
}
