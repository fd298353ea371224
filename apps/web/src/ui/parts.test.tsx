import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { type ReactNode, useState } from 'react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { FakeApi } from '../test/fake-api.ts';
import { openPart } from '../test/page-fixture.tsx';
import { CopyButton, LoadError, Modalities, Notice, ProgressLine, Uid } from './bits.tsx';
import { Button, IconButton } from './button.tsx';
import type { Column } from './column.ts';
import { Compare } from './compare.tsx';
import { DataList, type DataListProps, Total } from './data-list.tsx';
import { DateField } from './date-field.tsx';
import { Confirm } from './dialog.tsx';
import { FilterSelect, Segments, SelectField, TextAreaField, TextField } from './field.tsx';
import { SearchBox } from './page.tsx';
import { showToast, Toasts } from './toast.tsx';

const open = (part: ReactNode, locale: 'fr' | 'en' = 'fr') => openPart(new FakeApi(), part, { locale });
afterEach(() => vi.useRealTimers());

function Dated() {
  const [value, setValue] = useState('');
  return (
    <>
      <DateField label="Naissance" value={value} onChange={setValue} error={value > '2026' ? 'Dans l’avenir' : undefined} />
      <output>{value}</output>
    </>
  );
}

describe('a field', () => {
  test('is described by its hint, and by its error in place of that', async () => {
    const field = (error?: string) => <TextField label="Nom" hint="Comme sur la carte" error={error} defaultValue="" />;
    const { again } = await open(field());
    const input = () => screen.getByLabelText('Nom');
    const description = (): string | null | undefined =>
      document.getElementById(input().getAttribute('aria-describedby') ?? '')?.textContent;
    expect([description(), input().getAttribute('aria-invalid')]).toEqual(['Comme sur la carte', 'false']);
    again(field('Ce champ est obligatoire.'));
    expect([description(), input().getAttribute('aria-invalid')]).toEqual(['!Ce champ est obligatoire.', 'true']);
    expect(screen.getByRole('alert').textContent).toContain('Ce champ est obligatoire.');
    expect(screen.queryByText('Comme sur la carte')).toBeNull();
  });

  test('of several lines, and of choices, are labelled alike', async () => {
    await open(
      <>
        <TextAreaField label="Adresse" error="Trop long" defaultValue="" />
        <SelectField label="Sexe" choices={[{ value: 'F', label: 'Femme' }]} defaultValue="F" />
      </>,
    );
    expect(screen.getByLabelText('Adresse').tagName).toBe('TEXTAREA');
    expect(screen.getByLabelText('Adresse').getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByLabelText<HTMLSelectElement>('Sexe').value).toBe('F');
  });

  test('that filters says what it filters, and tells another choice', async () => {
    const onChange = vi.fn();
    const choices = [
      { value: '', label: 'Tous' },
      { value: 'CT', label: 'CT' },
    ];
    const { user } = await open(
      <>
        <FilterSelect label="Modalité" value="" choices={choices} onChange={onChange} />
        <Segments label="Période" value="" choices={choices} onChange={onChange} />
      </>,
    );
    await user.selectOptions(screen.getByRole('combobox', { name: 'Modalité' }), 'CT');
    const group = screen.getByRole('group', { name: 'Période' });
    await user.click(within(group).getByRole('button', { name: 'CT', pressed: false }));
    expect(onChange.mock.calls).toEqual([['CT'], ['CT']]);
    expect(within(group).getByRole('button', { pressed: true }).textContent).toBe('Tous');
  });

  test('that searches waits for the typing to rest, is cleared, and follows the address', async () => {
    const asked: string[] = [];
    const box = (value: string) => <SearchBox value={value} label="Filtrer" placeholder="…" onChange={(q) => asked.push(q)} />;
    const { user, again } = await open(box(''));
    await user.type(screen.getByRole('searchbox', { name: 'Filtrer' }), 'durand');
    expect(asked).toEqual([]);
    await waitFor(() => expect(asked).toEqual(['durand']));
    again(box('durand'));
    await user.keyboard('{Escape}');
    await waitFor(() => expect(asked).toEqual(['durand', '']));
    again(box(''));
    await user.keyboard('{Escape}');
    expect(document.activeElement).toBe(document.body);
    again(box('martin'));
    expect(screen.getByRole<HTMLInputElement>('searchbox').value).toBe('martin');
    await user.click(screen.getByRole('button', { name: 'Effacer' }));
    await waitFor(() => expect(asked.at(-1)).toBe(''));
  });

  test('of a date takes the order of the language, and says what is wrong', async () => {
    const { user } = await open(<Dated />);
    const segments = within(screen.getByRole('group', { name: 'Naissance' })).getAllByRole('spinbutton');
    await user.click(segments[0] as HTMLElement);
    await user.keyboard('31122030');
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe('2030-12-31'));
    expect(screen.getByText('Dans l’avenir')).toBeTruthy();
  });
});

