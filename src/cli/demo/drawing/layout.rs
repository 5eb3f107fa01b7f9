//! Where boxes and arrows go: columns by what comes first, rows so that few arrows cross, long arrows around the boxes between.

use crate::cli::demo::drawing::Diagram;

/// Width of a box.
pub const WIDTH: f64 = 208.0;
/// Height of a box.
pub const HEIGHT: f64 = 64.0;
const COLUMN_GAP: f64 = 56.0;
const ROW_GAP: f64 = 20.0;
/// Height that a passing arrow takes in a column.
const LANE: f64 = 14.0;
const MARGIN: f64 = 8.0;
/// Rounds of sorting the rows; more hardly ever change anything.
const ROUNDS: usize = 6;

/// Places, in the units of the picture.
#[derive(Debug)]
pub struct Layout {
    /// Width of the whole.
    pub width: f64,
    /// Height of the whole.
    pub height: f64,
    /// Upper left corner of each box.
    pub corners: Vec<(f64, f64)>,
    /// Points that each arrow passes.
    pub paths: Vec<Vec<(f64, f64)>>,
}

/// A box, or the place where a long arrow passes a column.
struct Stop {
    column: usize,
    height: f64,
    middle: f64,
}

/// Lays a diagram out. Arrows of a circle, which GitHub refuses, are drawn too, only not all forward.
pub fn layout(diagram: &Diagram) -> Layout {
    let columns = columns(diagram);
    let mut stops: Vec<Stop> =
        columns.iter().map(|column| Stop { column: *column, height: HEIGHT, middle: 0.0 }).collect();
    let routes: Vec<Vec<usize>> =
        diagram.arrows.iter().map(|(from, to)| route((*from, *to), &mut stops)).collect();
    let mut rows = rows(&stops);
    sort(&mut rows, &routes, &mut stops);
    let height = stack(&rows, &mut stops);
    let corners = stops
        .iter()
        .take(diagram.boxes.len())
        .map(|stop| (left(stop.column), stop.middle - HEIGHT / 2.0))
        .collect();
    let paths = routes.iter().map(|route| path(route, &stops)).collect();
    let last = columns.iter().copied().max().unwrap_or(0);
    Layout { width: left(last) + WIDTH + MARGIN, height: height + MARGIN, corners, paths }
}

/// The longest way to each box from one that waits for nothing.
fn columns(diagram: &Diagram) -> Vec<usize> {
    let mut columns = vec![0; diagram.boxes.len()];
    let mut waits = vec![0_usize; diagram.boxes.len()];
    for (_, to) in &diagram.arrows {
        waits[*to] += 1;
    }
    let mut free: Vec<usize> = (0..waits.len()).filter(|index| waits[*index] == 0).collect();
    while let Some(from) = free.pop() {
        for (_, to) in diagram.arrows.iter().filter(|arrow| arrow.0 == from) {
            columns[*to] = columns[*to].max(columns[from] + 1);
            waits[*to] -= 1;
            if waits[*to] == 0 {
                free.push(*to);
            }
        }
    }
    columns
}

/// The stops of an arrow; one more in each column between.
fn route((from, to): (usize, usize), stops: &mut Vec<Stop>) -> Vec<usize> {
    let mut route = vec![from];
    for column in stops[from].column + 1..stops[to].column {
        route.push(stops.len());
        stops.push(Stop { column, height: LANE, middle: 0.0 });
    }
    route.push(to);
    route
}

fn rows(stops: &[Stop]) -> Vec<Vec<usize>> {
    let mut rows = vec![Vec::new(); stops.iter().map(|stop| stop.column + 1).max().unwrap_or(0)];
    for (index, stop) in stops.iter().enumerate() {
        rows[stop.column].push(index);
    }
    rows
}

/// Puts each stop near the middle of its neighbors, column by column, forth and back.
fn sort(rows: &mut [Vec<usize>], routes: &[Vec<usize>], stops: &mut [Stop]) {
    let links: Vec<(usize, usize)> =
        routes.iter().flat_map(|route| route.windows(2).map(|pair| (pair[0], pair[1]))).collect();
    for round in 0..ROUNDS {
        for row in rows.iter_mut() {
            let mut places: Vec<(f64, usize)> =
                row.iter().map(|stop| (pull(*stop, &links, stops, round), *stop)).collect();
            places.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            *row = places.into_iter().map(|(_, stop)| stop).collect();
        }
        stack(rows, stops);
    }
}

/// The mean height of the neighbors on one side, of both in the last round.
fn pull(stop: usize, links: &[(usize, usize)], stops: &[Stop], round: usize) -> f64 {
    let before = links.iter().filter(|link| link.1 == stop).map(|link| stops[link.0].middle);
    let after = links.iter().filter(|link| link.0 == stop).map(|link| stops[link.1].middle);
    let near: Vec<f64> = match round {
        0 => before.collect(),
        last if last + 1 == ROUNDS => before.chain(after).collect(),
        even if even % 2 == 0 => before.collect(),
        _ => after.collect(),
    };
    match near.len() {
        0 => stops[stop].middle,
        count => near.iter().sum::<f64>() / u32::try_from(count).map_or(1.0, f64::from),
    }
}

/// Stacks each column, all of them centered; answers the height.
fn stack(rows: &[Vec<usize>], stops: &mut [Stop]) -> f64 {
    let tall = |row: &[usize]| {
        let boxes: f64 = row.iter().map(|stop| stops[*stop].height + ROW_GAP).sum();
        boxes - ROW_GAP
    };
    let heights: Vec<f64> = rows.iter().map(|row| tall(row)).collect();
    let tallest = heights.iter().copied().fold(HEIGHT, f64::max);
    for (row, height) in rows.iter().zip(heights) {
        let mut top = MARGIN + (tallest - height) / 2.0;
        for stop in row {
            let stop = &mut stops[*stop];
            stop.middle = top + stop.height / 2.0;
            top += stop.height + ROW_GAP;
        }
    }
    tallest + MARGIN
}

fn left(column: usize) -> f64 {
    MARGIN + u32::try_from(column).map_or(0.0, f64::from) * (WIDTH + COLUMN_GAP)
}

/// From the right side of the first box to the left side of the last, straight through the columns between.
fn path(route: &[usize], stops: &[Stop]) -> Vec<(f64, f64)> {
    let mut points = Vec::new();
    for (place, stop) in route.iter().enumerate() {
        let (stop, is_last) = (&stops[*stop], place + 1 == route.len());
        if place > 0 {
            points.push((left(stop.column), stop.middle));
        }
        if !is_last {
            points.push((left(stop.column) + WIDTH, stop.middle));
        }
    }
    points
}
