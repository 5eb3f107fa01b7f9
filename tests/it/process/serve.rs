//! `millwright serve` against the sandbox: from GitHub's example to the comment, through signals, crashes and restarts.

use std::fs;
use std::io::Write as _;

use millwright::sandbox::{Deliverer, Effect, Fault, When};
use millwright::store::{JobRow, JobState};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::time::timeout;

use super::program::{PATIENCE, Program, command, run, variables};
use super::stage::{GUID, Stage, comment, get, on_both, own, serve, text};

#[tokio::test]
async fn githubs_own_example_is_answered_with_a_plan() {
    let stage = Stage::open(comment()).await;
    let (program, address) = serve(&stage.variables(&[])).await;
    assert_eq!(stage.post(&address).await, Some(202));
    let plan = stage.until(|| stage.answers().pop()).await.body;
    assert!(plan.contains("<sub>rev 1 · base "), "{plan}");
    stage.done().await;
    program.signal("TERM");
    let ended = program.ended().await;
    assert_eq!(ended.code, Some(0), "{}", ended.err.join("\n"));
    assert_eq!(ended.out, [format!("Listening on {address}")], "scripts read standard output");
    assert_eq!(stage.answers().len(), 1);
    stage.nothing_left().await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn f16_a_log_that_takes_no_more_costs_its_lines_and_not_the_service() {
    let stage = Stage::open(comment()).await;
    let mut program = Program::behind("exec 2>/dev/full", &[], &stage.variables(&[]));
    let address = program.says("Listening on http://").await;
    assert_eq!(get(&format!("http://{address}/healthz")).await, Some(200));
    program.signal("TERM");
    assert_eq!(program.ended().await.code, Some(0));
}

#[tokio::test]
async fn f22_an_interrupt_ends_it_in_order_too() {
    let stage = Stage::open(comment()).await;
    let (program, _) = serve(&stage.variables(&[])).await;
    program.signal("INT");
    assert_eq!(program.ended().await.code, Some(0));
}

/// A request that GitHub never answers holds a job: it is handed back, and what comes meanwhile is kept.
#[tokio::test]
async fn f22_told_to_stop_it_turns_red_takes_deliveries_and_hands_its_job_back() {
    let stage = Stage::open(comment()).await;
    let hang = Fault::on("POST", "/repos/*/*/issues/*/comments", Effect::Hang).when(When::First(1));
    stage.world.faults().add(hang);
    let (program, address) = serve(&stage.variables(&[])).await;
    assert_eq!(get(&format!("{address}/readyz")).await, Some(200));
    assert_eq!(stage.post(&address).await, Some(202));
    let hangs = async {
        while !stage.world.requests().iter().any(|one| one.content && one.path.ends_with("/1/comments")) {
            get(&format!("{address}/healthz")).await;
        }
    };
    timeout(PATIENCE, hangs).await.unwrap();
    program.signal("TERM");
    let red = async { while get(&format!("{address}/readyz")).await == Some(200) {} };
    timeout(PATIENCE, red).await.unwrap();
    assert_eq!(get(&format!("{address}/readyz")).await, Some(503));
    assert_eq!(stage.post_as("another-guid", &address).await, Some(202));
    assert_eq!(program.ended().await.code, Some(0));
    let jobs = stage.jobs().await;
    let left = jobs.iter().filter(|job| job.state != JobState::Done).map(|job| job.state).collect::<Vec<_>>();
    assert_eq!(left, [JobState::Ready; 2], "{jobs:#?}");
    goes_on(&stage).await;
}

#[tokio::test]
async fn f1_killed_after_the_202_the_command_is_answered_once() {
    let stage = Stage::open(comment()).await;
    let (program, address) = serve(&stage.variables(&[])).await;
    assert_eq!(stage.post(&address).await, Some(202));
    program.signal("KILL");
    assert_eq!(program.ended().await.code, None);
    goes_on(&stage).await;
}

#[tokio::test]
async fn f1_crashed_before_the_answer_the_delivery_is_kept() {
    crashed_at("after_commit_before_ack", None).await;
}

#[tokio::test]
async fn f1_crashed_before_the_work_the_command_is_answered_once() {
    crashed_at("mid_claim", Some(202)).await;
}

#[tokio::test]
async fn f2_crashed_behind_the_post_there_is_one_comment() {
    crashed_at("after_post_before_remote_id", Some(202)).await;
}

/// Ends itself at a crash point, and the next start finishes what was begun.
async fn crashed_at(point: &str, answer: Option<u16>) {
    let stage = Stage::open(comment()).await;
    let (program, address) = serve(&stage.variables(&[("MILLWRIGHT_CRASH_AT", point)])).await;
    assert_eq!(stage.post(&address).await, answer);
    let ended = program.ended().await;
    assert_eq!(ended.code, None, "it was to crash: {}", ended.err.join("\n"));
    goes_on(&stage).await;
}

/// A second start, after every lease and every wait of the first has run out, brings the command to its end; once.
async fn goes_on(stage: &Stage) {
    let (program, address) = serve(&stage.variables(&[("MILLWRIGHT_CLOCK_OFFSET_S", "90")])).await;
    stage.done().await;
    assert_eq!(stage.post(&address).await, Some(200), "seen before");
    program.signal("TERM");
    assert_eq!(program.ended().await.code, Some(0));
    assert_eq!(stage.answers().len(), 1);
    stage.nothing_left().await;
}

/// The command runs into the same end in life after life, until its attempts are used up.
const ATTEMPTS: usize = 8;
/// Room for the program (it needs 0.3 GB of addresses, little of it memory), and no more.
const KIBIBYTES: u32 = 1_000_000;

/// What a job does each time it runs.
struct Trouble<'a> {
    at: &'a str,
    ends_its_process: bool,
    /// What is said of it in the end.
    told: &'a str,
}

