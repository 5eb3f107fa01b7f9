//! `millwright demo`: the real bot in front of a GitHub that runs in memory.

pub mod stage; // the bot and the sandbox, wired over loopback
pub mod folder; // where the demo's database lies
mod running; // a stage at work
mod script; // the story without a person
mod html; // text as HTML
mod drawing; // pictures of what waits for what
mod view; // what the page shows
mod site; // the page

use std::io;
use std::sync::Arc;

use clap::Args;
use tokio::net::TcpListener;

use crate::cli::demo::running::Running;
use crate::cli::demo::site::Site;
use crate::cli::start::{block_on, told_to_stop};
use crate::cli::terminal::{Exit, complain, say};
use crate::clock::Clock;
use crate::domain::failure::BoxError;
use crate::sandbox::World;
use crate::telemetry::logs::{self, LogOptions};
use crate::telemetry::redact::Redactor;

/// What `demo` is asked to do.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Play the whole story without a person and print each comment; exit 1 when something is missing
    #[arg(long)]
    script: bool,

    /// Where the page is served on this machine; 0 takes a free port. `--script` serves no page
    #[arg(long, default_value_t = 3000)]
    port: u16,
}

/// Runs the demo. It reads no variable of the environment and speaks to no one but itself.
pub fn run(arguments: &Arguments) -> Exit {
    if arguments.script {
        return block_on(script::run(&mut io::stdout(), &mut io::stderr()));
    }
    block_on(serve(arguments.port))
}

async fn serve(port: u16) -> Exit {
    let served = match TcpListener::bind(("127.0.0.1", port)).await {
        Ok(listener) => play(listener).await,
        Err(error) => Err(no_port(port, &error).into()),
    };
    match served {
        Ok(()) => Exit::Done,
        Err(error) => {
            complain(error);
            Exit::Failed
        }
    }
}

fn no_port(port: u16, error: &io::Error) -> String {
    let why = match error.kind() {
        io::ErrorKind::AddrInUse => "is taken".to_owned(),
        _ => format!("cannot be used ({error})"),
    };
    format!("Port {port} {why}; choose another, such as `--port 3001`, or a free one with `--port 0`.")
}

/// Serves the page until the process is told to stop.
async fn play(listener: TcpListener) -> Result<(), BoxError> {
    let origin = format!("http://{}", listener.local_addr()?);
    let clock = Clock::system(0);
    let time = clock.clone();
    let world = World::with_defaults(Arc::new(move || time.now_ms()));
    log_problems(&world)?;
    let running = Running::start(world.clone(), clock, &origin).await?;
    say(format_args!("Open {origin}/ in a browser. Nothing leaves this machine; Ctrl+C ends the demo."));
    let site = site::routes(Site { world, origin });
    // Pages that follow along never hang up, so nobody waits for them.
    let served = tokio::select! {
        served = async { axum::serve(listener, site).await } => served,
        () = told_to_stop() => Ok(()),
    };
    running.stop().await;
    Ok(served?)
}

/// Warnings and errors on standard error, without the sandbox's secrets.
fn log_problems(world: &World) -> Result<(), BoxError> {
    let app = world.app();
    let redactor = Redactor::new(&[app.webhook_secret.into(), app.private_key_pem.into()])?;
    let options = LogOptions { filter: "warn".to_owned(), ..LogOptions::default() };
    logs::install(&options, redactor).map_err(BoxError::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_taken_port_is_said_with_the_way_out() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = TcpListener::bind(("127.0.0.1", port)).await.unwrap_err();
        assert_eq!(
            no_port(port, &error),
            format!(
                "Port {port} is taken; choose another, such as `--port 3001`, or a free one with `--port 0`."
            )
        );
        assert_eq!(serve(port).await, Exit::Failed);
    }
}
