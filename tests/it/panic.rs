//! A bug in a handler: the visitor gets a page, the house stays whole.

use huiyuan::{
    db::{self, Run as _},
    server,
    web::App,
};
use salvo::{
    Depot, Router, handler,
    test::{ResponseExt as _, TestClient},
};

use crate::support::TestApp;

/// Writes in a transaction and falls over before the end.
#[handler]
async fn fall_over(depot: &mut Depot) {
    let app = App::of(depot).unwrap();
    let fallen: Result<(), db::Error> = db::transaction(&app.db, (), |tx, ()| {
        Box::pin(async move {
            tx.exec("update member_level set position = 99", Vec::new()).await?;
            panic!("poisoned input");
        })
    })
    .await;
    assert!(matches!(fallen, Err(db::Error::Panicked)));
    panic!("and the handler as well");
}

#[tokio::test]
async fn a_panic_in_a_handler_is_a_page_and_leaves_nothing_open() {
    let test = TestApp::start().await;
    let router = Router::with_path("fall").get(fall_over);
    let service = server::service(&test.app, router);

    let mut answer = TestClient::get("http://x/fall").send(&service).await;

    assert_eq!(answer.status_code.unwrap().as_u16(), 500);
    assert!(answer.take_string().await.unwrap().contains("系统出现问题"));
    assert_eq!(test.db_count("select count(*) from member_level where position = 99").await, 0);
    assert_eq!(test.app.db.pool_state().in_use, 0);
    // A write still goes through: no lock was left behind.
    test.db_exec("update member_level set position = position").await;
    assert_eq!(test.browser().get("/register").await.status, 200);
}
