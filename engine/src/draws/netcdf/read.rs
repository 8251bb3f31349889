//! Read a NetCDF-4 file of draws, whether written here or by ArviZ, xarray, h5netcdf or the netCDF C library.
//!
//! A dataset with `CLASS = "DIMENSION_SCALE"` is a dimension and, unless its `NAME` says otherwise, its coordinate.
//! All of these writers number the dimensions (`_Netcdf4Dimid` on a scale) and name the axes of a variable by those
//! numbers (`_Netcdf4Coordinates`), which is what is read here instead of the object references of `DIMENSION_LIST`.
//! Large groups list their members by a hash of the name; here they come in the order in which their values stand in
//! the file, which is the order in which they were written.

use std::collections::HashMap;
use std::path::Path;

use hdf5_pure::{AttrValue, DType, Dataset, File, Layout};

use super::super::error::DrawsError;
use super::super::inference_data::{Attribute, Coordinate, Group, InferenceData, Values, Variable};
use super::DIMENSION_WITHOUT_VARIABLE;

/// Attributes that carry the structure of the file, not metadata of the user.
const HIDDEN: [&str; 9] = [
    "CLASS",
    "NAME",
    "DIMENSION_LIST",
    "REFERENCE_LIST",
    "_Netcdf4Dimid",
    "_Netcdf4Coordinates",
    "_FillValue",
    "_NCProperties",
    "dtype",
];

/// Reads all groups of a file.
///
/// # Errors
/// When there is no such file, it is not HDF5 or is damaged, has no `posterior` group, or has a variable of a type
/// or with dimensions that cannot be read.
pub fn read_netcdf(path: &Path) -> Result<InferenceData, DrawsError> {
    let bytes = std::fs::read(path).map_err(|source| DrawsError::Read { path: path.into(), source })?;
    let format = |object: &str| {
        let object = object.to_owned();
        move |source| DrawsError::Format { path: path.into(), object, source }
    };
    let file = File::from_bytes(bytes).map_err(format("/"))?;
    let names = file.root().groups().map_err(format("/"))?;
    if !names.iter().any(|name| name == "posterior") {
        return Err(DrawsError::NoPosterior { path: path.into(), found: names });
    }
    let mut groups = Vec::new();
    for name in &names {
        let group = file.group(name).map_err(format(name))?;
        let mut entries = Vec::new();
        for member in group.datasets().map_err(format(name))? {
            let object = format!("{name}/{member}");
            let dataset = group.dataset(&member).map_err(format(&object))?;
            let attributes = dataset.attrs().map_err(format(&object))?;
            entries.push(Entry { path, object, name: member, dataset, attributes });
        }
        // What has no place of its own stays behind what is listed before it.
        let places: Vec<Option<u64>> = entries.iter().map(Entry::position).collect::<Result<_, _>>()?;
        let before = groups.last().map_or(0, |(start, _)| *start);
        let start = places.iter().flatten().min().copied().unwrap_or(before);
        let mut place = 0;
        let mut placed = Vec::new();
        for (entry, own) in entries.into_iter().zip(places) {
            place = own.unwrap_or(place);
            placed.push((place, entry));
        }
        placed.sort_by_key(|(place, _)| *place);
        let entries: Vec<_> = placed.into_iter().map(|(_, entry)| entry).collect();
        let attributes = metadata(group.attrs().map_err(format(name))?);
        groups.push((start, read_group(name, attributes, &entries)?));
    }
    groups.sort_by_key(|(start, _)| *start);
    InferenceData::new(groups.into_iter().map(|(_, group)| group).collect())
}

