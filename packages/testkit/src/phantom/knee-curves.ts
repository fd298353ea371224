/** How widths and places of what a knee is made of change with the depth below its joint line: knots of millimetres by millimetres. */
type Knots = readonly (readonly [number, number])[];

/** The leg as a whole; `muscle` is the share of its largest bulk. */
export const LEG: { readonly rx: Knots; readonly ry: Knots; readonly muscle: Knots } = {
  rx: [
    [-90, 72],
    [-30, 62],
    [10, 57],
    [90, 60],
  ],
  ry: [
    [-90, 76],
    [-20, 64],
    [20, 60],
    [90, 64],
  ],
  muscle: [
    [-90, 1],
    [-30, 0.66],
    [0, 0.5],
    [40, 0.74],
    [90, 1],
  ],
};

/** The shaft above its condyles. */
export const FEMUR: { readonly y: Knots; readonly rx: Knots; readonly ry: Knots } = {
  y: [
    [-90, -6],
    [-26, -4],
  ],
  rx: [
    [-90, 14],
    [-60, 17],
    [-38, 30],
    [-24, 37],
  ],
  ry: [
    [-90, 13],
    [-40, 17],
    [-26, 22],
  ],
};

export const TIBIA: { readonly y: Knots; readonly rx: Knots; readonly ry: Knots } = {
  y: [
    [9, 6],
    [40, 0],
    [90, -4],
  ],
  rx: [
    [9, 37],
    [30, 28],
    [60, 17],
    [90, 14],
  ],
  ry: [
    [9, 25],
    [30, 23],
    [60, 17],
    [90, 15],
  ],
};

/** Its radius; it is round. */
export const FIBULA: Knots = [
  [24, 4],
  [34, 9],
  [90, 7],
];

export const PATELLA_Y = -42;
export const QUADRICEPS_TENDON_Y: Knots = [
  [-90, -30],
  [-44, PATELLA_Y],
];
export const PATELLAR_LIGAMENT_Y: Knots = [
  [-2, PATELLA_Y],
  [46, -24],
];
