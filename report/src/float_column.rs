//! Print a column of numbers as pandas does: as many decimals for all as the one that needs most.
//!
//! Six decimals are written and zeros that all numbers end in are dropped, but for one. A column with a number that
//! would vanish, or with one above a million that is wide, is written with exponents.
//!
//! # References
//! - pandas 3, `pandas/io/formats/format.py`, `FloatArrayFormatter.get_result_as_array`.

/// Decimals before zeros are dropped.
const DECIMALS: usize = 6;

/// The numbers as text, with a blank where a sign would stand.
pub(crate) fn float_column(values: &[f64]) -> Vec<String> {
    let texts =
        |digits: fn(f64) -> String| values.iter().map(|&value| signed(value, digits(value))).collect();
    let fixed = without_common_zeros(texts(|value| format!("{value:.DECIMALS$}")));
    let longest = fixed.iter().map(String::len).max().unwrap_or(0);
    let is_large = values.iter().any(|value| value.abs() > 1e6);
    let is_small = values.iter().any(|value| value.abs() > 0.0 && value.abs() < 1e-6);
    if is_small || longest > DECIMALS + 6 && is_large {
        without_common_zeros(texts(with_exponent))
    } else {
        fixed
    }
}

/// The number with a sign or a blank; NaN has neither.
fn signed(value: f64, digits: String) -> String {
    if value.is_nan() {
        "NaN".into()
    } else if value.is_sign_negative() {
        digits
    } else {
        format!(" {digits}")
    }
}

/// Digits and an exponent of at least two digits: `1.500000e-09`.
fn with_exponent(value: f64) -> String {
    let text = format!("{value:.DECIMALS$e}");
    let Some((digits, exponent)) = text.split_once('e') else { return text };
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
    format!("{digits}e{sign}{exponent:0>2}")
}

fn without_common_zeros(texts: Vec<String>) -> Vec<String> {
    let zeros = |text: &String| text.len() - text.trim_end_matches('0').len();
    let is_decimal = |text: &String| text.contains('.') && !text.contains('e');
    let common = texts.iter().filter(|text| is_decimal(text)).map(zeros).min().unwrap_or(0).min(DECIMALS - 1);
    let trim = |text: String| {
        let kept = if is_decimal(&text) { text.len() - common } else { text.len() };
        text[..kept].to_owned()
    };
    texts.into_iter().map(trim).collect()
}
