import { previewText, sideText } from '../../i18n/picture.ts';
import { type FirstPicture, openingSnapshot, pictureBox } from '../engine/first-picture.ts';
import { paintPicture } from '../engine/paint-picture.ts';
import { reducedPicture } from '../engine/reduced-picture.ts';
import type { PaneSnapshot } from '../engine/snapshot.ts';
import { BETWEEN_PARTS, identityParts } from '../model/identity.ts';
import { lateralityOf } from '../model/image-marks.ts';
import { BACKDROP, EDGE, EDGES, IDENTITY, OPENING, OPENING_IMAGE, OPENING_SLIDER, PREVIEW } from './looks.ts';
import type { Box } from './place.ts';

type Language = 'fr' | 'en';

function element(className: string, text = ''): HTMLDivElement {
  const made = document.createElement('div');
  made.className = className;
  // Never as HTML: it is a stranger's.
  made.textContent = text;
  return made;
}

/** Words on a ground of their own, which the room's styles give to theirs. */
function grounded(className: string, text: string): HTMLDivElement {
  const made = element(className, text);
  Object.assign(made.style, { background: '#000c', paddingInline: '0.25rem', borderRadius: '0.125rem' });
  return made;
}

/** Whose image it is, and of which side. */
function identity({ series, frame }: PaneSnapshot, language: Language): HTMLDivElement {
  const corner = element(IDENTITY);
  const whose = grounded(BACKDROP, '');
  for (const [index, part] of (series === undefined ? [] : identityParts(series.banner, language)).entries()) {
    const isolated = document.createElement('bdi');
    isolated.textContent = part;
    whose.append(index > 0 ? BETWEEN_PARTS : '', isolated);
  }
  corner.append(whose);
  const side = frame && lateralityOf(frame.dataset, frame.frameNumber);
  if (side !== undefined) corner.append(grounded(BACKDROP, sideText(side, language)));
  return corner;
}

function letters({ letters: all }: PaneSnapshot): HTMLDivElement[] {
  const edges = ['top', 'right', 'bottom', 'left'] as const;
  return edges.filter((edge) => all[edge] !== '').map((edge) => grounded(`${EDGE} ${EDGES[edge]}`, all[edge]));
}

/** A first picture without the application: its pixels where the pane will have them, whose they are, how they lie, and that they are a preview. Readers of pages hear of it from the room. */
export class PlainView {
  readonly #root = element(`fixed ${OPENING}`);
  readonly #image = element(OPENING_IMAGE);
  readonly #slider = element(OPENING_SLIDER);
  readonly #canvas = document.createElement('canvas');
  readonly #language: Language;

  constructor([left, top, width, height]: Box, language: Language) {
    this.#language = language;
    const px = (value: number): string => `${value}px`;
    const box = { left: px(left), top: px(top), width: px(width), height: px(height) };
    Object.assign(this.#root.style, { ...box, zIndex: '1', fontVariantNumeric: 'tabular-nums' });
    Object.assign(this.#root.dataset, { theme: 'dark', testid: 'plain-picture' });
    this.#root.ariaHidden = 'true';
    this.#canvas.className = 'absolute max-w-none';
  }

  /** Shows a picture, or a better one of the same frame. */
  show(picture: FirstPicture): void {
    const isMany = picture.series.frames.length > 1;
    this.#root.replaceChildren(...(isMany ? [this.#image, this.#slider] : [this.#image]));
    if (!this.#root.isConnected) document.body.append(this.#root);
    const snapshot = openingSnapshot(picture, [this.#image.clientWidth, this.#image.clientHeight]);
    const { left, top, width, height } = pictureBox(picture, snapshot.place);
    const px = (value: number): string => `${value}px`;
    Object.assign(this.#canvas.style, { left: px(left), top: px(top), width: px(width), height: px(height) });
    paintPicture(this.#canvas, reducedPicture(picture.drawn.picture));
    const texts = [identity(snapshot, this.#language), ...letters(snapshot)];
    if (snapshot.isPreview) texts.push(element(PREVIEW, previewText(this.#language)));
    this.#image.replaceChildren(this.#canvas, ...texts);
  }

  /** Nothing of it is left in the page. */
  remove(): void {
    this.#root.remove();
    this.#image.replaceChildren();
    [this.#canvas.width, this.#canvas.height] = [0, 0];
  }
}
