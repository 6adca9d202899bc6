//! The product as its operator runs it: a process with settings in its environment.

use std::{
    io::Write as _,
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use super::TestApp;

/// A running `huiyuan serve`; killed when it is dropped.
pub struct Process {
    child: Child,
}

impl TestApp {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_huiyuan"));
        command.args(arguments).envs(self.environment.iter().cloned());
        command.env("HUIYUAN__SERVER__LISTEN", self.address.to_string());
        command.env("RUST_LOG", "warn");
        command
    }

    /// Runs a command to its end with a text on its standard input.
    pub fn run(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// Starts the server as a process on the address of this test and waits until it answers.
    pub async fn serve_as_process(&mut self) -> Process {
        self.stop_serving().await;
        let child = self.command(&["serve"]).stdin(Stdio::null()).spawn().unwrap();
        let process = Process { child };
        let browser = self.browser();
        let url = format!("http://{}/healthz", self.address);
        // Bounded by tries, not by an assertion on time: a process that never answers fails here.
        for _ in 0..600 {
            if browser.client.get(&url).send().await.is_ok() {
                return process;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the process does not answer");
    }
}

impl Process {
    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM; the exit code.
    pub fn terminate(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg(id).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
