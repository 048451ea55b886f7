//! The attributes of a user pool: the standard ones, custom ones, and what may be said of them.
