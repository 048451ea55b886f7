//! From files to stacks. A text is read twice: once for where everything stands, once for its
//! values. Those are filled in, checked against the schema, put together and checked by the rules
//! of AWS; what is found on the way has paths, and gets its place in the text at the end.

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap};
use std::io::Read as _;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use super::spans::SpanMap;
use super::values::{self, Context, Files, Resolved};
use super::{
    Inputs, Stack, assemble, check, cycles, document, judge, mask, not_given, schema, secret, spans, suggest, variables,
};
use crate::diagnostic::{Diagnostic, Finding, Part, Source};
use crate::path::{Path, Segment};

/// The largest file that is read, in bytes.
const MOST_BYTES: u64 = 1024 * 1024;

/// How many bytes a file's texts may take once they are filled in.
const MOST_FILLED: usize = 16 * 1024 * 1024;

/// What is shorter than this is no secret that a text could keep.
const SHORTEST_SECRET: usize = 3;

/// How many faults of a file are shown. Who has more has another file in mind than a stack file.
const MOST_FAULTS: usize = 1000;

/// What came of a file.
pub struct Loaded {
    /// The stack, or all that is wrong with it.
    pub stack: Result<Stack, Vec<Diagnostic>>,
    /// The variables that the file declares, even where it has faults.
    pub variables: Vec<String>,
    /// The environments that the file declares, even where it has faults.
    pub environments: Vec<String>,
}

/// Loads a stack file. Where nothing says which of the file's environments is meant, and values
/// from outside may be missing, all of them are checked and the first one's stack is given.
pub fn load(path: &FilePath, inputs: &Inputs) -> Result<Stack, Vec<Diagnostic>> {
    read(path, inputs).stack
}

/// Like [`load`], with what the file declares as variables.
#[must_use]
pub fn read(path: &FilePath, inputs: &Inputs) -> Loaded {
    match read_text(path) {
        Ok(text) => {
            let folder = folder_of(path);
            load_text(path, &text, inputs, &|name| {
                read_text(&folder.join(name)).map_err(|diagnostic| diagnostic.message)
            })
        }
        Err(diagnostic) => unloaded(*diagnostic),
    }
}

/// The stack files that are meant by `paths`: a folder means its `*.yaml` and `*.yml`, not what is
/// below.
pub fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Vec<Diagnostic>> {
    let mut files = Vec::new();
    let mut diagnostics = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let inside: Result<Vec<PathBuf>, std::io::Error> =
            std::fs::read_dir(path).and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect());
        match inside {
            Ok(mut inside) => {
                inside
                    .retain(|file| file.is_file() && file.extension().is_some_and(|end| end == "yaml" || end == "yml"));
                inside.sort();
                if inside.is_empty() {
                    diagnostics.push(whole_file(path, "this folder has no stack files: no *.yaml and no *.yml"));
                }
                files.extend(inside);
            }
            Err(error) => diagnostics.push(whole_file(path, format!("the folder cannot be read: {error}"))),
        }
    }
    if diagnostics.is_empty() { Ok(files) } else { Err(diagnostics) }
}

/// The folder that a stack file's paths are relative to.
fn folder_of(path: &FilePath) -> PathBuf {
    path.parent().unwrap_or(FilePath::new("")).to_owned()
}

fn whole_file(path: &FilePath, message: impl Into<String>) -> Diagnostic {
    let source = Arc::new(Source { path: path.to_owned(), text: String::new() });
    Diagnostic { source, span: None, message: message.into(), help: None }
}

fn read_text(path: &FilePath) -> Result<String, Box<Diagnostic>> {
    let fail = |message: String| Box::new(whole_file(path, message));
    let metadata = std::fs::metadata(path).map_err(|error| {
        fail(match error.kind() {
            std::io::ErrorKind::NotFound => values::NO_FILE.to_owned(),
            _ => format!("the file cannot be read: {error}"),
        })
    })?;
    if metadata.is_dir() {
        return Err(fail("this is a folder, not a file".to_owned()));
    }
    // What is no file may never end, or never begin. What the shell hands over is meant.
    if !metadata.is_file() && !path.starts_with("/dev/fd") && path != FilePath::new("/dev/stdin") {
        return Err(fail("this is a device or a pipe, not a file".to_owned()));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| fail(format!("the file cannot be read: {error}")))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(fail(format!("the file is larger than {} MiB", MOST_BYTES / 1024 / 1024)));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let text = mask::keys_only(&String::from_utf8_lossy(error.as_bytes()));
        let source = Arc::new(Source { path: path.to_owned(), text });
        let message = "the file is not UTF-8: here is a byte that has no place in it".to_owned();
        Box::new(Diagnostic { source, span: Some(at..at + '\u{FFFD}'.len_utf8()), message, help: None })
    })
}

