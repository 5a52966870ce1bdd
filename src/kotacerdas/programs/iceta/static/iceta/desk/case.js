// The case page: typed words stay in this tab until sent; the field that must be mended gets the focus.

import { keepDrafts } from "./drafts.js";

keepDrafts();
document.querySelector("[data-focus], [data-step-form] :is(textarea, select)")?.focus();
