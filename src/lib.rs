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
//! | module | what it is about | I/O |
//! |---|---|---|
//! | [`cli`] | what is typed: one file per command | terminal, files |
//! | [`stack`] | the file: text, spans, values, checks, schema | reads stack files |
//! | [`path`], [`mod@reference`], [`wildcard`] | naming things in a file; values that are not known yet; patterns | |
//! | [`diagnostic`], [`error`] | what is wrong with a file; what went wrong outside of it | |
//! | [`kind`] | one file per kind of resource: its spec and its rules | reads function code |
//! | [`live`] | what is live, as specs | |
//! | [`ownership`] | whose it is: tags and the ledger | |
//! | [`diff`] | the difference of two specs | |
//! | [`plan`] | what is done to each resource and why, and in which order | |
//! | [`read`], [`calls`], [`aws`] | finding what is live; the calls of each kind; the edge to AWS | AWS |
//! | [`survey`] | reads what is live for a stack, and plans | AWS |
//! | [`engine`] | carries out a plan | AWS |
//! | [`export`] | what is live, as a stack file | AWS |
//! | [`sandbox`] | a control plane with Cognito's rules, to rehearse and to test in; shares no code with the rest | a folder, a socket |
//! | [`event`] | what happens during a run, as it happens | |
//! | [`view`] | all that is shown: text, JSON, Markdown, progress | terminal |

pub mod aws;
pub mod calls;
pub mod cli;
pub mod diagnostic;
pub mod diff;
pub mod engine;
pub mod error;
pub mod event;
pub mod export;
pub mod kind;
pub mod live;
pub mod ownership;
pub mod path;
pub mod plan;
pub mod read;
pub mod reference;
pub mod sandbox;
pub mod stack;
pub mod survey;
pub mod view;
pub mod wildcard;
