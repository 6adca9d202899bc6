//! The two faces of what applicants see: the same content as a page of the PC and of the phone.

/// A page type that shows a content of this slice on one surface.
macro_rules! face {
    (
        $(#[$doc:meta])* $name:ident($content:ty), $surface:expr, $file:literal, $menu:literal,
        $title:literal, $samples:expr
    ) => {
        $(#[$doc])*
        #[derive(Debug, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name($content);

        impl crate::web::Page for $name {
            const TEMPLATE: &'static str = concat!("pages/registration/", $file);
            const SURFACE: Surface = $surface;
            const MENU: &'static str = $menu;

            fn title(&self) -> String {
                $title.into()
            }

            fn samples() -> Vec<Self> {
                $samples.into_iter().map(Self).collect()
            }
        }
    };
}

pub(super) use face;
