import { fireEvent, screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeApi, Refusal } from './fake-api.ts';
import { heldFile as file, HELD, heldSeries as series } from './held-fixture.ts';
import { fr, openPage } from './page-fixture.tsx';

test('held files are masked by keys alone, the next one that waits comes, and who is second is told', async () => {
  const files = [file(10), file(11)];
  const bodies: unknown[] = [];
  const api = new FakeApi()
    .on('listDeidHeld', () => ({ items: [series(files.filter(({ decision }) => decision === null).length)] }))
    .on('listDeidHeldFiles', () => ({ items: files, next: null }))
    .on('findDeidText', () => ({ header: [], looks: [{ left: 10, top: 10, right: 90, bottom: 20 }] }))
    .on('decideDeidHeld', ({ body }) => {
      bodies.push(body);
      if (bodies.length > 1) return new Refusal('STALE_UPDATE');
      const decided = file(10, { decision: 'MASKED', version: 1, by: 'Claire Martin' });
      files[0] = decided;
      return { file: decided, files: 1 };
    });
  const { user } = await openPage(api, HELD, { role: 'PHYSICIAN' });
  await user.click(await screen.findByRole('button', { name: fr('Masquer 1 zone suspecte') }));
  const list = screen.getByRole('list', { name: 'Masques' });
  const [mask] = within(list).getAllByRole('button');
  if (mask === undefined) throw new Error('no mask');
  fireEvent.keyDown(mask, { key: 'ArrowRight' });
  fireEvent.keyDown(mask, { key: 'ArrowDown', shiftKey: true });
  await user.click(screen.getByRole('button', { name: 'Masquer' }));
  expect(bodies).toEqual([
    { version: 0, decision: 'MASKED', masks: [{ left: 12, top: 10, right: 92, bottom: 21 }], series: false },
  ]);
  await screen.findByText(fr('Fichier 2 sur 2'));
  expect(await screen.findByRole('button', { name: fr('Reprendre l’export') })).toBeTruthy();
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Masquer' }).disabled).toBe(true);
  await user.click(screen.getByRole('button', { name: 'Laisser tel quel' }));
  expect((await screen.findByRole('alert')).textContent).toContain(fr('Quelqu’un a décidé entre-temps'));
});
