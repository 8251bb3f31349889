//! Fits of targets whose answers are known.
