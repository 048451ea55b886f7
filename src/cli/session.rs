//! What all commands begin with: from paths to stacks, from stacks to AWS, from AWS to plans. All
//! that is wrong with the files is told at once; the accounts of all stacks are checked before
//! anything of them is read.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::{Belonging, Files, Limits, MayLack, Place};
use crate::aws::{Aws, Settings};
use crate::diagnostic::Diagnostic;
use crate::engine::Packages;
use crate::error::Error;
use crate::event::Events;
use crate::plan::target::slip;
use crate::plan::work::{Options, Planned};
use crate::read::Shared;
use crate::sandbox::{self, Sandbox, faults::Script};
use crate::stack::{Inputs, Stack, load, variables};
use crate::survey::{Survey, survey};
use crate::view::markdown::{Section, Shown};
use crate::view::printer::Printer;

/// Why a command did not get as far as it should.
#[derive(Default)]
pub(super) struct Trouble {
    /// What is wrong with files.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// What went wrong outside of them.
    pub(super) errors: Vec<Error>,
}

impl Trouble {
    pub(super) fn is_none(&self) -> bool {
        self.diagnostics.is_empty() && self.errors.is_empty()
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Trouble { errors: vec![error], ..Trouble::default() }
    }
}

impl Files {
    fn inputs(&self, may_lack: MayLack) -> Result<Inputs, Error> {
        let assignment =
            |(place, text): (usize, &String)| match text.split_once('=') {
                Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
                // The text may be a secret whose name was forgotten.
                None => Err(Error::refused(format!("--var number {} has no `=`", place + 1))
                    .with_help("write it as NAME=VALUE")),
            };
        Ok(Inputs {
            environment: self.env.clone(),
            variables: self.variables.iter().enumerate().map(assignment).collect::<Result<_, _>>()?,
            // Names that are not UTF-8 cannot be written in a stack file.
            process: std::env::vars_os()
                .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
                .collect(),
            lenient: may_lack == MayLack::All,
            without_secrets: may_lack == MayLack::Secrets,
        })
    }
}

/// Loads all stacks of a run.
pub(super) fn load_all(files: &Files, may_lack: MayLack, printer: &Printer) -> Result<Vec<Stack>, Trouble> {
    let inputs = files.inputs(may_lack)?;
    let paths = load::files(&files.paths).map_err(|diagnostics| Trouble { diagnostics, ..Trouble::default() })?;
    let mut trouble = Trouble::default();
    let mut stacks: Vec<Stack> = Vec::new();
    let mut declared = Vec::new();
    let mut environments = Vec::new();
    for path in &paths {
        let loaded = load::read(path, &inputs);
        declared.extend(loaded.variables);
        environments.extend(loaded.environments);
        match loaded.stack {
            Ok(stack) => {
                printer.hide(&stack.secrets);
                stacks.push(stack);
            }
            Err(diagnostics) => trouble.diagnostics.extend(diagnostics),
        }
    }
    trouble.errors.extend(variables::undeclared(declared.iter().map(String::as_str), &inputs));
    // A file with other environments has said so itself, and of one that cannot be read nobody knows.
    if trouble.diagnostics.is_empty() {
        trouble.errors.extend(variables::unknown_environment(environments.iter().map(String::as_str), &inputs));
    }
    let mut seen: BTreeMap<String, &Stack> = BTreeMap::new();
    for stack in &stacks {
        if let Some(other) = seen.insert(stack.identity(), stack) {
            trouble.errors.push(
                Error::refused(format!(
                    "stack {} is declared twice: in {} and in {}",
                    stack.identity(),
                    other.source.path.display(),
                    stack.source.path.display()
                ))
                .with_help(
                    "with its environment a stack's name is the identity of all it owns; give one of them another name",
                ),
            );
        }
    }
    if trouble.is_none() { Ok(stacks) } else { Err(trouble) }
}

/// A stack, where it lives, and what is to be done there.
pub(super) struct Prepared {
    pub(super) aws: Aws,
    pub(super) stack: Stack,
    pub(super) planned: Planned,
    pub(super) packages: Packages,
    /// How long it took to read and compare.
    pub(super) took: Duration,
}

impl Prepared {
    /// The stack in a comment on a pull request.
    pub(super) fn section(&self) -> Section<'_> {
        Section { plan: &self.planned.plan, shown: Shown::Plan, took: self.took }
    }

    /// The same, with clients that tell nobody of their calls.
    pub(super) fn silent(self) -> Self {
        Self { aws: self.aws.telling(Events::default()), ..self }
    }
}

/// A stack and its connection.
type Connected = (Stack, Aws, Shared);

