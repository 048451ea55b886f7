//! What one test has to itself: an emulator, the proxy before it, a folder, and the binary run in a
//! clean environment.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::aws::Aws;
use crate::emulator::{Emulator, clean};
use crate::proxy::{Call, Proxy};

const PATIENCE: Duration = Duration::from_mins(5);

/// An emulator with all that is around it.
pub(crate) struct World {
    pub(crate) emulator: Emulator,
    pub(crate) proxy: Proxy,
    pub(crate) aws: Aws,
    folder: TempDir,
}

/// What a run of the binary left behind.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The calls that it made.
    pub(crate) calls: Vec<Call>,
}

impl World {
    pub(crate) fn ministack() -> Self {
        Self::around(Emulator::ministack())
    }

    pub(crate) fn moto() -> Self {
        Self::around(Emulator::moto())
    }

    fn around(emulator: Emulator) -> Self {
        let proxy = Proxy::start(emulator.port);
        let aws = Aws::new(emulator.port);
        Self { emulator, proxy, aws, folder: tempfile::tempdir().expect("a folder for the test") }
    }

    /// Writes a file into the test's folder; its path.
    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("its folder");
        fs::write(&path, text).expect("it is written");
        path.display().to_string()
    }

    /// The path of something in the test's folder.
    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// Runs the binary against the emulator.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, &[])
    }

    /// The same, with more in its environment.
    pub(crate) fn run_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Run {
        let endpoint = format!("http://127.0.0.1:{}", self.proxy.port);
        let arguments: Vec<&str> = arguments.iter().copied().chain(["--endpoint-url", &endpoint]).collect();
        let credentials =
            [("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test"), ("AWS_REGION", "us-east-1")];
        self.proxy.take();
        let mut run = run_binary(&arguments, &[&credentials, environment].concat(), self.folder.path());
        run.calls = self.proxy.take();
        run
    }

    /// Applies and expects it to succeed.
    pub(crate) fn apply(&self, arguments: &[&str]) -> Run {
        self.run(&[&["apply", "--yes"], arguments].concat()).expect(0)
    }

    /// Plans, expects this exit code, and gives the one stack of the JSON.
    pub(crate) fn plan(&self, code: i32, arguments: &[&str]) -> (Run, Value) {
        let run = self.run(&[&["plan", "--format", "json"], arguments].concat()).expect(code);
        let mut document = run.json();
        let stack = document["stacks"][0].take();
        (run, stack)
    }

    /// Plans and expects that there is nothing to do, and that only reads were needed to see it.
    pub(crate) fn expect_no_changes(&self, arguments: &[&str]) -> Run {
        let run = self.run(&[&["plan"], arguments].concat()).expect(0);
        assert!(run.stdout.contains("No changes"), "{run}");
        assert_eq!(run.writes(), [""; 0], "{run}");
        run
    }
}

/// Runs the binary with nothing in its environment but this.
pub(crate) fn run_binary(arguments: &[&str], environment: &[(&str, &str)], home: &Path) -> Run {
    let (stdout, stderr) = (home.join(".stdout"), home.join(".stderr"));
    let mut process = clean(&mut Command::new(env!("CARGO_BIN_EXE_poolkeeper")), home)
        .args(arguments)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .stdout(File::create(&stdout).expect("a file for stdout"))
        .stderr(File::create(&stderr).expect("a file for stderr"))
        .spawn()
        .expect("the binary starts");
    let deadline = Instant::now() + PATIENCE;
    let status = loop {
        if let Some(status) = process.try_wait().expect("the binary's state") {
            break Some(status);
        }
        if Instant::now() > deadline {
            let _ = process.kill();
            let _ = process.wait();
            break None;
        }
        thread::sleep(Duration::from_millis(10));
    };
    let read = |path| fs::read_to_string(path).expect("what it printed is text");
    let run = Run { code: -1, stdout: read(&stdout), stderr: read(&stderr), calls: Vec::new() };
    let status = status.unwrap_or_else(|| panic!("it does not end: {arguments:?}\n{run}"));
    Run { code: status.code().unwrap_or(-1), ..run }
}

impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { code, stdout, stderr, calls } = self;
        let calls: Vec<_> = calls.iter().map(|call| format!("{} -> {}", call.operation, call.status)).collect();
        write!(f, "exit {code}\n--- stdout\n{stdout}\n--- stderr\n{stderr}\n--- calls\n{}", calls.join("\n"))
    }
}

impl Run {
    /// The run, after a look at its exit code.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self}");
        self
    }

    /// What it printed, as the one JSON document that it must be.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error} in {self}"))
    }

    /// All that it printed.
    pub(crate) fn output(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    /// The operations that can have changed something, in order.
    pub(crate) fn writes(&self) -> Vec<&str> {
        self.calls.iter().filter(|call| call.is_write()).map(|call| call.operation.as_str()).collect()
    }

    /// How often an operation was called.
    pub(crate) fn count(&self, operation: &str) -> usize {
        self.calls.iter().filter(|call| call.operation == operation).count()
    }

    /// The bodies that an operation was called with.
    pub(crate) fn bodies(&self, operation: &str) -> Vec<&Value> {
        self.calls.iter().filter(|call| call.operation == operation).map(|call| &call.body).collect()
    }

    /// That the first call of each of these came in this order.
    #[track_caller]
    pub(crate) fn expect_order(&self, operations: &[&str]) {
        let place = |name: &&str| self.calls.iter().position(|call| call.operation == **name);
        let places: Vec<_> = operations.iter().map(place).collect();
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{operations:?} at {places:?} in {self}");
    }
}

/// The path of an example stack.
pub(crate) fn example(name: &str) -> String {
    format!("{}/stacks/{name}.yaml", env!("CARGO_MANIFEST_DIR"))
}

/// The addresses of a plan's items that have this action.
pub(crate) fn addresses(stack: &Value, action: &str) -> Vec<String> {
    let items = stack["items"].as_array().into_iter().flatten().filter(|item| item["action"] == action);
    let mut found: Vec<_> = items.filter_map(|item| Some(item["address"].as_str()?.to_owned())).collect();
    found.sort();
    found
}

/// The change at a path of a resource in a plan.
#[track_caller]
pub(crate) fn change<'a>(stack: &'a Value, address: &str, path: &str) -> &'a Value {
    let items = stack["items"].as_array().into_iter().flatten().filter(|item| item["address"] == address);
    let mut changes = items.flat_map(|item| item["changes"].as_array().into_iter().flatten());
    changes.find(|change| change["path"] == path).unwrap_or_else(|| panic!("no {path} of {address} in {stack:#}"))
}
