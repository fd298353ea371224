// Made with the pictures beside it by e2e/landing.long, with NEGATOSCOPE_WRITE_PICTURES=1.
/** Where the pane of the image stands in the pictures of the viewer, as parts of their width and height. */
export const PANE = { x: 0.1, y: 0.05, width: 0.7, height: 0.95 } as const;
/** The sheets of slices: the pane at each slice, row by row. */
export const SHEET = { cells: 24, columns: 4 } as const;
