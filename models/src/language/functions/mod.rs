//! The fixed list of functions that model files may use.

mod aggregate;
mod alignment;
mod arrange;
mod bins;
mod builtins;
mod categories;
mod collections;
mod columns;
mod combinations;
mod components;
pub(super) mod conditional;
mod constrained;
mod contract;
mod create;
mod custom;
mod cuts;
mod decompose;
pub(super) mod derived;
pub(super) mod derived_arrays;
mod distances;
mod elementwise;
mod elimination;
mod equations;
mod families;
mod folds;
pub(super) mod foreign;
mod format;
mod frames;
mod function;
pub(super) mod gaussian;
mod grids;
mod groups;
mod indexed;
mod interpolate;
mod interventions;
mod joins;
mod joint;
mod label_methods;
mod labelled_methods;
mod linear;
mod masked;
mod matrices;
mod methods;
mod model_object;
mod normal;
mod pandas;
mod patterns;
mod polars;
mod pymc;
mod random;
mod read_data;
mod read_options;
mod rearrange;
mod reduce;
mod refused;
mod scan;
pub(super) mod set_methods;
mod sets;
mod splines;
mod statistics;
mod stochastic;
mod symmetric;
mod table_columns;
mod table_methods;
mod tables;
mod text_columns;
mod texts;
pub(super) mod times;
mod transforms;
mod triangles;
mod unique;
mod unknown;
mod variables;
mod written;
mod written_densities;

use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::error::{Outcome, Weight};
use super::evaluate::{Call, Evaluator, Library};
use super::item::Item;

pub(super) use alignment::{aligned, chosen, column_for, differ, is_same, like, of_table, reindexed};
pub(super) use builtins::{builtin, dictionary, sorted};
pub(super) use collections::{combined, fill};
pub(super) use combinations::Partial;
pub(super) use conditional::Derivation;
pub(super) use create::deep_copy;
pub(super) use equations::Differential;
pub(super) use families::{Family, Frozen};
pub(super) use format::{formatted, percent};
pub(super) use function::Function;
pub(super) use gaussian::{Gaussian, part_of};
pub(super) use groups::{choose, level_values, pairs};
pub(super) use interpolate::Curve;
pub(super) use interventions::REMAKING;
pub(super) use joint::Joint;
pub(super) use methods::{attribute, is_method, method};
pub(super) use model_object::{named as named_variable, variable as variable_of_model};
pub(super) use pandas::label_item;
pub(crate) use pymc::{STEPS, misspelt};
use random::Draw;
pub(super) use random::shuffled;
pub(super) use read_options::{is_of_no_account, positions};
pub(super) use table_columns::hides_column;
pub(super) use tables::{check_rows, column, index_of, labelled, row_labels, rows, take, take_rows};
pub(super) use text_columns::method as text_method;
pub(super) use transforms::Change;
pub(super) use unique::{Labels, is_in, order};
pub(super) use variables::declare;

