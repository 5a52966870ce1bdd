import * as ages from "./ages.js";
import * as files from "./files.js";
import * as keys from "./keys.js";
import * as live from "./live.js";
import * as menu from "./menu.js";
import * as present from "./present.js";
import * as signal from "./signal.js";
import * as toast from "./toast.js";

for (const part of [menu, toast, signal, files, keys, ages, live, present]) part.start();
