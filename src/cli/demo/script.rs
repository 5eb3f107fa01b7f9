//! The whole story without a person, through the very code of production: it prints each comment and looks at what became of it.

mod patience; // waiting for an answer
mod story; // who says what, and what has to come of it
#[cfg(test)]
mod tests;

use std::io::{self, Write};
use std::sync::Arc;

use crate::cli::demo::running::Running;
use crate::cli::demo::script::patience::Patience;
use crate::cli::demo::script::story::{SCENES, Scene};
use crate::cli::terminal::{Exit, hung_up};
use crate::clock::Clock;
use crate::domain::failure::BoxError;
use crate::sandbox::{Comment, REPOSITORY, World};

/// The story begins on 2026-03-02 at 09:00 UTC, a Monday, so that it is the same on every day.
const BEGIN_MS: i64 = 1_772_442_000_000;

/// Where this GitHub's pages would be.
const WEB_URL: &str = "https://github.example";

/// The issue that the story is about.
const ISSUE: i64 = 2;

/// Plays the story in the default world; `out` takes the story, `err` one line for each thing that is missing.
pub async fn run(out: &mut dyn Write, err: &mut dyn Write) -> Exit {
    play(|_| {}, out, err).await
}

/// As [`run`], in a world that `furnish` may have changed.
async fn play(furnish: impl FnOnce(&World), out: &mut dyn Write, err: &mut dyn Write) -> Exit {
    let missing = match tell(furnish, out).await {
        Ok(missing) => missing,
        Err(error) if hung_up(&*error) => return Exit::Done,
        Err(error) => vec![format!("the demo could not go on: {error}")],
    };
    for line in &missing {
        // A closed terminal cannot be told about.
        let _ = writeln!(err, "Missing: {line}");
    }
    if missing.is_empty() { Exit::Done } else { Exit::Failed }
}

async fn tell(furnish: impl FnOnce(&World), out: &mut dyn Write) -> Result<Vec<String>, BoxError> {
    let (clock, hand) = Clock::manual(BEGIN_MS);
    let time = clock.clone();
    let world = World::with_defaults(Arc::new(move || time.now_ms()));
    furnish(&world);
    let running = Running::start(world, clock, WEB_URL).await?;
    let told = Teller { patience: Patience { running: &running, hand }, out }.tell().await;
    running.stop().await;
    told
}

struct Teller<'a> {
    patience: Patience<'a>,
    out: &'a mut dyn Write,
}

impl Teller<'_> {
    async fn tell(&mut self) -> Result<Vec<String>, BoxError> {
        self.open()?;
        let (mut missing, mut held) = (Vec::new(), 0);
        for scene in SCENES {
            let answered = self.perform(scene).await?;
            for expected in scene.expected {
                match (expected.holds)(&self.patience.running.world) {
                    true => held += 1,
                    false => missing.push(format!("after `{}`: {}", scene.says, expected.what)),
                }
            }
            if let Err(why) = answered {
                missing.push(format!("an answer to `{}`: {why}", scene.says));
            }
            // What follows builds on it, and would only repeat that it is missing.
            if !missing.is_empty() {
                break;
            }
        }
        if missing.is_empty() {
            writeln!(self.out, "Everything came as expected: {held} facts, read from the sandbox's state.")?;
        }
        Ok(missing)
    }

    fn open(&mut self) -> io::Result<()> {
        let Some(issue) = self.patience.running.world.issue(REPOSITORY, ISSUE) else { return Ok(()) };
        writeln!(self.out, "Issue #{ISSUE} of {REPOSITORY}: {}", issue.title)?;
        self.print(&issue.author.unwrap_or_default(), &issue.body.unwrap_or_default())
    }

    /// Plays one scene; the inner error says why no answer came.
    async fn perform(&mut self, scene: &Scene) -> Result<Result<(), String>, BoxError> {
        let world = self.patience.running.world.clone();
        let before: Vec<i64> = world.comments(REPOSITORY, ISSUE).iter().map(|comment| comment.id).collect();
        writeln!(self.out, "== {}\n", scene.heading)?;
        let typed = world.act_as(scene.login).comment(REPOSITORY, ISSUE, scene.says)?;
        self.print(scene.login, scene.says)?;
        let answered = self.patience.until_answered(typed).await?;
        let after = world.comments(REPOSITORY, ISSUE);
        for comment in after.iter().filter(|comment| comment.id == typed) {
            let reactions = reactions(comment);
            writeln!(self.out, "{} reacts with {reactions}\n", self.patience.bot())?;
        }
        for comment in after.iter().filter(|comment| comment.id != typed && !before.contains(&comment.id)) {
            self.print(&comment.author.clone().unwrap_or_default(), visible(&comment.body))?;
        }
        let shown = (scene.shown)(&world);
        for (number, line) in &shown {
            writeln!(self.out, "#{number} {line}")?;
        }
        if !shown.is_empty() {
            writeln!(self.out)?;
        }
        Ok(answered)
    }

    fn print(&mut self, author: &str, text: &str) -> io::Result<()> {
        writeln!(self.out, "{author}:")?;
        for line in text.trim_end().lines() {
            writeln!(self.out, "{}", format!("  | {line}").trim_end())?;
        }
        writeln!(self.out)
    }
}

/// A comment as people see it: without the hidden marker.
pub fn visible(body: &str) -> &str {
    body.split("<!-- millwright:").next().unwrap_or_default().trim_end()
}

fn reactions(comment: &Comment) -> String {
    let faces = comment.reactions.iter().map(|reaction| face(&reaction.content));
    let faces = faces.collect::<Vec<_>>().join(" ");
    if faces.is_empty() { "nothing".to_owned() } else { faces }
}

/// The picture behind GitHub's word for a reaction.
pub fn face(content: &str) -> &str {
    match content {
        "+1" => "👍",
        "-1" => "👎",
        "laugh" => "😄",
        "hooray" => "🎉",
        "confused" => "😕",
        "heart" => "❤️",
        "rocket" => "🚀",
        "eyes" => "👀",
        other => other,
    }
}
