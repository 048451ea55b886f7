//! End to end: the real binary against real emulators of AWS, each on a loopback port of its own.
//!
//! [`world`] puts a test's pieces together: an [`emulator`] process, a [`proxy`] in front of it that
//! records what the binary sends (and can break it), and a clean environment for the binary.
//! [`aws`] looks at the emulator, and changes things behind the binary's back, with plain HTTP and
//! none of poolkeeper's own code. The other modules are the tests, by area. `scripts/test` sets up
//! the emulators and runs them all.

mod aws;
mod emulator;
mod http;
mod proxy;
mod world;

mod accounts;
mod budget;
mod children;
mod command_line;
mod drift;
mod export;
mod failures;
mod in_use;
mod moto;
mod sandbox_clients;
mod secrets;
mod sign_up;
mod stacks;
