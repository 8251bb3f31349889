//! Methods of texts, as names of variables and labels are made with.

use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Call, Evaluator};
use crate::language::item::{Item, Sequence};

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
        "strip" => plain(|text| text.trim().to_owned()),
        "title" | "capitalize" | "format" => fault(
            call.range,
            format!("`.{name}` is not supported: use f\"...{{name}}\", `.lower()` or `.upper()`"),
        ),
        "replace" => {
            let [old, new] = call.bind(["old", "new"])?;
            let old = e.text(call.required(old, "old")?, "what is replaced")?;
            let new = e.text(call.required(new, "new")?, "what replaces it")?;
            e.budget.shape(&[text.len() + 1, new.len() + 1], call.range)?;
            Ok(Some(Item::text(text.replace(&*old, &new))))
        }
        "split" => {
            let [separator] = call.bind(["sep"])?;
            let parts: Vec<Item> = match separator {
                Some(separator) => {
                    let separator = e.text(separator, "what parts the text")?;
                    if separator.is_empty() {
                        return fault(call.range, "the separator must not be empty");
                    }
                    text.split(&*separator).map(Item::text).collect()
                }
                None => text.split_whitespace().map(Item::text).collect(),
            };
            e.budget.steps(parts.len(), call.range)?;
            Ok(Some(Item::List(Sequence::new(parts, call.range)?)))
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
            let part = e.text(call.required(part, "part")?, "what is looked for")?;
            let found = if name == "startswith" { text.starts_with(&*part) } else { text.ends_with(&*part) };
            Ok(Some(Item::truth(found)))
        }
        _ => Ok(None),
    }
}
