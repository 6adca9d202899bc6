//! The line to the server breaks at the worst moment.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::SeqCst},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::{number, with_table};
use crate::db::{Db, Error, Run, Settings, args, transaction};

/// Passes everything on, but hangs up on the client once it has passed on this word.
async fn proxy(server: String, word: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(pass_on(client, TcpStream::connect(server.clone()).await.unwrap(), word));
        }
    });
    address
}

async fn pass_on(mut client: TcpStream, mut server: TcpStream, word: &'static [u8]) {
    let (mut asked, mut answered) = ([0; 4096], [0; 4096]);
    loop {
        tokio::select! {
            Ok(n) = client.read(&mut asked) => {
                if n == 0 || server.write_all(&asked[..n]).await.is_err() {
                    return;
                }
                if asked[..n].windows(word.len()).any(|bytes| bytes == word) {
                    // The server's answer, so that the commit has happened.
                    assert_ne!(server.read(&mut answered).await.unwrap(), 0);
                    return;
                }
            }
            Ok(n) = server.read(&mut answered) => {
                if n == 0 || client.write_all(&answered[..n]).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// `mysql://user:password@host:port/database` through a proxy at another address.
fn through(url: &str, address: SocketAddr) -> (String, String) {
    let (head, tail) = url.rsplit_once('@').unwrap();
    let (server, database) = tail.split_once('/').unwrap();
    (server.to_owned(), format!("{head}@{address}/{database}"))
}

#[tokio::test]
async fn a_commit_of_unknown_outcome_is_told_and_not_repeated() {
    let Ok(url) = std::env::var("TEST_MYSQL_URL") else { return };
    let (server, _) = through(&url, SocketAddr::from(([127, 0, 0, 1], 1)));
    // A COM_QUERY packet; the session set-up says "committed".
    let address = proxy(server, b"\x03commit").await;
    let direct = Db::connect(&Settings::new(&url)).await.unwrap();
    direct.exec("drop table if exists t1", args!()).await.unwrap();
    with_table(&direct).await;
    let db = Db::connect(&Settings::new(through(&url, address).1)).await.unwrap();

    let runs = Arc::new(AtomicU32::new(0));
    let result: Result<u64, Error> = transaction(&db, runs.clone(), |tx, runs| {
        Box::pin(async move {
            runs.fetch_add(1, SeqCst);
            tx.exec("update t1 set n = n + 1 where id = ?", args!("a")).await
        })
    })
    .await;

    assert!(matches!(result, Err(Error::Unavailable(_))), "{result:?}");
    assert_eq!((runs.load(SeqCst), number(&direct, "a").await), (1, 1));
    assert_eq!(number(&db, "a").await, 1);
    direct.exec("drop table t1", args!()).await.unwrap();
}
