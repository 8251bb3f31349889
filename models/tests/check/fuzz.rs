//! Random changes to model files and data files: none may make the reader panic or hang.
//!
//! `CHAINFIRE_FUZZ_SECONDS` sets how long it runs (5), `CHAINFIRE_FUZZ_SEED` where it starts (1). A case that fails is
//! written to standard error with its number: start there to see it again.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the case at fault and how many were tried is a result"
)]

use std::path::Path;
use std::time::{Duration, Instant};

use chainfire_models::check::{check, warnings};
use chainfire_models::data::Dataset;
use chainfire_models::language::ModelFile;

use crate::{Good, dataset, good_models};

/// What one case may take.
const LIMIT: Duration = Duration::from_secs(2);
/// Every how many cases the model is built and evaluated too.
const WHOLE: u64 = 16;

/// The xorshift generator: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn new(case: u64) -> Self {
        Self(case.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound.max(1)
    }

    fn pick<'t, T>(&mut self, items: &'t [T]) -> &'t T {
        &items[self.below(items.len())]
    }
}

/// Words that are put in where others stood.
const WORDS: &[&str] = &[
    "0",
    "-1",
    "1e308",
    "-1e308",
    "1e-320",
    "np.nan",
    "np.inf",
    "None",
    "True",
    "[]",
    "()",
    "{}",
    "''",
    "[[1, 2], [3]]",
    "99999999999",
    "9007199254740993",
    "x",
    "y",
    "self",
    "lambda: 0",
    "*",
    "**",
    "//",
    "@",
    "%",
    "==",
    "not",
    "for i in range(9)",
    "pm.Normal.dist(0, 1)",
    "pm.Flat('f')",
    "shape=0",
    "shape=(3, 0)",
    "shape=-1",
    "dims='obs'",
    "observed=[]",
    "observed=1",
    "initval=0",
    "[None]",
    "[:, None]",
    "[::-1]",
    "[...]",
    "[-1]",
    "[99]",
    ".T",
    ".dist",
    ".sum(axis=7)",
    ".reshape(-1, -1)",
    "np.ones((2, 3))",
    "np.zeros(0)",
    "pt.exp",
    "pm.math.dot",
    "df",
    "\t",
    "\u{feff}",
    "é",
    "\0",
    "\\",
    "\"\"\"",
    "#",
    "if",
    "else:",
];

fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    for c in text.chars() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        match tokens.last_mut() {
            Some(last) if is_word(c) && last.ends_with(is_word) => last.push(c),
            _ => tokens.push(c.to_string()),
        }
    }
    tokens
}

/// One to six changes of tokens, lines or bytes.
fn mutate(text: &str, random: &mut Random) -> String {
    if random.below(4) == 0 {
        let mut bytes = text.as_bytes().to_vec();
        for _ in 0..1 + random.below(4) {
            let at = random.below(bytes.len());
            match random.below(3) {
                0 if !bytes.is_empty() => bytes[at] = random.below(256) as u8,
                1 if !bytes.is_empty() => drop(bytes.remove(at)),
                _ => bytes.insert(at, b" \n\t()[]{}'\",.:=*-+0a#\\"[random.below(22)]),
            }
        }
        return String::from_utf8_lossy(&bytes).into_owned();
    }
    let mut tokens = tokens(text);
    for _ in 0..1 + random.below(6) {
        let (at, other) = (random.below(tokens.len()), random.below(tokens.len()));
        match random.below(6) {
            0 => tokens.swap(at, other),
            1 => tokens[at] = tokens[other].clone(),
            2 => tokens[at] = (*random.pick(WORDS)).to_owned(),
            3 => tokens.insert(at, (*random.pick(WORDS)).to_owned()),
            4 if tokens.len() > 2 => drop(tokens.remove(at)),
            _ => {
                let mut lines: Vec<String> = tokens.concat().lines().map(ToOwned::to_owned).collect();
                let (from, to) = (random.below(lines.len()), random.below(lines.len()));
                let line = lines.get(from).cloned().unwrap_or_default();
                lines.insert(to.min(lines.len()), line);
                tokens = self::tokens(&lines.join("\n"));
            }
        }
        if tokens.is_empty() {
            tokens.push("x".into());
        }
    }
    tokens.concat()
}

/// Says which case was running when the test ends early.
struct Case<'c> {
    number: u64,
    source: &'c str,
    data: &'c str,
}

impl Drop for Case<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let data: String = self.data.chars().take(2_000).collect();
            eprintln!("case {}:\n{}\n--- data ---\n{data}", self.number, self.source);
        }
    }
}

fn run(number: u64, good: &Good) {
    let random = &mut Random::new(number);
    let (path, text) = good.data.as_ref().map_or((Path::new("none.json"), "{}"), |(path, text)| (path, text));
    let changes_data = good.data.is_some() && random.below(3) == 0;
    let source = if changes_data { good.source.clone() } else { mutate(&good.source, random) };
    let text = if changes_data { mutate(text, random) } else { text.to_owned() };
    let case = Case { number, source: &source, data: &text };
    let start = Instant::now();
    let data = if good.data.is_some() { dataset(path, &text) } else { Ok(Dataset::empty()) };
    if let (Ok(file), Ok(data)) = (ModelFile::parse(&source, "model.py"), data) {
        if number.is_multiple_of(WHOLE) {
            drop(check(file, data, None).map(|checked| checked.findings));
        } else {
            drop(warnings(&file, &data));
        }
    }
    let took = start.elapsed();
    assert!(took < LIMIT, "a case took {took:?}");
    drop(case);
}

#[test]
fn random_changes_end_in_findings_and_not_in_panics() {
    let setting =
        |name: &str, default: u64| std::env::var(name).ok().and_then(|s| s.parse().ok()).unwrap_or(default);
    let (seconds, seed) = (setting("CHAINFIRE_FUZZ_SECONDS", 5), setting("CHAINFIRE_FUZZ_SEED", 1));
    let models: Vec<Good> = good_models().into_iter().filter(|good| good.source.len() < 20_000).collect();
    let (start, mut number) = (Instant::now(), seed);
    while start.elapsed() < Duration::from_secs(seconds) {
        run(number, &models[Random::new(number.wrapping_mul(31)).below(models.len())]);
        number += 1;
    }
    println!("{} cases in {:?}", number - seed, start.elapsed());
}
