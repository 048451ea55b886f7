//! The reconciler in a sandbox with AWS's rules: what AWS does to it, and what it must never do.
//! Time is paused, so what waits takes none, and nothing here depends on how fast a machine is.

mod all_kinds;
mod conflicts;
mod duplicates;
mod fuzz;
mod garbage;
mod garbled;
mod lab;
mod reads;
mod scenario;
mod smoke;
mod stack_file;
mod steps;
