//! Running statements and reading rows.

use std::future::Future;

use rbatis::executor::Executor;
use rbs::Value;
use serde::de::DeserializeOwned;

use super::{Db, Error, args::checked};

/// Everything that can run SQL: [`Db`] takes a connection for each statement, [`super::Tx`] runs
/// them in one transaction.
pub trait Run: Send + Sync {
    /// Runs a statement; the number of rows that its `where` matched, changed or not.
    fn exec(&self, sql: &str, args: Vec<Value>) -> impl Future<Output = Result<u64, Error>> + Send;

    /// The rows of a query, each as a struct with a field per column, or as the value itself
    /// if there is one column.
    fn fetch<T: DeserializeOwned + Send>(
        &self,
        sql: &str,
        args: Vec<Value>,
    ) -> impl Future<Output = Result<Vec<T>, Error>> + Send;

    /// The first row of a query, if there is one.
    fn fetch_one<T: DeserializeOwned + Send>(
        &self,
        sql: &str,
        args: Vec<Value>,
    ) -> impl Future<Output = Result<Option<T>, Error>> + Send {
        async move { Ok(self.fetch(sql, args).await?.into_iter().next()) }
    }

    /// True when the statement met exactly one row: how a compare-and-set is won.
    fn changed(
        &self,
        sql: &str,
        args: Vec<Value>,
    ) -> impl Future<Output = Result<bool, Error>> + Send {
        async move { Ok(self.exec(sql, args).await? == 1) }
    }
}

impl Run for Db {
    async fn exec(&self, sql: &str, args: Vec<Value>) -> Result<u64, Error> {
        let args = checked(self.dialect(), sql, args)?;
        Ok(self.executor().exec(sql, args).await?.rows_affected)
    }

    async fn fetch<T: DeserializeOwned + Send>(
        &self,
        sql: &str,
        args: Vec<Value>,
    ) -> Result<Vec<T>, Error> {
        let args = checked(self.dialect(), sql, args)?;
        rows(&Executor::query(self.executor(), sql, args).await?, sql)
    }
}

/// rbatis' own decoding drops rows that it cannot read when they have one column.
pub(super) fn rows<T: DeserializeOwned>(answer: &Value, sql: &str) -> Result<Vec<T>, Error> {
    let Value::Array(rows) = answer else {
        return Err(Error::Other(format!("no rows: {sql}")));
    };
    rows.iter()
        .map(row)
        .collect::<Result<_, _>>()
        .map_err(|e| Error::Other(format!("cannot read a row: {e}: {sql}")))
}

fn row<T: DeserializeOwned>(row: &Value) -> Result<T, rbs::Error> {
    let as_struct = match rbs::from_value_ref(row) {
        Ok(read) => return Ok(read),
        Err(error) => error,
    };
    match row {
        Value::Map(columns) if columns.len() == 1 => match columns.into_iter().next() {
            Some((_, only)) => rbs::from_value_ref(only),
            None => Err(as_struct),
        },
        _ => Err(as_struct),
    }
}
