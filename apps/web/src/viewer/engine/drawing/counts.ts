/** How often drawings were worked on in this page, for end-to-end tests: what nobody looks at must cost nothing. */
export const drawingCounts = {
  /** Annotations whose elements were written. */
  painted: 0,
  /** Annotations whose values were worked out. */
  described: 0,
};
