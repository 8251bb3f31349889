//! Good models are broken in every way of a list, and the checker must name the break.

#![allow(clippy::print_stdout, reason = "the rate at which breaks are named is a result")]

use chainfire_models::data::Dataset;

use crate::{Good, checked, good_models};

/// A way to break a model: what it is called, the codes that name it, and the broken source where it applies.
type Mutation = (&'static str, &'static [&'static str], fn(&str) -> Option<String>);

fn replaced(source: &str, from: &str, to: &str) -> Option<String> {
    source.contains(from).then(|| source.replacen(from, to, 1))
}

/// A line put at the end of the model's block, with its indentation.
fn with_line(source: &str, line: &str) -> Option<String> {
    let lines: Vec<&str> = source.lines().collect();
    let start = lines.iter().position(|l| l.starts_with("with ") && l.contains("Model("))?;
    let inside =
        |l: &&str| l.starts_with(' ') || l.trim().is_empty() || l.starts_with(')') || l.starts_with('#');
    let count = lines[start + 1..].iter().take_while(|l| inside(l)).count();
    let mut end = start + 1 + count;
    while lines[end - 1].trim().is_empty() {
        end -= 1;
    }
    // A with statement of several lines has its body after them.
    let indent = lines[end - 1].len() - lines[end - 1].trim_start().len();
    let indent = if lines[end - 1].starts_with(' ') { indent.min(4) } else { return None };
    let mut all: Vec<String> = lines.iter().map(ToString::to_string).collect();
    all.insert(end, format!("{}{line}", " ".repeat(indent)));
    Some(all.join("\n") + "\n")
}

fn with_last_line(source: &str, line: &str) -> Option<String> {
    source.starts_with(|c: char| c != ' ').then(|| format!("{}\n{line}\n", source.trim_end()))
}

/// The first line of a declaration, to be changed.
fn declaration(source: &str, change: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut lines: Vec<String> = source.lines().map(ToOwned::to_owned).collect();
    let is_whole = |l: &&mut String| {
        l.contains("= pm.")
            && l.contains("(\"")
            && l.matches('(').count() == l.matches(')').count()
            && !l.contains("Model(")
    };
    for line in lines.iter_mut().filter(is_whole) {
        if let Some(changed) = change(line) {
            *line = changed;
            return Some(lines.join("\n") + "\n");
        }
    }
    None
}

/// The text of an argument that starts at a place.
fn argument_end(text: &str, start: usize) -> usize {
    let mut depth = 0;
    for (at, c) in text[start..].char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => return start + at,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => return start + at,
            _ => {}
        }
    }
    text.len()
}

