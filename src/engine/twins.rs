//! After all steps: looks whether another run made the same app clients at the same moment.

use super::{Common, MadeClient};
use crate::aws::Aws;
use crate::calls::twin;
use crate::error::Error;
use crate::path::Path;

/// Settles whose app clients stay, pool by pool. Gives those of this run that are not as they are
/// to be, with the reason. An interrupted run begins nothing new, so it does not look.
pub(super) async fn settle(aws: &Aws, common: &Common) -> Vec<(Path, Error)> {
    let clients = common.state().clients.clone();
    let pools = clients.iter().map(|(pool, made)| async move {
        let aws = aws.starting(&common.cancel, None);
        match settle_pool(&aws, common, pool, made).await {
            Ok(conflicts) => conflicts,
            Err(_) if aws.begun().is_none() && common.cancel.is_cancelled() => Vec::new(),
            Err(error) => made.iter().map(|client| (client.address.clone(), error.clone())).collect(),
        }
    });
    futures_util::future::join_all(pools).await.concat()
}

async fn settle_pool(
    aws: &Aws,
    common: &Common,
    pool: &Path,
    made: &[MadeClient],
) -> Result<Vec<(Path, Error)>, Error> {
    let pool = common.root(pool)?.id;
    let names: Vec<(String, String)> = made.iter().map(|client| (client.name.clone(), client.id.clone())).collect();
    let conflicts = twin::settle_clients(aws, &pool, &names, &common.cancel).await?;
    let address = |id: &str| made.iter().find(|client| client.id == id).map(|client| client.address.clone());
    Ok(conflicts.into_iter().filter_map(|(id, error)| Some((address(&id)?, error))).collect())
}
