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
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::web::metrics::Peer;
use crate::web::routes::{Web, routes};
use crate::web::webhook::Crowded;

/// How many connections there may be, and how long they may say nothing.
#[derive(Debug, Clone, Copy)]
pub struct Doors {
    /// Connections that are served in full.
    pub connections: usize,
    /// Connections beyond those: pages are answered, so that the server can be looked after, and deliveries are not.
    pub spare: usize,
    /// A client that has not sent its headers by then is cut off, and so is one that says nothing more.
    pub silence: Duration,
    /// The same for spare connections: their places have to come free soon.
    pub spare_silence: Duration,
}

impl Default for Doors {
    fn default() -> Self {
        Self {
            connections: 512,
            spare: 32,
            silence: Duration::from_secs(10),
            spare_silence: Duration::from_secs(2),
        }
    }
}

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

/// The places for connections that are free.
struct Places {
    doors: Doors,
    usual: Arc<Semaphore>,
    spare: Arc<Semaphore>,
}

/// A place for one connection, free again when it is dropped.
struct Place {
    silence: Duration,
    is_spare: bool,
    _permit: Option<OwnedSemaphorePermit>,
}

struct Guest {
    stream: TcpStream,
    peer: SocketAddr,
    place: Place,
}

impl Places {
    fn new(doors: Doors) -> Self {
        let places = |number| Arc::new(Semaphore::new(number));
        Self { doors, usual: places(doors.connections), spare: places(doors.spare) }
    }

    /// The next free place, a spare one where there is no other. Whoever comes meanwhile waits with the system.
    async fn take(&self) -> Place {
        tokio::select! {
            biased;
            permit = Arc::clone(&self.usual).acquire_owned() => self.usual(permit.ok()),
            permit = Arc::clone(&self.spare).acquire_owned() => Place {
                silence: self.doors.spare_silence,
                is_spare: true,
                _permit: permit.ok(),
            },
        }
    }

    /// Between the choice of a place and the connection for it a better one may have come free.
    fn better(&self, place: Place) -> Place {
        match Arc::clone(&self.usual).try_acquire_owned() {
            Ok(permit) if place.is_spare => self.usual(Some(permit)),
            _ => place,
        }
    }

    fn usual(&self, permit: Option<OwnedSemaphorePermit>) -> Place {
        Place { silence: self.doors.silence, is_spare: false, _permit: permit }
    }
}

async fn connection(guest: Guest, routes: Router, shutdown: CancellationToken) {
    let Guest { stream, peer, place } = guest;
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, %peer, "answers may be delayed");
    }
    let is_spare = place.is_spare;
    let service = service_fn(move |mut request: http::Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        if is_spare {
            request.extensions_mut().insert(Crowded);
        }
        let routes = routes.clone();
        async move { Ok::<_, Infallible>(answer(routes, request.map(Body::new)).await) }
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
