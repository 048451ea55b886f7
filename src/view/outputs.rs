//! A stack's outputs as text and for a shell; as JSON they are part of the document of
//! [`json`](super::json). A secret output is named, but its value is never printed.

use serde_json::Value;

use super::value;
use crate::reference;
use crate::stack::Output;

/// A form for outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `userPoolId: us-east-2_AbCdEfGhI`
    Text,
    /// `USER_POOL_ID='us-east-2_AbCdEfGhI'`, to be read by a shell.
    Env,
}

/// The outputs, each on a line. Values with references still open are not known yet.
#[must_use]
pub fn outputs(outputs: &[Output], format: Format) -> String {
    match format {
        Format::Text => outputs.iter().map(text).collect(),
        Format::Env => outputs.iter().map(env).collect(),
    }
}

fn text(output: &Output) -> String {
    let shown = if output.secret {
        "(secret)".to_owned()
    } else if reference::is_open(&output.value) {
        "(known after apply)".to_owned()
    } else {
        value::full(&output.value)
    };
    format!("{}: {shown}\n", value::visible(&output.name))
}

fn env(output: &Output) -> String {
    let name = upper_snake(&output.name);
    if output.secret {
        return format!("# {name} is secret\n");
    }
    if reference::is_open(&output.value) {
        return format!("# {name} is known after apply\n");
    }
    let value = match &output.value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    format!("{name}='{}'\n", value.replace('\'', r"'\''"))
}

/// `userPoolId` as `USER_POOL_ID`: a name that every shell takes.
fn upper_snake(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (at, char) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let starts_word = char.is_ascii_uppercase()
            && before.is_some_and(|before| {
                let ends_acronym = chars.get(at + 1).is_some_and(char::is_ascii_lowercase);
                before.is_ascii_lowercase() || before.is_ascii_digit() || (before.is_ascii_uppercase() && ends_acronym)
            });
        if starts_word {
            snake.push('_');
        }
        snake.push(if char.is_ascii_alphanumeric() { char.to_ascii_uppercase() } else { '_' });
    }
    if !snake.starts_with(|first: char| first.is_ascii_uppercase()) {
        snake.insert(0, '_');
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn every_form_tells_secret_and_unknown_from_known() {
        let values = sample::outputs();
        insta::assert_snapshot!(outputs(&values, Format::Text), @r#"
        userPoolId: us-east-2_AbCdEfGhI
        motto: "it's\n$HOME"
        ports: [8000, 8001]
        clientSecret: (secret)
        clientId: (known after apply)
        "#);
        insta::assert_snapshot!(outputs(&values, Format::Env), @r#"
        USER_POOL_ID='us-east-2_AbCdEfGhI'
        MOTTO='it'\''s
        $HOME'
        PORTS='[8000,8001]'
        # CLIENT_SECRET is secret
        # CLIENT_ID is known after apply
        "#);
    }

    #[test]
    fn names_become_names_of_a_shell() {
        let cases = [
            ("userPoolId", "USER_POOL_ID"),
            ("JWKSUri", "JWKS_URI"),
            ("web-client", "WEB_CLIENT"),
            ("2nd\nx", "_2ND_X"),
            ("", "_"),
        ];
        for (name, expected) in cases {
            assert_eq!(upper_snake(name), expected);
        }
    }
}
