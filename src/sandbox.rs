//! An embedded control plane with Cognito's rules.

pub mod model;
