//! The header of an array: a dictionary as Python writes it, of which the elements and the shape are taken.

use ruff_python_ast::{Expr, Number};

use super::elements::Elements;

/// Most bytes of a header.
const LENGTH: usize = 1 << 16;

/// What a header says.
pub(super) struct Header {
    pub(super) elements: Elements,
    /// Whether the elements stand column by column.
    pub(super) is_by_column: bool,
    pub(super) shape: Vec<usize>,
}

/// The header of an array, and the bytes after it; or what is wrong.
pub(super) fn read(bytes: &[u8]) -> Result<(Header, &[u8]), String> {
    let not_an_array = || "is not an array as `np.save` and `np.savez` write it".to_owned();
    let rest = bytes.strip_prefix(b"\x93NUMPY").ok_or_else(not_an_array)?;
    let (length, rest) = match rest {
        [1, _, a, b, rest @ ..] => (u32::from(u16::from_le_bytes([*a, *b])), rest),
        [2 | 3, _, a, b, c, d, rest @ ..] => (u32::from_le_bytes([*a, *b, *c, *d]), rest),
        _ => return Err(not_an_array()),
    };
    let (header, rest) = rest.split_at_checked(length as usize).ok_or_else(not_an_array)?;
    let header = std::str::from_utf8(header).map_err(|_| not_an_array())?;
    // What is nested too deeply, or too long, is no header of a plain array.
    if header.len() > LENGTH || header.matches(['(', '[', '{']).count() > 8 {
        return Err("is an array of records: save its columns one by one, with a name each".into());
    }
    let parsed = ruff_python_parser::parse_expression(header.trim()).map_err(|_| not_an_array())?;
    let Expr::Dict(dict) = parsed.expr() else {
        return Err(not_an_array());
    };
    let member = |wanted: &str| {
        let is_wanted = |key: &Expr| matches!(key, Expr::StringLiteral(key) if key.value.to_str() == wanted);
        dict.items.iter().find(|item| item.key.as_ref().is_some_and(is_wanted)).map(|item| &item.value)
    };
    let elements = match member("descr") {
        Some(Expr::StringLiteral(text)) => Elements::parse(text.value.to_str())?,
        Some(_) => return Err("is an array of records: save its columns one by one, with a name each".into()),
        None => return Err(not_an_array()),
    };
    let is_by_column = matches!(member("fortran_order"), Some(Expr::BooleanLiteral(truth)) if truth.value);
    let Some(Expr::Tuple(sizes)) = member("shape") else {
        return Err(not_an_array());
    };
    let size = |size: &Expr| match size {
        Expr::NumberLiteral(number) => match &number.value {
            Number::Int(size) => size.as_u64().and_then(|size| usize::try_from(size).ok()),
            _ => None,
        },
        _ => None,
    };
    let shape = sizes.elts.iter().map(size).collect::<Option<Vec<_>>>().ok_or_else(not_an_array)?;
    Ok((Header { elements, is_by_column, shape }, rest))
}
