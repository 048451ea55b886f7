//! What is typed. Each command is a file: it parses, calls the operation and shows what came of it.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::path::Path;
use crate::plan::work::Options;
use crate::sandbox::ACCOUNT;
use crate::sandbox::faults::Rule;
use crate::view::printer::{self, Printer};
use typed::{account, identity_pool, stack, url, user_pool};

mod apply;
mod confirm;
mod drift;
mod export;
mod output;
mod plan;
mod sandbox;
mod session;
mod show;
mod typed;
mod validate;

/// Where a sandbox is kept, unless the user says otherwise.
const FOLDER: &str = ".poolkeeper/sandbox";

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    /// Nothing to do, or all done.
    Ok,
    /// `plan` found changes.
    Changes,
    /// `drift` found some.
    Drift,
    /// Something is wrong, blocked or failed; or the command was not understood.
    Failure,
    /// The user interrupted it.
    Interrupted,
    /// The system asked it to end.
    Terminated,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Ok => 0,
            Exit::Failure => 1,
            Exit::Changes => 2,
            Exit::Drift => 3,
            Exit::Interrupted => 130,
            Exit::Terminated => 143,
        })
    }
}

/// Keeps Amazon Cognito as YAML stack files say.
#[derive(Parser)]
#[command(name = "poolkeeper", version, about, max_term_width = 100)]
#[command(
    after_help = "A PATH is a stack file or a folder of stack files (its *.yaml and *.yml, not what is below).\n\
Exit codes: 0 nothing to do or done, 1 an error or something blocked, 2 changes (plan), 3 drift (drift), \
130 and 143 interrupted."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    printing: Printing,
}

