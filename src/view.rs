//! What people and programs see: the only code that makes output.

pub mod diagnostic;
