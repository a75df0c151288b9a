//! Connections that a handler can reset: a peer then meets `ECONNRESET`, not the end of a stream.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
};

/// What a handler holds of its connection.
#[derive(Debug, Clone, Default)]
pub(crate) struct Handle {
    reset: Arc<AtomicBool>,
}

impl Handle {
    /// Nothing more is written; the connection ends in a reset at the next attempt to.
    pub(crate) fn reset(&self) {
        self.reset.store(true, Ordering::Release);
    }
}

pub(crate) struct Door(pub(crate) TcpListener);

impl Listener for Door {
    type Io = Connection;
    type Addr = Handle;

    async fn accept(&mut self) -> (Connection, Handle) {
        loop {
            if let Ok((stream, _)) = self.0.accept().await {
                // A token is to leave when it is written, not with its successors.
                let _ = stream.set_nodelay(true);
                let handle = Handle::default();
                return (Connection(stream, handle.clone()), handle);
            }
            // Out of file descriptors, mostly: some are given back soon.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn local_addr(&self) -> io::Result<Handle> {
        Ok(Handle::default())
    }
}

impl Connected<IncomingStream<'_, Door>> for Handle {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        stream.remote_addr().clone()
    }
}

pub(crate) struct Connection(TcpStream, Handle);

impl Connection {
    fn check(&self) -> io::Result<()> {
        match self.1.reset.load(Ordering::Acquire) {
            true => Err(io::ErrorKind::ConnectionReset.into()),
            false => Ok(()),
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.check().is_err() {
            // Closing with zero linger sends RST in the place of FIN.
            let _ = self.0.set_zero_linger();
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // A FIN before the RST would be an orderly end.
        self.check()?;
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
