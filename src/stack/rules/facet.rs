//! Facets: what settings of a pool and its clients that stand apart need of the pool, and of the
//! files that they name.

use std::fs;

use serde_json::Value;

use super::Resource;
use super::pool::Pool;
use crate::diagnostic::Finding;
use crate::kind::{Kind, files};

/// How many bytes a request with a logo and CSS may have, with the logo in base64.
const LARGEST_CUSTOMIZATION: u64 = 135 * 1024;

pub(super) fn check(pool: &Pool, facet: &Resource, findings: &mut Vec<Finding>) {
    let faults = findings.len();
    missing_files(pool, facet, findings);
    if findings.len() == faults {
        findings.extend(size_fault(pool, facet));
    }
    match facet.kind {
        Kind::RiskConfiguration => {
            if let Some((message, help)) = threat_protection_fault(pool, "`riskConfiguration`") {
                findings.push(Finding::new(facet.address.clone(), message).at_key().help(help));
            }
        }
        Kind::LogConfigurations => user_activity(pool, facet, findings),
        Kind::UiCustomization if !pool.is_shared() && pool.children(Kind::Domain).next().is_none() => {
            let message = "`uiCustomization` needs a domain, where the pages are; the user pool has none in the file";
            let help = format!("declare one under `{}`", pool.resource.path(Kind::Domain.section()));
            findings.push(Finding::new(facet.address.clone(), message).at_key().help(help));
        }
        Kind::ManagedLoginBranding if pool.is_lite() => {
            let message = "managed login needs a higher tier: the user pool is in `userPoolTier: LITE`";
            let help = "set `userPoolTier: ESSENTIALS` on the pool; for the classic pages there is `uiCustomization`";
            findings.push(Finding::new(facet.address.clone(), message).at_key().help(help));
        }
        _ => {}
    }
}

/// What a pool lacks for what threat protection is needed for. That this needs a tier, too, is said of
/// the pool.
fn threat_protection_fault(pool: &Pool, what: &str) -> Option<(String, String)> {
    const ON: &str = "`userPoolAddOns: {advancedSecurityMode: AUDIT}`, or ENFORCED,";
    let is_off = pool.setting(&["userPoolAddOns", "advancedSecurityMode"], "OFF")? == "OFF";
    is_off.then(|| {
        let message = format!(
            "{what} needs threat protection: the user pool's `userPoolAddOns.advancedSecurityMode` is OFF, as it is where it is not given"
        );
        let help = match pool.setting(&["userPoolTier"], "ESSENTIALS") {
            Some("PLUS") => format!("set {ON} on the pool"),
            _ => format!("set {ON} and `userPoolTier: PLUS` on the pool"),
        };
        (message, help)
    })
}

/// What the pool lacks for its logs of what users do. In one that is adopted they may be older than
/// threat protection being off.
fn user_activity(pool: &Pool, logs: &Resource, findings: &mut Vec<Finding>) {
    if pool.is_adopted() {
        return;
    }
    let list = logs.path("logConfigurations");
    let items = logs.declared.get("logConfigurations").and_then(Value::as_array).into_iter().flatten();
    for (index, item) in items.enumerate() {
        if item.get("eventSource").and_then(Value::as_str) != Some("userAuthEvents") {
            continue;
        }
        let mode = pool.setting(&["userPoolAddOns", "advancedSecurityMode"], "OFF");
        let tier = pool.setting(&["userPoolTier"], "ESSENTIALS").filter(|tier| *tier != "PLUS");
        let fault = threat_protection_fault(pool, "`userAuthEvents`").or_else(|| {
            // Where the mode is known to be on, the pool is told of the tier already.
            let tier = tier.filter(|_| mode.is_none())?;
            let message = format!("`userAuthEvents` needs a higher tier: the user pool's `userPoolTier` is {tier}");
            Some((message, "set `userPoolTier: PLUS` on the pool".to_owned()))
        });
        if let Some((message, help)) = fault {
            findings.push(Finding::new(list.index(index).key("eventSource"), message).help(help));
        }
    }
}

/// The files that a facet names: that they are there, and what AWS takes.
fn missing_files(pool: &Pool, facet: &Resource, findings: &mut Vec<Finding>) {
    for (property, name) in files::named(facet.kind, &facet.declared) {
        if let Err((message, help)) = files::check(facet.kind, &pool.stack.folder, &name) {
            let finding = Finding::new(facet.base().join(&property), message);
            findings.push(Finding { help, ..finding });
        }
    }
}

/// What is wrong with a logo and CSS that are larger than their request can be, as far as it is known.
/// The images of a style go in as many requests as it takes.
fn size_fault(pool: &Pool, look: &Resource) -> Option<Finding> {
    if look.kind != Kind::UiCustomization {
        return None;
    }
    let files = files::named(look.kind, &look.declared).into_iter();
    let sizes = files.filter_map(|(_, name)| fs::metadata(pool.stack.folder.join(name)).ok()).map(|file| file.len());
    let images: u64 = sizes.map(|size| size.div_ceil(3) * 4).sum();
    let size = images + look.declared.get("css").map_or(0, |value| value.to_string().len() as u64);
    (images > 0 && size > LARGEST_CUSTOMIZATION).then(|| {
        let message = format!(
            "with `css`, and as the base64 that is sent, this comes to {size} bytes, and AWS takes {LARGEST_CUSTOMIZATION} in one request"
        );
        Finding::new(look.path("imageFile"), message).help("make it smaller")
    })
}
