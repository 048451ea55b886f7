//! A piece of work whose beginning is its first write: until that has its turn nothing was changed,
//! and an interruption calls it off.

use std::sync::{Arc, OnceLock};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Aws;
use crate::error::Error;
use crate::event::Event;

/// Whether, and when, a piece of work began.
#[derive(Clone)]
pub(super) struct Start {
    cancel: CancellationToken,
    begun: Arc<OnceLock<Instant>>,
    told: Option<Event>,
}

impl Aws {
    /// The same clients, for a piece of work of its own. It begins with its first write, and then
    /// sends `told`. Once `cancel` is set it does not begin any more, but ends what it has begun.
    #[must_use]
    pub fn starting(&self, cancel: &CancellationToken, told: Option<Event>) -> Self {
        let start = Start { cancel: cancel.clone(), begun: Arc::default(), told };
        Self { start: Some(start), ..self.clone() }
    }

    /// When the piece of work began, if it did.
    #[must_use]
    pub fn begun(&self) -> Option<Instant> {
        self.start.as_ref()?.begun.get().copied()
    }

    /// Begins the piece of work, if it has not begun.
    pub fn begin(&self) {
        let Some(start) = &self.start else { return };
        if start.begun.set(Instant::now()).is_ok()
            && let Some(event) = &start.told
        {
            self.events.send(event.clone());
        }
    }

    /// Waits for a turn, or for the interruption that calls off what has not begun.
    pub(super) async fn unless_called_off<T>(&self, writes: bool, turn: impl Future<Output = T>) -> Result<T, Error> {
        let Some(start) = self.start.as_ref().filter(|start| start.begun.get().is_none()) else {
            return Ok(turn.await);
        };
        let called_off = tokio::select! {
            biased;
            () = start.cancel.cancelled() => None,
            turn = turn => Some(turn),
        };
        // Of several first calls side by side another may have begun it.
        let turn = called_off.ok_or_else(|| Error::refused("it was not begun, since the run was interrupted"))?;
        if writes {
            self.begin();
        }
        Ok(turn)
    }
}
