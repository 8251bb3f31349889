//! Arrays of Python's objects, which NumPy stores as a pickle: read as data, without making any object.
//!
//! A pickle is a program for a stack. The words that put texts, numbers, lists and tuples there are followed; a call
//! stays a note of what would be called. Only that of an array, and of a number of NumPy, mean something.
//!
//! # References
//! - Python's `pickletools.py`: the words, and how each changes the stack

use std::collections::HashMap;
use std::rc::Rc;

use chainfire_engine::program::Kind;
use serde_json::Value as Json;

use super::elements::Elements;

/// Most elements, and deepest lists of elements.
const ELEMENTS: usize = 1 << 24;
const DEPTH: usize = 8;

/// What stands on the stack; lists and calls by their number.
#[derive(Clone, Debug)]
enum Thing {
    Mark,
    Plain(Json),
    Bytes(Rc<[u8]>),
    List(usize),
    /// `module.name`
    Name(Rc<str>),
    Call(usize),
}

/// What is called, its arguments, and what is set later.
#[derive(Debug)]
struct Made {
    called: Rc<str>,
    arguments: usize,
    state: Option<usize>,
}

/// Lists and calls of a pickle.
#[derive(Debug, Default)]
struct Heap {
    lists: Vec<Vec<Thing>>,
    made: Vec<Made>,
}

/// The elements of the array in a pickle; or what is wrong.
pub(super) fn items(bytes: &[u8]) -> Result<Vec<Json>, String> {
    let mut heap = Heap::default();
    let array = heap.run(bytes).ok_or(
        "is an array of objects that cannot be read: save texts with `.astype(str)` and numbers with \
         `.astype(float)`",
    )?;
    let mut left = ELEMENTS;
    match heap.plain(&array, 0, &mut left)? {
        Json::Array(items) => Ok(items),
        other => Ok(vec![other]),
    }
}

/// The words and numbers of a pickle, one after the other.
struct Words<'a>(&'a [u8]);

impl<'a> Words<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// A whole number of some bytes, the low ones first.
    fn whole(&mut self, bytes: usize) -> Option<usize> {
        let whole = self.take(bytes)?.iter().rev().fold(0_u64, |whole, byte| whole << 8 | u64::from(*byte));
        usize::try_from(whole).ok()
    }

    fn text(&mut self, length: usize) -> Option<Thing> {
        let text = std::str::from_utf8(self.take(length)?).ok()?;
        Some(Thing::Plain(Json::from(text)))
    }

    fn line(&mut self) -> Option<&'a str> {
        let end = self.0.iter().position(|byte| *byte == b'\n')?;
        let line = std::str::from_utf8(self.take(end)?).ok()?;
        self.take(1)?;
        Some(line)
    }
}

impl Heap {
    /// What a pickle leaves on the stack; `None` where it is broken, or does what data need not.
    fn run(&mut self, bytes: &[u8]) -> Option<Thing> {
        let mut words = Words(bytes);
        let mut stack: Vec<Thing> = Vec::new();
        let mut memo: HashMap<usize, Thing> = HashMap::new();
        loop {
            let word = words.take(1)?[0];
            let thing = match word {
                0x80 => {
                    words.take(1)?; // PROTO
                    continue;
                }
                0x95 => {
                    words.take(8)?; // FRAME
                    continue;
                }
                b'.' => return stack.pop(),
                b'0' => {
                    stack.pop()?;
                    continue;
                }
                b'(' => Thing::Mark,
                b'N' => Thing::Plain(Json::Null),
                0x88 => Thing::Plain(true.into()),
                0x89 => Thing::Plain(false.into()),
                b'J' => Thing::Plain((words.whole(4)? as u32 as i32).into()),
                b'K' => Thing::Plain(words.whole(1)?.into()),
                b'M' => Thing::Plain(words.whole(2)?.into()),
                0x8a => {
                    // LONG1: two's complement of some bytes
                    let bytes = words.whole(1).filter(|bytes| *bytes <= 8)?;
                    let beyond = 64 - 8 * bytes as u32;
                    let whole = (words.whole(bytes)? as u64).checked_shl(beyond).unwrap_or(0) as i64;
                    Thing::Plain(whole.checked_shr(beyond).unwrap_or(0).into())
                }
                // NaN becomes null, as in the rest of a data file.
                b'G' => Thing::Plain(f64::from_be_bytes(words.take(8)?.try_into().ok()?).into()),
                0x8c | b'X' => {
                    let length = words.whole(if word == b'X' { 4 } else { 1 })?;
                    words.text(length)?
                }
                b'C' | b'U' | b'B' | b'T' => {
                    let length = words.whole(if matches!(word, b'C' | b'U') { 1 } else { 4 })?;
                    Thing::Bytes(words.take(length)?.into())
                }
                b')' | b']' => self.list(Vec::new()),
                0x85..=0x87 => {
                    let count = usize::from(word - 0x84);
                    let items = stack.split_off(stack.len().checked_sub(count)?);
                    self.list(items)
                }
                b't' | b'l' => {
                    let items = since_mark(&mut stack)?;
                    self.list(items)
                }
                b'a' | b'e' => {
                    let items = if word == b'a' { vec![stack.pop()?] } else { since_mark(&mut stack)? };
                    let Some(Thing::List(list)) = stack.last() else { return None };
                    self.lists[*list].extend(items);
                    continue;
                }
                b'c' => Thing::Name(format!("{}.{}", words.line()?, words.line()?).into()),
                0x93 => match (stack.pop()?, stack.pop()?) {
                    (Thing::Plain(Json::String(name)), Thing::Plain(Json::String(module))) => {
                        Thing::Name(format!("{module}.{name}").into())
                    }
                    _ => return None,
                },
                b'R' => match (stack.pop()?, stack.pop()?) {
                    (Thing::List(arguments), Thing::Name(called)) => {
                        self.made.push(Made { called, arguments, state: None });
                        Thing::Call(self.made.len() - 1)
                    }
                    _ => return None,
                },
                b'b' => match (stack.pop()?, stack.last()?) {
                    (Thing::List(state), Thing::Call(call)) => {
                        self.made[*call].state = Some(state);
                        continue;
                    }
                    _ => return None,
                },
                0x94 | b'q' | b'r' => {
                    let place = match word {
                        b'q' => words.whole(1)?,
                        b'r' => words.whole(4)?,
                        _ => memo.len(),
                    };
                    memo.insert(place, stack.last()?.clone());
                    continue;
                }
                b'h' => memo.get(&words.whole(1)?)?.clone(),
                b'j' => memo.get(&words.whole(4)?)?.clone(),
                _ => return None,
            };
            stack.push(thing);
        }
    }

