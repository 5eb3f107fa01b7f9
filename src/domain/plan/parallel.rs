//! Work on long lists, on several processors where there are some.

use std::panic;
use std::sync::OnceLock;
use std::thread;

/// Most threads of one plan: others may be made at the same time.
const THREADS: usize = 4;

/// What `work` makes of all parts of a list, in the order of the list. A list is cut where each part has at least `least`
/// items, so that a short one costs no thread; `work` must make the same of it however it is cut.
pub fn in_parts<'i, T: Sync, R: Send>(
    items: &'i [T],
    least: usize,
    work: impl Fn(&'i [T]) -> Vec<R> + Sync,
) -> Vec<R> {
    in_parts_of(threads(), items, least, work)
}

fn in_parts_of<'i, T: Sync, R: Send>(
    threads: usize,
    items: &'i [T],
    least: usize,
    work: impl Fn(&'i [T]) -> Vec<R> + Sync,
) -> Vec<R> {
    let threads = threads.min(items.len() / least.max(1));
    if threads < 2 {
        return work(items);
    }
    let mut parts = items.chunks(items.len().div_ceil(threads));
    let first = parts.next().unwrap_or_default();
    let work = &work;
    thread::scope(|scope| {
        let others: Vec<_> = parts.map(|part| scope.spawn(move || work(part))).collect();
        let mut done = work(first);
        for other in others {
            done.extend(other.join().unwrap_or_else(|cause| panic::resume_unwind(cause)));
        }
        done
    })
}

/// Asked of the system once: it reads files to answer.
fn threads() -> usize {
    static KNOWN: OnceLock<usize> = OnceLock::new();
    *KNOWN.get_or_init(|| thread::available_parallelism().map_or(1, |all| all.get().min(THREADS)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_keeps_its_order_however_it_is_cut() {
        for length in [0, 1, 2, 3, 7, 8, 9, 100] {
            let items: Vec<usize> = (0..length).collect();
            let twice = |part: &[usize]| part.iter().flat_map(|item| [*item, item * 2]).collect();
            for threads in 1..=5 {
                assert_eq!(in_parts_of(threads, &items, 2, twice), twice(&items), "{length} in {threads}");
            }
        }
    }

    #[test]
    fn a_short_list_is_not_cut_and_a_long_one_is() {
        let parts = |length: usize| in_parts_of(4, &[(); 99][..length], 10, |part| vec![part.len()]);
        assert_eq!([parts(19), parts(20), parts(99)], [vec![19], vec![10, 10], vec![25, 25, 25, 24]]);
    }

    #[test]
    fn what_stops_one_part_stops_the_whole() {
        let stopped = panic::catch_unwind(|| {
            in_parts_of(2, &[1, 2, 3, 4], 1, |part| {
                assert!(!part.contains(&4), "four");
                part.to_vec()
            })
        });
        assert_eq!(stopped.unwrap_err().downcast_ref(), Some(&"four"));
    }
}
