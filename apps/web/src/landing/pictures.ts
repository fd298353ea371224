// Made with the pictures beside it: CONTRIBUTING says how.
/** Where the pane of the image stands in viewer.webp, as parts of its width and height. */
export const PANE = { x: 0.1, y: 0.05, width: 0.7, height: 0.95 } as const;
/** slices.webp: the pane at each slice, row by row. */
export const SHEET = { cells: 24, columns: 4 } as const;
