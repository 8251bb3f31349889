//! Directions that the data leave open: changes of the parameters that change no row of the likelihood.
//!
//! ```text
//! J[i, j] = d log p(row i) / d direction j        J v = 0:  the likelihood stays where the parameters move along v
//!
//! a + c, b - c      intercept and all levels of a factor, intercept and cutpoints, logits without a reference
//! a * e^c, b * e^-c products of two variables
//! ```
//!
//! The columns of `J` come from central differences, along every element of short variables, and along common changes of
//! all elements of long ones. A column that those before it combine to gives `v`; it must do so at a second place too.
//! Directions that the priors hold are no finding, as in item response models whose abilities are standard normal: the
//! second differences of the log priors along `v` must be small against those of the likelihood along a part of it.
//! (Ours.)

use super::Notes;
use super::influence::asymmetric_position;
use crate::data::Dataset;
use crate::distributions::Distribution;
use crate::finding::Rule;
use crate::language::ModelFile;
use crate::model::{Record, Source};
use crate::{Role, Scope};

/// Most directions that are looked at.
const DIRECTIONS: usize = 48;
/// Most elements of a variable that are moved one by one.
const ELEMENTS: usize = 12;
/// How far parameters are moved for a derivative.
const NEAR: f64 = 2e-5;
/// What is left of a column, relative to it, that those before it combine to.
const DEPENDENT: f64 = 1e-7;
/// Derivatives below which those of a log likelihood of 1 are nothing but rounding, at the digits of [`DEPENDENT`].
const ROUNDING: f64 = 5e-4;
/// Share of a direction below which a variable has no part in it.
const PART: f64 = 1e-4;
/// How far a pair is moved to see what the priors say.
const FAR: f64 = 0.1;
/// How much of the likelihood's curvature the priors' must have to hold a direction.
const HELD: f64 = 0.05;
/// Most directions that are told.
const TOLD: usize = 3;

/// A change of a position: places of elements and how far each is moved.
type Motion = Vec<(usize, f64)>;

/// A direction in which one variable may be moved.
struct Direction<'r> {
    variable: &'r Record,
    motion: Motion,
}

/// The log likelihoods of all rows and the sum of the log priors at a place.
struct Densities {
    rows: Vec<f64>,
    prior: f64,
}

impl Densities {
    fn likelihood(&self) -> f64 {
        self.rows.iter().sum()
    }
}

