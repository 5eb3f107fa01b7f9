//! `/stop` and `/continue`: halting what runs or waits on an issue, and going on with it.
