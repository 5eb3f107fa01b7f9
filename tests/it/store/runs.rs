//! Runs: halted and resumed with their commands and jobs, all or nothing, once per command that asks.

use millwright::domain::ids::{CommentId, IssueNumber, RepoId};
use millwright::store::{
    Accepted, CommandId, CommandState, Ending, Halt, JobState, NewCommand, RepoStore, Resumption, Run,
    RunState, Settled,
};

use super::bench::{Bench, in_lane, job, on_both};

const ISSUE: IssueNumber = IssueNumber(7);

fn repo(bench: &Bench) -> RepoStore {
    bench.store.repo(RepoId(1))
}

fn command(name: &str) -> NewCommand {
    NewCommand {
        comment: CommentId(99),
        key: format!("{name}-1"),
        issue: ISSUE,
        actor: "ada".to_owned(),
        name: name.to_owned(),
        line: name.to_owned(),
    }
}

/// A run with its job in the lane `work`.
async fn begin(repo: &RepoStore, name: &str) -> Run {
    let accepted = repo.commands().accept_run(&command(name), |_| Ok(in_lane(name, "work"))).await.unwrap();
    assert_eq!(accepted, Accepted::New);
    let id = repo.commands().by_key(CommentId(99), &format!("{name}-1")).await.unwrap().unwrap().id;
    repo.runs().of_command(id).await.unwrap().unwrap()
}

/// A command that answers at once, such as `stop`.
async fn asks(repo: &RepoStore, name: &str) -> CommandId {
    repo.commands().accept(&command(name), |_| Ok(job(name))).await.unwrap();
    repo.commands().by_key(CommentId(99), &format!("{name}-1")).await.unwrap().unwrap().id
}

async fn states(repo: &RepoStore, run: &Run) -> (RunState, CommandState) {
    let command = repo.commands().get(run.command.unwrap()).await.unwrap().unwrap();
    (repo.runs().of_command(command.id).await.unwrap().unwrap().state, command.state)
}

async fn end(repo: &RepoStore, of: &Run, (run, state): (RunState, CommandState)) {
    let ending = Ending { command: of.command.unwrap(), run, state, note: None };
    assert_eq!(repo.runs().settle(&ending).await.unwrap(), Settled::Written);
}

