//! Draws diagnostics. Each begins with one line, `path:line:column: error: message`, which editors
//! and CI systems know how to read; then comes the text itself with the fault marked, and the fix.

use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use anstyle::{AnsiColor, Style};

use crate::diagnostic::Diagnostic;

/// How wide a drawn line may be.
const WIDTH: usize = 120;

/// Draws diagnostics one after the other, with an empty line between them.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], color: bool) -> String {
    let paint = |style: Style, text: &str| {
        if color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    };
    let mut page = String::new();
    for (position, diagnostic) in diagnostics.iter().enumerate() {
        if position > 0 {
            page.push('\n');
        }
        let (line, column) = diagnostic.line_column();
        let place = format!("{}:{line}:{column}:", diagnostic.source.path.display());
        let place = paint(Style::new().bold(), &printable(&place));
        let word = paint(AnsiColor::Red.on_default().bold(), "error:");
        let message = paint(Style::new().bold(), &printable(&diagnostic.message));
        let _ = writeln!(page, "{place} {word} {message}");
        if let Some(snippet) = snippet(diagnostic, line, color) {
            let _ = writeln!(page, "{snippet}");
        }
        if let Some(help) = &diagnostic.help {
            let word = paint(AnsiColor::Cyan.on_default().bold(), "help:");
            let _ = writeln!(page, "{word} {}", printable(help));
        }
    }
    page
}

/// The line of the fault with the fault marked. What is marked over several lines is marked in the
/// first one.
fn snippet(diagnostic: &Diagnostic, line: usize, color: bool) -> Option<String> {
    let text = &diagnostic.source.text;
    let span = diagnostic.span.clone()?;
    let start = text.get(..span.start)?.rfind('\n').map_or(0, |at| at + 1);
    let end = text.get(span.start..)?.find('\n').map_or(text.len(), |at| span.start + at);
    let shown = text.get(start..end)?.trim_end_matches('\r');
    let mark = span.start - start..span.end.clamp(span.start, end) - start;
    let (shown, mark) = plain_line(shown, &mark);
    let renderer = if color { Renderer::styled() } else { Renderer::plain() }.term_width(WIDTH);
    let source = Snippet::source(shown).line_start(line).fold(false).annotation(AnnotationKind::Primary.span(mark));
    let drawn = renderer.render(&[Group::with_level(Level::ERROR).element(source)]);
    Some(drawn.lines().map(str::trim_end).collect::<Vec<_>>().join("\n"))
}

/// The line with each control character as a sign for it, and where the mark is then.
fn plain_line(line: &str, mark: &Range<usize>) -> (String, Range<usize>) {
    let mut plain = String::with_capacity(line.len());
    let (mut start, mut end) = (None, None);
    for (at, char) in line.char_indices() {
        if at >= mark.start {
            start.get_or_insert(plain.len());
        }
        if at >= mark.end {
            end.get_or_insert(plain.len());
        }
        plain.push(sign_for(char));
    }
    let start = start.unwrap_or(plain.len());
    let end = end.unwrap_or(plain.len()).max(start);
    (plain, start..end)
}

fn printable(text: &str) -> String {
    text.chars().map(sign_for).collect()
}

/// A character that a terminal may be given: control characters and those that turn the direction
/// of writing become signs.
fn sign_for(char: char) -> char {
    match char {
        '\t' | '\n' => ' ',
        '\u{0}'..='\u{1F}' => char::from_u32(0x2400 + u32::from(char)).unwrap_or('\u{FFFD}'),
        '\u{7F}' => '\u{2421}',
        '\u{80}'..='\u{9F}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FDD0}'
        | '\u{FDD1}'
        | '\u{FEFF}' => '\u{FFFD}',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diagnostic::Source;

    fn diagnostic(text: &str, span: Option<Range<usize>>) -> Diagnostic {
        let source = Arc::new(Source { path: "a.yaml".into(), text: text.to_owned() });
        Diagnostic { source, span, message: "is wrong".to_owned(), help: Some("make it right".to_owned()) }
    }

    #[test]
    fn a_fault_is_shown_in_its_line() {
        let drawn = render(&[diagnostic("stack: a\nregion: eu\n", Some(17..19))], false);
        insta::assert_snapshot!(drawn, @r"
        a.yaml:2:9: error: is wrong
          |
        2 | region: eu
          |         ^^
        help: make it right
        ");
    }

    #[test]
    fn nothing_of_a_file_steers_the_terminal() {
        let text = "a: \u{1b}[31mred\u{202E}\u{7}\tx";
        let drawn = render(&[diagnostic(text, Some(3..4)), diagnostic(text, None)], false);
        assert!(drawn.chars().all(|char| char == '\n' || !char.is_control()), "{drawn:?}");
        assert!(!drawn.contains('\u{202E}'));
    }

    #[test]
    fn a_long_line_is_cut_to_the_width() {
        let text = format!("{}x: {}", "a".repeat(400), "b".repeat(4000));
        let drawn = render(&[diagnostic(&text, Some(400..401))], false);
        assert!(drawn.lines().all(|line| line.chars().count() <= WIDTH + 20), "{drawn}");
        assert!(drawn.contains("x: b"), "{drawn}");
    }

    #[test]
    fn no_place_is_out_of_reach() {
        for span in [0..0, 0..100, 3..3, 2..3, 4..4, 5..9] {
            let drawn = render(&[diagnostic("ä\nö", Some(span))], true);
            assert!(drawn.contains("is wrong"));
        }
    }
}
