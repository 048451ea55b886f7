//! Estates that others have made, exported: each file adopts what it was made from, and changes nothing.

use std::time::Duration;

use poolkeeper::sandbox;

use crate::any::foreign;
use crate::by_hand::{estate, make};
use crate::fixed_point::hold;
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
