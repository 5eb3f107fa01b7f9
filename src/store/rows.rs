//! Statements that write many rows: the same text for 1, 4, 16, 64 and 256 of them, so that few texts serve any number.

use crate::store::sql::Dialect;

/// How many rows such a statement takes, largest first.
pub(in crate::store) const SIZES: [usize; 5] = [256, 64, 16, 4, 1];

/// A text with rows of placeholders in its middle.
pub(in crate::store) struct Rows {
    pub(in crate::store) before: &'static str,
    /// A letter for each column: `t` text, `i` integer, `-` whatever the table says.
    pub(in crate::store) columns: &'static str,
    /// What is bound behind the rows stands here as `#1`, `#2`, …, each as often as it is needed.
    pub(in crate::store) after: &'static str,
}

impl Rows {
    pub(in crate::store) const fn length(&self, dialect: Dialect, rows: usize) -> usize {
        self.write(dialect, rows, &mut [])
    }

    pub(in crate::store) const fn text<const LENGTH: usize>(
        &self,
        dialect: Dialect,
        rows: usize,
    ) -> [u8; LENGTH] {
        let mut text = [b' '; LENGTH];
        self.write(dialect, rows, &mut text);
        text
    }

    /// Writes what has room and returns how much room all of it needs.
    const fn write(&self, dialect: Dialect, rows: usize, out: &mut [u8]) -> usize {
        let columns = self.columns.as_bytes();
        let mut at = put(out, 0, self.before.as_bytes());
        let mut placeholder = 0;
        let mut row = 0;
        while row < rows {
            at = put(out, at, if row == 0 { b"(" } else { b", (" });
            let mut column = 0;
            while column < columns.len() {
                at = put(out, at, if column == 0 { b"" } else { b", " });
                // PostgreSQL learns the columns' types from the first row.
                let (open, close): (&[u8], &[u8]) = match columns[column] {
                    b't' if row == 0 => (b"CAST(", b" AS TEXT)"),
                    b'i' if row == 0 => (b"CAST(", b" AS BIGINT)"),
                    _ => (b"", b""),
                };
                placeholder += 1;
                at = put(out, at, open);
                at = match dialect {
                    // To SQLite `$7` is a name, and each name is looked for among all others when a value is bound: with
                    // thousands of them that took longer than the writing.
                    Dialect::Sqlite => put(out, at, b"?"),
                    Dialect::Postgres => put_placeholder(out, at, placeholder),
                };
                at = put(out, at, close);
                column += 1;
            }
            at = put(out, at, b")");
            row += 1;
        }
        self.write_after(placeholder, out, at)
    }

    const fn write_after(&self, bound: usize, out: &mut [u8], mut at: usize) -> usize {
        let after = self.after.as_bytes();
        let mut index = 0;
        while index < after.len() {
            if after[index] == b'#' && index + 1 < after.len() {
                at = put_placeholder(out, at, bound + (after[index + 1] - b'0') as usize);
                index += 2;
            } else {
                at = put(out, at, &[after[index]]);
                index += 1;
            }
        }
        at
    }
}

/// The text of bytes that [`Rows::text`] wrote.
pub(in crate::store) const fn as_text(bytes: &'static [u8]) -> &'static str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => "",
    }
}

/// The next statement for `left` rows: one that they fill at least by half, for empty rows cost less than more statements.
pub(in crate::store) fn size_for(left: usize) -> usize {
    SIZES.into_iter().find(|size| left > size / 2).unwrap_or(1)
}

const fn put(out: &mut [u8], at: usize, bytes: &[u8]) -> usize {
    let mut index = 0;
    while index < bytes.len() {
        if at + index < out.len() {
            out[at + index] = bytes[index];
        }
        index += 1;
    }
    at + bytes.len()
}

const fn put_placeholder(out: &mut [u8], at: usize, number: usize) -> usize {
    let at = put(out, at, b"$");
    put_number(out, at, number)
}

const fn put_number(out: &mut [u8], at: usize, number: usize) -> usize {
    let after = if number > 9 { put_number(out, at, number / 10) } else { at };
    put(out, after, &[b'0' + (number % 10) as u8])
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: Rows = Rows { before: "VALUES ", columns: "ti-", after: " END #2 #1 #2" };

    #[test]
    fn placeholders_are_numbered_through_and_the_first_row_names_types() {
        const TEXT: [u8; ROWS.length(Dialect::Postgres, 2)] = ROWS.text(Dialect::Postgres, 2);
        let expected = "VALUES (CAST($1 AS TEXT), CAST($2 AS BIGINT), $3), ($4, $5, $6) END $8 $7 $8";
        assert_eq!(std::str::from_utf8(&TEXT).unwrap(), expected);
    }

    #[test]
    fn for_sqlite_the_placeholders_of_rows_have_no_names() {
        const TEXT: [u8; ROWS.length(Dialect::Sqlite, 2)] = ROWS.text(Dialect::Sqlite, 2);
        let expected = "VALUES (CAST(? AS TEXT), CAST(? AS BIGINT), ?), (?, ?, ?) END $8 $7 $8";
        assert_eq!(std::str::from_utf8(&TEXT).unwrap(), expected);
    }

    #[test]
    fn any_number_of_rows_is_cut_into_statements_that_are_half_full() {
        for all in 1..600_usize {
            let (mut left, mut statements) = (all, 0);
            while left > 0 {
                let size = size_for(left);
                assert!(left.min(size) * 2 > size);
                left -= left.min(size);
                statements += 1;
            }
            assert!(statements <= 3 + 2 * 4, "{all} rows need {statements} statements");
        }
        assert_eq!([1, 2, 3, 8, 9, 33, 129, 999].map(size_for), [1, 1, 4, 4, 16, 64, 256, 256]);
    }
}
