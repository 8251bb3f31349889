//! A mixture of normals.
//!
//! ```text
//! log p(x) = log(sum over k of w[k] N(x | mu[k], sigma[k]))
//! ```
//!
//! # References
//! - Gelman et al. (2013), Bayesian Data Analysis, section 22.1.

use std::rc::Rc;

use super::mixture::Mixture;
use super::normal::Normal;
use super::registry::{Arguments, Entry};
use super::scale::sigma_or;

/// A [`Mixture`] of the normals along the last axis of `mu` and `sigma`.
pub(super) const ENTRY: Entry = Entry {
    name: "NormalMixture",
    aliases: &[],
    positional: &["w", "mu", "sigma", "tau"],
    keyword_only: &[],
    signature: "w, mu, sigma=1 | tau",
    build: |arguments: &Arguments| {
        let (weights, mu) = (arguments.require("w")?, arguments.require("mu")?);
        let count = weights.shape().last().copied().unwrap_or(1);
        let scale = sigma_or("tau", arguments)?;
        // A scale or mean common to all components still has their axis.
        let normals = Normal::new(mu * super::special::ones(&[count]), scale);
        Ok(Box::new(Mixture::of_batch(weights, Rc::new(normals))))
    },
};
