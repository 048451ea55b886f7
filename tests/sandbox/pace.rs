//! Calls are paced, so that AWS has none to refuse, and no slower than that: a large stack within a
//! little more than what AWS's quotas and one write at a time per pool allow.

use std::time::Duration;

use crate::scale::{LARGE, Latency, life};

fn latency(read: u64, write: u64) -> Latency {
    Latency { read: Duration::from_millis(read), write: Duration::from_millis(write) }
}

#[tokio::test(start_paused = true)]
async fn a_large_stack_comes_and_goes_unrefused_within_what_aws_allows() {
    for latency in [latency(10, 10), latency(50, 120), latency(300, 300), latency(20, 300)] {
        let lab = latency.lab();
        for (what, run, chain) in life(&lab, LARGE).await {
            let bound = run.bound(latency, chain);
            println!("{what} {latency:?}: {} calls {:?} {bound:?} {:?}", run.calls.len(), run.took, run.counts());
            assert_eq!(run.refused(), [""; 0], "{what} {latency:?}");
            assert!(run.took <= bound.mul_f64(1.15), "{what} {latency:?}: {:?} of {bound:?}", run.took);
        }
        assert_eq!(lab.inventory(), [""; 0]);
    }
}
