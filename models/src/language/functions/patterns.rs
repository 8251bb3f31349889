//! Patterns: the module `re`, and the methods of columns of texts that take one.
//!
//! Patterns are matched in time linear in the text; what needs more, such as looking ahead, is an error.

use regex::{Regex, RegexBuilder};

use super::{RE, Row, Run};
use crate::data::MISSING_TEXT;
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Dict, Item, Key, Sequence};

/// Most letters of a pattern, and most bytes of what it is compiled to.
const LETTERS: usize = 1_000;
const COMPILED: usize = 1 << 20;

/// Functions of `re`.
pub(super) const ROWS: &[Row] =
    &[("sub", RE, Run::Call(sub)), ("split", RE, Run::Call(split)), ("findall", RE, Run::Call(find_all))];

/// Methods of columns of texts that take a pattern.
const OF_COLUMNS: &[&str] = &["contains", "match", "fullmatch", "extract", "replace", "findall", "count"];

fn compiled(e: &mut Evaluator<'_>, pattern: &Argument, ignore_case: bool) -> Outcome<Regex> {
    let text = e.text(pattern, "a pattern")?;
    e.budget.work(1_000, pattern.range)?;
    let built = match text.len() <= LETTERS {
        true => RegexBuilder::new(&text)
            .case_insensitive(ignore_case)
            .size_limit(COMPILED)
            .dfa_size_limit(COMPILED)
            .nest_limit(50)
            .build()
            .ok(),
        false => None,
    };
    let message = format!(
        "\"{}\" is no pattern here: groups, classes, repetitions and anchors are known, looking ahead or back is not",
        text.chars().take(60).collect::<String>()
    );
    built.map_or_else(|| fault(pattern.range, message), Ok)
}

/// What replaces a match, in the way of `regex`: `$` means itself, `\1` and `\g<name>` mean groups.
fn replacement(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(place) = rest.find(['\\', '$']) {
        out.push_str(&rest[..place]);
        let tail = &rest[place + 1..];
        if rest[place..].starts_with('$') {
            out.push_str("$$");
            rest = tail;
            continue;
        }
        let named = tail.strip_prefix("g<").and_then(|tail| tail.split_once('>'));
        let digits = tail.len() - tail.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        rest = match (named, digits) {
            (Some((name, tail)), _) => {
                out.push_str(&format!("${{{name}}}"));
                tail
            }
            (None, 0) => {
                out.push('\\');
                tail
            }
            (None, digits) => {
                out.push_str(&format!("${{{}}}", &tail[..digits]));
                &tail[digits..]
            }
        };
    }
    out + rest
}

fn replaced(e: &mut Evaluator<'_>, pattern: &Regex, new: &str, text: &str, call: &Call) -> Outcome<String> {
    e.budget.elements((text.len() + 1).saturating_mul(new.len() + 1), call.range)?;
    Ok(pattern.replace_all(text, replacement(new)).into_owned())
}

/// The matches of a pattern: the whole ones, or their group where there is one, or tuples of groups.
fn matches(e: &mut Evaluator<'_>, pattern: &Regex, text: &str, call: &Call) -> Outcome<Item> {
    let mut found = Vec::new();
    for groups in pattern.captures_iter(text) {
        e.budget.steps(1, call.range)?;
        let group = |k: usize| Item::text(groups.get(k).map_or("", |group| group.as_str()));
        found.push(match groups.len() {
            1 => group(0),
            2 => group(1),
            count => Item::Tuple(Sequence::new((1..count).map(group).collect(), call.range)?),
        });
    }
    Ok(Item::List(Sequence::new(found, call.range)?))
}

/// `re.sub(pattern, repl, string)`
fn sub(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [pattern, new, text] = call.bind(["pattern", "repl", "string"])?;
    let pattern = compiled(e, call.required(pattern, "pattern")?, false)?;
    let new = e.text(call.required(new, "repl")?, "what replaces a match")?;
    let text = e.text(call.required(text, "string")?, "a text")?;
    e.budget.work(text.len(), call.range)?;
    replaced(e, &pattern, &new, &text, call).map(Item::text)
}

/// `re.split(pattern, string)`
fn split(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [pattern, text] = call.bind(["pattern", "string"])?;
    let place = call.required(pattern, "pattern")?;
    let pattern = compiled(e, place, false)?;
    if pattern.captures_len() > 1 {
        return fault(place.range, "groups in the pattern of `re.split` are not supported: use `(?:...)`");
    }
    let text = e.text(call.required(text, "string")?, "a text")?;
    e.budget.work(text.len(), call.range)?;
    let parts: Vec<Item> = pattern.split(&text).map(Item::text).collect();
    e.budget.steps(parts.len(), call.range)?;
    Ok(Item::List(Sequence::new(parts, call.range)?))
}

