import type { DeidHeldFile, DeidMask } from '@negatoscope/contract';
import { fireEvent, screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { HeldFiles } from '../features/deidentification/held/held-files.tsx';
import { FakeApi, Refusal } from './fake-api.ts';
import { HELD, heldFile, heldSeries } from './held-fixture.ts';
import { fr, openPage, openPart } from './page-fixture.tsx';
import { holdPointers, pointer } from './pointer-fixture.ts';
import { idOf } from './sample.ts';

const HOSTILE = '<img src=x onerror="alert(1)">\u202e';
const AREA = { left: 10, top: 10, right: 90, bottom: 20 };
interface Decided {
  readonly decision: string;
  readonly masks: readonly DeidMask[];
  readonly series: boolean;
}

/** These held files of a series, and what is decided upon them. */
async function open(files: readonly DeidHeldFile[], suspected: readonly (typeof AREA)[] = [], api = new FakeApi()) {
  const bodies: Decided[] = [];
  if (!api.answers('listDeidHeldFiles')) api.on('listDeidHeldFiles', () => ({ items: [...files], next: null }));
  if (!api.answers('findDeidText')) api.on('findDeidText', () => ({ header: [...suspected], looks: [] }));
  if (!api.answers('decideDeidHeld'))
    api.on('decideDeidHeld', ({ body }) => {
      bodies.push(body as Decided); // Read by the contract.
      return { file: files[0], files: 1 };
    });
  const page = await openPart(api, <HeldFiles id={idOf(50)} series={heldSeries(files.length)} />, { role: 'PHYSICIAN' });
  const picture = await screen.findByRole('img', { name: 'Image du fichier retenu' });
  return { ...page, api, bodies, picture };
}
const masks = () => within(screen.getByRole('list', { name: 'Masques' })).queryAllByRole('button', { name: /^Masque/ });
const names = () => masks().map((one) => one.getAttribute('aria-label'));
const press = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name: fr(name) });
const box = (name: string) => screen.getByRole<HTMLInputElement>('checkbox', { name });
const rectangles = (fill: string) => document.querySelectorAll(`svg rect[fill="${fill}"]`).length;
const WHOLE = 'Aussi les autres fichiers de la série, de même taille, qui attendent';
const ALONE = 'Tracer pour cette image seule';

beforeEach(() => {
  holdPointers();
  const place = { left: 100, top: 50, width: 400, height: 200 } as DOMRect; // What is read of it: two px a pixel.
  vi.spyOn(SVGElement.prototype, 'getBoundingClientRect').mockReturnValue(place);
});

describe('masks by keyboard alone', () => {
  test('two of the same place are two, each drawn, named by its number and place', async () => {
    const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { user } = await open([heldFile(10)]);
    await user.click(press('Ajouter un masque'));
    await user.click(press('Ajouter un masque'));
    expect(names()).toEqual([fr('Masque 1 : 0, 0 – 200, 10'), fr('Masque 2 : 0, 0 – 200, 10')]);
    fireEvent.keyDown(masks()[1] ?? document.body, { key: 'ArrowDown' });
    expect(names()[1]).toBe(fr('Masque 2 : 0, 1 – 200, 11'));
    expect([rectangles('#000'), errors.mock.calls]).toEqual([2, []]);
  });

  test('Delete takes one away, and the keyboard is on the next, then on the one before, then where masks are added', async () => {
    const { user } = await open([heldFile(10, { masks: [AREA, { ...AREA, left: 1 }, { ...AREA, left: 2 }] })]);
    const remove = (at: number): string | null => {
      masks()[at]?.focus();
      fireEvent.keyDown(masks()[at] ?? document.body, { key: 'Delete' });
      return document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? null;
    };
    expect([remove(1), remove(1), remove(0)]).toEqual([
      ...[fr('Masque 2 : 2, 10 – 90, 20'), fr('Masque 1 : 10, 10 – 90, 20'), 'Ajouter un masque'],
    ]);
    expect(press('Masquer').disabled).toBe(true);
    await user.click(press('Ajouter un masque'));
    await user.click(press('Retirer le masque 1'));
    expect(masks()).toEqual([]);
  });

  test('keys with Control, and those that mean nothing, are the browser’s', async () => {
    await open([heldFile(10, { masks: [AREA] })]);
    const [mask] = masks();
    if (mask === undefined) throw new TypeError('No mask.');
    const prevented = [{ key: 'Delete', ctrlKey: true }, { key: 'Tab' }, { key: 'ArrowLeft' }].map(
      (key) => !fireEvent.keyDown(mask, key),
    );
    expect(prevented).toEqual([false, false, true]);
    expect(names()).toEqual([fr('Masque 1 : 8, 10 – 88, 20')]);
  });
});

