//! The catalogue as it was read last: again after a minute, and sooner when a name is not found in it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use coach::Pool;
use tokio::sync::{Mutex, RwLock};

use super::Catalogue;
use crate::rest::error::RestError;

/// A table that was made a moment ago is found by its absence; only what changed under an old name waits for this.
const LIFETIME: Duration = Duration::from_secs(60);

/// However many unknown names are asked for, the catalogue is read no more often than this because of them.
const LEAST_AGE: Duration = Duration::from_secs(1);

/// Holds the catalogue for all requests.
#[derive(Debug, Default)]
pub(in crate::rest) struct Catalogues {
    held: RwLock<Option<(Instant, Arc<Catalogue>)>>,
    /// Held by the one who reads it anew.
    reading: Mutex<()>,
}

impl Catalogues {
    /// The catalogue; where it is old, one request reads it anew and the others go on with the old one.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    pub(in crate::rest) async fn current(&self, pool: &Pool) -> Result<Arc<Catalogue>, RestError> {
        let held = self.held.read().await.clone();
        match (held, self.reading.try_lock()) {
            (Some((read_at, catalogue)), _) if read_at.elapsed() < LIFETIME => Ok(catalogue),
            (Some((_, catalogue)), Err(_)) => Ok(catalogue),
            // At the start nobody waits for another's turn: where the database is away, their waits would add up.
            _ => self.read(pool).await,
        }
    }

    /// The catalogue, read anew unless that was done a moment ago.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    pub(in crate::rest) async fn renewed(&self, pool: &Pool) -> Result<Arc<Catalogue>, RestError> {
        let _turn = self.reading.lock().await;
        let held = self.held.read().await.clone();
        match held {
            Some((read_at, catalogue)) if read_at.elapsed() < LEAST_AGE => Ok(catalogue),
            _ => self.read(pool).await,
        }
    }

    async fn read(&self, pool: &Pool) -> Result<Arc<Catalogue>, RestError> {
        let catalogue = Arc::new(read(pool).await?);
        *self.held.write().await = Some((Instant::now(), Arc::clone(&catalogue)));
        Ok(catalogue)
    }
}

async fn read(pool: &Pool) -> Result<Catalogue, RestError> {
    let mut transaction = pool.begin().await?;
    sqlx::query_file!("queries/forget_search_path.sql")
        .fetch_one(&mut *transaction)
        .await?;
    let document = sqlx::query_file_scalar!("queries/read_catalogue.sql")
        .fetch_one(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Catalogue::parse(&document).map_err(|error| {
        tracing::error!(%error, "the catalogue cannot be understood");
        RestError::internal()
    })
}
