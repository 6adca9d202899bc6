//! A product that only listens: writes down every notification and answers as told.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use salvo::affix_state;
use salvo::conn::Acceptor;
use salvo::http::StatusCode;
use salvo::prelude::*;

/// What came, and what is answered.
#[derive(Default)]
pub struct Book {
    pub heard: Vec<(salvo::http::HeaderMap, Vec<u8>)>,
    /// The statuses of the next answers; 204 afterwards.
    pub answers: Vec<u16>,
}

pub struct Shop {
    pub url: String,
    pub book: Arc<Mutex<Book>>,
}

#[handler]
async fn listen(request: &mut Request, depot: &mut Depot, response: &mut Response) {
    let book = depot.get_typed::<Arc<Mutex<Book>>>().unwrap().clone();
    let body = request.payload().await.unwrap().to_vec();
    let mut book = book.lock().unwrap();
    book.heard.push((request.headers().clone(), body));
    let status = if book.answers.is_empty() { 204 } else { book.answers.remove(0) };
    response.status_code(StatusCode::from_u16(status).unwrap());
}

impl Shop {
    pub async fn open() -> Self {
        let book = Arc::new(Mutex::new(Book::default()));
        let acceptor = TcpListener::new(SocketAddr::from(([127, 0, 0, 1], 0))).bind().await;
        let address = acceptor.holdings()[0].local_addr.clone().into_std().unwrap();
        let router =
            Router::with_path("{**rest}").hoop(affix_state::inject(Arc::clone(&book))).post(listen);
        tokio::spawn(Server::new(acceptor).serve(router));
        Self { url: format!("http://{address}/notify"), book }
    }

    pub fn answers(&self, statuses: &[u16]) {
        self.book.lock().unwrap().answers = statuses.to_vec();
    }

    pub fn heard(&self) -> usize {
        self.book.lock().unwrap().heard.len()
    }
}