    fn list(&mut self, items: Vec<Thing>) -> Thing {
        self.lists.push(items);
        Thing::List(self.lists.len() - 1)
    }

    /// Texts, numbers and lists of them.
    fn plain(&self, thing: &Thing, depth: usize, left: &mut usize) -> Result<Json, String> {
        if depth > DEPTH || *left == 0 {
            return Err("holds lists of lists of lists, or too many elements: save flat arrays".into());
        }
        *left -= 1;
        match thing {
            Thing::Plain(json) => Ok(json.clone()),
            Thing::List(list) => {
                let items = self.lists[*list].iter().map(|item| self.plain(item, depth + 1, left));
                items.collect::<Result<_, _>>().map(Json::Array)
            }
            Thing::Call(call) => {
                let Made { called, arguments, state } = &self.made[*call];
                let state = state.map(|state| self.lists[state].as_slice()).unwrap_or_default();
                match (called.rsplit('.').next(), self.lists[*arguments].as_slice(), state) {
                    (Some("_reconstruct"), _, [_, _, _, _, items @ Thing::List(_)]) => {
                        self.plain(items, depth + 1, left)
                    }
                    (Some("_reconstruct"), _, [_, _, kind, _, Thing::Bytes(bytes)]) => {
                        self.numbers(kind, bytes).map(Json::Array)
                    }
                    (Some("scalar"), [kind, Thing::Bytes(bytes)], _) => {
                        Ok(self.numbers(kind, bytes)?.into_iter().next().unwrap_or_default())
                    }
                    _ => Err(foreign(called)),
                }
            }
            Thing::Bytes(_) | Thing::Name(_) | Thing::Mark => Err(foreign("bytes")),
        }
    }

    /// The numbers in bytes, whose type is a call of `dtype`.
    fn numbers(&self, kind: &Thing, bytes: &[u8]) -> Result<Vec<Json>, String> {
        let name = match kind {
            Thing::Call(call) => match self.lists[self.made[*call].arguments].first() {
                Some(Thing::Plain(Json::String(name))) => name,
                _ => return Err(foreign("numbers of an unknown type")),
            },
            _ => return Err(foreign("numbers of an unknown type")),
        };
        let (numbers, kind) = Elements::parse(name)?.numbers(bytes).ok_or_else(|| foreign(name))?;
        let one = |x: f64| match kind {
            Kind::Bool => Json::from(x != 0.0),
            Kind::Int => Json::from(x as i64),
            Kind::Float => Json::from(x),
        };
        Ok(numbers.into_iter().map(one).collect())
    }
}

fn since_mark(stack: &mut Vec<Thing>) -> Option<Vec<Thing>> {
    let mark = stack.iter().rposition(|thing| matches!(thing, Thing::Mark))?;
    let items = stack.split_off(mark + 1);
    stack.pop();
    Some(items)
}

fn foreign(what: &str) -> String {
    format!(
        "is an array of objects that hold {what}; texts and numbers are read: save texts with `.astype(str)` and \
         numbers with `.astype(float)`"
    )
}
