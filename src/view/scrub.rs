//! Keeps secrets out of whatever is written. Values that are known to be secret are never drawn in
//! the first place; this is the net below, for a secret that AWS repeats in a message, or that also
//! stands in a property that is not secret.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::Value;

use super::value::{quoted, visible};

/// What stands where a secret was.
const SHOWN: &str = "(secret)";

/// A secret shorter than this is part of too many words to be looked for.
const SHORTEST: usize = 4;

/// The same for a single line of a secret that has several.
const SHORTEST_LINE: usize = 8;

/// The text without any of the secrets: neither as they are, nor as they stand in JSON or in our
/// own text (escaped, wrapped or cut), nor single lines of long ones.
#[must_use]
pub fn scrub(text: &str, secrets: &[String]) -> String {
    let needles = needles(secrets);
    if needles.is_empty() {
        return text.to_owned();
    }
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let found = needles.iter().find_map(|needle| found_at_start(rest, needle));
        let length = found.unwrap_or(first.len_utf8());
        clean.push_str(if found.is_some() { SHOWN } else { &rest[..length] });
        rest = &rest[length..];
    }
    clean
}

/// Takes the secrets out of every text in a JSON value, and out of numbers that are one. Keys of
/// the document's own are left alone; those inside of a user's values are not.
pub(super) fn scrub_json(value: &mut Value, secrets: &[String]) {
    if secrets.iter().any(|secret| secret.chars().count() >= SHORTEST) {
        walk(value, secrets, false);
    }
}

fn walk(value: &mut Value, secrets: &[String], of_user: bool) {
    match value {
        Value::String(text) => *text = scrub(text, secrets),
        Value::Number(number) if of_user => {
            let text = number.to_string();
            let clean = scrub(&text, secrets);
            if clean != text {
                *value = Value::String(clean);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, secrets, of_user)),
        Value::Object(map) => {
            let entries = std::mem::take(map).into_iter().map(|(key, mut value)| {
                let users = of_user || matches!(key.as_str(), "live" | "declared" | "outputs");
                walk(&mut value, secrets, users);
                (if of_user { scrub(&key, secrets) } else { key }, value)
            });
            *map = entries.collect();
        }
        _ => {}
    }
}

/// All forms in which the secrets are looked for, longest first, so that the whole of a secret is
/// found before a part of it.
fn needles(secrets: &[String]) -> Vec<String> {
    let mut needles = Vec::new();
    for secret in secrets {
        let lines = secret.lines().filter(|line| line.trim().chars().count() >= SHORTEST_LINE && secret.contains('\n'));
        let whole = Some(secret.as_str()).filter(|secret| secret.trim().chars().count() >= SHORTEST);
        for text in whole.into_iter().chain(lines) {
            let text = text.trim();
            needles.extend([text.to_owned(), visible(text), STANDARD_NO_PAD.encode(text)]);
            let quoted = [Value::from(text).to_string(), quoted(text)];
            needles.extend(quoted.iter().map(|quoted| quoted[1..quoted.len() - 1].to_owned()));
        }
    }
    needles.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
    needles.dedup();
    needles
}

/// How many bytes at the start of the text are the secret, wherever a line was broken inside of it;
/// also if it was cut off there.
fn found_at_start(text: &str, secret: &str) -> Option<usize> {
    let mut rest = text;
    let mut matched = 0;
    let mut chars = secret.chars().peekable();
    while let Some(wanted) = chars.next() {
        if !rest.starts_with(wanted) && matched > 0 {
            let broken = after_break(rest);
            if broken.len() < rest.len() && wanted.is_whitespace() {
                // The break took the place of the space, or stands behind it.
                while chars.next_if(|next| next.is_whitespace()).is_some() {}
                rest = broken;
                matched += 1;
                continue;
            }
            rest = broken;
            if rest.starts_with('…') && matched >= SHORTEST {
                return Some(text.len() - rest.len());
            }
        }
        rest = rest.strip_prefix(wanted)?;
        matched += 1;
    }
    Some(text.len() - rest.len())
}

