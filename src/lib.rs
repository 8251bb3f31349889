//! Bayesian inference: thousands of Markov chains at once.
//!
//! Three ways lead to a posterior:
//!
//! - a model file in PyMC's syntax: [`Model::from_file`], or the `chainfire` command;
//! - the builder: [`Model::new`] with a function over a [`Scope`];
//! - a raw density: [`Density::new`] with any function of burn tensors for one chain.
//!
//! ```no_run
//! use chainfire::distributions::{HalfCauchy, Normal};
//! use chainfire::{Model, Settings};
//!
//! let model = Model::new(|m| {
//!     let mu = m.sample("mu", Normal::new(0.0, 5.0))?;
//!     let tau = m.sample("tau", HalfCauchy::new(5.0))?;
//!     m.observe("y", Normal::new(mu, tau), [1.0, 2.5, 0.7])?;
//!     Ok(())
//! })?;
//! let posterior = model.sample(&Settings::default())?;
//! chainfire::write_netcdf(&posterior.data, "posterior.nc".as_ref())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod density;

pub use chainfire_engine::adaptation::Metric;
pub use chainfire_engine::device::{Choice, Device, DeviceError, DeviceReport, Place, UnknownDevice};
pub use chainfire_engine::diagnostics::{SummaryRow, convergence_warnings, moments_warnings, summary};
pub use chainfire_engine::draws::{Attribute, Group, InferenceData, MOMENTS, read_netcdf, write_netcdf};
pub use chainfire_engine::mcmc::{Draws, Fitted, Init, Progress, RunRecord};
pub use chainfire_engine::run::{Adaptation, Sampler, Settings, free_memory};
pub use chainfire_engine::spelling::hint;
pub use chainfire_engine::vi::{Fit, FitProgress, FitSettings, Method as FitMethod, Outcome as FitOutcome};
#[cfg(feature = "gpu")]
pub use chainfire_kernels::tape::{Adapter, GpuDevice};
pub use chainfire_models::{
    Approximation, Begun, Coordinate, CustomTransform, Keep, Kind, Minibatch, Model, ModelError, Posterior,
    Run, Scanned, Scope, Selection, Site, Storage, Stored, Subscript, Transform, Turn, Value, check, data,
    distributions, finding, language,
};
pub use chainfire_report::{summary_json, summary_table};
pub use density::{Density, DensityRun};
