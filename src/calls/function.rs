//! A Lambda function: settings and code are changed by calls of their own, one after the other, and
//! each change takes a moment to be in effect.

use serde_json::{Value, json};

use super::{Kind, Live};
use crate::aws::{Aws, found, is_ambiguous, lambda::LiveFunction};
use crate::error::Error;
use crate::live;
use crate::ownership::{self, Tags};

/// A function by name or ARN, if it is there.
pub async fn read(aws: &Aws, name: &str) -> Result<Option<Live>, Error> {
    aws.function(name).await?.map(|function| from(aws, function)).transpose()
}

fn from(aws: &Aws, function: LiveFunction) -> Result<Live, Error> {
    let name = function.spec.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut spec = function.spec;
    spec["code"] = json!(function.code_sha256);
    spec["tags"] = json!(function.tags.into_iter().collect::<Tags>());
    let mut live = Live::listed(Kind::Function, &name, &function.arn);
    live.set_spec(spec)?;
    live.attributes = live::attributes(&live, aws.place());
    Ok(live)
}

/// Makes a function, waits until it can be called, and gives its ARN.
pub async fn create(aws: &Aws, wanted: &Value, zip: &[u8], tags: &Tags) -> Result<String, Error> {
    let name = wanted.get("name").and_then(Value::as_str).unwrap_or_default();
    let sent: Vec<(String, String)> = tags.clone().into_iter().collect();
    match aws.create_function(wanted, zip, &sent).await {
        Ok(()) => {}
        Err(error) if is_ambiguous(&error) => {
            // A name has one function. It is the one that was made if it has its marks.
            let there = aws.function(name).await?.map(|function| function.tags.into_iter().collect());
            if !there.is_some_and(|there| ownership::same_marks(&there, tags)) {
                return Err(error);
            }
        }
        Err(error) => return Err(error),
    }
    Ok(aws.settled_function(name).await?.arn)
}

/// Brings a function into line. `changed` are the top-level properties that differ; `zip` gives the
/// code where that is one of them.
pub async fn update(
    aws: &Aws,
    live: &Live,
    wanted: &Value,
    zip: &[u8],
    tags: &Tags,
    changed: &[&str],
) -> Result<(), Error> {
    set_tags(aws, live, tags).await?;
    let code = |property: &&str| ["code", "architectures"].contains(property);
    // One that is in trouble may be just what this change repairs.
    aws.idle_function(&live.id).await?;
    if changed.iter().any(|property| !code(property) && *property != "tags") {
        aws.update_function(&live.id, wanted).await?;
        aws.settled_function(&live.id).await?;
    }
    if changed.iter().any(code) {
        aws.update_function_code(&live.id, wanted, zip).await?;
        aws.settled_function(&live.id).await?;
    }
    Ok(())
}

/// Brings a function's tags to these.
pub async fn set_tags(aws: &Aws, live: &Live, tags: &Tags) -> Result<(), Error> {
    let (set, remove) = ownership::tag_changes(&live.tags, tags);
    if ownership::have_room(&set, &live.tags) {
        return aws.tag_function(&live.id, &set, &remove).await;
    }
    aws.tag_function(&live.id, &[], &remove).await?;
    aws.tag_function(&live.id, &set, &[]).await
}

/// Deletes a function. That it is gone already is fine.
pub async fn delete(aws: &Aws, arn: &str) -> Result<(), Error> {
    found(aws.delete_function(arn).await).map(drop)
}
