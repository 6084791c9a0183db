//! The rules that the data must obey.
