//! When each call is made, so that AWS need not refuse any: every quota has its pace, and a pool, a
//! function or an identity pool is written by one call at a time. All stacks of a run that work in
//! the same account and region share one pacer, since AWS counts their calls together.
//!
//! A call that has to wait holds nothing. It is made at the moment when all that it needs is free:
//! a turn of its category, a turn of its operation in its pool, its subject where it writes, and
//! room for one more call under way. All is taken at once or not at all, so that no call blocks
//! another that could go, and none can wait for each other in a circle. In particular a turn is
//! never used up before the pool is free: calls that waited with their turns in hand would arrive
//! in a bunch.
//!
//! Of the calls that could go, that goes first whose queue will take the longest, and of those the
//! one that has waited longest: what takes longest should never stand still. With as many clients
//! to make as there is time for, groups and providers are made between them. Listings go before all
//! others, since nobody knows how much there is to do before they are there.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, oneshot};
use tokio::time::Instant;

use bucket::Bucket;
use quota::Category;
pub(super) use quota::Request;

mod bucket;
mod quota;
#[cfg(test)]
mod tests;

/// How many calls are under way at once. AWS's quotas together, at 150 ms for each call, ask for
/// about fifteen; at 300 ms they are still met.
const UNDER_WAY: usize = 32;

/// What a pacer has seen so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pacing {
    /// How many turns were given: calls made, those made again included.
    pub turns: usize,
    /// How many of them had to be waited for.
    pub waits: usize,
    /// How long, all together.
    pub waited: Duration,
    /// How many calls AWS refused because there were too many.
    pub throttles: usize,
    /// How many calls AWS refused because of another one at that moment.
    pub conflicts: usize,
}

/// Gives calls their turns. Cheap to clone; clones are the same pacer.
#[derive(Clone)]
pub(super) struct Pacer(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    /// The next turn is sooner than the clock was set to.
    sooner: Notify,
}

struct State {
    /// The share of AWS's quotas that is used.
    share: f64,
    categories: Vec<(Category, Bucket)>,
    queues: Vec<Queue>,
    index: HashMap<Request, usize>,
    /// The queues in which something waits.
    busy: Vec<usize>,
    /// What is written now and then, and whether it is at this moment.
    subjects: HashMap<String, usize>,
    written: Vec<bool>,
    room: usize,
    arrivals: u64,
    /// What the clock is set to, while it runs.
    clock: Option<Instant>,
    seen: Pacing,
}

/// Calls that need the same.
struct Queue {
    /// Its category, by its place.
    category: usize,
    /// What it writes, by its place.
    writes: Option<usize>,
    /// The operation's own pace on its subject, where it has one.
    own: Option<Bucket>,
    /// Whether its calls go before all others.
    first: bool,
    waiting: VecDeque<Waiting>,
    /// Since when AWS has refused all calls of this queue as too many.
    refused: Option<Instant>,
}

struct Waiting {
    arrival: u64,
    since: Instant,
    turn: oneshot::Sender<Turn>,
}

/// The right to make one call now. What it holds is free again when it is dropped.
pub(super) struct Turn {
    pacer: Pacer,
    queue: usize,
    arrival: u64,
    given: Instant,
    waited: Duration,
}

impl Pacer {
    /// A pacer that uses this share of AWS's default quotas.
    pub(super) fn new(share: f64) -> Self {
        let state = State {
            share,
            categories: Vec::new(),
            queues: Vec::new(),
            index: HashMap::new(),
            busy: Vec::new(),
            subjects: HashMap::new(),
            written: Vec::new(),
            room: UNDER_WAY,
            arrivals: 0,
            clock: None,
            seen: Pacing::default(),
        };
        Self(Arc::new(Shared { state: Mutex::new(state), sooner: Notify::new() }))
    }

    /// A pacer with the same share, for a place whose calls are counted apart.
    pub(super) fn anew(&self) -> Self {
        Self::new(self.state().share)
    }