/// F20: such a job is dead in the end, everybody can see it, other lanes were worked off meanwhile, and it can be queued again.
async fn f20_ends_dead(trouble: Trouble<'_>) {
    // A command that computes nothing: a plan of a debug build may keep its thread for seconds, and that is another trouble.
    let mut payload = own();
    payload["comment"]["body"] = json!("/help");
    on_both(payload, async |stage: Stage| ends_dead(&stage, &trouble).await).await;
}

async fn ends_dead(stage: &Stage, trouble: &Trouble<'_>) {
    let mut offset_s = 0;
    for life in 0..ATTEMPTS {
        // Each life begins when the lease of the one before has run out, and the longest wait after it.
        let later = offset_s.to_string();
        offset_s += 70 + (life + 1).pow(4) * 3 / 2;
        let poisoned = [
            ("MILLWRIGHT_CRASH_AT", trouble.at),
            ("MILLWRIGHT_CLOCK_OFFSET_S", &later),
            ("MILLWRIGHT_TIME_LIMIT_MS", if trouble.at.ends_with("hang") { "1500" } else { "900000" }),
        ];
        let mut program = Program::limited(KIBIBYTES, &stage.variables(&poisoned));
        let address = program.says("Listening on ").await;
        match life {
            0 => assert_eq!(stage.post(&address).await, Some(202)),
            // May come too late for this life; then it comes again.
            _ => drop(stage.post_as("another-guid", &address).await),
        }
        if !trouble.ends_its_process {
            program.tells(if life + 1 < ATTEMPTS { "failed, will be tried again" } else { "dead" }).await;
            assert_eq!(get(&format!("{address}/healthz")).await, Some(200), "everything else goes on");
            program.signal("TERM");
        }
        let ended = program.ended().await;
        let code = (!trouble.ends_its_process).then_some(0);
        assert_eq!(ended.code, code, "life {life} ended otherwise: {}", ended.err.join("\n"));
    }
    let later = offset_s.to_string();
    let last = [("MILLWRIGHT_CLOCK_OFFSET_S", later.as_str())];
    let (program, address) = serve(&stage.variables(&last)).await;
    let note = async { while !text(&format!("{address}/readyz")).await.contains("1 job is dead") {} };
    timeout(PATIENCE, note).await.unwrap();
    // What was due long ago stands until the first worker looks.
    let open = async { while get(&format!("{address}/readyz")).await != Some(200) {} };
    timeout(PATIENCE, open).await.expect("deliveries still find an open door");
    let database = variables(&[("DATABASE_URL", &stage.database_url())]);
    let other = async || run(&["replay", "another-guid"], &database).await.out;
    let handled = async { while !other().await.iter().any(|line| line.contains("dispatch.v1 is done")) {} };
    timeout(PATIENCE, handled).await.expect("what else came is worked off");
    program.signal("TERM");
    let ended = program.ended().await;
    if trouble.ends_its_process {
        assert!(
            ended.err.iter().any(|line| line.contains("ERROR") && line.contains("dead")),
            "{:#?}",
            ended.err
        );
    }

    let told = run(&["replay", GUID], &database).await;
    let dead = told.out.iter().find(|line| line.contains("run_command.v1 is dead")).unwrap();
    assert!(dead.contains(&format!("8 of 8 attempts: {}", trouble.told)), "{dead}");
    let job = dead.trim_start().strip_prefix("Job ").unwrap().split(' ').next().unwrap();
    let (program, address) = serve(&stage.variables(&last)).await;
    let counted = async { while !text(&format!("{address}/metrics")).await.contains("jobs_dead 1") {} };
    timeout(PATIENCE, counted).await.unwrap();
    assert_eq!(run(&["replay", job, "--apply"], &database).await.code, Some(0));
    // So much time has passed that the hourly look for what nobody answered may have told of the failure first.
    stage.comes_to_rest().await;
    program.signal("TERM");
    program.ended().await;
    assert_eq!(stage.answers().len(), 1);
    stage.nothing_left().await;
}

