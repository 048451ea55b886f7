//! The only thing that writes. Data goes to stdout; notes, progress, errors and the question go to
//! stderr. Nothing leaves without being scrubbed of secrets. A reader that goes away (`| head`) is
//! no error: what is left to write is dropped, and the run goes on to its own end, since it may be
//! in the middle of changing something.

use std::ffi::OsString;
use std::io::{self, BufRead, IsTerminal, Write};
use std::sync::{Mutex, PoisonError, RwLock};

use anstream::AutoStream;
use indicatif::{MultiProgress, ProgressDrawTarget};

use super::json::Document;
use super::scrub::scrub;
use super::{Style, outputs};
use crate::export::Export;

/// When to use colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` or `CI` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What the user asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Settings {
    /// `--quiet`: no notes and no progress.
    pub quiet: bool,
    /// `-v`: each API call too.
    pub verbose: bool,
    /// `--color`.
    pub color: Color,
}

/// No terminal is so wide that longer lines would be easy to read.
const WIDEST: usize = 120;

/// Writes.
pub struct Printer {
    settings: Settings,
    data: Mutex<Box<dyn Write + Send>>,
    notes: Mutex<Box<dyn Write + Send>>,
    data_style: Style,
    notes_style: Style,
    live: Option<MultiProgress>,
    secrets: RwLock<Vec<String>>,
}

impl Printer {
    /// A printer for this process's stdout and stderr.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let (stdout, stderr) = (io::stdout(), io::stderr());
        let env = |name: &str| std::env::var_os(name);
        let data_color = colored(settings.color, stdout.is_terminal(), env);
        let notes_color = colored(settings.color, stderr.is_terminal(), env);
        let live = !settings.quiet && colored(Color::Auto, stderr.is_terminal(), env);
        let width = |size: Option<(terminal_size::Width, terminal_size::Height)>| {
            size.map_or(Style::default().width, |(width, _)| usize::from(width.0).min(WIDEST))
        };
        let data_style = Style { color: data_color, width: width(terminal_size::terminal_size_of(&stdout)) };
        let notes_style = Style { color: notes_color, width: width(terminal_size::terminal_size_of(&stderr)) };
        Self {
            settings,
            data: Mutex::new(if data_color { Box::new(AutoStream::always(stdout)) } else { Box::new(stdout) }),
            notes: Mutex::new(if notes_color { Box::new(AutoStream::always(stderr)) } else { Box::new(stderr) }),
            data_style,
            notes_style,
            live: live.then(|| MultiProgress::with_draw_target(ProgressDrawTarget::stderr())),
            secrets: RwLock::default(),
        }
    }

    /// Keeps these texts out of all that is written from now on.
    pub fn hide(&self, secrets: &[String]) {
        let mut hidden = self.secrets.write().unwrap_or_else(PoisonError::into_inner);
        for secret in secrets {
            if !hidden.contains(secret) {
                hidden.push(secret.clone());
            }
        }
    }

    /// How text for stdout is drawn.
    #[must_use]
    pub fn data_style(&self) -> Style {
        self.data_style
    }

    /// How text for stderr is drawn.
    #[must_use]
    pub fn notes_style(&self) -> Style {
        self.notes_style
    }

    /// What the user asked for.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.settings
    }

    /// Writes what was asked for, to stdout.
    ///
    /// # Errors
    /// Where it cannot be written, but for a reader that went away.
    pub fn data(&self, text: &str) -> io::Result<()> {
        self.write(&self.data, &self.clean(text))
    }

    /// Writes a JSON document, to stdout.
    ///
    /// # Errors
    /// Where it cannot be written, but for a reader that went away.
    pub fn document(&self, document: &Document) -> io::Result<()> {
        // Scrubbed value by value: text by text could take a number for a secret and spoil the document.
        let text = document.render(&self.secrets.read().unwrap_or_else(PoisonError::into_inner));
        self.write(&self.data, &text)
    }

    /// Writes outputs, to stdout.
    ///
    /// # Errors
    /// Where they cannot be written, but for a reader that went away.
    pub fn outputs(&self, values: &[crate::stack::Output], format: outputs::Format) -> io::Result<()> {
        self.data(&outputs::outputs(values, format))
    }

    /// Writes an exported stack file, to stdout. Its secrets were taken out where it was made: looked
    /// for here once more, a short one that is a word of the file too would spoil it.
    ///
    /// # Errors
    /// Where it cannot be written, but for a reader that went away.
    pub fn exported(&self, export: &Export) -> io::Result<()> {
        self.write(&self.data, &export.text)
    }

    /// Writes what is good to know, to stderr, unless the user wants quiet.
    pub fn note(&self, text: &str) {
        if !self.settings.quiet {
            self.error(text);
        }
    }

    /// Writes what went wrong, to stderr. There is nowhere to say that this itself went wrong.
    pub fn error(&self, text: &str) {
        let end = if text.ends_with('\n') { "" } else { "\n" };
        let _ = self.write(&self.notes, &format!("{}{end}", self.clean(text)));
    }

    /// The text without secrets.
    pub(super) fn clean(&self, text: &str) -> String {
        scrub(text, &self.secrets.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Where progress is drawn, if there is a terminal for it.
    pub(super) fn live(&self) -> Option<&MultiProgress> {
        self.live.as_ref()
    }

    fn write(&self, stream: &Mutex<Box<dyn Write + Send>>, text: &str) -> io::Result<()> {
        let write = || {
            let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
            match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                other => other,
            }
        };
        self.live.as_ref().map_or_else(write, |live| live.suspend(write))
    }
}

