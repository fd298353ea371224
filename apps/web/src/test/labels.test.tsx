import { ERROR_CATALOG, Label, StudyDetail } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { StudyAbout } from '../features/worklist/study-about.tsx';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { fr, meOf, openPage, openPart } from './page-fixture.tsx';
import { patientOf, studyOf } from './rows-fixture.ts';
import { idOf, make } from './sample.ts';

const GROUP = idOf(700);
const labelOf = (number: number, name: string, groupId: string | null = null) =>
  make(Label, { id: idOf(800 + number), name, color: 'RED', groupId });
const [teaching, follow, other] = [
  labelOf(1, 'Enseignement'),
  labelOf(2, 'À suivre', GROUP),
  labelOf(3, 'D’ailleurs', idOf(701)),
];
const chip = ({ id, name, color }: typeof teaching) => ({ id, name, color });
const study = studyOf(1, { groupId: GROUP, labels: [chip(teaching)] });

interface Change {
  readonly items: readonly { readonly id: string; readonly addLabels?: string[]; readonly removeLabels?: string[] }[];
}

let lists = 0;
async function openDialog(options: Parameters<typeof openPage>[2] = {}, api = new FakeApi()) {
  const changes: Change['items'][] = [];
  api
    .on('listStudies', () => listOf([study]))
    .on('listLabels', () => ({ items: [teaching, follow, other] }))
    .on('changeWork', ({ body }) => {
      const { items } = body as Change; // Read by the contract.
      changes.push(items);
      return { items: items.map(({ id }) => ({ id, outcome: 'CHANGED', study })) };
    });
  lists += 1;
  const page = await openPage(api, `/app/worklist?q=labels${lists}`, options);
  await screen.findByText('Thorax 1');
  await page.user.keyboard('j');
  // A key is for the row that the cursor is seen on.
  await waitFor(() => expect(document.querySelector('[aria-selected="true"]')).not.toBeNull());
  await page.user.keyboard('l');
  const dialog = await screen.findByRole('dialog');
  return { ...page, api, dialog, changes };
}
const member = (role: 'RADIOLOGIST' | 'STAFF') => meOf(role, { groupId: GROUP });

