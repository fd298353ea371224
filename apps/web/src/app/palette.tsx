import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { CircleHelp, Languages, LogOut, Moon, ScanLine, Search, Sun, UserRound, UserRoundPlus } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { call } from '../api/client.ts';
import { errorText } from '../api/error.ts';
import { signOut, useCan } from '../api/me.ts';
import type { Result } from '../api/operation.ts';
import { formatDate, formatName } from '../i18n/format.ts';
import { useLocale, useText } from '../i18n/index.ts';
import { textOfFile } from '../i18n/text-of-file.ts';
import type { PageEntry } from '../routing/nav.ts';
import { Modalities, Notice } from '../ui/bits.tsx';
import { Spinner } from '../ui/button.tsx';
import { useDebounced } from '../ui/use-debounced.ts';
import { chooseLocale } from './header.tsx';
import { beginsWith, matchesWords } from './match.ts';
import { type Entry, PaletteField, PaletteFrame, PaletteList } from './palette-parts.tsx';
import { PAGE_ICONS } from './sidebar.tsx';
import { setThemeChoice } from './theme.ts';

interface PaletteProps {
  readonly pages: readonly PageEntry[];
  readonly onClose: () => void;
  readonly onHelp: () => void;
}

type Found = Result<'search'>;

interface Fitting {
  readonly entries: Entry[];
  readonly isLoading: boolean;
  /** Why patients and studies could not be looked for. */
  readonly failure: Error | null;
}

function useFound(q: string): Fitting {
  const can = useCan();
  const found = useQuery({
    queryKey: ['search', q],
    queryFn: ({ signal }) => call('search', { query: { q, limit: 6 }, signal }),
    enabled: q.length >= 2 && can('patients.read'),
    placeholderData: (previous) => (q.length >= 2 ? previous : undefined),
  });
  const patientEntry = usePatientEntry();
  const studyEntry = useStudyEntry();
  const patients = (found.data?.patients ?? []).map(patientEntry);
  const studies = (found.data?.studies ?? []).map(studyEntry);
  return { entries: [...patients, ...studies], isLoading: found.isFetching, failure: q.length >= 2 ? found.error : null };
}

function usePatientEntry(): (patient: Found['patients'][number]) => Entry {
  const t = useText('shell');
  const common = useText('common');
  const locale = useLocale();
  const router = useRouter();
  return (patient) => ({
    id: `p${patient.id}`,
    group: t('palettePatients'),
    label: formatName(patient) || common('noName'),
    detail: [formatDate(patient.birthDate, locale), patient.recordNumber].filter(Boolean).join(' · '),
    icon: <UserRound size={16} />,
    run: () => void router.navigate({ to: '/app/patients/$id', params: { id: patient.id } }),
  });
}

function useStudyEntry(): (study: Found['studies'][number]) => Entry {
  const t = useText('shell');
  const common = useText('common');
  const locale = useLocale();
  const router = useRouter();
  return ({ id, studyInstanceUid, patient, description, modalities, studyDate }) => ({
    id: `s${id}`,
    group: t('paletteStudies'),
    label: [formatName(patient) || common('noName'), textOfFile(description)].filter(Boolean).join(' · '),
    detail: (
      <>
        <Modalities list={modalities} /> {formatDate(studyDate, locale)}
      </>
    ),
    icon: <ScanLine size={16} />,
    run: () => void router.navigate({ to: '/app/studies/$studyInstanceUid', params: { studyInstanceUid }, search: {} }),
  });
}

function useCommands(pages: readonly PageEntry[], onHelp: () => void): Entry[] {
  const t = useText('shell');
  const locale = useLocale();
  const router = useRouter();
  const newPatient = useNewPatient();
  const other = locale === 'fr' ? 'en' : 'fr';
  const group = t('paletteActions');
  const actions: Entry[] = [
    ...newPatient,
    { id: 'dark', group, label: t('themeDark'), icon: <Moon size={16} />, run: () => setThemeChoice('dark') },
    { id: 'light', group, label: t('themeLight'), icon: <Sun size={16} />, run: () => setThemeChoice('light') },
    {
      id: 'locale',
      group,
      label: other === 'fr' ? t('french') : t('english'),
      icon: <Languages size={16} />,
      run: () => void chooseLocale(other),
    },
    { id: 'keys', group, label: t('keys'), icon: <CircleHelp size={16} />, run: onHelp },
    { id: 'out', group, label: t('signOut'), icon: <LogOut size={16} />, run: () => void signOut() },
  ];
  const places = pages.map((page): Entry => {
    const Icon = PAGE_ICONS[page.id];
    return {
      id: page.id,
      group: t('palettePages'),
      label: t(page.id),
      icon: <Icon size={16} />,
      run: () => void router.navigate({ to: page.to }),
    };
  });
  return [...places, ...actions];
}

/** The action that makes a patient, for who may. */
function useNewPatient(): Entry[] {
  const t = useText('shell');
  const patients = useText('patients');
  const can = useCan();
  const router = useRouter();
  if (!can('patients.write')) return [];
  return [
    {
      id: 'new',
      group: t('paletteActions'),
      label: patients('newPatient'),
      icon: <UserRoundPlus size={16} />,
      run: () => void router.navigate({ to: '/app/patients', search: { create: true } }),
    },
  ];
}

/** What fits what is typed, the best first. */
function useEntries(q: string, { pages, onHelp }: PaletteProps): Fitting {
  const settled = useDebounced(q.trim());
  const { entries: found, ...state } = useFound(settled);
  const commands = useCommands(pages, onHelp).filter((entry) => matchesWords(entry.label, q));
  // A page whose name begins with what was typed is meant: many patients have such a name.
  const named = commands.filter((entry) => q.trim().length >= 2 && beginsWith(entry.label, q));
  return { entries: [...named, ...found, ...commands.filter((entry) => !named.includes(entry))], ...state };
}

/** Goes anywhere from the keyboard: patients, studies, pages, actions. */
export function Palette(props: PaletteProps) {
  const { onClose } = props;
  const t = useText('shell');
  const locale = useLocale();
  const [q, setQ] = useState('');
  const { entries, isLoading, failure } = useEntries(q, props);
  const [index, setIndex] = useState(0);
  const active = Math.min(index, Math.max(0, entries.length - 1));
  const run = (entry: Entry | undefined): void => {
    if (entry === undefined) return;
    onClose();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.key === 'Enter') run(entries[active]);
    else if (step === 0) return;
    else setIndex((active + step + entries.length) % Math.max(1, entries.length));
    event.preventDefault();
  };
  const type = (value: string): void => {
    setQ(value);
    setIndex(0);
  };
  return (
    <PaletteFrame onClose={onClose}>
      <div className="flex items-center gap-3 border-b border-line px-4 text-dim focus-within:border-accent">
        {isLoading ? <Spinner size={17} /> : <Search size={17} aria-hidden="true" />}
        <PaletteField activeId={entries.length > 0 ? `palette-${active}` : undefined} {...{ q, onKeyDown }} onType={type} />
      </div>
      <PaletteList entries={entries} active={active} onRun={run} onPoint={setIndex}>
        {failure !== null && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
        {entries.length === 0 && !isLoading && failure === null && (
          <p className="px-3 py-8 text-center text-dim">{t('paletteEmpty', { q })}</p>
        )}
      </PaletteList>
      <p className="hidden border-t border-line px-4 py-2 text-[12px] text-dim sm:block">{t('paletteHint')}</p>
    </PaletteFrame>
  );
}
