//! Checks and dry runs answer as the real thing would, and change nothing (A10).
