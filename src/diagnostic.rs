//! What is wrong with a file, as data. Whoever finds something says where by [`Path`], never by
//! line: the loader, which knows the text, turns findings into [`Diagnostic`]s, and
//! `view::diagnostic` draws them.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use crate::path::Path;

/// Which part of an entry a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The key: unknown, duplicate, missing something inside.
    Key,
    /// The value.
    Value,
}

/// Something wrong, by path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where. A path that is not in the file stands for the nearest thing around it that is.
    pub path: Path,
    /// Which part of the entry there.
    pub part: Part,
    /// What is wrong, in the file's own words, without a full stop.
    pub message: String,
    /// The fix, where there is one.
    pub help: Option<String>,
}

impl Finding {
    /// A finding about the value at `path`.
    pub fn new(path: Path, message: impl Into<String>) -> Self {
        Self { path, part: Part::Value, message: message.into(), help: None }
    }

    /// The same, about the key.
    #[must_use]
    pub fn at_key(mut self) -> Self {
        self.part = Part::Key;
        self
    }

    /// The same, with the fix.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Collects the findings of one resource's checks. Paths are relative to the resource. A rule
/// that rests on a value which is not known yet is not judged.
#[derive(Debug)]
pub struct Findings {
    base: Path,
    unknown: Vec<Path>,
    list: Vec<Finding>,
}

impl Findings {
    /// An empty collection for the resource at `base`, of which the values at `unknown` (relative
    /// paths) are not known yet.
    #[must_use]
    pub fn new(base: Path, unknown: Vec<Path>) -> Self {
        Self { base, unknown, list: Vec::new() }
    }

    /// Notes that a rule does not hold. `paths` are the properties that the rule rests on, written
    /// as addresses relative to the resource; the finding is shown at the first. Nothing is noted
    /// when one of them is not known yet.
    pub fn rule(&mut self, paths: &[&str], message: impl Into<String>) {
        self.note(&parse_all(paths), message.into(), None);
    }

    /// Like [`Findings::rule`], with the fix.
    pub fn rule_with_help(&mut self, paths: &[&str], message: impl Into<String>, help: impl Into<String>) {
        self.note(&parse_all(paths), message.into(), Some(help.into()));
    }

    /// Like [`Findings::rule`], for paths made by a program.
    pub fn rule_at(&mut self, paths: &[Path], message: impl Into<String>, help: Option<String>) {
        self.note(paths, message.into(), help);
    }

    fn note(&mut self, paths: &[Path], message: String, help: Option<String>) {
        let open = paths
            .iter()
            .any(|path| self.unknown.iter().any(|unknown| unknown.starts_with(path) || path.starts_with(unknown)));
        if !open {
            let path = self.base.join(paths.first().unwrap_or(&Path::root()));
            self.list.push(Finding { path, part: Part::Value, message, help });
        }
    }

    /// What was found.
    #[must_use]
    pub fn into_list(self) -> Vec<Finding> {
        self.list
    }
}

fn parse_all(paths: &[&str]) -> Vec<Path> {
    paths.iter().map(|path| path.parse().unwrap_or_default()).collect()
}

/// A file's name and text, shared by its diagnostics.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// The file as the user named it.
    pub path: PathBuf,
    /// Its text; empty where it could not be read.
    pub text: String,
}

/// Something wrong, at its place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file.
    pub source: Arc<Source>,
    /// The bytes that are marked; none where the file as a whole is meant.
    pub span: Option<Range<usize>>,
    /// What is wrong, without a full stop.
    pub message: String,
    /// The fix, where there is one.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Line and column of the marked bytes, both counted from 1, columns in characters.
    #[must_use]
    pub fn line_column(&self) -> (usize, usize) {
        let offset = self.span.as_ref().map_or(0, |span| span.start).min(self.source.text.len());
        let before = self.source.text.get(..offset).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        (line, column)
    }
}
