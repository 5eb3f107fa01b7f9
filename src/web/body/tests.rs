//! Room for small and large bodies, turns, and pace.

use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use futures_util::{StreamExt as _, poll, stream};

use super::*;

/// Small is up to 10 bytes; there is room for 20 bytes of small ones, and for one large one of 100.
const LIMITS: BodyLimits = BodyLimits {
    body_bytes: 100,
    small_bytes: 10,
    slight_bytes: 0,
    small_room: 20,
    large_room: 100,
    deadline: Duration::from_secs(9),
    grace: Duration::from_secs(3),
    patience: Duration::from_millis(10),
};

fn body(bytes: usize) -> Body {
    Body::from(vec![b'x'; bytes])
}

/// Of unknown length, in pieces.
fn pieces(bytes: &[u8], piece: usize) -> Body {
    let pieces: Vec<Result<Bytes, std::io::Error>> =
        bytes.chunks(piece).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    Body::from_stream(stream::iter(pieces))
}

async fn read(budget: &Budget, mut body: Body) -> Result<Held, Refused> {
    budget.read(&mut body, Instant::now(), |_| {}).await
}

/// Announces so many bytes, sends those that it has, and then nothing more.
struct Stuck(usize, Option<Bytes>);

impl hyper::body::Body for Stuck {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match self.1.take() {
            Some(piece) => Poll::Ready(Some(Ok(Frame::data(piece)))),
            None => Poll::Pending,
        }
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        hyper::body::SizeHint::with_exact(self.0 as u64)
    }
}

#[tokio::test]
async fn f18_large_bodies_take_nothing_from_small_ones() {
    let budget = Budget::new(LIMITS);
    let large = read(&budget, body(100)).await.unwrap();
    let small = read(&budget, body(10)).await.unwrap();
    let other = read(&budget, body(10)).await.unwrap();
    assert_eq!(read(&budget, body(1)).await.err(), Some(Refused::Busy), "small ones have their bound, too");
    drop((small, other));
    assert!(read(&budget, body(10)).await.is_ok());
    let mut waits = body(11);
    let long_ago = Instant::now() - LIMITS.deadline;
    assert_eq!(budget.read(&mut waits, long_ago, |_| {}).await.err(), Some(Refused::Busy), "waited in vain");
    drop(large);
    assert!(read(&budget, body(100)).await.is_ok(), "all room came back");
}

#[tokio::test]
async fn f18_a_large_body_waits_for_the_room_of_another() {
    let budget = Budget::new(LIMITS);
    let held = read(&budget, body(60)).await.unwrap();
    let mut waits = pin!(read(&budget, body(60)));
    assert!(poll!(waits.as_mut()).is_pending());
    drop(held);
    assert_eq!(waits.await.unwrap().bytes.len(), 60);
}

#[tokio::test]
async fn each_piece_is_looked_at_once_whatever_the_size() {
    let budget = Budget::new(LIMITS);
    let whole: Vec<u8> = (0..100).collect();
    for length in [0, 1, 9, 10, 11, 57, 100] {
        for mut body in [Body::from(whole[..length].to_vec()), pieces(&whole[..length], 7)] {
            let mut seen = Vec::new();
            let look = |piece: &[u8]| seen.extend_from_slice(piece);
            let held = budget.read(&mut body, Instant::now(), look).await.unwrap();
            assert_eq!((&held.bytes[..], &seen[..]), (&whole[..length], &whole[..length]));
        }
    }
    assert_eq!(read(&budget, pieces(&[0; 101], 7)).await.err(), Some(Refused::TooLarge));
    assert_eq!(read(&budget, body(101)).await.err(), Some(Refused::TooLarge));
}

#[tokio::test]
async fn one_large_body_at_a_time_is_kept_and_small_ones_do_not_wait() {
    let budget = Budget::new(BodyLimits { large_room: 1_000, ..LIMITS });
    let started = Instant::now();
    let (mut first, mut second) =
        (read(&budget, body(50)).await.unwrap(), read(&budget, body(50)).await.unwrap());
    let mut small = read(&budget, body(5)).await.unwrap();
    assert_eq!(budget.turn(&mut first, started).await, Ok(()));
    assert_eq!(budget.turn(&mut small, started).await, Ok(()));
    {
        let mut waits = pin!(budget.turn(&mut second, started));
        assert!(poll!(waits.as_mut()).is_pending());
        drop(first);
        assert_eq!(waits.await, Ok(()));
    }
    let mut third = read(&budget, body(50)).await.unwrap();
    let long_ago = started - LIMITS.deadline;
    assert_eq!(budget.turn(&mut third, long_ago).await, Err(Refused::Busy), "the deadline is over");
}

#[tokio::test]
async fn f18_a_body_that_stops_coming_is_cut_off_long_before_the_deadline() {
    let patient = BodyLimits {
        deadline: Duration::from_secs(86_400),
        grace: Duration::from_millis(10),
        body_bytes: 1 << 40,
        ..LIMITS
    };
    let budget = Budget::new(patient);
    for announced in [11, 100] {
        let stuck = Body::new(Stuck(announced, None));
        assert_eq!(read(&budget, stuck).await.err(), Some(Refused::TooSlow), "{announced}");
    }
    assert!(read(&budget, body(100)).await.is_ok(), "its room came back");
}

