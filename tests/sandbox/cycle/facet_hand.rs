//! What somebody else changes of a facet: a setting of a pool or client with calls of its own.

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use poolkeeper::kind::Kind;
use poolkeeper::sandbox::model::Service::UserPools;
use serde_json::{Value, json};

use super::hand::{Change, call, call_in};
use super::row::lay_over;

/// Makes the change.
pub(super) async fn make(change: &Change<'_>, kind: Kind) -> Result<(), String> {
    let mut ids = json!({"UserPoolId": change.pool});
    if let Some(client) = &change.client {
        ids["ClientId"] = json!(client);
    }
    match kind {
        Kind::UiCustomization => ui(change, ids).await,
        Kind::RiskConfiguration => {
            let names = ["DescribeRiskConfiguration", "RiskConfiguration", "SetRiskConfiguration"];
            change.whole(UserPools, names, ids, "").await
        }
        Kind::LogConfigurations => {
            let names = ["GetLogDeliveryConfiguration", "LogDeliveryConfiguration", "SetLogDeliveryConfiguration"];
            change.whole(UserPools, names, ids, "").await
        }
        Kind::ManagedLoginBranding => style(change, ids).await,
        Kind::Terms => {
            lay_over(&mut ids, &json!({"TermsName": change.key}));
            change.whole(UserPools, ["DescribeTermsByClient", "Terms", "UpdateTerms"], ids, "").await
        }
        Kind::Replica => replica(change, ids).await,
        _ => Err("it is no facet".to_owned()),
    }
}

/// Logo and CSS go together, and AWS gives no copy of the logo.
async fn ui(change: &Change<'_>, ids: Value) -> Result<(), String> {
    let mut body = ids;
    if let Some(css) = change.declared.get("css") {
        body["CSS"] = css.clone();
    }
    if let Some(image) = change.declared.get("imageFile").and_then(Value::as_str) {
        body["ImageFile"] = json!(bytes(change, image));
    }
    call(change.lab, UserPools, "SetUICustomization", &body).await.map(drop)
}

/// AWS adds what it is sent to what is there.
async fn style(change: &Change<'_>, ids: Value) -> Result<(), String> {
    let body = call(change.lab, UserPools, "DescribeManagedLoginBrandingByClient", &ids).await?;
    let id = &body["ManagedLoginBranding"]["ManagedLoginBrandingId"];
    let mut body = json!({"UserPoolId": change.pool, "ManagedLoginBrandingId": id});
    if change.declared["useCognitoProvidedValues"] == true {
        body["UseCognitoProvidedValues"] = json!(true);
    } else {
        body["Settings"] = change.declared["settings"].clone();
    }
    if change.top == "assets" {
        let assets = change.value.as_array().expect("a list").iter().map(|asset| {
            let mut sent = json!({});
            for (own, member) in [
                ("category", "Category"),
                ("colorMode", "ColorMode"),
                ("extension", "Extension"),
                ("resourceId", "ResourceId"),
            ] {
                if let Some(value) = asset.get(own) {
                    sent[member] = value.clone();
                }
            }
            sent["Bytes"] = json!(bytes(change, asset["bytes"].as_str().expect("a path")));
            sent
        });
        body["Assets"] = assets.collect();
    }
    call(change.lab, UserPools, "UpdateManagedLoginBranding", &body).await.map(drop)
}

/// What a replica has of its own is changed in its region.
async fn replica(change: &Change<'_>, ids: Value) -> Result<(), String> {
    let region = change.key.as_str();
    match change.top {
        "status" => {
            let mut body = ids;
            lay_over(&mut body, &json!({"RegionName": region, "Status": change.value}));
            call(change.lab, UserPools, "UpdateUserPoolReplica", &body).await.map(drop)
        }
        "tags" => {
            let arn = format!("arn:aws:cognito-idp:{region}:123456789012:userpool/{}", change.pool);
            let input = json!({"ResourceArn": arn, "Tags": change.value});
            call_in(change.lab, region, UserPools, "TagResource", &input).await.map(drop)
        }
        _ => {
            let answer = call_in(change.lab, region, UserPools, "DescribeUserPool", &ids).await?;
            let mut live = answer["UserPool"].clone();
            live["PoolName"] = live["Name"].clone();
            let mut body = change.laid_over(&live, "");
            lay_over(&mut body, &ids);
            change.send_in(region, UserPools, "UpdateUserPool", body).await
        }
    }
}

/// What a file beside the stack holds, as it is sent.
fn bytes(change: &Change<'_>, path: &str) -> String {
    STANDARD.encode(fs::read(change.lab.folder.path().join(path)).expect("the file is there"))
}