/// A module that a file can import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Module {
    Python,
    PyMc,
    /// `pm.distributions`
    Distributions,
    /// `pm.distributions.transforms`
    Transforms,
    Math,
    NumPy,
    PyTensor,
    Tensor,
    Pandas,
    Special,
    /// `scipy.stats`
    Statistics,
    /// `numpy.random`
    Random,
    Itertools,
    /// `pytensor.tensor.linalg`, `numpy.linalg`, `scipy.linalg`.
    Linear,
    /// `np.ma`
    Masked,
    Patsy,
    /// `np.r_`
    Rows,
    /// `np.c_`
    Columns,
    /// `scipy.spatial.distance`
    Distances,
    /// `pm.ode`, `scipy.integrate`
    Equations,
    /// `pm.gp`, `pm.gp.cov`, `pm.gp.mean`
    Processes,
    Covariances,
    Means,
    /// Python's `math`: NumPy's functions under its own name.
    PlainMath,
    /// `json`, `pickle`, `joblib`: their `load` gives the data file.
    Stored,
    /// `copy`, `functools`, `collections`
    Copies,
    Functions,
    Collections,
    /// `pathlib`
    Paths,
    /// `pytensor.printing`
    Printing,
    /// `sklearn.preprocessing`, `sklearn.model_selection`
    Learning,
    /// `io`
    Streams,
    /// `datetime` and `calendar`
    Dates,
    Calendar,
    /// `scipy.interpolate`
    Interpolation,
    /// `scipy.sparse`, `scipy.sparse.linalg`
    Sparse,
    /// `xarray`
    Arrays,
    /// `re`
    Patterns,
    /// `scipy` itself, which holds modules.
    SciPy,
    /// `pymc_extras.statespace` and the modules in it
    StateSpace,
    /// `np.s_`, `np.index_exp`
    Slices,
    /// `np.mgrid`, `np.ogrid`
    Grid,
    OpenGrid,
    /// `np.polynomial` and the modules in it
    Polynomials,
    /// `statistics`, `types`
    PlainStatistics,
    Types,
    Fourier,
    Optimization,
    QuasiRandom,
    /// `pymc.dims` and `pytensor.xtensor`, and their `math`.
    Dims,
    DimsMath,
    /// `numpyro` with its handlers, `numpyro.infer`, `numpyro.distributions`
    NumPyro,
    NumPyroInference,
    NumPyroDistributions,
    /// `jax` with its `nn`, `lax` and `random`, and `jax.numpy`
    Jax,
    JaxNumPy,
    /// `argparse`
    Arguments,
    /// `hibayes`, whose models are functions of NumPyro.
    HiBayes,
    /// `operator`
    Operators,
    /// `pytensor.graph` and `pytensor.compile`: operations that a file writes.
    Graph,
}

/// A set of modules that hold a function.
type Modules = u64;

const NP: Modules = 1;
const PM: Modules = 2;
const PT: Modules = 4;
const PD: Modules = 8;
const SP: Modules = 16;
const PMC: Modules = 32;
const TR: Modules = 64;
const ST: Modules = 128;
const LA: Modules = 256;
const SH: Modules = 512;
const MA: Modules = 1024;
const PY: Modules = 2048;
/// `np.random` and `RandomState`, and `Generator`.
const RL: Modules = 4096;
const RG: Modules = 8192;
const IT: Modules = 16384;
/// `pm.gp`, `pm.gp.cov` and `pm.gp.mean`.
const GO: Modules = 32768;
const GC: Modules = 65536;
const GM: Modules = 131_072;
/// `scipy.spatial.distance`
const DI: Modules = 262_144;
/// `json`, `pickle` and `joblib`.
const FI: Modules = 524_288;
/// `copy` and `functools`, `datetime`, `scipy.interpolate`, and `math` beyond what NumPy has.
const CF: Modules = 1 << 20;
const DT: Modules = 1 << 21;
const IP: Modules = 1 << 22;
const PL: Modules = 1 << 23;
/// `pm.ode` and `scipy.integrate`
const OD: Modules = 1 << 24;
/// `sklearn.preprocessing` and `sklearn.model_selection`
const SK: Modules = 1 << 25;
/// `io`
const IO: Modules = 1 << 27;
/// `collections`
const CO: Modules = 1 << 26;
const PA: Modules = 1 << 38;
const PR: Modules = 1 << 39;

/// `scipy.sparse`, `xarray` and `re`.
const SS: Modules = 1 << 28;
const XR: Modules = 1 << 29;
const RE: Modules = 1 << 30;
/// `pymc_extras.statespace`
const TS: Modules = 1 << 31;
/// `np.fft`, `scipy.optimize` and `scipy.stats.qmc`.
const FT: Modules = 1 << 40;
const OP: Modules = 1 << 41;
const QR: Modules = 1 << 42;
/// `pymc.dims`, and its `math`.
const DX: Modules = 1 << 32;
const DM: Modules = 1 << 33;
/// `numpyro`, `numpyro.infer` and `numpyro.distributions`, `jax`.
const NY: Modules = 1 << 34;
const NI: Modules = 1 << 35;
const ND: Modules = 1 << 36;
const JX: Modules = 1 << 37;
/// `argparse`, `hibayes`.
const AP: Modules = 1 << 43;
const HB: Modules = 1 << 44;
/// `np.polynomial`, Python's `statistics`, `types`.
const PO: Modules = 1 << 47;
const PS: Modules = 1 << 48;
const TY: Modules = 1 << 49;
/// `operator`
const OR: Modules = 1 << 45;
/// `pytensor.graph` and `pytensor.compile`
const GR: Modules = 1 << 46;