#[derive(Subcommand)]
enum Command {
    /// Checks stack files alone, without AWS and without credentials
    Validate {
        #[command(flatten)]
        files: Files,
        /// Text for people, JSON for programs, or Markdown for a pull request
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Shows what apply would do; writes nothing
    Plan {
        #[command(flatten)]
        files: Files,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        limits: Limits,
        #[command(flatten)]
        belonging: Belonging,
        /// Does without secrets that are not given, and does not compare what needs them
        #[arg(long)]
        without_secrets: bool,
        /// Text for people, JSON for programs, or Markdown for a pull request
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Plans, asks, makes AWS as the files say, and looks at what came of it
    Apply {
        #[command(flatten)]
        doing: Doing,
        #[command(flatten)]
        belonging: Belonging,
    },
    /// Tells whether anybody changed live what was applied; writes nothing
    Drift {
        #[command(flatten)]
        files: Files,
        #[command(flatten)]
        place: Place,
        /// Text for people, JSON for programs, or Markdown for an issue
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Removes what the stacks own
    Destroy(Doing),
    /// Prints the stacks' outputs from what is live
    Output {
        #[command(flatten)]
        files: Files,
        #[command(flatten)]
        place: Place,
        /// Text for people, JSON for programs, or assignments for a shell
        #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
        format: OutputFormat,
    },
    /// Writes what is live as a stack file, to adopt it; writes nothing on AWS
    Export(Exporting),
    /// Serves a sandbox over HTTP, for any client of AWS, until it is interrupted
    Sandbox(Serving),
    /// Prints the JSON schema of the stack file, for editors
    Schema,
    /// Prints a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

// No `Debug`: a variable's value may be a secret.
#[derive(Args)]
struct Doing {
    #[command(flatten)]
    files: Files,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    limits: Limits,
    #[command(flatten)]
    consent: Consent,
}

#[derive(Args)]
struct Files {
    /// Stack files, or folders of them
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The environment, for files that have some
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// Gives a variable its value
    #[arg(long = "var", value_name = "NAME=VALUE")]
    variables: Vec<String>,
}

#[derive(Debug, Args)]
struct Place {
    /// The AWS region, where the file names none
    #[arg(long)]
    region: Option<String>,
    /// The profile of the AWS configuration files
    #[arg(long)]
    profile: Option<String>,
    /// Where all AWS services are, in place of AWS's own endpoints
    #[arg(long, value_name = "URL", value_parser = url)]
    endpoint_url: Option<String>,
    /// Works in a sandbox on this machine in place of AWS, which is kept in DIR
    #[arg(long, value_name = "DIR", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = FOLDER, conflicts_with_all = ["endpoint_url", "profile"])]
    sandbox: Option<PathBuf>,
    /// Lets something go wrong in the sandbox, as in CreateUserPoolClient#2=lost
    #[arg(long, value_name = "OPERATION[#CALL]=WHAT", requires = "sandbox")]
    fault: Vec<Rule>,
    /// How much of AWS's default request quotas to use, where others use the account too
    #[arg(long, value_name = "PERCENT", default_value_t = 100, value_parser = clap::value_parser!(u8).range(1..=100))]
    pace: u8,
}

#[derive(Debug, Args)]
struct Exporting {
    #[command(flatten)]
    selecting: Selecting,
    /// The name of the stack; without it, one like the name of the first pool
    #[arg(long, value_name = "NAME", value_parser = stack)]
    stack: Option<String>,
    /// Writes DIR/NAME.yaml in place of stdout; a file that is there already is left alone
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
struct Selecting {
    /// User pools, with all that lives inside them
    #[arg(long, value_name = "ID", num_args = 1.., value_parser = user_pool, conflicts_with_all = ["pattern", "all"])]
    user_pool: Vec<String>,
    /// Identity pools
    #[arg(long, value_name = "ID", num_args = 1.., value_parser = identity_pool, conflicts_with_all = ["pattern", "all"])]
    identity_pool: Vec<String>,
    /// The user pools and identity pools whose names match a pattern with `*` and `?`
    #[arg(long = "match", value_name = "GLOB", conflicts_with = "all")]
    pattern: Option<String>,
    /// All user pools and identity pools of the account and region
    #[arg(long)]
    all: bool,
}

#[derive(Debug, Args)]
struct Serving {
    /// Where to listen; port 0 is any that is free
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4566")]
    listen: SocketAddr,
    /// Where it is kept; the same as `--sandbox` of other commands uses
    #[arg(long, value_name = "DIR", default_value = FOLDER)]
    dir: PathBuf,
    /// Keeps it nowhere: it is empty at the start, and gone at the end
    #[arg(long, conflicts_with = "dir")]
    memory: bool,
    /// Lets something go wrong, as in CreateUserPoolClient#2=lost
    #[arg(long, value_name = "OPERATION[#CALL]=WHAT")]
    fault: Vec<Rule>,
    /// The account of callers whose access key does not end in one
    #[arg(long, value_name = "ID", default_value = ACCOUNT, value_parser = account)]
    account: String,
    /// Lets any number of calls in, where AWS would throttle
    #[arg(long)]
    no_quotas: bool,
    /// How long each call takes, in milliseconds, in place of 2 for a read and 10 for a write
    #[arg(long, value_name = "MS")]
    latency: Option<u32>,
    /// Prints what it does where AWS's behaviour is not known for sure, and ends
    #[arg(long)]
    unconfirmed: bool,
}

#[derive(Debug, Clone, Args)]
struct Limits {
    /// Only this, with what is inside it and what it depends on
    #[arg(long, value_name = "ADDRESS")]
    target: Vec<Path>,
    /// Lets this user pool or identity pool be deleted
    #[arg(long, value_name = "ADDRESS")]
    allow_delete: Vec<Path>,
    /// Deletes this and makes it anew, where AWS cannot change it in place
    #[arg(long, value_name = "ADDRESS")]
    replace: Vec<Path>,
    /// Makes this although a live one with its name has no owner
    #[arg(long, value_name = "ADDRESS")]
    create: Vec<Path>,
}

#[derive(Debug, Default, Args)]
struct Belonging {
    /// Makes this the stack's own although another stack has it
    #[arg(long, value_name = "ADDRESS")]
    take_over: Vec<Path>,
    /// Lets go of this, which was removed from the file, and does not delete it
    #[arg(long, value_name = "ADDRESS")]
    keep: Vec<Path>,
    /// Corrects only what somebody changed or deleted live; what the file changed waits
    #[arg(long)]
    only_drift: bool,
}

#[derive(Debug, Args)]
struct Consent {
    /// Does it without asking
    #[arg(long)]
    yes: bool,
    /// Text for people, JSON for programs, or Markdown for a pull request
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Args)]
struct Printing {
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    color: Color,
    /// No progress and no notes
    #[arg(long, short, global = true)]
    quiet: bool,
    /// Tells of each API call
    #[arg(long, short, global = true)]
    verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Markdown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OutputFormat {
    Text,
    Json,
    Env,
}

/// What of the values from outside a run may do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MayLack {
    /// All must be given.
    Nothing,
    /// Secrets that are not given are not compared.
    Secrets,
    /// None is needed, since only the files are looked at.
    All,
}

/// Does what the command line says. Usage errors end like any other, so that 2 always means changes.
pub async fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { Exit::Failure } else { Exit::Ok }.into();
        }
    };
    let Printing { color, quiet, verbose } = arguments.printing;
    let color = match color {
        Color::Auto => printer::Color::Auto,
        Color::Always => printer::Color::Always,
        Color::Never => printer::Color::Never,
    };
    let printer = Arc::new(Printer::new(printer::Settings { quiet, verbose, color }));
    let exit = match arguments.command {
        Command::Validate { files, format } => validate::run(&files, format, &printer),
        Command::Plan { files, place, limits, belonging, without_secrets, format } => {
            let may_lack = if without_secrets { MayLack::Secrets } else { MayLack::Nothing };
            plan::run(&files, &place, &limits.options(belonging), may_lack, format, &printer).await
        }
        Command::Apply { doing, belonging } => {
            let options = doing.limits.options(belonging);
            Box::pin(apply::run("apply", doing, &options, &printer)).await
        }
        Command::Destroy(doing) => {
            let options = Options { destroy: true, ..doing.limits.options(Belonging::default()) };
            Box::pin(apply::run("destroy", doing, &options, &printer)).await
        }
        Command::Drift { files, place, format } => Box::pin(drift::run(&files, &place, format, &printer)).await,
        Command::Output { files, place, format } => output::run(&files, &place, format, &printer).await,
        Command::Export(exporting) => export::run(exporting, &printer).await,
        Command::Sandbox(serving) => sandbox::run(serving, &printer).await,
        Command::Schema => {
            let schema = crate::stack::schema::published();
            show::written(&printer.data(&format!("{schema:#}\n")))
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "poolkeeper", &mut script);
            show::written(&printer.data(&String::from_utf8_lossy(&script)))
        }
    };
    exit.into()
}
