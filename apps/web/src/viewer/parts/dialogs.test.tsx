import type { AnnotationEdit } from '@negatoscope/contract';
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { FakeApi } from '../../test/fake-api.ts';
import { fr, meOf, openPart } from '../../test/page-fixture.tsx';
import { idOf } from '../../test/sample.ts';
import type { Conflict, StudyAnnotations } from '../annotations/study-annotations.ts';
import type { Asked, ViewerSession } from '../engine/index.ts';
import { TOOLS, USUAL_BINDINGS } from '../engine/tools.ts';
import { bannerOf, FakePane, seriesOf, shown } from '../testing/pane-fixture.ts';
import { AnnotationNotices, AnnotationStatus } from './annotation-status.tsx';
import { AnnotationText } from './annotation-text.tsx';
import { KeyboardHelp } from './keyboard-help.tsx';
import { PictureDialog } from './picture-dialog.tsx';
import type { AnnotationsState } from './use-annotations.ts';
import { useDialogs } from './use-dialogs.tsx';

afterEach(() => vi.useRealTimers());

describe('the picture of what is shown', () => {
  interface Captured {
    readonly heading: readonly string[];
    readonly notes: readonly string[];
  }
  const open = async (blob: Blob | 'nothing' | 'fails' = new Blob(['png']), pane = new FakePane()) => {
    const asked: Captured[] = [];
    const saved: string[] = [];
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:picture', revokeObjectURL: () => undefined }));
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      saved.push(this.download);
    });
    const capture = async (_pane: string, options: Captured) => {
      asked.push(options);
      if (blob === 'fails') throw new TypeError('no context');
      return blob === 'nothing' ? undefined : blob;
    };
    const onClose = vi.fn();
    const session = { capture } as unknown as ViewerSession; // What the dialog asks of it.
    const dialog = <PictureDialog isOpen onClose={onClose} session={session} pane={pane.pane} />;
    return { ...(await openPart(new FakeApi(), dialog)), asked, saved, onClose };
  };

  test('asks each time whether it says whose it is, before it can be saved', async () => {
    const { user, asked, saved, onClose } = await open();
    const save = screen.getByRole('button', { name: 'Enregistrer en PNG' });
    expect(save.hasAttribute('disabled')).toBe(true);
    expect(screen.getAllByRole<HTMLInputElement>('radio').map(({ checked }) => checked)).toEqual([false, false]);
    await user.click(screen.getByRole('radio', { name: 'Avec nom, identifiant et date de naissance' }));
    await user.click(save);
    await waitFor(() => expect(onClose).toHaveBeenCalledOnce());
    expect(asked).toEqual([{ heading: ['MARTIN ANNA · P-1 · 03/02/1970', '01/03/2026 · Scanner du thorax · Axial'], notes: [] }]);
    // Names of files are read by many.
    expect(saved).toEqual([expect.stringMatching(/^image-\d{4}-\d\d-\d\d-[\d-]+\.png$/)]);
  });

  test('without identity says nothing of the patient, and warns of what is burned in', async () => {
    const { user, asked } = await open();
    expect(screen.queryByText(/incrustés/)).toBeNull();
    await user.click(screen.getByRole('radio', { name: 'Sans identité' }));
    expect(screen.getByText(/incrustés/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Enregistrer en PNG' }));
    await waitFor(() => expect(asked).toEqual([{ heading: [], notes: [] }]));
  });

  test('of a preview says that it is one', async () => {
    const { user, asked } = await open(new Blob(['png']), new FakePane(shown({ isPreview: true })));
    await user.click(screen.getByRole('radio', { name: 'Sans identité' }));
    await user.click(screen.getByRole('button', { name: 'Enregistrer en PNG' }));
    await waitFor(() => expect(asked[0]?.notes).toEqual(['Aperçu, pas encore sans perte']));
  });

  test.each(['fails', 'nothing'] as const)('that can’t be made is told, and can be tried again (%s)', async (blob) => {
    const { user, saved, onClose } = await open(blob);
    await user.click(screen.getByRole('radio', { name: 'Sans identité' }));
    await user.click(screen.getByRole('button', { name: 'Enregistrer en PNG' }));
    expect((await screen.findByRole('alert')).textContent).toMatch(/n’a pas pu être créée/);
    expect([saved, onClose.mock.calls]).toEqual([[], []]);
  });

  test('is printed alone, and nothing of it stays on the page', async () => {
    const { user } = await open();
    vi.stubGlobal('print', vi.fn());
    HTMLImageElement.prototype.decode = () => Promise.resolve();
    await user.click(screen.getByRole('radio', { name: 'Sans identité' }));
    await user.click(screen.getByRole('button', { name: 'Imprimer' }));
    await waitFor(() => expect(window.print).toHaveBeenCalledOnce());
    expect(document.querySelectorAll('img.ng-print')).toHaveLength(1);
    fireEvent(window, new Event('afterprint'));
    expect(document.querySelectorAll('img.ng-print')).toHaveLength(0);
    expect(document.body.dataset.printing).toBeUndefined();
  });
});

