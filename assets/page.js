// What every page loads for somebody signed in; each part works alone, and every page without any.
import "./keys.js";
import "./words.js";
import "./selected.js";
import "./looks_like.js";
import "./reading.js";
import "./drop.js";
