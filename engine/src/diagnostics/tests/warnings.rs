//! Warnings: PyMC's conditions, order and texts, with the names of what is bad.

use super::arviz::{data_file, reference};
use super::{normals, one_variable};
use crate::diagnostics::*;
use crate::draws::{Attribute, Group, InferenceData, Values, Variable, read_netcdf};

const R_HAT: &str = "The rhat statistic is larger than 1.01 for some parameters. This indicates problems during \
                     sampling. See https://arxiv.org/abs/1903.08008 for details";
const ESS: &str = "The effective sample size per chain is smaller than 100 for some parameters.  A higher number is \
                   needed for reliable rhat and ess computation. See https://arxiv.org/abs/1903.08008 for details";

/// A run with one parameter `x`: independent normals until a test changes it.
struct Run {
    chains: usize,
    draws: usize,
    chains_per_start: Option<i64>,
    x: Vec<f64>,
    diverging: Vec<bool>,
    reached: Vec<bool>,
    energy: Vec<f64>,
}

impl Run {
    fn good(chains: usize, draws: usize) -> Self {
        let x = normals(chains, draws, 1, |_, _, z| z);
        let energy = normals(chains, draws, 2, |_, _, z| 10.0 + z);
        let none = vec![false; chains * draws];
        Self { chains, draws, chains_per_start: None, x, diverging: none.clone(), reached: none, energy }
    }

    fn data(&self) -> InferenceData {
        let shape = [self.chains, self.draws];
        let variable = |name: &str, values| Variable::new(name, &["chain", "draw"], &shape, values);
        let y = normals(self.chains, self.draws, 3, |_, _, z| z);
        let tau = self.x.iter().map(|x| x.exp()).collect();
        let posterior = [("x", self.x.clone()), ("y", y), ("tau", tau)];
        let posterior = posterior.map(|(name, values)| variable(name, Values::Float(values)));
        let stats = vec![
            variable("diverging", Values::Bool(self.diverging.clone())),
            variable("reached_max_treedepth", Values::Bool(self.reached.clone())),
            variable("energy", Values::Float(self.energy.clone())),
        ];
        let started = self.chains_per_start.map(|chains| ("chains_per_start".into(), Attribute::Int(chains)));
        InferenceData::new(vec![
            Group::new("posterior", Vec::from_iter(started), vec![], posterior.to_vec()).unwrap(),
            Group::new("sample_stats", vec![], vec![], stats).unwrap(),
        ])
        .unwrap()
    }

    /// The warnings, `x` and `y` being the free parameters.
    fn warnings(&self) -> Vec<ConvergenceWarning> {
        let data = self.data();
        let rows = summary(data.require("posterior").unwrap()).unwrap();
        convergence_warnings(&data, &rows[..2])
    }

    fn texts(&self) -> Vec<String> {
        self.warnings().iter().map(ToString::to_string).collect()
    }
}

#[test]
fn good_runs_give_no_warning() {
    for (chains, draws) in [(4, 500), (8, 200), (32, 100), (64, 50), (1024, 20)] {
        assert_eq!(Run::good(chains, draws).texts(), [""; 0], "{chains} chains of {draws}");
    }
    let single_draws = Run { chains_per_start: Some(16), ..Run::good(256, 1) };
    assert_eq!(single_draws.texts(), [""; 0]);
}

#[test]
fn rare_cut_trajectories_and_unknown_numbers_give_no_warning() {
    let mut run = Run::good(4, 500);
    run.reached[..25].fill(true);
    run.x.fill(1.0);
    assert_eq!(run.texts(), [""; 0], "a parameter that never moves has no R-hat");
}

#[test]
fn a_chain_apart_is_warned_of_by_the_name_of_its_parameter() {
    let mut run = Run::good(4, 500);
    run.x[1500..].iter_mut().for_each(|x| *x += 3.0);
    let texts = run.texts();
    assert!(texts[0].starts_with(&format!("{R_HAT}. It is `x` (1.")), "{}", texts[0]);
    assert!(texts[1].starts_with(&format!("{ESS}. It is `x` (")), "{}", texts[1]);
    assert!(texts[1].ends_with(") over all chains. Draw more, or reparameterize."), "{}", texts[1]);
    assert_eq!(texts.len(), 2);
}

#[test]
fn the_worst_three_are_named_in_order() {
    let data = Run::good(4, 500).data();
    let rows = summary(data.require("posterior").unwrap()).unwrap();
    let row = |name: &str, r_hat| SummaryRow { name: name.into(), r_hat, ess_bulk: 1e4, ..rows[0].clone() };
    let rows =
        [row("a", 1.2), row("b", 1.0), row("c", 2.5), row("d", f64::NAN), row("e", 1.3), row("f", 1.02)];
    let texts: Vec<String> = convergence_warnings(&data, &rows).iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [format!(
            "{R_HAT}. The worst of 4 are `c` (2.50), `e` (1.30) and `a` (1.20). Tune or draw longer, look for several \
             modes, or reparameterize."
        )]
    );
}

#[test]
fn shared_starts_that_are_remembered_are_warned_of_even_with_one_draw_a_chain() {
    for draws in [1, 5] {
        let mut run = Run { chains_per_start: Some(16), ..Run::good(256, draws) };
        run.x = normals(256, draws, 1, |chain, _, z| z + f64::from(u8::from(chain % 32 < 16)));
        let texts = run.texts();
        assert!(texts[0].starts_with("The nested rhat statistic is larger than 1.083"), "{}", texts[0]);
        assert!(texts[0].contains("It is `x` (1.") && !texts[0].contains("`y`"), "{}", texts[0]);
    }
}

