//! Enums that are stored as words.

/// Declares an enum, its words, and how to read them back.
macro_rules! text_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// The word in the database.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            pub(in crate::store) fn read(
                row: &$crate::store::sql::Row,
                column: &str,
            ) -> Result<Self, $crate::store::StoreError> {
                match row.text(column)?.as_str() {
                    $($word => Ok(Self::$variant),)*
                    other => Err($crate::store::StoreError::Broken(format!("{column} holds the unknown word {other:?}"))),
                }
            }
        }
    };
}
pub(in crate::store) use text_enum;
