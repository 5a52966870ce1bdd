// The case page: typed words stay in this tab until sent; the field that must be mended gets the focus.

import { keepDrafts } from "./drafts.js";

keepDrafts();

// Only once the page stands: a browser that goes to the form's place (#langkah) takes the focus away again.
const toField = () => document.querySelector("[data-focus], [data-step-form] :is(textarea, select)")?.focus();
if (document.readyState === "complete") toField();
else addEventListener("load", () => setTimeout(toField));
