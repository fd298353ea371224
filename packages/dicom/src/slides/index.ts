export { type SlideLevel, type SlidePart, type SlideTile, slideTiles, WHOLE_SLIDE_MICROSCOPY } from './level.ts';
export { type Slide, slidesOf } from './slides.ts';
