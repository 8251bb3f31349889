//! The functions and classes that `library.py` writes in the language itself.

use super::{CO, NP, PD, Row, Run, SK, SS, ST, XR};
use crate::language::item::Item;

/// Names of the library, and the modules that hold them.
pub(super) const ROWS: &[Row] = &[
    ("gmean", ST, Run::Written),
    ("hmean", ST, Run::Written),
    ("moment", ST, Run::Written),
    ("skew", ST, Run::Written),
    ("kurtosis", ST, Run::Written),
    ("mode", ST, Run::Written),
    ("trim_mean", ST, Run::Written),
    ("median_abs_deviation", ST, Run::Written),
    ("variation", ST, Run::Written),
    ("percentileofscore", ST, Run::Written),
    ("scoreatpercentile", ST, Run::Written),
    ("pearsonr", ST, Run::Written),
    ("spearmanr", ST, Run::Written),
    ("linregress", ST, Run::Written),
    ("boxcox", ST, Run::Written),
    ("boxcox_llf", ST, Run::Written),
    ("gaussian_kde", ST, Run::Written),
    ("StandardScaler", SK, Run::Written),
    ("MinMaxScaler", SK, Run::Written),
    ("RobustScaler", SK, Run::Written),
    ("LabelEncoder", SK, Run::Written),
    ("OrdinalEncoder", SK, Run::Written),
    ("OneHotEncoder", SK, Run::Written),
    ("PolynomialFeatures", SK, Run::Written),
    ("train_test_split", SK, Run::Written),
    ("apply_along_axis", NP, Run::Written),
    ("vectorize", NP, Run::Written),
    ("piecewise", NP, Run::Written),
    ("indices", NP, Run::Written),
    ("block", NP, Run::Written),
    ("poly1d", NP, Run::Written),
    ("qcut", PD, Run::Written),
    ("pivot", PD, Run::Written),
    ("pivot_table", PD, Run::Written),
    ("crosstab", PD, Run::Written),
    ("matrix", NP, Run::Written),
    ("deque", CO, Run::Written),
    ("csr_matrix", SS, Run::Written),
    ("csc_matrix", SS, Run::Written),
    ("coo_matrix", SS, Run::Written),
    ("lil_matrix", SS, Run::Written),
    ("csr_array", SS, Run::Written),
    ("csc_array", SS, Run::Written),
    ("coo_array", SS, Run::Written),
    ("diags", SS, Run::Written),
    ("diags_array", SS, Run::Written),
    ("eye_array", SS, Run::Written),
    ("identity", SS, Run::Written),
    ("eye", SS, Run::Written),
    ("kron", SS, Run::Written),
    ("issparse", SS, Run::Written),
    ("spsolve", SS, Run::Written),
    ("DataArray", XR, Run::Written),
    ("Dataset", XR, Run::Written),
];

/// Methods of tables, and those of columns, that are functions of the library with the table or column first.
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
];
const OF_LABELS: &[&str] = &["difference", "get_loc", "get_indexer", "duplicated"];

/// Whether a method of an item is written in the library.
pub(super) fn is_method(owner: &Item, name: &str) -> bool {
    let names = match owner {
        Item::Table(table) if table.get_text(name).is_none() => OF_TABLES,
        Item::Series(_) | Item::Labelled(_) => OF_COLUMNS,
        Item::Texts(_) | Item::Range { .. } => OF_LABELS,
        _ => return false,
    };
    names.contains(&name)
}
