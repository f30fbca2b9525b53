//! The `kamara` command.

mod commands;

use std::process::ExitCode;

use clap::Parser as _;

#[tokio::main]
async fn main() -> ExitCode {
    match commands::run(commands::Command::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kamara: {error:#}");
            ExitCode::FAILURE
        }
    }
}
