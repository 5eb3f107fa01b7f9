//! A way through rows that came in the order of their time, oldest first: what is old goes, in steps that are short for whoever
//! waits to write, and the first young row ends it. No step reads a whole table.

use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::sql::Statement;

/// Rows per statement.
const STEP: i64 = 200;

/// One way through.
pub(in crate::store) struct Aged {
    look: &'static Statement,
    older_than_ms: i64,
    looked: i64,
    done: i64,
    is_over: bool,
}

impl Aged {
    /// `look` gives the rows behind `$1`, at most `$2`, in the order of their `seq`, the moment of each as `at`; before
    /// `older_than_ms` a row is old. Both in unix ms.
    pub(in crate::store) fn new(look: &'static Statement, older_than_ms: i64) -> Self {
        Self { look, older_than_ms, looked: 0, done: 0, is_over: false }
    }

    /// The next step: what is old lies behind the first number, up to the second.
    pub(in crate::store) async fn next(&mut self, store: &Store) -> Result<Option<(i64, i64)>, StoreError> {
        let now_ms = store.now_ms();
        while !self.is_over {
            let mut old = None;
            self.is_over = true;
            for row in store.read(self.look).int(self.looked).int(STEP).rows().await? {
                let (seq, at_ms) = (row.int("seq")?, row.int("at")?);
                // A row from the future was written by a clock that was ahead; what came behind it may be old all the same.
                self.is_over = at_ms >= self.older_than_ms && at_ms <= now_ms;
                if self.is_over {
                    break;
                }
                self.looked = seq;
                if at_ms < self.older_than_ms {
                    old = Some(seq);
                }
            }
            if let Some(old) = old {
                return Ok(Some((std::mem::replace(&mut self.done, old), old)));
            }
        }
        Ok(None)
    }
}
