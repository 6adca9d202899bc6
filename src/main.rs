//! The program: a command line on top of the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    huiyuan::cli::run()
}
