import type { HangingLayout, HangingRule, Prior } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { useState } from 'react';
import { describe, expect, test } from 'vitest';
import { FakeApi, Refusal } from '../../test/fake-api.ts';
import { meOf, openPart } from '../../test/page-fixture.tsx';
import { idOf } from '../../test/sample.ts';
import { Toasts } from '../../ui/toast.tsx';
import type { StudyRef } from '../model/dicomweb.ts';
import { FakePane, frameOf, seriesOf, shown } from '../testing/pane-fixture.ts';
import { LayoutMenu, type LayoutMenuProps } from './layout-menu.tsx';
import { PresetMenu } from './preset-menu.tsx';
import { PriorHeading } from './prior-heading.tsx';

const LAYOUT: HangingLayout = {
  rows: 1,
  columns: 2,
  panes: [
    { of: 'CURRENT', like: { modality: 'CT' } },
    { of: 'PRIOR', pairOf: 0 },
  ],
  isLinked: true,
};
const ruleOf = (fields: Partial<HangingRule> = {}): HangingRule => ({
  id: idOf(50),
  level: 'OWN',
  siteId: null,
  modality: 'CT',
  region: 'CHEST',
  layout: LAYOUT,
  changedAt: '2026-03-01T08:00:00.000Z',
  ...fields,
});

function Menu({ done, ...fields }: Partial<LayoutMenuProps> & { done: string[] }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <LayoutMenu
        grid={{ rows: 1, columns: 1 }}
        isTiled={false}
        isOpen={isOpen}
        onOpen={setOpen}
        onGrid={({ rows, columns }) => done.push(`grid ${rows} ${columns}`)}
        onTiles={({ rows, columns }) => done.push(`tiles ${rows} ${columns}`)}
        kind={{ modality: 'CT', region: 'CHEST' }}
        groupId={undefined}
        layoutNow={() => LAYOUT}
        {...fields}
      />
      <Toasts />
    </>
  );
}
const openMenu = async (
  fields: Partial<LayoutMenuProps> = {},
  api = new FakeApi(),
  options: Parameters<typeof openPart>[2] = {},
) => {
  const done: string[] = [];
  const page = await openPart(api, <Menu done={done} {...fields} />, options);
  const name = options.locale === 'en' ? 'Layout of the views' : 'Disposition des vues';
  const button = screen.getByRole('button', { name });
  await page.user.click(button);
  const dialog = await screen.findByRole('dialog', { name });
  return { ...page, done, api, dialog, button };
};

