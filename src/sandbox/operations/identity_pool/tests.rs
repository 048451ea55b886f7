//! Identity pools, as a client sees them.
