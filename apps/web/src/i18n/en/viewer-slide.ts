import type { slide as fr } from '../fr/viewer-slide.ts';

/** Of whole slides. */
export const slide: typeof fr = {
  label: 'Slide {{name}}: a picture to move and to enlarge',
  keys: 'The arrow keys move the slide, + and − go nearer and further away, 0 shows the whole slide.',
  which: 'Slide',
  number: 'Slide {{number}}',
  nearer: 'Nearer',
  further: 'Further away',
  whole: 'The whole slide',
  map: 'The whole slide, with what of it is seen',
  tiles: 'Tiles',
  show: 'Slide',
  tooWide: 'This slide has no smaller picture: go nearer to see it.',
  oneOfSeveral: 'There are other planes or channels: the first is shown, the others are among the tiles.',
  paths: 'Optical path',
  path: 'Path {{number}}',
  plane: 'Focal plane',
  planeOf: 'Plane {{number}} of {{count}}',
  drawKeys:
    'L measures a length, Shift E an outline: Enter sets a point in the middle, twice at one place closes the outline, Escape gives up.',
  moveKeys:
    'Enter takes the end or the drawing in the middle, the arrow keys move it, Enter puts it down, Escape leaves it where it was.',
  held: 'Drawing held: the arrow keys move it, Enter puts it down, Escape leaves it where it was.',
  planeKeys: 'Page up and page down change the focal plane.',
  lossy: 'Lossy compression',
  lossyRatio: 'Lossy compression, {{ratio}}:1',
  uncalibrated: 'No scale: the file does not say the distance of its pixels.',
  millimetres: '{{value}} mm',
  micrometres: '{{value}} µm',
  magnification: '≈ {{value}} ×',
  failed: 'Parts of the slide are missing.',
};
