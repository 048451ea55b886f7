//! Waiting for what AWS makes, changes or deletes over minutes: custom domains and replicas. It goes
//! on beside all other work, is told once, ends after an hour or when the run is interrupted, and
//! the next apply goes on from there.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::aws::Aws;
use crate::error::Error;
use crate::event::Event;
use crate::path::Path;

/// How long AWS may take.
const PATIENCE: Duration = Duration::from_hours(1);

/// How long to wait between two looks.
const PAUSE: Duration = Duration::from_secs(5);

/// A wait, from its beginning.
pub(super) struct Wait<'a> {
    aws: &'a Aws,
    address: &'a Path,
    /// What is waited for, such as `the domain`.
    what: &'static str,
    /// What AWS is doing with it, such as `set up`.
    doing: &'static str,
    cancel: &'a CancellationToken,
    begin: Instant,
    told: bool,
}

impl<'a> Wait<'a> {
    pub(super) fn new(
        aws: &'a Aws,
        address: &'a Path,
        what: &'static str,
        doing: &'static str,
        cancel: &'a CancellationToken,
    ) -> Self {
        Self { aws, address, what, doing, cancel, begin: Instant::now(), told: false }
    }

    /// Waits a little.
    pub(super) async fn a_little(&mut self) -> Result<(), Error> {
        let Self { what, doing, .. } = *self;
        if !self.told {
            self.told = true;
            let what = format!("AWS: {what} is being {doing}, which may take up to an hour");
            self.aws.events().send(Event::Waiting { address: self.address.clone(), what });
        }
        let still = |why: &str| {
            Err(Error::refused(format!("{what} is still being {doing}, {why}"))
                .with_help("apply again: it goes on from here"))
        };
        if self.begin.elapsed() > PATIENCE {
            return still("after an hour");
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => Ok(()),
            () = self.cancel.cancelled() => still("and the run was interrupted"),
        }
    }
}
