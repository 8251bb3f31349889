//! The options of a run.

use std::fs;
use std::str::FromStr;

use crate::adaptation::{Metric, Pooled};
use crate::device::Device;
use crate::mcmc::{Init, SampleError, named};

/// Options of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// How chains move.
    pub sampler: Sampler,
    /// Number of chains.
    pub chains: usize,
    /// Draws of each chain that are kept.
    pub draws: usize,
    /// Draws of each chain before those, which tune the sampler; at most so many when adaptation is pooled.
    pub tune: usize,
    /// Acceptance that the step size is tuned to; see [`Sampler::target_accept`].
    pub target_accept: f64,
    /// Most doublings of a trajectory of NUTS.
    pub max_treedepth: usize,
    /// Worker threads; more than there are chains are not used.
    pub threads: usize,
    /// Where to compute.
    pub device: Device,
    /// Seed of all random numbers.
    pub seed: u64,
    /// How the metric is estimated.
    pub metric: Metric,
    /// Whether chains tune themselves or are tuned together.
    pub adaptation: Adaptation,
    /// Where chains start.
    pub init: Init,
    /// Whether the draws of warm-up are handed on too.
    pub keep_warmup: bool,
    /// After how many draws the sink gets the state of the run, if at all.
    pub checkpoint_every: Option<usize>,
}

/// How chains move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sampler {
    /// The No-U-Turn sampler: each trajectory is as long as it needs to be.
    #[default]
    Nuts,
    /// ChEES-HMC: all chains take the same number of steps, a number that is learned. For 8 chains or more, which are
    /// tuned together, on the processor, with the metric [`Metric::FisherDiagonal`].
    Chees,
}

impl Sampler {
    /// Every sampler under its name.
    pub const NAMES: [(&str, Self); 2] = [("nuts", Self::Nuts), ("chees", Self::Chees)];

    /// The acceptance to tune to unless there are reasons for another: of ChEES-HMC, the one that is optimal for
    /// trajectories of a fixed length in many dimensions.
    ///
    /// # References
    /// - Hoffman, Gelman (2014), The No-U-Turn sampler, section 3.2. arXiv:1111.4246
    /// - Beskos, Pillai, Roberts, Sanz-Serna, Stuart (2013), Optimal tuning of the hybrid Monte Carlo algorithm.
    ///   arXiv:1001.4460
    pub fn target_accept(self) -> f64 {
        match self {
            Self::Nuts => 0.8,
            Self::Chees => 0.651,
        }
    }
}

impl FromStr for Sampler {
    type Err = SampleError;

    fn from_str(name: &str) -> Result<Self, SampleError> {
        named("sampler", name, &Self::NAMES)
    }
}

/// Whether chains tune themselves or are tuned together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Adaptation {
    /// Together when there are more than 16 chains.
    #[default]
    Auto,
    /// Each chain for itself: what it draws does not depend on the other chains.
    PerChain,
    /// One metric and one step size for all chains.
    Pooled,
}

/// Fewest chains of ChEES-HMC: length and metric are learned from differences between them.
const FEWEST_CHEES_CHAINS: usize = 8;
/// The most chains that tune themselves unless told otherwise.
const MOST_PER_CHAIN: usize = 16;

impl Adaptation {
    /// Every kind under its name.
    pub const NAMES: [(&str, Self); 3] =
        [("auto", Self::Auto), ("per_chain", Self::PerChain), ("pooled", Self::Pooled)];

    /// Whether so many chains are tuned together.
    pub fn is_pooled(self, chains: usize) -> bool {
        match self {
            Self::Auto => chains > MOST_PER_CHAIN,
            Self::PerChain => false,
            Self::Pooled => true,
        }
    }
}

impl FromStr for Adaptation {
    type Err = SampleError;

    fn from_str(name: &str) -> Result<Self, SampleError> {
        named("adaptation", name, &Self::NAMES)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            sampler: Sampler::default(),
            chains: 4,
            draws: 1000,
            tune: 1000,
            target_accept: Sampler::default().target_accept(),
            max_treedepth: 10,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            device: Device::Auto,
            seed: 0,
            metric: Metric::FisherDiagonal,
            adaptation: Adaptation::Auto,
            init: Init::default(),
            keep_warmup: false,
            checkpoint_every: None,
        }
    }
}

impl Settings {
    /// How many chains start at one place: chains that are tuned together do so in groups, by which nested R-hat sees
    /// whether they have forgotten where they started.
    pub fn chains_per_start(&self) -> usize {
        match self.init {
            Init::Given(_) | Init::Prior(_) | Init::Fitted(_) => 1,
            _ => self.chains_per_place(),
        }
    }