fn read_group(
    name: &str,
    attributes: Vec<(String, Attribute)>,
    entries: &[Entry<'_>],
) -> Result<Group, DrawsError> {
    let mut scales: Vec<(i64, &Entry<'_>)> = entries
        .iter()
        .filter(|entry| entry.text("CLASS") == Some("DIMENSION_SCALE"))
        .map(|entry| (entry.integers("_Netcdf4Dimid").first().copied().unwrap_or(-1), entry))
        .collect();
    scales.sort_by_key(|(id, _)| *id);
    let coordinates = scales.iter().filter(|(_, entry)| !entry.is_bare_dimension());
    let coordinates = coordinates.map(|(_, entry)| Ok((entry.name.clone(), entry.coordinate()?)));
    let coordinates = coordinates.collect::<Result<_, DrawsError>>()?;
    let variables = entries.iter().filter(|entry| !scales.iter().any(|(_, scale)| scale.name == entry.name));
    let variables = variables.map(|entry| entry.variable(&scales)).collect::<Result<_, _>>()?;
    Group::new(name, attributes, coordinates, variables)
}

/// A dataset of a group with its attributes.
struct Entry<'p> {
    path: &'p Path,
    /// Group and name, for messages.
    object: String,
    name: String,
    dataset: Dataset,
    attributes: HashMap<String, AttrValue>,
}

impl Entry<'_> {
    fn text(&self, attribute: &str) -> Option<&str> {
        self.attributes.get(attribute).and_then(AttrValue::as_str)
    }

    fn integers(&self, attribute: &str) -> Vec<i64> {
        match self.attributes.get(attribute) {
            Some(AttrValue::I32(value)) => vec![i64::from(*value)],
            Some(AttrValue::I64(value)) => vec![*value],
            Some(AttrValue::I32Array(values)) => values.iter().map(|&value| i64::from(value)).collect(),
            Some(AttrValue::I64Array(values)) => values.clone(),
            _ => Vec::new(),
        }
    }

    fn is_bare_dimension(&self) -> bool {
        self.text("NAME").is_some_and(|name| name.starts_with(DIMENSION_WITHOUT_VARIABLE))
    }

    /// Where the values stand in the file, if they stand in one place.
    fn position(&self) -> Result<Option<u64>, DrawsError> {
        let failed = self.format_error();
        Ok(match self.dataset.layout().map_err(&failed)? {
            Layout::Contiguous { address, .. } => address,
            Layout::Chunked { .. } => {
                self.dataset.chunks().map_err(&failed)?.iter().map(|chunk| chunk.address).min()
            }
            _ => None,
        })
    }

    fn format_error(&self) -> impl Fn(hdf5_pure::Error) -> DrawsError + '_ {
        |source| DrawsError::Format { path: self.path.into(), object: self.object.clone(), source }
    }

    fn unsupported(&self, found: impl ToString) -> DrawsError {
        let (path, variable) = (self.path.into(), self.object.clone());
        DrawsError::UnsupportedType { path, variable, found: found.to_string() }
    }

    fn values(&self) -> Result<Values, DrawsError> {
        let dataset = &self.dataset;
        let failed = self.format_error();
        if dataset.shape().map_err(&failed)?.contains(&0) {
            return Ok(match dataset.dtype().map_err(&failed)? {
                _ if self.text("dtype") == Some("bool") => Values::Bool(Vec::new()),
                DType::F32 | DType::F64 => Values::Float(Vec::new()),
                DType::String | DType::VariableLengthString => Values::Text(Vec::new()),
                _ => Values::Int(Vec::new()),
            });
        }
        let is_bool = self.text("dtype") == Some("bool");
        match dataset.dtype().map_err(&failed)? {
            DType::F32 | DType::F64 => Ok(Values::Float(dataset.read_f64().map_err(failed)?)),
            DType::I8 | DType::U8 if is_bool => {
                let bytes = dataset.read_i64().map_err(failed)?;
                Ok(Values::Bool(bytes.into_iter().map(|byte| byte != 0).collect()))
            }
            DType::Enum(members) if members == ["FALSE", "TRUE"] => {
                let bytes = dataset.read_raw().map_err(failed)?;
                Ok(Values::Bool(bytes.into_iter().map(|byte| byte != 0).collect()))
            }
            DType::I8
            | DType::I16
            | DType::I32
            | DType::I64
            | DType::U8
            | DType::U16
            | DType::U32
            | DType::U64 => Ok(Values::Int(dataset.read_i64().map_err(failed)?)),
            DType::String | DType::VariableLengthString => {
                Ok(Values::Text(dataset.read_string().map_err(failed)?))
            }
            other => Err(self.unsupported(other)),
        }
    }

    fn coordinate(&self) -> Result<Coordinate, DrawsError> {
        match self.values()? {
            Values::Int(labels) => Ok(Coordinate::Int(labels)),
            Values::Float(labels) => Ok(Coordinate::Float(labels)),
            Values::Text(labels) => Ok(Coordinate::Text(labels)),
            Values::Bool(labels) => Ok(Coordinate::Int(labels.into_iter().map(i64::from).collect())),
        }
    }

    fn variable(&self, scales: &[(i64, &Entry<'_>)]) -> Result<Variable, DrawsError> {
        let shape = self.dataset.shape().map_err(self.format_error())?;
        let ids = self.integers("_Netcdf4Coordinates");
        let name_of =
            |id: &i64| scales.iter().find(|(scale, _)| scale == id).map(|(_, entry)| entry.name.clone());
        let dims: Vec<String> = ids.iter().filter_map(name_of).collect();
        if dims.len() != shape.len() {
            let (path, variable) = (self.path.into(), self.object.clone());
            return Err(DrawsError::UnnamedDimensions { path, variable, rank: shape.len() });
        }
        Ok(Variable {
            name: self.name.clone(),
            dims,
            shape: shape.iter().map(|&length| length as usize).collect(),
            values: self.values()?,
            attributes: metadata(self.attributes.clone()),
        })
    }
}

/// Attributes of the user, by name; what has no counterpart here is left out.
fn metadata(attributes: HashMap<String, AttrValue>) -> Vec<(String, Attribute)> {
    let mut kept: Vec<_> = attributes
        .into_iter()
        .filter(|(name, _)| !HIDDEN.contains(&name.as_str()))
        .filter_map(|(name, value)| Some((name, attribute(value)?)))
        .collect();
    kept.sort_by(|(left, _), (right, _)| left.cmp(right));
    kept
}

fn attribute(value: AttrValue) -> Option<Attribute> {
    if let Some(text) = value.as_str() {
        return Some(Attribute::Text(text.to_owned()));
    }
    let floats = |values: Vec<f64>| match values[..] {
        [single] => Attribute::Float(single),
        _ => Attribute::FloatList(values),
    };
    let integers = |values: Vec<i64>| match values[..] {
        [single] => Attribute::Int(single),
        _ => Attribute::FloatList(values.iter().map(|&value| value as f64).collect()),
    };
    Some(match value {
        AttrValue::F32(value) => Attribute::Float(f64::from(value)),
        AttrValue::F64(value) => Attribute::Float(value),
        AttrValue::F32Array(values) => floats(values.into_iter().map(f64::from).collect()),
        AttrValue::F64Array(values) => floats(values),
        AttrValue::I8(value) => Attribute::Int(value.into()),
        AttrValue::I16(value) => Attribute::Int(value.into()),
        AttrValue::I32(value) => Attribute::Int(value.into()),
        AttrValue::I64(value) => Attribute::Int(value),
        AttrValue::U8(value) => Attribute::Int(value.into()),
        AttrValue::U16(value) => Attribute::Int(value.into()),
        AttrValue::U32(value) => Attribute::Int(value.into()),
        AttrValue::I32Array(values) => integers(values.into_iter().map(i64::from).collect()),
        AttrValue::I64Array(values) => integers(values),
        AttrValue::StringArray(texts) | AttrValue::VarLenStringArray(texts) => Attribute::TextList(texts),
        AttrValue::AsciiStringArray(texts) | AttrValue::VarLenAsciiStringArray(texts) => {
            Attribute::TextList(texts)
        }
        _ => return None,
    })
}
