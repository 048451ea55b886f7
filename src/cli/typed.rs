//! Single values as they are typed: what form they have, told at once and not by AWS.

/// A URL with a scheme and a host.
pub(super) fn url(text: &str) -> Result<String, &'static str> {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    match rest {
        Some(host) if !host.is_empty() && !host.starts_with('/') && !text.contains(char::is_whitespace) => {
            Ok(text.to_owned())
        }
        _ => Err("write it as http://HOST or https://HOST"),
    }
}

/// A user pool's id.
pub(super) fn user_pool(text: &str) -> Result<String, &'static str> {
    let form = text.split_once('_').is_some_and(|(region, id)| {
        region.contains('-') && !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    if form { Ok(text.to_owned()) } else { Err("a user pool's id is like eu-west-1_AbCdEfGhI; --match takes names") }
}

/// An identity pool's id.
pub(super) fn identity_pool(text: &str) -> Result<String, &'static str> {
    let form = text.split_once(':').is_some_and(|(region, id)| region.contains('-') && id.len() == 36);
    let help = "an identity pool's id is like eu-west-1:0a1b2c3d-1111-2222-3333-444455556666; --match takes names";
    if form { Ok(text.to_owned()) } else { Err(help) }
}

/// An account's id.
pub(super) fn account(text: &str) -> Result<String, &'static str> {
    let fits = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if fits { Ok(text.to_owned()) } else { Err("an account's id has twelve digits") }
}

/// A stack's name.
pub(super) fn stack(text: &str) -> Result<String, &'static str> {
    if crate::export::is_stack_name(text) {
        Ok(text.to_owned())
    } else {
        Err("a stack's name is a lower-case letter or digit, then at most 62 of them and hyphens")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_not_taken_for_an_id() {
        for id in ["eu-west-1_AbCdEfGhI", "us-gov-west-1_aBc123456"] {
            assert!(user_pool(id).is_ok() && identity_pool(id).is_err(), "{id}");
        }
        let id = "eu-west-1:0a1b2c3d-1111-2222-3333-444455556666";
        assert!(identity_pool(id).is_ok() && user_pool(id).is_err());
        for name in ["shop", "shop-customers", "My pool", "eu-west-1_", "eu-west-1_A,eu-west-1_B", "eu-west-1:x", ""] {
            assert!(user_pool(name).is_err() && identity_pool(name).is_err(), "{name}");
        }
    }
}