describe('a button', () => {
  test('that is busy can’t be pressed twice, and one of an icon has a name', async () => {
    const onPress = vi.fn();
    const { user, again } = await open(<Button onPress={onPress}>Envoyer</Button>);
    await user.click(screen.getByRole('button', { name: 'Envoyer' }));
    again(
      <Button onPress={onPress} isPending>
        Envoyer
      </Button>,
    );
    await user.click(screen.getByRole('button', { name: /Envoyer/ }));
    expect(onPress).toHaveBeenCalledOnce();
    again(
      <IconButton label="Fermer" onPress={onPress}>
        <svg />
      </IconButton>,
    );
    screen.getByRole('button', { name: 'Fermer' }).focus();
    await user.keyboard('{Enter}');
    expect(onPress).toHaveBeenCalledTimes(2);
  });
});

describe('a text to be copied', () => {
  test('is copied whole, and said by a sign', async () => {
    const copied: string[] = [];
    vi.stubGlobal('isSecureContext', true);
    const { user } = await open(<Uid value="1.2.840.10008.5.1.4.1.1.2.123456789" />);
    Object.defineProperty(navigator, 'clipboard', {
      configurable: true,
      value: { writeText: async (text: string) => void copied.push(text) },
    });
    const button = screen.getByRole('button', { name: 'Copier 1.2.840.10008.5.1.4.1.1.2.123456789' });
    expect(button.textContent).toBe('1.2.840.10….123456789');
    await user.click(button);
    expect(copied).toEqual(['1.2.840.10008.5.1.4.1.1.2.123456789']);
    await waitFor(() => expect(button.querySelector('.text-accent')).toBeTruthy());
  });

  test('is copied as well on plain http, and leaves nothing on the page', async () => {
    vi.stubGlobal('isSecureContext', false);
    const copied: (string | undefined)[] = [];
    document.execCommand = () => {
      copied.push(document.querySelector('textarea')?.value);
      return true;
    };
    const { user } = await open(<CopyButton value="NG-1" label="Copier" />);
    await user.click(screen.getByRole('button', { name: 'Copier' }));
    expect([copied, document.querySelector('textarea')]).toEqual([['NG-1'], null]);
  });
});

describe('small signs', () => {
  test('of modalities are a few, the others counted and named', async () => {
    await open(<Modalities list={['CT', 'MR', 'US', 'DX', 'SR']} max={2} />);
    expect(screen.getByText('+3').parentElement?.textContent).toBe('CTMR+3');
    expect(screen.getByText('+3').title).toBe('US, DX, SR');
  });

  test.each([
    [0.256, '26'],
    [-1, '0'],
    [7, '100'],
  ])('of progress stay within the whole: %d', async (ratio, percent) => {
    await open(<ProgressLine ratio={ratio} label="Import" />);
    expect(screen.getByRole('progressbar', { name: 'Import' }).getAttribute('aria-valuenow')).toBe(percent);
  });

  test('of what happened are alerts only where something is wrong', async () => {
    const onRetry = vi.fn();
    const { again, user } = await open(<Notice tone="amber">À voir</Notice>);
    expect([screen.getByRole('status').textContent, screen.queryByRole('alert')]).toEqual(['!À voir', null]);
    again(<LoadError message="Introuvable." onRetry={onRetry} />);
    await user.click(within(screen.getByRole('alert')).getByRole('button', { name: 'Réessayer' }));
    expect(onRetry).toHaveBeenCalledOnce();
  });

  test('of how many there are say when they are not counted to the end', async () => {
    const { again } = await open(<Total total={1} isExact />);
    const text = () => screen.getByRole('status').textContent;
    expect(text()).toBe('1 résultat');
    again(<Total total={10_000} isExact={false} />);
    expect(text()).toMatch(/^plus de 10\s000$/);
    again(<Total total={undefined} isExact />);
    expect(text()).toBe('');
  });
});

