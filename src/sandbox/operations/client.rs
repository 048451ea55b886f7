//! App clients and their secrets.
