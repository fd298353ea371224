/** Hounsfield units of what fills a chest. */
export const FAT = -100;
export const MUSCLE = 55;
export const LUNG = -865;
