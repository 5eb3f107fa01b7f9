//! Deliveries by hand: any body, any signature, any GUID.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use millwright::sandbox::signature;
use serde_json::Value;

use super::harness::Talk;

/// One request to the receiver.
pub struct Post<'a> {
    pub event: &'a str,
    pub guid: &'a str,
    pub body: Vec<u8>,
    /// The header of the signature and its value.
    pub signed: Option<(&'a str, String)>,
}

impl Talk {
    /// Posts and gives back the status.
    pub async fn post(&self, post: Post<'_>) -> u16 {
        let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
        let mut request = http::Request::post(&self.webhook)
            .header("content-type", "application/json")
            .header("x-github-event", post.event)
            .header("x-github-delivery", post.guid);
        if let Some((name, value)) = post.signed {
            request = request.header(name, value);
        }
        let answer = client.request(request.body(Full::new(Bytes::from(post.body))).unwrap()).await.unwrap();
        answer.status().as_u16()
    }

    /// Posts a payload as GitHub would, signed with the secret in force.
    pub async fn deliver(&self, event: &str, guid: &str, payload: &Value) -> u16 {
        let body = payload.to_string().into_bytes();
        let signed = signature(&self.world.app().webhook_secret, &body);
        self.post(Post { event, guid, body, signed: Some(("x-hub-signature-256", signed)) }).await
    }

    /// The page of figures, as this machine gets it.
    pub async fn figures(&self) -> String {
        let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
        let request = http::Request::get(self.webhook.replace("/webhook", "/metrics"));
        let answer = client.request(request.body(Full::default()).unwrap()).await.unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        let page = answer.into_body().collect().await.unwrap().to_bytes();
        String::from_utf8(page.to_vec()).unwrap()
    }
}
