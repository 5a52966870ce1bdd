import * as keys from "./decide_keys.js";
import * as kinds from "./kind_search.js";

// The open report stays in sight in its list, whichever key led to it; the list moves no further than that.

const show = () =>
  document.querySelector(".verify-row[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });

// What a decision answers stands at the decision's address; a reload must open the report, not decide again.
const { here } = document.getElementById("verify").dataset;
if (here && location.pathname !== new URL(here, location.href).pathname) history.replaceState(null, "", here);

show();
keys.start();
kinds.start();
document.addEventListener("live:swapped", show);
