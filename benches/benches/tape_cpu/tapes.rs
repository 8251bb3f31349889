//! Tapes of models as lowering would leave them: log density and gradient; and of operations on a matrix alone.

use chainfire_kernels::tape::{Binary, Factor, Op, Scan, Tape, TapeBuilder, Ternary, Unary, ValueId, verify};

/// A tape under construction with short names for what the models use.
struct Model(TapeBuilder);

impl Model {
    fn number(&mut self, x: f64) -> ValueId {
        self.0.constant([x])
    }
    fn add(&mut self, a: ValueId, b: ValueId) -> ValueId {
        self.0.binary(Binary::Add, a, b)
    }
    fn sub(&mut self, a: ValueId, b: ValueId) -> ValueId {
        self.0.binary(Binary::Sub, a, b)
    }
    fn mul(&mut self, a: ValueId, b: ValueId) -> ValueId {
        self.0.binary(Binary::Mul, a, b)
    }
    fn scale(&mut self, a: ValueId, x: f64) -> ValueId {
        let x = self.number(x);
        self.mul(a, x)
    }
    fn mul_add(&mut self, a: ValueId, b: ValueId, c: ValueId) -> ValueId {
        self.0.ternary(Ternary::MulAdd, a, b, c)
    }
    fn scale_add(&mut self, a: ValueId, x: f64, c: ValueId) -> ValueId {
        let x = self.number(x);
        self.mul_add(a, x, c)
    }
    fn finish(mut self, log_density: ValueId, gradient: &[(usize, ValueId)]) -> Tape {
        self.0.output(0, log_density);
        gradient.iter().for_each(|&(row, v)| self.0.output(1 + row, v));
        let rows = 1 + self.0.tape().dim;
        let tape = self.0.finish(rows);
        verify(&tape).expect("the tape is well formed");
        tape
    }
}

/// Eight schools, non-centred: mu, log tau, z[8].
pub fn eight_schools() -> Tape {
    let mut m = Model(TapeBuilder::new(10));
    let (mu, log_tau, z) = (m.0.input(0, 1), m.0.input(1, 1), m.0.input(2, 8));
    let y = m.0.constant([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0]);
    let weight = m.0.constant([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0f64].map(|s| 1.0 / (s * s)));
    let tau = m.0.unary(Unary::Exp, log_tau);
    let theta = m.mul_add(tau, z, mu);
    let r = m.sub(y, theta);
    let g = m.mul(r, weight);
    let (rg, zz, g_sum, gz) = (m.0.dot(r, g), m.0.dot(z, z), m.0.sum(g), m.0.dot(g, z));
    let tau2 = m.mul(tau, tau);
    let one = m.number(1.0);
    let v = m.scale_add(tau2, 1.0 / 25.0, one);
    let log_v = m.0.unary(Unary::Log, v);
    let inverse_v = m.0.unary(Unary::Recip, v);
    let squares = m.add(rg, zz);
    let mu2 = m.mul(mu, mu);
    let squares = m.scale_add(mu2, 1.0 / 25.0, squares);
    let rest = m.sub(log_tau, log_v);
    let log_density = m.scale_add(squares, -0.5, rest);
    let d_mu = m.scale_add(mu, -1.0 / 25.0, g_sum);
    let shrink = m.mul(tau2, inverse_v);
    let d_prior = m.scale_add(shrink, -2.0 / 25.0, one);
    let d_log_tau = m.mul_add(tau, gz, d_prior);
    let tau_g = m.mul(tau, g);
    let d_z = m.sub(tau_g, z);
    m.finish(log_density, &[(0, d_mu), (1, d_log_tau), (2, d_z)])
}

/// Counties, floor, uranium and response in the shape of the Minnesota radon data.
struct Radon {
    county: Vec<u32>,
    floor: Vec<f64>,
    uranium: Vec<f64>,
    y: Vec<f64>,
}

fn radon_data(is_binary: bool) -> Radon {
    let (rows, counties) = (919, 85);
    let wave = |i: usize, f: f64| (i as f64 * f).sin();
    let county: Vec<u32> = (0..rows).map(|i| (i * counties / rows) as u32).collect();
    let floor = (0..rows).map(|i| f64::from(wave(i, 1.7) > 0.6)).collect();
    let uranium = county.iter().map(|&c| wave(c as usize, 2.3)).collect();
    let y = |i: usize| if is_binary { f64::from(wave(i, 0.9) > 0.1) } else { 1.3 + wave(i, 0.9) };
    Radon { county, floor, uranium, y: (0..rows).map(y).collect() }
}

/// What both radon models share: mu, log sigma_alpha, b, g, (log sigma), alpha[85].
struct Predictor {
    floor: ValueId,
    uranium: ValueId,
    y: ValueId,
    eta: ValueId,
    log_prior: ValueId,
    d_alpha: ValueId,
    d_mu: ValueId,
    d_log_sigma: ValueId,
    b: ValueId,
    g: ValueId,
}

