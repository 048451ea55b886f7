//! The yes before anything is written, and the signals that end a run early.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio_util::sync::CancellationToken;

use crate::view::printer::{self, Printer};

/// Asks for the yes.
pub(super) fn ask(command: &str, printer: &Printer) -> std::io::Result<bool> {
    printer::confirm(&format!("\nDo you want to {command} this? Only `yes` is taken for a yes: "), printer)
}

/// Why a run is to end early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// The system asks to end.
    Terminate,
}

/// Listens for signals: the first one keeps new work from being started, and what is under way is
/// finished; a second one ends the process at once.
pub(super) struct Signals {
    token: CancellationToken,
    received: Arc<AtomicU8>,
}

impl Signal {
    /// Begins to listen.
    pub(super) fn listen() -> Signals {
        let signals = Signals { token: CancellationToken::new(), received: Arc::default() };
        let (token, received) = (signals.token.clone(), signals.received.clone());
        tokio::spawn(async move {
            loop {
                let code = wait().await;
                if received.swap(code, Ordering::SeqCst) != 0 {
                    std::process::exit(i32::from(code));
                }
                token.cancel();
            }
        });
        signals
    }
}

impl Signals {
    /// What is set by the first signal.
    pub(super) fn token(&self) -> CancellationToken {
        self.token.clone()
    }

    /// The signal that came, if one did.
    pub(super) fn received(&self) -> Option<Signal> {
        match self.received.load(Ordering::SeqCst) {
            0 => None,
            TERMINATED => Some(Signal::Terminate),
            _ => Some(Signal::Interrupt),
        }
    }
}

const INTERRUPTED: u8 = 130;
const TERMINATED: u8 = 143;

/// Waits for a signal, and gives the exit code that it stands for.
#[cfg(unix)]
async fn wait() -> u8 {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return INTERRUPTED;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => INTERRUPTED,
        _ = terminate.recv() => TERMINATED,
    }
}

#[cfg(not(unix))]
async fn wait() -> u8 {
    let _ = tokio::signal::ctrl_c().await;
    INTERRUPTED
}
