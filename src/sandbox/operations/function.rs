//! Lambda functions, their versions, aliases and policies.
