//! The real binary in a process of its own, and a sandbox that it reaches over HTTP, which lives in
//! the test's process and can be looked into.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use poolkeeper::sandbox::server::serve;
use poolkeeper::sandbox::{Logged, Sandbox};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio_util::sync::CancellationToken;

use crate::lab::{Lab, REGION};

/// How long anything may take before a test gives up on it.
const PATIENCE: Duration = Duration::from_mins(3);

/// How often to look whether something has come about.
const LOOK: Duration = Duration::from_millis(2);

/// Serves a sandbox as long as it is there. Once it is gone no call has an effect any more.
pub(crate) struct Server {
    url: String,
    sandbox: Sandbox,
    _runtime: Runtime,
}

impl Server {
    pub(crate) fn start(sandbox: &Sandbox) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0))).expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        runtime.spawn(serve(sandbox.clone(), listener, CancellationToken::new(), Arc::new(|_| ())));
        Self { url, sandbox: sandbox.clone(), _runtime: runtime }
    }

    /// Starts the binary on a stack file in a lab's folder.
    pub(crate) fn run(&self, lab: &Lab, arguments: &[&str]) -> Running {
        let home = lab.folder.path();
        let output = |name| File::create(home.join(name)).expect("a file for what it prints");
        let process = Command::new(env!("CARGO_BIN_EXE_poolkeeper"))
            .args(arguments)
            .args(["--endpoint-url", &self.url])
            .current_dir(home)
            .env_clear()
            .env("HOME", home)
            .env("AWS_ACCESS_KEY_ID", "sandbox")
            .env("AWS_SECRET_ACCESS_KEY", "sandbox")
            .env("AWS_REGION", REGION)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .stdin(Stdio::null())
            .stdout(output(STDOUT))
            .stderr(output(STDERR))
            .spawn()
            .expect("the binary starts");
        Running { process, home: home.to_owned() }
    }

    /// Waits for a call, as the log has it; false where the run ends without it.
    pub(crate) fn wait_for_call(&self, running: &mut Running, is_it: impl Fn(&Logged) -> bool) -> bool {
        running.wait(|| self.sandbox.look_at_calls().iter().any(&is_it)).is_none()
    }
}

const STDOUT: &str = ".stdout";
const STDERR: &str = ".stderr";

/// A run of the binary that is under way.
pub(crate) struct Running {
    process: Child,
    home: PathBuf,
}

/// What a run that is over left behind.
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Running {
    /// Waits for something, or for the run's end, whose status it gives.
    fn wait(&mut self, mut has_come: impl FnMut() -> bool) -> Option<ExitStatus> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let ended = self.process.try_wait().expect("the binary's state");
            if has_come() {
                return None;
            }
            if ended.is_some() {
                return ended;
            }
            assert!(Instant::now() < deadline, "it goes on for ever: {}", self.printed(STDERR));
            thread::sleep(LOOK);
        }
    }

    /// Sends it a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.process.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status().expect("kill starts");
        assert!(sent.success(), "{name}");
    }

    /// Waits until it has written this to stderr.
    #[track_caller]
    pub(crate) fn wait_for_note(&mut self, text: &str) {
        let notes = self.home.join(STDERR);
        let ended = self.wait(|| fs::read_to_string(&notes).is_ok_and(|notes| notes.contains(text)));
        assert!(ended.is_none(), "it has ended: {}", self.printed(STDERR));
    }

    /// Ends it at once, with SIGKILL.
    pub(crate) fn kill(mut self) {
        self.process.kill().expect("it is killed");
        self.process.wait().expect("it is gone");
    }

    /// Waits for its end.
    pub(crate) fn end(mut self) -> Ended {
        let status = self.wait(|| false).expect("it has ended");
        Ended { status, stdout: self.printed(STDOUT), stderr: self.printed(STDERR) }
    }

    fn printed(&self, name: &str) -> String {
        fs::read_to_string(self.home.join(name)).expect("what it printed is text")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // After a test that failed nothing is to stay behind.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Ended {
    /// The run, after a look at its exit code.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.status.code(), Some(code), "{self}");
        self
    }
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}\n--- stdout\n{}\n--- stderr\n{}", self.status, self.stdout, self.stderr)
    }
}
