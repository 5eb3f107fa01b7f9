//! Waiting for an answer: woken by the sandbox's changes, over waits of the bot by moving the clock, and never for ever.

use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::cli::demo::running::Running;
use crate::cli::demo::script::ISSUE;
use crate::clock::ClockHand;
use crate::domain::failure::BoxError;
use crate::sandbox::REPOSITORY;
use crate::store::StoreError;

/// An answer takes a fraction of a second; after so long something is wrong.
const LONGEST: Duration = Duration::from_secs(30);

/// How often we look whether the bot waits for a later time, or has given up; the sandbox cannot tell that.
const LOOK: Duration = Duration::from_millis(100);

/// Waits for the bot.
pub struct Patience<'a> {
    /// Who is waited for.
    pub running: &'a Running,
    /// The clock of both sides.
    pub hand: ClockHand,
}

impl Patience<'_> {
    /// The bot's login.
    pub fn bot(&self) -> String {
        format!("{}[bot]", self.running.world.app().slug)
    }

    /// Waits until the bot has put its final receipt under a comment; the inner error says why it never will.
    pub async fn until_answered(&self, comment: i64) -> Result<Result<(), String>, BoxError> {
        match timeout(LONGEST, self.watch(comment)).await {
            Ok(watched) => Ok(watched?),
            Err(_) => Ok(Err(format!("none came within {} s", LONGEST.as_secs()))),
        }
    }

    async fn watch(&self, comment: i64) -> Result<Result<(), String>, StoreError> {
        let mut changes = self.running.world.changes();
        let mut looks = interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            if self.is_answered(comment) {
                return Ok(Ok(()));
            }
            tokio::select! {
                change = changes.recv() => if let Err(RecvError::Closed) = change {
                    return Ok(Err("the sandbox is gone".to_owned()));
                },
                _ = looks.tick() => if let Some(why) = self.look().await? {
                    return Ok(Err(why));
                },
            }
        }
    }

    /// 🚀 where all went well, 😕 where something was refused.
    fn is_answered(&self, comment: i64) -> bool {
        let bot = self.bot();
        let comments = self.running.world.comments(REPOSITORY, ISSUE);
        comments.iter().filter(|said| said.id == comment).flat_map(|said| &said.reactions).any(|reaction| {
            reaction.user == bot && matches!(reaction.content.as_str(), "rocket" | "confused")
        })
    }

    /// Says why the bot has given up; where it only waits for a later time, makes it that time.
    async fn look(&self) -> Result<Option<String>, StoreError> {
        let jobs = self.running.store.jobs();
        if let Some(dead) = jobs.dead_list(1).await?.pop() {
            let why = dead.last_error.unwrap_or_default();
            return Ok(Some(format!("the bot gave up after {} tries: {why}", dead.attempts)));
        }
        let counts = jobs.counts().await?;
        if counts.open + counts.running == 0
            && let Some(at_ms) = jobs.next_run_at().await?
        {
            self.hand.advance_ms((at_ms - self.running.store.clock().now_ms()).max(0));
            self.running.store.wake();
        }
        Ok(None)
    }
}
