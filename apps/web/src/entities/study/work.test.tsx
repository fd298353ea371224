import { Label, type Study } from '@negatoscope/contract';
import { screen, waitFor } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { queryClient } from '../../api/query-client.ts';
import { FakeApi, Refusal } from '../../test/fake-api.ts';
import { fr, openPart } from '../../test/page-fixture.tsx';
import { studyOf } from '../../test/rows-fixture.ts';
import { idOf, make } from '../../test/sample.ts';
import { Toasts } from '../../ui/toast.tsx';
import { LabelDialog } from './label-dialog.tsx';
import { changeStudies } from './work.ts';

const LIST = ['studies', 'list'];
const STUDIES = [1, 2, 3].map((number) => studyOf(number, { workVersion: number }));
const [FIRST, SECOND, THIRD] = STUDIES as [Study, Study, Study];
const LABEL = make(Label, { id: idOf(801), name: 'Enseignement', color: 'RED', groupId: null });

interface Item {
  readonly id: string;
  readonly version?: number;
  readonly urgency?: Study['urgency'];
}
type Outcome = 'CHANGED' | 'SAME' | 'STALE' | 'NOT_FOUND' | 'FORBIDDEN' | 'BUSY' | 'NO_SUCH_PERSON' | 'NO_SUCH_LABEL';

/** What comes of each study; those that are not named are changed, and have another version then. */
function server(outcomes: Readonly<Record<string, Outcome>> = {}, now: Partial<Study> = {}): FakeApi {
  return new FakeApi().on('changeWork', ({ body }) => ({
    items: (body as { items: readonly Item[] }).items.map(({ id, version: _version, ...work }) => {
      const [outcome = 'CHANGED', was] = [outcomes[id], STUDIES.find((study) => study.id === id)];
      const {
        addLabels: _add,
        removeLabels: _remove,
        ...fields
      } = work as Item & { addLabels?: unknown; removeLabels?: unknown };
      const isGone = was === undefined || outcome === 'NOT_FOUND';
      const changed = outcome === 'CHANGED' ? { ...fields, workVersion: 9 } : now;
      return { id, outcome, study: isGone ? null : { ...was, ...changed } };
    }),
  }));
}
async function open(api: FakeApi, part = <Toasts />) {
  const page = await openPart(api, part);
  queryClient.setQueryData(LIST, { items: STUDIES });
  return { ...page, api, items: () => api.of('changeWork').map(({ body }) => (body as { items: readonly Item[] }).items) };
}
const shown = <K extends keyof Study>(key: K) => queryClient.getQueryData<{ items: Study[] }>(LIST)?.items.map((one) => one[key]);
const press = (name: string) => screen.getAllByRole('button', { name }).at(-1) ?? document.body;