/// `re.findall(pattern, string)`
fn find_all(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [pattern, text] = call.bind(["pattern", "string"])?;
    let pattern = compiled(e, call.required(pattern, "pattern")?, false)?;
    let text = e.text(call.required(text, "string")?, "a text")?;
    e.budget.work(text.len(), call.range)?;
    matches(e, &pattern, &text, call)
}

/// `column.str.name(pattern, ...)`; `None` where the method takes no pattern, or a plain text.
pub(super) fn of_column(
    e: &mut Evaluator<'_>,
    texts: &[String],
    name: &str,
    call: &Call,
) -> Outcome<Option<Item>> {
    if !OF_COLUMNS.contains(&name) || call.positional.is_empty() {
        return Ok(None);
    }
    let names = match name {
        "replace" => ["pat", "repl", "case", "regex", "", ""],
        "extract" => ["pat", "expand", "", "", "", ""],
        _ => ["pat", "case", "na", "regex", "", ""],
    };
    let pattern = call.bind(names)?[0];
    let given =
        |wanted: &str| call.keywords.iter().find(|(name, _)| name == wanted).map(|(_, argument)| argument);
    let flag = |e: &mut Evaluator<'_>, wanted: &str, default: bool| match given(wanted) {
        Some(argument) => e.truth(&argument.item, argument.range),
        None => Ok(default),
    };
    if !flag(e, "regex", name != "replace")? {
        return Ok(None);
    }
    let place = call.required(pattern, "pat")?;
    let ignore_case = !flag(e, "case", true)?;
    let pattern = compiled(e, place, ignore_case)?;
    e.budget.work(texts.iter().map(|text| text.len() + 10).sum(), call.range)?;
    let is_whole = |text: &String| pattern.find_iter(text).any(|m| m.start() == 0 && m.end() == text.len());
    let column: Vec<Item> = match name {
        "contains" => texts.iter().map(|text| Item::truth(pattern.is_match(text))).collect(),
        "match" => {
            texts.iter().map(|text| Item::truth(pattern.find(text).is_some_and(|m| m.start() == 0))).collect()
        }
        "fullmatch" => texts.iter().map(|text| Item::truth(is_whole(text))).collect(),
        "count" => texts.iter().map(|text| Item::integer(pattern.find_iter(text).count() as i64)).collect(),
        "findall" => {
            let found = texts.iter().map(|text| matches(e, &pattern, text, call)).collect::<Outcome<_>>()?;
            return Ok(Some(Item::List(Sequence::new(found, call.range)?)));
        }
        "replace" => {
            let new = call.bind(names)?[1];
            let new = e.text(call.required(new, "repl")?, "what replaces a match")?;
            let one = |text: &String| replaced(e, &pattern, &new, text, call).map(Item::text);
            texts.iter().map(one).collect::<Outcome<_>>()?
        }
        _ => {
            let expand = flag(e, "expand", true)?;
            return extracted(e, texts, &pattern, expand, call).map(Some);
        }
    };
    let count = column.len();
    super::tables::column(e, Item::List(Sequence::new(column, call.range)?), count, call.range).map(Some)
}

/// `column.str.extract(pattern)`: a column for each group, of the first match in each text.
fn extracted(
    e: &mut Evaluator<'_>,
    texts: &[String],
    pattern: &Regex,
    expand: bool,
    call: &Call,
) -> Outcome<Item> {
    let count = pattern.captures_len() - 1;
    if count == 0 {
        return fault(
            call.range,
            "the pattern of `.extract` needs a group, in parentheses: what is extracted",
        );
    }
    e.budget.texts(texts.len().saturating_mul(count), call.range)?;
    let mut columns: Vec<Vec<String>> = vec![Vec::with_capacity(texts.len()); count];
    for text in texts {
        let groups = pattern.captures(text);
        for (k, column) in columns.iter_mut().enumerate() {
            let group = groups.as_ref().and_then(|groups| groups.get(k + 1));
            column.push(group.map_or(MISSING_TEXT, |group| group.as_str()).to_owned());
        }
    }
    if count == 1 && !expand {
        return Ok(columns.pop().map_or(Item::None, |column| Item::Texts(column.into())));
    }
    let mut table = Dict::default();
    for ((k, column), name) in columns.into_iter().enumerate().zip(pattern.capture_names().skip(1)) {
        let key = match name {
            Some(name) => Key::Text(name.into()),
            None => e.key(&Item::integer(k as i64), call.range)?,
        };
        table.insert(key, Item::Texts(column.into()), call.range)?;
    }
    Ok(Item::Table(table.into()))
}
