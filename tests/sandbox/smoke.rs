//! The plain way: applied, seen, nothing left to do, and gone again.

use crate::all_kinds::{CODE, INVENTORY, STACK};
use crate::lab::{Lab, address, writes};
use poolkeeper::plan::work::Options;

#[tokio::test(start_paused = true)]
async fn a_stack_of_all_kinds_comes_and_goes() {
    let lab = Lab::new();
    lab.file(CODE.0, CODE.1);
    lab.apply(STACK).await;
    assert_eq!(lab.inventory(), INVENTORY);
    lab.calls();
    lab.expect_no_changes(STACK).await;
    assert_eq!(writes(&lab.calls()), [""; 0]);
    let options = Options {
        destroy: true,
        allow_delete: vec![address("userPools.customers"), address("identityPools.app")],
        ..Options::default()
    };
    lab.apply_with(STACK, options).await;
    assert_eq!(lab.inventory(), [""; 0]);
}
