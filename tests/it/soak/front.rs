//! The one address that GitHub knows: hands each connection to the next process that is up, as a load balancer does.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use millwright::cli::demo::stage::spawn;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

pub struct Front {
    pub url: String,
    doors: Arc<Mutex<Doors>>,
}

#[derive(Default)]
struct Doors {
    open: Vec<SocketAddr>,
    turn: usize,
}

impl Front {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let doors = Arc::<Mutex<Doors>>::default();
        let behind = Arc::clone(&doors);
        spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                spawn(carry(client, Arc::clone(&behind)));
            }
        });
        Self { url, doors }
    }

    pub fn add(&self, door: SocketAddr) {
        self.doors.lock().unwrap().open.push(door);
    }

    /// Lets nobody through there any more.
    pub fn close(&self, door: Option<SocketAddr>) {
        self.doors.lock().unwrap().open.retain(|open| Some(*open) != door);
    }
}

/// With nobody behind it the connection is closed at once, which GitHub counts as a failed delivery.
async fn carry(mut client: TcpStream, doors: Arc<Mutex<Doors>>) {
    let door = {
        let mut doors = doors.lock().unwrap();
        doors.turn += 1;
        let turn = doors.turn;
        doors.open.get(turn % doors.open.len().max(1)).copied()
    };
    let Some(door) = door else { return };
    let Ok(mut server) = TcpStream::connect(door).await else { return };
    // Either end may be gone at any moment: that is the fault.
    let _ = copy_bidirectional(&mut client, &mut server).await;
}
