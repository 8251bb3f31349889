//! Models: functions over a scope, their variables, and the programs made of them.

mod bartlett;
mod change;
mod definition;
mod layout;
mod record;
mod rules;
mod scope;
mod shapes;
mod site;
mod source;
mod written;

pub(crate) use change::Change;
pub use definition::{DrawLayout, Evaluation, Model, Term};
pub use layout::{Minibatch, Role, Variable};
pub(crate) use record::Record;
pub use scope::Scope;
pub use site::Site;
pub(crate) use source::Source;
pub(crate) use written::{Asked, Evaluated, Questions, Written};
