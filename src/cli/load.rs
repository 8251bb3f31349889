//! Reads a model file with its data.

use std::path::{Path, PathBuf};

use chainfire::check;
use chainfire::data::{DataError, Dataset};
use chainfire::finding::{Details, Finding, Rule};
use chainfire::language::{LanguageError, ModelFile};
use chainfire::{Model, ModelError};

use super::output;

/// A model file and its data, and why a table among them is none unless the model file says how it is laid out; of several
/// models the one that is called `named` is meant.
pub fn files(
    path: &Path,
    named: Option<&str>,
    data: &[PathBuf],
) -> anyhow::Result<(ModelFile, Dataset, Option<DataError>)> {
    let file = ModelFile::read(path)?;
    let file = match named {
        Some(name) => file.with_model(name),
        None => file,
    };
    let (data, unread) = Dataset::read_all_or_texts(data)?;
    Ok((file, data, unread))
}

/// The model of a file, with the data of others; what the model file says that is probably not meant is told.
pub fn model(path: &Path, named: Option<&str>, data: &[PathBuf], quiet: bool) -> anyhow::Result<Model> {
    let (file, data, unread) = files(path, named, data)?;
    if !quiet {
        check::warnings(&file, &data).iter().for_each(output::note);
    }
    match (Model::from_file(file, data), unread) {
        (Err(_), Some(unread)) => Err(unread.into()),
        (model, _) => Ok(model?),
    }
}

/// What an error says about the files; `None` when it is about something else.
pub fn findings(error: &anyhow::Error) -> Option<Vec<Finding>> {
    let language =
        error.downcast_ref::<LanguageError>().or_else(|| match error.downcast_ref::<ModelError>() {
            Some(ModelError::Language(language)) => Some(language.as_ref()),
            _ => None,
        });
    let findings = language.map(LanguageError::findings).unwrap_or_default();
    if !findings.is_empty() {
        return Some(findings.to_vec());
    }
    // What the system said is part of the message.
    (language.is_some() || error.is::<DataError>()).then(|| vec![unreadable(error.to_string())])
}

/// A file that cannot be read.
pub fn unreadable(message: String) -> Finding {
    let rule = Rule::Unreadable;
    Finding { rule, severity: rule.severity(), place: None, message, details: Details::default() }
}
