//! Metrics that are not diagonal: right moments, and fewer gradients where elements are correlated.

use super::moments::largest_z;
use super::targets::stretched;
use crate::adaptation::Metric;
use crate::mcmc::{Draws, Progress};
use crate::run::{Adaptation, Settings, sample};

fn draw(metric: Metric, adaptation: Adaptation) -> Draws {
    let settings =
        Settings { chains: 32, draws: 200, tune: 300, seed: 21, metric, adaptation, ..Settings::default() };
    sample(&stretched(8, 1e4), &[0.0; 8], &settings, &Progress::new(32)).unwrap()
}

#[test]
fn dense_and_low_rank_metrics_sample_a_correlated_normal_with_fewer_gradients() {
    // Variance of an element: 1 everywhere, and 9999 more along (1, ..., 1), of which it has an eighth.
    let moments = [[0.0, 1.0 + 9999.0 / 8.0]; 8];
    for adaptation in [Adaptation::PerChain, Adaptation::Pooled] {
        let diagonal = draw(Metric::FisherDiagonal, adaptation).record.draw_gradients;
        for metric in [Metric::Dense, Metric::LowRank] {
            let draws = draw(metric, adaptation);
            let z = largest_z(&draws, &moments);
            assert!(z < 4.0, "{metric:?} {adaptation:?}: |z| {z}");
            let gradients = draws.record.draw_gradients;
            assert!(2 * gradients < diagonal, "{metric:?} {adaptation:?}: {gradients}, diagonal {diagonal}");
            let variance = draws.record.tuning.iter().map(|tuning| tuning.metric[3]).sum::<f64>() / 32.0;
            assert!((600.0..2500.0).contains(&variance), "{metric:?} {adaptation:?}: variance {variance}");
        }
    }
}

#[test]
fn the_unit_metric_stays_as_it_is() {
    for adaptation in [Adaptation::PerChain, Adaptation::Pooled] {
        let draws = draw(Metric::Unit, adaptation);
        assert!(draws.record.tuning.iter().all(|tuning| tuning.metric == [1.0; 8]));
        let acceptance = draws.transitions.iter().map(|seen| seen.acceptance_rate).sum::<f64>() / 6400.0;
        assert!((acceptance - 0.8).abs() < 0.08, "{adaptation:?}: acceptance {acceptance}");
    }
}
