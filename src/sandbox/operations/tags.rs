//! Tags of user pools and identity pools.
