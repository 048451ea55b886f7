//! Patterns with `*`, which stands for any text, and `?`, which stands for one character.

/// Whether a text is what a pattern says.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut next) = (0, 0);
    // Where the last star stands, and up to where it reaches.
    let mut star: Option<(usize, usize)> = None;
    while next < text.len() {
        if pattern.get(at) == Some(&'*') {
            star = Some((at, next));
            at += 1;
        } else if pattern.get(at).is_some_and(|char| *char == '?' || *char == text[next]) {
            (at, next) = (at + 1, next + 1);
        } else if let Some((place, reach)) = &mut star {
            *reach += 1;
            (at, next) = (*place + 1, *reach);
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|char| *char == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("a*c", "abcbc", true),
            ("a*c", "abcb", false),
            ("?", "ü", true),
            ("?", "", false),
            ("shop-*-prod", "shop-eu-prod", true),
            ("shop-*-prod", "shop-prod", false),
            ("**a**", "bab", true),
            ("A", "a", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
        // Its time does not grow with each star.
        assert!(!matches(&"a*".repeat(60), &"a".repeat(60).replace("aa", "ab")));
    }
}
