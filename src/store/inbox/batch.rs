//! Writing deliveries together with their jobs: many in one transaction, with a handful of statements.

use std::collections::BTreeMap;

use crate::store::connection::Tx;
use crate::store::error::{Refusal, StoreError};
use crate::store::inbox::{Accepted, Inbox, NewDelivery};
use crate::store::jobs::NewJob;
use crate::store::jobs::enqueue::{self, Row};
use crate::store::repositories::Hearing;
use crate::store::rows::{Rows, size_for};
use crate::store::sql::{Bound, Statement, clean, statements};
use crate::store::{Store, id_column};

const DELIVERIES: Rows = Rows {
    before: "INSERT INTO deliveries (guid, event, action, installation_id, repo_id, body, body_bytes, received_at) VALUES ",
    columns: "--------",
    after: " ON CONFLICT (guid) DO NOTHING",
};

statements! {
    INSERT_1 = rows DELIVERIES 1;
    INSERT_4 = rows DELIVERIES 4;
    INSERT_16 = rows DELIVERIES 16;
    INSERT_64 = rows DELIVERIES 64;
    INSERT_256 = rows DELIVERIES 256;
}

/// A delivery and its job.
type Pair<'a> = (&'a NewDelivery, &'a NewJob);

impl Inbox<'_> {
    /// Writes a delivery and its job, or neither.
    pub async fn accept(self, delivery: &NewDelivery, job: &NewJob) -> Result<Accepted, StoreError> {
        let accepted = accept(self.store, &[(delivery, job)]).await?;
        Ok(accepted.first().copied().unwrap_or(Accepted::Seen))
    }

    /// Writes many in one transaction: all or none. The answers stand in the order of the deliveries; of equal ones the first
    /// is new. Goes ahead of every other writer of this process.
    pub async fn accept_many(self, batch: &[(&NewDelivery, &NewJob)]) -> Result<Vec<Accepted>, StoreError> {
        accept(self.store, batch).await
    }
}

async fn accept(store: &Store, batch: &[Pair<'_>]) -> Result<Vec<Accepted>, StoreError> {
    // In the order of their GUIDs: two batches that share deliveries must not wait for each other crosswise.
    let mut first_of = BTreeMap::new();
    for (index, (delivery, _)) in batch.iter().enumerate() {
        first_of.entry(clean(&delivery.guid)).or_insert((index, *delivery));
    }
    let unlike: Vec<(usize, &NewDelivery)> = first_of.into_values().collect();
    let deliveries: Vec<_> = unlike.iter().map(|(_, delivery)| *delivery).collect();
    let mut tx = store.begin_first().await?;
    let mut new = Vec::new();
    if insert(&mut tx, &deliveries).await? == unlike.len() {
        new.extend(unlike.into_iter().map(|(index, _)| index));
    } else {
        // Repeats are rare, and to have every new row named for their sake costs each batch. One that has any is written once more,
        // row by row, in a new transaction: within this one all of them are there.
        drop(tx);
        tx = store.begin_first().await?;
        for (index, delivery) in unlike {
            if insert(&mut tx, &[delivery]).await? > 0 {
                new.push(index);
            }
        }
    }
    // The jobs in the order in which their deliveries came.
    new.sort_unstable();
    let pairs = || new.iter().filter_map(|index| batch.get(*index));
    let hearing = Hearing::of(store, pairs().map(|(delivery, _)| *delivery));
    hearing.write(&mut tx).await?;
    let jobs: Vec<_> = pairs().map(|(delivery, job)| Row { job, is_done: !delivery.has_work }).collect();
    enqueue::insert_many(&mut tx, &jobs).await?;
    tx.commit().await?;
    hearing.keep(store);
    let mut accepted = vec![Accepted::Seen; batch.len()];
    for index in new {
        if let Some(slot) = accepted.get_mut(index) {
            *slot = Accepted::New;
        }
    }
    Ok(accepted)
}

/// How many were not there before.
async fn insert(tx: &mut Tx, deliveries: &[&NewDelivery]) -> Result<usize, Refusal> {
    let now_ms = tx.now_ms;
    let mut new = 0;
    let mut rest = deliveries;
    while let Some(first) = rest.first() {
        let size = size_for(rest.len());
        let (chunk, others) = rest.split_at(rest.len().min(size));
        let mut query = tx.query(&statement(size));
        for delivery in chunk {
            query = bind(query, delivery, delivery.body.0.clone()).int(now_ms);
        }
        // The rest of the statement's rows repeats a GUID, and a repeat writes nothing.
        for _ in chunk.len()..size {
            query = bind(query, first, Vec::new()).int(now_ms);
        }
        new += query.run().await?;
        rest = others;
    }
    Ok(usize::try_from(new).unwrap_or(usize::MAX))
}

fn bind<'a>(query: Bound<'a>, delivery: &NewDelivery, body: Vec<u8>) -> Bound<'a> {
    let stored_bytes = i64::try_from(body.len()).unwrap_or(i64::MAX);
    query
        .text(&delivery.guid)
        .text(&delivery.event)
        .opt_text(delivery.action.as_deref())
        .int(id_column(delivery.installation.map(|id| id.0)))
        .int(id_column(delivery.repo.map(|id| id.0)))
        .bytes(body)
        .int(stored_bytes)
}

fn statement(size: usize) -> Statement {
    match size {
        256 => INSERT_256,
        64 => INSERT_64,
        16 => INSERT_16,
        4 => INSERT_4,
        _ => INSERT_1,
    }
}
