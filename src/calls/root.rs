//! What the kinds that carry tags have in common: each is described by a call of its own, and its tags
//! are set by one.

use super::{Kind, Live, function, identity_pool, user_pool};
use crate::aws::Aws;
use crate::error::Error;
use crate::ownership::Tags;

/// A root without what is inside it, if it is there: enough to see whose it is. A function goes by
/// its name or ARN.
pub async fn describe(aws: &Aws, kind: Kind, id: &str) -> Result<Option<Live>, Error> {
    match kind {
        Kind::UserPool => user_pool::describe(aws, id).await,
        Kind::IdentityPool => identity_pool::describe(aws, id).await,
        _ => function::read(aws, id).await,
    }
}

/// Brings a root's tags to these, whatever they are.
pub async fn set_tags(aws: &Aws, live: &Live, tags: &Tags) -> Result<(), Error> {
    match live.kind {
        Kind::UserPool => user_pool::set_tags(aws, live, tags).await,
        Kind::IdentityPool => identity_pool::set_tags(aws, live, tags).await,
        _ => function::set_tags(aws, live, tags).await,
    }
}
