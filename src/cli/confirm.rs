//! The yes before anything is written, and the signals that end a run early.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use tokio_util::sync::CancellationToken;

use super::Exit;
use crate::view::printer::{self, Printer};

/// Asks for the yes. Nothing else goes on meanwhile, so a signal ends the process at once.
pub(super) fn ask(command: &str, signals: &Signals, printer: &Printer) -> std::io::Result<bool> {
    signals.at_once.store(true, Ordering::SeqCst);
    let question = format!("Do you want to {command} this?");
    let answer = printer::confirm(&question, printer);
    signals.at_once.store(false, Ordering::SeqCst);
    answer
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
    /// Whether the first one ends the process already.
    at_once: Arc<AtomicBool>,
}

impl Signal {
    /// Begins to listen.
    pub(super) fn listen() -> Signals {
        let signals = Signals { token: CancellationToken::new(), received: Arc::default(), at_once: Arc::default() };
        let (token, received, at_once) = (signals.token.clone(), signals.received.clone(), signals.at_once.clone());
        // From here on none is missed, those that come while another one is seen to neither.
        let mut streams = Streams::open();
        tokio::spawn(async move {
            loop {
                let code = streams.next().await;
                if received.swap(code, Ordering::SeqCst) != 0 || at_once.load(Ordering::SeqCst) {
                    std::process::exit(i32::from(code));
                }
                token.cancel();
            }
        });
        signals
    }
}

impl From<Signal> for Exit {
    fn from(signal: Signal) -> Self {
        match signal {
            Signal::Interrupt => Exit::Interrupted,
            Signal::Terminate => Exit::Terminated,
        }
    }
}

impl Signals {
    /// What is set by the first signal.
    pub(super) fn token(&self) -> CancellationToken {
        self.token.clone()
    }

    /// Waits for the first signal.
    pub(super) async fn first(&self) -> Signal {
        self.token.cancelled().await;
        self.received().unwrap_or(Signal::Interrupt)
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

/// The signals that end a run.
#[cfg(unix)]
struct Streams {
    interrupt: Option<tokio::signal::unix::Signal>,
    terminate: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Streams {
    fn open() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        Self { interrupt: signal(SignalKind::interrupt()).ok(), terminate: signal(SignalKind::terminate()).ok() }
    }

    /// Waits for a signal, and gives the exit code that it stands for.
    async fn next(&mut self) -> u8 {
        async fn of(stream: &mut Option<tokio::signal::unix::Signal>) {
            match stream {
                Some(stream) => drop(stream.recv().await),
                None => std::future::pending().await,
            }
        }
        tokio::select! {
            () = of(&mut self.interrupt) => INTERRUPTED,
            () = of(&mut self.terminate) => TERMINATED,
        }
    }
}

#[cfg(not(unix))]
struct Streams;

#[cfg(not(unix))]
impl Streams {
    fn open() -> Self {
        Self
    }

    async fn next(&mut self) -> u8 {
        let _ = tokio::signal::ctrl_c().await;
        INTERRUPTED
    }
}