#[tokio::test]
async fn f20_a_job_that_aborts_its_process_ends_dead_and_others_go_on() {
    f20_ends_dead(Trouble { at: "after_intent", ends_its_process: true, told: "the worker" }).await;
}

#[tokio::test]
async fn f20_a_job_that_takes_all_memory_ends_dead_and_others_go_on() {
    f20_ends_dead(Trouble { at: "after_intent:memory", ends_its_process: true, told: "the worker" }).await;
}

#[tokio::test]
async fn f20_a_job_that_panics_ends_dead_and_others_go_on() {
    let told = "the job panicked: asked for by MILLWRIGHT_CRASH_AT";
    f20_ends_dead(Trouble { at: "after_intent:panic", ends_its_process: false, told }).await;
}

#[tokio::test]
async fn f20_a_job_that_hangs_each_time_ends_dead_and_others_go_on() {
    let told = "the job took longer than 1 s";
    f20_ends_dead(Trouble { at: "after_intent:hang", ends_its_process: false, told }).await;
}

/// F20: told while it lasts, and finished by the next process when this one is killed.
#[tokio::test]
async fn f20_a_job_that_hangs_is_told_and_the_next_process_finishes_it() {
    on_both(comment(), async |stage: Stage| {
        let hangs = [("MILLWRIGHT_CRASH_AT", "after_intent:hang"), ("MILLWRIGHT_LEASE_MS", "300")];
        let (mut program, address) = serve(&stage.variables(&hangs)).await;
        assert_eq!(stage.post(&address).await, Some(202));
        program.tells("still at work").await;
        assert_eq!(get(&format!("{address}/healthz")).await, Some(200), "everything else goes on");
        program.signal("KILL");
        program.ended().await;
        goes_on(&stage).await;
    })
    .await;
}

