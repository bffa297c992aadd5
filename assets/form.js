// What makes a form quicker; each part works alone, and the form works without any of them.
import "./understood.js";
import "./keep.js";
import "./beside.js";
import "./figures.js";
import "./found.js";
import "./rows.js";
import "./rests.js";
import "./same.js";
import "./suggest.js";
