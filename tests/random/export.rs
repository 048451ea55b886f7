//! What is live, exported: each file adopts what it was made from, and changes nothing. That holds for
//! what others have made, and for what stacks have made whose tags somebody took off.

use std::time::Duration;

use poolkeeper::plan::work::Options;
use poolkeeper::sandbox;

use crate::any::{Trial, foreign};
use crate::by_hand::{estate, make};
use crate::fixed_point::hold;
use crate::generate::stack;
use crate::lab::Lab;
use crate::many::{exports, many};
use crate::stack_file::REGION;

#[test]
fn whatever_is_live_is_exported_as_it_is() {
    many(exports(), estate, async |calls| {
        let settings = sandbox::Settings { quotas: false, ..sandbox::Settings::default() };
        let lab = Lab { region: REGION, ..Lab::with(settings) };
        foreign(&lab);
        if make(&lab, calls).await == 0 {
            return Ok(());
        }
        // Custom domains take their time, and the tag query's index lags.
        lab.sandbox.clock().advance(Duration::from_mins(30));
        hold(&lab).await.map(drop)
    });
}

/// Takes off what says whose the pools are.
fn disown(lab: &Lab) {
    let is_ours = |key: &String| key.starts_with("poolkeeper:");
    lab.sandbox.meddle(|state| {
        for region in state.accounts.values_mut().flat_map(|regions| regions.values_mut()) {
            let user_pools = region.user_pools.values_mut().map(|pool| &mut pool.tags);
            let identity_pools = region.identity_pools.values_mut().map(|pool| &mut pool.tags);
            user_pools.chain(identity_pools).for_each(|tags| tags.retain(|key, _| !is_ours(key)));
            region.tag_index.clear();
        }
    });
}

#[test]
fn whatever_a_stack_has_made_is_exported_as_it_is() {
    many(exports().div_ceil(4), stack, async |file| {
        let trial = Trial::new().await?;
        let (_, report) = trial.apply(&trial.load(file)?, &Options::default()).await?;
        if !report.is_complete() {
            return Err("the stack is not applied".to_owned());
        }
        disown(&trial.lab);
        trial.lab.sandbox.clock().advance(Duration::from_mins(30));
        hold(&trial.lab).await.map(drop)
    });
}