const MUTATIONS: &[Mutation] = &[
    ("misspelt distribution", &["M101"], |s| replaced(s, "pm.Normal(\"", "pm.Nromal(\"")),
    ("misspelt half distribution", &["M101"], |s| replaced(s, "pm.HalfNormal(\"", "pm.HalfNormals(\"")),
    ("misspelt function", &["M101"], |s| replaced(s, "pm.math.", "pm.math.no_")),
    ("old name of sigma", &["M103"], |s| replaced(s, ", sigma=", ", sd=")),
    ("misspelt observed", &["M102"], |s| replaced(s, "observed=", "observd=")),
    ("unknown argument", &["M102"], |s| {
        declaration(s, |l| l.rfind(')').map(|at| format!("{}, colour=3)", &l[..at])))
    }),
    ("conflicting arguments", &["M105"], |s| with_line(s, "pm.Normal(\"broken_\", 0, sigma=1, tau=1)")),
    ("missing arguments", &["M104"], |s| with_line(s, "pm.Beta(\"broken_\", alpha=1)")),
    ("too many arguments", &["M106"], |s| with_line(s, "pm.Normal(\"broken_\", 0, 1, 2, 3)")),
    ("old package", &["M107"], |s| replaced(s, "import pymc as pm", "import pymc3 as pm")),
    ("old data container", &["M107"], |s| replaced(s, "pm.Data(", "pm.MutableData(")),
    ("sampler option", &["M108"], |s| with_last_line(s, "idata = pm.sample(drawz=10)")),
    ("initialisation", &["M109"], |s| with_last_line(s, "idata = pm.sample(init=\"adapt\")")),
    ("bracket left open", &["M110"], |s| declaration(s, |l| l.strip_suffix(')').map(|l| format!("{l},")))),
    ("outside of the model", &["M111"], |s| with_last_line(s, "late_ = pm.Normal(\"late_\", 0, 1)")),
    ("no name", &["M112"], |s| with_line(s, "pm.Normal(0, 1)")),
    ("name twice", &["M113"], |s| declaration(s, |l| Some(format!("{l}\n{l}")))),
    ("undefined name", &["M115"], |s| with_line(s, "pm.Normal(\"broken_\", missing_, 1)")),
    ("used before it is defined", &["M116"], |s| {
        with_line(s, "pm.Normal(\"broken_\", later_, 1)\n    later_ = 1.0")
    }),
    ("name with a slash", &["M117"], |s| declaration(s, |l| Some(l.replacen("(\"", "(\"a/", 1)))),
    ("unknown dimension", &["M118"], |s| {
        declaration(s, |l| {
            let own = !l.contains("observed") && !l.contains("pm.Data") && !l.contains("Deterministic");
            (own && l.contains("dims=\"")).then(|| l.replacen("dims=\"", "dims=\"no_such_", 1))
        })
    }),
    ("labels of another length", &["M119"], |s| {
        with_line(s, "pm.Data(\"broken_\", np.zeros(7), dims=\"d_\")\n    pm.Data(\"other_\", np.zeros(8), dims=\"d_\")").filter(|s| s.contains("import numpy as np"))
    }),
    ("shapes that do not broadcast", &["M121"], |s| {
        with_line(
            s,
            "a_ = pm.Normal(\"a_\", 0, 1, shape=7)\n    b_ = pm.Normal(\"b_\", 0, 1, shape=5)\n    c_ = a_ + b_",
        )
    }),
    ("matrix product", &["M122"], |s| {
        with_line(s, "a_ = pm.math.dot(np.ones((4, 3)), pm.Normal(\"a_\", 0, 1, shape=5))")
            .filter(|s| s.contains("import numpy as np"))
    }),
    ("index too large", &["M123"], |s| with_line(s, "a_ = pm.Normal(\"a_\", 0, 1, shape=5)[5]")),
    ("index of floats", &["M124"], |s| with_line(s, "a_ = pm.Normal(\"a_\", 0, 1, shape=5)[1.5]")),
    ("outer broadcast", &["M125"], |s| {
        with_line(s, "a_ = pm.Normal(\"a_\", 0, 1, shape=7)\n    b_ = a_ + np.ones((7, 1))")
            .filter(|s| s.contains("import numpy as np"))
    }),
    ("a variable as component", &["M129"], |s| {
        with_line(
            s,
            "a_ = pm.Normal(\"a_\", 0, 1)\n    pm.Mixture(\"m_\", w=[0.5, 0.5], comp_dists=[a_, a_])",
        )
    }),
    ("mixed components", &["M130"], |s| {
        with_line(
            s,
            "pm.Mixture(\"m_\", w=[0.5, 0.5], comp_dists=[pm.Normal.dist(0, 1), pm.Poisson.dist(2)])",
        )
    }),
    ("no covariance", &["M131"], |s| with_line(s, "pm.MvNormal(\"m_\", [0.0, 0.0])")),
    ("truncation without bounds", &["M133"], |s| with_line(s, "pm.Truncated(\"t_\", pm.Normal.dist(0, 1))")),
    ("python if", &["M135"], |s| with_line(s, "if pm.Normal(\"a_\", 0, 1) > 0:\n        pass")),
    ("random data", &["M136"], |s| with_line(s, "pm.Normal(\"y_\", 0, 1, observed=pm.Normal(\"a_\", 0, 1))")),
    ("outside of the support", &["M141"], |s| with_line(s, "pm.Poisson(\"y_\", 2, observed=[1, -1])")),
    ("counts with fractions", &["M142"], |s| with_line(s, "pm.Poisson(\"y_\", 2, observed=[1, 1.5])")),
    ("not 0 or 1", &["M143"], |s| with_line(s, "pm.Bernoulli(\"y_\", 0.5, observed=[1, 2])")),
    ("edge of the support", &["M144"], |s| with_line(s, "pm.LogNormal(\"y_\", 0, 1, observed=[1.0, 0.0])")),
    ("negative scale", &["M145"], |s| with_line(s, "pm.Normal(\"broken_\", 0, -1)")),
    ("scale that can be negative", &["M146", "M102", "M145"], |s| {
        replaced(s, "pm.HalfNormal(\"", "pm.Normal(\"")
            .or_else(|| replaced(s, "pm.HalfCauchy(\"", "pm.Normal(\""))
    }),
    ("probability without link", &["M147"], |s| {
        with_line(s, "a_ = pm.Normal(\"a_\", 0.5, 1)\n    pm.Bernoulli(\"y_\", p=a_, observed=[0, 1])")
    }),
    ("covariance not definite", &["M148"], |s| {
        with_line(s, "pm.MvNormal(\"m_\", [0.0, 0.0], cov=[[1.0, 2.0], [2.0, 1.0]])")
    }),
    ("start that is impossible", &["M150"], |s| {
        with_line(s, "pm.Potential(\"bad_\", pm.math.log(pm.Normal(\"a_\", 0, 1) - 10))")
    }),
    ("no data", &["M154", "M155", "M164"], |s| {
        let at = s.find(", observed=")?;
        (s.matches("observed=").count() == 1)
            .then(|| format!("{}{}", &s[..at], &s[argument_end(s, at + 11)..]))
    }),
    ("unused variable", &["M157"], |s| with_line(s, "unused_ = pm.Normal(\"unused_\", 0, 1)")),
    ("flat prior", &["M158"], |s| with_line(s, "flat_ = pm.Flat(\"flat_\")")),
    ("wide prior", &["M159"], |s| with_line(s, "wide_ = pm.Uniform(\"wide_\", 0, 1e6)")),
    ("discrete variable", &["M164"], |s| with_line(s, "n_ = pm.Poisson(\"n_\", 3)")),
    ("set_data of an unknown name", &["M167"], |s| {
        with_last_line(s, "with model:\n    pm.set_data({\"no_such\": [1]})")
            .filter(|s| s.contains("as model:"))
    }),
    ("fragile logarithm", &["M169"], |s| {
        with_line(s, "pm.Potential(\"p_\", pm.math.log(1 - pm.Beta(\"q_\", 1, 1)))")
    }),
];

