// What makes a form quicker; each part works alone, and the form works without any of them.
import "./understood.js";
import "./keep.js";
import "./figures.js";
import "./rows.js";
import "./same.js";
import "./suggest.js";
