//! `millwright simulate`: one delivery, worked off by the real bot against a sandbox that is made from its payload.

mod input;
mod shallow;
mod output;

use std::io::{self, Write as _};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use serde::Serialize;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::cli::demo::folder::Folder;
use crate::cli::demo::stage::{Scene, Stage};
use crate::cli::simulate::input::Given;
use crate::cli::start::block_on;
use crate::cli::terminal::{Exit, complain};
use crate::clock::{Clock, ClockHand};
use crate::ctx::crash::CrashPoints;
use crate::domain::failure::BoxError;
use crate::queue::Step;
use crate::sandbox::{Deliverer, World};
use crate::telemetry::audit::Audit;

/// What `simulate` is asked to do.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The event, as in the header `X-GitHub-Event`
    #[arg(long, value_name = "NAME")]
    event: String,
    /// The payload as JSON; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    payload: String,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// What came of a delivery.
#[derive(Debug, Serialize)]
struct Simulated {
    /// The payload's `action`.
    action: Option<String>,
    /// How the receiver answered it.
    answer: u16,
    /// What the sandbox was given beyond the payload.
    notes: Vec<String>,
    /// What would be written to GitHub, in order.
    writes: Vec<Write>,
    /// Why nothing would be written, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    silence: Option<String>,
    /// Why jobs ended dead.
    dead: Vec<String>,
}

/// One request that writes.
#[derive(Debug, Serialize)]
struct Write {
    method: String,
    path: String,
    /// The sandbox's answer; none for a connection that was cut.
    status: Option<u16>,
    body: Option<Value>,
}

/// Waits that are skipped, at most; more would be a loop.
const LONGEST_STORY: usize = 1000;

/// Exit 0 with the writes, also when a job ended dead (that is what would happen, and it is told); 2 with one line when there is
/// nothing to simulate.
pub fn run(arguments: &Arguments) -> Exit {
    let given = match input::read(&arguments.event, &arguments.payload) {
        Ok(given) => given,
        Err(problem) => {
            complain(problem);
            return Exit::Usage;
        }
    };
    block_on(async {
        match simulate(given).await {
            Ok(simulated) => print(&simulated, arguments),
            Err(error) => {
                complain(format_args!("The sandbox could not be set up: {error}"));
                Exit::Usage
            }
        }
    })
}

fn print(simulated: &Simulated, arguments: &Arguments) -> Exit {
    let text = match arguments.format {
        Format::Text => output::text(simulated, &arguments.event),
        Format::Json => output::json(simulated),
    };
    // A closed terminal cannot be told about.
    let _ = io::stdout().write_all(text.as_bytes());
    Exit::Done
}

async fn simulate(given: Given) -> Result<Simulated, BoxError> {
    let (clock, hand) = Clock::manual(given.time_ms);
    let time = clock.clone();
    let world = World::new(Arc::new(move || time.now_ms()));
    world.set_html_url("https://github.com");
    let notes = given.furnish(&world)?;
    let folder = Folder::new()?;
    let scene = Scene {
        world: &world,
        clock: clock.clone(),
        database_url: &folder.database_url(),
        variables: &[],
        crash: CrashPoints::default(),
        audit: Audit::off(),
    };
    let shutdown = CancellationToken::new();
    let app = Stage::open(scene).await?.receive(shutdown.clone());
    let silence = input::silence((&given.event, &given.payload), world.app().slug);
    let attempt = world.add_webhook(&given.event, given.payload);
    work(&app, &world, &hand).await?;
    shutdown.cancel();
    let outcome = world.webhook_log().into_iter().find(|delivery| delivery.id == attempt);
    let dead = app.ctx.store.jobs().dead_list(10).await?;
    let action = outcome.as_ref().and_then(|delivery| delivery.action.clone());
    let writes = output::writes(&world);
    Ok(Simulated {
        action,
        silence: silence.filter(|_| writes.is_empty()),
        answer: outcome.and_then(|delivery| delivery.outcome).map_or(0, |outcome| outcome.status_code),
        notes,
        writes,
        dead: dead.into_iter().map(|job| job.last_error.unwrap_or(job.name)).collect(),
    })
}

/// Delivers and works until nothing is left; waits are skipped.
async fn work(app: &App, world: &World, hand: &ClockHand) -> Result<(), BoxError> {
    let (worker, deliverer) = (app.worker("simulate"), Deliverer::default());
    for _ in 0..LONGEST_STORY {
        deliverer.deliver_pending(world).await;
        match worker.step().await? {
            Step::Worked => {}
            Step::Idle { next_run_at_ms: Some(at) } => hand.advance_ms((at - world.now()).max(1)),
            Step::Idle { next_run_at_ms: None } if world.waiting_webhooks() == 0 => return Ok(()),
            Step::Idle { next_run_at_ms: None } => {}
        }
    }
    Err(format!("the work did not come to its end in {LONGEST_STORY} steps").into())
}