/// The column that is observed, by name, if one is as it stands.
fn observed_column(good: &Good, data: &Dataset) -> Option<String> {
    let at = good.source.find("observed=")? + "observed=".len();
    let name = good.source[at..argument_end(&good.source, at)].trim().to_owned();
    let is_list = data.get(&name).is_some_and(|entry| entry.list_length().is_some());
    is_list.then_some(name)
}

/// The data with the first number of a column replaced; a data file of columns becomes one of JSON.
fn with_value(good: &Good, column: &str, value: serde_json::Value) -> Option<Dataset> {
    let (path, text) = good.data.as_ref()?;
    let mut columns: serde_json::Value = if path.extension()? == "json" {
        serde_json::from_str(text).ok()?
    } else {
        let mut lines = text.lines();
        let header: Vec<&str> = lines.next()?.split(',').collect();
        let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
        let cell = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| serde_json::Value::from(text));
        let list = |k: usize| rows.iter().map(|row| cell(row[k])).collect::<serde_json::Value>();
        header.iter().enumerate().map(|(k, name)| ((*name).to_owned(), list(k))).collect()
    };
    *columns.get_mut(column)?.get_mut(0)? = value;
    Dataset::from_json("data.json".as_ref(), &columns.to_string()).ok()
}

#[test]
fn the_checker_names_more_than_95_percent_of_the_breaks() {
    let (mut caught, mut missed) = (0, Vec::new());
    let mut judge = |name: String, codes: &[&str], source: &str, data: Dataset| {
        let findings = checked(source, data).findings;
        match findings.iter().any(|finding| codes.contains(&finding.rule.code())) {
            true => caught += 1,
            false => {
                let seen: Vec<&str> = findings.iter().map(|finding| finding.rule.code()).collect();
                missed.push(format!("{name}: {seen:?} instead of {codes:?}"));
            }
        }
    };
    let models = good_models();
    for (number, good) in models.iter().enumerate() {
        let stem = good.path.file_stem().expect("a name").to_string_lossy();
        // Every model meets a third of the list, every line of the list a third of the models.
        for (what, codes, break_it) in MUTATIONS.iter().skip(number % 3).step_by(3) {
            if let Some(source) = break_it(&good.source).filter(|source| *source != good.source) {
                judge(format!("{stem}, {what}"), codes, &source, good.dataset());
            }
        }
        let Some(column) = observed_column(good, &good.dataset()) else { continue };
        let breaks = [
            ("text in the data", "many".into(), &["M137", "M138", "M139", "M121"][..]),
            ("a missing value", serde_json::Value::Null, &["M138", "M139"][..]),
        ];
        for (what, value, codes) in breaks {
            if let Some(data) = with_value(good, &column, value) {
                judge(format!("{stem}, {what}"), codes, &good.source, data);
            }
        }
    }
    let all = caught + missed.len();
    println!(
        "{caught} of {all} breaks named ({:.1} %)\n{}",
        100.0 * caught as f64 / all as f64,
        missed.join("\n")
    );
    assert!(all > 500, "only {all} breaks");
    assert!(missed.len() * 20 < all, "{} of {all} missed", missed.len());
}
