//! Products of arrays that are summed over shared axes: `einsum`, `tensordot`, inner products, convolutions.
//!
//! ```text
//! einsum("ij,jk->ik"):  two operands at a time; an axis that neither the result nor a later operand names is summed.
//! No axis is shared and kept: a product of matrices. Otherwise: broadcast, multiplied and summed.
//! ```

use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::reduce::axis;
use super::{NP, PT, Row, Run};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Call, Evaluator, multiply};
use crate::language::item::Item;

/// Products that are summed.
pub(super) const ROWS: &[Row] = &[
    ("einsum", NP | PT, Run::Call(by_letters)),
    ("tensordot", NP | PT, Run::Call(over_axes)),
    ("inner", NP | PT, Run::Call(inner)),
    ("vdot", NP, Run::Call(inner)),
    ("vecdot", NP | PT, Run::Call(last_axes)),
    ("batched_dot", PT, Run::Call(batched)),
    ("cross", NP, Run::Call(cross)),
    ("convolve", NP, Run::Call(|e, call| convolve(e, call, false))),
    ("correlate", NP, Run::Call(|e, call| convolve(e, call, true))),
];

/// An array, and the letters of its axes.
#[derive(Clone)]
struct Lettered {
    value: Value,
    letters: Vec<char>,
}

impl Lettered {
    /// The axes in the order of some letters; those that the array lacks have the length 1.
    fn spread(&self, e: &mut Evaluator<'_>, order: &[char], range: TextRange) -> Outcome<Value> {
        let own: Vec<usize> =
            order.iter().filter_map(|letter| self.letters.iter().position(|own| own == letter)).collect();
        let moved = super::rearrange::permuted(e, &self.value, &own, range)?;
        let size = |letter: &char| {
            self.letters.iter().position(|own| own == letter).map_or(1, |axis| self.value.shape()[axis])
        };
        Ok(moved.reshape(&order.iter().map(size).collect::<Vec<_>>()))
    }

    /// Sums over the axes whose letters are not kept.
    fn summed(mut self, e: &mut Evaluator<'_>, kept: &[char], range: TextRange) -> Outcome<Self> {
        while let Some(axis) = self.letters.iter().position(|letter| !kept.contains(letter)) {
            self.value = e.finish_value(self.value.sum_axis(axis), range)?;
            self.letters.remove(axis);
        }
        Ok(self)
    }
}

/// Two arrays multiplied, and summed over the axes whose letters are not kept.
fn product(
    e: &mut Evaluator<'_>,
    a: Lettered,
    b: Lettered,
    kept: &[char],
    range: TextRange,
) -> Outcome<Lettered> {
    // What one of them alone has, and nothing keeps, is summed first.
    let keep_for = |other: &Lettered| [kept, &other.letters].concat();
    let (for_a, for_b) = (keep_for(&b), keep_for(&a));
    let (a, b) = (a.summed(e, &for_a, range)?, b.summed(e, &for_b, range)?);
    let is_shared = |letter: &&char| a.letters.contains(letter) && b.letters.contains(letter);
    let shared: Vec<char> = a.letters.iter().filter(is_shared).copied().collect();
    let only = |x: &Lettered| {
        x.letters.iter().filter(|letter| !shared.contains(letter)).copied().collect::<Vec<char>>()
    };
    let (left, right) = (only(&a), only(&b));
    let letters = [left.as_slice(), right.as_slice()].concat();
    if !shared.is_empty() && shared.iter().all(|letter| !kept.contains(letter)) {
        let (x, y) = (
            a.spread(e, &[left.as_slice(), &shared].concat(), range)?,
            b.spread(e, &[shared.as_slice(), &right].concat(), range)?,
        );
        let shape = [&x.shape()[..left.len()], &y.shape()[shared.len()..]].concat();
        let count: usize = x.shape()[left.len()..].iter().product();
        let (x, y) =
            (x.reshape(&[x.len() / count.max(1), count]), y.reshape(&[count, y.len() / count.max(1)]));
        let value = e.matrix_product(&x, &y, range)?.reshape(&shape);
        return Ok(Lettered { value, letters });
    }
    let all = [shared.as_slice(), &letters].concat();
    let (x, y) = (a.spread(e, &all, range)?, b.spread(e, &all, range)?);
    let value = e.binary(multiply, &x, &y, range)?;
    Lettered { value, letters: all }.summed(e, kept, range)
}

