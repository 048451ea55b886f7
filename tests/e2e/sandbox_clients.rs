//! The sandbox as a server, asked by clients that others have written: boto3 and the AWS CLI, whose
//! parsers follow AWS's own description of its API.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

use crate::emulator::{Emulator, clean, program};
use crate::world::run_binary;

/// A running `poolkeeper sandbox`, with a home of its own.
struct Server {
    process: Child,
    url: String,
    home: tempfile::TempDir,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let home = tempfile::tempdir().expect("a home");
        let notes = File::create(home.path().join("notes")).expect("a file for stderr");
        let mut process = clean(&mut Command::new(env!("CARGO_BIN_EXE_poolkeeper")), home.path())
            .args(["sandbox", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .current_dir(home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(notes)
            .spawn()
            .expect("the binary starts");
        let mut url = String::new();
        let stdout = process.stdout.take().expect("its stdout");
        BufReader::new(stdout).read_line(&mut url).expect("a line of text");
        let server = Self { process, url: url.trim_end().to_owned(), home };
        assert!(server.url.starts_with("http://127.0.0.1:"), "{url}\n{}", server.notes());
        server
    }

    /// What it wrote to stderr so far.
    fn notes(&self) -> String {
        fs::read_to_string(self.home.path().join("notes")).expect("text")
    }

    /// Runs a program of the emulator's Python environment.
    fn python(&self, arguments: &[&str]) -> Output {
        clean(&mut Command::new(program("ministack", "python")), self.home.path())
            .args(arguments)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .envs([("AWS_ACCESS_KEY_ID", "sandbox"), ("AWS_SECRET_ACCESS_KEY", "sandbox"), ("AWS_REGION", "us-east-1")])
            .stdin(Stdio::null())
            .output()
            .expect("Python starts")
    }

    /// Runs the AWS CLI.
    fn aws(&self, arguments: &[&str]) -> Result<Value, String> {
        let launcher = program("ministack", "aws").display().to_string();
        let common = ["--endpoint-url", &self.url, "--region", "us-east-1", "--output", "json"];
        let run = self.python(&[&[launcher.as_str()], arguments, &common[..]].concat());
        if run.status.success() {
            let text = if run.stdout.is_empty() { b"null".as_slice() } else { &run.stdout };
            return Ok(serde_json::from_slice(text).expect("JSON"));
        }
        Err(String::from_utf8_lossy(&run.stderr).into_owned())
    }

    /// Sends a signal, and waits for the end: the exit code.
    fn end(mut self, signal: &str) -> Option<i32> {
        let id = self.process.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().expect("kill starts");
        assert!(sent.success(), "{signal}");
        self.process.wait().expect("it ends").code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn boto3_understands_every_answer() {
    let server = Server::start(&["--memory", "--no-quotas"]);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e/sandbox_clients.py");
    let run = server.python(&[script, &server.url]);
    let (stderr, notes) = (String::from_utf8_lossy(&run.stderr), server.notes());
    assert!(run.status.success(), "{stderr}\n{notes}");
    assert_eq!(run.stdout, b"all understood\n", "it came to its end");
    // Without -v, what it does not know is told, and nothing else.
    assert!(notes.contains("GetSigningCertificate 400 UnknownOperationException"), "{notes}");
    assert!(!notes.contains("CreateUserPool"), "{notes}");
}

#[test]
fn the_aws_cli_makes_a_pool_that_is_there_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = folder.path().display().to_string();
    let server = Server::start(&["--dir", &kept, "--account", "210987654321", "-v"]);
    let made = server.aws(&["cognito-idp", "create-user-pool", "--pool-name", "kept"]).expect("it is made");
    let id = made["UserPool"]["Id"].as_str().expect("an id").to_owned();
    assert!(made["UserPool"]["Arn"].as_str().expect("an ARN").contains(":210987654321:"), "{made}");
    assert!(server.notes().contains("CreateUserPool 200"), "{}", server.notes());
    let busy = run_binary(&["sandbox", "--listen", "127.0.0.1:0", "--dir", &kept], &[], server.home.path()).expect(1);
    assert!(busy.stdout.is_empty() && busy.stderr.contains("another run uses the sandbox"), "{busy}");
    assert_eq!(server.end("-TERM"), Some(143));

    let server = Server::start(&["--dir", &kept, "--account", "210987654321"]);
    let list = server.aws(&["cognito-idp", "list-user-pools", "--max-results", "10"]).expect("a list");
    assert_eq!(list["UserPools"][0]["Name"], "kept", "{list}");
    let pool = server.aws(&["cognito-idp", "describe-user-pool", "--user-pool-id", &id]).expect("a pool");
    assert_eq!(pool["UserPool"]["CreationDate"], made["UserPool"]["CreationDate"]);
    let why = server.aws(&["cognito-idp", "delete-user-pool", "--user-pool-id", "us-east-1_Nobody000"]);
    assert!(why.expect_err("no such pool").contains("(ResourceNotFoundException)"));
    assert_eq!(server.end("-INT"), Some(130));
}

#[test]
fn poolkeeper_itself_works_on_it_from_outside() {
    let server = Server::start(&["--memory"]);
    let stack = concat!(env!("CARGO_MANIFEST_DIR"), "/stacks/define-user-pool.yaml");
    let keys = [("AWS_ACCESS_KEY_ID", "sandbox"), ("AWS_SECRET_ACCESS_KEY", "sandbox"), ("AWS_REGION", "us-east-1")];
    let home = server.home.path();
    let run = |command: &[&str]| run_binary(&[command, &[stack, "--endpoint-url", &server.url]].concat(), &keys, home);
    run(&["apply", "--yes"]).expect(0);
    let plan = run(&["plan"]).expect(0);
    assert!(plan.stdout.contains("No changes"), "{plan}");
}

#[test]
fn what_cannot_be_served_is_told() {
    let taken = Server::start(&["--memory"]);
    let address = taken.url.trim_start_matches("http://");
    let home = taken.home.path();
    let told: &[(&[&str], &str)] = &[
        (&["--memory", "--listen", address], "cannot listen on"),
        (&["--listen", "nowhere"], "--listen"),
        (&["--memory", "--dir", "x"], "--dir"),
        (&["--fault", "CreateGroup=sideways"], "sideways"),
        (&["--account", "1"], "twelve digits"),
        (&["--latency=-1"], "--latency"),
    ];
    for (arguments, what) in told {
        let run = run_binary(&[&["sandbox"], *arguments].concat(), &[], home).expect(1);
        assert!(run.stdout.is_empty() && run.stderr.contains(what), "{arguments:?}: {run}");
    }
}

#[test]
fn ministack_says_the_same_but_for_what_is_known() {
    compare("ministack", &Emulator::ministack());
}

#[test]
fn moto_says_the_same_but_for_what_is_known() {
    compare("moto", &Emulator::moto());
}

#[track_caller]
fn compare(name: &str, other: &Emulator) {
    let server = Server::start(&["--memory", "--no-quotas"]);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e/compare/compare.py");
    let run = server.python(&["-B", script, &server.url, name, &format!("http://127.0.0.1:{}", other.port)]);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(run.stdout.ends_with(b" answers compared\n"), "it came to its end");
}
