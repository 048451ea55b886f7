//! The edge to AWS: who we are there, the clients, and one way to call each operation, which waits
//! for its turn, counts calls, tells of them, and waits out what AWS asks to wait out.
//!
//! The SDK retries nothing, so that each attempt waits for its turn. Where AWS or the connection is
//! out of order, what makes something new is not tried again; the rest is, a few times.
//! `LimitExceededException` is a quota and
//! not a throttle, so it is not retried at all. What AWS refused without doing it (throttling,
//! another write to the same pool at that moment) is tried again until a deadline, at a slower pace
//! or after a pause.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use crate::error::Error;
use crate::event::{Event, Events};
use crate::live::Place;
use error::Answer;
pub use operation::Operation;
pub use pace::Pacing;
use pace::{Pacer, Request};
use retry::Refusal;
use start::Start;

pub mod body;
mod error;
pub mod lambda;
mod operation;
mod pace;
mod retry;
mod sandbox;
mod session;
pub mod shape;
mod start;
pub mod tagging;
#[cfg(test)]
mod tests;

pub use session::Settings;

/// How long a call that AWS refuses for the moment is tried again.
const PATIENCE: Duration = Duration::from_mins(2);

/// Pages of a listing; AWS's own limits on what is listed end far before.
const MOST_PAGES: usize = 1_000;

/// The clients for one account and region. Cheap to clone.
#[derive(Clone)]
pub struct Aws {
    user_pools: aws_sdk_cognitoidentityprovider::Client,
    identity_pools: aws_sdk_cognitoidentity::Client,
    lambda: aws_sdk_lambda::Client,
    tagging: aws_sdk_resourcegroupstagging::Client,
    place: Arc<Place>,
    events: Events,
    calls: Arc<AtomicUsize>,
    pacer: Pacer,
    /// The paces in other regions, by region.
    elsewhere: Arc<Mutex<HashMap<String, Pacer>>>,
    start: Option<Start>,
}

impl Aws {
    /// Where this works.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// How many API calls were made so far.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }

    /// The same clients, with a count of calls that begins anew: for another stack in the same place.
    #[must_use]
    pub fn counted_anew(&self) -> Self {
        Self { calls: Arc::default(), ..self.clone() }
    }

    /// The same clients, with other events.
    #[must_use]
    pub fn telling(&self, events: Events) -> Self {
        Self { events, ..self.clone() }
    }

    /// Where events go.
    #[must_use]
    pub fn events(&self) -> &Events {
        &self.events
    }

    /// The same clients, in step with others that work in the same place: AWS counts their calls
    /// together.
    #[must_use]
    pub fn in_step_with(&self, other: &Self) -> Self {
        Self { pacer: other.pacer.clone(), ..self.clone() }
    }

    /// The same caller in another region, for the user pools that are there. AWS counts calls by region,
    /// so they have a pace of their own.
    #[must_use]
    pub fn in_region(&self, region: &str) -> Self {
        let config = self.user_pools.config().to_builder();
        let config = config.region(aws_sdk_cognitoidentityprovider::config::Region::new(region.to_owned()));
        let mut pacers = self.elsewhere.lock().unwrap_or_else(PoisonError::into_inner);
        let pacer = pacers.entry(region.to_owned()).or_insert_with(|| self.pacer.anew()).clone();
        Self {
            user_pools: aws_sdk_cognitoidentityprovider::Client::from_conf(config.build()),
            place: Arc::new(Place { region: region.to_owned(), ..Place::clone(&self.place) }),
            pacer,
            ..self.clone()
        }
    }

    /// How calls were paced so far, those of all clients that are in step with these.
    #[must_use]
    pub fn pacing(&self) -> Pacing {
        self.pacer.seen()
    }

    /// Makes a call of the user pools or identity pools API.
    pub async fn call(&self, operation: Operation, body: Value) -> Result<Value, Error> {
        // Boxed, since the SDK's futures are large.
        self.run(Request::of(operation, &body), || Box::pin(operation.send(self, &body))).await
    }

