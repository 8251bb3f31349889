//! Reads whole numbers of the command line.

use std::str::FromStr;

/// A whole number; the error says how to write one.
pub fn parse<N: FromStr>(text: &str) -> Result<N, String> {
    text.parse().map_err(|_| "give a whole number, 0 or more, such as 1000".to_string())
}
