//! The `millwright` program; everything it does lives in [`millwright::cli`].
fn main() {}
