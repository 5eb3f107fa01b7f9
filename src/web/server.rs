//! Takes connections and ends them in an orderly way.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
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
use crate::web::routes::{Web, routes};

/// A client that has not sent its headers by then is cut off.
const LONGEST_HEADERS: Duration = Duration::from_secs(30);

/// Requests still running so long after the shutdown began are cut off; a delivery has its answer sooner.
const LONGEST_GOODBYE: Duration = Duration::from_secs(12);

/// Answers requests until `shutdown` is cancelled, then lets those that run come to their end. Returns when every
/// connection is closed.
pub async fn serve(mut listener: TcpListener, web: Web, shutdown: CancellationToken) {
    let routes = routes(web);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = shutdown.cancelled() => break,
            // Logs and waits by itself when the system has no more file descriptors.
            (stream, peer) = Listener::accept(&mut listener) => {
                connections.spawn(connection(stream, peer, routes.clone(), shutdown.clone()));
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

async fn connection(stream: TcpStream, peer: SocketAddr, routes: Router, shutdown: CancellationToken) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, %peer, "answers may be delayed");
    }
    let service = service_fn(move |mut request: http::Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        let routes = routes.clone();
        async move { Ok::<_, Infallible>(answer(routes, request.map(Body::new)).await) }
    });
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(LONGEST_HEADERS)
            .serve_connection(TokioIo::new(stream), service)
    );
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
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