    /// Waits until the call may be made. One that AWS refused comes back to its `place`.
    pub(super) async fn turn(&self, request: &Request, place: Option<Place>) -> Turn {
        loop {
            let (turn, given) = oneshot::channel();
            let first = self.state().enqueue(request, place, turn);
            // Behind another one it is not its turn yet.
            if first {
                self.settle(false);
            }
            // The sender stays in its queue until it is used, so this is no loop in practice.
            if let Ok(turn) = given.await {
                return turn;
            }
        }
    }

    /// What was seen so far.
    pub(super) fn seen(&self) -> Pacing {
        self.state().seen
    }

    /// Counts a refusal that another call at that moment was the reason for.
    pub(super) fn met_conflict(&self) {
        self.state().seen.conflicts += 1;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives all turns that can be given, and sets the clock to the next one.
    fn settle(&self, by_clock: bool) {
        let mut given = Vec::new();
        let mut state = self.state();
        let now = Instant::now();
        while let Some(queue) = state.next(now) {
            given.extend(state.give(queue, now).map(|waiting| {
                let waited = now.saturating_duration_since(waiting.since);
                let turn = Turn { pacer: self.clone(), queue, arrival: waiting.arrival, given: now, waited };
                (waiting.turn, turn)
            }));
        }
        let next = state.soonest(now);
        match (state.clock, next) {
            _ if by_clock => state.clock = next,
            (None, Some(_)) => {
                // Where there is no runtime any more nobody waits either.
                if let Ok(runtime) = tokio::runtime::Handle::try_current() {
                    state.clock = next;
                    runtime.spawn(self.clone().run_clock());
                }
            }
            (Some(set), Some(next)) if next < set => {
                state.clock = Some(next);
                self.0.sooner.notify_one();
            }
            _ => {}
        }
        drop(state);
        for (waiting, turn) in given {
            // A turn that nobody takes any more is dropped here, and what it holds is free again.
            let _ = waiting.send(turn);
        }
    }

    /// Runs until there is nothing that time alone will bring.
    async fn run_clock(self) {
        loop {
            let Some(next) = self.state().clock else { return };
            tokio::select! {
                () = tokio::time::sleep_until(next) => self.settle(true),
                () = self.0.sooner.notified() => {}
            }
        }
    }
}

impl State {
    /// Has a call wait. Says whether it is the only one in its queue.
    fn enqueue(&mut self, request: &Request, place: Option<Place>, turn: oneshot::Sender<Turn>) -> bool {
        let now = Instant::now();
        let queue = self.queue(request, now);
        let arrival = place.map_or(self.arrivals, |place| place.0);
        self.arrivals += u64::from(place.is_none());
        let waiting = &mut self.queues[queue].waiting;
        let at = waiting.partition_point(|other| other.arrival < arrival);
        waiting.insert(at, Waiting { arrival, since: now, turn });
        let first = waiting.len() == 1;
        if first {
            self.busy.push(queue);
        }
        first
    }

    /// The queue of a call.
    fn queue(&mut self, request: &Request, now: Instant) -> usize {
        if let Some(queue) = self.index.get(request) {
            return *queue;
        }
        let share = self.share;
        let category = self.categories.iter().position(|(category, _)| *category == request.category);
        let category = category.unwrap_or_else(|| {
            self.categories.push((request.category, Bucket::new(request.category.rate() * share, now)));
            self.categories.len() - 1
        });
        let writes = request.subject.as_ref().filter(|_| request.writes).map(|subject| {
            let subject = *self.subjects.entry(subject.clone()).or_insert(self.written.len());
            if subject == self.written.len() {
                self.written.push(false);
            }
            subject
        });
        let own = request.own_rate().map(|rate| Bucket::new(rate * share, now));
        let queue = self.queues.len();
        self.queues.push(Queue {
            category,
            writes,
            own,
            first: request.is_listing(),
            waiting: VecDeque::new(),
            refused: None,
        });
        self.index.insert(request.clone(), queue);
        queue
    }

    /// When the first call of a queue could be made, as far as that is a matter of time.
    fn ready(&self, queue: &Queue, now: Instant) -> Option<Instant> {
        if queue.writes.is_some_and(|subject| self.written[subject]) {
            return None;
        }
        let own = queue.own.as_ref().map_or(now, |own| own.ready(now));
        Some(own.max(self.categories[queue.category].1.ready(now)))
    }

