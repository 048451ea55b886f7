//! Where nobody has written down what AWS does, or not surely enough, the sandbox takes the more
//! careful reading: the one that a careless client would notice. All of these decisions in one
//! place, in words; each stands beside the code that it is about.

use super::operations;

/// What the sandbox decided, by kind of resource.
pub fn unconfirmed() -> impl Iterator<Item = (&'static str, &'static str)> {
    let kinds = operations::UNCONFIRMED.iter();
    kinds.flat_map(|(kind, decisions)| decisions.iter().map(move |decision| (*kind, *decision)))
}
