//! Model files become the right densities and the right posteriors.

mod posteriordb;
mod pymc;
