//! Two users with rows of every kind, and a server in front of them.

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;
use uuid::{Uuid, uuid};

use crate::database::TestDatabase;
use crate::support::{TestServer, anon_key, service_role_key, token_of};

pub(crate) const ONE: Uuid = uuid!("11111111-1111-4111-8111-111111111111");
pub(crate) const TWO: Uuid = uuid!("22222222-2222-4222-8222-222222222222");

/// A database with rows, and a server on it.
pub(crate) struct World {
    pub(crate) database: TestDatabase,
    pub(crate) server: TestServer,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asker {
    Anon,
    User(Uuid),
    Service,
}

impl Asker {
    pub(crate) fn token(self) -> String {
        match self {
            Self::Anon => anon_key(),
            Self::User(user) => token_of(user),
            Self::Service => service_role_key(),
        }
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// The body, which must be JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|_| panic!("{} {:?}", self.status, self.text))
    }

    /// A header's text, empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The code of a refusal with this status.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16) -> String {
        let body = self.json();
        assert_eq!(self.status, status, "{body}");
        let fields: Vec<_> = body.as_object().unwrap().keys().collect();
        assert_eq!(fields, ["code", "details", "hint", "message"], "{body}");
        assert_eq!(self.header("content-type"), "application/json");
        body["code"].as_str().unwrap().to_owned()
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::new().await;
        database.run(include_str!("world.sql")).await;
        Self {
            server: database.server().await,
            database,
        }
    }

    /// Sends `method` to `/rest/v1/<path>` as `asker`, with headers as `name: value` and a body unless it is empty.
    pub(crate) async fn send(
        &self,
        asker: Asker,
        method: &str,
        path: &str,
        headers: &[&str],
        body: &str,
    ) -> Answer {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let url = format!("{}/rest/v1/{path}", self.server.url);
        let mut request = self
            .server
            .client
            .request(method, url)
            .header("apikey", anon_key())
            .bearer_auth(asker.token());
        for header in headers {
            let (name, value) = header.split_once(": ").unwrap();
            request = request.header(name, value);
        }
        if !body.is_empty() {
            request = request
                .header("content-type", "application/json")
                .body(body.to_owned());
        }
        let response = request.send().await.unwrap();
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await.unwrap(),
        }
    }

    /// Reads `/rest/v1/<path>` as the first user.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Asker::User(ONE), "GET", path, &[], "").await
    }
}
