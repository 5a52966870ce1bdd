import * as menu from "./menu.js";
import * as toast from "./toast.js";

for (const part of [menu, toast]) part.start();