    /// How many chains a jittered start is for.
    pub(super) fn chains_per_place(&self) -> usize {
        if self.is_pooled() { Pooled::superchain(self.chains) } else { 1 }
    }

    /// Whether chains are tuned together.
    pub fn is_pooled(&self) -> bool {
        self.sampler == Sampler::Chees || self.adaptation.is_pooled(self.chains)
    }

    /// Checks every option.
    ///
    /// # Errors
    /// The first option that is out of range.
    pub fn validate(&self) -> Result<(), SampleError> {
        const COUNT: usize = u32::MAX as usize / 2;
        let check = |option, seen: &dyn ToString, good: bool, allowed| match good {
            true => Ok(()),
            false => Err(SampleError::Setting { option, seen: seen.to_string(), allowed }),
        };
        let count = "a whole number from 1 to 2147483647";
        check("chains", &self.chains, (1..=COUNT).contains(&self.chains), count)?;
        check("draws", &self.draws, (1..=COUNT).contains(&self.draws), count)?;
        check("tune", &self.tune, self.tune <= COUNT, "a whole number from 0 to 2147483647")?;
        let accept = self.target_accept > 0.0 && self.target_accept < 1.0;
        check(
            "target_accept",
            &self.target_accept,
            accept,
            "between 0 and 1, both excluded; try 0.8 to 0.99",
        )?;
        let depth = (1..=20).contains(&self.max_treedepth);
        check("max_treedepth", &self.max_treedepth, depth, "a whole number from 1 to 20")?;
        check("threads", &self.threads, self.threads > 0, "1 or more")?;
        let every = self.checkpoint_every.unwrap_or(1);
        check("checkpoint_every", &every, every > 0, "1 or more draws")?;
        match self.sampler {
            Sampler::Nuts => Ok(()),
            Sampler::Chees => self.validate_chees(),
        }
    }

    /// Checks the options that ChEES-HMC leaves less choice in.
    fn validate_chees(&self) -> Result<(), SampleError> {
        let check = |option, seen: String, good: bool, allowed| match good {
            true => Ok(()),
            false => Err(SampleError::Setting { option, seen, allowed }),
        };
        let enough = self.chains >= FEWEST_CHEES_CHAINS;
        check(
            "chains",
            self.chains.to_string(),
            enough,
            "8 or more for the sampler `chees`; `nuts` takes fewer",
        )?;
        let name = |names: &[(&str, bool)]| {
            names.iter().find(|(_, is_it)| *is_it).map_or(String::new(), |(name, _)| format!("`{name}`"))
        };
        let metric = name(&Metric::NAMES.map(|(name, metric)| (name, metric == self.metric)));
        let is_fisher = self.metric == Metric::FisherDiagonal;
        check("metric", metric, is_fisher, "`fisher` for the sampler `chees`; `nuts` takes the others")?;
        let adaptation = name(&Adaptation::NAMES.map(|(name, kind)| (name, kind == self.adaptation)));
        let is_shared = self.adaptation != Adaptation::PerChain;
        check("adaptation", adaptation, is_shared, "`auto` or `pooled` for the sampler `chees`")?;
        let is_on_cpu = !matches!(self.device, Device::Gpu(_));
        check("device", self.device.to_string(), is_on_cpu, "`auto` or `cpu` for the sampler `chees`")
    }

    /// Checks that a run of positions of `dim` elements fits into memory, when each kept draw takes `numbers` numbers
    /// beside its statistics.
    ///
    /// Where the system does not say how much memory is free, every run passes.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn check_memory(&self, dim: usize, numbers: usize) -> Result<(), SampleError> {
        const GIB: f64 = (1u64 << 30) as f64;
        let state = dim * (VECTORS_OF_A_CHAIN + 3 * (self.max_treedepth + 1));
        let draws = self.draws as f64 + if self.keep_warmup { self.tune as f64 } else { 0.0 };
        let kept = draws * (numbers + NUMBERS_OF_STATISTICS) as f64;
        let needed = 8.0 * self.chains as f64 * (state as f64 + kept) / GIB;
        match free_memory() {
            Some(bytes) if needed > bytes / GIB => {
                let (chains, draws, available) = (self.chains, self.draws, bytes / GIB);
                Err(SampleError::Memory { chains, draws, needed, available })
            }
            _ => Ok(()),
        }
    }
}

/// Vectors that a chain holds beside the spans of its trajectory.
const VECTORS_OF_A_CHAIN: usize = 25;
/// Numbers that the statistics of a draw take, while they are collected and afterwards.
const NUMBERS_OF_STATISTICS: usize = 24;

/// Free memory in bytes, where Linux tells it.
pub fn free_memory() -> Option<f64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(1024.0 * kibibytes)
}
