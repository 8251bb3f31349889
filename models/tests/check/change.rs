//! Random changes to texts: bytes, tokens, whole statements, and pieces of other files.

/// The xorshift generator: small, and the same everywhere.
pub struct Random(u64);

impl Random {
    /// The generator of a case.
    pub fn new(case: u64) -> Self {
        Self(case.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A whole number below a bound, and 0 where there is none.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound.max(1)
    }

    /// One of several items.
    pub fn pick<'t, T>(&mut self, items: &'t [T]) -> &'t T {
        &items[self.below(items.len())]
    }
}

/// Words that are put in where others stood in a model file.
pub const MODEL_WORDS: &[&str] = &[
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
    "170141183460469231731687303715884105728",
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
    "shape=(None, 3)",
    "dims='obs'",
    "dims=('obs', None)",
    "observed=[]",
    "observed=1",
    "observed=np.nan",
    "initval=0",
    "initval=[np.nan]",
    "transform=None",
    "axis=-5",
    "dtype=int",
    "keepdims=True",
    "[None]",
    "[:, None]",
    "[::-1]",
    "[::0]",
    "[...]",
    "[-1]",
    "[99]",
    "[True, False]",
    ".T",
    ".dist",
    ".sum(axis=7)",
    ".reshape(-1, -1)",
    ".shape[0]",
    ".mean()",
    ".values",
    ".astype(int)",
    "np.ones((2, 3))",
    "np.zeros(0)",
    "np.arange(0, 1, 0)",
    "np.linspace(0, 1, -1)",
    "np.eye(2, k=9)",
    "pd.factorize",
    "f\"{x:>9}\"",
    "pt.exp",
    "pm.math.dot",
    "pytensor.scan",
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
    "while True:",
    "try:",
    "return",
    "del",
];

/// Words that are put in where others stood in a data file.
pub const DATA_WORDS: &[&str] = &[
    "",
    "NA",
    "nan",
    "NaN",
    "inf",
    "-Infinity",
    "null",
    "None",
    "true",
    "1e999",
    "-1e-400",
    "-0",
    "1_000",
    "1,5",
    "0x10",
    "9223372036854775808",
    "340282366920938463463374607431768211456",
    "2020-01-01",
    "\"",
    "\"\"",
    "\"a\nb\"",
    ",",
    ",,,",
    ";",
    "\t",
    "\r",
    "\r\n",
    "\n\n",
    "\u{feff}",
    "é",
    "\0",
    "[",
    "[[1, 2], [3]]",
    "[[], []]",
    "]",
    "{}",
    "{\"a\": [1, {\"b\": null}]}",
    "}",
    ":",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
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

/// A text with one to six changes of one kind; `other` is a text of the same kind, whose pieces are put in.
pub fn change(text: &str, other: &str, words: &[&str], random: &mut Random) -> String {
    match random.below(8) {
        0 | 1 => bytes(text, random),
        2 | 3 => lines(text, other, random),
        _ => words_of(text, words, random),
    }
}

fn bytes(text: &str, random: &mut Random) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..1 + random.below(4) {
        let at = random.below(bytes.len());
        match random.below(3) {
            0 if !bytes.is_empty() => bytes[at] = random.below(256) as u8,
            1 if !bytes.is_empty() => drop(bytes.remove(at)),
            _ => bytes.insert(at, b" \n\t()[]{}'\",.:=*-+0a#\\"[random.below(22)]),
        }
    }
    if random.below(8) == 0 {
        bytes.truncate(random.below(bytes.len()));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn words_of(text: &str, words: &[&str], random: &mut Random) -> String {
    let mut tokens = tokens(text);
    for _ in 0..1 + random.below(6) {
        if tokens.is_empty() {
            tokens.push("x".into());
        }
        let (at, other) = (random.below(tokens.len()), random.below(tokens.len()));
        match random.below(5) {
            0 => tokens.swap(at, other),
            1 => tokens[at] = tokens[other].clone(),
            2 => tokens[at] = (*random.pick(words)).to_owned(),
            3 => tokens.insert(at, (*random.pick(words)).to_owned()),
            _ => drop(tokens.remove(at)),
        }
    }
    tokens.concat()
}

/// Lines lost, doubled, moved, indented, made one, or taken from another file.
fn lines(text: &str, other: &str, random: &mut Random) -> String {
    let mut lines: Vec<String> = text.lines().map(ToOwned::to_owned).collect();
    let others: Vec<&str> = other.lines().collect();
    for _ in 0..1 + random.below(6) {
        if lines.is_empty() {
            lines.push(String::new());
        }
        let (from, to) = (random.below(lines.len()), random.below(lines.len()));
        match random.below(8) {
            0 => drop(lines.remove(from)),
            1 => lines.insert(to, lines[from].clone()),
            2 => lines.swap(from, to),
            3 => lines[from].insert_str(0, "    "),
            4 => lines[from] = lines[from].trim_start().to_owned(),
            5 if from + 1 < lines.len() => {
                let next = lines.remove(from + 1);
                lines[from].push_str(next.trim_start());
            }
            // A few lines of the other file, at the place or from there on.
            k => {
                let first = random.below(others.len());
                let count = if k == 6 { 1 + random.below(4) } else { others.len() };
                let piece = others.iter().skip(first).take(count).map(ToString::to_string);
                let end = if k == 6 { to } else { lines.len() };
                lines.splice(to..end, piece);
            }
        }
    }
    lines.join("\n")
}
