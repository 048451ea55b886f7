//! The same over HTTP.