fn predictor(m: &mut Model, data: &Radon, alpha_at: usize) -> Predictor {
    let (mu, log_sigma, b, g) = (m.0.input(0, 1), m.0.input(1, 1), m.0.input(2, 1), m.0.input(3, 1));
    let alpha = m.0.input(alpha_at, 85);
    let (floor, uranium) = (m.0.constant(data.floor.clone()), m.0.constant(data.uranium.clone()));
    let y = m.0.constant(data.y.clone());
    let gathered = m.0.gather(alpha, data.county.clone());
    let eta = m.mul_add(floor, b, gathered);
    let eta = m.mul_add(uranium, g, eta);
    // alpha ~ N(mu, sigma), sigma with density proportional to exp(-sigma), flat otherwise
    let sigma = m.0.unary(Unary::Exp, log_sigma);
    let precision = m.0.unary(Unary::Recip, sigma);
    let precision = m.mul(precision, precision);
    let e = m.sub(alpha, mu);
    let (ee, e_sum) = (m.0.dot(e, e), m.0.sum(e));
    let scaled = m.mul(ee, precision);
    let base = m.scale(log_sigma, -84.0);
    let base = m.sub(base, sigma);
    let log_prior = m.scale_add(scaled, -0.5, base);
    let minus = m.scale(precision, -1.0);
    let d_alpha = m.mul(e, minus);
    let d_mu = m.mul(e_sum, precision);
    let d_log_sigma = m.number(-84.0);
    let d_log_sigma = m.sub(d_log_sigma, sigma);
    let d_log_sigma = m.add(d_log_sigma, scaled);
    Predictor { floor, uranium, y, eta, log_prior, d_alpha, d_mu, d_log_sigma, b, g }
}

/// Radon with varying intercepts and normal errors, 90 parameters.
pub fn radon() -> Tape {
    let data = radon_data(false);
    let mut m = Model(TapeBuilder::new(90));
    let p = predictor(&mut m, &data, 5);
    let log_sigma = m.0.input(4, 1);
    let r = m.sub(p.y, p.eta);
    let (rr, ru, rf) = (m.0.dot(r, r), m.0.dot(r, p.uranium), m.0.dot(r, p.floor));
    let by_county = m.0.segment_sum(r, data.county.clone(), 85);
    let sigma = m.0.unary(Unary::Exp, log_sigma);
    let precision = m.0.unary(Unary::Recip, sigma);
    let precision = m.mul(precision, precision);
    let scaled = m.mul(rr, precision);
    let likelihood = m.scale_add(scaled, -0.5, p.log_prior);
    let log_density = m.scale_add(log_sigma, -919.0, likelihood);
    let (d_b, d_g) = (m.mul(rf, precision), m.mul(ru, precision));
    let n = m.number(-919.0);
    let d_sigma = m.add(scaled, n);
    let d_alpha = m.mul_add(by_county, precision, p.d_alpha);
    m.finish(log_density, &[(0, p.d_mu), (1, p.d_log_sigma), (2, d_b), (3, d_g), (4, d_sigma), (5, d_alpha)])
}

/// The same layout with binary responses, 89 parameters; `is_fused` uses softplus and sigmoid.
pub fn logit_radon(is_fused: bool) -> Tape {
    let data = radon_data(true);
    let mut m = Model(TapeBuilder::new(89));
    let p = predictor(&mut m, &data, 4);
    let y_eta = m.0.dot(p.y, p.eta);
    let (softplus, r) = if is_fused {
        let s = m.0.unary(Unary::Sigmoid, p.eta);
        (m.0.unary(Unary::Softplus, p.eta), m.sub(p.y, s))
    } else {
        let e = m.0.unary(Unary::Exp, p.eta);
        let one = m.number(1.0);
        let above = m.add(e, one);
        let inverse = m.0.unary(Unary::Recip, above);
        let s = m.mul(e, inverse);
        (m.0.unary(Unary::Log1p, e), m.sub(p.y, s))
    };
    let softplus_sum = m.0.sum(softplus);
    let (ru, rf) = (m.0.dot(r, p.uranium), m.0.dot(r, p.floor));
    let by_county = m.0.segment_sum(r, data.county.clone(), 85);
    let likelihood = m.sub(y_eta, softplus_sum);
    let log_density = m.add(likelihood, p.log_prior);
    let d_alpha = m.add(by_county, p.d_alpha);
    let minus = m.scale(p.b, -1.0);
    let d_b = m.add(rf, minus);
    let minus = m.scale(p.g, -1.0);
    let d_g = m.add(ru, minus);
    m.finish(log_density, &[(0, p.d_mu), (1, p.d_log_sigma), (2, d_b), (3, d_g), (4, d_alpha)])
}

