//! Names that are made from other names: of stacks, of roots, of variables.

use std::collections::BTreeSet;

use crate::path::is_plain_word;

/// The longest name of a stack, and the longest key of a root.
const LONGEST: usize = 63;

/// Whether a text can be the name of a stack.
#[must_use]
pub fn is_stack(name: &str) -> bool {
    is_plain_word(name) && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// A legal name of a stack that is like another name.
#[must_use]
pub(super) fn stack(name: &str) -> String {
    let word = word(&name.to_lowercase().replace('_', "-"));
    if word.is_empty() { "exported".to_owned() } else { word }
}

/// A legal key of a root that is like its name, and differs from those that are taken.
pub(super) fn root(name: &str, taken: &mut BTreeSet<String>) -> String {
    let word = word(name);
    unique(if word.is_empty() { "pool" } else { &word }, LONGEST, taken)
}

/// A key that is like a name, and differs from those that are taken, which it then is too.
pub(super) fn unique(name: &str, longest: usize, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| {
        let end = format!("-{number}");
        let kept: String = name.chars().take(longest.saturating_sub(end.len())).collect();
        kept + &end
    });
    let free = std::iter::once(name.to_owned()).chain(numbered).find(|key| !taken.contains(key));
    let key = free.unwrap_or_default();
    taken.insert(key.clone());
    key
}

/// The name of a variable of the environment for what stands under these keys.
pub(super) fn variable<'a>(keys: impl Iterator<Item = &'a str>, taken: &mut BTreeSet<String>) -> String {
    let words: Vec<String> = keys.map(capitals).filter(|word| !word.is_empty()).collect();
    let mut name = words.join("_");
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        name = format!("SECRET_{name}");
    }
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    let free = std::iter::once(name.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or_default();
    taken.insert(free.clone());
    free
}

/// Only what a plain word has, everything else as single hyphens.
fn word(name: &str) -> String {
    let plain = |char: char| if char.is_ascii_alphanumeric() || char == '_' { char } else { '-' };
    let parts: String = name.chars().map(plain).collect();
    let parts: Vec<&str> = parts.split('-').filter(|part| !part.is_empty()).collect();
    let word = parts.join("-");
    let word = word.trim_start_matches(['_', '-']);
    word[..word.len().min(LONGEST)].trim_end_matches('-').to_owned()
}

/// A key in capitals, its words joined by underscores.
fn capitals(key: &str) -> String {
    let mut capitals = String::new();
    let mut before = ' ';
    for char in key.chars() {
        if char.is_ascii_alphanumeric() {
            if before.is_ascii_lowercase() && char.is_ascii_uppercase() {
                capitals.push('_');
            }
            capitals.push(char.to_ascii_uppercase());
        } else if !capitals.ends_with('_') {
            capitals.push('_');
        }
        before = char;
    }
    capitals.trim_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn names_are_legal_whatever_they_are_made_of(name in any::<String>()) {
            prop_assert!(is_stack(&stack(&name)), "{}", stack(&name));
            let mut taken = BTreeSet::new();
            for _ in 0..12 {
                let key = root(&name, &mut taken);
                prop_assert!(is_plain_word(&key), "{}", key);
            }
            prop_assert_eq!(taken.len(), 12);
        }
    }

    #[test]
    fn names_stay_readable() {
        let mut taken = BTreeSet::new();
        let keys: Vec<String> = ["Step03 Google Login User Pool", "My_Pool", "a--b", "Größe", "__", "a--b"]
            .map(|name| root(name, &mut taken))
            .to_vec();
        assert_eq!(keys, ["Step03-Google-Login-User-Pool", "My_Pool", "a-b", "Gr-e", "pool", "a-b-2"]);
        assert_eq!(stack("Step03 Google Login User Pool"), "step03-google-login-user-pool");
        let mut taken = BTreeSet::new();
        let name = |taken: &mut _| variable(["myPool", "Google", "client_secret"].into_iter(), taken);
        assert_eq!(name(&mut taken), "MY_POOL_GOOGLE_CLIENT_SECRET");
        assert_eq!(name(&mut taken), "MY_POOL_GOOGLE_CLIENT_SECRET_2");
        assert_eq!(variable(["1st", "api.twitter.com"].into_iter(), &mut taken), "SECRET_1ST_API_TWITTER_COM");
    }
}
