//! The `millwright` program; everything it does lives in [`millwright::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    millwright::cli::main()
}
