//! Draws numbers of continuous distributions.
//!
//! # References
//! - Marsaglia and Tsang (2000), A simple method for generating gamma variables, doi:10.1145/358407.358414
//! - Jöhnk (1964), Erzeugung von betaverteilten und gammaverteilten Zufallszahlen
//! - Michael, Schucany and Haas (1976), Generating random variates using transformations with multiple roots
//! - Best and Fisher (1979), Efficient simulation of the von Mises distribution

use std::f64::consts::PI;

use super::Generator;

impl Generator {
    /// A gamma number of scale 1.
    pub(in crate::language) fn standard_gamma(&mut self, shape: f64) -> f64 {
        if shape == 1.0 {
            return self.standard_exponential();
        }
        if shape == 0.0 {
            return 0.0;
        }
        if shape < 1.0 {
            loop {
                let u = self.uniform();
                let v = self.standard_exponential();
                if u <= 1.0 - shape {
                    let x = u.powf(1.0 / shape);
                    if x <= v {
                        return x;
                    }
                } else {
                    let y = -((1.0 - u) / shape).ln();
                    let x = (1.0 - shape + shape * y).powf(1.0 / shape);
                    if x <= v + y {
                        return x;
                    }
                }
            }
        }
        let b = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * b).sqrt();
        loop {
            let x = self.standard_normal();
            let v = 1.0 + c * x;
            if v <= 0.0 {
                continue;
            }
            let v = v * v * v;
            let u = self.uniform();
            if u < 1.0 - 0.0331 * (x * x) * (x * x) || u.ln() < 0.5 * x * x + b * (1.0 - v + v.ln()) {
                return b * v;
            }
        }
    }

    /// A beta number.
    pub(in crate::language) fn beta(&mut self, a: f64, b: f64) -> f64 {
        if a > 1.0 || b > 1.0 {
            let x = self.standard_gamma(a);
            return x / (x + self.standard_gamma(b));
        }
        if !self.is_legacy() && a < 3e-103 && b < 3e-103 {
            return f64::from((a + b) * self.uniform() < a);
        }
        loop {
            let (u, v) = (self.uniform(), self.uniform());
            let (x, y) = (u.powf(1.0 / a), v.powf(1.0 / b));
            if x + y > 1.0 {
                continue;
            }
            let (log_x, log_y) = (u.ln() / a, v.ln() / b);
            if self.is_legacy() {
                if x + y > 0.0 {
                    return x / (x + y);
                }
                let largest = log_x.max(log_y);
                let (log_x, log_y) = (log_x - largest, log_y - largest);
                return (log_x - (log_x.exp() + log_y.exp()).ln()).exp();
            }
            if u + v > 0.0 {
                if x > 0.0 && y > 0.0 {
                    return x / (x + y);
                }
                let difference = log_x - log_y;
                return if difference > 0.0 {
                    (-(-difference).exp().ln_1p()).exp()
                } else {
                    (difference - difference.exp().ln_1p()).exp()
                };
            }
        }
    }

    /// A chi-squared number.
    pub(in crate::language) fn chi_square(&mut self, freedom: f64) -> f64 {
        2.0 * self.standard_gamma(freedom / 2.0)
    }

    /// A number of Fisher's F distribution.
    pub(in crate::language) fn f(&mut self, above: f64, below: f64) -> f64 {
        let numerator = self.chi_square(above) * below;
        numerator / (self.chi_square(below) * above)
    }

    /// A number of Student's distribution.
    pub(in crate::language) fn standard_t(&mut self, freedom: f64) -> f64 {
        let numerator = self.standard_normal();
        (freedom / 2.0).sqrt() * numerator / self.standard_gamma(freedom / 2.0).sqrt()
    }

    /// A number of the standard Cauchy distribution.
    pub(in crate::language) fn standard_cauchy(&mut self) -> f64 {
        let numerator = self.standard_normal();
        numerator / self.standard_normal()
    }

    /// A number of the Lomax distribution, which NumPy calls Pareto's.
    pub(in crate::language) fn pareto(&mut self, a: f64) -> f64 {
        let x = self.standard_exponential() / a;
        if self.is_legacy() { x.exp() - 1.0 } else { x.exp_m1() }
    }

    /// A Weibull number of scale 1.
    pub(in crate::language) fn weibull(&mut self, a: f64) -> f64 {
        if a == 0.0 { 0.0 } else { self.standard_exponential().powf(1.0 / a) }
    }

    /// A number of [0, 1] with density proportional to `x^(a - 1)`.
    pub(in crate::language) fn power(&mut self, a: f64) -> f64 {
        let x = -self.standard_exponential();
        if self.is_legacy() { (1.0 - x.exp()).powf(1.0 / a) } else { (-x.exp_m1()).powf(1.0 / a) }
    }

    /// A Rayleigh number.
    pub(in crate::language) fn rayleigh(&mut self, scale: f64) -> f64 {
        match self.is_legacy() {
            true => scale * (-2.0 * (-self.uniform()).ln_1p()).sqrt(),
            false => scale * (2.0 * self.standard_exponential()).sqrt(),
        }
    }

    /// A Laplace number.
    pub(in crate::language) fn laplace(&mut self, location: f64, scale: f64) -> f64 {
        loop {
            let u = self.uniform();
            if u >= 0.5 {
                return location - scale * (2.0 - u - u).ln();
            }
            if u > 0.0 {
                return location + scale * (u + u).ln();
            }
        }
    }

    /// A Gumbel number.
    pub(in crate::language) fn gumbel(&mut self, location: f64, scale: f64) -> f64 {
        loop {
            let u = 1.0 - self.uniform();
            if u < 1.0 {
                return location - scale * (-u.ln()).ln();
            }
        }
    }

    /// A logistic number.
    pub(in crate::language) fn logistic(&mut self, location: f64, scale: f64) -> f64 {
        loop {
            let u = self.uniform();
            if u > 0.0 {
                return location + scale * (u / (1.0 - u)).ln();
            }
        }
    }

    /// An inverse Gaussian number.
    pub(in crate::language) fn wald(&mut self, mean: f64, scale: f64) -> f64 {
        let z = self.standard_normal();
        let y = mean * z * z;
        let x = if self.is_legacy() {
            mean + mean / (2.0 * scale) * (y - (4.0 * scale * y + y * y).sqrt())
        } else {
            mean * (1.0 - 2.0 / (1.0 + (1.0 + 4.0 * scale / y).sqrt()))
        };
        if self.uniform() <= mean / (mean + x) { x } else { mean * mean / x }
    }

    /// A number of the triangular distribution.
    pub(in crate::language) fn triangular(&mut self, left: f64, mode: f64, right: f64) -> f64 {
        let base = right - left;
        let u = self.uniform();
        if u <= (mode - left) / base {
            left + (u * ((mode - left) * base)).sqrt()
        } else {
            right - ((1.0 - u) * ((right - mode) * base)).sqrt()
        }
    }

    /// An angle of the von Mises distribution, of a concentration up to a million.
    pub(in crate::language) fn von_mises(&mut self, mean: f64, concentration: f64) -> f64 {
        if concentration < 1e-8 {
            return PI * (2.0 * self.uniform() - 1.0);
        }
        let s = if concentration < 1e-5 {
            1.0 / concentration + concentration
        } else {
            let r = 1.0 + (1.0 + 4.0 * concentration * concentration).sqrt();
            let rho = (r - (2.0 * r).sqrt()) / (2.0 * concentration);
            (1.0 + rho * rho) / (2.0 * rho)
        };
        let w = loop {
            let z = (PI * self.uniform()).cos();
            let w = (1.0 + s * z) / (s + z);
            let y = concentration * (s - w);
            let v = self.uniform();
            if y * (2.0 - y) - v >= 0.0 || (y / v).ln() + 1.0 - y >= 0.0 {
                break w;
            }
        };
        let angle = w.acos();
        let angle = if self.uniform() < 0.5 { mean - angle } else { mean + angle };
        let size = (angle.abs() + PI) % (2.0 * PI) - PI;
        if angle < 0.0 { -size } else { size }
    }
}
