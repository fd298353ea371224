import { type Study, StudyDetail } from '@negatoscope/contract';
import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { queryClient } from '../../api/query-client.ts';
import { FakeApi, listOf } from '../../test/fake-api.ts';
import { openPart } from '../../test/page-fixture.tsx';
import { studyOf } from '../../test/rows-fixture.ts';
import { idOf, make } from '../../test/sample.ts';
import { Toasts } from '../../ui/toast.tsx';
import { setStudyStatus } from './status.ts';

const [STUDY, OTHER] = [studyOf(1, { groupId: idOf(9) }), studyOf(2)];
const WORKLIST = ['studies', 'worklist'];
const NEXT = ['studies', 'next'];

/** Two lists that have the study: one that is read page by page, and one that is whole. */
async function open() {
  const api = new FakeApi().on('updateStudy', ({ body }) => make(StudyDetail, { ...STUDY, ...(body as Partial<Study>) })); // Read by the contract.
  const { user } = await openPart(api, <Toasts />);
  queryClient.setQueryData(WORKLIST, { pages: [listOf([OTHER]), listOf([STUDY])], pageParams: [undefined, 'next'] });
  queryClient.setQueryData(NEXT, listOf([STUDY, OTHER]));
  return { api, user };
}
const statuses = (): unknown => [
  queryClient
    .getQueryData<{ pages: { items: Study[] }[] }>(WORKLIST)
    ?.pages.flatMap(({ items }) => items.map(({ status }) => status)),
  queryClient.getQueryData<{ items: Study[] }>(NEXT)?.items.map(({ status }) => status),
];

test('a reading status shows at once in every list that has the study, whatever form the list has, and is sent alone', async () => {
  const { api } = await open();
  const changed = setStudyStatus(STUDY, 'VALIDATED');
  expect(statuses()).toEqual([
    ['TO_READ', 'VALIDATED'],
    ['VALIDATED', 'TO_READ'],
  ]);
  expect(await changed).toBe(true);
  expect(api.of('updateStudy')).toEqual([
    {
      ...{ id: 'updateStudy', params: { studyInstanceUid: STUDY.studyInstanceUid } },
      ...{ query: { groupId: idOf(9) }, body: { status: 'VALIDATED' } },
    },
  ]);
});

test('a reading status is taken back by the button of its message, and done again by that of the next', async () => {
  const { api, user } = await open();
  await setStudyStatus(STUDY, 'VALIDATED');
  for (const status of ['TO_READ', 'VALIDATED']) {
    await user.click(screen.getAllByRole('button', { name: 'Annuler' }).at(-1) ?? document.body);
    await waitFor(() => expect(api.of('updateStudy').at(-1)?.body).toEqual({ status }));
    expect(statuses()).toEqual([
      ['TO_READ', status],
      [status, 'TO_READ'],
    ]);
    await waitFor(() => expect(screen.getAllByRole('button', { name: 'Annuler' })).toHaveLength(1));
  }
});

test('a reading status that the study has already is not asked for, and nothing is said', async () => {
  const { api } = await open();
  expect(await setStudyStatus(STUDY, 'TO_READ')).toBe(true);
  expect(api.of('updateStudy')).toEqual([]);
  expect(screen.queryByRole('button', { name: 'Annuler' })).toBeNull();
});

test('a reading status makes what counts studies ask again, and leaves the list that one works through', async () => {
  await open();
  const counts = [['overview'], ['patient'], ['priors']];
  for (const key of counts) queryClient.setQueryData(key, {});
  await setStudyStatus(STUDY, 'VALIDATED');
  expect([...counts, WORKLIST].map((key) => queryClient.getQueryState(key)?.isInvalidated)).toEqual([true, true, true, false]);
});