function Room({ session }: { session: ViewerSession | undefined }) {
  const { onHelp, onSettings, dialogs, preferences } = useDialogs(session, undefined);
  return (
    <>
      <button type="button" onClick={onHelp}>
        help
      </button>
      <button type="button" onClick={onSettings}>
        settings
      </button>
      <output>{`${preferences.textSize} ${preferences.left}`}</output>
      {dialogs}
    </>
  );
}

describe('what opens over the reading room', () => {
  const open = async (options: Parameters<typeof openPart>[2] = {}) => {
    const told: unknown[] = [];
    const session = {
      setTextSize: (px: number) => void told.push(px),
      setBindings: (mouse: unknown) => void told.push(mouse),
    } as unknown as ViewerSession; // What settings do to it.
    return { ...(await openPart(new FakeApi(), <Room session={session} />, options)), told };
  };

  test('settings are kept for who set them, in this browser, and followed at once', async () => {
    const { user, told, close } = await open();
    expect(told.slice(0, 2)).toEqual([13, USUAL_BINDINGS]);
    told.length = 0;
    await user.click(screen.getByRole('button', { name: 'settings' }));
    await user.selectOptions(await screen.findByLabelText('Textes des mesures'), 'Très grands');
    await user.selectOptions(screen.getByLabelText('Bouton droit'), 'Loupe');
    await user.selectOptions(screen.getByLabelText('Molette'), 'Zoom');
    await user.selectOptions(screen.getByLabelText('Bouton gauche, à l’ouverture'), 'Déplacer');
    expect(told).toEqual([20, { ...USUAL_BINDINGS, right: 'magnify' }, { ...USUAL_BINDINGS, right: 'magnify', wheel: 'zoom' }]);
    const kept = { ...localStorage };
    close();
    Object.assign(localStorage, kept);
    const again = await open({ me: meOf('RADIOLOGIST', { id: idOf(2) }) });
    expect(screen.getByRole('status').textContent).toBe('medium usual');
    again.close();
    await open();
    expect(screen.getByRole('status').textContent).toBe('huge pan');
  });

  test('help names every tool with its key, and the mouse as it is set', async () => {
    const { user } = await open({ locale: 'en' });
    await user.click(screen.getByRole('button', { name: 'help' }));
    const help = await screen.findByRole('dialog', { name: 'Keyboard shortcuts' });
    const [tools] = help.querySelectorAll('section');
    expect(tools?.querySelectorAll('li')).toHaveLength(TOOLS.length);
    expect(within(help).getByText('Length').closest('li')?.textContent).toBe('LengthL');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  test('help follows the settings of the mouse', async () => {
    const help = (wheel: 'scroll' | 'zoom') => (
      <KeyboardHelp isOpen onClose={() => undefined} mouse={{ middle: 'window', right: 'pan', wheel }} />
    );
    const { again } = await openPart(new FakeApi(), help('scroll'));
    expect(screen.getByText(/Bouton gauche : outil ; droit : Déplacer ; milieu : Fenêtre et niveau/)).toBeTruthy();
    expect(screen.getByText(/^Molette : coupes/)).toBeTruthy();
    again(help('zoom'));
    expect(screen.getByText(/^Molette : zoom/)).toBeTruthy();
  });
});

describe('the text of an annotation', () => {
  const open = async (asked: Partial<Asked> = {}, paneId = '1') => {
    const answers: (string | undefined)[] = [];
    const one = { paneId: '1', at: [10, 20], kind: 'TEXT', label: '', ...asked } as Asked;
    const measurements = {
      subscribe: () => () => undefined,
      getAsked: () => one,
      answer: (text: string | undefined) => answers.push(text),
    };
    const session = { measurements } as unknown as ViewerSession; // What asks for texts.
    return { ...(await openPart(new FakeApi(), <AnnotationText session={session} paneId={paneId} />)), answers };
  };

  test('is typed at once where it was placed, and kept by Enter', async () => {
    const { user, answers } = await open();
    const field = screen.getByRole('textbox', { name: 'Texte' });
    expect(document.activeElement).toBe(field);
    await user.keyboard('nodule 8 mm{Enter}');
    expect(answers).toEqual(['nodule 8 mm']);
  });

  test('is given up by Escape and by its button; what was there is chosen whole', async () => {
    const { user, answers } = await open({ label: 'ancien', kind: 'ARROW' });
    const field = screen.getByRole<HTMLInputElement>('textbox', { name: 'Texte de la flèche (facultatif)' });
    expect([field.value, field.selectionStart, field.selectionEnd]).toEqual(['ancien', 0, 6]);
    await user.keyboard('{Escape}');
    await user.click(screen.getByRole('button', { name: 'Annuler' }));
    expect(answers).toEqual([undefined, undefined]);
  });

  test('of a vertebra proposes their names', async () => {
    await open({ kind: 'SPINE_LABEL' });
    const field = screen.getByRole('combobox', { name: 'Vertèbre' });
    const list = document.getElementById(field.getAttribute('list') ?? '');
    const names = [...(list?.querySelectorAll('option') ?? [])].map((option) => option.getAttribute('value'));
    expect(names).toEqual(expect.arrayContaining(['C1', 'T12', 'L5', 'S1']));
  });

  test('is asked for in its own pane alone', async () => {
    await open({}, '2');
    expect(screen.queryByRole('textbox')).toBeNull();
  });
});

describe('whether what is drawn is kept', () => {
  const stateOf = (fields: Partial<AnnotationsState['snapshot']>, canWrite = true, done: string[] = []): AnnotationsState => ({
    annotations: {
      canWrite,
      settle: (id: string, whose: string) => done.push(`${id} ${whose}`),
      readRefusal: () => done.push('read'),
    } as unknown as StudyAnnotations, // What is asked of it here.
    snapshot: { items: [], isKnown: true, waiting: 0, conflicts: [], refused: undefined, ...fields },
  });
  const conflict = (isDeleted: boolean): Conflict => ({ id: 'a', mine: { isDeleted } as AnnotationEdit }); // What a notice reads.
  const state = () => screen.getByTestId('annotation-status').dataset.state;

  test('is a small sign; what waits is news only after a while', async () => {
    const { again } = await openPart(new FakeApi(), <AnnotationStatus {...stateOf({})} />);
    vi.useFakeTimers();
    expect([state(), screen.getByTestId('annotation-status').title]).toEqual(['saved', 'Ce que vous tracez est enregistré']);
    again(<AnnotationStatus {...stateOf({ waiting: 2 })} />);
    expect(state()).toBe('saved');
    act(() => void vi.advanceTimersByTime(1_500));
    expect(state()).toBe('waiting');
    expect(screen.getByTestId('annotation-status').textContent).toMatch(/^22 mesures attendent d’être envoyées/);
    again(<AnnotationStatus {...stateOf({})} />);
    expect(state()).toBe('saved');
  });

  test('of who may only read says that nothing is kept', async () => {
    await openPart(new FakeApi(), <AnnotationStatus {...stateOf({}, false)} />, { locale: 'en' });
    expect(state()).toBe('read-only');
  });

  test.each([
    [false, /a été modifiée ailleurs entre-temps\. Les deux versions/],
    [true, /Vous avez supprimé cette mesure/],
  ])('two versions wait for a person (deleted: %s)', async (isDeleted, text) => {
    const done: string[] = [];
    const { user } = await openPart(
      new FakeApi(),
      <AnnotationNotices {...stateOf({ conflicts: [conflict(isDeleted)] }, true, done)} />,
    );
    expect(screen.getByRole('alert').textContent).toMatch(text);
    await user.click(screen.getByRole('button', { name: 'L’autre' }));
    await user.click(screen.getByRole('button', { name: 'La mienne' }));
    expect(done).toEqual(['a theirs', 'a mine']);
  });

  test.each([
    ['FORBIDDEN', 'Votre rôle ne permet pas cette action.'],
    ['EXPIRED', 'Une mesure a attendu plus de 24 heures et n’a pas été envoyée.'],
  ] as const)('a refusal (%s) is told until it is read', async (refused, text) => {
    const done: string[] = [];
    const { user } = await openPart(new FakeApi(), <AnnotationNotices {...stateOf({ refused }, true, done)} />);
    expect(screen.getByRole('alert').textContent).toContain(text);
    await user.click(screen.getByRole('button', { name: 'Fermer' }));
    expect(done).toEqual(['read']);
  });
});

test('a picture of a nameless patient says that there is no name', async () => {
  const asked: string[][] = [];
  const pane = new FakePane(shown({ series: seriesOf({ banner: bannerOf({ name: undefined, patientId: undefined }) }) }));
  const session = {
    capture: async (_: string, { heading }: { heading: string[] }) => void asked.push(heading),
  } as unknown as ViewerSession; // As above.
  const { user } = await openPart(
    new FakeApi(),
    <PictureDialog isOpen onClose={() => undefined} session={session} pane={pane.pane} />,
  );
  await user.click(screen.getByRole('radio', { name: fr('Avec nom, identifiant et date de naissance') }));
  await user.click(screen.getByRole('button', { name: 'Enregistrer en PNG' }));
  await waitFor(() => expect(asked[0]?.[0]).toBe('Patient sans nom · 03/02/1970'));
});
