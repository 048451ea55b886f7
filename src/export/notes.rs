//! What an exported file says in comments: facts that are nobody's to declare, and what has to be
//! known before it is used.

use serde_json::{Map, Value};

use super::{EDITORS, Secret};
use crate::kind::Kind;
use crate::live::{Live, Place};

/// How many tags a root may have beside poolkeeper's own.
pub(super) const MOST_TAGS: usize = 47;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// The comments at the top.
pub(super) fn head(place: &Place, secrets: &[Secret]) -> Vec<String> {
    let mut lines = vec![
        EDITORS.to_owned(),
        String::new(),
        format!(
            "Exported from {} of account {}. `poolkeeper plan` with this file shows what",
            place.region, place.account
        ),
        "`poolkeeper apply` would adopt; `poolkeeper schema > schema.json` helps editors with it.".to_owned(),
    ];
    if !secrets.is_empty() {
        lines.extend([String::new(), "Set these variables of the environment first:".to_owned()]);
        let width = secrets.iter().map(|secret| secret.variable.len()).max().unwrap_or_default();
        lines.extend(secrets.iter().map(|secret| {
            let hidden = if secret.value.is_none() { " (AWS does not show it)" } else { "" };
            format!("  {:width$}  {}{hidden}", secret.variable, secret.at)
        }));
    }
    lines
}

/// What is known of a pool and cannot be declared; nothing of an identity pool.
pub(super) fn facts(live: &Live) -> Option<String> {
    let made = live.body.get("CreationDate").and_then(day).map(|day| format!("made on {day}"));
    let users = (live.kind == Kind::UserPool).then(|| match live.users() {
        1 => "about 1 user".to_owned(),
        users => format!("about {users} users"),
    });
    let facts: Vec<String> = [made, users].into_iter().flatten().collect();
    (!facts.is_empty()).then(|| format!("{}.", sentence(&facts.join(", "))))
}

/// The day of a date as AWS writes it: seconds since 1970, or a text that begins with it.
fn day(date: &Value) -> Option<String> {
    if let Some(text) = date.as_str() {
        let day = text.get(..10)?;
        return day.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-').then(|| day.to_owned());
    }
    #[expect(clippy::cast_possible_truncation, reason = "a date beyond the integers is no date")]
    let days = (date.as_f64()? as i64).div_euclid(DAY);
    if !(-700_000..2_900_000).contains(&days) {
        return None;
    }
    // Days since the first of March of the year 0: leap days are at the end of their years.
    let since = days + 719_468;
    let (era, of_era) = (since.div_euclid(146_097), since.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// The text with a capital letter.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Whether something in a pool rests on what is not there, as after it was deleted by hand. A file
/// may say so only of a pool that it shares with others.
pub(super) fn needs_other_hands(pool: &Map<String, Value>, sections: &Map<String, Value>) -> bool {
    let entries = |section: &str| sections.get(section).and_then(Value::as_object).into_iter().flatten();
    let has = |kind: Kind, key: &str| entries(kind.section()).any(|(own, _)| own == key);
    let texts = |client: &Value, list: &str| -> Vec<String> {
        let items = client.get(list).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
    };
    let lacks = |client: &Value| {
        let providers = texts(client, "supportedIdentityProviders");
        let scopes = texts(client, "allowedOAuthScopes");
        let servers = scopes.iter().filter_map(|scope| Some(scope.rsplit_once('/')?.0));
        providers.iter().any(|name| name != "COGNITO" && !has(Kind::IdentityProvider, name))
            || servers.into_iter().any(|server| !has(Kind::ResourceServer, server))
    };
    let by_link = pool.get("verificationMessageTemplate").and_then(|template| template.get("defaultEmailOption"));
    let no_link = by_link.and_then(Value::as_str) == Some("CONFIRM_WITH_LINK") && entries("domains").next().is_none();
    no_link || entries(Kind::Client.section()).any(|(_, client)| lacks(client))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn dates_are_days() {
        for (date, expected) in [
            (json!(0), "1970-01-01"),
            (json!(1_709_164_800.123), "2024-02-29"),
            (json!(1_735_689_599), "2024-12-31"),
            (json!(-1), "1969-12-31"),
            (json!("2020-11-12T17:34:24.124000+01:00"), "2020-11-12"),
        ] {
            assert_eq!(day(&date).as_deref(), Some(expected));
        }
        assert_eq!(day(&json!("yesterday, I think")), None);
        assert_eq!(day(&json!(1e300)), None);
    }
}
