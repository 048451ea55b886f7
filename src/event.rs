//! What happens during a run, as it happens. Whoever does something sends an event; `view::progress`
//! shows it. Nothing here is needed for a run to be right.

use std::time::Duration;

use crate::path::Path;
use crate::plan::Action;

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// Live state is being read; `what` is an address or a few words.
    Reading {
        /// What is read.
        what: String,
    },
    /// An API call came back.
    Call {
        /// The API operation, such as `DescribeUserPool`.
        operation: &'static str,
        /// How long it waited for its turn, so that AWS would take it.
        waited: Duration,
        /// How long it took from then on, with its retries.
        took: Duration,
        /// AWS's request id.
        request_id: Option<String>,
        /// AWS's error code, if it failed.
        error: Option<String>,
    },
    /// An item of the plan is being worked on.
    Started {
        /// Its address.
        address: Path,
        /// What is done to it.
        action: Action,
    },
    /// An item waits for something that takes time on AWS's side.
    Waiting {
        /// Its address.
        address: Path,
        /// For what.
        what: String,
    },
    /// An item of the plan was done and seen to be so.
    Done {
        /// Its address.
        address: Path,
        /// What was done to it.
        action: Action,
        /// How long it took.
        took: Duration,
    },
    /// An item of the plan failed.
    Failed {
        /// Its address.
        address: Path,
        /// What was to be done to it.
        action: Action,
        /// A line on why.
        error: String,
    },
}

/// Where events go. Cheap to clone; events sent when nobody listens are dropped.
#[derive(Debug, Clone, Default)]
pub struct Events(Option<tokio::sync::mpsc::UnboundedSender<Event>>);

impl Events {
    /// A sender and the receiver that gets what is sent.
    #[must_use]
    pub fn channel() -> (Self, tokio::sync::mpsc::UnboundedReceiver<Event>) {
        let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
        (Self(Some(sender)), receiver)
    }

    /// Sends an event.
    pub fn send(&self, event: Event) {
        if let Some(sender) = &self.0 {
            let _ = sender.send(event);
        }
    }
}
