//! Functions, as a client sees them.
