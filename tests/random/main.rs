//! Any stack to any stack: stack files made at random, with all kinds and all properties.
//!
//! [`generate`] makes stacks that AWS would take. It draws each property by itself from [`parts`],
//! and [`settle`] then makes what was drawn go together, so that none is thrown away and a failing
//! one shrinks, property by property, to the few that matter.

mod coverage;
mod generate;
mod parts;
mod settle;
mod stack_file;
mod valid;