/// Looks for directions in which the parameters change and the likelihood does not.
pub(super) fn check(notes: &mut Notes<'_>, file: &ModelFile, data: &Dataset, scope: &Scope, runs: usize) {
    // Predictors that combine to each other are told where they are.
    if notes.found.iter().any(|finding| finding.rule == Rule::DegeneratePredictor) {
        return;
    }
    let position = asymmetric_position(&scope.records);
    let densities = |position: &[f64]| {
        let mut at = Scope::new(Source::Position(position.to_vec()));
        file.run(data, &mut at).ok()?;
        let is_data = |r: &&Record| !matches!(r.variable.role, Role::Free { .. });
        let numbers = |r: &Record| r.log_density.as_ref()?.as_numbers().map(|n| n.to_vec());
        let rows: Vec<f64> = at.records.iter().filter(is_data).filter_map(numbers).flatten().collect();
        let priors = at.records.iter().filter(|r| !is_data(r)).filter_map(numbers);
        let prior: f64 = priors.flatten().sum();
        (prior.is_finite() && rows.iter().all(|x| x.is_finite())).then_some(Densities { rows, prior })
    };
    let column = |position: &[f64], motion: &Motion| {
        let [up, down] = [NEAR, -NEAR].map(|step| densities(&moved(position, motion, step)));
        let (up, down) = (up?.rows, down?.rows);
        let of_row = |(a, b): (&f64, &f64)| Slope { per_unit: (a - b) / (2.0 * NEAR), level: a.abs() };
        Some(up.iter().zip(&down).map(of_row).collect::<Vec<Slope>>())
    };
    let directions: Vec<Direction<'_>> = scope.records.iter().flat_map(directions).collect();
    if directions.len() > DIRECTIONS || 4 * directions.len() > runs {
        notes.left_out.push("changes of parameters that the data do not see");
        return;
    }
    let Some(columns) = directions.iter().map(|d| column(&position, &d.motion)).collect::<Option<Vec<_>>>()
    else {
        return;
    };
    let second: Vec<f64> =
        position.iter().enumerate().map(|(k, x)| x + 0.1 + 0.2 * (0.414_214 * k as f64).fract()).collect();
    for found in null_vectors(&columns).into_iter().take(TOLD) {
        let parts: Vec<(&Direction<'_>, f64)> =
            found.iter().map(|&(k, share)| (&directions[k], share)).collect();
        let again: Option<Vec<Vec<Slope>>> = parts.iter().map(|(d, _)| column(&second, &d.motion)).collect();
        let motion: Motion = parts.iter().flat_map(|(d, share)| scaled(&d.motion, *share)).collect();
        let bend = |motion: &Motion, of: fn(&Densities) -> f64| {
            let at = |step: f64| Some(of(&densities(&moved(&position, motion, step))?));
            Some((at(FAR)? - 2.0 * at(0.0)? + at(-FAR)?).abs())
        };
        let known =
            parts.iter().filter_map(|(d, share)| bend(&scaled(&d.motion, *share), Densities::likelihood));
        let (Some(held), Some(known)) = (bend(&motion, |d| d.prior), known.reduce(f64::max)) else {
            continue;
        };
        let is_there_too = again.is_some_and(|columns| !null_vectors(&columns).is_empty());
        // Two numbers of which only the sum or the product matters are one number, whatever their priors.
        let is_of_numbers = parts.iter().all(|(d, _)| d.variable.variable.unconstrained_len() == 1);
        if is_there_too && (is_of_numbers || held < HELD * known) {
            tell(notes, &position, &parts);
        }
    }
}

/// The directions of a free variable whose prior is known.
fn directions(record: &Record) -> Vec<Direction<'_>> {
    let (Role::Free { transform, offset }, Some(prior)) = (&record.variable.role, &record.distribution)
    else {
        return Vec::new();
    };
    let (offset, count) = (*offset, record.variable.unconstrained_len());
    let is_plain = transform.name().is_empty();
    let is_ordered = transform.name() == "ordered";
    let is_known = prior.parameters().iter().all(|(_, value)| !value.is_random());
    let is_one = count == 1 && ["log", "interval", "logodds"].contains(&transform.name());
    // Standard normal elements are the scale of what they are multiplied with.
    if !is_known || !(is_plain || is_ordered || is_one) || (count > 1 && is_standard_normal(&**prior)) {
        return Vec::new();
    }
    let motions: Vec<Motion> = if count <= ELEMENTS {
        (offset..offset + count).map(|k| vec![(k, 1.0)]).collect()
    } else if is_ordered {
        vec![vec![(offset, 1.0)]] // the first number carries the others with it
    } else {
        let at =
            |k: usize| record.unconstrained.as_ref().and_then(|v| v.as_numbers()?.get(k - offset).copied());
        let all = offset..offset + count;
        let scale =
            all.clone().map(|k| (k, at(k).unwrap_or(0.0) + 0.05 + 0.3 * (0.618_034 * k as f64).fract()));
        vec![all.map(|k| (k, 1.0)).collect(), scale.collect()]
    };
    motions.into_iter().map(|motion| Direction { variable: record, motion }).collect()
}

fn is_standard_normal(prior: &dyn Distribution) -> bool {
    let is = |name: &str, x: f64| {
        prior.parameters().iter().any(|(known, value)| {
            *known == name && value.as_data().is_some_and(|n| n.iter().all(|y| *y == x))
        })
    };
    prior.name() == "Normal" && is("mu", 0.0) && is("sigma", 1.0)
}

fn scaled(motion: &Motion, share: f64) -> Motion {
    motion.iter().map(|&(k, x)| (k, share * x)).collect()
}

fn moved(position: &[f64], motion: &Motion, step: f64) -> Vec<f64> {
    let mut position = position.to_vec();
    motion.iter().for_each(|&(k, x)| position[k] += step * x);
    position
}

/// Derivative of the log likelihood of a row, and how large that is.
struct Slope {
    per_unit: f64,
    level: f64,
}

/// The derivatives with every row divided by its largest one, so that a few steep rows do not hide the others; not by
/// less than what stands above the rounding of the row's log likelihood.
fn of_one_weight(slopes: &[Vec<Slope>]) -> Vec<Vec<f64>> {
    let rows = slopes.first().map_or(0, Vec::len);
    let floor = |slope: &Slope| ROUNDING * (1.0 + slope.level);
    let scales: Vec<f64> = (0..rows)
        .map(|row| {
            slopes
                .iter()
                .map(|column| column[row].per_unit.abs().max(floor(&column[row])))
                .fold(0.0, f64::max)
        })
        .collect();
    slopes
        .iter()
        .map(|column| column.iter().zip(&scales).map(|(slope, scale)| slope.per_unit / scale).collect())
        .collect()
}

