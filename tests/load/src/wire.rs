//! A client connection: one request in flight, kept alive. It understands just enough of HTTP/1.1
//! and of the Redis protocol to know where an answer ends, so that it costs less than a server.

use std::{io, net::SocketAddr};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// What is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// HTTP/1.1.
    Http,
    /// The Redis protocol.
    Redis,
}

/// An open connection.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    protocol: Protocol,
    answer: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub async fn open(address: SocketAddr, protocol: Protocol) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, protocol, answer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a request and reads its whole answer. Returns the status: HTTP's, or 200 for an
    /// answer of Redis that is not an error.
    pub async fn ask(&mut self, request: &[u8]) -> io::Result<u16> {
        self.stream.write_all(request).await?;
        self.answer.clear();
        loop {
            if self.stream.read_buf(&mut self.answer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let done = match self.protocol {
                Protocol::Http => http_status(&self.answer)?,
                Protocol::Redis => redis_status(&self.answer),
            };
            if let Some(status) = done {
                return Ok(status);
            }
        }
    }
}

fn odd(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// The status, once head and body are complete.
fn http_status(answer: &[u8]) -> io::Result<Option<u16>> {
    let Some(end) = find(answer, b"\r\n\r\n") else { return Ok(None) };
    let head = &answer[..end];
    let digits = head.get(9..12).and_then(|digits| std::str::from_utf8(digits).ok());
    let status = digits.and_then(|digits| digits.parse().ok()).ok_or_else(|| odd("no status"))?;
    let mut length = 0;
    for line in head.split(|byte| *byte == b'\n').skip(1) {
        if let Some(value) = value_of(line, b"content-length:") {
            length = value.parse().map_err(|_| odd("a content-length that is no number"))?;
        } else if value_of(line, b"transfer-encoding:").is_some() {
            return Err(odd("a chunked answer, which this client does not read"));
        }
    }
    Ok((answer.len() >= end + 4 + length).then_some(status))
}

fn value_of<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a str> {
    let (start, rest) = line.split_at_checked(name.len())?;
    let value = start.eq_ignore_ascii_case(name).then_some(rest)?;
    std::str::from_utf8(value).ok().map(str::trim)
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

/// 200 or, for an error, 500, once the answer is complete. Arrays of plain values only.
fn redis_status(answer: &[u8]) -> Option<u16> {
    let (first, mut rest) = line(answer)?;
    let mut left = match first.first()? {
        b'-' => return Some(500),
        b'*' => number(first)?,
        b'$' => return bulk(first, rest).map(|_| 200),
        _ => return Some(200),
    };
    while left > 0 {
        let (head, after) = line(rest)?;
        rest = if head.first() == Some(&b'$') { bulk(head, after)? } else { after };
        left -= 1;
    }
    Some(200)
}

fn bulk<'a>(head: &[u8], rest: &'a [u8]) -> Option<&'a [u8]> {
    match usize::try_from(number(head)?) {
        Ok(length) => rest.get(length + 2..),
        Err(_) => Some(rest),
    }
}

fn line(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = find(text, b"\r\n")?;
    Some((&text[..end], &text[end + 2..]))
}

fn number(line: &[u8]) -> Option<i64> {
    std::str::from_utf8(line.get(1..)?).ok()?.parse().ok()
}

/// A request of Redis.
pub fn redis_request<'a>(words: impl ExactSizeIterator<Item = &'a str>) -> Vec<u8> {
    let mut request = format!("*{}\r\n", words.len());
    for word in words {
        request.extend(["$", &word.len().to_string(), "\r\n", word, "\r\n"]);
    }
    request.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_with_its_body() {
        let whole = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nx: y\r\n\r\nhello";
        for cut in 0..whole.len() {
            assert_eq!(http_status(&whole[..cut]).unwrap(), None, "{cut}");
        }
        assert_eq!(http_status(whole).unwrap(), Some(200));
        let empty = b"HTTP/1.1 204 No Content\r\ncache-control: no-store\r\n\r\n";
        assert_eq!(http_status(empty).unwrap(), Some(204));
        let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert!(http_status(chunked).is_err());
    }

    #[test]
    fn an_array_ends_with_its_last_value() {
        let whole = b"*3\r\n$0\r\n\r\n$-1\r\n$7\r\nwaiting\r\n";
        for cut in 0..whole.len() {
            assert_eq!(redis_status(&whole[..cut]), None, "{cut}");
        }
        assert_eq!(redis_status(whole), Some(200));
        assert_eq!(redis_status(b"-ERR no\r\n"), Some(500));
        assert_eq!(redis_request(["GET", "k"].into_iter()), b"*2\r\n$3\r\nGET\r\n$1\r\nk\r\n");
    }
}
