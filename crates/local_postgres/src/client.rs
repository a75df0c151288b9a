//! A client of PostgreSQL's simple query protocol over a Unix socket, just large enough to ask whether a server is well
//! and to make databases: the embedded PostgreSQL comes without psql.
//! (Frontend/backend protocol 3.0, PostgreSQL manual, chapter "Frontend/Backend Protocol", "Message Formats".)

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use crate::Error;

/// Version 3.0 of the protocol.
const PROTOCOL: i32 = 196_608;
/// No message of ours or of the answers we ask for comes near this.
const LONGEST_MESSAGE: usize = 1 << 24;

/// One session, trusted by the server.
pub(crate) struct Client {
    stream: UnixStream,
}

impl Client {
    /// Connects to the server whose socket is `socket`; no answer may take longer than `patience`.
    pub(crate) fn connect(
        socket: &Path,
        user: &str,
        database: &str,
        patience: Duration,
    ) -> Result<Client, Error> {
        let stream = UnixStream::connect(socket).map_err(Error::Unreachable)?;
        stream
            .set_read_timeout(Some(patience))
            .map_err(Error::Unreachable)?;
        stream
            .set_write_timeout(Some(patience))
            .map_err(Error::Unreachable)?;
        let mut client = Client { stream };
        let mut body = PROTOCOL.to_be_bytes().to_vec();
        for text in [
            "user",
            user,
            "database",
            database,
            "application_name",
            "mesocycle",
            "",
        ] {
            body.extend(text.as_bytes());
            body.push(0);
        }
        client.send(None, &body)?;
        client.read_until_ready()?;
        Ok(client)
    }

    /// Runs one or several statements and answers the rows' first columns as text (null is empty).
    pub(crate) fn query(&mut self, sql: &str) -> Result<Vec<String>, Error> {
        let mut body = sql.as_bytes().to_vec();
        body.push(0);
        self.send(Some(b'Q'), &body)?;
        self.read_until_ready()
    }

    fn send(&mut self, kind: Option<u8>, body: &[u8]) -> Result<(), Error> {
        let length =
            i32::try_from(body.len() + 4).map_err(|_| malformed("a statement is too long"))?;
        let mut message: Vec<u8> = kind.into_iter().collect();
        message.extend(length.to_be_bytes());
        message.extend(body);
        self.stream.write_all(&message).map_err(Error::Unreachable)
    }

    /// Reads answers up to the server's "ready for query"; an error among them is answered once it is ready again.
    fn read_until_ready(&mut self) -> Result<Vec<String>, Error> {
        let mut rows = Vec::new();
        let mut failure = None;
        loop {
            let (kind, body) = match self.receive() {
                Ok(message) => message,
                // A server that refuses the session ends it after saying why.
                Err(error) => return Err(failure.unwrap_or(error)),
            };
            match kind {
                b'Z' => return failure.map_or(Ok(rows), Err),
                b'E' => failure = Some(server_error(&body)),
                b'D' => rows.push(first_column(&body)),
                b'R' if body != [0, 0, 0, 0] => {
                    return Err(malformed("the server asks for a password"));
                }
                _ => {}
            }
        }
    }

    fn receive(&mut self) -> Result<(u8, Vec<u8>), Error> {
        let mut head = [0; 5];
        self.stream
            .read_exact(&mut head)
            .map_err(Error::Unreachable)?;
        let [kind, length @ ..] = head;
        let length = usize::try_from(i32::from_be_bytes(length)).unwrap_or(0);
        if !(4..LONGEST_MESSAGE).contains(&length) {
            return Err(malformed("the answer is not PostgreSQL's"));
        }
        let mut body = vec![0; length - 4];
        self.stream
            .read_exact(&mut body)
            .map_err(Error::Unreachable)?;
        Ok((kind, body))
    }
}

fn malformed(what: &'static str) -> Error {
    Error::Unreachable(io::Error::new(io::ErrorKind::InvalidData, what))
}

/// DataRow: the number of columns (16 bits), then each column's length (32 bits, -1 for null) and bytes.
fn first_column(body: &[u8]) -> String {
    let length = body
        .get(2..6)
        .and_then(|bytes| bytes.try_into().ok())
        .map_or(0, i32::from_be_bytes);
    let end = 6 + usize::try_from(length).unwrap_or(0);
    body.get(6..end)
        .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        .unwrap_or_default()
}

/// ErrorResponse: fields of one letter and a text that a zero byte ends; C is the SQLSTATE, M the message.
fn server_error(body: &[u8]) -> Error {
    let field = |letter: u8| {
        body.split(|byte| *byte == 0)
            .find(|field| field.first() == Some(&letter))
            .map(|field| String::from_utf8_lossy(&field[1..]).into_owned())
            .unwrap_or_default()
    };
    Error::Statement {
        code: field(b'C'),
        message: field(b'M'),
    }
}
