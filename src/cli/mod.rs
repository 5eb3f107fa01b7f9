//! the program

pub mod check_config; // `millwright check-config`
