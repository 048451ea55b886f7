//! What an app client needs of its pool.

use serde_json::Value;

use super::pool::Pool;
use super::{Resource, did_you_mean, is_open};
use crate::diagnostic::Finding;
use crate::kind::Kind;
use crate::path::Path;

/// The scopes that every pool has.
const STANDARD_SCOPES: [&str; 5] = ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"];

/// The attributes that only AWS writes.
const READ_ONLY: [&str; 3] = ["email_verified", "phone_number_verified", "sub"];

pub(super) fn check(pool: &Pool, client: &Resource, findings: &mut Vec<Finding>) {
    providers(pool, client, findings);
    let for_machines = client.texts("allowedOAuthFlows").any(|(_, flow)| flow == "client_credentials");
    for (path, text) in client.texts("allowedOAuthScopes") {
        if for_machines && STANDARD_SCOPES.contains(&text) {
            let message = format!("`{text}` is about a user, and with the flow `client_credentials` there is none");
            findings.push(Finding::new(path, message).help("allow scopes of resource servers alone"));
            continue;
        }
        findings.extend(scope_fault(pool, &path, &pool.with_keys(text)));
    }
    attributes(pool, client, findings);
    mapped_attributes(pool, client, findings);
    if pool.is_lite() {
        for (path, _) in client.texts("explicitAuthFlows").filter(|(_, flow)| *flow == "ALLOW_USER_AUTH") {
            let message = "`ALLOW_USER_AUTH` needs a higher tier: the user pool is in `userPoolTier: LITE`";
            findings.push(Finding::new(path, message).help("set `userPoolTier: ESSENTIALS` on the pool"));
        }
        let rotation = client.declared.get("refreshTokenRotation").and_then(|rotation| rotation.get("feature"));
        if rotation.and_then(Value::as_str) == Some("ENABLED") {
            let path = client.path("refreshTokenRotation").key("feature");
            let message = "refresh token rotation needs a higher tier: the user pool is in `userPoolTier: LITE`";
            findings.push(Finding::new(path, message).help("set `userPoolTier: ESSENTIALS` on the pool"));
        }
    }
}

fn providers(pool: &Pool, client: &Resource, findings: &mut Vec<Finding>) {
    let declared = || pool.children(Kind::IdentityProvider).map(|provider| provider.key.as_str());
    for (path, text) in client.texts("supportedIdentityProviders") {
        let name = pool.with_keys(text);
        if name == "COGNITO" || is_open(&name) || pool.is_shared() || declared().any(|key| key == name || is_open(key))
        {
            continue;
        }
        let declare = || format!("declare it under `{}`", pool.resource.path(Kind::IdentityProvider.section()));
        let help = did_you_mean(&name, declared().chain(["COGNITO"])).unwrap_or_else(declare);
        let message = format!("the user pool has no identity provider `{name}` in the file");
        findings.push(Finding::new(path, message).help(help));
    }
}

fn scope_fault(pool: &Pool, path: &Path, scope: &str) -> Option<Finding> {
    if STANDARD_SCOPES.contains(&scope) || is_open(scope) {
        return None;
    }
    let servers = || pool.children(Kind::ResourceServer);
    let finding = |message: String, help: Option<String>| {
        let finding = Finding::new(path.clone(), message);
        Some(match help {
            Some(help) => finding.help(help),
            None => finding,
        })
    };
    if servers().any(|server| server.key == scope) {
        let message = format!("`{scope}` is a resource server without one of its scopes");
        return finding(message, Some(format!("write `{scope}/SCOPENAME`")));
    }
    let Some((identifier, name)) = scope.rsplit_once('/') else {
        let message = format!("`{scope}` is neither a standard scope nor `IDENTIFIER/SCOPENAME` of a resource server");
        return finding(message, did_you_mean(scope, STANDARD_SCOPES));
    };
    let Some(server) = servers().find(|server| server.key == identifier) else {
        if pool.is_shared() || servers().any(|server| is_open(&server.key)) {
            return None;
        }
        let declare = || format!("declare it under `{}`", pool.resource.path(Kind::ResourceServer.section()));
        let help = did_you_mean(identifier, servers().map(|server| server.key.as_str())).unwrap_or_else(declare);
        return finding(format!("the user pool has no resource server `{identifier}` in the file"), Some(help));
    };
    let scopes = || {
        let list = server.declared.get("scopes").and_then(Value::as_array).into_iter().flatten();
        list.filter_map(|scope| scope.get("scopeName")?.as_str())
    };
    if server.declared.get("scopes").is_some_and(Value::is_string)
        || scopes().any(|scope| scope == name || is_open(scope))
        || pool.is_adopted()
    {
        return None;
    }
    let help = did_you_mean(name, scopes()).unwrap_or_else(|| format!("add it to `{}`", server.path("scopes")));
    finding(format!("the resource server `{identifier}` has no scope `{name}`"), Some(help))
}

fn attributes(pool: &Pool, client: &Resource, findings: &mut Vec<Finding>) {
    for property in ["readAttributes", "writeAttributes"] {
        for (path, name) in client.texts(property) {
            if property == "writeAttributes" && READ_ONLY.contains(&name) {
                let message = format!("`{name}` cannot be in `writeAttributes`: only AWS writes it");
                findings.push(Finding::new(path, message).help("take it out"));
            } else if let Some((message, help)) = pool.attribute_fault(name) {
                findings.push(Finding { help, ..Finding::new(path, message) });
            }
        }
    }
}

/// With a provider's sign-in AWS writes the attributes that it maps, with the client's rights.
fn mapped_attributes(pool: &Pool, client: &Resource, findings: &mut Vec<Finding>) {
    let writable: Vec<_> = client.texts("writeAttributes").map(|(_, name)| name).collect();
    if writable.is_empty() || writable.iter().any(|name| is_open(name)) {
        return;
    }
    let required = pool.attributes().filter(|own| own.required && !READ_ONLY.contains(&own.name) && !is_open(own.name));
    let missing: Vec<_> =
        required.filter(|own| !writable.contains(&own.name)).map(|own| format!("`{}`", own.name)).collect();
    if !missing.is_empty() {
        let message = format!("`writeAttributes` lacks {}, required by `{}`", missing.join(", "), pool.schema());
        findings.push(Finding::new(client.path("writeAttributes"), message).help("add what is missing"));
    }
    // What others made of a pool is taken as it is: AWS refuses none of it.
    if pool.is_adopted() {
        return;
    }
    let used: Vec<_> = client.texts("supportedIdentityProviders").map(|(_, text)| pool.with_keys(text)).collect();
    for provider in pool.children(Kind::IdentityProvider).filter(|provider| used.contains(&provider.key)) {
        let missing: Vec<_> = provider
            .entries("attributeMapping")
            .map(|(target, _)| target.as_str())
            .filter(|target| !is_open(target) && *target != "username" && !READ_ONLY.contains(target))
            .filter(|target| !writable.contains(target))
            .map(|target| format!("`{target}`"))
            .collect();
        if !missing.is_empty() {
            let message = format!(
                "`writeAttributes` lacks {}, which the identity provider `{}` maps: sign-in with it would fail",
                missing.join(", "),
                provider.key
            );
            findings.push(Finding::new(client.path("writeAttributes"), message).help("add what is missing"));
        }
    }
}