#[test]
fn runs_that_are_too_small_to_judge_are_told_so_as_pymc_does() {
    let small = "The number of samples is too small to check convergence reliably.";
    assert_eq!(Run::good(4, 99).texts(), [small]);
    assert_eq!(Run::good(64, 3).texts(), [small]);
    assert_eq!(
        Run::good(1, 100).texts(),
        ["Only one chain was sampled, this makes it impossible to run some convergence checks"]
    );
    assert_eq!(
        Run::good(2, 1000).texts(),
        ["We recommend running at least 4 chains for robust computation of convergence diagnostics"]
    );
    let nothing = convergence_warnings(&InferenceData::default(), &[]);
    assert_eq!(nothing[0].to_string(), "No posterior samples. Unable to run convergence checks");
}

#[test]
fn chains_of_cut_trajectories_and_of_slow_energy_are_named() {
    let mut run = Run::good(8, 200);
    run.reached[200..211].fill(true);
    let one = "Chain 1 reached the maximum tree depth. Increase `max_treedepth`, increase `target_accept` or \
               reparameterize. The largest share of draws is 6 %.";
    assert_eq!(run.texts(), [one]);
    run.reached[400..1600].fill(true);
    assert!(
        run.texts()[0].starts_with("Chains 1, 2, 3 and 4 others reached the maximum tree depth. Increase")
    );

    let mut run = Run::good(8, 200);
    for chain in [0, 5] {
        let slow = (0..200).map(|draw| (f64::from(draw) / 20.0).sin());
        run.energy[chain * 200..][..200].iter_mut().zip(slow).for_each(|(energy, slow)| *energy = slow);
    }
    let texts = run.texts();
    assert!(texts[0].starts_with("Chains 0 and 5 explored the energy poorly: E-BFMI is 0.0"), "{texts:?}");
    assert_eq!(texts.len(), 1);
}

#[test]
fn divergences_are_counted_and_placed_where_they_happen() {
    let mut run = Run::good(4, 500);
    run.diverging[7] = true;
    let one = "There was 1 divergence after tuning. Increase `target_accept` or reparameterize.";
    assert_eq!(run.texts(), [one], "one divergence tells nothing about its place");
    for (draw, diverging) in run.diverging.iter_mut().enumerate() {
        *diverging = run.x[draw] < -1.5 && draw % 2 == 0;
    }
    let count = run.diverging.iter().filter(|flag| **flag).count();
    let texts = run.texts();
    let start = format!(
        "There were {count} divergences after tuning. Increase `target_accept` or reparameterize. They happen where \
         `x` is small (median -1."
    );
    assert!(texts[0].starts_with(&start) && !texts[0].contains("`y`"), "{}", texts[0]);
}

#[test]
fn divergences_concentrate_nowhere_when_they_are_chance() {
    let mut run = Run::good(4, 500);
    run.diverging.iter_mut().step_by(9).for_each(|flag| *flag = true);
    assert!(matches!(
        run.warnings().as_slice(),
        [ConvergenceWarning::Divergences { count: 223, concentrations }] if concentrations.is_empty()
    ));
}

#[test]
fn ranks_between_divergent_and_other_draws_are_those_of_all_pairs() {
    let values = normals(2, 150, 5, |_, _, z| (2.0 * z).round());
    let diverging: Vec<bool> = values.iter().enumerate().map(|(at, x)| *x > 0.0 && at % 3 > 0).collect();
    let found = divergence_concentrations(&one_variable(2, values.clone()), &["x"], &diverging).unwrap();
    let (mut below, mut pairs) = (0.0, 0.0);
    for (divergent, _) in values.iter().zip(&diverging).filter(|(_, flag)| **flag) {
        for (other, _) in values.iter().zip(&diverging).filter(|(_, flag)| !**flag) {
            below += if divergent < other {
                1.0
            } else if divergent == other {
                0.5
            } else {
                0.0
            };
            pairs += 1.0;
        }
    }
    assert!((found[0].is_below - below / pairs).abs() < 1e-12 && found[0].is_below < 0.5);
}

#[test]
fn divergences_of_eight_schools_are_in_the_neck_of_the_funnel() {
    let expected = reference("summaries.json");
    for name in ["centered_eight", "non_centered_eight"] {
        let data = read_netcdf(data_file(&format!("{name}.nc")).as_ref()).unwrap();
        let rows = summary(data.require("posterior").unwrap()).unwrap();
        let expected = expected[name]["divergences"].as_u64().unwrap() as usize;
        let warnings = convergence_warnings(&data, &rows);
        let found = warnings.iter().find_map(|warning| match warning {
            ConvergenceWarning::Divergences { count, concentrations } => Some((*count, concentrations)),
            _ => None,
        });
        assert_eq!(found.map_or(0, |(count, _)| count), expected);
        if let Some((_, concentrations)) = found.filter(|_| name == "centered_eight") {
            assert_eq!(concentrations[0].name, "tau");
            assert!(concentrations[0].divergent_median < concentrations[0].other_median);
        }
    }
}
