//! The program as its users meet it: through its arguments, its files, its two streams and its exit status.

mod check;
mod commands;
mod data;
mod density;
mod distributions;
mod help;
mod interrupt;
mod models;
mod options;
mod output;
mod program;
mod sample;
mod schema;
mod summary;
