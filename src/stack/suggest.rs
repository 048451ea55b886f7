//! What somebody may have meant by a name that is not there.

/// The candidate that is most like `name`, if one is like enough to be worth naming.
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&wanted, &candidate.to_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// Beyond how many faults of a file nothing is looked for any more that may have been meant: it
/// takes a while, and nobody reads it.
pub const MOST_HINTS: usize = 50;

/// "did you mean …?", or else what is known, or nothing where there is nothing.
#[must_use]
pub fn help<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> Option<String> {
    if let Some(candidate) = nearest(name, candidates.clone()) {
        return Some(format!("did you mean `{candidate}`?"));
    }
    let all = listed(candidates);
    (!all.is_empty()).then(|| format!("known here: {all}"))
}

/// A noun with its article.
#[must_use]
pub fn with_article(noun: &str) -> String {
    let an = noun.starts_with(['a', 'e', 'i', 'o']);
    format!("{} {noun}", if an { "an" } else { "a" })
}

/// Names in backticks, joined by commas; beyond a dozen only the first ones.
#[must_use]
pub fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 12;
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.get(..SHOWN) {
        Some(first) if names.len() > SHOWN => format!("{}, …", first.join(", ")),
        _ => names.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_hand_is_recognised_and_a_stranger_is_not() {
        let names = ["mfaConfiguration", "userPoolTier", "deletionProtection"];
        assert_eq!(nearest("mfaConfig", names), Some("mfaConfiguration"));
        assert_eq!(nearest("userpooltier", names), Some("userPoolTier"));
        assert_eq!(nearest("deletionProtecton", names), Some("deletionProtection"));
        assert_eq!(nearest("callbackUrls", names), None);
    }
}
