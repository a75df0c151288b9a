//! The database as the engine uses it: a pool of connections that may lead through a transaction-mode pooler.
//!
//! Such a pooler (pgbouncer, Supavisor) hands every transaction to any server connection. The driver prepares a statement
//! in one round trip and executes it in the next; outside a transaction the two may meet different servers, and a
//! statement with a name meets its namesake of another client. So behind a pooler every statement runs in a transaction
//! of its own and has no name.

use std::{
    ops::{Deref, DerefMut},
    time::Duration,
};

use futures_util::{
    StreamExt, TryFutureExt, TryStreamExt,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use sqlx::{
    Describe, Either, Error, Execute, Executor, PgPool, Postgres, SqlStr,
    error::BoxDynError,
    postgres::{
        PgArguments, PgConnectOptions, PgPoolOptions, PgQueryResult, PgRow, PgStatement, PgTypeInfo,
    },
};

/// How long a connection outside the pool may take to come about.
const CONNECT: Duration = Duration::from_secs(5);

type Step = Either<PgQueryResult, PgRow>;

/// A pool of connections. A reference to it executes statements, each by itself; [`begin`](Self::begin) opens a transaction.
#[derive(Debug, Clone)]
pub struct Pool {
    connections: PgPool,
    pooled: bool,
    listen: Option<PgConnectOptions>,
}

impl From<PgPool> for Pool {
    /// A pool whose connections are sessions of the server: not behind a transaction-mode pooler.
    fn from(connections: PgPool) -> Self {
        let listen = Some(connections.connect_options().as_ref().clone());
        Self {
            connections,
            pooled: false,
            listen,
        }
    }
}

impl Pool {
    /// A pool that leads through a transaction-mode pooler; connect it with [`pooled_options`](Self::pooled_options). No
    /// LISTEN goes through one, so workers poll, at least every 250 ms.
    #[must_use]
    pub fn pooled(connections: PgPool) -> Self {
        Self {
            connections,
            pooled: true,
            listen: None,
        }
    }

    /// Options that a transaction-mode pooler accepts: no start-up parameter that pgbouncer refuses, nothing remembered of
    /// a statement.
    #[must_use]
    pub fn pooled_options(options: PgConnectOptions) -> PgConnectOptions {
        options.extra_float_digits(None).statement_cache_capacity(0)
    }

    /// Hears hints over a connection of its own with these options, which must lead to the server itself.
    #[must_use]
    pub fn listening_at(mut self, options: PgConnectOptions) -> Self {
        self.listen = Some(options);
        self
    }

    /// Whether it leads through a transaction-mode pooler.
    #[must_use]
    pub fn is_pooled(&self) -> bool {
        self.pooled
    }

    /// The connections themselves. Behind a pooler, what is run on them must be simple queries, or unnamed
    /// (`persistent(false)`) within a transaction.
    #[must_use]
    pub fn connections(&self) -> &PgPool {
        &self.connections
    }

    /// Opens a transaction; dropped without `commit`, it rolls back.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn begin(&self) -> Result<Transaction, Error> {
        Ok(Transaction(Connection {
            transaction: self.connections.begin().await?,
            unnamed: self.pooled,
        }))
    }

    /// Closes all connections.
    pub async fn close(&self) {
        self.connections.close().await;
    }

    /// A pool of a single new connection: nobody else's work can keep it busy.
    pub(crate) fn single(&self) -> Self {
        Self {
            connections: one(self.connections.connect_options().as_ref().clone()),
            ..self.clone()
        }
    }

    /// A single new connection on which LISTEN works, if there is one.
    pub(crate) fn listener(&self) -> Option<PgPool> {
        self.listen.clone().map(one)
    }

    async fn alone<Rows, F>(self, run: F) -> Result<Rows, Error>
    where
        F: AsyncFnOnce(&mut Connection) -> Result<Rows, Error>,
    {
        let mut transaction = self.begin().await?;
        let rows = run(&mut transaction).await?;
        transaction.commit().await?;
        Ok(rows)
    }
}

/// Gives up waiting for an answer: the other end of a connection may have fallen silent without closing it.
pub(crate) async fn within<T>(
    limit: Duration,
    answer: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    tokio::time::timeout(limit, answer)
        .await
        .unwrap_or(Err(Error::PoolTimedOut))
}

fn one(options: PgConnectOptions) -> PgPool {
    PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(CONNECT)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_lazy_with(options)
}

/// A transaction; `&mut *transaction` executes statements in it.
#[derive(Debug)]
pub struct Transaction(Connection);

impl Transaction {
    /// Commits it.
    ///
    /// # Errors
    /// When it was not committed, or nobody knows whether it was.
    pub async fn commit(self) -> Result<(), Error> {
        self.0.transaction.commit().await
    }

    /// Rolls it back.
    ///
    /// # Errors
    /// When the connection broke; then the server rolls back.
    pub async fn rollback(self) -> Result<(), Error> {
        self.0.transaction.rollback().await
    }
}

impl Deref for Transaction {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.0
    }
}

/// A connection that is in a transaction; `&mut Connection` executes statements.
#[derive(Debug)]
pub struct Connection {
    transaction: sqlx::Transaction<'static, Postgres>,
    unnamed: bool,
}

/// A statement that is prepared without a name.
struct Unnamed<E>(E);

impl<'q, E: Execute<'q, Postgres>> Execute<'q, Postgres> for Unnamed<E> {
    fn sql(self) -> SqlStr {
        self.0.sql()
    }

    fn statement(&self) -> Option<&PgStatement> {
        self.0.statement()
    }

    fn take_arguments(&mut self) -> Result<Option<PgArguments>, BoxDynError> {
        self.0.take_arguments()
    }

    fn persistent(&self) -> bool {
        false
    }
}

impl<'c> Executor<'c> for &'c mut Connection {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Step, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        match self.unnamed {
            true => self.transaction.fetch_many(Unnamed(query)),
            false => self.transaction.fetch_many(query),
        }
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        match self.unnamed {
            true => self.transaction.fetch_optional(Unnamed(query)),
            false => self.transaction.fetch_optional(query),
        }
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, Result<PgStatement, Error>>
    where
        'c: 'e,
    {
        self.transaction.prepare_with(sql, parameters)
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Postgres>, Error>>
    where
        'c: 'e,
    {
        self.transaction.describe(sql)
    }
}

impl<'p> Executor<'p> for &Pool {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Step, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        if !self.pooled {
            return self.connections.fetch_many(query);
        }
        // The rows are handed out once the transaction is committed, so that they are true.
        self.clone()
            .alone(async |connection| connection.fetch_many(query).try_collect::<Vec<_>>().await)
            .map_ok(|steps| stream::iter(steps).map(Ok))
            .try_flatten_stream()
            .boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        if !self.pooled {
            return self.connections.fetch_optional(query);
        }
        Box::pin(
            self.clone()
                .alone(async |connection| connection.fetch_optional(query).await),
        )
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, Result<PgStatement, Error>>
    where
        'p: 'e,
    {
        self.connections.prepare_with(sql, parameters)
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Postgres>, Error>>
    where
        'p: 'e,
    {
        self.connections.describe(sql)
    }
}
