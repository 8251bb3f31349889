//! Draws counts.
//!
//! # References
//! - Kachitvichyanukul and Schmeiser (1988), Binomial random variate generation, doi:10.1145/42372.42381: BTPE, with
//!   the signs of its last terms as NumPy before 2.5 has them
//! - Hörmann (1993), The transformed rejection method for generating Poisson random variables,
//!   doi:10.1016/0167-6687(93)90997-4: PTRS
//! - Zhang and Jin (1996), Computation of Special Functions: the logarithm of the gamma function

use super::Generator;

impl Generator {
    /// A Poisson count.
    pub(in crate::language) fn poisson(&mut self, rate: f64) -> f64 {
        if rate >= 10.0 {
            return self.poisson_by_rejection(rate);
        }
        if rate == 0.0 {
            return 0.0;
        }
        let limit = (-rate).exp();
        let (mut count, mut product) = (0.0, self.uniform());
        while product > limit {
            count += 1.0;
            product *= self.uniform();
        }
        count
    }

    fn poisson_by_rejection(&mut self, rate: f64) -> f64 {
        let log_rate = rate.ln();
        let b = 0.931 + 2.53 * rate.sqrt();
        let a = -0.059 + 0.02483 * b;
        let inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
        let v_r = 0.9277 - 3.6224 / (b - 2.0);
        loop {
            let u = self.uniform() - 0.5;
            let v = self.uniform();
            let distance = 0.5 - u.abs();
            let k = ((2.0 * a / distance + b) * u + rate + 0.43).floor();
            if distance >= 0.07 && v <= v_r {
                return k;
            }
            if k < 0.0 || (distance < 0.013 && v > distance) {
                continue;
            }
            if v.ln() + inverse_alpha.ln() - (a / (distance * distance) + b).ln()
                <= -rate + k * log_rate - log_gamma(k + 1.0)
            {
                return k;
            }
        }
    }

    /// A negative binomial count.
    pub(in crate::language) fn negative_binomial(&mut self, n: f64, p: f64) -> f64 {
        let rate = (1.0 - p) / p * self.standard_gamma(n);
        self.poisson(rate)
    }

    /// A geometric count, from 1.
    pub(in crate::language) fn geometric(&mut self, p: f64) -> f64 {
        if p >= 0.333_333_333_333_333_3 {
            let (mut count, mut sum, mut product) = (1.0, p, p);
            let u = self.uniform();
            while u > sum && product > 0.0 {
                product *= 1.0 - p;
                sum += product;
                count += 1.0;
            }
            return count;
        }
        match self.is_legacy() {
            true => ((-self.uniform()).ln_1p() / (1.0 - p).ln()).ceil(),
            false => (-self.standard_exponential() / (-p).ln_1p()).ceil(),
        }
    }

    /// A binomial count.
    pub(in crate::language) fn binomial(&mut self, n: f64, p: f64) -> f64 {
        if !self.is_legacy() && (n == 0.0 || p == 0.0) {
            return 0.0;
        }
        let smaller = if p <= 0.5 { p } else { 1.0 - p };
        let count = if smaller * n <= 30.0 {
            self.binomial_by_inversion(n, smaller)
        } else {
            self.binomial_by_rejection(n, smaller)
        };
        if p <= 0.5 { count } else { n - count }
    }

    fn binomial_by_inversion(&mut self, n: f64, p: f64) -> f64 {
        let q = 1.0 - p;
        let log_q = if self.is_legacy() { q.ln() } else { (-p).ln_1p() };
        let none = (n * log_q).exp();
        let bound = n.min(n * p + 10.0 * (n * p * q + 1.0).sqrt()).floor();
        let (mut count, mut density, mut u) = (0.0, none, self.uniform());
        while u > density {
            count += 1.0;
            if count > bound {
                (count, density, u) = (0.0, none, self.uniform());
            } else {
                u -= density;
                density = (n - count + 1.0) * p * density / (count * q);
            }
        }
        count
    }