/// Comes so far, announces nothing, and never ends.
fn endless(bytes: usize) -> Body {
    let piece = Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; bytes]));
    Body::from_stream(stream::iter([piece]).chain(stream::pending()))
}

#[tokio::test]
async fn f18_who_holds_room_and_does_not_get_on_is_sent_away_when_others_wait() {
    let budget = Budget::new(LIMITS);
    let strangers = [
        Body::new(Stuck(10, Some(Bytes::from_static(b"xxxxxxxxx")))),
        endless(9),
        // Waits for more room while it holds some.
        pieces(&[0; 10], 2),
    ];
    let [one, two, three] = strangers.map(|body| read(&budget, body));
    let (one, two, three, genuine) = tokio::join!(one, two, three, read(&budget, body(10)));
    assert_eq!((one.err(), two.err()), (Some(Refused::Busy), Some(Refused::Busy)));
    assert!(three.is_ok());
    assert_eq!(genuine.unwrap().bytes.len(), 10);
}

#[tokio::test]
async fn f18_large_bodies_that_nobody_announced_wait_for_nothing_and_make_room() {
    let budget = Budget::new(LIMITS);
    let mut stranger = pin!(read(&budget, endless(11)));
    assert!(poll!(stranger.as_mut()).is_pending());
    assert_eq!(read(&budget, pieces(&[0; 11], 11)).await.err(), Some(Refused::Busy), "there is no room now");
    let (stranger, genuine) = tokio::join!(stranger, read(&budget, body(60)));
    assert_eq!(stranger.err(), Some(Refused::Busy));
    assert_eq!(genuine.unwrap().bytes.len(), 60);
    let hasty = Budget::new(BodyLimits { grace: Duration::from_millis(10), ..LIMITS });
    assert_eq!(read(&hasty, endless(11)).await.err(), Some(Refused::TooSlow), "it keeps no pace");
}

#[tokio::test]
async fn f18_a_slight_body_comes_in_however_many_hold_all_room() {
    let budget = Budget::new(BodyLimits { slight_bytes: 3, patience: Duration::from_secs(60), ..LIMITS });
    let held = [read(&budget, body(10)).await.unwrap(), read(&budget, body(10)).await.unwrap()];
    let mut waiting: Vec<_> = (0..MOST_WAITING).map(|_| Box::pin(read(&budget, body(4)))).collect();
    for waits in &mut waiting {
        assert!(poll!(waits.as_mut()).is_pending());
    }
    assert_eq!(read(&budget, body(4)).await.err(), Some(Refused::Busy));
    assert_eq!(read(&budget, body(3)).await.unwrap().bytes.len(), 3);
    assert_eq!(
        read(&budget, pieces(&[0; 3], 1)).await.err(),
        Some(Refused::Busy),
        "it has to announce its length"
    );
    drop(held);
}

#[tokio::test]
async fn f18_of_small_bodies_few_wait_for_room() {
    let budget = Budget::new(BodyLimits { patience: Duration::from_secs(60), ..LIMITS });
    let held = read(&budget, pieces(&[0; 10], 10)).await.unwrap();
    let other = read(&budget, body(10)).await.unwrap();
    let mut waiting: Vec<_> = (0..MOST_WAITING).map(|_| Box::pin(read(&budget, body(1)))).collect();
    for waits in &mut waiting {
        assert!(poll!(waits.as_mut()).is_pending());
    }
    assert_eq!(read(&budget, body(1)).await.err(), Some(Refused::Busy));
    drop((held, other));
    for waits in waiting {
        assert!(waits.await.is_ok());
    }
}

#[tokio::test]
async fn a_small_body_and_one_of_unknown_length_have_until_the_deadline() {
    let budget = Budget::new(BodyLimits { deadline: Duration::from_millis(10), ..LIMITS });
    let silent = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
    assert_eq!(read(&budget, silent).await.err(), Some(Refused::TooSlow));
    let stuck = Body::new(Stuck(10, None));
    assert_eq!(read(&budget, stuck).await.err(), Some(Refused::TooSlow));
    assert_eq!(LIMITS.due(LIMITS.deadline, 0, 10), LIMITS.deadline);
}

#[test]
fn a_large_body_that_comes_evenly_is_never_late() {
    const PIECE: usize = 64 * 1024;
    let limits = BodyLimits::default();
    let due = |received, length| limits.due(limits.deadline, received, length);
    for length in [MIB + 1, 2 * MIB, 25 * MIB] {
        for received in (0..length).step_by(PIECE) {
            let next = (received + PIECE).min(length) as f64 / length as f64;
            let comes_at = Duration::from_millis(8_500).mul_f64(next);
            assert!(comes_at <= due(received, length), "{received} of {length}");
        }
        assert_eq!(due(0, length), limits.grace);
        assert_eq!(due(length, length), limits.deadline);
    }
    // One that had to wait for room has less time, and is late only when that is over.
    let short = Duration::from_secs(2);
    assert_eq!(limits.due(short, 0, 2 * MIB), short);
}
