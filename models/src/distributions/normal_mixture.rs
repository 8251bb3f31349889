//! A mixture of normals.
//!
//! ```text
//! log p(x) = log(sum over k of w[k] N(x | mu[k], sigma[k]))
//! ```
//!
//! # References
//! - Gelman et al. (2013), Bayesian Data Analysis, section 22.1.

use std::rc::Rc;

use chainfire_engine::program::value::shape;

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
    summary: "One of several normal distributions, by weights",
    support: "real numbers",
    parameters: &[
        ("w", "weights along the last axis; their sum is 1"),
        ("mu", "means, along the last axis"),
        ("sigma", "standard deviations, above 0"),
        ("tau", "precision 1 / sigma^2, in place of sigma"),
    ],
    example: r#"pm.NormalMixture("x", w=[0.3, 0.7], mu=[-1.0, 2.0], sigma=[1.0, 0.5])"#,
    build: |arguments: &Arguments| {
        let (weights, mu) = (arguments.require("w")?, arguments.require("mu")?);
        let count = weights.shape().last().copied().unwrap_or(1);
        let scale = sigma_or("tau", arguments)?;
        // A scale or mean common to all components still has their axis.
        let wide = shape::broadcast(mu.shape(), &[count]).unwrap_or(mu.shape().to_vec());
        let normals = Normal::new(mu.broadcast_to(&wide), scale);
        Mixture::of_batch(weights, Rc::new(normals)).with_as_many_weights(arguments)
    },
};
