// The open report stays in sight in its list, whichever key led to it; the list moves no further than that.

const show = () =>
  document.querySelector(".verify-row[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });

show();
document.addEventListener("live:swapped", show);
