//! Users, so that a pool can hold some.
