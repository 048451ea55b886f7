//! Domains, which take their time.