/// Asks a question on stderr and reads a line from stdin. Only `yes` is a yes.
///
/// # Errors
/// Where stdin cannot be read.
pub fn confirm(question: &str, printer: &Printer) -> io::Result<bool> {
    ask(question, printer, &mut io::stdin().lock())
}

fn ask(question: &str, printer: &Printer, answers: &mut dyn BufRead) -> io::Result<bool> {
    let prompt = format!("\n{}\n  Only `yes` is taken for a yes: ", printer.clean(question));
    printer.write(&printer.notes, &prompt)?;
    let mut answer = String::new();
    let length = answers.read_line(&mut answer)?;
    // Where the line was not ended by the user, the next text would stand right behind the question.
    let end = if length == 0 || !answer.ends_with('\n') { "\n\n" } else { "\n" };
    printer.write(&printer.notes, end)?;
    Ok(answer.trim() == "yes")
}

/// Whether to use colour on a stream.
fn colored(choice: Color, terminal: bool, env: impl Fn(&str) -> Option<OsString>) -> bool {
    let is_set = |name: &str| env(name).is_some_and(|value| !value.is_empty());
    let in_ci = is_set("CI") && env("CI").is_some_and(|value| value != "false" && value != "0");
    let dumb = env("TERM").is_some_and(|value| value == "dumb");
    match choice {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => terminal && !is_set("NO_COLOR") && !in_ci && !dumb,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Arc;

    use super::*;

    /// What was written.
    #[derive(Clone, Default)]
    pub(in crate::view) struct Written(Arc<Mutex<Vec<u8>>>);

    impl Written {
        pub(in crate::view) fn text(&self) -> String {
            String::from_utf8(self.0.lock().expect("no panic before").clone()).expect("text")
        }
    }

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no panic before").write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    struct Broken(io::ErrorKind);

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn to(data: impl Write + Send + 'static, notes: impl Write + Send + 'static, settings: Settings) -> Printer {
        Printer {
            settings,
            data: Mutex::new(Box::new(data)),
            notes: Mutex::new(Box::new(notes)),
            data_style: Style::default(),
            notes_style: Style::default(),
            live: None,
            secrets: RwLock::default(),
        }
    }

    /// A printer without a terminal, and its stdout and stderr.
    pub(in crate::view) fn buffered(settings: Settings) -> (Printer, Written, Written) {
        let (data, notes) = (Written::default(), Written::default());
        (to(data.clone(), notes.clone(), settings), data, notes)
    }

    #[test]
    fn data_and_notes_go_their_own_ways_and_hold_no_secret() {
        let (printer, data, notes) = buffered(Settings::default());
        printer.hide(&["hunter22".to_owned()]);
        printer.data("a: hunter22\n").expect("written");
        printer.note("b: hunter22");
        assert_eq!((data.text().as_str(), notes.text().as_str()), ("a: (secret)\n", "b: (secret)\n"));
    }

    #[test]
    fn quiet_silences_notes_but_not_errors() {
        let (printer, _, notes) = buffered(Settings { quiet: true, ..Settings::default() });
        printer.note("a note");
        printer.error("an error");
        assert_eq!(notes.text(), "an error\n");
    }

    #[test]
    fn a_reader_that_went_away_is_no_error_but_a_full_disk_is() {
        let gone = to(Broken(io::ErrorKind::BrokenPipe), io::sink(), Settings::default());
        assert!(gone.data("x").is_ok());
        let full = to(Broken(io::ErrorKind::StorageFull), io::sink(), Settings::default());
        assert!(full.data("x").is_err());
    }

    #[test]
    fn only_yes_is_a_yes() {
        let cases = [("yes\n", true), (" yes \n", true), ("y\n", false), ("YES\n", false), ("\n", false), ("", false)];
        for (answer, expected) in cases {
            let (printer, data, _) = buffered(Settings { quiet: true, ..Settings::default() });
            assert_eq!(ask("Apply?", &printer, &mut answer.as_bytes()).expect("read"), expected, "{answer:?}");
            assert_eq!(data.text(), "");
        }
    }

    #[test]
    fn colour_is_for_terminals_whose_user_did_not_say_no() {
        let auto = |terminal, name: &str, value: &str| {
            colored(Color::Auto, terminal, |asked| (asked == name).then(|| value.into()))
        };
        let cases = [
            (auto(true, "", ""), true),
            (auto(false, "", ""), false),
            (auto(true, "NO_COLOR", "1"), false),
            (auto(true, "NO_COLOR", ""), true),
            (auto(true, "CI", "true"), false),
            (auto(true, "CI", "false"), true),
            (auto(true, "TERM", "dumb"), false),
            (colored(Color::Always, false, |_| Some("1".into())), true),
            (colored(Color::Never, true, |_| None), false),
        ];
        for (position, (is, expected)) in cases.into_iter().enumerate() {
            assert_eq!(is, expected, "case {position}");
        }
    }
}
