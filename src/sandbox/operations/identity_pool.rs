//! Identity pools with their roles and principal tags.