/// Combinations of columns that are zero, one for each column that those before it combine to, by the modified
/// Gram-Schmidt process: the columns that take part and their shares, the largest of which is 1.
fn null_vectors(slopes: &[Vec<Slope>]) -> Vec<Vec<(usize, f64)>> {
    let columns = &of_one_weight(slopes)[..];
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let lengths: Vec<f64> = columns.iter().map(|column| dot(column, column).sqrt()).collect();
    let longest = lengths.iter().copied().fold(0.0, f64::max);
    let mut found = Vec::new();
    // The basis, and each of its vectors as a combination of columns.
    let mut basis: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
    for (k, column) in columns.iter().enumerate() {
        // What does not change the likelihood by itself belongs to the priors.
        if lengths[k] <= 1e-9 * longest || basis.len() + 1 >= column.len() {
            continue;
        }
        let mut rest: Vec<f64> = column.iter().map(|x| x / lengths[k]).collect();
        let mut made = vec![0.0; columns.len()];
        made[k] = 1.0 / lengths[k];
        for (direction, of) in &basis {
            let along = dot(&rest, direction);
            rest.iter_mut().zip(direction).for_each(|(x, d)| *x -= along * d);
            made.iter_mut().zip(of).for_each(|(x, c)| *x -= along * c);
        }
        let left = dot(&rest, &rest).sqrt();
        if left > DEPENDENT {
            let scale = |numbers: Vec<f64>| numbers.into_iter().map(|x| x / left).collect();
            basis.push((scale(rest), scale(made)));
            continue;
        }
        let most = made.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
        let parts = made.iter().enumerate().map(|(j, x)| (j, x / most));
        let parts: Vec<(usize, f64)> = parts.filter(|(_, share)| share.abs() > PART).collect();
        // Fewer rows than columns would have such a combination whatever the model.
        let is_row = |i: &usize| parts.iter().any(|&(j, _)| columns[j][*i].abs() > 1e-9 * lengths[j]);
        if (0..column.len()).filter(is_row).count() >= parts.len() {
            found.push(parts);
        }
    }
    found
}

/// How a variable moves along a direction: all elements by the same, or by the same share, as far as that is so.
#[derive(Clone, Copy, Debug)]
struct Way {
    up: Option<f64>,
    times: Option<f64>,
}

impl Way {
    fn of(record: &Record, position: &[f64], motion: &Motion) -> Self {
        let Role::Free { transform, offset } = &record.variable.role else {
            return Self { up: None, times: None };
        };
        let common = |numbers: Vec<f64>| {
            let is_same = numbers.iter().all(|x| (x - numbers[0]).abs() < 1e-3 * numbers[0].abs());
            is_same.then(|| numbers[0])
        };
        let steps = || common(motion.iter().map(|(_, x)| *x).collect());
        let shares = || common(motion.iter().map(|(k, x)| x / position[*k]).collect());
        match transform.name() {
            "" if motion.len() == record.variable.unconstrained_len() => {
                Self { up: steps(), times: shares() }
            }
            "log" => Self { up: None, times: steps() },
            "ordered" if motion.len() == 1 && motion[0].0 == *offset => Self { up: steps(), times: None },
            _ => Self { up: None, times: None },
        }
    }
}

fn tell(notes: &mut Notes<'_>, position: &[f64], parts: &[(&Direction<'_>, f64)]) {
    // The motion of each variable, in the order of the file.
    let mut variables: Vec<(&Record, Motion)> = Vec::new();
    for (direction, share) in parts {
        let motion = scaled(&direction.motion, *share);
        match variables.iter_mut().find(|(record, _)| std::ptr::eq(*record, direction.variable)) {
            Some((_, whole)) => whole.extend(motion),
            None => variables.push((direction.variable, motion)),
        }
    }
    let names: Vec<&str> = variables.iter().map(|(record, _)| record.variable.name.as_str()).collect();
    let ways: Vec<Way> = variables.iter().map(|(record, motion)| Way::of(record, position, motion)).collect();
    let near = |a: f64, b: f64| (a - b).abs() < 1e-3 * b.abs();
    let pair = |of: fn(&Way) -> Option<f64>| match &ways[..] {
        [first, second] => of(first).zip(of(second)),
        _ => None,
    };
    let shift = pair(|way| way.up).filter(|(a, b)| near(a.abs(), b.abs()));
    let scale = pair(|way| way.times).filter(|(a, b)| near(*a, -b));
    let (what, fix) = match (&names[..], shift, scale) {
        ([only], ..) if ways[0].up.is_some() => (
            format!("all elements of `{only}` go up by the same"),
            format!("make `{only}` sum to zero (pm.ZeroSumNormal), or fix one of its elements"),
        ),
        ([first, second], Some((a, b)), _) => (
            format!(
                "`{first}` goes up and `{second}` {} by the same",
                if a * b > 0.0 { "up" } else { "down" }
            ),
            format!("leave `{first}` out, or make `{second}` sum to zero (pm.ZeroSumNormal)"),
        ),
        ([first, second], _, Some(_)) => (
            format!("`{first}` is multiplied and `{second}` divided by the same"),
            format!("leave one of `{first}` and `{second}` out, or fix its scale"),
        ),
        _ => {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            let list = names.join(", ");
            (format!("{list} change together"), format!("leave one of {list} out, or fix it"))
        }
    };
    let message =
        format!("the likelihood stays as it is when {what}: only the priors tell such values apart");
    // Several columns of one matrix of coefficients are told once.
    if notes.found.iter().all(|finding| finding.message != message) {
        notes.about(names[names.len() - 1], Rule::NotIdentified, message, &fix);
    }
}