    /// Makes a call when it has its turn, again while AWS refuses it for the moment, and tells of it.
    async fn run<T, F>(&self, request: Request, send: impl Fn() -> F) -> Result<T, Error>
    where
        F: Future<Output = Answer<T>>,
    {
        let mut place = None;
        let mut refused = None;
        let (mut conflicts, mut disorders) = (0, 0);
        loop {
            let turn = self.unless_called_off(request.writes, self.pacer.turn(&request, place)).await?;
            let begin = Instant::now();
            self.calls.fetch_add(1, Ordering::Relaxed);
            let answer = send().await;
            let told = |request_id, error| {
                let (operation, waited, took) = (request.operation(), turn.waited(), begin.elapsed());
                self.events.send(Event::Call { operation, waited, took, request_id, error });
            };
            let (failure, disorder) = match answer {
                Answer::Success(value, request_id) => {
                    turn.taken();
                    told(request_id, None);
                    return Ok(value);
                }
                Answer::Failure(failure) => (failure, false),
                Answer::Disorder(failure) => (failure, true),
            };
            told(failure.request_id.clone(), failure.code.clone());
            let now = Instant::now();
            let since = *refused.get_or_insert(now);
            let refusal = Refusal::of(&failure);
            if refusal != Some(Refusal::Throttled) {
                turn.taken();
            }
            let since = match refusal {
                None if disorder && disorders + 1 < retry::ATTEMPTS && request.is_repeatable() => now,
                None => return Err(failure.into()),
                // Where nothing like it gets through it is no use for each to wait as long again.
                Some(Refusal::Throttled) => turn.refused().min(since),
                Some(Refusal::NotNow) => since,
            };
            if now.saturating_duration_since(since) >= PATIENCE {
                return Err(failure.into());
            }
            place = Some(turn.place());
            drop(turn);
            match refusal {
                Some(Refusal::Throttled) => {}
                Some(Refusal::NotNow) => {
                    self.pacer.met_conflict();
                    tokio::time::sleep(retry::back_off(conflicts)).await;
                    conflicts += 1;
                }
                None => {
                    tokio::time::sleep(retry::back_off(disorders + retry::LONGER)).await;
                    disorders += 1;
                }
            }
        }
    }

    /// All pages of a listing: the items under `list`, with `body` sent each time. An answer without
    /// the list says nothing, so it is an error and no empty listing.
    pub async fn list(&self, operation: Operation, mut body: Value, list: &str) -> Result<Vec<Value>, Error> {
        let mut items = Vec::new();
        let mut pages = Pages::of(operation.name());
        loop {
            let mut page = self.call(operation, body.clone()).await?;
            let Some(Value::Array(found)) = page.get_mut(list).map(Value::take) else {
                return Err(Error::refused(format!("AWS's answer to {} has no list `{list}`", operation.name())));
            };
            items.extend(found);
            let next = match page.get_mut("NextToken").map(Value::take) {
                None | Some(Value::Null) => None,
                Some(Value::String(token)) => Some(token),
                Some(_) => return Err(Error::refused(format!("AWS's answer to {} has no end", operation.name()))),
            };
            match pages.next(next)? {
                Some(token) => body["NextToken"] = Value::String(token),
                None => return Ok(items),
            }
        }
    }
}

/// The pages of a listing so far.
struct Pages {
    operation: &'static str,
    seen: HashSet<String>,
}

impl Pages {
    fn of(operation: &'static str) -> Self {
        Self { operation, seen: HashSet::new() }
    }

    /// The token of the next page, if there is one. A page that was seen before leads nowhere.
    fn next(&mut self, token: Option<String>) -> Result<Option<String>, Error> {
        let Some(token) = token.filter(|token| !token.is_empty()) else { return Ok(None) };
        if self.seen.len() == MOST_PAGES || !self.seen.insert(token.clone()) {
            return Err(Error::refused(format!("{} goes on without end", self.operation)));
        }
        Ok(Some(token))
    }
}

/// Whether AWS says that something is not there.
#[must_use]
pub fn is_not_found(error: &Error) -> bool {
    error.code() == Some("ResourceNotFoundException")
}

/// Whether who answers does not know the operation: a stand-in of AWS, in which nothing can be of what it
/// is about.
#[must_use]
pub fn is_unknown(error: &Error) -> bool {
    matches!(error.code(), Some("InvalidAction" | "UnknownOperationException" | "UnknownOperation" | "NotImplemented"))
}

/// The answer where the thing may be missing: `None` is AWS's word that it is not there. Any other
/// failure stays one, since a refused read is not an absence.
pub fn found<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if is_not_found(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a call may have had its effect although it failed.
#[must_use]
pub fn is_ambiguous(error: &Error) -> bool {
    matches!(error, Error::Aws(error) if error.ambiguous)
}
