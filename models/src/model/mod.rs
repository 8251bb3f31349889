//! Models: functions over a scope, their variables, and the programs made of them.

mod bartlett;
mod change;
mod definition;
mod layout;
mod rules;
mod scope;
mod site;

pub(crate) use change::Change;
pub use definition::{DrawLayout, Evaluation, Model, Term};
pub use layout::{Minibatch, Role, Variable};
pub use scope::Scope;
pub(crate) use scope::{Record, Source};
pub use site::Site;
