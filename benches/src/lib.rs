//! Nothing: the benches are in `benches/`, one file a kernel, sampler or program.
