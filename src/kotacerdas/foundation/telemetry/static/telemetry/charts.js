// Where a chart is wider than the screen, the newest end is in sight.

for (const chart of document.querySelectorAll(".chart-scroll")) chart.scrollLeft = chart.scrollWidth;
