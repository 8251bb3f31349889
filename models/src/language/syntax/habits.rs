//! What is not Python, but of notebooks, word processors and other languages: what it is, and what to write.

/// Quotes that word processors make of those of Python.
const QUOTES: [char; 6] = ['\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}', '\u{ab}', '\u{bb}'];

/// Characters that cannot be seen.
const INVISIBLE: [char; 6] = ['\u{a0}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}'];

/// What is wrong, what was expected, and what to do; `before` is what stands on the line in front of the place, `there`
/// what stands at it.
pub(super) fn words(line: &str, before: &str, there: &str) -> Option<(String, String, String)> {
    let own =
        |message: String, expected: &str, fix: &str| Some((message, expected.to_owned(), fix.to_owned()));
    let start = line.trim_start();
    if start.starts_with("```") || start.starts_with("~~~") {
        return own("this line is of Markdown".into(), "Python alone", "leave the line out");
    }
    if start.starts_with(['%', '!']) {
        return own("this line is a command of a notebook".into(), "Python alone", "leave the line out");
    }
    if start.starts_with(">>>") || start.starts_with("In [") {
        return own(
            "this line starts as a session of Python shows it".into(),
            "Python alone",
            "leave the start out",
        );
    }
    if let Some(c) = line.chars().find(|c| INVISIBLE.contains(c)) {
        let message = format!("a character that cannot be seen stands on this line (U+{:04X})", c as u32);
        return own(message, "characters that can be seen", "write the line anew, with plain spaces");
    }
    if let Some(c) = line.chars().find(|c| QUOTES.contains(c)) {
        return own(format!("`{c}` is no quote of Python"), "plain quotes", "write `\"` for it");
    }
    let is_inside = |left: char, right: char| before.matches(left).count() > before.matches(right).count();
    let last_open = before.rfind(['(', '[', '{']).and_then(|at| before[at..].chars().next());
    if there == "=" && is_inside('[', ']') && last_open != Some('(') {
        return own("`=` gives a value, and compares none".into(), "`==`", "write `==`, which compares");
    }
    let follows_name = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    if there.starts_with(':') && follows_name && is_inside('(', ')') && last_open == Some('(') {
        return own("`:` gives an argument no value".into(), "`=`", "write `=` for `:`");
    }
    if line.contains(":\\") && (line.contains("\"") || line.contains('\'')) && there.contains('\\') {
        let fix = "write `/` for `\\`, or `r` before the text";
        return own("`\\` starts something else in a text of Python".into(), "`/` in paths", fix);
    }
    None
}
