//! Takes connections and ends them in an orderly way.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::web::metrics::Peer;
use crate::web::places::{Awaited, Doors, Place, Places};
use crate::web::routes::{Web, routes};
use crate::web::webhook::Crowded;

/// What is read of a connection before somebody takes it, in bytes; also the longest headers. Hyper's own bound is six times
/// as much, which many connections together would feel.
const READ_AHEAD: usize = 64 * 1024;

/// Requests still running so long after the shutdown began are cut off; a delivery has its answer sooner.
const LONGEST_GOODBYE: Duration = Duration::from_secs(12);

/// Answers requests until `shutdown` is cancelled, then lets those that run come to their end. Returns when every
/// connection is closed.
pub async fn serve(listener: TcpListener, web: Web, shutdown: CancellationToken) {
    serve_behind(Doors::default(), listener, web, shutdown).await;
}

/// As [`serve`], behind doors of this width.
pub async fn serve_behind(doors: Doors, mut listener: TcpListener, web: Web, shutdown: CancellationToken) {
    let routes = routes(web);
    let places = Places::new(doors);
    let mut connections = JoinSet::new();
    loop {
        let next = async {
            let place = places.take().await;
            // Logs and waits by itself when the system has no more file descriptors.
            let (stream, peer) = Listener::accept(&mut listener).await;
            (places.better(place), stream, peer)
        };
        tokio::select! {
            () = shutdown.cancelled() => break,
            (place, stream, peer) = next => {
                let guest = Guest { stream, peer, place };
                connections.spawn(connection(guest, routes.clone(), shutdown.clone()));
            }
            Some(ended) = connections.join_next() => report(ended),
        }
    }
    drop(listener);
    let goodbye = async {
        while let Some(ended) = connections.join_next().await {
            report(ended);
        }
    };
    if timeout(LONGEST_GOODBYE, goodbye).await.is_err() {
        tracing::warn!(connections = connections.len(), "cut off connections that did not end");
        connections.shutdown().await;
    }
}

struct Guest {
    stream: TcpStream,
    peer: SocketAddr,
    place: Place,
}

async fn connection(guest: Guest, routes: Router, shutdown: CancellationToken) {
    let Guest { stream, peer, place } = guest;
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, %peer, "answers may be delayed");
    }
    let is_spare = place.is_spare();
    let visit = place.visit();
    let speaker = Arc::clone(&visit);
    let service = service_fn(move |mut request: http::Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        if is_spare {
            request.extensions_mut().insert(Crowded);
        }
        let (routes, speaker) = (routes.clone(), Arc::clone(&speaker));
        async move {
            speaker.speaks();
            let awaited = Arc::clone(&speaker);
            let answered = answer(routes, request.map(|body| Body::new(Awaited::new(body, awaited)))).await;
            speaker.falls_silent();
            Ok::<_, Infallible>(answered)
        }
    });
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(place.silence)
            .max_buf_size(READ_AHEAD)
            .keep_alive(!is_spare)
            .serve_connection(TokioIo::new(stream), service)
    );
    let ended = tokio::select! {
        // A request that has come in is begun before its connection is sent away.
        biased;
        ended = connection.as_mut() => ended,
        () = visit.is_sent_away() => {
            tracing::debug!(%peer, "a silent connection made room for another");
            return;
        }
        () = shutdown.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, %peer, "a connection broke");
    }
}

async fn answer(routes: Router, request: http::Request<Body>) -> http::Response<Body> {
    match routes.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

fn report(ended: Result<(), JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a request ended its connection by a panic");
    }
}
