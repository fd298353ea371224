export { FIRST_FOCUS, type SlideFocus, type SlideStack } from './focus.ts';
export {
  type PlacedTile,
  type SlideLevel,
  type SlidePart,
  type SlideTile,
  slideLevelOf,
  slideTileOf,
  slideTiles,
  WHOLE_SLIDE_MICROSCOPY,
} from './level.ts';
export { focusOn, type Slide, type SlideChannel, slidesOf, slidesOfLevels, suitingLevel } from './slides.ts';
