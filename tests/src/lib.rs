//! The harness of the tests of whole builds.
//!
//! A test is a [`scenario`]: a folder of files that is laid out in a [`sandbox`] outside of the
//! repository, and steps, each a command line with what must come of it. Nothing is faked but
//! what a scenario brings along as a fake; `README.md` says how to write one.

pub mod command;
pub mod corpus;
pub mod elf;
pub mod environment;
pub mod every_command;
pub mod expect;
pub mod kit;
pub mod page;
pub mod redact;
pub mod rows;
pub mod sample;
pub mod sandbox;
pub mod scenario;
pub mod seed;
pub mod static_programs;
pub mod step;
pub mod times;
pub mod tools;
pub mod trial;
pub mod vectors;
pub mod workshop;