/// Connects each stack, those with the same account and role together, and checks the guards.
async fn connect(stacks: Vec<Stack>, place: &Place, events: &Events) -> Result<Vec<Connected>, Trouble> {
    let sandbox = place.sandbox()?;
    let mut trouble = Trouble::default();
    let mut connections: Vec<(Settings, Aws, Shared)> = Vec::new();
    let mut connected = Vec::new();
    for stack in stacks {
        if let (Some(given), Some(own)) = (&place.region, &stack.region)
            && given != own
        {
            trouble.errors.push(
                Error::refused(format!("stack {} is for {own}, and --region says {given}", stack.identity()))
                    .with_help("leave --region out, or correct `region` in the file"),
            );
            continue;
        }
        let settings = Settings {
            region: stack.region.clone().or_else(|| place.region.clone()),
            profile: place.profile.clone(),
            endpoint_url: place.endpoint_url.clone(),
            assume_role: stack.assume_role.clone(),
            sandbox: sandbox
                .clone()
                .map(|within| (within, stack.account.clone().unwrap_or_else(|| sandbox::ACCOUNT.to_owned()))),
            pace: Some(place.pace),
        };
        let known = connections.iter().position(|(known, ..)| known.is_same(&settings));
        let (aws, shared) = if let Some(known) = known {
            let (_, aws, shared) = &connections[known];
            (aws.counted_anew(), shared.clone())
        } else {
            match Aws::connect(&settings, events.clone()).await {
                Ok(aws) => {
                    let neighbour = connections.iter().find(|(_, known, _)| known.place() == aws.place());
                    let aws = neighbour.map_or_else(|| aws.clone(), |(_, known, _)| aws.in_step_with(known));
                    connections.push((settings, aws.clone(), Shared::default()));
                    (aws, connections.last().map(|(.., shared)| shared.clone()).unwrap_or_default())
                }
                Err(error) => {
                    trouble.errors.push(error);
                    continue;
                }
            }
        };
        let account = &aws.place().account;
        if let Some(guard) = stack.account.as_ref().filter(|guard| *guard != account) {
            trouble.errors.push(
                Error::refused(format!(
                    "stack {} is for account {guard}, and these credentials are for {account}",
                    stack.identity()
                ))
                .with_help("nothing was read or written; use the credentials of that account"),
            );
            continue;
        }
        connected.push((stack, aws, shared));
    }
    if trouble.is_none() { Ok(connected) } else { Err(trouble) }
}

/// Reads what is live for all stacks, side by side, and makes their plans.
pub(super) async fn prepare(
    stacks: Vec<Stack>,
    place: &Place,
    options: &Options,
    events: Events,
    printer: &Printer,
) -> Result<Vec<Prepared>, Trouble> {
    let connected = connect(stacks, place, &events).await?;
    let prepared = connected.into_iter().map(|(stack, aws, shared)| async move {
        let begin = Instant::now();
        let Survey { mut planned, packages, secrets } = survey(&aws, &shared, &stack, options).await?;
        printer.hide(&secrets);
        let rehearsal =
            place.sandbox.iter().map(|folder| format!("this is the sandbox in {}, not AWS", folder.display()));
        planned.plan.notes.extend(rehearsal);
        Ok::<_, Error>(Prepared { aws, stack, planned, packages, took: begin.elapsed() })
    });
    let mut trouble = Trouble::default();
    let mut done = Vec::new();
    for outcome in futures_util::future::join_all(prepared).await {
        match outcome {
            Ok(prepared) => done.push(prepared),
            Err(error) => trouble.errors.push(error),
        }
    }
    let plans: Vec<&Planned> = done.iter().map(|prepared: &Prepared| &prepared.planned).collect();
    if let Some(error) = slip(options, &plans).filter(|_| trouble.is_none()) {
        trouble.errors.push(error);
    }
    if trouble.is_none() { Ok(done) } else { Err(trouble) }
}

impl Place {
    /// The sandbox that is asked for in place of AWS.
    pub(super) fn sandbox(&self) -> Result<Option<Sandbox>, Error> {
        let Some(folder) = &self.sandbox else { return Ok(None) };
        let sandbox = Sandbox::open(folder, sandbox::Settings::rehearsal()).map_err(Error::refused)?;
        sandbox.set_faults(Script::new(self.fault.clone()));
        Ok(Some(sandbox))
    }
}

impl Limits {
    /// What the flags allow.
    pub(super) fn options(&self, belonging: Belonging) -> Options {
        let Limits { target, allow_delete, replace, create } = self.clone();
        let Belonging { take_over, keep, only_drift } = belonging;
        Options { targets: target, allow_delete, replace, create, take_over, keep, only_drift, ..Options::default() }
    }
}
