//! The reconciler in a sandbox with AWS's rules: what AWS does to it, and what it must never do.
//! Where it runs in the test's process time is paused, so what waits takes none; where it is the
//! real binary the tests wait for what they look for. Nothing here depends on how fast a machine is.

// A test makes its one future once; how large it is does not matter.
#![allow(clippy::large_futures)]

mod all_kinds;
mod bench;
mod causes;
mod conflicts;
mod cycle;
mod drift;
mod duplicates;
mod examples;
mod export;
mod facets;
mod fixed_point;
mod fuzz;
mod garbage;
mod garbled;
mod kept;
mod killed;
mod lab;
mod outside;
mod pace;
mod reads;
mod renamed;
mod scale;
mod scenario;
mod signals;
mod smoke;
mod stack_file;
mod steps;
mod taken_over;
mod two_at_once;
mod waits;
mod without_secrets;