    /// The queue whose first call is to be made now.
    fn next(&self, now: Instant) -> Option<usize> {
        let ready = |queue: &&usize| self.ready(&self.queues[**queue], now).is_some_and(|ready| ready <= now);
        let rank = |queue: &usize| {
            let queue = &self.queues[*queue];
            let slowest = queue.own.as_ref().unwrap_or(&self.categories[queue.category].1);
            #[expect(clippy::cast_precision_loss, reason = "an estimate")]
            let left = queue.waiting.len() as f64 / slowest.rate();
            (queue.first, left, queue.waiting.front().map_or(u64::MAX, |first| first.arrival))
        };
        let ready = self.busy.iter().filter(ready).filter(|_| self.room > 0);
        let ranked = ready.map(|queue| (rank(queue), *queue));
        ranked
            .max_by(|((listing, one, first), _), ((other_listing, other, second), _)| {
                listing.cmp(other_listing).then(one.total_cmp(other)).then(second.cmp(first))
            })
            .map(|(_, queue)| queue)
    }

    /// Takes the first call off a queue, and takes what it needs, if it is still waited for.
    fn give(&mut self, queue: usize, now: Instant) -> Option<Waiting> {
        let Queue { category, writes, own, waiting, .. } = &mut self.queues[queue];
        let first = waiting.pop_front();
        if waiting.is_empty() {
            self.busy.retain(|other| *other != queue);
        }
        let first = first.filter(|first| !first.turn.is_closed())?;
        self.categories[*category].1.take(now);
        if let Some(own) = own {
            own.take(now);
        }
        if let Some(subject) = *writes {
            self.written[subject] = true;
        }
        self.room -= 1;
        self.seen.turns += 1;
        let waited = now.saturating_duration_since(first.since);
        self.seen.waits += usize::from(!waited.is_zero());
        self.seen.waited += waited;
        Some(first)
    }

    /// When time alone makes the next call possible.
    fn soonest(&self, now: Instant) -> Option<Instant> {
        let busy = self.busy.iter().filter(|_| self.room > 0);
        busy.filter_map(|queue| self.ready(&self.queues[*queue], now)).min()
    }
}

/// A call's place in its queue.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place(u64);

impl Turn {
    /// How long it was waited for.
    pub(super) fn waited(&self) -> Duration {
        self.waited
    }

    /// The place to come back to.
    pub(super) fn place(&self) -> Place {
        Place(self.arrival)
    }

    /// AWS took the call, whatever came of it: the pace may rise.
    pub(super) fn taken(&self) {
        let now = Instant::now();
        let mut state = self.pacer.state();
        for bucket in state.buckets(self.queue) {
            bucket.taken(now);
        }
        state.queues[self.queue].refused = None;
    }

    /// AWS refused the call because there were too many: others use the quota too, so the pace is
    /// halved. Which quota it was AWS does not say. Gives the time since when nothing else has come
    /// of calls like this.
    pub(super) fn refused(&self) -> Instant {
        let now = Instant::now();
        let mut state = self.pacer.state();
        for bucket in state.buckets(self.queue) {
            bucket.refused(self.given, now);
        }
        state.seen.throttles += 1;
        *state.queues[self.queue].refused.get_or_insert(now)
    }
}

impl State {
    /// The buckets that a call of this queue takes from.
    fn buckets(&mut self, queue: usize) -> impl Iterator<Item = &mut Bucket> {
        let Queue { category, own, .. } = &mut self.queues[queue];
        [&mut self.categories[*category].1].into_iter().chain(own)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut state = self.pacer.state();
        state.room += 1;
        let full = state.room == 1;
        let writes = state.queues[self.queue].writes;
        if let Some(subject) = writes {
            state.written[subject] = false;
        }
        drop(state);
        // Nobody waits for anything else than that.
        if full || writes.is_some() {
            self.pacer.settle(false);
        }
    }
}
