//! Python's formats for numbers and texts: `{x:.2f}`, `{k:03d}`, `{name:>10}`, as f-strings and `.format` have them.
//!
//! ```text
//! [[fill]align][sign][0][width][,][.precision][type]
//! ```

use ruff_text_size::TextRange;

use chainfire_engine::program::{Kind, Value};

use crate::language::error::{Outcome, fault};
use crate::language::evaluate::Evaluator;
use crate::language::item::Item;

/// Widest text that a format may make.
const WIDEST: usize = 1_000;

/// A format, taken apart.
#[derive(Debug, Default)]
struct Format {
    fill: Option<char>,
    align: Option<char>,
    sign: Option<char>,
    width: usize,
    thousands: Option<char>,
    precision: Option<usize>,
    letter: Option<char>,
}

impl Format {
    fn parse(text: &str) -> Option<Self> {
        let letters: Vec<char> = text.chars().collect();
        let mut rest = letters.as_slice();
        let mut format = Self::default();
        let is_align = |c: &char| matches!(c, '<' | '>' | '^' | '=');
        match rest {
            [fill, align, tail @ ..] if is_align(align) => {
                (format.fill, format.align, rest) = (Some(*fill), Some(*align), tail);
            }
            [align, tail @ ..] if is_align(align) => (format.align, rest) = (Some(*align), tail),
            _ => {}
        }
        if let [sign @ ('+' | '-' | ' '), tail @ ..] = rest {
            (format.sign, rest) = (Some(*sign), tail);
        }
        if let ['0', tail @ ..] = rest {
            rest = tail;
            format.fill.get_or_insert('0');
            format.align.get_or_insert('=');
        }
        let number = |rest: &mut &[char]| {
            let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
            let text: String = rest[..digits].iter().collect();
            *rest = &rest[digits..];
            text.parse::<usize>().ok().filter(|&n| n <= WIDEST)
        };
        if rest.first().is_some_and(char::is_ascii_digit) {
            format.width = number(&mut rest)?;
        }
        if let [thousands @ (',' | '_'), tail @ ..] = rest {
            (format.thousands, rest) = (Some(*thousands), tail);
        }
        if let ['.', tail @ ..] = rest {
            rest = tail;
            format.precision = Some(number(&mut rest)?.min(300));
        }
        if let [letter, tail @ ..] = rest {
            (format.letter, rest) = (Some(*letter), tail);
        }
        rest.is_empty().then_some(format)
    }

    /// Digits with the sign, padded.
    fn number(&self, negative: bool, digits: &str) -> String {
        let sign = match (negative, self.sign) {
            (true, _) => "-",
            (false, Some('+')) => "+",
            (false, Some(' ')) => " ",
            _ => "",
        };
        let digits = match self.thousands {
            Some(separator) => grouped(digits, separator),
            None => digits.to_owned(),
        };
        match self.align {
            Some('=') => {
                let missing = self.width.saturating_sub(sign.len() + digits.chars().count());
                let fill = self.fill.unwrap_or(' ').to_string().repeat(missing);
                format!("{sign}{fill}{digits}")
            }
            align => self.padded(&format!("{sign}{digits}"), align.unwrap_or('>')),
        }
    }

    fn padded(&self, text: &str, align: char) -> String {
        let missing = self.width.saturating_sub(text.chars().count());
        let before = match align {
            '<' => 0,
            '^' => missing / 2,
            _ => missing,
        };
        let fill = self.fill.unwrap_or(' ').to_string();
        format!("{}{text}{}", fill.repeat(before), fill.repeat(missing - before))
    }
}

fn grouped(digits: &str, separator: char) -> String {
    let whole = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let mut out = String::new();
    for (k, digit) in digits[..whole].chars().enumerate() {
        if k > 0 && (whole - k).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out + &digits[whole..]
}

/// `x` with a precision and an exponent, as Python writes it: at least two digits of the exponent.
fn exponent(x: f64, precision: usize) -> String {
    let text = format!("{x:.precision$e}");
    let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, power) = power.strip_prefix('-').map_or(("+", power), |power| ("-", power));
    format!("{digits}e{sign}{power:0>2}")
}

/// The shorter of the two ways to write `x` with so many significant digits.
fn general(x: f64, precision: usize) -> String {
    let precision = precision.max(1);
    let power = match x == 0.0 {
        true => 0,
        false => {
            let text = format!("{:.1$e}", x, precision - 1);
            text.split_once('e').and_then(|(_, power)| power.parse::<i64>().ok()).unwrap_or(0)
        }
    };
    let trimmed = |text: String| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    };
    if (-4..precision as i64).contains(&power) {
        return trimmed(format!("{x:.0$}", (precision as i64 - 1 - power).max(0) as usize));
    }
    let text = exponent(x, precision - 1);
    let (digits, power) = text.split_once('e').unwrap_or((&text, "+00"));
    format!("{}e{power}", trimmed(digits.to_owned()))
}

