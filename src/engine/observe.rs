//! Looks at what came of a write, so that done means seen.

use std::time::Duration;

use serde_json::Value;

use crate::diff;
use crate::error::Error;
use crate::live::Live;
use crate::plan::known::{secret_paths, wanted};
use crate::stack::Resource;

/// AWS's reads may lag moments behind its writes: how long to wait before each look.
const LOOKS: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
];

/// Reads until what is live is what is wanted. Gives what was read last, with what is wrong with it.
pub(super) async fn observe<F>(
    resource: &Resource,
    declared: &Value,
    read: impl Fn() -> F,
) -> Result<(Live, Result<(), Error>), Error>
where
    F: Future<Output = Result<Option<Live>, Error>>,
{
    let mut last = Err(Error::refused(format!("the {} is gone again", resource.kind.title())));
    for pause in LOOKS {
        tokio::time::sleep(pause).await;
        if let Some(live) = read().await? {
            let seen = compare(resource, declared, &live);
            let done = seen.is_ok();
            last = Ok((live, seen));
            if done {
                break;
            }
        }
    }
    last
}

/// What is wanted of a resource beside what is live.
pub(super) fn wanted_of(resource: &Resource, declared: &Value, live: Option<&Live>) -> Result<Value, Error> {
    wanted(resource, declared, live.map(|live| &live.spec))
        .map_err(|why| Error::refused(format!("what the file says cannot be used: {why}")))
}

/// Compares what is live now with what is wanted.
fn compare(resource: &Resource, declared: &Value, live: &Live) -> Result<(), Error> {
    let wanted = wanted_of(resource, declared, Some(live))?;
    let found = diff::diff(&live.spec, &wanted, resource.kind.schema(), &secret_paths(resource));
    if found.is_empty() {
        return Ok(());
    }
    let show = |value: &Option<Value>| value.as_ref().map_or("absent".to_owned(), ToString::to_string);
    let told = found.iter().map(|difference| {
        let change = &difference.change;
        if change.secret {
            format!("`{}` is not what was sent", change.path)
        } else {
            format!("`{}` is {}, and should be {}", change.path, show(&change.live), show(&change.declared))
        }
    });
    let told: Vec<String> = told.collect();
    Err(Error::refused(format!("AWS accepted the change, but did not keep all of it: {}", told.join("; ")))
        .with_help("another run may have changed it at the same time; plan again to see what is live now"))
}