/// Loads a stack from its text, with `path` as its name in diagnostics and `files` for what the
/// text names as files.
#[must_use]
pub fn load_text(path: &FilePath, text: &str, inputs: &Inputs, files: Files<'_>) -> Loaded {
    // A byte order mark is what some editors put in front of any text.
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let source = |text: String| Arc::new(Source { path: path.to_owned(), text });
    let unreadable = |span: Option<std::ops::Range<usize>>, message: String, help: Option<String>| {
        let source = source(mask::keys_only(text));
        unloaded(Diagnostic { source, span, message, help })
    };
    let (spans, duplicates) = match spans::read(text) {
        Ok(read) => read,
        Err(fault) => return unreadable(Some(fault.span), fault.message, fault.help),
    };
    let (document, mut findings) = match document::read(text) {
        Ok(read) => read,
        Err(fault) => {
            let span = fault.offset.map(|at| at.min(text.len())).map(|at| at..at);
            return unreadable(span, format!("this is not YAML: {}", fault.message), None);
        }
    };
    if document.is_null() {
        let help = "a stack file starts with `stack: NAME`".to_owned();
        return unreadable(None, "the file is empty".to_owned(), Some(help));
    }
    let names = |section: &str| {
        let entries = document.get(section).and_then(Value::as_object).into_iter().flatten();
        entries.map(|(name, _)| name.clone()).collect::<Vec<String>>()
    };
    let room = Cell::new(MOST_FILLED);
    let mut runs = Vec::new();
    match environments(&document, inputs) {
        Err(finding) => findings.push(finding),
        Ok(chosen) => {
            runs.extend(
                chosen
                    .into_iter()
                    .map(|environment| evaluate(&document, &spans, environment, path, inputs, files, &room)),
            );
        }
    }
    // What is a secret by its place is one in all environments, and where none was chosen too.
    let by_place = secret::paths(schema::stack_schema(), &document, &[]);
    let mut secret_texts = secret::texts(&document, &by_place);
    let mut secret_paths: BTreeSet<Path> = by_place.into_iter().collect();
    for run in &runs {
        secret_paths.extend(run.secrets.iter().map(|path| written(path, &run.resolved.renamed)));
        secret_texts.extend(run.resolved.secret_texts.iter().filter(|text| text.len() >= SHORTEST_SECRET).cloned());
    }
    let covered = {
        let mut secret_spans = spans.pathless();
        secret_spans.extend(secret_paths.iter().flat_map(|path| spans.scalars(path)));
        source(mask::cover(text, &secret_spans, &secret_texts))
    };
    for finding in findings.iter_mut().filter(|finding| secret::is_inside(&finding.path, &secret_paths)) {
        // What YAML makes of a value quotes it.
        if finding.part == Part::Value {
            "cannot be read as it is written".clone_into(&mut finding.message);
            finding.help = Some("quote it: \"…\"".to_owned());
        }
    }
    let mut diagnostics: Vec<Diagnostic> = duplicates
        .into_iter()
        .map(|fault| Diagnostic {
            source: Arc::clone(&covered),
            span: Some(fault.span),
            message: fault.message,
            help: fault.help,
        })
        .collect();
    let nothing_renamed = HashMap::new();
    let all = findings.iter().map(|finding| (finding, &nothing_renamed));
    let all =
        all.chain(runs.iter().flat_map(|run| run.findings.iter().map(|finding| (finding, &run.resolved.renamed))));
    diagnostics.extend(all.map(|(finding, renamed)| Diagnostic {
        source: Arc::clone(&covered),
        span: spans.mark(&written(&finding.path, renamed), finding.part),
        message: finding.message.clone(),
        help: finding.help.clone(),
    }));
    sort(&mut diagnostics);
    if diagnostics.len() > MOST_FAULTS {
        let message = format!("{} more faults were found, which are not shown", diagnostics.len() - MOST_FAULTS);
        diagnostics.truncate(MOST_FAULTS);
        diagnostics.push(Diagnostic { source: Arc::clone(&covered), span: None, message, help: None });
    }
    // The longest first, so that of one that holds another nothing is left.
    let mut secrets: Vec<&str> = secret_texts.iter().map(String::as_str).collect();
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    for diagnostic in &mut diagnostics {
        diagnostic.message = for_people(&diagnostic.message, &secrets);
        diagnostic.help = diagnostic.help.as_deref().map(|help| for_people(help, &secrets));
    }
    let stack = match runs.into_iter().next() {
        Some(run) if diagnostics.is_empty() => Ok(Stack { source: covered, ..run.stack }),
        _ => Err(diagnostics),
    };
    Loaded { stack, variables: names("variables"), environments: names("environments") }
}

/// What comes of a file of which nothing is known.
fn unloaded(diagnostic: Diagnostic) -> Loaded {
    Loaded { stack: Err(vec![diagnostic]), variables: Vec::new(), environments: Vec::new() }
}

/// A text with references as they are written, and without secrets, whoever put them into it.
fn for_people(text: &str, secrets: &[&str]) -> String {
    secrets
        .iter()
        .filter(|secret| text.contains(**secret))
        .fold(values::shown(text), |text, secret| text.replace(*secret, "(secret)"))
}

