import * as ages from "./ages.js";
import * as files from "./files.js";
import * as keys from "./keys.js";
import * as live from "./live.js";
import * as menu from "./menu.js";
import * as toast from "./toast.js";

for (const part of [menu, toast, files, keys, ages, live]) part.start();