describe('a change of several studies', () => {
  test('shows at once, is sent upon the versions that one saw, and is undone each to what it was', async () => {
    queryClient.clear();
    const { user, items } = await open(server());
    const urgent = [FIRST, { ...SECOND, urgency: 'URGENT' as const }];
    const changed = changeStudies(urgent, { urgency: 'STAT' });
    expect(shown('urgency')).toEqual(['STAT', 'STAT', 'ROUTINE']);
    expect(await changed).toBe(true);
    expect(items()[0]).toEqual([
      { id: FIRST.id, version: 1, urgency: 'STAT', addLabels: [], removeLabels: [] },
      { id: SECOND.id, version: 2, urgency: 'STAT', addLabels: [], removeLabels: [] },
    ]);
    expect(screen.getByText(fr('2 examens modifiés.'))).toBeTruthy();
    await user.click(press('Annuler'));
    await waitFor(() => expect(items()).toHaveLength(2));
    expect(items()[1]).toMatchObject([
      { id: FIRST.id, version: 9, urgency: 'ROUTINE' },
      { id: SECOND.id, version: 9, urgency: 'URGENT' },
    ]);
  });

  test('is taken back for those alone that were refused, which are counted with the reason', async () => {
    await open(server({ [SECOND.id]: 'FORBIDDEN', [THIRD.id]: 'FORBIDDEN' }));
    expect(await changeStudies(STUDIES, { status: 'ARCHIVED' })).toBe(false);
    expect(shown('status')).toEqual(['ARCHIVED', 'TO_READ', 'TO_READ']);
    expect(screen.getByText('2 examens n’ont pas pu l’être : vous n’en avez pas le droit')).toBeTruthy();
    expect(screen.getByText(fr('1 examen modifié.'))).toBeTruthy();
  });

  test('that did not reach the server shows them as they were, and nothing can be undone', async () => {
    const { api } = await open(server());
    api.away(true);
    expect(await changeStudies(STUDIES, { assigneeId: idOf(1) })).toBe(false);
    expect(shown('assigneeId')).toEqual([null, null, null]);
    expect(screen.getByText(/serveur/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Annuler' })).toBeNull();
  });

  test('says nothing where they were so already', async () => {
    await open(server({ [FIRST.id]: 'SAME' }));
    expect(await changeStudies([FIRST], { urgency: 'ROUTINE' })).toBe(true);
    expect(screen.queryByRole('button', { name: 'Annuler' })).toBeNull();
  });

  test('to oneself shows one’s own name before the server has said it', async () => {
    await open(server());
    const changed = changeStudies([FIRST], { assigneeId: idOf(1) });
    expect(shown('assigneeName')).toEqual(['Jeanne Durand', null, null]);
    await changed;
  });

  test('that marks for comparison archives, and gives both back', async () => {
    const { user, items } = await open(server());
    const changed = changeStudies([{ ...FIRST, status: 'IN_PROGRESS' }], { isPrior: true });
    expect(shown('status')).toEqual(['ARCHIVED', 'TO_READ', 'TO_READ']);
    await changed;
    await user.click(press('Annuler'));
    await waitFor(() => expect(items()[1]).toMatchObject([{ status: 'IN_PROGRESS', isPrior: false }]));
  });

  test('of labels takes back only what it has put on', async () => {
    const { user, items } = await open(server());
    const { id, name, color } = LABEL;
    await changeStudies([{ ...FIRST, labels: [{ id, name, color }] }, SECOND], { addLabels: [id, idOf(802)] });
    await user.click(press('Annuler'));
    await waitFor(() => expect(items()[1]).toMatchObject([{ removeLabels: [idOf(802)] }, { removeLabels: [id, idOf(802)] }]));
  });
});

describe('what somebody else has decided meanwhile about the one study', () => {
  test.each([
    [{ urgency: 'STAT' }, { urgency: 'URGENT' }, 'L’urgence de BERNARD Anna a été changée entre-temps : Urgent.'],
    [{ assigneeId: idOf(4) }, { assigneeId: idOf(5), assigneeName: '<b>Bâ</b>' }, 'attribué entre-temps à <b>Bâ</b>.'],
    [{ assigneeId: idOf(4) }, { assigneeId: idOf(5), assigneeName: null }, 'attribué entre-temps à '],
    [{ assigneeId: idOf(4) }, { assigneeId: null }, 'a été libéré entre-temps.'],
  ] as const)('is told by name, and is overruled only when that is pressed: %o', async (work, now, text) => {
    const stale = { [FIRST.id]: 'STALE' as const };
    const { user, items } = await open(server(stale, { ...now, workVersion: 7 }));
    await changeStudies([FIRST], work);
    expect(screen.getByText((said) => said.includes(text))).toBeTruthy();
    expect(shown('urgency')?.[0]).toBe('urgency' in now ? now.urgency : 'ROUTINE');
    expect(items()).toHaveLength(1);
    await user.click(press('Appliquer quand même'));
    await waitFor(() => expect(items()[1]).toMatchObject([{ id: FIRST.id, version: 7, ...work }]));
  });
});

test('a label that could not be put on is not shown as put on', async () => {
  const api = server({ [FIRST.id]: 'NO_SUCH_LABEL' }).on('listLabels', () => ({ items: [LABEL] }));
  const dialog = <LabelDialog studies={[FIRST]} onClose={() => undefined} />;
  const { user } = await open(api, dialog);
  const box = await screen.findByRole<HTMLInputElement>('checkbox', { name: 'Enseignement' });
  await user.click(box);
  await waitFor(() => expect(box.checked).toBe(false));
  api.on('changeWork', () => new Refusal('UNAVAILABLE'));
  await user.click(box);
  await waitFor(() => expect(api.of('changeWork')).toHaveLength(2));
  await waitFor(() => expect(box.checked).toBe(false));
});
