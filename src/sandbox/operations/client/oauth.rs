//! What a client may do at the login pages and the token endpoint: flows that go together, scopes
//! that exist, and URLs that a browser may be sent to.

use serde_json::Value;

use super::super::super::refusal::Refusal;
use super::super::super::state::UserPool;
use super::Wanted;

/// Scopes that every pool has.
const STANDARD_SCOPES: &[&str] = &["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"];

/// Hosts that may be reached without encryption.
const LOCAL: &[&str] = &["localhost", "127.0.0.1", "[::1]"];

/// Refuses what cannot be.
pub(super) fn check(wanted: &Wanted<'_>) -> Result<(), Refusal> {
    let flows = wanted.list("AllowedOAuthFlows");
    let scopes = wanted.list("AllowedOAuthScopes");
    let callbacks = wanted.list("CallbackURLs");
    if wanted.flag("AllowedOAuthFlowsUserPoolClient") && (flows.is_empty() || scopes.is_empty()) {
        return Err(Refusal::invalid(
            "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.",
        ));
    }
    flows_go_together(wanted, &flows, &scopes)?;
    if flows.iter().any(|flow| *flow != "client_credentials") && callbacks.is_empty() {
        return Err(wrong_flow("CallbackUrls can not be empty when code flow or implicit flow is selected"));
    }
    if let Some(scope) = scopes.iter().find(|scope| !exists(wanted.pool, scope)) {
        return Err(Refusal::of("ScopeDoesNotExistException", format!("Invalid scope requested: {scope}")));
    }
    callbacks.iter().try_for_each(|url| reachable(url))?;
    wanted.list("LogoutURLs").iter().try_for_each(|url| reachable(url))?;
    match wanted.text("DefaultRedirectURI").filter(|url| !callbacks.contains(url)) {
        Some(url) => Err(Refusal::invalid(format!("The default redirect URI {url} is not in the callback URIs list."))),
        None => Ok(()),
    }
}

/// Client credentials are for machines: alone, with a secret, and without what is said of users.
fn flows_go_together(wanted: &Wanted<'_>, flows: &[&str], scopes: &[&str]) -> Result<(), Refusal> {
    if !flows.contains(&"client_credentials") {
        return Ok(());
    }
    if flows.len() > 1 {
        return Err(wrong_flow("client_credentials flow can not be selected along with code flow or implicit flow."));
    }
    if !wanted.confidential {
        return Err(wrong_flow("client_credentials flow can not be selected if client does not have a client secret."));
    }
    match scopes.iter().find(|scope| STANDARD_SCOPES.contains(scope)) {
        Some(scope) => Err(wrong_flow(&format!("{scope} is not supported with client_credentials flow"))),
        None => Ok(()),
    }
}

fn wrong_flow(message: &str) -> Refusal {
    Refusal::of("InvalidOAuthFlowException", message)
}

/// Whether a pool has a scope. An identifier may have slashes, a scope's name has none.
fn exists(pool: &UserPool, scope: &str) -> bool {
    let custom = || {
        let (identifier, name) = scope.rsplit_once('/')?;
        let own = pool.resource_servers.get(identifier)?.get("Scopes")?.as_array()?;
        own.iter().find(|own| own.get("ScopeName").and_then(Value::as_str) == Some(name))
    };
    STANDARD_SCOPES.contains(&scope) || custom().is_some()
}

/// Refuses URLs that a browser must not be sent to.
fn reachable(url: &str) -> Result<(), Refusal> {
    if url.contains('#') {
        return Err(Refusal::invalid(format!("{url} cannot use fragment")));
    }
    let Some((scheme, rest)) = url.split_once(':').filter(|(scheme, _)| is_scheme(scheme)) else {
        return Err(Refusal::invalid(format!("{url} is not an absolute URI.")));
    };
    if scheme.eq_ignore_ascii_case("http") && !is_local(rest) {
        return Err(Refusal::invalid(format!("{url} cannot use the HTTP protocol.")));
    }
    Ok(())
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|own| own.is_ascii_alphanumeric() || matches!(own, '+' | '-' | '.'))
}

/// Whether what follows `http:` is on the own machine.
fn is_local(rest: &str) -> bool {
    let Some(rest) = rest.strip_prefix("//") else { return false };
    let authority = rest.split('/').next().unwrap_or_default();
    LOCAL.iter().any(|host| match authority.strip_prefix(host) {
        Some("") => true,
        Some(port) => port
            .strip_prefix(':')
            .is_some_and(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())),
        None => false,
    })
}
