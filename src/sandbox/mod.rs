//! a small GitHub that runs in memory: for `millwright demo` and for the tests; knows nothing of us