#[tokio::test]
async fn a_command_gets_its_run_and_its_job_together() {
    on_both(async |bench: &Bench| {
        let repo = repo(bench);
        let run = begin(&repo, "enhance").await;
        assert_eq!((run.issue, run.kind.as_str(), run.state), (ISSUE, "enhance", RunState::Running));
        assert_eq!(run.payload, "enhance", "what its job needs");
        let again =
            repo.commands().accept_run(&command("enhance"), |_| Ok(in_lane("b", "work"))).await.unwrap();
        assert_eq!(again, Accepted::Seen);
        assert_eq!(repo.runs().of_issue(ISSUE).await.unwrap(), std::slice::from_ref(&run));
        assert_eq!(bench.work_off().await, ["enhance"]);
        assert!(!repo.runs().is_stopped(run.id).await.unwrap());
        let foreign = bench.store.repo(RepoId(2));
        assert!(foreign.runs().is_stopped(run.id).await.unwrap(), "unknown there");
        assert_eq!(foreign.runs().of_command(run.command.unwrap()).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_stop_halts_runs_commands_and_jobs_and_finds_them_again() {
    on_both(async |bench: &Bench| {
        let repo = repo(bench);
        let (one, two, done) =
            (begin(&repo, "enhance").await, begin(&repo, "approve").await, begin(&repo, "revise").await);
        end(&repo, &done, (RunState::Done, CommandState::Done)).await;
        let by = asks(&repo, "stop").await;
        let halt = Halt { by, issue: ISSUE, lane: "work", why: "stopped by ada" };
        assert_eq!(repo.runs().halt(&halt).await.unwrap(), [one.id, two.id], "what is done is not halted");
        for run in [&one, &two] {
            assert_eq!(states(&repo, run).await, (RunState::Stopped, CommandState::Stopped));
            assert!(repo.runs().is_stopped(run.id).await.unwrap());
        }
        assert_eq!(states(&repo, &done).await, (RunState::Done, CommandState::Done));
        assert_eq!(repo.runs().halt(&halt).await.unwrap(), [one.id, two.id], "asked again");
        let other = Halt { by: asks(&repo, "stop-2").await, ..halt };
        assert_eq!(repo.runs().halt(&other).await.unwrap(), [], "nothing is left for another stop");
        assert_eq!(bench.work_off().await, ["stop", "stop-2"]);
    })
    .await;
}

#[tokio::test]
async fn going_on_queues_each_run_once() {
    on_both(async |bench: &Bench| {
        let repo = repo(bench);
        let run = begin(&repo, "enhance").await;
        let stop = asks(&repo, "stop").await;
        let halt = Halt { by: stop, issue: ISSUE, lane: "work", why: "stopped by ada" };
        repo.runs().halt(&halt).await.unwrap();
        let by = asks(&repo, "continue").await;
        let resumptions = [Resumption { run: run.id, job: in_lane("enhance again", "work") }];
        assert_eq!(repo.runs().resume(by, &resumptions).await.unwrap(), [run.id]);
        assert_eq!(states(&repo, &run).await, (RunState::Running, CommandState::Accepted));
        assert_eq!(repo.runs().resume(by, &resumptions).await.unwrap(), [run.id], "asked again");
        assert_eq!(
            repo.runs().halt(&halt).await.unwrap(),
            [run.id],
            "the stop is over, and says what it did"
        );
        assert_eq!(states(&repo, &run).await, (RunState::Running, CommandState::Accepted));
        let other = asks(&repo, "continue-2").await;
        assert_eq!(repo.runs().resume(other, &resumptions).await.unwrap(), [], "it runs already");
        assert_eq!(bench.work_off().await, ["stop", "continue", "enhance again", "continue-2"]);
    })
    .await;
}

#[tokio::test]
async fn what_was_stopped_meanwhile_does_not_end_otherwise() {
    on_both(async |bench: &Bench| {
        let repo = repo(bench);
        let run = begin(&repo, "enhance").await;
        let command = run.command.unwrap();
        let stop = asks(&repo, "stop").await;
        // Begun after the stop has looked: it is halted with its job, for the store looks itself.
        let later = begin(&repo, "approve").await;
        let halt = Halt { by: stop, issue: ISSUE, lane: "work", why: "stopped by ada" };
        assert_eq!(repo.runs().halt(&halt).await.unwrap(), [run.id, later.id]);
        let ending = Ending { command, run: RunState::Done, state: CommandState::Done, note: None };
        assert_eq!(repo.runs().settle(&ending).await.unwrap(), Settled::Stopped);
        assert_eq!(states(&repo, &run).await, (RunState::Stopped, CommandState::Stopped));
        let resumptions = [Resumption { run: run.id, job: in_lane("enhance again", "work") }];
        let by = asks(&repo, "continue").await;
        assert_eq!(repo.runs().resume(by, &resumptions).await.unwrap(), [run.id]);
        assert_eq!(repo.runs().settle(&ending).await.unwrap(), Settled::Written);
        assert_eq!(states(&repo, &run).await, (RunState::Done, CommandState::Done));
        // Whoever comes late changes nothing of how it ended.
        let late = Ending { command, run: RunState::Failed, state: CommandState::Failed, note: Some("late") };
        assert_eq!(repo.runs().settle(&late).await.unwrap(), Settled::Written);
        assert_eq!(states(&repo, &run).await, (RunState::Done, CommandState::Done));
        assert!(!repo.commands().set_state(command, CommandState::Running, None).await.unwrap());
        assert_eq!(states(&repo, &run).await, (RunState::Done, CommandState::Done));
        // A command without a run ends all the same.
        let answered = Ending { command: by, note: Some("n"), ..ending };
        assert_eq!(repo.runs().settle(&answered).await.unwrap(), Settled::Written);
        let row = repo.commands().get(by).await.unwrap().unwrap();
        assert_eq!((row.state, row.note.as_deref()), (CommandState::Done, Some("n")));
    })
    .await;
}

#[tokio::test]
async fn a_dead_job_comes_back_with_its_command_and_its_run() {
    on_both(async |bench: &Bench| {
        let repo = repo(bench);
        let run = begin(&repo, "enhance").await;
        let command = run.command.unwrap();
        let claimed = bench.claim("w").await.unwrap();
        assert!(!repo.commands().retry(command, claimed.fence.job()).await.unwrap(), "it runs");
        end(&repo, &run, (RunState::Failed, CommandState::Failed)).await;
        bench.store.jobs().dead(&claimed.fence, "422").await.unwrap();
        assert!(repo.commands().retry(command, claimed.fence.job()).await.unwrap());
        assert_eq!(states(&repo, &run).await, (RunState::Running, CommandState::Accepted));
        let back = bench.store.jobs().get(claimed.fence.job()).await.unwrap().unwrap();
        assert_eq!((back.state, back.attempts), (JobState::Ready, 0));
    })
    .await;
}
