//! Multi-factor authentication of a user pool, which is set by a call of its own.
