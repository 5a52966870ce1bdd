// The case page: typed words stay in this tab until sent; the field that must be mended gets the focus.

import { focusIn, keepCaret } from "./caret.js";
import { keepDrafts } from "./drafts.js";

keepDrafts();
keepCaret();

// Only once the page stands: a browser that goes to the form's place (#langkah) takes the focus away again.
const toField = () => focusIn(document);
if (document.readyState === "complete") toField();
else addEventListener("load", () => setTimeout(toField));