/// F20: a command that never gives its thread back, in a program with one thread for everything else. It is told while it lasts,
/// whatever else comes is answered, and when its time is up it is dead, seen by all, and can be queued again.
#[tokio::test]
async fn f20_a_job_that_blocks_its_thread_ends_dead_and_everything_else_goes_on() {
    let mut stage = Stage::open(own()).await;
    let blocks = [
        ("MILLWRIGHT_CRASH_AT", "after_intent:block"),
        // Long enough that a machine with much else to do renews it in time: a second run would begin its time anew.
        ("MILLWRIGHT_LEASE_MS", "10000"),
        ("MILLWRIGHT_TIME_LIMIT_MS", "20000"),
        ("TOKIO_WORKER_THREADS", "1"),
    ];
    let (mut program, address) = serve(&stage.variables(&blocks)).await;
    assert_eq!(stage.post(&address).await, Some(202));
    program.tells("still at work").await;
    assert_eq!(get(&format!("{address}/healthz")).await, Some(200));
    let first = stage.payload.clone();
    (stage.payload["comment"]["id"], stage.payload["comment"]["body"]) = (json!(32), json!("/help"));
    stage.world.seed_from_payload(&stage.payload);
    assert_eq!(stage.post_as("another-guid", &address).await, Some(202));
    stage.done().await;
    assert_eq!(stage.answers().len(), 1, "the other command is answered, and this one is not");
    program.tells("does not give its thread back").await;
    let noted = async {
        while !text(&format!("{address}/readyz")).await.contains("1 job is dead") {}
        while !text(&format!("{address}/metrics")).await.contains("jobs_dead 1") {}
    };
    timeout(PATIENCE, noted).await.unwrap();
    assert_eq!(get(&format!("{address}/readyz")).await, Some(200), "deliveries still find an open door");
    program.signal("TERM");
    assert_eq!(program.ended().await.code, Some(0), "the thread does not keep the program");

    stage.payload = first;
    let database = variables(&[("DATABASE_URL", &stage.database_url())]);
    let told = run(&["replay", GUID], &database).await;
    let dead = told.out.iter().find(|line| line.contains("run_command.v1 is dead")).unwrap();
    let job = dead.trim_start().strip_prefix("Job ").unwrap().split(' ').next().unwrap();
    assert_eq!(run(&["replay", job, "--apply"], &database).await.code, Some(0));
    let (program, _) = serve(&stage.variables(&[("MILLWRIGHT_CLOCK_OFFSET_S", "90")])).await;
    stage.done().await;
    program.signal("TERM");
    program.ended().await;
    assert_eq!(stage.answers().len(), 2);
    stage.nothing_left().await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn s15_memory_is_dumped_to_no_disk() {
    let stage = Stage::open(own()).await;
    let (program, _) = serve(&stage.variables(&[])).await;
    let limits = fs::read_to_string(format!("/proc/{}/limits", program.id())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().skip(4).collect::<Vec<_>>(), ["0", "0", "bytes"], "soft and hard");
    program.signal("TERM");
    program.ended().await;
}

/// P7: nobody was there, and nobody delivers it again.
#[tokio::test]
async fn p7_a_delivery_that_was_missed_is_fetched_by_the_programs_own_sweep() {
    let stage = Stage::open(comment()).await;
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    stage.world.set_webhook_url(format!("http://{closed}/webhook"));
    stage.world.add_webhook("issue_comment", stage.payload.clone());
    Deliverer::default().deliver_pending(&stage.world).await;
    let (program, _) = serve(&stage.variables(&[])).await;
    stage.done().await;
    program.signal("TERM");
    assert_eq!(program.ended().await.code, Some(0));
    assert_eq!(stage.answers().len(), 1);
    stage.nothing_left().await;
}

#[tokio::test]
async fn s15_no_secret_is_in_logs_database_or_comments() {
    let stage = Stage::open(comment()).await;
    let audit = stage.folder.path().join("audit.jsonl");
    let more = [("RUST_LOG", "trace"), ("AUDIT_LOG", audit.to_str().unwrap())];
    let (program, address) = serve(&stage.variables(&more)).await;
    assert_eq!(stage.post(&address).await, Some(202));
    stage.done().await;
    program.signal("TERM");
    let ended = program.ended().await;
    assert!(ended.err.iter().any(|line| line.contains("TRACE")), "nothing was logged at TRACE");
    let mut texts = vec![("standard output", ended.out.join("\n")), ("the log", ended.err.join("\n"))];
    for file in fs::read_dir(stage.folder.path()).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        texts.push(("a file", String::from_utf8_lossy(&bytes).into_owned()));
    }
    texts.extend(stage.answers().into_iter().map(|comment| ("a comment", comment.body)));
    let canaries = canaries(&stage);
    assert!(canaries.iter().any(|canary| canary.starts_with("ghs_")), "no token was issued");
    for canary in &canaries {
        for (place, text) in &texts {
            assert!(!text.contains(canary), "{canary} is in {place}");
        }
    }
    assert!(texts.iter().any(|(_, text)| text.contains("\"request\":\"POST /repos/")), "no audit line");
}

/// The webhook secret, each line of the key, the tokens that were given out.
fn canaries(stage: &Stage) -> Vec<String> {
    let app = stage.world.app();
    let lines = app.private_key_pem.lines().filter(|line| !line.starts_with("-----")).map(str::to_owned);
    let requests = stage.world.requests();
    let tokens = requests.iter().filter_map(|request| request.answer.as_ref()?.get("token")?.as_str());
    let tokens: Vec<String> = tokens.map(str::to_owned).collect();
    [app.webhook_secret].into_iter().chain(lines).chain(tokens).collect()
}

