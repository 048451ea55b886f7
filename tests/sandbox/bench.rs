//! What large stacks take, as a table: `scripts/measure` runs this. Time is the sandbox's, so the
//! figures are the same on every machine. A build that is not optimized has a tenth of the children
//! in the largest stack.

use crate::scale::{LARGE, Size, USUAL, life};

#[tokio::test(start_paused = true)]
#[ignore = "takes minutes, and shows more than it tests"]
async fn bench() {
    let tenth = Size { pools: 100, clients: 10, groups: 2, servers: 2, providers: 1 };
    let largest = if cfg!(debug_assertions) { tenth } else { Size { pools: 100, ..LARGE } };
    println!("| pools | children | run | calls | throttled | the bound | took | took / bound |");
    println!("|---|---|---|---|---|---|---|---|");
    for size in [LARGE, Size { pools: 10, ..LARGE }, largest] {
        let (lab, pools, children) = (USUAL.lab(), size.pools, size.children());
        for (what, run, chain) in life(&lab, size).await {
            let (bound, took) = (run.bound(USUAL, chain).as_secs_f64(), run.took.as_secs_f64());
            let (calls, refused, ratio) = (run.calls.len(), run.refused(), run.ratio(USUAL, chain));
            println!(
                "| {pools} | {children} | {what} | {calls} | {} | {bound:.1} s | {took:.1} s | {ratio:.2} |",
                refused.len()
            );
            assert!(refused.is_empty(), "{what} of {pools}: {refused:?}");
        }
    }
}