    /// BTPE for `p` up to a half.
    fn binomial_by_rejection(&mut self, n: f64, r: f64) -> f64 {
        let q = 1.0 - r;
        let mean = n * r + r;
        let mode = mean.floor();
        let p1 = (2.195 * (n * r * q).sqrt() - 4.6 * q).floor() + 0.5;
        let middle = mode + 0.5;
        let (left, right) = (middle - p1, middle + p1);
        let c = 0.134 + 20.5 / (15.3 + mode);
        let slope = |a: f64| a * (1.0 + a / 2.0);
        let left_slope = slope((mean - left) / (mean - left * r));
        let right_slope = slope((right - mean) / (right * q));
        let p2 = p1 * (1.0 + 2.0 * c);
        let p3 = p2 + c / left_slope;
        let p4 = p3 + c / right_slope;
        let variance = n * r * q;
        loop {
            let u = self.uniform() * p4;
            let mut v = self.uniform();
            let y;
            if u <= p1 {
                return (middle - p1 * v + u).floor();
            } else if u <= p2 {
                let x = left + (u - p1) / c;
                v = v * c + 1.0 - (mode - x + 0.5).abs() / p1;
                if v > 1.0 {
                    continue;
                }
                y = x.floor();
            } else if u <= p3 {
                y = (left + v.ln() / left_slope).floor();
                if y < 0.0 || v == 0.0 {
                    continue;
                }
                v = v * (u - p2) * left_slope;
            } else {
                y = (right - v.ln() / right_slope).floor();
                if y > n || v == 0.0 {
                    continue;
                }
                v = v * (u - p3) * right_slope;
            }
            let k = (y - mode).abs();
            if k <= 20.0 || k >= variance / 2.0 - 1.0 {
                let (s, a) = (r / q, r / q * (n + 1.0));
                let mut ratio = 1.0;
                let mut i = mode.min(y) + 1.0;
                while i <= mode.max(y) && ratio > 0.0 {
                    if mode < y {
                        ratio *= a / i - s;
                    } else {
                        ratio /= a / i - s;
                    }
                    i += 1.0;
                }
                if v <= ratio {
                    return y;
                }
                continue;
            }
            let rho = k / variance * ((k * (k / 3.0 + 0.625) + 0.166_666_666_666_666_66) / variance + 0.5);
            let t = -k * k / (2.0 * variance);
            let log_v = v.ln();
            if log_v < t - rho {
                return y;
            }
            if log_v > t + rho {
                continue;
            }
            let (x1, f1) = (y + 1.0, mode + 1.0);
            let (z, w) = (n + 1.0 - mode, n - y + 1.0);
            let limit = middle * (f1 / x1).ln()
                + (n - mode + 0.5) * (z / w).ln()
                + (y - mode) * (w * r / (x1 * q)).ln()
                + stirling(f1)
                + stirling(z)
                + stirling(x1)
                + stirling(w);
            if log_v <= limit {
                return y;
            }
        }
    }
}

/// What Stirling's formula leaves of the logarithm of a factorial, as NumPy before 2.5 has it.
fn stirling(x: f64) -> f64 {
    let square = x * x;
    (13_680.0 - (462.0 - (132.0 - (99.0 - 140.0 / square) / square) / square) / square) / x / 166_320.0
}

/// The logarithm of the gamma function as NumPy's generators compute it.
pub(super) fn log_gamma(x: f64) -> f64 {
    const SERIES: [f64; 10] = [
        8.333_333_333_333_333e-2,
        -2.777_777_777_777_778e-3,
        7.936_507_936_507_937e-4,
        -5.952_380_952_380_952e-4,
        8.417_508_417_508_418e-4,
        -1.917_526_917_526_918e-3,
        6.410_256_410_256_41e-3,
        -2.955_065_359_477_124e-2,
        1.796_443_723_688_307e-1,
        -1.392_432_216_905_9,
    ];
    if x == 1.0 || x == 2.0 {
        return 0.0;
    }
    let steps = if x < 7.0 { (7.0 - x).floor() } else { 0.0 };
    let mut far = x + steps;
    let square = (1.0 / far) * (1.0 / far);
    let series = SERIES.iter().rev().skip(1).fold(SERIES[9], |sum, term| sum * square + term);
    let mut result = series / far + 0.5 * 1.837_877_066_409_345_3 + (far - 0.5) * far.ln() - far;
    let mut step = 0.0;
    while step < steps {
        result -= (far - 1.0).ln();
        far -= 1.0;
        step += 1.0;
    }
    result
}