/// The text behind a line break with its indent and colours, if it starts with one.
fn after_break(text: &str) -> &str {
    let mut rest = text;
    let mut breaks = false;
    loop {
        let next = if let Some(codes) = rest.strip_prefix("\u{1b}[") {
            codes.split_once('m').filter(|(code, _)| code.bytes().all(|byte| byte.is_ascii_digit() || byte == b';'))
        } else if rest.starts_with('\n') || (breaks && rest.starts_with(' ')) {
            breaks = true;
            Some(rest.split_at(1))
        } else {
            None
        };
        match next {
            Some((_, behind)) => rest = behind,
            None => return rest,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::{Style, line, report};
    use super::*;

    fn scrubbed(text: &str, secret: &str) -> String {
        scrub(text, &[secret.to_owned()])
    }

    #[test]
    fn a_secret_is_found_in_every_form() {
        let key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nab\n-----END KEY-----\n";
        let cases = [
            ("the key hunter2x is bad", "hunter2x", "the key (secret) is bad"),
            ("\"a\\\"b\\\\cd\"", "a\"b\\cd", "\"(secret)\""),
            ("line MIIEvQIBADANBgkq here, ab there", key, "line (secret) here, ab there"),
            ("it is abc", "abc", "it is abc"),
            ("a: \"x\\\"y\\u{1b}z\"", "x\"y\u{1b}z", "a: \"(secret)\""),
            ("a long hun\n      ter2-hunter2 b", "hunter2-hunter2", "a long (secret) b"),
            ("one two\n  three four", "two three", "one (secret) four"),
            ("x \u{1b}[32mhunt\u{1b}[0m\n  \u{1b}[32mer22\u{1b}[0m", "hunter22", "x \u{1b}[32m(secret)\u{1b}[0m"),
            ("cut: hunter2-h…", "hunter2-hunter2", "cut: (secret)…"),
            ("abcdabcdabcd", "abcd", "(secret)(secret)(secret)"),
        ];
        for (text, secret, expected) in cases {
            assert_eq!(scrubbed(text, secret), expected, "{text}");
        }
        assert_eq!(scrubbed(&format!("[{key}]"), key), "[(secret)\n]");
        assert_eq!(scrubbed(&json!({ "k": key }).to_string(), key), "{\"k\":\"(secret)\\n\"}");
    }

    #[test]
    fn a_json_document_stays_one() {
        let mut value = json!({"code": "code", "milliseconds": 12345, "live": {"12345": 12345, "a": [12.5, "x12345"]}});
        scrub_json(&mut value, &["12345".to_owned(), "code".to_owned()]);
        let clean = json!({
            "code": "(secret)",
            "milliseconds": 12345,
            "live": {"(secret)": "(secret)", "a": [12.5, "x(secret)"]},
        });
        assert_eq!(value, clean);
    }

    proptest! {
        #[test]
        fn no_secret_survives_in_what_is_drawn(
            secret in "[a-zA-Z0-9$+/=_ -]{4,60}",
            before in "[a-z ]{0,90}",
            color in any::<bool>(),
        ) {
            prop_assume!(secret.trim().len() >= 4);
            let style = Style { color, width: 40 };
            let message = format!("{before} {secret} end");
            let error = crate::error::Error::refused(message.clone());
            let drawn = [
                report::error(&error, &style),
                line::draw(&line::paragraph(2, "", line::Role::Plain, &message, &style), &style),
                json!({ "message": message }).to_string(),
            ];
            for text in drawn {
                let clean = scrubbed(&text, &secret);
                let joined: String = clean.split_whitespace().collect();
                let packed: String = secret.split_whitespace().collect();
                prop_assume!(!SHOWN.contains(&packed) && packed.len() >= 4);
                prop_assert!(!joined.contains(&packed), "{clean}");
            }
        }
    }
}
