//! AWS's rules across the properties of an app client.

use super::{Client, DAY, ExplicitAuthFlow, Feature, HOUR, OAuthFlow};
use crate::diagnostic::Findings;
use crate::path::Path;
use crate::reference;

const MINUTE: u64 = 60;

pub(super) fn check(client: &Client, findings: &mut Findings) {
    secret(client, findings);
    oauth(client, findings);
    urls(client, findings);
    auth_flows(client, findings);
    validities(client, findings);
    analytics(client, findings);
}

fn secret(client: &Client, findings: &mut Findings) {
    if client.generate_secret && client.client_secret.is_some() {
        findings.rule(
            &["clientSecret", "generateSecret"],
            "`clientSecret` gives a secret and `generateSecret: true` asks AWS to make one: only one of the two can be",
        );
    }
    if client.enable_propagate_additional_user_context_data && !client.has_secret() {
        findings.rule_with_help(
            &["enablePropagateAdditionalUserContextData", "generateSecret", "clientSecret"],
            "`enablePropagateAdditionalUserContextData` works only on a client with a secret",
            "add `generateSecret: true`, which a client can get only when it is created",
        );
    }
}

fn oauth(client: &Client, findings: &mut Findings) {
    let flows = &client.allowed_o_auth_flows;
    if client.allowed_o_auth_flows_user_pool_client {
        let mut missing = Vec::new();
        if flows.is_empty() {
            missing.push("allowedOAuthFlows");
        }
        if client.allowed_o_auth_scopes.is_empty() {
            missing.push("allowedOAuthScopes");
        }
        if !missing.is_empty() {
            let message = format!("`allowedOAuthFlowsUserPoolClient: true` needs `{}`", missing.join("` and `"));
            missing.insert(0, "allowedOAuthFlowsUserPoolClient");
            findings.rule(&missing, message);
        }
    }
    let for_users = flows.contains(&OAuthFlow::Code) || flows.contains(&OAuthFlow::Implicit);
    if for_users && client.callback_urls.is_empty() {
        findings.rule(
            &["allowedOAuthFlows", "callbackUrls"],
            "the flows `code` and `implicit` need `callbackUrls`, to send users back to",
        );
    }
    if flows.contains(&OAuthFlow::ClientCredentials) {
        if flows.len() > 1 {
            findings.rule_with_help(
                &["allowedOAuthFlows"],
                "the flow `client_credentials` cannot be together with others in one client",
                "give machines a client of their own",
            );
        }
        if !client.has_secret() {
            findings.rule_with_help(
                &["allowedOAuthFlows", "generateSecret", "clientSecret"],
                "the flow `client_credentials` needs a client with a secret",
                "add `generateSecret: true`, which a client can get only when it is created",
            );
        }
    }
}

fn urls(client: &Client, findings: &mut Findings) {
    for (property, urls) in [("callbackUrls", &client.callback_urls), ("logoutUrls", &client.logout_urls)] {
        for (index, url) in urls.iter().enumerate() {
            if let Some(fault) = url_fault(url) {
                findings.rule_at(&[Path::root().key(property).index(index)], format!("`{url}` {fault}"), None);
            }
        }
    }
    // One that is among the callback URLs has been judged there.
    let Some(default) = client.default_redirect_uri.as_ref().filter(|uri| !client.callback_urls.contains(uri)) else {
        return;
    };
    if let Some(fault) = url_fault(default) {
        findings.rule(&["defaultRedirectUri"], format!("`{default}` {fault}"));
    } else {
        findings.rule_with_help(
            &["defaultRedirectUri", "callbackUrls"],
            format!("`{default}` is not one of `callbackUrls`"),
            "add it there",
        );
    }
}

/// What AWS would refuse in a URL; nothing in one that is not known yet.
fn url_fault(url: &str) -> Option<&'static str> {
    if !reference::in_text(url).is_empty() {
        return None;
    }
    if url.contains(|char: char| char.is_whitespace() || char.is_control()) {
        return Some("holds a space or a control character, which AWS does not allow: write a space as `%20`");
    }
    let Some((scheme, rest)) = url.split_once(':').filter(|(scheme, _)| is_scheme(scheme)) else {
        return Some("is not an absolute URL: it does not start with a scheme such as `https://`");
    };
    if url.contains('#') {
        return Some("has a fragment (`#…`), which AWS does not allow");
    }
    let is_http = scheme.eq_ignore_ascii_case("http");
    if !is_http && !scheme.eq_ignore_ascii_case("https") {
        return None;
    }
    let authority = rest.strip_prefix("//").and_then(|rest| rest.split(['/', '?']).next()).unwrap_or_default();
    let authority = authority.rsplit('@').next().unwrap_or_default();
    let host = if authority.starts_with('[') {
        authority.split_inclusive(']').next().unwrap_or_default()
    } else {
        authority.split(':').next().unwrap_or_default()
    };
    if host.is_empty() {
        return Some("names no host");
    }
    // AWS knows its own machine only by the plain name, with a port or a path at most.
    let plain = rest.trim_start_matches('/').split('/').next().unwrap_or_default();
    let port = |host: &str| {
        plain.strip_prefix(host).is_some_and(|port| {
            port.is_empty()
                || port
                    .strip_prefix(':')
                    .is_some_and(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
        })
    };
    let is_local = ["localhost", "127.0.0.1", "[::1]"].into_iter().any(port);
    (is_http && !is_local)
        .then_some("cannot use http: only https, http on localhost, 127.0.0.1 or [::1], and an app's own scheme can be")
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|char| char.is_ascii_alphanumeric() || "+-.".contains(char))
}

