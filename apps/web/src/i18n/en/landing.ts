import type { landing as french } from '../fr/landing.ts';

export const landing: typeof french = {
  tagline: 'Your images, on a light box.',
  lead: 'X-rays, CT and MR: dropped in one go, found in a second, read in the browser.',
  point1Title: 'Import',
  point1: 'A folder, a CD or a ZIP, just as it is.',
  point2Title: 'Find',
  point2: 'Whatever the accents and word order, from the first letters.',
  point3Title: 'Read',
  point3: 'The first image before all the others.',
  point4Title: 'Screen',
  point4: 'The chest X-ray, the model’s score, then the physician’s decision.',
  point5Title: 'Hand over',
  point5: 'To a colleague, to the patient on a CD, to research without identity. Every access is in the audit log.',
  pictureOf: 'The viewer during a reading: a synthetic chest CT, of no real person.',
  scrollHint: 'Scroll: the slices follow.',
  sliceOf: 'Slice {{slice}} / {{count}}',
  footer: 'All data stays on this server.',
};
