/** Tissues of the head as Hounsfield units for CT; MR maps them to signal. Values are distinct so that they serve as labels too. */
export const HEAD = {
  air: -1000,
  fat: -95,
  skin: 25,
  muscle: 58,
  cortex: 1250,
  marrow: 520,
  csf: 7,
  white: 29,
  grey: 37,
  deepGrey: 36,
  blood: 48,
  eye: 12,
  lens: 70,
  brainstem: 32,
  cerebellum: 35,
} as const;
