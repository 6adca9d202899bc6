//! The limit of W2: the very question that the product asks Redis, overheard with MONITOR.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    time::timeout,
};

use crate::{Result, wire::redis_request};

/// What Redis is asked while `ask` runs, ready to be sent again: the reading of a hash.
pub async fn overhear(
    redis: SocketAddr,
    ask: impl Future<Output = Result<()>>,
) -> Result<(Vec<u8>, usize)> {
    let mut stream = BufReader::new(TcpStream::connect(redis).await?);
    stream.write_all(b"MONITOR\r\n").await?;
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    ask.await?;
    let (mut read, mut count) = (None, 0);
    // What was asked has been echoed long before this.
    while let Ok(Ok(length)) =
        timeout(Duration::from_millis(200), next(&mut stream, &mut line)).await
        && length > 0
    {
        let words = words(&line);
        count += 1;
        if words.first().is_some_and(|word| word.eq_ignore_ascii_case("hmget")) {
            read = Some(redis_request(words.iter().map(String::as_str)));
        }
    }
    Ok((read.ok_or("the poll reads no hash with HMGET")?, count))
}

async fn next(stream: &mut BufReader<TcpStream>, line: &mut String) -> std::io::Result<usize> {
    line.clear();
    stream.read_line(line).await
}

/// `+1.2 [0 127.0.0.1:3] "HMGET" "key" "."` without what stands in front.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut escaped) = (Vec::new(), None::<String>, false);
    for c in line.chars() {
        match (&mut word, c) {
            (Some(text), c) if escaped => {
                text.push(c);
                escaped = false;
            }
            (Some(_), '\\') => escaped = true,
            (Some(_), '"') => words.extend(word.take()),
            (Some(text), c) => text.push(c),
            (None, '"') => word = Some(String::new()),
            (None, _) => {}
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_monitored_command_is_read() {
        let line = r#"+1700000000.1 [0 127.0.0.1:5] "HMGET" "ticket:a\"b" "." """#;
        assert_eq!(words(line), ["HMGET", "ticket:a\"b", ".", ""]);
    }
}
