//! Medians and lines.

/// The middle one.
pub fn median(values: &mut [f64]) -> f64 {
    percentile(values, 0.5)
}

/// The value below which this share lies.
pub fn percentile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let index = ((values.len() as f64 - 1.0) * share).round() as usize;
    values.get(index).copied().unwrap_or(f64::NAN)
}

/// A line with columns of equal width.
pub fn line(columns: &[String]) {
    let line: Vec<String> = columns.iter().map(|column| format!("{column:>14}")).collect();
    println!("{}", line.join("  "));
}
