import * as ages from "./ages.js";
import * as clock from "./clock.js";
import * as live from "./live.js";

for (const part of [ages, clock, live]) part.start();
