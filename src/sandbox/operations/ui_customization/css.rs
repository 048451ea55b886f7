//! Which style sheets are let in. Only the selectors count: what they are about is a fixed set of
//! classes.

use super::super::super::refusal::Refusal;

/// What ends the name of every class that may be named.
const ENDING: &str = "-customizable";

/// Refuses a style sheet that styles anything else.
pub(super) fn check(sheet: &str) -> Result<(), Refusal> {
    let bare = without_comments(sheet).ok_or_else(malformed)?;
    let mut rest = bare.trim();
    while !rest.is_empty() {
        let (selectors, after) = rest.split_once('{').ok_or_else(malformed)?;
        let (declarations, next) = after.split_once('}').ok_or_else(malformed)?;
        for selector in selectors.split(',').map(str::trim) {
            if !is_allowed(selector) {
                let message = format!("The CSS class {selector} is not in the list of allowed classes.");
                return Err(Refusal::invalid(message));
            }
        }
        if declarations.contains('{') {
            return Err(malformed());
        }
        rest = next.trim_start();
    }
    Ok(())
}

/// Whether a selector is one of the classes, perhaps in some state: `.inputField-customizable:focus`.
fn is_allowed(selector: &str) -> bool {
    let Some(rest) = selector.strip_prefix('.') else { return false };
    let (class, states) = rest.split_once(':').unwrap_or((rest, ""));
    let word = |text: &str| text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_');
    let own = class.strip_suffix(ENDING).is_some_and(|name| !name.is_empty());
    own && word(class) && states.split(':').all(word)
}

fn without_comments(sheet: &str) -> Option<String> {
    let mut bare = String::new();
    let mut rest = sheet;
    while let Some((before, after)) = rest.split_once("/*") {
        bare.push_str(before);
        bare.push(' ');
        rest = after.split_once("*/")?.1;
    }
    bare.push_str(rest);
    Some(bare)
}

fn malformed() -> Refusal {
    Refusal::invalid("The CSS cannot be read: each rule is a list of selectors, and declarations in braces.")
}
