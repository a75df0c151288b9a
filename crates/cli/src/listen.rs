//! The address to listen on, and the one to tell people.

use std::net::{IpAddr, SocketAddr, UdpSocket};

use anyhow::Context;
use tokio::net::TcpListener;

use crate::config::Settings;

/// Takes the port.
///
/// # Errors
/// When it is taken, and what to do.
pub(crate) async fn listen(settings: &Settings) -> anyhow::Result<TcpListener> {
    TcpListener::bind((settings.host.as_str(), settings.port))
        .await
        .with_context(|| {
            format!(
                "{}:{} cannot be listened on; choose another with --host and --port",
                settings.host, settings.port
            )
        })
}

/// The URL under which this machine reaches a listener.
pub(crate) fn local_url(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => "127.0.0.1".to_owned(),
        IpAddr::V6(ip) if ip.is_unspecified() => "127.0.0.1".to_owned(),
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    };
    format!("http://{ip}:{}", address.port())
}

/// The URL for other machines of the network, when the listener takes calls from everywhere.
pub(crate) fn network_url(address: SocketAddr) -> Option<String> {
    if !address.ip().is_unspecified() {
        return None;
    }
    // Nothing is sent: the system only chooses the address that it would send from. (192.0.2.1: RFC 5737, nobody's.)
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_unspecified() && !ip.is_loopback()).then(|| format!("http://{ip}:{}", address.port()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_that_is_told_can_be_called() {
        for (listening, told) in [
            ("127.0.0.1:54321", "http://127.0.0.1:54321"),
            ("0.0.0.0:80", "http://127.0.0.1:80"),
            ("[::]:80", "http://127.0.0.1:80"),
            ("[::1]:80", "http://[::1]:80"),
        ] {
            assert_eq!(local_url(listening.parse().unwrap()), told);
        }
        assert_eq!(network_url("127.0.0.1:1".parse().unwrap()), None);
    }
}
