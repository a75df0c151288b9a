//! The catalogue as it was read last: again after a minute, and sooner when a name is not found in it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use coach::Pool;
use tokio::sync::Mutex;

use super::Catalogue;
use crate::rest::error::RestError;

/// A table that was made a moment ago is found by its absence; only what changed under an old name waits for this.
const LIFETIME: Duration = Duration::from_secs(60);

/// However many unknown names are asked for, the catalogue is read no more often than this because of them.
const LEAST_AGE: Duration = Duration::from_secs(1);

/// Holds the catalogue for all requests. One reads it at a time, the others wait for what that one finds.
#[derive(Debug, Default)]
pub(in crate::rest) struct Catalogues(Mutex<Option<(Instant, Arc<Catalogue>)>>);

impl Catalogues {
    /// The catalogue, at most a minute old.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    pub(in crate::rest) async fn current(&self, pool: &Pool) -> Result<Arc<Catalogue>, RestError> {
        self.younger_than(LIFETIME, pool).await
    }

    /// The catalogue, read anew unless that was done a moment ago.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    pub(in crate::rest) async fn renewed(&self, pool: &Pool) -> Result<Arc<Catalogue>, RestError> {
        self.younger_than(LEAST_AGE, pool).await
    }

    async fn younger_than(&self, age: Duration, pool: &Pool) -> Result<Arc<Catalogue>, RestError> {
        let mut held = self.0.lock().await;
        match &*held {
            Some((read_at, catalogue)) if read_at.elapsed() < age => Ok(Arc::clone(catalogue)),
            _ => {
                let catalogue = Arc::new(read(pool).await?);
                *held = Some((Instant::now(), Arc::clone(&catalogue)));
                Ok(catalogue)
            }
        }
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