/// `np.einsum("ij,jk->ik", a, b)`
fn by_letters(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let Some((rule, arrays)) = call.positional.split_first() else {
        return fault(call.range, "`einsum` needs its rule, such as \"ij,jk->ik\", and arrays");
    };
    let text: String = e.text(rule, "the rule")?.chars().filter(|c| !c.is_whitespace()).collect();
    let (inputs, output) = match text.split_once("->") {
        Some((inputs, output)) => (inputs.to_owned(), output.to_owned()),
        None => {
            let mut once: Vec<char> =
                text.chars().filter(|c| *c != ',' && text.matches(*c).count() == 1).collect();
            once.sort_unstable();
            (text.clone(), once.into_iter().collect())
        }
    };
    let inputs: Vec<&str> = inputs.split(',').collect();
    if inputs.len() != arrays.len() || !text.chars().all(|c| c.is_alphabetic() || ",->".contains(c)) {
        let cure = "write letters for the axes of each array, as in \"ij,jk->ik\"; `...` is not supported";
        return fault(
            rule.range,
            format!(
                "the rule \"{text}\" is for {} arrays, and there are {}: {cure}",
                inputs.len(),
                arrays.len()
            ),
        );
    }
    let mut sizes = std::collections::HashMap::new();
    let mut parts = Vec::new();
    for (input, argument) in inputs.iter().zip(arrays) {
        let mut value = e.value(argument)?;
        let mut letters: Vec<char> = input.chars().collect();
        if letters.len() != value.rank() {
            return fault(
                argument.range,
                format!("\"{input}\" names {} axes of an array with {}", letters.len(), value.rank()),
            );
        }
        for (letter, size) in letters.iter().zip(value.shape()) {
            if *sizes.entry(*letter).or_insert(*size) != *size {
                return fault(argument.range, format!("the axes called `{letter}` differ in length"));
            }
        }
        // A letter that an array has twice stands for its diagonal.
        while let Some((first, second)) = twice(&letters) {
            value = diagonal(e, &value, first, second, argument.range)?;
            letters.remove(second);
        }
        parts.push(Lettered { value, letters });
    }
    let output: Vec<char> = output.chars().collect();
    if output.iter().any(|letter| !sizes.contains_key(letter)) || twice(&output).is_some() {
        return fault(rule.range, "the result names axes that no array has, or one twice");
    }
    let mut rest = parts.into_iter();
    let Some(mut whole) = rest.next() else {
        return fault(call.range, "`einsum` needs arrays");
    };
    while let Some(next) = rest.next() {
        let later = rest.as_slice().iter().flat_map(|part| part.letters.iter().copied());
        let kept: Vec<char> = output.iter().copied().chain(later).collect();
        whole = product(e, whole, next, &kept, call.range)?;
    }
    let whole = whole.summed(e, &output, call.range)?;
    Ok(Item::Number(whole.spread(e, &output, call.range)?))
}

/// The first two places of a letter that is there twice.
fn twice(letters: &[char]) -> Option<(usize, usize)> {
    let again =
        |(k, letter): (usize, &char)| Some((letters[..k].iter().position(|known| known == letter)?, k));
    letters.iter().enumerate().find_map(again)
}

/// An array where two axes have the same index; the second one is gone.
fn diagonal(
    e: &mut Evaluator<'_>,
    value: &Value,
    first: usize,
    second: usize,
    range: TextRange,
) -> Outcome<Value> {
    let rest: Vec<usize> = (0..value.rank()).filter(|axis| *axis != first && *axis != second).collect();
    let order: Vec<usize> = [&[first, second], rest.as_slice()].concat();
    let moved = super::rearrange::permuted(e, value, &order, range)?;
    let size = moved.shape()[0];
    let inner = moved.len() / (size * size).max(1);
    let index = (0..size * inner).map(|k| (k / inner * (size + 1) * inner + k % inner) as u32).collect();
    let shape = moved.shape()[1..].to_vec();
    let taken = moved.take(index, shape);
    let mut back: Vec<usize> = (1..value.rank() - 1).collect();
    back.insert(first, 0);
    super::rearrange::permuted(e, &taken, &back, range)
}

