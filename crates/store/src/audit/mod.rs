//! The sealed record.
