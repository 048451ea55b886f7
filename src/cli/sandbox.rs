//! `sandbox`: the control plane that other commands have inside them, over HTTP.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use super::confirm::Signal;
use super::{Exit, Serving, show};
use crate::error::Error;
use crate::sandbox::faults::Script;
use crate::sandbox::server::{self, Served};
use crate::sandbox::unconfirmed::unconfirmed;
use crate::sandbox::{Sandbox, Settings};
use crate::view::printer::Printer;
use crate::view::report;

pub(super) async fn run(serving: Serving, printer: &Arc<Printer>) -> Exit {
    if serving.unconfirmed {
        return show::written(&printer.data(&decisions()));
    }
    // From here on, since whoever reads the address may end this at once.
    let signals = Signal::listen();
    let (sandbox, listener) = match open(&serving).await {
        Ok(open) => open,
        Err(error) => {
            printer.error(&report::error(&error, &printer.notes_style()));
            return Exit::Failure;
        }
    };
    let url = match listener.local_addr() {
        Ok(address) => format!("http://{address}"),
        Err(_) => format!("http://{}", serving.listen),
    };
    if printer.data(&format!("{url}\n")).is_err() {
        return Exit::Failure;
    }
    printer.note(&welcome(&serving, &url));
    let telling = printer.clone();
    let watch = move |served: &Served| {
        if telling.settings().verbose || served.is_unknown() {
            telling.error(&line(served));
        }
    };
    server::serve(sandbox, listener, signals.token(), Arc::new(watch)).await;
    signals.received().unwrap_or(Signal::Interrupt).into()
}

/// How it behaves, as the flags say.
fn settings(serving: &Serving) -> Settings {
    let rehearsal = Settings::rehearsal();
    let latency = serving.latency.map(|latency| Duration::from_millis(latency.into()));
    Settings {
        account: serving.account.clone(),
        read_latency: latency.unwrap_or(rehearsal.read_latency),
        write_latency: latency.unwrap_or(rehearsal.write_latency),
        quotas: !serving.no_quotas,
        ..rehearsal
    }
}

async fn open(serving: &Serving) -> Result<(Sandbox, TcpListener), Error> {
    let settings = settings(serving);
    let sandbox = if serving.memory {
        Sandbox::new(settings)
    } else {
        Sandbox::open(&serving.dir, settings).map_err(Error::refused)?
    };
    sandbox.set_faults(Script::new(serving.fault.clone()));
    let listener = TcpListener::bind(serving.listen).await;
    let listener = listener.map_err(|why| Error::refused(format!("cannot listen on {}: {why}", serving.listen)))?;
    Ok((sandbox, listener))
}

/// What was decided where AWS's behaviour is not known for sure, a line each.
fn decisions() -> String {
    let lines: Vec<String> = unconfirmed().map(|(kind, decision)| format!("{kind}: {decision}\n")).collect();
    lines.concat()
}

/// How to use it, and what to be careful of.
fn welcome(serving: &Serving, url: &str) -> String {
    let kept = if serving.memory { "in memory".to_owned() } else { format!("in {}", serving.dir.display()) };
    let mut text = format!(
        "The sandbox, kept {kept}, listens until it is interrupted. To point a client of AWS at it:\n\n  \
         export AWS_ENDPOINT_URL={url} AWS_ACCESS_KEY_ID=sandbox AWS_SECRET_ACCESS_KEY=sandbox AWS_REGION=us-east-1\n"
    );
    if !serving.listen.ip().is_loopback() {
        text.push_str(
            "\nWarning: other machines can reach it, and there is no authentication: \
             whoever does can read and change all that it holds.\n",
        );
    }
    text
}

/// A call, for people.
fn line(served: &Served) -> String {
    let status = served.status.map_or("no answer".to_owned(), |status| status.to_string());
    let code = served.code.as_ref().map(|code| format!(" {code}")).unwrap_or_default();
    format!("{} {status}{code}", served.operation)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::super::{Arguments, Command};
    use super::*;

    /// What is typed behind `poolkeeper sandbox`.
    fn typed(arguments: &[&str]) -> Serving {
        let typed = Arguments::try_parse_from([&["poolkeeper", "sandbox"], arguments].concat());
        let Ok(Arguments { command: Command::Sandbox(serving), .. }) = typed else { panic!("{arguments:?}") };
        serving
    }

    #[test]
    fn a_latency_that_is_typed_is_every_calls_and_without_one_a_write_takes_longer() {
        let latencies = |arguments: &[&str]| {
            let settings = settings(&typed(arguments));
            (settings.read_latency.as_millis(), settings.write_latency.as_millis())
        };
        assert_eq!(latencies(&[]), (2, 10));
        assert_eq!(latencies(&["--latency", "0"]), (0, 0));
        assert_eq!(latencies(&["--latency", "250"]), (250, 250));
    }

    #[test]
    fn a_fault_that_could_never_be_is_a_wrong_argument() {
        for (fault, told) in [("CreateGruop#1=lost", "`CreateGruop`"), ("CreateGroup#3-2=lost", "`3-2`")] {
            let why =
                Arguments::try_parse_from(["poolkeeper", "sandbox", "--fault", fault]).map(|_| ()).expect_err(fault);
            assert!(why.to_string().contains(told), "{why}");
        }
    }

    #[test]
    fn who_listens_to_other_machines_is_warned() {
        for (address, warned) in
            [("127.0.0.1:0", false), ("[::1]:0", false), ("0.0.0.0:0", true), ("[::]:0", true), ("192.0.2.1:80", true)]
        {
            let serving = typed(&["--listen", address]);
            assert_eq!(welcome(&serving, "http://x").contains("Warning"), warned, "{address}");
        }
    }
}
