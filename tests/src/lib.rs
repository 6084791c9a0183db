//! Nothing: this crate is its one test binary, `tests/it`, where the product is used as its users use it.