/// An item under a format.
pub(in crate::language) fn formatted(
    e: &mut Evaluator<'_>,
    item: &Item,
    text: &str,
    range: TextRange,
) -> Outcome<String> {
    let unknown = || fault(range, format!("`{text}` is not a format such as `.2f`, `03d` or `>10`"));
    let Some(format) = Format::parse(text) else {
        return unknown();
    };
    if let Item::Text(content) = item {
        let kept: String = content.chars().take(format.precision.unwrap_or(usize::MAX)).collect();
        return match (format.letter, format.align) {
            (None | Some('s'), Some('=')) => unknown(),
            (None | Some('s'), align) => Ok(format.padded(&kept, align.unwrap_or('<'))),
            _ => unknown(),
        };
    }
    let x = e.float(item, "what stands under a format", range)?;
    let whole = item.as_value().is_some_and(|value| value.kind() != Kind::Float);
    let size = x.abs();
    let digits = match (format.letter, format.precision) {
        _ if !x.is_finite() => if x.is_nan() { "nan" } else { "inf" }.into(),
        (Some('d'), None) if whole => format!("{size:.0}"),
        (None, None) if whole => format!("{size:.0}"),
        (None, None) => e.display(&Item::Number(size.into()), range)?,
        (Some('f' | 'F'), precision) => format!("{size:.0$}", precision.unwrap_or(6)),
        (Some('e'), precision) => exponent(size, precision.unwrap_or(6)),
        (Some('g') | None, precision) => general(size, precision.unwrap_or(6)),
        (Some('%'), precision) => format!("{:.1$}%", size * 100.0, precision.unwrap_or(6)),
        _ => return unknown(),
    };
    Ok(format.number(x.is_sign_negative() && !x.is_nan(), &digits))
}

/// `text.format(a, b, name=c)`: holes are `{}`, `{0}`, `{name}`, with a format after a colon.
pub(super) fn filled(
    e: &mut Evaluator<'_>,
    text: &str,
    call: &crate::language::evaluate::Call,
) -> Outcome<Item> {
    let range = call.range;
    let (mut out, mut next) = (String::new(), 0);
    let mut rest = text;
    while let Some(place) = rest.find(['{', '}']) {
        out.push_str(&rest[..place]);
        let brace = &rest[place..=place];
        rest = &rest[place + 1..];
        if let Some(tail) = rest.strip_prefix(brace) {
            out.push_str(brace);
            rest = tail;
            continue;
        }
        let Some((hole, tail)) = rest.split_once('}').filter(|_| brace == "{") else {
            return fault(range, "a brace in the text has no partner; write it twice to mean itself");
        };
        rest = tail;
        let (name, format) = hole.split_once(':').unwrap_or((hole, ""));
        let argument = match name.parse::<usize>() {
            Ok(k) => call.positional.get(k),
            Err(_) if name.is_empty() => {
                next += 1;
                call.positional.get(next - 1)
            }
            Err(_) => call.keywords.iter().find(|(known, _)| known == name).map(|(_, argument)| argument),
        };
        let Some(argument) = argument else {
            return fault(range, format!("`.format` has no argument for `{{{hole}}}`"));
        };
        out.push_str(&match format {
            "" => e.display(&argument.item, argument.range)?,
            format => formatted(e, &argument.item, format, argument.range)?,
        });
        e.budget.elements(out.len(), range)?;
    }
    out.push_str(rest);
    Ok(Item::text(out))
}

/// `text % holes`: `%.2f`, `%03d`, `%-10s`, `%(name)s`, and `%%` for itself.
pub(in crate::language) fn percent(
    e: &mut Evaluator<'_>,
    text: &str,
    holes: &Item,
    range: TextRange,
) -> Outcome<Item> {
    let given: Vec<Item> = match holes {
        Item::Tuple(items) => items.items().to_vec(),
        single => vec![single.clone()],
    };
    let (mut out, mut next, mut rest) = (String::new(), 0, text);
    while let Some((before, tail)) = rest.split_once('%') {
        out.push_str(before);
        if let Some(tail) = tail.strip_prefix('%') {
            out.push('%');
            rest = tail;
            continue;
        }
        let (name, tail) = match tail.strip_prefix('(').and_then(|tail| tail.split_once(')')) {
            Some((name, tail)) => (Some(name), tail),
            None => (None, tail),
        };
        let Some((at, letter)) = tail.char_indices().find(|(_, c)| c.is_alphabetic() || *c == '*') else {
            return fault(range, "a `%` in the text begins no format; write it twice to mean itself");
        };
        let item = match (name, holes) {
            (Some(name), Item::Dict(dict)) => dict.get_text(name),
            (Some(_), _) => None,
            (None, _) => {
                next += 1;
                given.get(next - 1)
            }
        };
        let Some(item) = item else {
            return fault(range, format!("there is nothing for `%{}` of the text", &tail[..=at]));
        };
        out.push_str(&filled_hole(e, item, &tail[..at], letter, range)?);
        e.budget.elements(out.len(), range)?;
        rest = &tail[at + letter.len_utf8()..];
    }
    out.push_str(rest);
    if next < given.len() && !matches!(holes, Item::Dict(_)) {
        return fault(range, format!("the text has {next} formats for {} values", given.len()));
    }
    Ok(Item::text(out))
}

/// An item under the flags, width and precision of a `%`, and its letter.
fn filled_hole(
    e: &mut Evaluator<'_>,
    item: &Item,
    options: &str,
    letter: char,
    range: TextRange,
) -> Outcome<String> {
    let size = options.trim_start_matches(['-', '+', ' ', '0']);
    let flags = &options[..options.len() - size.len()];
    let sign = if flags.contains('+') {
        "+"
    } else if flags.contains(' ') {
        " "
    } else {
        ""
    };
    let (zeros, align) = match (flags.contains('-'), flags.contains('0')) {
        (true, _) => ("", "<"),
        (false, true) => ("0", ""),
        (false, false) => ("", ">"),
    };
    match letter {
        's' => {
            let content = Item::text(e.display(item, range)?);
            formatted(e, &content, &format!("{}{size}", if align == "<" { "<" } else { ">" }), range)
        }
        'd' | 'i' | 'u' => {
            let whole = Item::Number(Value::data(
                vec![e.float(item, "a number in a text", range)?.trunc()],
                vec![],
                Kind::Int,
            ));
            formatted(e, &whole, &format!("{align}{sign}{zeros}{size}d"), range)
        }
        _ => formatted(e, item, &format!("{align}{sign}{zeros}{size}{letter}"), range),
    }
}
