//! The store's promises, on SQLite always and on PostgreSQL when `MILLWRIGHT_TEST_POSTGRES` names a server.
