//! What large stacks take, as a table: `scripts/measure` runs this. Time is the sandbox's, so the
//! figures are the same on every machine.

use crate::scale::{LARGE, Size, USUAL, life};

#[tokio::test(start_paused = true)]
#[ignore = "takes minutes, and shows more than it tests"]
async fn bench() {
    println!("| pools | children | run | calls | throttled | the bound | took | took / bound |");
    println!("|---|---|---|---|---|---|---|---|");
    for pools in [1, 10, 100] {
        let (size, lab) = (Size { pools, ..LARGE }, USUAL.lab());
        for (what, run, chain) in life(&lab, size).await {
            let (bound, took) = (run.bound(USUAL, chain).as_secs_f64(), run.took.as_secs_f64());
            let (calls, refused, children) = (run.calls.len(), run.refused().len(), size.children());
            let ratio = run.ratio(USUAL, chain);
            println!(
                "| {pools} | {children} | {what} | {calls} | {refused} | {bound:.1} s | {took:.1} s | {ratio:.2} |"
            );
            assert_eq!(refused, 0, "{what} of {pools}: {:?}", run.refused());
            assert!(ratio < 1.15, "{what} of {pools}: {took} s of {bound} s");
        }
    }
}
