//! Removing the App erases what it held: no row and no word of the installation is left.

use millwright::sandbox::{REPOSITORY, World};
use sqlx::{AnyPool, AssertSqlSafe, Row as _};

use crate::flows::harness::{Setup, Talk, on_both};

/// Words of the issue, of the files, of people and of names: all of them are in the database before.
const FOREIGN: &[&str] =
    &["429", "auth.rs", "sign-in", "limits.toml", "per account", "tess", "walt", "rita", "acme"];

/// Every value of every table, as text.
async fn everything(url: &str) -> Vec<(String, String)> {
    sqlx::any::install_default_drivers();
    let pool = AnyPool::connect(url).await.unwrap();
    let tables = match url.starts_with("sqlite") {
        true => "SELECT name FROM sqlite_master WHERE type = 'table'",
        false => {
            "SELECT CAST(table_name AS TEXT) AS name FROM information_schema.tables WHERE table_schema = 'public'"
        }
    };
    let mut values = Vec::new();
    for table in sqlx::query(tables).fetch_all(&pool).await.unwrap() {
        let table: String = table.get("name");
        let columns = match url.starts_with("sqlite") {
            true => format!("SELECT name FROM pragma_table_info('{table}')"),
            false => format!(
                "SELECT CAST(column_name AS TEXT) AS name FROM information_schema.columns WHERE table_name = '{table}'"
            ),
        };
        for column in sqlx::query(AssertSqlSafe(columns)).fetch_all(&pool).await.unwrap() {
            let column: String = column.get("name");
            // A body is compressed and no text; whether one is left is asked of the store.
            if (table.as_str(), column.as_str()) == ("deliveries", "body") {
                continue;
            }
            let all = format!(
                "SELECT CAST(\"{column}\" AS TEXT) AS value FROM \"{table}\" WHERE \"{column}\" IS NOT NULL"
            );
            for row in sqlx::query(AssertSqlSafe(all)).fetch_all(&pool).await.unwrap() {
                values.push((format!("{table}.{column}"), row.get("value")));
            }
        }
    }
    pool.close().await;
    values
}

async fn places_of(url: &str, word: &str) -> Vec<String> {
    let values = everything(url).await;
    values.into_iter().filter(|(_, value)| value.contains(word)).map(|(place, _)| place).collect()
}

#[tokio::test]
async fn s19_removing_the_app_erases_every_row_and_word() {
    on_both(async |setup: Setup| {
        let furnish = |world: &World| {
            let file = (".github/millwright.yml", "enhance:\n  max_items: 4 # acme\n");
            world.add_files(REPOSITORY, &[file]).unwrap();
        };
        let talk = Talk::with(Setup { furnish, ..setup }).await;
        talk.asks("tess", 2, "/enhance").await;
        talk.asks("tess", 2, "/revise 1: per account").await;
        talk.hand.advance_ms(61_000);
        talk.asks("walt", 2, "/approve 2").await;
        talk.asks("rita", 2, "/enhance").await;
        let observe = [(".github/millwright.yml", Some("mode: observe\n"))];
        talk.world.act_as("ada").push(REPOSITORY, "Only watch", &observe).unwrap();
        talk.says_unanswered("walt", 2, "/items").await;
        for word in FOREIGN {
            assert!(!places_of(&talk.database, word).await.is_empty(), "`{word}` was never there");
        }
        let repo = talk.store();
        talk.world.delete_installation(talk.world.installation_id(REPOSITORY).unwrap()).unwrap();
        talk.work().await;
        for word in FOREIGN {
            assert_eq!(places_of(&talk.database, word).await, [""; 0], "`{word}` is left");
        }
        for issue in [1, 2, 3, 4].map(millwright::domain::ids::IssueNumber) {
            assert!(repo.plans().of_issue(issue).await.unwrap().is_empty());
            assert!(repo.work_items().of_parent(issue).await.unwrap().is_empty());
            assert!(repo.commands().of_issue(issue).await.unwrap().is_empty());
            assert!(repo.runs().of_issue(issue).await.unwrap().is_empty());
            assert!(repo.effects().of_issue(issue).await.unwrap().is_empty());
        }
        assert_eq!(repo.observed().list(9).await.unwrap(), []);
        assert_eq!(talk.app.ctx.store.inbox().kept_bytes().await.unwrap(), 0);
        talk.end().await;
    })
    .await;
}

#[tokio::test]
async fn s19_what_a_running_job_wrote_after_the_removal_is_erased_within_the_hour() {
    let talk = Talk::begin().await;
    let installation = talk.world.installation_id(REPOSITORY).unwrap();
    talk.asks("tess", 2, "/enhance").await;
    talk.world.delete_installation(installation).unwrap();
    talk.work().await;
    let late = millwright::domain::ids::IssueNumber(2);
    talk.store().observed().append(late, "a late word", None).await.unwrap();
    talk.app.timetable.tick().await.unwrap();
    talk.hand.advance_ms(3_600_000);
    talk.app.timetable.tick().await.unwrap();
    talk.work_through().await;
    assert_eq!(places_of(&talk.database, "a late word").await, [""; 0]);
    talk.end().await;
}

#[tokio::test]
async fn s19_an_app_that_comes_back_begins_anew_and_doubles_nothing() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("walt", 2, "/approve 1").await;
    talk.world.delete_installation(talk.world.installation_id(REPOSITORY).unwrap()).unwrap();
    talk.work().await;
    talk.world.act_as("ada").install("acme", &[REPOSITORY]).unwrap();
    talk.work().await;
    talk.minutes_pass(2).await;
    let plan = talk.asks("tess", 2, "/enhance").await;
    assert!(plan.contains("rev 2 ·"), "the number on GitHub is not used twice: {plan}");
    talk.minutes_pass(2).await;
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 2").await.lines().next().unwrap(), @"**Rev 2 is approved: all of its work items were open already.**");
    assert_eq!(talk.world.sub_issues(REPOSITORY, 2), [3, 4], "what is open is not opened again");
    talk.end().await;
}
