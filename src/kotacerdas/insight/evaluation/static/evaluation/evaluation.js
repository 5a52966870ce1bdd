// What counts now is in sight: the chart's present year, the chosen year's chip, the target about to be entered.

for (const chart of document.querySelectorAll(".chart-scroll")) chart.scrollLeft = chart.scrollWidth;
for (const chip of document.querySelectorAll(".page-head .chips .on, .page-head .chips [aria-current]")) {
  chip.scrollIntoView({ block: "nearest", inline: "nearest" });
}

// A browser that follows the address to its row ignores autofocus, and drops a focus given before it went there.
function enter() {
  const row = document.querySelector(".target-row");
  const field = row?.querySelector("[aria-invalid]") ?? row?.querySelector("[autofocus]");
  field?.focus();
  field?.select();
}
if (document.readyState === "complete") enter();
else addEventListener("load", () => requestAnimationFrame(enter));
