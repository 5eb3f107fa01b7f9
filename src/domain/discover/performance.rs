//! Benchmarks that the repository has and no workflow runs.

use crate::domain::discover::Source;
use crate::domain::discover::candidate::{Candidate, Evidence, Terms, at};
use crate::domain::discover::facts::Facts;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::workflows;

/// The source.
pub static SOURCE: Source = Source { name: "performance", find };

static BENCHMARK: Pattern = Pattern::new(
    r"(?:^|/)(?:benches|benchmarks?|bench)/[^/]+\.\w+$|_bench(?:mark)?\.\w+$|\.bench\.[jt]s$|Benchmarks?\.(?:java|cs)$",
);
static RUNS: Pattern = Pattern::new(
    r"\bbench|-bench[= ]|hyperfine|\bjmh\b|BenchmarkDotNet|pytest.*--benchmark|asv run|\bk6 run",
);

fn find(facts: &Facts) -> Vec<Candidate> {
    let places = Places::new(&facts.snapshot);
    let found: Vec<&str> = places
        .files()
        .filter(|path| BENCHMARK.is_in(path) && places::is_source(path) && !path.starts_with(".github/"))
        .collect();
    let (jobs, broken) = workflows::jobs(&places);
    let run = jobs.iter().flat_map(|job| &job.steps).any(|step| RUNS.is_in(&step.line));
    let Some(first) = found.first().filter(|_| !run && broken.is_empty() && !jobs.is_empty()) else {
        return Vec::new();
    };
    let mut evidence = vec![at(&facts.snapshot, first, 0)];
    if found.len() > 1 {
        evidence.push(Evidence {
            text: format!("{} more files of benchmarks", found.len() - 1),
            url: String::new(),
        });
    }
    evidence.push(Evidence {
        text: match jobs.len() {
            1 => "the one job of the workflows runs none".to_owned(),
            count => format!("none of the {count} jobs in the workflows runs one"),
        },
        url: String::new(),
    });
    vec![Candidate {
        title: format!("Run the benchmarks in `{}` where changes are checked", places::folder(first)),
        issue: None,
        place: None,
        evidence,
        terms: Terms { value: 3.0, urgency: 1.0, unblock: 1.0, confidence: 0.7, size: 2.0 },
        because: vec![
            "value 3: what got slower shows before it is released".to_owned(),
            "urgency 1: nothing presses".to_owned(),
            "unblock 1: nothing names it as a blocker".to_owned(),
            "confidence 0.7: a rule found it".to_owned(),
            "size 2: S, a guess".to_owned(),
        ],
        since_ms: None,
    }]
}
