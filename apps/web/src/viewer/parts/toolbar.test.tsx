import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi } from '../../test/fake-api.ts';
import { fr, openPart } from '../../test/page-fixture.tsx';
import { ONE_PANE } from '../model/desk.ts';
import { FakePane, STUDY, shown } from '../testing/pane-fixture.ts';
import { Toolbar } from './toolbar.tsx';
import type { ToolbarProps } from './toolbar-actions.ts';

function propsOf(done: string[], fields: Partial<ToolbarProps> = {}): ToolbarProps {
  const note = (what: string) => (): void => void done.push(what);
  return {
    study: STUDY,
    pane: undefined,
    tool: 'window',
    layout: {
      grid: ONE_PANE,
      isTiled: false,
      isOpen: false,
      onOpen: note('layout'),
      onGrid: note('grid'),
      onTiles: note('tiles'),
      kind: { modality: 'CT', region: 'CHEST' },
      groupId: undefined,
      layoutNow: () => undefined,
    },
    desk: {
      isLinked: true,
      onLink: note('link'),
      hasLines: false,
      onLines: note('lines'),
      isFull: false,
      onFull: note('full'),
      onSecondWindow: undefined,
    },
    onBack: note('back'),
    onTool: (tool) => void done.push(`tool ${tool}`),
    onDelete: note('delete'),
    onUndo: note('undo'),
    onRedo: note('redo'),
    annotations: {
      annotations: undefined,
      snapshot: { items: [], isKnown: true, waiting: 0, conflicts: [], refused: undefined },
    },
    onHelp: note('help'),
    onMpr: undefined,
    onPicture: note('picture'),
    onSettings: note('settings'),
    hasOverlay: true,
    onOverlay: note('overlay'),
    ...fields,
  };
}
const open = async (fields: Partial<ToolbarProps> = {}, options: Parameters<typeof openPart>[2] = {}) => {
  const done: string[] = [];
  const page = await openPart(new FakeApi(), <Toolbar {...propsOf(done, fields)} />, options);
  return { ...page, done };
};
const bar = () => screen.getByRole('toolbar', { name: 'Outils' });