/// Logistic regression with a dense matrix.
pub fn logistic(rows: usize, columns: usize) -> Tape {
    let mut m = Model(TapeBuilder::new(columns));
    let beta = m.0.input(0, columns);
    let matrix: Vec<f64> = (0..rows * columns).map(|i| (i as f64 * 0.37).sin()).collect();
    let matrix = m.0.constant(matrix);
    let y: Vec<f64> = (0..rows).map(|i| f64::from((i as f64 * 0.9).sin() > 0.0)).collect();
    let y = m.0.constant(y);
    let eta = m.0.push(Op::MatVec { columns }, vec![matrix, beta], rows);
    let y_eta = m.0.dot(y, eta);
    let softplus = m.0.unary(Unary::Softplus, eta);
    let softplus_sum = m.0.sum(softplus);
    let s = m.0.unary(Unary::Sigmoid, eta);
    let r = m.sub(y, s);
    let transposed = m.0.push(Op::MatTVec { columns }, vec![matrix, r], columns);
    let gradient = m.sub(transposed, beta);
    let bb = m.0.dot(beta, beta);
    let likelihood = m.sub(y_eta, softplus_sum);
    let log_density = m.scale_add(bb, -0.5, likelihood);
    m.finish(log_density, &[(0, gradient)])
}

/// The variances of a GARCH process, whose parameters are omega, alpha and beta: a recurrence and the one of its
/// cotangents.
pub fn garch(steps: usize) -> Tape {
    let recurrence = |is_backward: bool| {
        let mut body = Model(TapeBuilder::new(3));
        let [state, x, y] = [0, 1, 2].map(|i| body.0.input(i, 1));
        let next = if is_backward {
            let sum = body.add(state, x);
            body.mul(sum, y)
        } else {
            body.mul_add(y, state, x)
        };
        body.0.output(0, next);
        Scan { body: body.0.finish(1), steps, is_backward }
    };
    let mut m = Model(TapeBuilder::new(3));
    let [omega, alpha, beta] = [0, 1, 2].map(|i| m.0.input(i, 1)).map(|q| m.0.unary(Unary::Sigmoid, q));
    let squares: Vec<f64> = (0..steps).map(|t| (t as f64 * 0.7).sin().powi(2)).collect();
    let squares = m.0.constant(squares);
    let (shocks, one) = (m.mul_add(squares, alpha, omega), m.number(1.0));
    let states = m.0.scan(recurrence(false), vec![one, shocks, beta]);
    let before = m.0.push(Op::Slice { start: 0 }, vec![states], steps);
    let variances = m.0.push(Op::Slice { start: 1 }, vec![states], steps);
    let (logs, inverse) = (m.0.unary(Unary::Log, variances), m.0.unary(Unary::Recip, variances));
    let (log_sum, square_sum) = (m.0.sum(logs), m.0.dot(squares, inverse));
    let total = m.add(log_sum, square_sum);
    let log_density = m.scale(total, -0.5);
    // d log_density / d variance = (squares / variance - 1) / (2 variance)
    let ratio = m.mul(squares, inverse);
    let excess = m.sub(ratio, one);
    let slope = m.mul(excess, inverse);
    let slope = m.scale(slope, 0.5);
    let zero = m.number(0.0);
    let carried = m.0.scan(recurrence(true), vec![zero, slope, beta]);
    let carried = m.0.push(Op::Slice { start: 1 }, vec![carried], steps);
    let cotangents = m.add(slope, carried);
    let by_parameter = [m.0.sum(cotangents), m.0.dot(cotangents, squares), m.0.dot(cotangents, before)];
    let mut gradient = Vec::new();
    for (k, (parameter, slope)) in [omega, alpha, beta].into_iter().zip(by_parameter).enumerate() {
        let rest = m.sub(one, parameter);
        let of_sigmoid = m.mul(parameter, rest);
        gradient.push((k, m.mul(slope, of_sigmoid)));
    }
    m.finish(log_density, &gradient)
}

/// Cholesky's factor of the covariance of a process at `rows` points, a system with it, and its pullback; rows 0 and 1
/// of the result are sums over the two.
pub fn factor(rows: usize) -> Tape {
    let mut m = Model(TapeBuilder::new(2));
    let [amplitude, noise] = [0, 1].map(|i| m.0.input(i, 1)).map(|q| m.0.unary(Unary::Exp, q));
    let covariance = |e: usize| (-0.02 * ((e / rows) as f64 - (e % rows) as f64).powi(2)).exp();
    let covariance = m.0.constant((0..rows * rows).map(covariance).collect::<Vec<_>>());
    let identity = |e: usize| f64::from(u8::from(e.is_multiple_of(rows + 1)));
    let identity = m.0.constant((0..rows * rows).map(identity).collect::<Vec<_>>());
    let data = m.0.constant((0..rows).map(|i| (i as f64 * 0.7).sin()).collect::<Vec<_>>());
    let noise = m.mul(identity, noise);
    let matrix = m.mul_add(covariance, amplitude, noise);
    let factor = m.0.push(Op::Factor(Factor::Cholesky), vec![matrix], rows * rows);
    let white = m.0.push(Op::Factor(Factor::SolveLower), vec![factor, data], rows);
    let slopes = m.0.push(Op::Factor(Factor::CholeskyPullback), vec![factor, factor], rows * rows);
    let sums = [m.0.dot(white, white), m.0.sum(slopes)];
    sums.into_iter().enumerate().for_each(|(row, sum)| m.0.output(row, sum));
    let tape = m.0.finish(2);
    verify(&tape).expect("the tape is well formed");
    tape
}
