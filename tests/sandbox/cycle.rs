//! The cycle of every property of every kind: declared, changed in the file, changed behind the
//! tool's back, taken out of the file. After each step the plan is empty and nothing else is
//! touched.
//!
//! | module | what it is about |
//! |---|---|
//! | `row` | what a row of a table says: a property, two values, what a change of it means |
//! | `run` | the steps |
//! | `hand`, `facet_hand` | the change that somebody else makes, by a call of their own |
//! | `footprint` | what differs between two states of the sandbox |
//! | `complete` | that each property of the schema has its row |
//! | the others | the tables by kind, and what is about more than one property |

mod client;
mod complete;
mod domain;
mod facet_hand;
pub(crate) mod footprint;
mod function;
mod group;
pub(crate) mod hand;
mod identity_pool;
mod identity_provider;
mod log_configurations;
mod managed_login_branding;
pub(crate) mod replica;
mod resource_server;
mod risk_configuration;
pub(crate) mod row;
pub(crate) mod run;
mod terms;
mod together;
mod ui_customization;
mod user_pool;
pub(crate) mod user_pool_messages;
mod user_pool_sign_in;
