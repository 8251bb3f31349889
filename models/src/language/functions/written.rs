//! The functions and classes that the files of `library/` write in the language itself.

use super::{CO, NP, PD, Row, Run, SK, SS, ST, XR};
use crate::language::evaluate::Library;
use crate::language::item::Item;

/// Names of the library, and the modules that hold them.
pub(super) const ROWS: &[Row] = &[
    ("gmean", ST, Run::Written(Library::SciPyStats)),
    ("hmean", ST, Run::Written(Library::SciPyStats)),
    ("moment", ST, Run::Written(Library::SciPyStats)),
    ("skew", ST, Run::Written(Library::SciPyStats)),
    ("kurtosis", ST, Run::Written(Library::SciPyStats)),
    ("mode", ST, Run::Written(Library::SciPyStats)),
    ("trim_mean", ST, Run::Written(Library::SciPyStats)),
    ("median_abs_deviation", ST, Run::Written(Library::SciPyStats)),
    ("variation", ST, Run::Written(Library::SciPyStats)),
    ("percentileofscore", ST, Run::Written(Library::SciPyStats)),
    ("scoreatpercentile", ST, Run::Written(Library::SciPyStats)),
    ("pearsonr", ST, Run::Written(Library::SciPyStats)),
    ("spearmanr", ST, Run::Written(Library::SciPyStats)),
    ("linregress", ST, Run::Written(Library::SciPyStats)),
    ("boxcox", ST, Run::Written(Library::SciPyStats)),
    ("boxcox_llf", ST, Run::Written(Library::SciPyStats)),
    ("gaussian_kde", ST, Run::Written(Library::SciPyStats)),
    ("StandardScaler", SK, Run::Written(Library::Sklearn)),
    ("MinMaxScaler", SK, Run::Written(Library::Sklearn)),
    ("RobustScaler", SK, Run::Written(Library::Sklearn)),
    ("LabelEncoder", SK, Run::Written(Library::Sklearn)),
    ("OrdinalEncoder", SK, Run::Written(Library::Sklearn)),
    ("OneHotEncoder", SK, Run::Written(Library::Sklearn)),
    ("PolynomialFeatures", SK, Run::Written(Library::Sklearn)),
    ("train_test_split", SK, Run::Written(Library::Sklearn)),
    ("apply_along_axis", NP, Run::Written(Library::NumPy)),
    ("vectorize", NP, Run::Written(Library::NumPy)),
    ("piecewise", NP, Run::Written(Library::NumPy)),
    ("indices", NP, Run::Written(Library::NumPy)),
    ("block", NP, Run::Written(Library::NumPy)),
    ("poly1d", NP, Run::Written(Library::NumPy)),
    ("qcut", PD, Run::Written(Library::Pandas)),
    ("pivot", PD, Run::Written(Library::Pandas)),
    ("pivot_table", PD, Run::Written(Library::Pandas)),
    ("crosstab", PD, Run::Written(Library::Pandas)),
    ("matrix", NP, Run::Written(Library::NumPy)),
    ("deque", CO, Run::Written(Library::Collections)),
    ("csr_matrix", SS, Run::Written(Library::SciPySparse)),
    ("csc_matrix", SS, Run::Written(Library::SciPySparse)),
    ("coo_matrix", SS, Run::Written(Library::SciPySparse)),
    ("lil_matrix", SS, Run::Written(Library::SciPySparse)),
    ("csr_array", SS, Run::Written(Library::SciPySparse)),
    ("csc_array", SS, Run::Written(Library::SciPySparse)),
    ("coo_array", SS, Run::Written(Library::SciPySparse)),
    ("diags", SS, Run::Written(Library::SciPySparse)),
    ("diags_array", SS, Run::Written(Library::SciPySparse)),
    ("eye_array", SS, Run::Written(Library::SciPySparse)),
    ("identity", SS, Run::Written(Library::SciPySparse)),
    ("eye", SS, Run::Written(Library::SciPySparse)),
    ("kron", SS, Run::Written(Library::SciPySparse)),
    ("issparse", SS, Run::Written(Library::SciPySparse)),
    ("spsolve", SS, Run::Written(Library::SciPySparse)),
    ("DataArray", XR, Run::Written(Library::XArray)),
    ("Dataset", XR, Run::Written(Library::XArray)),
];

/// Methods of tables, and those of columns, that are functions of `library/pandas.py` with the table or column first.
const OF_TABLES: &[&str] = &[
    "pivot",
    "pivot_table",
    "describe",
    "select_dtypes",
    "nlargest",
    "nsmallest",
    "duplicated",
    "itertuples",
    "add_prefix",
    "stack",
    "add_suffix",
    "reindex",
    "xs",
];
const OF_COLUMNS: &[&str] = &[
    "rolling",
    "expanding",
    "ewm",
    "describe",
    "nlargest",
    "nsmallest",
    "duplicated",
    "interpolate",
    "sem",
    "reindex",
    "to_frame",
    "skew",
    "kurt",
    "kurtosis",
    "combine_first",
    "xs",
];
const OF_LABELS: &[&str] = &["difference", "get_loc", "get_indexer", "duplicated"];

/// Whether a method of an item is written in `library/pandas.py`.
pub(super) fn is_method(owner: &Item, name: &str) -> bool {
    let names = match owner {
        Item::Table(table) if table.get_text(name).is_none() => OF_TABLES,
        Item::Series(_) | Item::Labelled(_) => OF_COLUMNS,
        Item::Texts(_) | Item::Range { .. } => OF_LABELS,
        _ => return false,
    };
    names.contains(&name)
}