fn two(e: &mut Evaluator<'_>, call: &Call) -> Outcome<(Value, Value)> {
    let [a, b] = call.bind(["a", "b"])?;
    Ok((e.value(call.required(a, "a")?)?, e.value(call.required(b, "b")?)?))
}

/// Letters for axes, from a first one on.
fn letters(from: u8, count: usize) -> Vec<char> {
    (0..count).map(|k| char::from(from + k as u8)).collect()
}

/// `np.tensordot(a, b, axes)`
fn over_axes(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [a, b, axes] = call.bind(["a", "b", "axes"])?;
    let (a, b) = (e.value(call.required(a, "a")?)?, e.value(call.required(b, "b")?)?);
    let mut named = [Vec::new(), Vec::new()];
    match axes.map(|axes| (&axes.item, axes.range)) {
        Some((item @ (Item::List(_) | Item::Tuple(_)), range)) => {
            let sides = e.iterate(item, range)?;
            let [left, right] = sides.as_slice() else {
                return fault(range, "`axes` names those of the left array and those of the right one");
            };
            for (k, (side, value)) in [(left, &a), (right, &b)].into_iter().enumerate() {
                let items = match side {
                    Item::List(_) | Item::Tuple(_) => e.iterate(side, range)?,
                    single => vec![single.clone()],
                };
                named[k] =
                    items.iter().map(|item| axis(e, item, value.rank(), range)).collect::<Outcome<_>>()?;
            }
        }
        other => {
            let count = other.map_or(Ok(2), |(item, range)| e.integer(item, "a number of axes", range))?;
            let Some(count) = usize::try_from(count).ok().filter(|n| *n <= a.rank().min(b.rank())) else {
                return fault(call.range, "there are fewer axes than are summed over");
            };
            named = [(a.rank() - count..a.rank()).collect(), (0..count).collect()];
        }
    }
    let [left, right] = named;
    if left.len() != right.len() || left.iter().zip(&right).any(|(i, k)| a.shape()[*i] != b.shape()[*k]) {
        return fault(call.range, "the axes that are summed over must be as long on both sides");
    }
    let mut second = letters(b'A', b.rank());
    let first = letters(b'a', a.rank());
    left.iter().zip(&right).for_each(|(i, k)| second[*k] = first[*i]);
    let is_kept = |letter: &char| !(first.contains(letter) && second.contains(letter));
    let kept: Vec<char> = first.iter().chain(&second).copied().filter(is_kept).collect();
    let whole = product(
        e,
        Lettered { value: a, letters: first },
        Lettered { value: b, letters: second },
        &kept,
        call.range,
    )?;
    Ok(Item::Number(whole.spread(e, &kept, call.range)?))
}

/// `np.inner(a, b)`: over the last axes of both.
fn inner(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let (a, b) = two(e, call)?;
    if a.rank() == 0 || b.rank() == 0 {
        return Ok(Item::Number(e.binary(multiply, &a, &b, call.range)?));
    }
    if a.shape().last() != b.shape().last() {
        return fault(call.range, "the last axes must be as long");
    }
    let count = a.shape()[a.rank() - 1];
    let shape = [&a.shape()[..a.rank() - 1], &b.shape()[..b.rank() - 1]].concat();
    let (x, y) = (a.reshape(&[a.len() / count.max(1), count]), b.reshape(&[b.len() / count.max(1), count]));
    Ok(Item::Number(e.matrix_product(&x, &y.transpose(), call.range)?.reshape(&shape)))
}

/// `np.vecdot(a, b)`: over the last axis, the others broadcast.
fn last_axes(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let (a, b) = two(e, call)?;
    let both = e.binary(multiply, &a, &b, call.range)?;
    let Some(last) = both.rank().checked_sub(1) else {
        return fault(call.range, "`vecdot` takes vectors");
    };
    Ok(Item::Number(e.finish_value(both.sum_axis(last), call.range)?))
}