describe('the labels of a study', () => {
  test('open by a key: those that it can have, with those that it has; a press puts one on, another takes it off', async () => {
    const { user, dialog, changes } = await openDialog({ me: member('RADIOLOGIST') });
    const boxes = await within(dialog).findAllByRole<HTMLInputElement>('checkbox');
    expect(boxes.map((box) => [box.closest('label')?.textContent, box.checked])).toEqual([
      ['Enseignement', true],
      ['À suivre', false],
    ]);
    await user.click(within(dialog).getByRole('checkbox', { name: 'À suivre' }));
    await user.click(within(dialog).getByRole('checkbox', { name: 'Enseignement' }));
    await waitFor(() => expect(changes).toHaveLength(2));
    expect(changes.map(([item]) => [item?.id, item?.addLabels, item?.removeLabels])).toEqual([
      [study.id, [follow.id], []],
      [study.id, [], [teaching.id]],
    ]);
  });

  test('are made for one’s own group by who reads, and taken away only where they are of it', async () => {
    const { user, api, dialog } = await openDialog({ me: member('RADIOLOGIST') });
    await within(dialog).findByText('À suivre');
    expect(within(dialog).queryByRole('button', { name: 'Supprimer l’étiquette Enseignement' })).toBeNull();
    const add = within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Ajouter' });
    expect(add.disabled).toBe(true);
    await user.type(within(dialog).getByLabelText('Nom'), '  Rare  ');
    await user.selectOptions(within(dialog).getByLabelText('Couleur'), 'GREEN');
    api.on('listLabels', () => ({ items: [teaching, follow, labelOf(4, 'Rare', GROUP)] }));
    await user.click(add);
    expect(await within(dialog).findByRole('checkbox', { name: 'Rare' })).toBeTruthy();
    expect(api.of('createLabel').map(({ body }) => body)).toEqual([{ name: 'Rare', color: 'GREEN', groupId: GROUP }]);
    expect(within(dialog).getByLabelText<HTMLInputElement>('Nom').value).toBe('');
    await user.click(within(dialog).getByRole('button', { name: 'Supprimer l’étiquette À suivre' }));
    await waitFor(() => expect(api.of('deleteLabel').map(({ params }) => params.id)).toEqual([follow.id]));
  });

  test('are made for everybody by an administrator', async () => {
    const { user, api, dialog } = await openDialog({ role: 'ADMIN' });
    await user.type(within(dialog).getByLabelText('Nom'), 'Congrès{Enter}');
    await waitFor(() => expect(api.of('createLabel').at(-1)?.body).toEqual({ name: 'Congrès', color: 'BLUE', groupId: null }));
  });

  test('one that is there already is told, and what was typed stays', async () => {
    const api = new FakeApi().on('createLabel', () => new Refusal('CONFLICT'));
    const { user, dialog } = await openDialog({ role: 'ADMIN' }, api);
    await user.type(within(dialog).getByLabelText('Nom'), 'Enseignement{Enter}');
    expect(await screen.findByText(fr(ERROR_CATALOG.CONFLICT.fr))).toBeTruthy();
    expect(within(dialog).getByLabelText<HTMLInputElement>('Nom').value).toBe('Enseignement');
    expect(within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Ajouter' }).disabled).toBe(false);
  });

  test('are put on, but not made, by the desk', async () => {
    const { dialog } = await openDialog({ me: member('STAFF') });
    expect(await within(dialog).findByRole('checkbox', { name: 'À suivre' })).toBeTruthy();
    expect(within(dialog).queryByLabelText('Nom')).toBeNull();
    expect(within(dialog).queryByRole('button', { name: /^Supprimer/ })).toBeNull();
  });

  test('stand in the list in short, by their names for who hears the page', async () => {
    await openPage(
      new FakeApi().on('listStudies', () => listOf([{ ...study, labels: [chip(teaching), chip(follow)] }])),
      '/app/worklist',
    );
    const mark = await screen.findByRole('img', { name: 'Enseignement, À suivre' });
    expect(mark.children).toHaveLength(2);
  });

  test('stand beside the studies of a patient, as many as have room, the others counted', async () => {
    const labels = [1, 2, 3, 4, 5].map((number) => chip(labelOf(number, `E${number}`)));
    const api = new FakeApi().on('getPatient', () => patientOf(1)).on('listStudies', () => listOf([{ ...study, labels }]));
    await openPage(api, `/app/patients/${patientOf(1).id}`);
    const place = (await screen.findByText('Thorax 1')).closest('li');
    expect(place?.textContent).toContain('E1E2E3+2');
    expect(place?.querySelector('[title="E1, E2, E3, E4, E5"]')).toBeTruthy();
  });
});

describe('beside the images', () => {
  test('stand who reads, how soon and the labels, up to six', async () => {
    const labels = [1, 2, 3, 4, 5, 6, 7].map((number) => chip(labelOf(number, `E${number}`)));
    const detail = make(StudyDetail, {
      ...study,
      ...{ labels, urgency: 'STAT', assigneeId: idOf(9), assigneeName: 'Awa Diop', series: [] },
    });
    const api = new FakeApi().on('getStudy', () => detail);
    const { container } = await openPart(api, <StudyAbout studyInstanceUid="2.25.1" groupId={GROUP} />);
    await screen.findByText('E1');
    expect(container.textContent).toContain('E6+1');
    expect(container.textContent).toContain('Awa Diop');
    expect(screen.getAllByText('Immédiat').length).toBeGreaterThan(0);
    expect(api.of('getStudy').map(({ query }) => query)).toEqual([{ groupId: GROUP }]);
  });

  test('stands nothing while it is not known', async () => {
    const api = new FakeApi().on('getStudy', () => new Refusal('NOT_FOUND'));
    const { container } = await openPart(api, <StudyAbout studyInstanceUid="2.25.1" groupId={undefined} />);
    await waitFor(() => expect(api.of('getStudy')).toHaveLength(1));
    expect(container.textContent).toBe('');
  });
});
