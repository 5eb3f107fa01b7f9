//! What the figures were measured on.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::time::Instant;

use crate::report::{median, percentile};
use crate::running::{data_directory, durability, server};

/// Cores, memory, what a sync costs where the databases of this run lie, and how PostgreSQL keeps its word.
pub async fn print() {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let memory = memory.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<f64>().ok());
    println!("machine: {cores} cores, {:.0} GiB of memory", memory.unwrap_or_default() / 1048576.0);
    println!("databases on {}", filesystem(&std::env::temp_dir()));
    for kilobytes in [4, 256] {
        let mut times = sync_times(kilobytes * 1024);
        println!(
            "sync of {kilobytes} KiB: p50 {:.2} ms, p99 {:.2} ms",
            median(&mut times),
            percentile(&mut times, 0.99)
        );
    }
    if let Some(server) = server() {
        println!("PostgreSQL with {}", durability(&server).await);
        let folder = data_directory(&server).await;
        let here = folder.as_deref().map(Path::new).filter(|folder| folder.is_dir());
        // On another machine, or of a user that may not ask.
        let lies = here.map_or_else(|| "a disk that cannot be seen from here".to_owned(), filesystem);
        println!("its files on {lies}");
    }
}

/// The type of the file system that holds this folder, as the kernel names it.
fn filesystem(folder: &Path) -> String {
    let mounts = std::fs::read_to_string("/proc/mounts").unwrap_or_default();
    let of_line = |line: &str| {
        let mut words = line.split(' ').skip(1);
        Some((words.next()?.to_owned(), words.next()?.to_owned()))
    };
    let holding = mounts.lines().filter_map(of_line).filter(|(place, _)| folder.starts_with(place));
    holding
        .max_by_key(|(place, _)| place.len())
        .map_or_else(|| "an unknown file system".to_owned(), |(_, kind)| kind)
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
