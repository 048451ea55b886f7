//! What happens, as it happens, on stderr. On a terminal a live display: a line with what is being
//! read, or one for each resource that is worked on, which go when they are done. Elsewhere, and
//! on a terminal for what stays, plain lines, each thing once.

use std::collections::BTreeMap;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use tokio::sync::mpsc::UnboundedReceiver;

use super::line::{Line, Role, draw};
use super::printer::Printer;
use super::{duration, report, value};
use crate::event::Event;
use crate::path::Path;
use crate::plan::Action;

const TICK: Duration = Duration::from_millis(100);

/// Shows events until their channel is closed, and leaves the terminal clean.
pub async fn show(mut events: UnboundedReceiver<Event>, printer: &Printer) {
    let settings = printer.settings();
    let mut screen = printer.live().map(|live| Screen::new(live, printer));
    let mut lines = Lines { verbose: settings.verbose, live: screen.is_some(), ..Lines::default() };
    let mut told = false;
    while let Some(event) = events.recv().await {
        if settings.quiet {
            continue;
        }
        // First off the screen, so that no line stands there twice.
        if let Some(screen) = &mut screen {
            screen.update(&event);
        }
        if let Some(line) = lines.line(&event) {
            told = true;
            printer.note(&draw(&[line], &printer.notes_style()));
        }
    }
    if told && screen.take().is_some() {
        // On a terminal what was done stands above what is printed next.
        printer.note("\n");
    }
}

/// The lines that stay.
#[derive(Default)]
struct Lines {
    verbose: bool,
    live: bool,
    told_reading: bool,
    told_waiting: BTreeMap<Path, String>,
}

impl Lines {
    fn line(&mut self, event: &Event) -> Option<Line> {
        match event {
            Event::Reading { .. } => {
                let first = !std::mem::replace(&mut self.told_reading, true);
                (first && !self.live).then(|| Line::default().push(Role::Quiet, "Reading what is live"))
            }
            Event::Call { operation, waited, took, request_id, error } => {
                self.verbose.then(|| call(operation, *waited, *took, request_id.as_deref(), error.as_deref()))
            }
            Event::Started { address, action } => (!self.live).then(|| titled(*action, doing(*action), address)),
            Event::Waiting { address, what } => {
                let before = self.told_waiting.insert(address.clone(), what.clone());
                (!self.live && before.as_ref() != Some(what)).then(|| {
                    let text = format!(" waits for {}", value::visible(what));
                    Line::at(2).push(Role::Name, value::path(address)).push(Role::Quiet, text)
                })
            }
            Event::Done { address, action, took } => {
                let took = format!(" ({})", duration(*took));
                Some(titled(*action, report::past(*action), address).push(Role::Quiet, took))
            }
            Event::Failed { address, action, error } => {
                let words = format!("failed to {}", action.word_and_symbol().0);
                let line = Line::default().mark(Role::Fault, '!').push(Role::Fault, words).push(Role::Plain, " ");
                Some(
                    line.push(Role::Name, value::path(address))
                        .push(Role::Plain, format!(": {}", value::visible(error))),
                )
            }
        }
    }
}

fn titled(action: Action, word: &str, address: &Path) -> Line {
    let role = Role::of(action);
    let line = Line::default().mark(role, action.word_and_symbol().1).push(role, word);
    line.push(Role::Plain, " ").push(Role::Name, value::path(address))
}

/// A wait for a turn that is not worth telling of.
const SHORT_WAIT: Duration = Duration::from_millis(100);

fn call(operation: &str, waited: Duration, took: Duration, request_id: Option<&str>, error: Option<&str>) -> Line {
    let mut line = Line::at(2).push(Role::Quiet, operation);
    if let Some(code) = error {
        line = line.push(Role::Fault, format!(" {}", value::visible(code)));
    }
    let request = request_id.map_or(String::new(), |id| format!(", request id {}", value::visible(id)));
    let waited = if waited < SHORT_WAIT { String::new() } else { format!(" after waiting {}", duration(waited)) };
    line.push(Role::Quiet, format!(" {}{waited}{request}", duration(took)))
}

fn doing(action: Action) -> &'static str {
    match action {
        Action::Keep => "keeping",
        Action::Create => "creating",
        Action::Update => "updating",
        Action::Adopt => "adopting",
        Action::Replace => "replacing",
        Action::Delete => "deleting",
        Action::Release => "releasing",
        Action::Blocked => "blocked",
    }
}

/// The lines that go again.
struct Screen<'a> {
    live: &'a MultiProgress,
    printer: &'a Printer,
    reading: Option<ProgressBar>,
    working: BTreeMap<Path, (Action, ProgressBar)>,
}

impl<'a> Screen<'a> {
    fn new(live: &'a MultiProgress, printer: &'a Printer) -> Self {
        Self { live, printer, reading: None, working: BTreeMap::new() }
    }

