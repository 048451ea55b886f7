//! Keeps Amazon Cognito as YAML stack files say: reads the files, reads what is live, shows the
//! difference as a plan and applies it. Without a state file: identity and ownership live on the
//! resources themselves, as tags.
//!
//! ```text
//! stack file -> parse -> resolve -> specs --\
//!                                            diff -> plan -> view: text, JSON, Markdown
//! AWS -> read -> specs ---------------------/            \-> execute -> AWS
//! ```
//!
//! The middle is pure: functions from values to values. Only `aws` and the kinds' calls know the
//! SDK, only `view` prints.
//!
//! | module | what it is about |
//! |---|---|
//! | [`path`], [`reference`] | naming things in a file, and values that are not known yet |
//! | [`diagnostic`], [`error`] | what is wrong with a file; what went wrong outside of it |
//! | [`stack`] | the file: text, spans, values, checks |
//! | [`kind`] | one file per kind of resource: its spec, rules and calls |
//! | [`plan`] | what is done to each resource, as data |
//! | [`view`] | what people and programs see |
//! | [`event`] | what happens during a run, as it happens |
//! | [`view`] | text, JSON, Markdown and progress: all that is printed |

pub mod aws;
pub mod calls;
pub mod cli;
pub mod diagnostic;
pub mod diff;
pub mod engine;
pub mod error;
pub mod event;
pub mod kind;
pub mod live;
pub mod ownership;
pub mod path;
pub mod plan;
pub mod read;
pub mod reference;
pub mod stack;
pub mod view;
