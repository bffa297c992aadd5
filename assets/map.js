// A small map on which a point can be set.