describe('the toolbar of the viewer', () => {
  test('names every button, says which are pressed, and leads to OHIF', async () => {
    await open();
    const buttons = within(bar()).getAllByRole('button');
    const names = buttons.map((button) => button.getAttribute('aria-label'));
    expect(names.every((name) => name !== null && name !== '')).toBe(true);
    expect(new Set(names).size).toBe(names.length);
    const pressed = buttons.filter((button) => button.getAttribute('aria-pressed') === 'true');
    expect(pressed.map((button) => button.getAttribute('aria-label'))).toEqual([
      'Fenêtre et niveau',
      'Délier le défilement',
      'Masquer ou montrer les textes',
    ]);
    expect(screen.getByRole('link', { name: 'OHIF' }).getAttribute('href')).toContain('1.2.3');
  });

  test.each([
    ['Défiler', 'tool scroll'],
    ['Distance', 'tool length'],
    ['Délier le défilement', 'link'],
    ['Lignes de coupe', 'lines'],
    ['Une vue en plein, et retour', 'full'],
    ['Masquer ou montrer les textes', 'overlay'],
    ['Supprimer la mesure', 'delete'],
    ['Annuler', 'undo'],
    ['Rétablir', 'redo'],
    ['Image PNG, imprimer', 'picture'],
    ['Souris et taille des textes', 'settings'],
    ['Raccourcis clavier', 'help'],
    ['Disposition des vues', 'layout'],
    ['Retour', 'back'],
  ])('%s does just that', async (name, what) => {
    const { user, done } = await open();
    await user.click(screen.getByRole('button', { name }));
    expect(done).toEqual([what]);
  });

  test.each([
    ['Tourner de 90°', 'rotate 90'],
    ['Miroir horizontal', 'flip horizontal'],
    ['Miroir vertical', 'flip vertical'],
    ['Inverser les gris', 'invert'],
    ['Pixels réels (1:1)', 'actualPixels'],
    ['Rétablir l’affichage', 'reset'],
  ])('%s acts on the active pane', async (name, what) => {
    const pane = new FakePane();
    const { user } = await open({ pane: pane.pane });
    await user.click(within(bar()).getByRole('button', { name: fr(name) }));
    expect(pane.done).toEqual([what]);
  });

  test('shows what is so of the pane, as it changes', async () => {
    const pane = new FakePane(shown());
    await open({ pane: pane.pane });
    const invert = () => within(bar()).getByRole('button', { name: 'Inverser les gris' }).getAttribute('aria-pressed');
    expect(invert()).toBe('false');
    pane.show({ isInverted: true });
    await waitFor(() => expect(invert()).toBe('true'));
  });

  test('offers planes through a volume and a second window only where there are', async () => {
    const { done, again, user } = await open();
    expect(screen.queryByRole('button', { name: 'Reconstruction multiplanaire (MPR)' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Sur un autre écran' })).toBeNull();
    const props = propsOf(done, { onMpr: () => void done.push('mpr') });
    again(<Toolbar {...props} desk={{ ...props.desk, onSecondWindow: () => void done.push('window') }} />);
    await user.click(screen.getByRole('button', { name: 'Reconstruction multiplanaire (MPR)' }));
    await user.click(screen.getByRole('button', { name: 'Sur un autre écran' }));
    expect(done).toEqual(['mpr', 'window']);
  });

  test('shows of a group the tool that was used last, and the others behind it', async () => {
    const { user, done, again } = await open();
    await user.click(screen.getByRole('button', { name: fr('Angles : choisir') }));
    const menu = await screen.findByRole('menu', { name: fr('Angles : choisir') });
    expect(
      within(menu)
        .getAllByRole('menuitem')
        .map((item) => item.textContent),
    ).toEqual(['AngleA', 'Angle de CobbC']);
    await user.click(within(menu).getByRole('menuitem', { name: /Angle de Cobb/ }));
    expect(done).toEqual(['tool cobb']);
    again(<Toolbar {...propsOf(done, { tool: 'cobb' })} />);
    expect(screen.getByRole('button', { name: 'Angle de Cobb' }).getAttribute('aria-pressed')).toBe('true');
    expect(screen.queryByRole('button', { name: 'Angle' })).toBeNull();
    // Another tool is chosen: the group keeps showing the last one of its own.
    again(<Toolbar {...propsOf(done, { tool: 'zoom' })} />);
    expect(screen.getByRole('button', { name: 'Angle de Cobb' }).getAttribute('aria-pressed')).toBe('false');
  });

  test('says whose images they are, in both languages', async () => {
    const pane = new FakePane();
    await open({ pane: pane.pane });
    expect(screen.getByRole('heading', { level: 1, name: 'MARTIN ANNA' })).toBeTruthy();
    expect(document.body.textContent).toContain('01/03/2026 · Scanner du thorax');
  });

  test('of an image without a name says that it has none', async () => {
    const { series } = shown();
    const pane = new FakePane(shown({ series: series && { ...series, banner: { ...series.banner, name: undefined } } }));
    await open({ pane: pane.pane }, { locale: 'en' });
    expect(screen.getByRole('heading', { level: 1, name: 'Unnamed patient' })).toBeTruthy();
    expect(document.body.textContent).toContain('1 Mar 2026');
  });
});

describe('in a narrow bar', () => {
  test('what has no room is in a menu, by name, and does the same', async () => {
    const { user, done } = await open({}, { isPhone: true });
    await user.click(await screen.findByRole('button', { name: 'Plus d’outils' }));
    const menu = await screen.findByRole('menu', { name: 'Plus d’outils' });
    await user.click(within(menu).getByRole('menuitem', { name: /Raccourcis clavier/ }));
    expect(done).toEqual(['help']);
  });
});
