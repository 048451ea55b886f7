//! Resource servers.