describe('the layout of views', () => {
  test('is chosen by the pointer, up to four by four', async () => {
    const { user, done, dialog } = await openMenu();
    const cells = within(dialog).getAllByRole('button', { name: /^\d × \d$/ });
    expect(cells).toHaveLength(16);
    await user.hover(within(dialog).getByRole('button', { name: '2 × 3' }));
    expect(dialog.querySelector('[aria-live]')?.textContent).toBe('2 × 3');
    await user.click(within(dialog).getByRole('button', { name: '2 × 3' }));
    expect(done).toEqual(['grid 2 3']);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  test('is chosen by arrow keys, which stop at the edge; the focus goes back to the button', async () => {
    const { user, done, dialog, button } = await openMenu();
    within(dialog).getByRole('button', { name: '1 × 1' }).focus();
    await user.keyboard('{ArrowUp}{ArrowRight}{ArrowRight}{ArrowDown}{Enter}');
    expect(done).toEqual(['grid 2 3']);
    await waitFor(() => expect(document.activeElement).toBe(button));
  });

  test('is of tiles where one says so', async () => {
    const { user, done, dialog } = await openMenu();
    await user.click(within(dialog).getByRole('radio', { name: 'Coupes successives de la série' }));
    await user.click(within(dialog).getByRole('button', { name: '2 × 2' }));
    expect(done).toEqual(['tiles 2 2']);
  });

  test('Escape leaves it as it was', async () => {
    const { user, done, button } = await openMenu();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(done).toEqual([]);
    await waitFor(() => expect(document.activeElement).toBe(button));
  });
});

describe('how studies of a kind hang', () => {
  test('is kept for oneself, and said', async () => {
    const api = new FakeApi().on('saveHangingRule', () => ruleOf());
    const { user, dialog } = await openMenu({}, api);
    expect(within(dialog).getByRole('heading').textContent).toBe('Affichage de CT · thorax');
    // A radiologist decides for nobody else.
    expect(within(dialog).queryByRole('button', { name: 'Garder cet affichage pour le site' })).toBeNull();
    await user.click(within(dialog).getByRole('button', { name: 'Garder cet affichage pour moi' }));
    expect(await screen.findByText('Ces examens s’ouvriront ainsi.')).toBeTruthy();
    expect(api.of('saveHangingRule').map(({ body }) => body)).toEqual([
      { modality: 'CT', region: 'CHEST', level: 'OWN', siteId: null, layout: LAYOUT },
    ]);
  });

  test('is kept for the site by who administers it', async () => {
    const api = new FakeApi().on('saveHangingRule', () => ruleOf({ level: 'SITE' }));
    const { user, dialog } = await openMenu({ kind: { modality: 'MR', region: undefined } }, api, {
      me: meOf('ADMIN', { groupId: idOf(700) }),
      locale: 'en',
    });
    expect(within(dialog).getByRole('heading').textContent).toBe('Hanging protocol: MR · any region');
    await user.click(within(dialog).getByRole('button', { name: 'Save this layout for the site' }));
    await waitFor(() =>
      expect(api.of('saveHangingRule').map(({ body }) => body)).toEqual([
        { modality: 'MR', region: null, level: 'SITE', siteId: idOf(700), layout: LAYOUT },
      ]),
    );
  });

  test('is forgotten; a refusal is told and leaves it', async () => {
    let isRefused = true;
    const api = new FakeApi()
      .on('listHangingRules', () => ({ items: [ruleOf()] }))
      .on('deleteHangingRule', () => (isRefused ? new Refusal('FORBIDDEN') : undefined));
    const { user, dialog, button } = await openMenu({}, api);
    await user.click(await within(dialog).findByRole('button', { name: 'Oublier mon affichage' }));
    expect(await screen.findByText('Votre rôle ne permet pas cette action.')).toBeTruthy();
    isRefused = false;
    await user.click(button);
    await user.click(await screen.findByRole('button', { name: 'Oublier mon affichage' }));
    expect(await screen.findByText('Ces examens s’ouvriront comme avant.')).toBeTruthy();
    expect(api.of('deleteHangingRule').map(({ params }) => params)).toEqual([{ id: idOf(50) }, { id: idOf(50) }]);
  });

  test('of the site is not one’s own to forget', async () => {
    const api = new FakeApi().on('listHangingRules', () => ({ items: [ruleOf({ level: 'SITE' })] }));
    const { dialog } = await openMenu({}, api);
    await waitFor(() => expect(api.of('listHangingRules')).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve));
    expect(within(dialog).queryByRole('button', { name: /Oublier/ })).toBeNull();
  });

  test('can’t be kept of tiles, which are no way to hang', async () => {
    const { dialog } = await openMenu({ isTiled: true });
    expect(within(dialog).getByRole('button', { name: 'Garder cet affichage pour moi' }).hasAttribute('disabled')).toBe(true);
  });
});

describe('window presets', () => {
  const openPresets = async (pane: FakePane, locale: 'fr' | 'en' = 'fr') => {
    const page = await openPart(new FakeApi(), <PresetMenu pane={pane.pane} />, { locale });
    await page.user.click(screen.getByRole('button'));
    return { ...page, menu: await screen.findByRole('menu') };
  };

  test('are those of the modality, in the order of the number keys, with their numbers', async () => {
    const pane = new FakePane();
    const { user, menu } = await openPresets(pane);
    const items = within(menu).getAllByRole('menuitem');
    expect(items.map((item) => item.querySelector('kbd')?.textContent)).toEqual(
      items.map((_, index) => (index < 9 ? String(index + 1) : '')),
    );
    const lung = within(menu).getByRole('menuitem', { name: /Poumon/ });
    expect(lung.textContent).toMatch(/\d+ \/ -?\d+$/);
    await user.click(lung);
    expect(pane.done).toEqual(['preset lung']);
  });

  test('of a radiograph have none of a CT', async () => {
    const pane = new FakePane(shown({ series: seriesOf({ modality: 'DX', frames: [frameOf(1)] }) }));
    const { menu } = await openPresets(pane, 'en');
    expect(within(menu).queryByRole('menuitem', { name: /Lung/ })).toBeNull();
    expect(within(menu).getByRole('menuitem', { name: /Automatic/ })).toBeTruthy();
  });
});

describe('the study beside', () => {
  const priorOf = (number: number, fields: Partial<Prior> = {}): Prior => ({
    id: idOf(900 + number),
    studyInstanceUid: `1.2.9.${number}`,
    groupId: null,
    studyDate: `202${number}-05-0${number}`,
    studyTime: null,
    description: `Thorax ${number}`,
    modalities: ['CT'],
    bodyParts: [],
    seriesCount: 1,
    status: 'VALIDATED',
    rank: number,
    reasons: [],
    isComparable: true,
    ...fields,
  });
  const openHeading = async (beside: StudyRef | undefined, priors = [priorOf(1), priorOf(2, { studyDate: null })]) => {
    const chosen: (StudyRef | undefined)[] = [];
    const page = await openPart(
      new FakeApi(),
      <PriorHeading priors={priors} beside={beside} onChoose={(study) => chosen.push(study)} />,
    );
    return { ...page, chosen };
  };

  test('is chosen from the others of the patient, or none', async () => {
    const { user, chosen } = await openHeading(undefined);
    await user.click(screen.getByRole('button', { name: 'Comparer avec…' }));
    const menu = await screen.findByRole('menu');
    expect(
      within(menu)
        .getAllByRole('menuitem')
        .map((item) => item.textContent),
    ).toEqual(['01/05/2021CT · Thorax 1', 'Sans dateCT · Thorax 2', 'Aucun examen à côté']);
    await user.click(within(menu).getByRole('menuitem', { name: /Thorax 1/ }));
    await user.click(screen.getByRole('button', { name: 'Comparer avec…' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Aucun examen à côté' }));
    expect(chosen).toEqual([{ studyInstanceUid: '1.2.9.1', groupId: 'none' }, undefined]);
  });

  test('is named by its date, and as another where it is none of them', async () => {
    const { again } = await openHeading({ studyInstanceUid: '1.2.9.1', groupId: 'none' });
    expect(screen.getByRole('button').getAttribute('aria-label')).toMatch(/^Examen à côté\s: 01\/05\/2021/);
    again(
      <PriorHeading priors={[priorOf(1)]} beside={{ studyInstanceUid: '9.9', groupId: 'none' }} onChoose={() => undefined} />,
    );
    expect(screen.getByRole('button').getAttribute('aria-label')).toBe('Autre examen');
  });

  test('has no place where there is nothing to choose', async () => {
    await openHeading(undefined, []);
    expect(screen.queryByRole('button')).toBeNull();
  });
});
