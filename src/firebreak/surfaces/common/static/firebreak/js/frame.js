// Every page's small manners: error focus, find, shortcuts, undo, live regions. The page works without them.

import { focusErrors } from "./errors.js";
import { startFind } from "./find.js";
import { startKeys } from "./keys.js";
import { startLive } from "./live.js";
import { closeOnOutside } from "./panels.js";
import { startPulse } from "./pulse.js";
import { startToasts } from "./undo.js";

focusErrors(document);
startFind(document);
startKeys(document);
closeOnOutside(document);
startToasts(document);
startLive(document);
startPulse(document);

document.addEventListener("htmx:after:swap", () => {
  focusErrors(document);
  startToasts(document);
  startLive(document);
});
