//! A pool's triggers: which function is called when.

use serde_json::{Value, json};

use super::super::super::refusal::Refusal;
use super::super::super::state::Body;
use super::settings::part;

/// The triggers of a request, as they are kept: the one before token generation stands under both
/// of its names.
pub(super) fn of(input: &Value, region: &str) -> Result<Body, Refusal> {
    let mut triggers = part(input, "LambdaConfig").unwrap_or_default();
    for (name, value) in &triggers {
        let arn = value.as_str().or_else(|| value.get("LambdaArn")?.as_str()).unwrap_or_default();
        if arn.split(':').nth(3).is_some_and(|own| own != region) {
            return Err(Refusal::invalid(format!("{name}: {arn} is not in the user pool's region {region}.")));
        }
    }
    for sender in ["CustomSMSSender", "CustomEmailSender"] {
        if triggers.contains_key(sender) && !triggers.contains_key("KMSKeyID") {
            return Err(Refusal::invalid(format!("KMSKeyID is required when {sender} is configured.")));
        }
    }
    let plain = triggers.get("PreTokenGeneration").cloned();
    let config = triggers.get("PreTokenGenerationConfig").cloned();
    match (plain, config) {
        (Some(arn), None) => {
            let config = json!({"LambdaVersion": "V1_0", "LambdaArn": arn});
            triggers.insert("PreTokenGenerationConfig".to_owned(), config);
        }
        (None, Some(config)) => {
            let arn = config.get("LambdaArn").cloned().unwrap_or_default();
            triggers.insert("PreTokenGeneration".to_owned(), arn);
        }
        (Some(arn), Some(config)) if config.get("LambdaArn") != Some(&arn) => {
            return Err(Refusal::invalid(
                "PreTokenGeneration and the LambdaArn of PreTokenGenerationConfig must be the same.",
            ));
        }
        _ => {}
    }
    Ok(triggers)
}
