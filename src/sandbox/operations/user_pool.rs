//! User pools: what is made of settings that are given and of those that are not, and what a change resets.
