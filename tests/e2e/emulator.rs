//! Emulators of AWS as child processes: each with a port, a home and a folder of its own, gone
//! when the test is over.

use std::env;
use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_mins(1);

/// The account that both emulators answer for.
pub(crate) const ACCOUNT: &str = "123456789012";

/// A running emulator.
pub(crate) struct Emulator {
    pub(crate) port: u16,
    process: Child,
    folder: TempDir,
}

impl Emulator {
    /// The emulator that knows most of what the stacks need, and runs the functions too.
    pub(crate) fn ministack() -> Self {
        Self::start(|port| {
            let mut command = Command::new(program("ministack", "ministack"));
            command
                .env("MINISTACK_ACCOUNT_ID", ACCOUNT)
                .env("BIND_HOST", "127.0.0.1")
                .env("GATEWAY_PORT", port.to_string())
                .env("IOT_MTLS_ENABLED", "0")
                .env("SFTP_ENABLED", "0");
            command
        })
    }

    /// A second opinion: another emulator, by other people.
    pub(crate) fn moto() -> Self {
        Self::start(|port| {
            let mut command = Command::new(program("moto", "moto_server"));
            command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
            command
        })
    }

    fn start(command: impl Fn(u16) -> Command) -> Self {
        // The port is free when it is chosen, but another process may take it before the emulator
        // does: the emulator ends then, and the next port is tried.
        for _ in 0..5 {
            let port = free_port();
            let folder = tempfile::tempdir().expect("a folder for the emulator");
            let log = File::create(folder.path().join("log")).expect("a log for the emulator");
            let process = clean(&mut command(port), folder.path())
                .current_dir(folder.path())
                .env("TMPDIR", folder.path())
                .stdin(Stdio::null())
                .stdout(log.try_clone().expect("the log twice"))
                .stderr(log)
                .process_group(0)
                .spawn()
                .expect("the emulator starts");
            let mut emulator = Self { port, process, folder };
            if emulator.answers() {
                return emulator;
            }
        }
        panic!("no emulator could be started");
    }

    /// Waits until it answers; false if it has ended instead.
    fn answers(&mut self) -> bool {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if self.process.try_wait().expect("the emulator's state").is_some() {
                return false;
            }
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return true;
            }
            thread::sleep(Duration::from_millis(20));
        }
        panic!("the emulator does not answer:\n{}", self.log());
    }

    /// What it wrote so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // The whole group, because ministack runs functions in processes of their own.
        let group = format!("-{}", self.process.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A program of one of the Python environments that `scripts/test` makes.
pub(crate) fn program(environment: &str, name: &str) -> PathBuf {
    let root = env::var_os("POOLKEEPER_TEST_VENV")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/venv"), PathBuf::from);
    let program = root.join(environment).join("bin").join(name);
    assert!(program.exists(), "{} is not there: run scripts/test, which sets it up", program.display());
    program
}

/// An environment that knows nothing of whoever runs the tests.
pub(crate) fn clean<'a>(command: &'a mut Command, home: &Path) -> &'a mut Command {
    let kept: Vec<_> =
        command.get_envs().map(|(name, value)| (name.to_owned(), value.map(ToOwned::to_owned))).collect();
    command.env_clear().env("HOME", home).env("PATH", env::var_os("PATH").unwrap_or_default());
    for (name, value) in kept {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    command
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its number").port()
}
