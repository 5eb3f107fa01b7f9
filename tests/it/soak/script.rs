//! What people do while programs are killed: commands of every kind, edits, chatter, events that come twice.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use millwright::sandbox::{
    Effect, Fault, FaultAnswer, HookFault, IssueEdit, NewIssue, NewRepository, Rates, Role, When, World,
};

use super::dice::Dice;

/// Accounts with an installation each, and in each two repositories where people talk and one where nobody does.
const ACCOUNTS: [&str; 5] = ["acme", "borealis", "cobalt", "dune", "ember"];
const ISSUES: i64 = 3;

/// Who says what is said, and what came of it.
pub struct Script {
    inner: Mutex<Inner>,
}

struct Inner {
    world: World,
    dice: Dice,
    said: Vec<Said>,
    deleted: BTreeSet<i64>,
    rounds: u64,
}

/// A comment with commands.
#[derive(Debug, Clone)]
pub struct Said {
    pub repo: String,
    pub issue: i64,
    pub comment: i64,
    /// How many commands it has had from the beginning.
    pub commands: usize,
    /// How many an edit has added; they count only when the edit arrives within ten minutes.
    pub added: usize,
}

/// The repositories where people talk.
pub fn repositories() -> Vec<String> {
    ACCOUNTS.iter().flat_map(|account| ["app", "library"].map(|name| format!("{account}/{name}"))).collect()
}

/// Those where the bot has nothing to do.
pub fn quiet_repositories() -> Vec<String> {
    ACCOUNTS.iter().map(|account| format!("{account}/quiet")).collect()
}

/// Accounts, installations, repositories, files and issues; small, because the programs under test read them often.
pub fn furnish(world: &World) {
    // Receipts and reads of hours come within a minute here; the limits of content are GitHub's own.
    world.set_rates(Rates { points_per_minute: 1_000_000, core_per_hour: 1_000_000, ..Rates::default() });
    for account in ACCOUNTS {
        world.add_organization(account, &["ada"]);
        let names = ["app", "library", "quiet"].map(|name| format!("{account}/{name}"));
        for name in &names {
            world.add_repository(NewRepository::named(name));
            for (login, role) in [("ada", Role::Admin), ("tess", Role::Triage), ("rita", Role::Read)] {
                world.set_role(name, login, role).unwrap();
            }
            let files = [
                ("README.md", "# A service\n\nTests: `cargo test`.\n"),
                ("src/auth.rs", "//! Signing in.\n\npub fn sign_in(address: &str) -> u16 { 200 }\n"),
                ("config/app.toml", "session_minutes = 30\n"),
            ];
            world.add_files(name, &files).unwrap();
            for number in 1..=ISSUES {
                world.add_issue(name, "rita", issue(number)).unwrap();
            }
        }
        world.add_installation(account, &names.each_ref().map(String::as_str)).unwrap();
    }
}

fn issue(number: i64) -> NewIssue {
    let body = format!(
        "- [ ] after {} failed attempts within 60 s `src/auth.rs` must answer 429\n\
         - [ ] the limit is configurable in `config/app.toml`\n",
        number + 4
    );
    let title = format!("Limit failed sign-ins, part {number}");
    NewIssue { title, body: Some(body), ..NewIssue::default() }
}

impl Script {
    pub fn new(world: &World, dice: Dice) -> Self {
        let inner =
            Inner { world: world.clone(), dice, said: Vec::new(), deleted: BTreeSet::new(), rounds: 0 };
        Self { inner: Mutex::new(inner) }
    }

    /// From now on GitHub is slow on writes, loses the answer to some, and shows new comments late.
    pub fn rough(&self) {
        let inner = &mut *self.inner();
        let faults = inner.world.faults();
        for path in ["/repos/*/*/issues", "/repos/*/*/issues/*/comments"] {
            for (status, chance) in [(Some(502), 2), (None, 2)] {
                let effect = status.map_or(Effect::Cut, |status| Effect::Answer(FaultAnswer::status(status)));
                let when = When::Percent { chance, seed: inner.dice.roll() };
                faults.add(Fault::on("POST", path, effect).after().when(when));
            }
            let slow = || Fault::on("POST", path, Effect::Delay(Duration::from_millis(4)));
            faults.add(slow());
            faults.add(slow().after());
        }
        faults.set_comment_lag_ms(2_000);
    }

    /// Somebody does the next thing.
    pub fn go_on(&self) {
        self.inner().go_on();
    }

    /// Every comment with commands so far.
    pub fn said(&self) -> Vec<Said> {
        self.inner().said.clone()
    }

    /// A person deletes this comment of the bot's: it is not to come again.
    pub fn deletes(&self, login: &str, repo: &str, comment: i64) {
        let inner = &mut *self.inner();
        inner.world.act_as(login).delete_comment(repo, comment).unwrap();
        inner.deleted.insert(comment);
    }