    fn update(&mut self, event: &Event) {
        match event {
            // While something is worked on, reads are part of that.
            Event::Reading { what } if self.working.is_empty() => {
                let (live, message) = (self.live, self.printer.clean(&value::visible(what)));
                let bar = self.reading.get_or_insert_with(|| {
                    bar(live, "{spinner} Reading what is live, {pos} API calls, {elapsed}  {wide_msg:.dim}")
                });
                bar.set_message(message);
            }
            Event::Call { .. } => {
                if let Some(bar) = &self.reading {
                    bar.inc(1);
                }
            }
            Event::Started { address, action } => {
                self.stop_reading();
                let bar = bar(self.live, "{spinner} {elapsed:>3}  {wide_msg}");
                self.working.insert(address.clone(), (*action, bar));
                self.tell(address, "");
            }
            Event::Waiting { address, what } => self.tell(address, &format!(" waits for {}", value::visible(what))),
            Event::Done { address, .. } | Event::Failed { address, .. } => {
                if let Some((_, bar)) = self.working.remove(address) {
                    bar.finish_and_clear();
                    self.live.remove(&bar);
                }
            }
            Event::Reading { .. } => {}
        }
    }

    fn tell(&self, address: &Path, more: &str) {
        if let Some((action, bar)) = self.working.get(address) {
            let text = format!("{} {}{more}", doing(*action), value::path(address));
            bar.set_message(self.printer.clean(&text));
        }
    }

    fn stop_reading(&mut self) {
        if let Some(bar) = self.reading.take() {
            bar.finish_and_clear();
            self.live.remove(&bar);
        }
    }
}

impl Drop for Screen<'_> {
    fn drop(&mut self) {
        self.stop_reading();
        for (_, bar) in self.working.values() {
            bar.finish_and_clear();
            self.live.remove(bar);
        }
        let _ = self.live.clear();
    }
}

fn bar(live: &MultiProgress, template: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner());
    let bar = live.add(ProgressBar::no_length().with_style(style));
    bar.enable_steady_tick(TICK);
    bar
}

#[cfg(test)]
mod tests {
    use super::super::printer::Settings;
    use super::super::printer::tests::buffered;
    use super::*;
    use crate::event::Events;

    async fn shown(settings: Settings) -> String {
        let (printer, data, notes) = buffered(settings);
        printer.hide(&["hunter22".to_owned()]);
        let (events, receiver) = Events::channel();
        let address = |text: &str| text.parse::<Path>().expect("an address");
        let (pool, client) = (address("userPools.customers"), address("userPools.customers.clients.web"));
        let took = Duration::from_millis(1_240);
        let call = |error: Option<&str>| Event::Call {
            operation: "DescribeUserPool",
            waited: if error.is_some() { took * 10 } else { Duration::ZERO },
            took,
            request_id: Some("f5b1a9d2".to_owned()),
            error: error.map(str::to_owned),
        };
        let waiting = Event::Waiting { address: pool.clone(), what: "the domain".to_owned() };
        let error = "it is\nhunter22".to_owned();
        for event in [
            Event::Reading { what: "userPools.customers".to_owned() },
            call(None),
            Event::Reading { what: "userPools.staff".to_owned() },
            call(Some("TooManyRequestsException")),
            Event::Started { address: pool.clone(), action: Action::Update },
            waiting.clone(),
            waiting,
            Event::Done { address: pool, action: Action::Update, took },
            Event::Started { address: client.clone(), action: Action::Create },
            Event::Failed { address: client, action: Action::Create, error },
        ] {
            events.send(event);
        }
        drop(events);
        show(receiver, &printer).await;
        assert_eq!(data.text(), "");
        notes.text()
    }

    #[tokio::test]
    async fn without_a_terminal_each_thing_is_told_once() {
        insta::assert_snapshot!(shown(Settings::default()).await, @r#"
        Reading what is live
        ~ updating userPools.customers
          userPools.customers waits for the domain
        ~ updated userPools.customers (1.2 s)
        + creating userPools.customers.clients.web
        ! failed to create userPools.customers.clients.web: it is\n(secret)
        "#);
    }

    #[tokio::test]
    async fn verbose_tells_each_call_and_quiet_nothing() {
        insta::assert_snapshot!(shown(Settings { verbose: true, ..Settings::default() }).await, @r#"
        Reading what is live
          DescribeUserPool 1.2 s, request id f5b1a9d2
          DescribeUserPool TooManyRequestsException 1.2 s after waiting 12.4 s, request id f5b1a9d2
        ~ updating userPools.customers
          userPools.customers waits for the domain
        ~ updated userPools.customers (1.2 s)
        + creating userPools.customers.clients.web
        ! failed to create userPools.customers.clients.web: it is\n(secret)
        "#);
        assert_eq!(shown(Settings { quiet: true, ..Settings::default() }).await, "");
    }
}