/// `pt.batched_dot(a, b)`: products of matrices one by one.
fn batched(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let (a, b) = two(e, call)?;
    let letters = match (a.rank(), b.rank()) {
        (3, 3) => ["bij", "bjk", "bik"],
        (3, 2) => ["bij", "bj", "bi"],
        (2, 3) => ["bj", "bjk", "bk"],
        (2, 2) => ["bj", "bj", "b"],
        _ => return fault(call.range, "`batched_dot` takes arrays of matrices or of vectors"),
    };
    let (n, m) = (a.shape()[0], b.shape()[0]);
    if n != m {
        return fault(call.range, format!("{n} matrices on the left and {m} on the right"));
    }
    let [first, second, kept] = letters.map(|letters| letters.chars().collect::<Vec<char>>());
    let (left, right) = (Lettered { value: a, letters: first }, Lettered { value: b, letters: second });
    let whole = product(e, left, right, &kept, call.range)?;
    Ok(Item::Number(whole.spread(e, &kept, call.range)?))
}

/// `np.cross(a, b)` of vectors with three elements, along the last axis.
fn cross(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let (a, b) = two(e, call)?;
    let last = |value: &Value| value.shape().last().copied();
    if last(&a) != Some(3) || last(&b) != Some(3) {
        return fault(call.range, "`cross` takes vectors with three elements");
    }
    let part = |value: &Value, k: usize| {
        let axis = value.rank() - 1;
        let shape = value.shape()[..axis].to_vec();
        value.narrow(axis, k, k + 1).reshape(&shape)
    };
    let mut parts = Vec::new();
    for k in 0..3 {
        let (i, j) = ((k + 1) % 3, (k + 2) % 3);
        let forth = e.binary(multiply, &part(&a, i), &part(&b, j), call.range)?;
        let back = e.binary(multiply, &part(&a, j), &part(&b, i), call.range)?;
        parts.push(e.binary(|x, y| x - y, &forth, &back, call.range)?);
    }
    let axis = parts[0].rank();
    Ok(Item::Number(e.finish_value(Value::stack(&parts, axis), call.range)?))
}

/// `np.convolve(a, v, mode)`, and `np.correlate`, whose second vector is turned and whose usual mode is "valid".
fn convolve(e: &mut Evaluator<'_>, call: &Call, turned: bool) -> Outcome<Item> {
    let [a, v, mode] = call.bind(["a", "v", "mode"])?;
    let (a, v) = (e.value(call.required(a, "a")?)?, e.value(call.required(v, "v")?)?);
    let usual = if turned { "valid" } else { "full" };
    let mode = mode.map_or(Ok(usual.into()), |mode| e.text(mode, "`mode`"))?;
    let (&[n], &[m]) = (a.shape(), v.shape()) else {
        return fault(call.range, "a convolution is of two vectors");
    };
    if n == 0 || m == 0 {
        return fault(call.range, "a convolution needs elements");
    }
    let (start, count) = match &*mode {
        "full" => (0, n + m - 1),
        "same" => ((n.min(m) - 1) / 2, n.max(m)),
        "valid" => (n.min(m) - 1, n.max(m) - n.min(m) + 1),
        other => {
            return fault(call.range, format!("`mode` is \"full\", \"same\" or \"valid\", not \"{other}\""));
        }
    };
    e.budget.shape(&[count, m], call.range)?;
    // Row k holds what the elements of `v` meet at place k; beyond the ends of `a` stands zero.
    let zero = Value::data(vec![0.0], [1], Kind::Int);
    let all = Value::concatenate(&[a, zero], 0);
    let met = |k: usize| {
        let (row, j) = (start + k / m, k % m);
        let j = if turned { m - 1 - j } else { j };
        row.checked_sub(j).filter(|i| *i < n).unwrap_or(n) as u32
    };
    let rows = e.finish_value(all.take((0..count * m).map(met).collect(), vec![count, m]), call.range)?;
    Ok(Item::Number(e.matrix_product(&rows, &v, call.range)?))
}
