// What makes a form quicker; each part works alone, and the form works without any of them.
