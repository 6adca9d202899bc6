//! The pretend phone's camera: finds the QR codes in a picture that the console's page sends.

use salvo::http::StatusCode;
use salvo::prelude::{Json, Request, Response, handler};
use serde_json::json;

const PIXELS_LIMIT: usize = 40_000_000;

/// `POST /control/decode?width=W`: the body holds one byte of brightness a pixel, row by row.
#[handler]
pub async fn decode(request: &mut Request, response: &mut Response) {
    let width = request.query::<usize>("width").unwrap_or_default();
    let pixels = request.payload_with_max_size(PIXELS_LIMIT).await.map(|bytes| bytes.to_vec());
    let texts = match pixels {
        Ok(pixels) if width > 0 => tokio::task::spawn_blocking(move || read(width, &pixels)).await,
        Ok(_) | Err(_) => {
            let error = json!({ "error": "a width and at most 40 million pixels are needed" });
            return response.render_with_status(StatusCode::BAD_REQUEST, Json(error));
        }
    };
    response.render(Json(json!({ "texts": texts.unwrap_or_default() })));
}

/// The texts of all QR codes that can be read.
fn read(width: usize, pixels: &[u8]) -> Vec<String> {
    let brightness = |x: usize, y: usize| pixels.get(y * width + x).copied().unwrap_or(255);
    let mut picture =
        rqrr::PreparedImage::prepare_from_greyscale(width, pixels.len() / width, brightness);
    let grids = picture.detect_grids();
    grids.iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
}
