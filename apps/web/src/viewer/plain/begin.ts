import { WHOLE_SLIDE_MICROSCOPY } from '@negatoscope/dicom';
import { leavePlain, standPlain, takeOverPlain } from '../../api/plain-picture.ts';
import { onSession, sessionState } from '../../api/session.ts';
import { type FirstPicture, firstPictureOf } from '../engine/first-picture.ts';
import type { Hung } from '../model/desk.ts';
import { identityParts } from '../model/identity.ts';
import { lossOf } from '../model/image-marks.ts';
import { forgetStudies } from '../model/study-source.ts';
import { boxOfFirst } from './first-pane.ts';
import { type Box, placeOf } from './place.ts';
import { type Asked, isStillThere, readerOf } from './reader.ts';
import { untilStyled } from './styled.ts';
import { PlainView } from './view.ts';

/** Longest time, in ms, that a picture stands without a room: a page that takes longer has something to say. */
const LONGEST_MS = 15_000;

/**
 * Whether it may be shown without all that a pane says of it: it is known whose it is and of when, nothing of it was lost, and it is no tile of a
 * slide, over which the whole of it stands.
 */
function mayStand({ series, drawn: { model, planned } }: FirstPicture, language: string): boolean {
  if (series.sopClassUid === WHOLE_SLIDE_MICROSCOPY || lossOf(model.dataset, planned.isLossy) !== undefined) return false;
  return identityParts({ ...series.banner, studyDate: undefined }, language).length > 0;
}

/** Tells when the page is left, becomes another one, or its session ends, and when it has another shape than before, or no room for too long; until the returned function is called. */
function watch(path: string, isThere: () => boolean, left: () => void, changed: () => void): () => void {
  const over = new AbortController();
  const { signal } = over;
  addEventListener('pagehide', left, { signal });
  addEventListener('popstate', () => location.pathname !== path && left(), { signal });
  addEventListener('resize', changed, { signal });
  // Another person who has signed in elsewhere is told of as a session that began.
  const check = (): unknown => !isThere() && left();
  document.addEventListener('visibilitychange', check, { signal });
  const stopHearing = onSession(() => (['expired', 'signed-out'].includes(sessionState()) ? left() : check()));
  const limit = setTimeout(changed, LONGEST_MS);
  return () => {
    over.abort();
    stopHearing();
    clearTimeout(limit);
  };
}

/** A picture that comes before the room, and how it goes. */
class Plain {
  readonly path = location.pathname;
  #isOver = false;
  #view: PlainView | undefined;
  #stop: ((isTakenOver: boolean) => void) | undefined;
  readonly #unwatch: () => void;
  readonly #onSettled: () => void;

  constructor(asked: Asked) {
    this.#onSettled = asked.onSettled;
    this.#unwatch = watch(this.path, () => isStillThere(asked), leavePlain, takeOverPlain);
  }

  readonly leave = (isTakenOver: boolean): void => {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#unwatch();
    this.#stop?.(isTakenOver);
    this.#view?.remove();
    this.#view = undefined;
    this.#onSettled();
  };

  /** Its session is not there any more: nor is anything that it has asked for. */
  forget(): void {
    this.leave(false);
    forgetStudies();
  }

  /** False for what the browser can't paint: a black box would stand over the room. */
  #show(picture: FirstPicture): boolean {
    try {
      this.#view?.show(picture);
      return true;
    } catch {
      this.leave(true);
      return false;
    }
  }

  #stand(picture: FirstPicture, box: Box, asked: Asked): void {
    this.#onSettled();
    if (this.#isOver) return;
    const language = document.documentElement.lang === 'en' ? 'en' : 'fr';
    const isSeen = isStillThere(asked);
    if (!isSeen) this.forget();
    if (!isSeen || !mayStand(picture, language)) return;
    const isFirst = this.#view === undefined;
    this.#view ??= new PlainView(box, language);
    if (!this.#show(picture) || !isFirst) return;
    const { seriesInstanceUid } = picture.series;
    for (const mark of ['first-image', 'first-image-plain'])
      performance.mark(`negatoscope:${mark}`, { detail: { seriesInstanceUid } });
  }

  /** Its frame is decoded while it becomes known where it stands; `comes`: undefined where it has no place. */
  draw(hung: Hung, comes: Promise<Box | undefined>, asked: Asked): void {
    if (this.#isOver) return;
    let [box, latest]: [Box | undefined, FirstPicture | undefined] = [undefined, undefined];
    const stand = (): unknown => latest && box && this.#stand(latest, box, asked);
    const onPicture = (picture: FirstPicture): void => {
      latest = picture;
      stand();
    };
    this.#stop = firstPictureOf(hung, { onPicture, onEnd: this.#onSettled, hasMapping: false });
    const place = (known: Box | undefined): unknown => {
      box = known;
      return known === undefined ? this.leave(true) : stand();
    };
    comes.then(place, () => this.leave(true));
  }
}

/**
 * Draws the first picture of the page's study before the application is here, in the pane that the room will give it, where the images of this person's last room stood in a window like this one.
 * `asked`: who is signed in, and what is said of the study: see {@link readerOf}. `hung`: what is looked at first, once it is on its way. Never
 * rejects.
 */
export async function drawPlain(asked: Asked, hung: Promise<Hung | undefined>): Promise<void> {
  const plain = new Plain(asked);
  standPlain(plain);
  const begin = async (): Promise<void> => {
    const [reader, first] = await Promise.all([readerOf(asked), hung, untilStyled()]);
    const place = reader && placeOf(reader.id);
    if (!isStillThere(asked)) plain.forget();
    else if (reader === undefined || first === undefined || place === undefined) plain.leave(true);
    else plain.draw(first, boxOfFirst(place, first, asked, reader), asked);
  };
  await begin().catch(() => plain.leave(true));
}
