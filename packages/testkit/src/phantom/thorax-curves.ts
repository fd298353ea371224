/** How widths and places of what lies in the chest change with the depth below the apex of the lung: knots of millimetres by millimetres. */
type Knots = readonly (readonly [number, number])[];

/** Half the width of the fat of the mediastinum. */
export const MEDIASTINUM: Knots = [
  [0, 26],
  [60, 25],
  [90, 26],
  [115, 30],
  [140, 28],
  [220, 26],
];

/** The left brachiocephalic vein crosses to the right on its way down. */
export const CROSSING_VEIN_X: Knots = [
  [30, 18],
  [62, -20],
];

export const DESCENDING_AORTA: { readonly x: Knots; readonly y: Knots } = {
  x: [
    [82, 25],
    [200, 18],
    [300, 8],
  ],
  y: [
    [82, 42],
    [220, 40],
    [300, 36],
  ],
};

/** `y` is added to -26. */
export const HEART: { readonly x: Knots; readonly y: Knots; readonly rx: Knots; readonly ry: Knots } = {
  x: [
    [112, 4],
    [150, 14],
    [195, 24],
    [216, 34],
  ],
  y: [
    [112, 4],
    [160, 0],
    [216, -10],
  ],
  rx: [
    [112, 34],
    [130, 46],
    [160, 58],
    [188, 58],
    [206, 42],
    [216, 12],
  ],
  ry: [
    [112, 28],
    [135, 40],
    [165, 45],
    [190, 40],
    [208, 24],
    [216, 8],
  ],
};
