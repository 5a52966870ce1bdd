import * as files from "./files.js";
import * as menu from "./menu.js";
import * as toast from "./toast.js";

for (const part of [menu, toast, files]) part.start();
