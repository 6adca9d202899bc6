//! The database dies in the middle of traffic and comes back. Needs a MariaDB of its own, so it runs
//! where the other tests have one as well.

use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use wechat_sandbox::SignNotice;

use crate::support::{TestApp, Unit};

/// A private MariaDB that may be killed.
struct Mariadb {
    folder: PathBuf,
    port: u16,
    child: Child,
}

impl Mariadb {
    /// Installed and started under a temporary folder.
    fn start() -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = std::env::temp_dir().join(format!("huiyuan-mariadb-{port}"));
        std::fs::create_dir_all(&folder).unwrap();
        let data = format!("--datadir={}", folder.join("data").display());
        let installed = Command::new("mariadb-install-db")
            .args(["--no-defaults", &data, "--skip-test-db"])
            .args(as_root())
            .arg("--auth-root-authentication-method=normal")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(installed.success());
        let child = Self::spawn(&folder, port);
        Self { folder, port, child }
    }

    fn spawn(folder: &std::path::Path, port: u16) -> Child {
        let at = |name: &str| folder.join(name).display().to_string();
        Command::new("mariadbd")
            .args(["--no-defaults", "--bind-address=127.0.0.1"])
            .args(as_root())
            .arg(format!("--datadir={}", at("data")))
            .arg(format!("--socket={}", at("s.sock")))
            .arg(format!("--pid-file={}", at("pid")))
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// `kill -9`, and nothing answers any more.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it again on the same data.
    async fn come_back(&mut self) {
        self.child = Self::spawn(&self.folder, self.port);
        self.wait().await;
    }

    async fn wait(&self) {
        for _ in 0..600 {
            if tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("MariaDB does not answer");
    }
}

/// MariaDB runs as root only when it is told to.
fn as_root() -> Option<&'static str> {
    let id = Command::new("id").arg("-u").output().unwrap();
    (id.stdout == b"0\n").then_some("--user=root")
}

impl Drop for Mariadb {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[tokio::test]
async fn a_database_that_dies_and_comes_back_loses_no_payment() {
    if std::env::var("TEST_MYSQL_URL").is_err() {
        return;
    }
    let mut database = Mariadb::start();
    database.wait().await;
    let url = format!("mysql://root@127.0.0.1:{}/mysql", database.port);
    let test = TestApp::start_with(&[("DATABASE__URL", &url)]).await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let member = test.signed_in(&unit, 0).await;
    member.get("/dues").await.submit(&[]).await;
    let order = test.sandbox.orders()[0].out_trade_no.clone();
    test.sandbox.mishap(wechat_sandbox::Mishap::NoNotification);
    test.sandbox.pay(&order, &test.sandbox.users()[0].id).unwrap();
    let post = async || {
        let wanted = SignNotice { out_trade_no: Some(order.clone()), ..SignNotice::default() };
        let sealed = test.sandbox.sign_notice(&wanted).unwrap();
        let headers: Vec<(&str, &str)> =
            sealed.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        test.browser().post_body("/wechat/pay/notify", &headers, sealed.bytes).await
    };

    database.kill();
    assert_eq!(post().await.status, 503, "nothing is acknowledged that is not kept");
    let page = member.get("/dues").await;
    assert_eq!(page.status, 503);
    page.must_say("系统暂时繁忙");
    assert!(page.headers.contains_key("retry-after"));

    database.come_back().await;
    assert_eq!(post().await.status, 204);
    let booked = "select cast(coalesce(sum(paid), 0) as signed) from dues_bill";
    assert_eq!(test.db_count(booked).await, 200_000);
    assert_eq!(member.get("/dues").await.status, 200);
}