describe('two sides', () => {
  test('are told apart by a word, not by colour alone; what differs by nature is not marked', async () => {
    const rows = [
      { label: 'Nom', left: 'A', right: 'B' },
      { label: 'Taille', left: '1', right: '1' },
      { label: 'Reçu le', left: 'hier', right: '', isPlain: true },
    ];
    await open(<Compare left="Enregistré" right="Reçu" rows={rows} />, 'en');
    const lines = screen.getAllByRole('row').slice(1);
    expect(lines.map((line) => within(line).queryAllByRole('img', { name: 'different' }).length)).toEqual([1, 0, 0]);
    expect(lines[2]?.textContent).toBe('Reçu lehier–');
  });
});

describe('a message', () => {
  test('goes by itself, later where there is something to do', async () => {
    await open(<Toasts />);
    vi.useFakeTimers();
    const texts = (): string[] =>
      [...screen.getByRole('region', { name: 'Notifications' }).children].map(({ textContent }) => textContent ?? '');
    act(() => {
      showToast('Enregistré.');
      showToast('Refusé.', { tone: 'danger' });
      showToast('Supprimé.', { action: { label: 'Annuler', run: () => undefined } });
    });
    expect(texts()).toEqual(['Enregistré.', '!Refusé.', 'Supprimé.Annuler']);
    await act(() => vi.advanceTimersByTimeAsync(4_600));
    expect(texts()).toEqual(['!Refusé.', 'Supprimé.Annuler']);
    await act(() => vi.advanceTimersByTimeAsync(4_000));
    expect(texts()).toEqual([]);
  });

  test('does what it offers once, is closed, and there are never more than three', async () => {
    const run = vi.fn();
    const { user } = await open(<Toasts />);
    act(() => {
      for (const text of ['1', '2', '3']) showToast(text);
      showToast('4', { action: { label: 'Annuler', run } });
    });
    const region = screen.getByRole('region', { name: 'Notifications' });
    expect([...region.children].map(({ textContent }) => textContent)).toEqual(['2', '3', '4Annuler']);
    await user.click(screen.getByRole('button', { name: 'Annuler' }));
    await waitFor(() => expect(region.children).toHaveLength(2));
    await user.click(screen.getAllByRole('button', { name: 'Fermer la notification' })[0] as HTMLElement);
    await waitFor(() => expect([...region.children].map(({ textContent }) => textContent)).toEqual(['3']));
    expect(run).toHaveBeenCalledOnce();
  });
});

describe('a question', () => {
  test('is answered, or put away by its button, its cross or Escape', async () => {
    const done: string[] = [];
    const ask = (
      <Confirm
        title="Effacer ?"
        isOpen
        onClose={() => done.push('close')}
        onConfirm={() => done.push('confirm')}
        confirm="Effacer"
      >
        Pour toujours.
      </Confirm>
    );
    const { user } = await open(ask);
    const dialog = screen.getByRole('dialog', { name: 'Effacer ?' });
    for (const name of ['Effacer', 'Annuler', 'Fermer']) await user.click(within(dialog).getByRole('button', { name }));
    await user.keyboard('{Escape}');
    expect(done).toEqual(['confirm', 'close', 'close', 'close']);
  });
});

