import { textIn } from './typography.ts';

interface PictureTexts {
  readonly preview: string;
  readonly side: Readonly<Record<'R' | 'L' | 'B' | 'contradictory', string>>;
}

/** What the first picture of a study says of itself: known before the other texts are here, and the same in the panes (`fr/viewer.ts`, `en/viewer.ts`). */
export const pictureTexts: Readonly<Record<'fr' | 'en', PictureTexts>> = {
  fr: {
    preview: 'Aperçu, pas encore sans perte',
    side: {
      R: 'Côté droit (R)',
      L: 'Côté gauche (L)',
      B: 'Deux côtés (B)',
      contradictory: 'Côté contradictoire dans le fichier',
    },
  },
  en: {
    preview: 'Preview, not lossless yet',
    side: { R: 'Right side (R)', L: 'Left side (L)', B: 'Both sides (B)', contradictory: 'Contradictory side in the file' },
  },
};

export const previewText = (language: 'fr' | 'en'): string =>
  textIn({ fr: pictureTexts.fr.preview, en: pictureTexts.en.preview }, language);

export const sideText = (side: keyof PictureTexts['side'], language: 'fr' | 'en'): string =>
  textIn({ fr: pictureTexts.fr.side[side], en: pictureTexts.en.side[side] }, language);
