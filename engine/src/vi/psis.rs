//! Smooth importance weights by a Pareto tail, whose shape `k` says whether they can be trusted.
//!
//! ```text
//! tail: the min(S/5, 3 sqrt(S)) largest of S ratios; a generalised Pareto distribution is fitted to what they exceed
//! the next one by; they are replaced by its quantiles (z - 1/2)/M, at most the largest ratio there was
//! ```
//!
//! Moments of order up to `1/k` are finite: below 0.7 averages with these weights converge at a useful rate; above 1
//! not even their mean exists.
//!
//! # References
//! - Vehtari, Simpson, Gelman, Yao, Gabry (2024), Pareto smoothed importance sampling, JMLR 25(72). arXiv:1507.02646
//! - Zhang, Stephens (2009), A new and efficient estimation method for the generalized Pareto distribution.
//!   doi:10.1198/tech.2009.08017

/// Weights, and the shape of their tail.
#[derive(Clone, Debug, PartialEq)]
pub struct Smoothed {
    /// Logarithms of weights that sum to one.
    pub log_weights: Vec<f64>,
    /// Shape of the tail; infinite when it has fewer than five ratios.
    pub k_hat: f64,
}

/// Smooths the weights of log ratios `log p - log q`, all of which are numbers or minus infinity.
///
/// Draws from chains count as `relative_efficiency` independent ones each; use 1 when they are independent.
///
/// # Shapes
/// - `log_ratios`: `[draws]`
pub fn smooth(log_ratios: &[f64], relative_efficiency: f64) -> Smoothed {
    let count = log_ratios.len();
    let most = log_ratios.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if !most.is_finite() {
        return Smoothed { log_weights: vec![-(count as f64).ln(); count], k_hat: f64::INFINITY };
    }
    let mut log_weights: Vec<f64> = log_ratios.iter().map(|ratio| ratio - most).collect();
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|&a, &b| log_weights[a].total_cmp(&log_weights[b]));
    let share = count as f64 / 5.0;
    let wanted = share.min(3.0 * (count as f64 / relative_efficiency).sqrt()).ceil() as usize;
    let cut = order.len().checked_sub(wanted + 1).map_or(f64::INFINITY, |at| log_weights[order[at]]);
    let cut = cut.max(f64::MIN_POSITIVE.ln());
    let tail = &order[order.partition_point(|&i| log_weights[i] <= cut)..];
    let mut k_hat = f64::INFINITY;
    if tail.len() > 4 {
        let exceeds: Vec<f64> = tail.iter().map(|&i| log_weights[i].exp() - cut.exp()).collect();
        let fit = Pareto::fit(&exceeds);
        k_hat = fit.shape;
        if k_hat.is_finite() {
            for (rank, &i) in tail.iter().enumerate() {
                let quantile = fit.quantile((rank as f64 + 0.5) / tail.len() as f64);
                log_weights[i] = (quantile + cut.exp()).ln().min(0.0);
            }
        }
    }
    let sum = log_weights.iter().map(|w| w.exp()).sum::<f64>().ln();
    log_weights.iter_mut().for_each(|w| *w -= sum);
    Smoothed { log_weights, k_hat }
}

/// The shape above which weights of this many draws cannot be trusted.
pub fn k_limit(draws: usize) -> f64 {
    (1.0 - 1.0 / (draws as f64).log10()).min(0.7)
}

struct Pareto {
    shape: f64,
    scale: f64,
}

impl Pareto {
    /// Fits sorted numbers; a weak prior draws the shape towards 1/2.
    fn fit(sorted: &[f64]) -> Self {
        const PRIOR_SCALE: f64 = 3.0;
        const PRIOR_COUNT: f64 = 10.0;
        let count = sorted.len() as f64;
        let grid = 30 + count.sqrt() as usize;
        let quartile = sorted[(count / 4.0 + 0.5) as usize - 1];
        let last = sorted[sorted.len() - 1];
        let shape = |b: f64| sorted.iter().map(|x| (-b * x).ln_1p()).sum::<f64>() / count;
        let candidates: Vec<f64> = (1..=grid)
            .map(|i| (1.0 - (grid as f64 / (i as f64 - 0.5)).sqrt()) / (PRIOR_SCALE * quartile) + 1.0 / last)
            .collect();
        let fitness = |b: f64| {
            let shape = shape(b);
            count * ((-b / shape).ln() - shape - 1.0)
        };
        let fitness: Vec<f64> = candidates.iter().map(|&b| fitness(b)).collect();
        let weight = |own: f64| 1.0 / fitness.iter().map(|other| (other - own).exp()).sum::<f64>();
        let weights = fitness.iter().map(|&own| weight(own));
        let kept: Vec<(f64, f64)> = candidates
            .iter()
            .copied()
            .zip(weights)
            .filter(|(_, weight)| *weight >= 10.0 * f64::EPSILON)
            .collect();
        let total: f64 = kept.iter().map(|(_, weight)| weight).sum();
        let b = kept.iter().map(|(b, weight)| b * weight).sum::<f64>() / total;
        let raw = shape(b);
        Self { shape: (count * raw + PRIOR_COUNT * 0.5) / (count + PRIOR_COUNT), scale: -raw / b }
    }

    fn quantile(&self, probability: f64) -> f64 {
        let exponent = -(-probability).ln_1p();
        if self.shape.abs() < f64::EPSILON {
            self.scale * exponent
        } else {
            self.scale * (self.shape * exponent).exp_m1() / self.shape
        }
    }
}