fn auth_flows(client: &Client, findings: &mut Findings) {
    let rotates = client.refresh_token_rotation.feature == Feature::Enabled;
    let Some(flows) = &client.explicit_auth_flows else {
        if rotates {
            findings.rule_with_help(
                &["refreshTokenRotation.feature", "explicitAuthFlows"],
                "`refreshTokenRotation.feature: ENABLED` cannot be together with `ALLOW_REFRESH_TOKEN_AUTH`, which is \
                 among AWS's own flows where `explicitAuthFlows` is absent",
                "list the flows without it, such as `explicitAuthFlows: [ALLOW_USER_SRP_AUTH]`",
            );
        }
        return;
    };
    if flows.iter().any(ExplicitAuthFlow::is_legacy) && !flows.iter().all(ExplicitAuthFlow::is_legacy) {
        findings.rule_with_help(
            &["explicitAuthFlows"],
            "the old flow names and those that start with `ALLOW_` cannot be together",
            "ADMIN_NO_SRP_AUTH is now ALLOW_ADMIN_USER_PASSWORD_AUTH, CUSTOM_AUTH_FLOW_ONLY is ALLOW_CUSTOM_AUTH, \
             USER_PASSWORD_AUTH is ALLOW_USER_PASSWORD_AUTH",
        );
    }
    if rotates && flows.contains(&ExplicitAuthFlow::AllowRefreshTokenAuth) {
        findings.rule_with_help(
            &["explicitAuthFlows", "refreshTokenRotation.feature"],
            "`ALLOW_REFRESH_TOKEN_AUTH` cannot be together with `refreshTokenRotation.feature: ENABLED`",
            "take it out: with rotation, refresh tokens are used through GetTokensFromRefreshToken",
        );
    }
}

fn validities(client: &Client, findings: &mut Findings) {
    const REFRESH: [&str; 2] = ["refreshTokenValidity", "tokenValidityUnits.refreshToken"];
    let refresh = client.refresh_token_seconds();
    if !(HOUR..=3650 * DAY).contains(&refresh) {
        findings.rule(&REFRESH, format!("a refresh token lives 60 minutes to 3650 days, not {}", in_words(refresh)));
    }
    for (title, value, unit, seconds) in [
        ("an access token", "accessTokenValidity", "tokenValidityUnits.accessToken", client.access_token_seconds()),
        ("an ID token", "idTokenValidity", "tokenValidityUnits.idToken", client.id_token_seconds()),
    ] {
        if !(5 * MINUTE..=DAY).contains(&seconds) {
            findings.rule(&[value, unit], format!("{title} lives 5 minutes to 1 day, not {}", in_words(seconds)));
        } else if seconds > refresh {
            findings.rule(
                &[value, unit, REFRESH[0], REFRESH[1]],
                format!(
                    "{title} cannot live longer than the refresh token: {} against {}",
                    in_words(seconds),
                    in_words(refresh)
                ),
            );
        }
    }
}

fn in_words(seconds: u64) -> String {
    let (name, size) = [("day", DAY), ("hour", HOUR), ("minute", MINUTE), ("second", 1)]
        .into_iter()
        .find(|(_, size)| seconds.is_multiple_of(*size))
        .unwrap_or(("second", 1));
    let count = seconds / size;
    format!("{count} {name}{}", if count == 1 { "" } else { "s" })
}

fn analytics(client: &Client, findings: &mut Findings) {
    let Some(analytics) = &client.analytics_configuration else { return };
    let by_id = [analytics.application_id.is_some(), analytics.role_arn.is_some(), analytics.external_id.is_some()];
    let is_whole = match analytics.application_arn {
        Some(_) => by_id == [false; 3],
        None => by_id == [true; 3],
    };
    if !is_whole {
        findings.rule(
            &["analyticsConfiguration"],
            "`analyticsConfiguration` holds either `applicationArn`, or `applicationId`, `roleArn` and `externalId`",
        );
    }
}
