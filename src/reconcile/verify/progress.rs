//! How far a check is, for whoever watches.

use crate::{
    kernel::Timestamp,
    reconcile::store,
    web::{App, AppError},
};

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The name of the check.
    pub name: &'static str,
    /// Objects compared so far.
    pub done: i64,
    /// Objects there were, roughly, when it began.
    pub total: i64,
}

type Listener = Box<dyn Fn(&Step) + Send + Sync>;

/// Counts, and tells: the row of the check in the database, and a listener.
pub struct Progress {
    app: App,
    id: String,
    step: Step,
    listener: Option<Listener>,
    told: Timestamp,
}

/// The row is written at most so often, in milliseconds.
const EVERY: i64 = 1000;

impl Progress {
    /// Of the check with this id.
    pub fn new(app: &App, id: &str) -> Self {
        let step = Step { name: "", done: 0, total: 0 };
        let told = app.clock.now();
        Self { app: app.clone(), id: id.to_owned(), step, listener: None, told }
    }

    /// Tells a listener as well.
    #[must_use]
    pub fn with_listener(self, listener: impl Fn(&Step) + Send + Sync + 'static) -> Self {
        Self { listener: Some(Box::new(listener)), ..self }
    }

    pub(super) const fn expect(&mut self, total: i64) {
        self.step.total = total;
    }

    pub(super) const fn done(&self) -> i64 {
        self.step.done
    }

    pub(super) async fn enter(
        &mut self,
        step: &(&'static str, &'static str),
    ) -> Result<(), AppError> {
        self.step.name = step.0;
        self.tell().await
    }

    /// So many more objects were compared.
    pub(super) async fn advance(&mut self, count: usize) -> Result<(), AppError> {
        self.step.done += i64::try_from(count).unwrap_or_default();
        if let Some(listener) = &self.listener {
            listener(&self.step);
        }
        let since = self.app.clock.now().millis() - self.told.millis();
        if since >= EVERY { self.tell().await } else { Ok(()) }
    }

    async fn tell(&mut self) -> Result<(), AppError> {
        self.told = self.app.clock.now();
        if let Some(listener) = &self.listener {
            listener(&self.step);
        }
        Ok(store::note_progress(&self.app.db, &self.id, &self.step, self.told).await?)
    }
}

impl std::fmt::Debug for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.step.fmt(f)
    }
}
