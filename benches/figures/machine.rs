//! What the figures were measured on.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::time::Instant;

use crate::report::{median, percentile};

/// Cores, memory and what a sync costs where the databases of this run lie.
pub fn print() {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let memory = memory.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<f64>().ok());
    println!("machine: {cores} cores, {:.0} GiB of memory", memory.unwrap_or_default() / 1048576.0);
    for kilobytes in [4, 256] {
        let mut times = sync_times(kilobytes * 1024);
        println!(
            "sync of {kilobytes} KiB: p50 {:.2} ms, p99 {:.2} ms",
            median(&mut times),
            percentile(&mut times, 0.99)
        );
    }
}

/// Milliseconds for writing and syncing, a hundred times.
fn sync_times(bytes: usize) -> Vec<f64> {
    let folder = tempfile::tempdir().unwrap();
    let file = File::create(folder.path().join("file")).unwrap();
    let page = vec![0x5a; bytes];
    let times = (0..100_u64).map(|index| {
        let started = Instant::now();
        file.write_all_at(&page, index * bytes as u64).unwrap();
        file.sync_data().unwrap();
        started.elapsed().as_secs_f64() * 1000.0
    });
    times.collect()
}
