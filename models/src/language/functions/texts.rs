//! Methods of texts, as names of variables and labels are made with, and `io.StringIO`.

use super::{IO, Row, Run};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Item, Sequence};

/// Functions of `io`.
pub(super) const ROWS: &[Row] = &[("StringIO", IO, Run::Call(stream))];

/// `io.StringIO(text)`: the text itself, which `pd.read_csv` reads.
fn stream(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [text] = call.bind(["initial_value"])?;
    e.text(call.required(text, "initial_value")?, "a text").map(Item::Text)
}

/// `text.name(...)`; `None` for methods that are not known.
pub(super) fn method(e: &mut Evaluator<'_>, text: &str, name: &str, call: &Call) -> Outcome<Option<Item>> {
    e.budget.work(text.len(), call.range)?;
    let plain = |run: fn(&str) -> String| {
        let [] = call.bind([])?;
        Ok(Some(Item::text(run(text))))
    };
    match name {
        "lower" => plain(str::to_lowercase),
        "upper" => plain(str::to_uppercase),
        "capitalize" => plain(|text| {
            let mut letters = text.chars();
            let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
            first + &letters.as_str().to_lowercase()
        }),
        "title" => plain(|text| {
            let mut inside = false;
            let mut out = String::with_capacity(text.len());
            for letter in text.chars() {
                match inside {
                    true => out.extend(letter.to_lowercase()),
                    false => out.extend(letter.to_uppercase()),
                }
                inside = letter.is_alphabetic();
            }
            out
        }),
        "format" => super::format::filled(e, text, call).map(Some),
        "strip" | "lstrip" | "rstrip" => {
            let [letters] = call.bind(["chars"])?;
            let letters =
                letters.map_or(Ok(" \t\r\n".into()), |letters| e.text(letters, "what is stripped"))?;
            let is_one = |c: char| letters.contains(c);
            Ok(Some(Item::text(match name {
                "strip" => text.trim_matches(is_one),
                "lstrip" => text.trim_start_matches(is_one),
                _ => text.trim_end_matches(is_one),
            })))
        }
        "zfill" => {
            let [width] = call.bind(["width"])?;
            let width = call.required(width, "width")?;
            let width = e.integer(&width.item, "a width", width.range)?.clamp(0, 1_000) as usize;
            Ok(Some(Item::text(format!("{text:0>width$}"))))
        }
        "isalpha" => plain_truth(call, !text.is_empty() && text.chars().all(char::is_alphabetic)),
        "isalnum" => plain_truth(call, !text.is_empty() && text.chars().all(char::is_alphanumeric)),
        "isspace" => plain_truth(call, !text.is_empty() && text.chars().all(char::is_whitespace)),
        "isupper" => {
            let is_upper = text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase);
            plain_truth(call, is_upper)
        }
        "islower" => {
            let is_lower = text.chars().any(char::is_lowercase) && !text.chars().any(char::is_uppercase);
            plain_truth(call, is_lower)
        }
        "isdigit" | "isnumeric" | "isdecimal" => {
            plain_truth(call, !text.is_empty() && text.chars().all(|c| c.is_ascii_digit()))
        }
        "contains" => {
            let [part, _case, _na, regex] = call.bind(["pat", "case", "na", "regex"])?;
            let part = call.required(part, "pat")?;
            let text_of = e.text(part, "what is looked for")?;
            let plain = regex.map_or(Ok(true), |regex| e.truth(&regex.item, regex.range).map(|is| !is))?;
            if text_of.contains(['.', '*', '[', '(', '|', '^', '$', '\\', '?', '+'])
                && !(plain && regex.is_some())
            {
                return fault(
                    part.range,
                    "patterns are not supported: look for a plain text, with `regex=False`",
                );
            }
            Ok(Some(Item::truth(text.contains(&*text_of))))
        }
        "find" | "rfind" | "index" | "count" => {
            let [part] = call.bind(["sub"])?;
            let part = e.text(call.required(part, "sub")?, "what is looked for")?;
            let found = match name {
                "count" => text.matches(&*part).count() as i64,
                _ => {
                    let place = if name == "rfind" { text.rfind(&*part) } else { text.find(&*part) };
                    if place.is_none() && name == "index" {
                        return fault(call.range, format!("\"{part}\" is not in \"{text}\""));
                    }
                    place.map_or(-1, |place| text[..place].chars().count() as i64)
                }
            };
            Ok(Some(Item::integer(found)))
        }
        "get" => {
            let [place] = call.bind(["i"])?;
            let place = call.required(place, "i")?;
            let place = e.integer(&place.item, "a place", place.range)?;
            let letters: Vec<char> = text.chars().collect();
            let at = if place < 0 { place + letters.len() as i64 } else { place };
            match usize::try_from(at).ok().and_then(|at| letters.get(at)) {
                Some(letter) => Ok(Some(Item::text(letter.to_string()))),
                None => fault(call.range, format!("\"{text}\" has no letter {place}")),
            }
        }
        "slice" => {
            let [start, stop] = call.bind(["start", "stop"])?;
            let count = text.chars().count() as i64;
            let bound = |bound: Option<&Argument>, default: i64| -> Outcome<i64> {
                match bound {
                    Some(bound) if !matches!(bound.item, Item::None) => {
                        let place = e.integer(&bound.item, "a place", bound.range)?;
                        Ok(if place < 0 { place + count } else { place }.clamp(0, count))
                    }
                    _ => Ok(default),
                }
            };
            let (start, stop) = (bound(start, 0)?, bound(stop, count)?);
            let kept = text.chars().skip(start as usize).take((stop - start).max(0) as usize);
            Ok(Some(Item::text(kept.collect::<String>())))
        }
        "len" => Ok(Some(Item::integer(text.chars().count() as i64))),
        "replace" => {
            let [old, new, _regex] = call.bind(["old", "new", "regex"])?;
            let old = e.text(call.required(old, "old")?, "what is replaced")?;
            let new = e.text(call.required(new, "new")?, "what replaces it")?;
            e.budget.shape(&[text.len() + 1, new.len() + 1], call.range)?;
            Ok(Some(Item::text(text.replace(&*old, &new))))
        }
        "split" => {
            let [separator, most] = call.bind(["sep", "maxsplit"])?;
            let most = most.map_or(Ok(-1), |most| e.integer(&most.item, "a number of cuts", most.range))?;
            let parts: Vec<Item> = match separator.filter(|separator| !matches!(separator.item, Item::None)) {
                Some(separator) => {
                    let separator = e.text(separator, "what parts the text")?;
                    if separator.is_empty() {
                        return fault(call.range, "the separator must not be empty");
                    }
                    match usize::try_from(most) {
                        Ok(most) => {
                            text.splitn(most.saturating_add(1), &*separator).map(Item::text).collect()
                        }
                        Err(_) => text.split(&*separator).map(Item::text).collect(),
                    }
                }
                None if most >= 0 => return fault(call.range, "cuts are counted where `sep` is given"),
                None => text.split_whitespace().map(Item::text).collect(),
            };
            e.budget.steps(parts.len(), call.range)?;
            Ok(Some(Item::List(Sequence::new(parts, call.range)?)))
        }
        "rsplit" => {
            let [separator, most] = call.bind(["sep", "maxsplit"])?;
            let separator = e.text(call.required(separator, "sep")?, "what parts the text")?;
            let most = most.map_or(Ok(-1), |most| e.integer(&most.item, "a number of cuts", most.range))?;
            if separator.is_empty() {
                return fault(call.range, "the separator must not be empty");
            }
            let mut parts: Vec<Item> = match usize::try_from(most) {
                Ok(most) => text.rsplitn(most.saturating_add(1), &*separator).map(Item::text).collect(),
                Err(_) => text.rsplit(&*separator).map(Item::text).collect(),
            };
            parts.reverse();
            e.budget.steps(parts.len(), call.range)?;
            Ok(Some(Item::List(Sequence::new(parts, call.range)?)))
        }
        "partition" | "rpartition" => {
            let [separator] = call.bind(["sep"])?;
            let separator = e.text(call.required(separator, "sep")?, "what parts the text")?;
            let cut = if name == "partition" {
                text.split_once(&*separator)
            } else {
                text.rsplit_once(&*separator)
            };
            let parts = match (cut, name) {
                (Some((before, after)), _) => [before, &separator, after],
                (None, "partition") => [text, "", ""],
                (None, _) => ["", "", text],
            };
            Ok(Some(Item::Tuple(Sequence::new(parts.map(Item::text).to_vec(), call.range)?)))
        }
        "splitlines" => {
            let [] = call.bind([])?;
            let parts: Vec<Item> = text.lines().map(Item::text).collect();
            e.budget.steps(parts.len(), call.range)?;
            Ok(Some(Item::List(Sequence::new(parts, call.range)?)))
        }
        "removeprefix" | "removesuffix" => {
            let [part] = call.bind(["part"])?;
            let part = e.text(call.required(part, "part")?, "what is removed")?;
            let rest = match name {
                "removeprefix" => text.strip_prefix(&*part),
                _ => text.strip_suffix(&*part),
            };
            Ok(Some(Item::text(rest.unwrap_or(text))))
        }
        "ljust" | "rjust" | "center" => {
            let [width, fill] = call.bind(["width", "fillchar"])?;
            let width = call.required(width, "width")?;
            let width = e.integer(&width.item, "a width", width.range)?.clamp(0, 1_000) as usize;
            let fill = fill.map_or(Ok(" ".into()), |fill| e.text(fill, "what fills the width"))?;
            let missing = width.saturating_sub(text.chars().count());
            let before = match name {
                "ljust" => 0,
                "rjust" => missing,
                // Python puts the odd one before where the width is odd.
                _ => missing / 2 + (missing & width & 1),
            };
            Ok(Some(Item::text(format!("{}{text}{}", fill.repeat(before), fill.repeat(missing - before)))))
        }
        "join" => {
            let [parts] = call.bind(["iterable"])?;
            let parts = e.texts(call.required(parts, "iterable")?, "what is joined")?;
            let length: usize = parts.iter().map(|part| part.len() + text.len()).sum();
            e.budget.elements(length, call.range)?;
            Ok(Some(Item::text(parts.join(text))))
        }
        "startswith" | "endswith" => {
            let [part] = call.bind(["part"])?;
            let part = call.required(part, "part")?;
            let parts = match &part.item {
                Item::Tuple(_) => e.texts(part, "what is looked for")?,
                _ => vec![e.text(part, "what is looked for")?.to_string()],
            };
            let is_there = |part: &String| {
                if name == "startswith" { text.starts_with(part) } else { text.ends_with(part) }
            };
            Ok(Some(Item::truth(parts.iter().any(is_there))))
        }
        _ => Ok(None),
    }
}

fn plain_truth(call: &Call, holds: bool) -> Outcome<Option<Item>> {
    let [] = call.bind([])?;
    Ok(Some(Item::truth(holds)))
}