describe('masks by pointer', () => {
  const at = (clientX: number, clientY: number) => ({ clientX, clientY, pointerId: 1 });
  const drawing = () => document.querySelector('svg.cursor-crosshair') ?? document.body;

  test('go from corner to corner in pixels of the image, cut at its edge; a press alone draws none', async () => {
    await open([heldFile(10)]);
    pointer('pointerdown', drawing(), at(300, 150));
    pointer('pointerup', drawing(), at(300, 150));
    expect(names()).toEqual([]);
    pointer('pointerdown', drawing(), at(460, 230));
    pointer('pointermove', drawing(), at(900, 110));
    expect([rectangles('#000'), names()]).toEqual([1, []]);
    pointer('pointerup', drawing(), at(900, 110));
    expect(names()).toEqual([fr('Masque 1 : 180, 30 – 200, 90')]);
  });

  test('that the system takes back are not kept, and moving without a press draws nothing', async () => {
    await open([heldFile(10)]);
    pointer('pointerdown', drawing(), at(120, 70));
    pointer('pointermove', drawing(), at(220, 90));
    pointer('pointercancel', drawing(), at(220, 90));
    pointer('pointermove', drawing(), at(320, 190));
    pointer('pointerup', drawing(), at(320, 190));
    expect([names(), rectangles('#000')]).toEqual([[], 0]);
  });
});

describe('an image of several frames', () => {
  const FILE = heldFile(10, { frames: 12 });

  test('has masks for all frames or for one alone, by pointer and keyboard alike; each says of which it is', async () => {
    const { user, picture } = await open([FILE]);
    fireEvent.change(screen.getByRole('slider', { name: /^Image 1 sur 12/ }), { target: { value: '4' } });
    await vi.waitFor(() => expect(picture.getAttribute('src')).toContain('/frames/5/rendered'));
    await user.click(press('Ajouter un masque'));
    await user.click(box(ALONE));
    await user.click(press('Ajouter un masque'));
    expect(names()).toEqual([fr('Masque 1 : 0, 0 – 200, 10'), fr('Masque 2 : 0, 0 – 200, 10 · image 5')]);
    expect(rectangles('#000')).toBe(2);
    fireEvent.change(screen.getByRole('slider'), { target: { value: '5' } });
    expect(rectangles('#000')).toBe(1);
  });

  test('is never decided with its whole series once a mask is of one frame, whatever was ticked before', async () => {
    const { user, bodies } = await open([FILE]);
    await user.click(box(WHOLE));
    await user.click(box(ALONE));
    await user.click(press('Ajouter un masque'));
    expect([box(WHOLE).checked, box(WHOLE).disabled]).toEqual([false, true]);
    await user.click(press('Écarter'));
    expect(bodies).toEqual([{ version: 0, decision: 'LEFT_OUT', masks: [], series: false }]);
  });
});

describe('what is told of a held file', () => {
  test('who is second sees what the other has decided, and why, when the file is here anew', async () => {
    const theirs = heldFile(10, { version: 1, decision: 'ACCEPTED', by: HOSTILE, at: '2026-03-01T08:00:00.000Z' });
    let files = [heldFile(10)];
    const api = new FakeApi()
      .on('listDeidHeldFiles', () => ({ items: files, next: null }))
      .on('decideDeidHeld', () => {
        files = [theirs];
        return new Refusal('STALE_UPDATE');
      });
    const { user } = await open(files, [], api);
    await user.click(press('Laisser tel quel'));
    expect((await screen.findByText(/^Laissé tel quel · /)).textContent).toContain(HOSTILE);
    expect(screen.getByRole('alert').textContent).toContain(fr('Quelqu’un a décidé entre-temps'));
    expect(document.querySelectorAll('img')).toHaveLength(1);
  });

  test('a decision that did not reach the server keeps the masks, and says so', async () => {
    const { user, api } = await open([heldFile(10, { masks: [AREA] })]);
    api.away(true);
    await user.click(press('Masquer'));
    expect((await screen.findByRole('alert')).textContent).toMatch(/serveur/);
    expect(names()).toHaveLength(1);
    expect(press('Masquer').disabled).toBe(false);
  });

  test('where no one could look for text that is said, and no less can be drawn', async () => {
    const { user } = await open(
      [heldFile(10)],
      [],
      new FakeApi().on('findDeidText', () => new Refusal('UNAVAILABLE')),
    );
    expect(await screen.findByText(/Le repérage n’a pas pu regarder cette image/)).toBeTruthy();
    expect(press('Masquer 0 zone suspecte').disabled).toBe(true);
    await user.click(press('Ajouter un masque'));
    expect(press('Masquer').disabled).toBe(false);
  });

  test('a picture that can’t be shown is not to be accepted unseen, and is asked for again by one press', async () => {
    const { user, picture } = await open([heldFile(10)], [AREA]);
    await vi.waitFor(() => expect(rectangles('none')).toBe(1));
    fireEvent.error(picture);
    expect(screen.getByText(/ne l’acceptez pas sans l’avoir vue ailleurs/)).toBeTruthy();
    await user.click(press('Réessayer'));
    expect(screen.getByRole('img', { name: 'Image du fichier retenu' })).toBeTruthy();
  });
});

test('an export without held files says so; one of somebody else is unknown', async () => {
  const api = new FakeApi().on('listDeidHeld', () => ({ items: [] }));
  const { close } = await openPage(api, HELD, { role: 'PHYSICIAN' });
  expect(await screen.findByText('Rien n’attend')).toBeTruthy();
  close();
  await openPage(
    new FakeApi().on('listDeidHeld', () => new Refusal('NOT_FOUND')),
    HELD,
    { role: 'PHYSICIAN' },
  );
  expect(await screen.findByText('Introuvable.')).toBeTruthy();
  expect(screen.queryByText('Rien n’attend')).toBeNull();
});
