//! what we remember