    /// Comments of the bot's that people have deleted.
    pub fn deleted(&self) -> BTreeSet<i64> {
        self.inner().deleted.clone()
    }

    /// How many things were done.
    pub fn rounds(&self) -> u64 {
        self.inner().rounds
    }

    /// Somebody says it there.
    pub fn says(&self, login: &str, (repo, issue): (&str, i64), text: &str) -> i64 {
        let commands = text.lines().filter(|line| line.starts_with('/')).count();
        self.inner().say(login, (repo, issue), (text, commands))
    }

    /// It was said already, and nobody was told.
    pub fn was_said(&self, (repo, issue): (&str, i64), comment: i64, commands: usize) {
        if commands > 0 {
            let said = Said { repo: repo.to_owned(), issue, comment, commands, added: 0 };
            self.inner().said.push(said);
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }
}

impl Inner {
    fn go_on(&mut self) {
        self.rounds += 1;
        let repositories = repositories();
        let repo = self.dice.pick(&repositories).clone();
        let issue = i64::try_from(self.dice.between(1, ISSUES.unsigned_abs())).unwrap();
        if self.dice.percent(10) {
            self.world.faults().add_for_webhooks("issue_comment", 1, HookFault::Duplicate);
        }
        let here = (repo.as_str(), issue);
        match self.dice.below(100) {
            0..18 => self.say("rita", here, ("/status", 1)),
            18..30 => self.say("rita", here, ("/help", 1)),
            30..40 => self.say("rita", here, ("/items", 1)),
            40..46 => self.say("rita", here, ("/why 1", 1)),
            46..64 => self.say("tess", here, ("/enhance", 1)),
            64..76 => self.approve(here),
            76..80 => self.say("tess", here, ("/revise 1: at most 90 s", 1)),
            80..86 => self.say("ada", here, ("/status\n/help", 2)),
            86..89 => self.say("rita", here, ("/approve 1", 0)),
            89..92 => self.say("rita", here, ("Thank you, I had not thought of /dev/null.", 0)),
            92..94 => self.edit_the_issue(here),
            94..96 => self.edit_a_comment(""),
            96..98 => self.edit_a_comment("\n/status"),
            _ => self.tell_again(),
        };
    }

    fn say(&mut self, login: &str, (repo, issue): (&str, i64), (text, commands): (&str, usize)) -> i64 {
        let comment = self.world.act_as(login).comment(repo, issue, text).unwrap();
        if commands > 0 {
            self.said.push(Said { repo: repo.to_owned(), issue, comment, commands, added: 0 });
        }
        comment
    }

    /// The newest plan of the issue; where there is none, the answer says so.
    fn approve(&mut self, (repo, issue): (&str, i64)) -> i64 {
        let comments = self.world.comments(repo, issue);
        let newest = comments.iter().filter_map(|comment| revision(&comment.body)).max();
        self.say("ada", (repo, issue), (&format!("/approve {}", newest.unwrap_or(1)), 1))
    }

    fn edit_the_issue(&mut self, (repo, number): (&str, i64)) -> i64 {
        let body = issue(10 + i64::try_from(self.rounds).unwrap()).body;
        let edit = IssueEdit { body: Some(body), ..IssueEdit::default() };
        self.world.act_as("rita").edit_issue(repo, number, edit).unwrap();
        number
    }

    /// What it said stays as it was; `more` comes behind.
    fn edit_a_comment(&mut self, more: &str) -> i64 {
        if self.said.is_empty() {
            return 0;
        }
        let at = usize::try_from(self.dice.below(self.said.len() as u64)).unwrap();
        let said = &mut self.said[at];
        let comments = self.world.comments(&said.repo, said.issue);
        let Some(comment) = comments.into_iter().find(|comment| comment.id == said.comment) else { return 0 };
        said.added += usize::from(!more.is_empty());
        let text = format!("{}{more}\n", comment.body.trim_end());
        let author = comment.author.unwrap();
        self.world.act_as(&author).edit_comment(&said.repo, said.comment, &text).unwrap();
        said.comment
    }

    /// The same event under another GUID.
    fn tell_again(&mut self) -> i64 {
        let log = self.world.webhook_log();
        let comments: Vec<_> = log.iter().filter(|sent| sent.event == "issue_comment").collect();
        if comments.is_empty() {
            return 0;
        }
        let sent = *self.dice.pick(&comments);
        self.world.add_webhook("issue_comment", (*sent.payload).clone())
    }
}

/// `rev 3 ·` in a plan's last line.
pub fn revision(body: &str) -> Option<i64> {
    let (_, behind) = body.rsplit_once("<sub>rev ")?;
    behind.split(' ').next()?.parse().ok()
}
