//! Programs on one PostgreSQL hear of each other's jobs. Whoever hears nothing looks by itself a second later, so that nothing else
//! would show it.

use sqlx::{AnyConnection, Connection as _};

use super::patience::until;
use super::rig::{Place, Rig, on_postgresql};
use super::script::furnish;

const LISTENERS: &str = "SELECT COUNT(*) FROM pg_stat_activity
    WHERE datname = current_database() AND query ILIKE 'LISTEN%millwright_jobs%'";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_on_one_postgresql_listen_for_each_others_jobs() {
    on_postgresql(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let lives = rig.start_many(2, &[]).await;
        let mut connection = AnyConnection::connect(&place.url).await.unwrap();
        let both = async || {
            let listeners: i64 = sqlx::query_scalar(LISTENERS).fetch_one(&mut connection).await.unwrap();
            (listeners == 2).then_some(())
        };
        until("that both listen", both).await;
        connection.close().await.unwrap();
        rig.stop_all(lives).await;
    })
    .await;
}