#[tokio::test]
async fn each_wrong_setting_is_one_line_that_names_it() {
    let nothing = run(&["serve"], &variables(&[])).await;
    assert_eq!(nothing.code, Some(2));
    insta::assert_snapshot!(nothing.err.join("\n"), @"
    GITHUB_APP_ID is not set; set it to the App id or the client id, both on the settings page of the GitHub App
    GITHUB_APP_PRIVATE_KEY is not set; set it, or GITHUB_APP_PRIVATE_KEY_PATH, to the private key from the settings page of the GitHub App
    GITHUB_WEBHOOK_SECRET is not set; without it anybody could send us webhooks: set it to the webhook secret of the GitHub App
    ");
    let stage = Stage::open(comment()).await;
    for (name, value) in [
        ("DATABASE_URL", "mysql://localhost/bot"),
        ("DATABASE_URL", "sqlite::memory:"),
        ("HOST", "no host"),
        ("PORT", "70000"),
        ("GITHUB_APP_ID", "my app"),
        ("GITHUB_APP_ID", "-1"),
        ("GITHUB_APP_PRIVATE_KEY", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"),
        ("GITHUB_WEBHOOK_SECRET", "a,b,c"),
        ("GITHUB_API_URL", "api.github.com"),
        ("MILLWRIGHT_MODE", "loud"),
        ("HTTPS_PROXY", "socks5://proxy.example"),
        ("HTTPS_PROXY", "garbage"),
        ("SSL_CERT_FILE", "/nowhere/at/all.pem"),
        ("RUST_LOG", "millwright=loud"),
        ("RUST_LOG", "nonsense"),
        ("MILLWRIGHT_TEMPLATES", "/nowhere/at/all"),
        ("LOG_FORMAT", "xml"),
        ("AUDIT_LOG", "/nowhere/at/all.jsonl"),
        ("MILLWRIGHT_CRASH_AT", "nowhere"),
        ("MILLWRIGHT_LEASE_MS", "0"),
        ("MILLWRIGHT_TIME_LIMIT_MS", "0"),
        ("MILLWRIGHT_CLOCK_OFFSET_S", "soon"),
    ] {
        let ended = run(&["serve"], &stage.variables(&[(name, value)])).await;
        assert_eq!(ended.code, Some(2), "{name}={value}: {}", ended.err.join("\n"));
        let told: Vec<_> = ended.err.iter().filter(|line| line.starts_with(name)).collect();
        let warnings = ended.err.iter().filter(|line| line.contains(" WARN ")).count();
        assert_eq!(
            (told.len(), ended.err.len()),
            (1, 1 + warnings),
            "{name}={value}: {}",
            ended.err.join("\n")
        );
    }
}

#[tokio::test]
async fn a_database_out_of_reach_is_one_line() {
    let stage = Stage::open(comment()).await;
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    for (url, shown) in [
        (format!("postgres://me:a-password@{closed}/bot"), format!("postgres://{closed}/bot")),
        ("sqlite:///nowhere/at/all.db".to_owned(), "sqlite:///nowhere/at/all.db".to_owned()),
    ] {
        let ended = run(&["serve"], &stage.variables(&[("DATABASE_URL", &url)])).await;
        assert_eq!((ended.code, ended.err.len()), (Some(1), 1), "{}", ended.err.join("\n"));
        assert!(
            ended.err[0].starts_with(&format!("DATABASE_URL names {shown}, which cannot be used: ")),
            "{}",
            ended.err[0]
        );
        assert!(!ended.err[0].contains("a-password"));
    }
}

/// A named pipe that nobody writes to would let a start wait for ever.
#[cfg(unix)]
#[tokio::test]
async fn a_key_file_out_of_which_nothing_comes_is_one_line() {
    let stage = Stage::open(comment()).await;
    let pipe = stage.folder.path().join("key.pem");
    assert!(command("mkfifo").arg(&pipe).status().unwrap().success());
    let mut variables = stage.variables(&[("GITHUB_APP_PRIVATE_KEY_PATH", pipe.to_str().unwrap())]);
    variables.retain(|(name, _)| name != "GITHUB_APP_PRIVATE_KEY");
    let ended = run(&["serve"], &variables).await;
    assert_eq!((ended.code, ended.err.len()), (Some(2), 1), "{}", ended.err.join("\n"));
    assert!(
        ended.err[0].contains("key.pem, which is no file, and nothing came out of it"),
        "{}",
        ended.err[0]
    );
}

#[tokio::test]
async fn a_database_that_cannot_be_used_says_what_mends_it() {
    let stage = Stage::open(comment()).await;
    let file = stage.folder.path().join("notes.txt");
    fs::write(&file, "These are notes, and no database.\n".repeat(200)).unwrap();
    let notes = format!("sqlite://{}", file.display());
    run(&["migrate"], &variables(&[("DATABASE_URL", &stage.database_url())])).await;
    let mut table = vec![
        (notes, "file is not a database (SQLite 26); name the file of Millwright's database"),
        (
            format!("{}?mode=ro", stage.database_url()),
            "(SQLite 8); let this user write the file and its folder",
        ),
    ];
    #[expect(clippy::disallowed_methods, reason = "the server is the caller's")]
    if let Ok(server) = std::env::var("MILLWRIGHT_TEST_POSTGRES") {
        let mut stranger = url::Url::parse(&server).unwrap();
        stranger.set_username("nobody-of-that-name").unwrap();
        // 28000 or, of a server that asks for passwords, 28P01.
        table.push((stranger.to_string(), "); correct the user and the password in the address"));
        let (server, _) = server.rsplit_once('/').unwrap();
        let nowhere = format!("{server}/no-database-of-that-name");
        table.push((nowhere, "(SQLSTATE 3D000); create that database, or correct its name in the address"));
    } else {
        crate::skips::skip("addresses of PostgreSQL that are wrong, for MILLWRIGHT_TEST_POSTGRES is not set");
    }
    for (url, expected) in table {
        for arguments in [&["serve"][..], &["migrate"], &["pause", "on"]] {
            let ended = run(arguments, &stage.variables(&[("DATABASE_URL", &url)])).await;
            assert_eq!((ended.code, ended.err.len()), (Some(1), 1), "{}", ended.err.join("\n"));
            assert!(ended.err[0].contains(expected), "{arguments:?}: {}", ended.err[0]);
            assert!(
                !ended.err[0].contains("at line") && !ended.err[0].contains("migrate"),
                "{}",
                ended.err[0]
            );
        }
    }
}

/// What answers is a web server, and not GitHub: the command waits until the operator has mended the address.
#[tokio::test]
async fn a_wrong_api_address_loses_no_command_and_is_named_in_the_log() {
    let stage = Stage::open(comment()).await;
    let right = stage.variables(&[]);
    let api = &right.iter().find(|(name, _)| name == "GITHUB_API_URL").unwrap().1;
    let (program, address) = serve(&stage.variables(&[("GITHUB_API_URL", &format!("{api}/api/v9"))])).await;
    assert_eq!(stage.post(&address).await, Some(202));
    let told = async {
        loop {
            let jobs = stage.jobs().await;
            let is_told =
                |job: &JobRow| job.last_error.as_ref().is_some_and(|it| it.contains("GITHUB_API_URL"));
            if let Some(job) = jobs.into_iter().find(is_told) {
                return job;
            }
        }
    };
    let job = timeout(PATIENCE, told).await.unwrap();
    assert_eq!(job.state, JobState::Ready, "{job:?}");
    program.signal("TERM");
    let ended = program.ended().await;
    let warned =
        |line: &&String| line.contains(" WARN ") && line.contains("set it to https://api.github.com");
    assert!(ended.err.iter().any(|line| warned(&line)), "{}", ended.err.join("\n"));
    goes_on(&stage).await;
}

/// The file is overwritten under the running program: readiness turns red, and deliveries come again later.
#[tokio::test]
async fn a_database_that_is_damaged_while_it_runs_turns_readiness_red() {
    let stage = Stage::open(comment()).await;
    let (program, address) = serve(&stage.variables(&[])).await;
    assert_eq!(stage.post(&address).await, Some(202));
    stage.done().await;
    let file = stage.folder.path().join("millwright.db");
    let length = usize::try_from(fs::metadata(&file).unwrap().len()).unwrap();
    let mut opened = fs::OpenOptions::new().write(true).open(&file).unwrap();
    opened.write_all(&b"damage. ".repeat(length / 8)).unwrap();
    let red = async { while get(&format!("{address}/readyz")).await == Some(200) {} };
    timeout(PATIENCE, red).await.unwrap();
    assert_eq!(get(&format!("{address}/healthz")).await, Some(200));
    let refused =
        async { while stage.post_as(&ulid::Ulid::generate().to_string(), &address).await != Some(503) {} };
    timeout(PATIENCE, refused).await.unwrap();
    program.signal("TERM");
    let ended = program.ended().await;
    assert!(
        ended.err.iter().any(|line| line.contains("the database is damaged")),
        "{}",
        ended.err.join("\n")
    );
}

#[tokio::test]
async fn a_port_that_is_taken_is_one_line() {
    let stage = Stage::open(comment()).await;
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ended = run(&["serve"], &stage.variables(&[("PORT", &port)])).await;
    assert_eq!(ended.code, Some(1));
    let line = format!(
        "PORT {port} on 127.0.0.1 is taken by another program; set PORT to another number, or to 0 for a free one"
    );
    assert_eq!(ended.err, [line]);
}
