//! The tag query, which answers from an index that lags behind.

use serde_json::{Value, json};

use super::super::refusal::Refusal;
use super::world::World;

/// `GetResources`.
pub(super) fn get_resources(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let now = world.now;
    let filters: Vec<&Value> = input.get("TagFilters").and_then(Value::as_array).into_iter().flatten().collect();
    let texts = |member: &str| -> Vec<&str> {
        input.get(member).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
    };
    let (kinds, named) = (texts("ResourceTypeFilters"), texts("ResourceARNList"));
    let asked = |arn: &str| {
        (kinds.is_empty() || kinds.iter().any(|kind| is_of(arn, kind))) && (named.is_empty() || named.contains(&arn))
    };
    let known = world.region().tag_index.iter().filter(|(arn, _)| asked(arn)).filter_map(|(arn, entries)| {
        let tags = entries.iter().rfind(|entry| entry.from <= now)?.tags.as_ref()?;
        let fits = filters.iter().all(|filter| {
            let key = filter.get("Key").and_then(Value::as_str).unwrap_or_default();
            let values: Vec<&Value> = filter.get("Values").and_then(Value::as_array).into_iter().flatten().collect();
            tags.get(key).is_some_and(|own| values.is_empty() || values.iter().any(|value| *value == own))
        });
        let tags: Vec<Value> = tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
        (fits && !tags.is_empty()).then(|| json!({"ResourceARN": arn, "Tags": tags}))
    });
    let known: Vec<Value> = known.collect();
    let size =
        input.get("ResourcesPerPage").and_then(Value::as_u64).and_then(|size| usize::try_from(size).ok()).unwrap_or(50);
    let begin: usize = match input.get("PaginationToken").and_then(Value::as_str).filter(|token| !token.is_empty()) {
        None => 0,
        Some(token) => token.parse().map_err(|_| {
            Refusal::of("PaginationTokenExpiredException", "The specified pagination token is not valid.")
        })?,
    };
    let end = begin.saturating_add(size).min(known.len());
    let next = if end < known.len() { end.to_string() } else { String::new() };
    Ok(json!({"ResourceTagMappingList": known.get(begin..end).unwrap_or_default(), "PaginationToken": next}))
}

/// Whether a resource is of a kind, such as `cognito-idp` or `lambda:function`.
fn is_of(arn: &str, kind: &str) -> bool {
    let mut parts = arn.splitn(6, ':').skip(2);
    let (service, resource) = (parts.next().unwrap_or_default(), parts.nth(2).unwrap_or_default());
    let own = resource.split([':', '/']).next().unwrap_or_default();
    kind.split_once(':').map_or(kind == service, |(name, of)| name == service && of == own)
}
