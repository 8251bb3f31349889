//! Choose a method and how much work it does.

use std::fmt;
use std::str::FromStr;

use super::FitError;

/// How a posterior is approximated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Mean-field normal, fixed draws, L-BFGS, covariances by linear response.
    Dadvi,
    /// Mean-field normal, fresh draws in each step.
    Advi,
    /// Normal with a dense covariance, fresh draws in each step.
    FullRankAdvi,
    /// Particles that follow the gradient and repel each other.
    Svgd,
    /// The best normal along the paths of L-BFGS.
    Pathfinder,
    /// Normal with the curvature at the mode.
    Laplace,
    /// The mode alone.
    Map,
}

impl Method {
    /// Every method.
    pub const ALL: [Method; 7] = [
        Method::Dadvi,
        Method::Advi,
        Method::FullRankAdvi,
        Method::Svgd,
        Method::Pathfinder,
        Method::Laplace,
        Method::Map,
    ];

    /// Name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Method::Dadvi => "dadvi",
            Method::Advi => "advi",
            Method::FullRankAdvi => "fullrank_advi",
            Method::Svgd => "svgd",
            Method::Pathfinder => "pathfinder",
            Method::Laplace => "laplace",
            Method::Map => "map",
        }
    }

    /// What [`Fit::objective`](super::Fit::objective) is.
    pub const fn objective(self) -> &'static str {
        match self {
            Method::Dadvi | Method::Advi | Method::FullRankAdvi | Method::Pathfinder => "negative ELBO",
            Method::Svgd => "squared kernel Stein discrepancy",
            Method::Laplace | Method::Map => "negative log density",
        }
    }

    /// Whether the method can do with batches of the rows of data.
    pub const fn takes_batches(self) -> bool {
        matches!(self, Method::Advi | Method::FullRankAdvi)
    }

    /// All names, for messages.
    pub(super) fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }
}

impl fmt::Display for Method {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl FromStr for Method {
    type Err = FitError;

    fn from_str(name: &str) -> Result<Self, FitError> {
        let unknown = || FitError::UnknownMethod { seen: name.to_string() };
        Self::ALL.into_iter().find(|method| method.name() == name).ok_or_else(unknown)
    }
}

/// Options of a fit.
#[derive(Clone, Debug, PartialEq)]
pub struct FitSettings {
    /// How to approximate.
    pub method: Method,
    /// Draws from the approximation that are returned.
    pub draws: usize,
    /// Monte-Carlo draws of one objective, an even number; particles of SVGD. `None` takes what suits method and
    /// dimension.
    pub batch: Option<usize>,
    /// Paths of pathfinder, and searches for a mode: the first starts at the initial position.
    pub starts: usize,
    /// Most iterations.
    pub iterations: usize,
    /// Worker threads.
    pub threads: usize,
    /// Seed of all random numbers.
    pub seed: u64,
}

impl FitSettings {
    /// The usual options of a method.
    pub fn new(method: Method) -> Self {
        let starts = if method == Method::Pathfinder { 8 } else { 4 };
        let iterations = match method {
            Method::Advi | Method::FullRankAdvi => 10_000,
            _ => 2_000,
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Self { method, draws: 1000, batch: None, starts, iterations, threads, seed: 0 }
    }

    /// Checks every option.
    ///
    /// # Errors
    /// The first option that is out of range.
    pub fn validate(&self) -> Result<(), FitError> {
        const COUNT: usize = i32::MAX as usize;
        let check = |option, seen: &dyn ToString, good: bool, allowed| match good {
            true => Ok(()),
            false => Err(FitError::Setting { option, seen: seen.to_string(), allowed }),
        };
        let count = "a whole number from 1 to 2147483647";
        check("draws", &self.draws, (1..=COUNT).contains(&self.draws), count)?;
        let batch = self.batch.unwrap_or(2);
        let good = (2..=1 << 20).contains(&batch) && batch.is_multiple_of(2);
        check("batch", &batch, good, "an even number from 2 to 1048576; try 64 to 4096")?;
        check("starts", &self.starts, (1..=4096).contains(&self.starts), "a whole number from 1 to 4096")?;
        check("iterations", &self.iterations, (1..=COUNT).contains(&self.iterations), count)?;
        check("threads", &self.threads, (1..=4096).contains(&self.threads), "1 to 4096")
    }

    /// Monte-Carlo draws when none are asked for: some for each dimension.
    pub(super) fn batch_for(&self, dim: usize) -> usize {
        self.batch.unwrap_or_else(|| match self.method {
            Method::Dadvi => (4 * dim).clamp(64, 1024),
            Method::FullRankAdvi => (2 * dim).clamp(64, 4096),
            Method::Svgd => 100,
            Method::Pathfinder => 24,
            Method::Advi | Method::Laplace | Method::Map => 64,
        })
    }
}
