//! Hold named groups of labelled arrays, as ArviZ's `InferenceData` does.
//!
//! A [`Group`] has variables over named dimensions and one coordinate per dimension. Draws have `chain` and `draw`
//! as their first dimensions. A group checks itself once, when it is made, so whoever holds one may rely on shapes,
//! names and coordinates agreeing.
//!
//! # References
//! - Kumar, Carroll, Hartikainen, Martin (2019), ArviZ a unified library for exploratory analysis of Bayesian models
//!   in Python. doi:10.21105/joss.01143; schema: <https://python.arviz.org/en/stable/schema/schema.html>

use serde::{Deserialize, Serialize};

use super::error::DrawsError;

/// Values of a variable, in C order.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Real numbers.
    Float(Vec<f64>),
    /// Integers.
    Int(Vec<i64>),
    /// Truth values.
    Bool(Vec<bool>),
    /// Strings.
    Text(Vec<String>),
}

impl Values {
    /// Number of values.
    pub fn len(&self) -> usize {
        match self {
            Values::Float(values) => values.len(),
            Values::Int(values) => values.len(),
            Values::Bool(values) => values.len(),
            Values::Text(values) => values.len(),
        }
    }

    /// True when there are no values.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value at a place as a real number (true is 1), or `None` for text.
    ///
    /// # Panics
    /// When the place is not below [`len`](Self::len).
    pub fn number(&self, index: usize) -> Option<f64> {
        match self {
            Values::Float(values) => Some(values[index]),
            Values::Int(values) => Some(values[index] as f64),
            Values::Bool(values) => Some(f64::from(u8::from(values[index]))),
            Values::Text(_) => None,
        }
    }
}

/// Labels along a dimension.
#[derive(Clone, Debug, PartialEq)]
pub enum Coordinate {
    /// Integers, as for chains and draws.
    Int(Vec<i64>),
    /// Real numbers.
    Float(Vec<f64>),
    /// Strings.
    Text(Vec<String>),
}

impl Coordinate {
    /// Number of labels.
    pub fn len(&self) -> usize {
        match self {
            Coordinate::Int(labels) => labels.len(),
            Coordinate::Float(labels) => labels.len(),
            Coordinate::Text(labels) => labels.len(),
        }
    }

    /// True when there are no labels.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl From<Vec<i64>> for Coordinate {
    fn from(labels: Vec<i64>) -> Self {
        Coordinate::Int(labels)
    }
}

impl From<Vec<String>> for Coordinate {
    fn from(labels: Vec<String>) -> Self {
        Coordinate::Text(labels)
    }
}

impl<const N: usize> From<[&str; N]> for Coordinate {
    fn from(labels: [&str; N]) -> Self {
        Coordinate::Text(labels.map(String::from).to_vec())
    }
}

/// Metadata of a group or a variable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Attribute {
    /// A string.
    Text(String),
    /// An integer.
    Int(i64),
    /// A real number.
    Float(f64),
    /// Several strings.
    TextList(Vec<String>),
    /// Several numbers.
    FloatList(Vec<f64>),
}

/// A named array over named dimensions.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Name, the same as in the model.
    pub name: String,
    /// Names of the axes; draws begin with `chain`, `draw`.
    pub dims: Vec<String>,
    /// Lengths of the axes.
    pub shape: Vec<usize>,
    /// The values in C order.
    pub values: Values,
    /// Metadata.
    pub attributes: Vec<(String, Attribute)>,
}

impl Variable {
    /// A variable without attributes. Its shape is checked when it is put in a [`Group`].
    pub fn new(name: &str, dims: &[&str], shape: &[usize], values: Values) -> Self {
        Self {
            name: name.to_owned(),
            dims: dims.iter().map(|dim| (*dim).to_owned()).collect(),
            shape: shape.to_vec(),
            values,
            attributes: Vec::new(),
        }
    }
}

/// Variables that share dimensions, such as everything of the posterior.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    name: String,
    attributes: Vec<(String, Attribute)>,
    coordinates: Vec<(String, Coordinate)>,
    variables: Vec<Variable>,
}