/// By place, each once.
fn sort(diagnostics: &mut Vec<Diagnostic>) {
    let key = |diagnostic: &Diagnostic| {
        let span = diagnostic.span.as_ref().map_or((0, 0), |span| (span.start, span.end));
        (span, diagnostic.message.clone())
    };
    diagnostics.sort_by_cached_key(key);
    diagnostics.dedup_by(|a, b| a.span == b.span && a.message == b.message);
}

/// The path of an entry as its keys are written.
fn written(path: &Path, renamed: &HashMap<Path, String>) -> Path {
    if renamed.is_empty() {
        return path.clone();
    }
    let mut filled = Path::root();
    let mut written = Path::root();
    for segment in path.segments() {
        match segment {
            Segment::Index(index) => {
                filled = filled.index(*index);
                written = written.index(*index);
            }
            Segment::Key(key) => {
                filled = filled.key(key);
                written = written.key(renamed.get(&filled).unwrap_or(key));
            }
        }
    }
    written
}

/// The environments to look at; one that is none where the file has none.
fn environments<'a>(document: &'a Value, inputs: &'a Inputs) -> Result<Vec<Option<&'a str>>, Finding> {
    let at = Path::root().key("environments");
    let declared = document.get("environments").and_then(Value::as_object).into_iter().flatten();
    let declared: Vec<&str> = declared.map(|(name, _)| name.as_str()).collect();
    match &inputs.environment {
        // What has no environments is the same in all of them.
        _ if declared.is_empty() => Ok(vec![None]),
        None if inputs.lenient => Ok(declared.into_iter().map(Some).collect()),
        None => {
            let listed = suggest::listed(declared);
            Err(Finding::new(at, "this file has environments, and none is chosen")
                .at_key()
                .help(format!("choose one with --env: {listed}")))
        }
        Some(name) if declared.contains(&name.as_str()) => Ok(vec![Some(name)]),
        Some(name) => {
            let mut finding = Finding::new(at, format!("there is no environment `{name}`")).at_key();
            finding.help = suggest::help(name, declared.iter().copied());
            Err(finding)
        }
    }
}

/// A file, looked at for one environment.
struct Run {
    stack: Stack,
    resolved: Resolved,
    findings: Vec<Finding>,
    /// What must not be shown.
    secrets: Vec<Path>,
}

fn evaluate(
    document: &Value,
    spans: &SpanMap,
    environment: Option<&str>,
    path: &FilePath,
    inputs: &Inputs,
    files: Files<'_>,
    room: &Cell<usize>,
) -> Run {
    let declared = variables::declared(document, environment);
    let context = Context {
        stack: document.get("stack").and_then(Value::as_str).unwrap_or_default(),
        environment,
        inputs,
        variables: &declared,
        spans,
        files,
        room,
    };
    let mut resolved = values::resolve(document, schema::stack_schema(), &context);
    let mut findings = std::mem::take(&mut resolved.findings);
    let secrets = secret::paths(schema::stack_schema(), &resolved.value, &resolved.secrets);
    let secret_set: BTreeSet<Path> = secrets.iter().cloned().collect();
    findings.extend(std::mem::take(&mut resolved.malformed).into_iter().map(|finding| {
        if secret::is_inside(&finding.path, &secret_set) {
            let message = "holds a `${` that is no reference; write `$${`";
            return Finding { message: message.to_owned(), help: None, ..finding };
        }
        finding
    }));
    let report = check::check(schema::stack_schema(), &resolved.value, &secrets);
    findings.extend(report.findings);
    findings.extend(undeclared_in_environments(document));
    if inputs.without_secrets {
        findings.extend(not_given::needed(&resolved.value));
    }

    let source = Arc::new(Source { path: path.to_owned(), text: String::new() });
    let stack = assemble::assemble(&resolved, environment, &source, folder_of(path), &mut findings);
    findings.extend(judge::judge(&stack, &findings, &report.strangers));
    findings.extend(cycles::check(&stack));

    Run { stack, resolved, findings, secrets }
}

fn undeclared_in_environments(document: &Value) -> Vec<Finding> {
    let names = document.get("variables").and_then(Value::as_object).into_iter().flatten();
    let names: BTreeSet<&str> = names.map(|(name, _)| name.as_str()).collect();
    let mut findings = Vec::new();
    for (environment, value) in document.get("environments").and_then(Value::as_object).into_iter().flatten() {
        let section = Path::root().key("environments").key(environment).key("variables");
        for (name, _) in value.get("variables").and_then(Value::as_object).into_iter().flatten() {
            if !names.contains(name.as_str()) {
                let message = format!("the variable `{name}` is not declared in `variables`");
                let mut finding = Finding::new(section.key(name), message).at_key();
                if findings.len() < suggest::MOST_HINTS {
                    finding.help = suggest::help(name, names.iter().copied());
                }
                findings.push(finding);
            }
        }
    }
    findings
}

#[cfg(test)]
mod secret_tests;
#[cfg(test)]
mod tests;