/// How a function computes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Run {
    /// Elementwise, of one array.
    Unary(fn(&Value) -> Value),
    /// Elementwise, of two arrays.
    Binary(fn(&Value, &Value) -> Value),
    /// The data file, whatever the arguments say.
    DataFile(Contents),
    /// Random numbers.
    Draw(Draw),
    /// A function or class of a file of `library/`.
    Written(Library),
    /// Of a matrix, or of each of an array of matrices.
    Matrices(fn(&mut Evaluator<'_>, &Call) -> Outcome<Item>),
    /// Anything else.
    Call(fn(&mut Evaluator<'_>, &Call) -> Outcome<Item>),
}

/// What a function makes of the data file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Contents {
    /// A data frame.
    Table,
    /// One array of numbers.
    Matrix,
    /// Arrays by name, or the one that is asked for.
    Arrays,
}

/// A line of the list: name, modules that hold it, meaning.
pub(super) type Row = (&'static str, Modules, Run);

impl Module {
    /// Name as users write it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Module::Python => "",
            Module::PyMc => "pm",
            Module::Distributions => "pm.distributions",
            Module::Transforms => "pm.distributions.transforms",
            Module::Math => "pm.math",
            Module::NumPy => "np",
            Module::PyTensor => "pytensor",
            Module::Tensor => "pt",
            Module::Pandas => "pd",
            Module::Special => "scipy.special",
            Module::Statistics => "scipy.stats",
            Module::Random => "np.random",
            Module::Itertools => "itertools",
            Module::Linear => "linalg",
            Module::Masked => "np.ma",
            Module::Patsy => "patsy",
            Module::Rows => "np.r_",
            Module::Columns => "np.c_",
            Module::Distances => "scipy.spatial.distance",
            Module::Equations => "pm.ode",
            Module::Processes => "pm.gp",
            Module::Covariances => "pm.gp.cov",
            Module::Means => "pm.gp.mean",
            Module::PlainMath => "math",
            Module::Stored => "json",
            Module::Copies => "copy",
            Module::Functions => "functools",
            Module::Collections => "collections",
            Module::Paths => "pathlib",
            Module::Printing => "pytensor.printing",
            Module::Learning => "sklearn.preprocessing",
            Module::Streams => "io",
            Module::Dates => "datetime",
            Module::Calendar => "calendar",
            Module::Interpolation => "scipy.interpolate",
            Module::Sparse => "scipy.sparse",
            Module::Arrays => "xr",
            Module::Patterns => "re",
            Module::SciPy => "scipy",
            Module::StateSpace => "pymc_extras.statespace",
            Module::Slices => "np.s_",
            Module::Grid => "np.mgrid",
            Module::OpenGrid => "np.ogrid",
            Module::Polynomials => "np.polynomial",
            Module::PlainStatistics => "statistics",
            Module::Types => "types",
            Module::Fourier => "np.fft",
            Module::Optimization => "scipy.optimize",
            Module::QuasiRandom => "scipy.stats.qmc",
            Module::Dims => "pmd",
            Module::DimsMath => "pmd.math",
            Module::NumPyro => "numpyro",
            Module::NumPyroInference => "numpyro.infer",
            Module::NumPyroDistributions => "dist",
            Module::Jax => "jax",
            Module::JaxNumPy => "jnp",
            Module::Arguments => "argparse",
            Module::HiBayes => "hibayes",
            Module::Operators => "operator",
            Module::Graph => "pytensor.graph",
        }
    }

    /// The module of an import's dotted name.
    pub(super) fn find(name: &str) -> Option<Self> {
        Some(match name {
            "pymc" | "pymc.pytensorf" => Module::PyMc,
            "pymc.logprob" | "pymc.logprob.basic" => Module::PyMc,
            "pymc.distributions.transforms" | "pymc.logprob.transforms" => Module::Transforms,
            "pymc.distributions" | "pymc.distributions.dist_math" => Module::Distributions,
            // Its modules hold the same distributions by kinds.
            "pymc.distributions.continuous"
            | "pymc.distributions.discrete"
            | "pymc.distributions.multivariate"
            | "pymc.distributions.timeseries"
            | "pymc.distributions.mixture"
            | "pymc.distributions.distribution"
            | "pymc.distributions.custom"
            | "pymc.distributions.censored"
            | "pymc.distributions.truncated"
            | "pymc.distributions.simulator"
            | "pymc_extras"
            | "pymc_extras.distributions" => Module::Distributions,
            "pymc.model"
            | "pymc.model.core"
            | "pymc.model.fgraph"
            | "pymc.model.transform"
            | "pymc.model.transform.conditioning"
            | "pymc.model.transform.optimization"
            | "pymc.model.transform.basic"
            | "pymc.data" => Module::PyMc,
            "pymc.math" => Module::Math,
            "pymc.gp" | "pymc.gp.hsgp_approx" | "pymc.gp.util" | "pymc.gp.gp" => Module::Processes,
            "pymc.gp.cov" => Module::Covariances,
            "pymc.gp.mean" => Module::Means,
            "numpy" | "numpy.lib" | "numpy.lib.stride_tricks" => Module::NumPy,
            "numpy.polynomial"
            | "numpy.polynomial.polynomial"
            | "numpy.polynomial.chebyshev"
            | "numpy.polynomial.legendre"
            | "numpy.polynomial.hermite"
            | "numpy.polynomial.hermite_e"
            | "numpy.polynomial.laguerre" => Module::Polynomials,
            "statistics" => Module::PlainStatistics,
            "types" => Module::Types,
            "pytensor"
            | "pytensor.ifelse"
            | "pytensor.scan.basic"
            | "pytensor.scan.views"
            | "pytensor.scan.utils" => Module::PyTensor,
            "pytensor.tensor"
            | "pytensor.tensor.math"
            | "pytensor.tensor.special"
            | "pytensor.tensor.extra_ops"
            | "pytensor.tensor.basic"
            | "pytensor.tensor.type"
            | "pytensor.tensor.subtensor" => Module::Tensor,
            // The functions that both have do the same.
            "pandas" | "polars" => Module::Pandas,
            "math" => Module::PlainMath,
            "json" | "pickle" | "joblib" => Module::Stored,
            "copy" => Module::Copies,
            "functools" => Module::Functions,
            "collections" => Module::Collections,
            "pathlib" => Module::Paths,
            "pytensor.printing" => Module::Printing,
            "sklearn" | "sklearn.datasets" | "sklearn.preprocessing" | "sklearn.model_selection" => {
                Module::Learning
            }
            "io" => Module::Streams,
            "datetime" => Module::Dates,
            "calendar" => Module::Calendar,
            "scipy.interpolate" => Module::Interpolation,
            "scipy" => Module::SciPy,
            "scipy.special" => Module::Special,
            "scipy.stats" => Module::Statistics,
            "scipy.stats.qmc" => Module::QuasiRandom,
            "scipy.optimize" => Module::Optimization,
            "numpy.fft" | "scipy.fft" => Module::Fourier,
            "scipy.spatial" | "scipy.spatial.distance" => Module::Distances,
            "pymc.ode" | "scipy.integrate" => Module::Equations,
            "numpy.random" => Module::Random,
            "itertools" => Module::Itertools,
            "pytensor.tensor.linalg"
            | "pytensor.tensor.slinalg"
            | "pytensor.tensor.nlinalg"
            | "numpy.linalg"
            | "scipy.linalg" => Module::Linear,
            "scipy.sparse" | "scipy.sparse.linalg" => Module::Sparse,
            "xarray" => Module::Arrays,
            "re" => Module::Patterns,
            "pymc_extras.statespace"
            | "pymc_extras.statespace.core"
            | "pymc_extras.statespace.core.properties"
            | "pymc_extras.statespace.core.representation"
            | "pymc_extras.statespace.core.statespace"
            | "pymc_extras.statespace.models"
            | "pymc_extras.statespace.models.DFM"
            | "pymc_extras.statespace.models.ETS"
            | "pymc_extras.statespace.models.SARIMAX"
            | "pymc_extras.statespace.models.VARMAX"
            | "pymc_extras.statespace.models.structural"
            | "pymc_extras.statespace.models.structural.core"
            | "pymc_extras.statespace.models.utilities"
            | "pymc_extras.statespace.structural"
            | "pymc_extras.statespace.utils"
            | "pymc_extras.statespace.utils.constants" => Module::StateSpace,
            "numpy.ma" => Module::Masked,
            "pymc.dims" | "pymc.dims.distributions" | "pytensor.xtensor" => Module::Dims,
            "pymc.dims.math" | "pytensor.xtensor.math" => Module::DimsMath,
            "numpyro"
            | "numpyro.primitives"
            | "numpyro.handlers"
            | "numpyro.contrib.control_flow"
            | "numpyro.contrib.funsor" => Module::NumPyro,
            "numpyro.infer"
            | "numpyro.infer.reparam"
            | "numpyro.infer.mcmc"
            | "numpyro.infer.hmc"
            | "numpyro.infer.autoguide"
            | "numpyro.infer.initialization"
            | "numpyro.optim" => Module::NumPyroInference,
            "numpyro.distributions"
            | "numpyro.distributions.transforms"
            | "numpyro.distributions.constraints" => Module::NumPyroDistributions,
            "jax" | "jax.nn" | "jax.lax" | "jax.random" => Module::Jax,
            "jax.numpy" => Module::JaxNumPy,
            "jax.numpy.linalg" | "jax.scipy.linalg" => Module::Linear,
            "jax.scipy.special" => Module::Special,
            "jax.scipy.stats" => Module::Statistics,
            "argparse" => Module::Arguments,
            "operator" => Module::Operators,
            "pytensor.graph"
            | "pytensor.graph.op"
            | "pytensor.graph.basic"
            | "pytensor.compile"
            | "pytensor.compile.ops" => Module::Graph,
            "hibayes.model" | "hibayes.model.utils" | "hibayes.process" => Module::HiBayes,
            "patsy" => Module::Patsy,
            _ => return None,
        })
    }

    fn set(self) -> Modules {
        match self {
            Module::NumPy => NP,
            Module::PlainMath => NP | PL,
            Module::Math => PM,
            Module::Tensor => PT,
            Module::Pandas => PD,
            Module::Special => SP,
            Module::Statistics => ST,
            Module::PyMc | Module::Distributions => PMC,
            Module::Transforms => TR,
            Module::Linear => LA,
            Module::PyTensor => SH,
            Module::Masked => MA,
            Module::Patsy => PY,
            Module::Random => RL,
            Module::Itertools => IT,
            Module::Distances => DI,
            Module::Equations => OD,
            Module::Processes => GO,
            Module::Covariances => GC,
            Module::Means => GM,
            Module::Stored => FI,
            Module::Copies | Module::Functions => CF,
            Module::Collections => CF | CO,
            Module::Paths => PA,
            Module::Printing => PR,
            Module::Learning => SK,
            Module::Streams => IO,
            Module::Dates => DT,
            Module::Interpolation => IP,
            Module::Sparse => SS,
            Module::Arrays => XR,
            Module::Patterns => RE,
            Module::StateSpace => TS,
            Module::Polynomials => PO,
            Module::PlainStatistics => PS,
            Module::Types => TY,
            Module::Grid | Module::OpenGrid => 0,
            Module::Fourier => FT,
            Module::Optimization => OP,
            Module::QuasiRandom => QR,
            Module::Dims => DX,
            Module::DimsMath => DM,
            Module::NumPyro => NY,
            Module::NumPyroInference => NI,
            Module::NumPyroDistributions => ND,
            Module::Jax => JX,
            Module::JaxNumPy => NP | PT,
            Module::Arguments => AP,
            Module::HiBayes => HB,
            Module::Operators => OR,
            Module::Graph => GR,
            Module::Calendar | Module::SciPy => 0,
            Module::Python | Module::Rows | Module::Columns | Module::Slices => 0,
        }
    }

    fn rows(self) -> impl Iterator<Item = &'static Row> {
        let tables = [
            elementwise::ROWS,
            reduce::ROWS,
            linear::ROWS,
            interventions::ROWS,
            conditional::ROWS,
            scan::ROWS,
            folds::ROWS,
            create::ROWS,
            rearrange::ROWS,
            unique::ROWS,
            pandas::ROWS,
            statistics::ROWS,
            masked::ROWS,
            splines::ROWS,
            pymc::ROWS,
            transforms::ROWS,
            triangles::ROWS,
            collections::ROWS,
            combinations::ROWS,
            gaussian::ROWS,
            grids::ROWS,
            distances::ROWS,
            equations::ROWS,
            joint::ROWS,
            arrange::ROWS,
            contract::ROWS,
            decompose::ROWS,
            interpolate::ROWS,
            sets::ROWS,
            patterns::ROWS,
            texts::ROWS,
            times::ROWS,
            written::ROWS,
        ];
        tables.into_iter().flatten().chain(random::rows()).filter(move |row| row.1 & self.set() != 0)
    }

    /// `module.name`.
    pub(super) fn member(self, name: &str, range: TextRange) -> Outcome<Item> {
        if let Some(row) = self.rows().find(|row| row.0 == name) {
            return Ok(Item::Function(Function { module: self, row }));
        }
        let constant = |x: f64| Ok(Item::Number(Value::from(x)));
        let within = |paths: &[&str]| paths.iter().find_map(|path| Self::find(&format!("{path}.{name}")));
        match (self, name) {
            (Module::PyMc, _) if let Some(module) = within(&["pymc", "pymc.logprob", "pymc.model"]) => {
                return Ok(Item::Module(module));
            }
            (Module::Distances, "distance") => return Ok(Item::Module(Module::Distances)),
            (Module::Processes, "cov") => return Ok(Item::Module(Module::Covariances)),
            (Module::Processes, "mean") => return Ok(Item::Module(Module::Means)),
            (Module::Processes, "gp" | "hsgp_approx" | "util") => return Ok(Item::Module(Module::Processes)),
            (Module::Statistics, "qmc") => return Ok(Item::Module(Module::QuasiRandom)),
            (Module::NumPy, "fft") => return Ok(Item::Module(Module::Fourier)),
            (Module::Dims, "math") => return Ok(Item::Module(Module::DimsMath)),
            (Module::DimsMath, _) if let Some(function) = self.of_tensors(name) => {
                return Ok(Item::Function(function));
            }
            (Module::Statistics, _) => {
                if let Some(family) = families::find(name) {
                    return Ok(family);
                }
            }
            (Module::Learning, "preprocessing" | "model_selection") => {
                return Ok(Item::Module(Module::Learning));
            }
            (Module::Sparse, "linalg") => return Ok(Item::Module(Module::Sparse)),
            (Module::NumPy, "random") => return Ok(Item::Module(Module::Random)),
            (Module::NumPy, "ma") => return Ok(Item::Module(Module::Masked)),
            (Module::NumPy, "lib" | "stride_tricks") => return Ok(Item::Module(Module::NumPy)),
            (Module::NumPy, "polynomial")
            | (
                Module::Polynomials,
                "polynomial" | "chebyshev" | "legendre" | "hermite" | "hermite_e" | "laguerre",
            ) => return Ok(Item::Module(Module::Polynomials)),
            (Module::NumPy, "mgrid") => return Ok(Item::Module(Module::Grid)),
            (Module::NumPy, "ogrid") => return Ok(Item::Module(Module::OpenGrid)),
            (Module::NumPy, "r_") => return Ok(Item::Module(Module::Rows)),
            (Module::NumPy, "c_") => return Ok(Item::Module(Module::Columns)),
            (Module::NumPy, "s_" | "index_exp") => return Ok(Item::Module(Module::Slices)),
            (Module::Distributions, "statespace") => return Ok(Item::Module(Module::StateSpace)),
            (Module::StateSpace, "core" | "models" | "structural" | "statespace" | "utils" | "constants") => {
                return Ok(Item::Module(Module::StateSpace));
            }
            (Module::Tensor, "special" | "extra_ops" | "basic" | "math" | "subtensor") => {
                return Ok(Item::Module(Module::Tensor));
            }
            (Module::PyTensor, "graph" | "compile") | (Module::Graph, "op" | "basic" | "ops") => {
                return Ok(Item::Module(Module::Graph));
            }
            (Module::Tensor, "type") => return Ok(Item::Module(Module::Tensor)),
            (Module::PyTensor, "tensor") => return Ok(Item::Module(Module::Tensor)),
            (Module::PyTensor, "xtensor") => return Ok(Item::Module(Module::Dims)),
            (Module::NumPyro, "handlers" | "contrib" | "control_flow" | "funsor" | "primitives") => {
                return Ok(Item::Module(Module::NumPyro));
            }
            (Module::NumPyro, "infer" | "optim")
            | (Module::NumPyroInference, "reparam" | "autoguide" | "initialization") => {
                return Ok(Item::Module(Module::NumPyroInference));
            }
            (Module::NumPyro, "distributions")
            | (Module::NumPyroDistributions, "transforms" | "constraints") => {
                return Ok(Item::Module(Module::NumPyroDistributions));
            }
            (Module::Jax, "nn" | "lax" | "random") => return Ok(Item::Module(Module::Jax)),
            (Module::Jax, "numpy") => return Ok(Item::Module(Module::JaxNumPy)),
            (Module::Jax, _) if let Some(function) = self.of_tensors(name) => {
                return Ok(Item::Function(function));
            }
            (Module::JaxNumPy, _) => return Module::NumPy.member(name, range),
            (Module::Tensor, "linalg" | "slinalg" | "nlinalg") | (Module::NumPy, "linalg") => {
                return Ok(Item::Module(Module::Linear));
            }
            (Module::PyMc | Module::Distributions, "distributions") => {
                return Ok(Item::Module(Module::Distributions));
            }
            (Module::Distributions, "transforms") => return Ok(Item::Module(Module::Transforms)),
            (Module::Distributions, _) if Self::find(&format!("pymc.distributions.{name}")).is_some() => {
                return Ok(Item::Module(Module::Distributions));
            }
            (Module::SciPy, _) => {
                let full = format!("scipy.{name}");
                return Ok(Self::find(&full).map_or_else(|| Item::Foreign(full.into()), Item::Module));
            }
            (Module::PyTensor, "config") => return options(range),
            (Module::Calendar, _) => {
                if let Some(names) = times::names(name, range)? {
                    return Ok(names);
                }
            }
            (Module::Transforms, _) => {
                if let Some(transform) = transforms::find(name) {
                    return Ok(transform);
                }
            }
            (Module::PyMc | Module::Distributions, _) => {
                if let Some(entry) = crate::distributions::find(name) {
                    return Ok(Item::Distribution(entry));
                }
            }
            (Module::NumPy | Module::PlainMath, "pi") => return constant(std::f64::consts::PI),
            (Module::NumPy | Module::PlainMath, "e") => return constant(std::f64::consts::E),
            (Module::NumPy | Module::PlainMath, "inf") => return constant(f64::INFINITY),
            (Module::NumPy | Module::PlainMath, "nan") => return constant(f64::NAN),
            (Module::NumPy, "newaxis") => return Ok(Item::None),
            (Module::NumPy | Module::PlainMath, "tau") if self == Module::PlainMath => {
                return constant(std::f64::consts::TAU);
            }
            (Module::NumPy, "euler_gamma") => return constant(0.577_215_664_901_532_9),
            (Module::NumPy, "str_") => return Ok(Item::TextType),
            (Module::NumPy, "number") => return Ok(Item::text("number")),
            (Module::NumPy, "float64" | "float32" | "float16" | "double" | "single" | "floating") => {
                return Ok(Item::Type(Kind::Float));
            }
            (
                Module::NumPy,
                "int64" | "int32" | "int16" | "int8" | "intp" | "int_" | "uint8" | "uint16" | "uint32"
                | "uint64" | "integer",
            ) => {
                return Ok(Item::Type(Kind::Int));
            }
            (Module::NumPy, "bool_" | "bool") => return Ok(Item::Type(Kind::Bool)),
            _ => {}
        }
        let weight = match matches!(self, Module::PyMc | Module::Distributions) && pymc::runs(name) {
            true => Weight::AfterTheModel,
            false => Weight::OutsideTheModel,
        };
        Err(self.unknown(name, range, weight))
    }

    /// The elementwise function of tensors under a name.
    fn of_tensors(self, name: &str) -> Option<Function> {
        let row = Module::Tensor.rows().find(|row| row.0 == name)?;
        Some(Function { module: self, row }).filter(Function::is_elementwise)
    }
}

/// `pytensor.config`: what models ask of it.
fn options(range: TextRange) -> Outcome<Item> {
    let mut table = super::item::Dict::default();
    table.insert(super::item::Key::Text("floatX".into()), Item::text("float64"), range)?;
    Ok(Item::Table(table.into()))
}
