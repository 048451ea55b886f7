//! Lines of text that know what their parts mean, so that a terminal and Markdown can each draw
//! them in their own way. Colours stand in one table, [`Role::style`].

use anstyle::{AnsiColor, Style as Ansi};
use unicode_width::UnicodeWidthStr;

use super::Style;
use crate::plan::Action;

/// What a part of a line means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Plain,
    /// Names of things: addresses, stacks.
    Name,
    /// What the eye may skip: ids, labels, context.
    Quiet,
    Added,
    Removed,
    Changed,
    Replaced,
    Adopted,
    /// What stands in the way, and errors.
    Fault,
    Warning,
    Help,
}

impl Role {
    /// The role of an action's symbol and word.
    pub(super) fn of(action: Action) -> Self {
        match action {
            Action::Keep => Role::Quiet,
            Action::Create => Role::Added,
            Action::Update => Role::Changed,
            Action::Adopt | Action::Release => Role::Adopted,
            Action::Replace => Role::Replaced,
            Action::Delete => Role::Removed,
            Action::Blocked => Role::Fault,
        }
    }

    fn style(self) -> Ansi {
        let color = |color: AnsiColor| Ansi::new().fg_color(Some(color.into()));
        match self {
            Role::Plain => Ansi::new(),
            Role::Name => Ansi::new().bold(),
            Role::Quiet => Ansi::new().dimmed(),
            Role::Added => color(AnsiColor::Green),
            Role::Removed => color(AnsiColor::Red),
            Role::Changed => color(AnsiColor::Yellow),
            Role::Replaced => color(AnsiColor::Magenta),
            Role::Fault => color(AnsiColor::Red).bold(),
            Role::Warning => color(AnsiColor::Yellow).bold(),
            Role::Adopted | Role::Help => color(AnsiColor::Cyan),
        }
    }

    /// The text in this role's colour.
    pub(super) fn paint(self, text: &str, color: bool) -> String {
        let style = self.style();
        if color && style != Ansi::new() && !text.trim().is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }
}

/// One line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Line {
    indent: usize,
    mark: Option<(Role, char)>,
    spans: Vec<(Role, String)>,
}

impl Line {
    /// An empty line at an indent.
    pub(super) fn at(indent: usize) -> Self {
        Self { indent, ..Self::default() }
    }

    /// The same, with a symbol in front of its text.
    pub(super) fn mark(mut self, role: Role, mark: char) -> Self {
        self.mark = Some((role, mark));
        self
    }

    /// The same, with more text.
    pub(super) fn push(mut self, role: Role, text: impl Into<String>) -> Self {
        self.spans.push((role, text.into()));
        self
    }

    /// How many columns it takes.
    pub(super) fn width(&self) -> usize {
        let mark = if self.mark.is_some() { 2 } else { 0 };
        self.indent + mark + self.spans.iter().map(|(_, text)| text.width()).sum::<usize>()
    }

    fn draw(&self, color: bool) -> String {
        let mut text = " ".repeat(self.indent);
        if let Some((role, mark)) = self.mark {
            text.push_str(&role.paint(&mark.to_string(), color));
            text.push(' ');
        }
        let seen = self.spans.iter().rposition(|(_, part)| !part.trim_end_matches(' ').is_empty());
        for (position, (role, part)) in self.spans.iter().enumerate().take(seen.map_or(0, |last| last + 1)) {
            let part = if Some(position) == seen { part.trim_end_matches(' ') } else { part };
            text.push_str(&role.paint(part, color));
        }
        text.truncate(text.trim_end_matches(' ').len());
        text
    }

    /// The line for a block of Markdown in the language `diff`, where the symbol stands first.
    pub(super) fn draw_for_diff(&self) -> String {
        let Some((_, mark)) = self.mark else { return self.draw(false) };
        let words: String = self.spans.iter().map(|(_, part)| part.as_str()).collect();
        format!("{mark} {}{words}", " ".repeat(self.indent)).trim_end_matches(' ').to_owned()
    }
}

/// The lines as text, each with its line end.
pub(super) fn draw(lines: &[Line], style: &Style) -> String {
    lines.iter().map(|line| line.draw(style.color) + "\n").collect()
}

/// Text of AWS or of poolkeeper as lines that are wrapped at spaces, those after the first a
/// little further in. A label stands in front. Long words stay whole, for they may be ids.
pub(super) fn paragraph(indent: usize, label: &str, role: Role, text: &str, style: &Style) -> Vec<Line> {
    let mut lines = Vec::new();
    for part in text.lines().filter(|part| !part.trim().is_empty()) {
        let (first, label) = if lines.is_empty() { (indent, label) } else { (indent + 2, "") };
        let room = style.width.saturating_sub(indent + 2 + label.width()).max(20);
        let words = super::value::wrap(&super::value::visible(part.trim_end()), room, false);
        for (position, words) in words.into_iter().enumerate() {
            let line = if position == 0 { Line::at(first).push(role, label) } else { Line::at(indent + 2) };
            lines.push(line.push(Role::Plain, words));
        }
    }
    lines
}