describe('a long list', () => {
  interface Line {
    readonly id: string;
    readonly name: string;
  }
  const lines = (count: number): Line[] =>
    Array.from({ length: count }, (_, index) => ({ id: `r${index}`, name: `Ligne ${index}` }));
  const columns: Column<Line>[] = [
    { id: 'name', header: 'Nom', track: '1fr', sort: 'name', cell: ({ name }) => name },
    { id: 'wide', header: 'Large', track: '1fr', from: 2_000, cell: () => 'wide' },
    { id: 'act', header: '', track: '1fr', cell: () => <button type="button">Agir</button> },
  ];
  const list = (fields: Partial<DataListProps<Line>> = {}) => (
    <DataList label="Lignes" columns={columns} rows={lines(500)} rowId={({ id }) => id} {...fields} />
  );
  const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[data-row]')];

  test('draws what is near, says how long it is, and has one tab stop', async () => {
    await open(list({ total: 12_000 }));
    const grid = screen.getByRole('grid', { name: 'Lignes' });
    expect(grid.getAttribute('aria-rowcount')).toBe('12001');
    expect(rows().length).toBeGreaterThan(20);
    expect(rows().length).toBeLessThan(60);
    expect(rows().filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1);
    expect(rows()[3]?.getAttribute('aria-rowindex')).toBe('5');
    // A column without room is left out.
    expect(
      within(grid)
        .getAllByRole('columnheader')
        .map(({ textContent }) => textContent),
    ).toEqual(['Nom', '']);
  });

  test('is chosen by a press and opened by two; a button in a row is its own', async () => {
    const done: string[] = [];
    const { user } = await open(
      list({ onSelect: ({ id }) => done.push(`select ${id}`), onOpen: ({ id }) => done.push(`open ${id}`) }),
    );
    await user.click(screen.getByText('Ligne 2'));
    await user.click(within(rows()[1] as HTMLElement).getByRole('button', { name: 'Agir' }));
    await user.dblClick(screen.getByText('Ligne 4'));
    expect(done).toEqual(['select r2', 'select r4', 'select r4', 'open r4']);
    expect(rows()[4]?.getAttribute('aria-selected')).toBe('true');
  });

  test('is walked by pages, and let go by Escape', async () => {
    const done: string[] = [];
    const { user } = await open(list({ onBack: () => done.push('back'), onHover: ({ id }) => done.push(id) }));
    await user.keyboard('{ArrowDown}{PageDown}{PageUp}{Escape}');
    // 900 px high rows of 36 px, two of which stay in sight.
    expect(done).toEqual(['r0', 'r23', 'r0', 'back']);
  });

  test('keeps quiet while a dialog is open or a chord is pressed', async () => {
    const done: string[] = [];
    const { user } = await open(
      <>
        {list({ onHover: ({ id }) => done.push(id) })}
        <div role="dialog" aria-label="x" />
      </>,
    );
    await user.keyboard('j{Control>}j{/Control}');
    expect(done).toEqual([]);
  });

  test('asks for more before its end is seen, and shows what is empty', async () => {
    const onMore = vi.fn();
    const { again } = await open(list({ hasMore: true, onMore }));
    expect(onMore).not.toHaveBeenCalled();
    again(list({ hasMore: true, onMore, rows: lines(40) }));
    expect(onMore).toHaveBeenCalled();
    again(list({ rows: [], empty: <p>Rien</p> }));
    expect(screen.getByText('Rien')).toBeTruthy();
    again(list({ rows: [], isLoading: true, empty: <p>Rien</p> }));
    expect(screen.queryByText('Rien')).toBeNull();
    expect(screen.getByRole('grid').getAttribute('aria-busy')).toBe('true');
  });

  test('is sorted by what can be', async () => {
    const sorts: string[] = [];
    const sorted = (sort: string | undefined) => list({ sort, onSort: (next) => sorts.push(next) });
    const { user, again } = await open(sorted(undefined));
    const title = () => screen.getByRole('button', { name: 'Nom' });
    await user.click(title());
    again(sorted('name'));
    await user.click(title());
    again(sorted('-name'));
    expect(screen.getByRole('columnheader', { name: 'Nom' }).getAttribute('aria-sort')).toBe('descending');
    fireEvent.click(title());
    expect(sorts).toEqual(['name', '-name', 'name']);
  });
});
