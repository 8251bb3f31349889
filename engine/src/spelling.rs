//! Guess which name was meant by one that is not known.

/// The known names that are near, at most three, the nearest first.
pub fn nearest<'n>(seen: &str, known: impl IntoIterator<Item = &'n str>) -> Vec<String> {
    let seen_small = seen.to_lowercase();
    let mut near: Vec<(f64, &str)> = known
        .into_iter()
        .filter(|name| *name != seen)
        .map(|name| (strsim::jaro_winkler(&seen_small, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    near.dedup_by(|a, b| a.1 == b.1);
    near.into_iter().take(3).map(|(_, name)| name.to_owned()).collect()
}

/// `; did you mean ...?` for the nearest of the known names, or nothing when none is near.
pub fn hint<'n>(seen: &str, known: impl IntoIterator<Item = &'n str>) -> String {
    nearest(seen, known).first().map_or(String::new(), |name| format!("; did you mean `{name}`?"))
}
