// The behaviours that both surfaces have; their files live with the phone pages, the smaller bundle.
import "../../../h5/assets/js/uscc.js";
import "../../../h5/assets/js/mobile.js";
import "../../../h5/assets/js/password.js";
import "../../../h5/assets/js/submit_once.js";
import "../../../h5/assets/js/error_summary.js";
import "../../../h5/assets/js/poll.js";
import "../../../h5/assets/js/copy.js";
import "../../../h5/assets/js/region.js";
import "../../../h5/assets/js/leave_guard.js";
import "../../../h5/assets/js/countdown.js";
import "../../../h5/assets/js/dialog.js";
import "../../../h5/assets/js/upload.js";
import "../../../h5/assets/js/length.js";
import "../../../h5/assets/js/big_text.js";
import "../../../h5/assets/js/rows.js";
import "../../../h5/assets/js/autosave.js";