impl Group {
    /// Makes a group and checks it. A dimension without a coordinate gets the integers from 0.
    ///
    /// # Errors
    /// When names repeat or cannot be in a file, or shapes, values, dimensions and coordinates do not agree.
    pub fn new(
        name: &str,
        attributes: Vec<(String, Attribute)>,
        coordinates: Vec<(String, Coordinate)>,
        variables: Vec<Variable>,
    ) -> Result<Self, DrawsError> {
        let mut group = Self { name: name.to_owned(), attributes, coordinates, variables: Vec::new() };
        let mut names: Vec<&str> = group.coordinates.iter().map(|(dim, _)| dim.as_str()).collect();
        names.extend(variables.iter().map(|variable| variable.name.as_str()));
        names.extend(variables.iter().flat_map(|variable| variable.dims.iter().map(String::as_str)));
        if let Some(invalid) = [name].iter().chain(&names).find(|name| name.is_empty() || name.contains('/'))
        {
            return Err(DrawsError::InvalidName { group: name.to_owned(), name: (*invalid).to_owned() });
        }
        for variable in &variables {
            group.add_dimensions(variable)?;
        }
        let mut used: Vec<&str> = group.coordinates.iter().map(|(dim, _)| dim.as_str()).collect();
        used.extend(variables.iter().map(|variable| variable.name.as_str()));
        used.sort_unstable();
        if let Some(pair) = used.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(DrawsError::DuplicateName { group: name.to_owned(), name: pair[0].to_owned() });
        }
        group.variables = variables;
        Ok(group)
    }

    fn add_dimensions(&mut self, variable: &Variable) -> Result<(), DrawsError> {
        let (group, name) = (self.name.clone(), variable.name.clone());
        let (dims, shape) = (&variable.dims, &variable.shape);
        if dims.len() != shape.len() || (1..dims.len()).any(|axis| dims[..axis].contains(&dims[axis])) {
            return Err(DrawsError::RankMismatch {
                group,
                variable: name,
                shape: shape.clone(),
                dims: dims.clone(),
            });
        }
        let (expected, found) = (shape.iter().product(), variable.values.len());
        if expected != found {
            let shape = shape.clone();
            return Err(DrawsError::CountMismatch { group, variable: name, shape, expected, found });
        }
        for (dim, &found) in dims.iter().zip(shape) {
            match self.coordinate(dim).map(Coordinate::len) {
                None => self.coordinates.push((dim.clone(), Coordinate::Int((0..found as i64).collect()))),
                Some(expected) if expected != found => {
                    let dim = dim.clone();
                    return Err(DrawsError::LengthMismatch { group, variable: name, dim, expected, found });
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// Name, such as `posterior`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Metadata.
    pub fn attributes(&self) -> &[(String, Attribute)] {
        &self.attributes
    }

    /// Dimensions with their labels, in the order in which they were named first.
    pub fn coordinates(&self) -> &[(String, Coordinate)] {
        &self.coordinates
    }

    /// Labels along a dimension.
    pub fn coordinate(&self, dim: &str) -> Option<&Coordinate> {
        self.coordinates.iter().find(|(name, _)| name == dim).map(|(_, coordinate)| coordinate)
    }

    /// Length of a dimension, or 0 when the group does not have it.
    pub fn length(&self, dim: &str) -> usize {
        self.coordinate(dim).map_or(0, Coordinate::len)
    }

    /// Variables in order.
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// A variable by name.
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().find(|variable| variable.name == name)
    }
}

/// Groups of one analysis: posterior, sample_stats, observed_data and so on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InferenceData {
    groups: Vec<Group>,
}

impl InferenceData {
    /// Collects groups.
    ///
    /// # Errors
    /// When two groups have one name.
    pub fn new(groups: Vec<Group>) -> Result<Self, DrawsError> {
        let mut data = Self::default();
        for group in groups {
            data.push(group)?;
        }
        Ok(data)
    }

    /// Adds a group at the end.
    ///
    /// # Errors
    /// When a group of that name is there already.
    pub fn push(&mut self, group: Group) -> Result<(), DrawsError> {
        if self.group(group.name()).is_some() {
            return Err(DrawsError::DuplicateGroup { group: group.name });
        }
        self.groups.push(group);
        Ok(())
    }

    /// Groups in order.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// A group by name.
    pub fn group(&self, name: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.name() == name)
    }

    /// A group that must be there.
    ///
    /// # Errors
    /// When it is not, with the names of those that are.
    pub fn require(&self, name: &str) -> Result<&Group, DrawsError> {
        self.group(name).ok_or_else(|| DrawsError::MissingGroup {
            group: name.to_owned(),
            found: self.groups.iter().map(|group| group.name.clone()).collect(),
        })
    }
}
