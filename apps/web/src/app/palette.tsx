import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { CircleHelp, Languages, LogOut, Moon, ScanLine, Search, Sun, UserRound, UserRoundPlus } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { call } from '../api/client.ts';
import { signOut, useCan } from '../api/me.ts';
import { formatDate, formatName } from '../i18n/format.ts';
import { useLocale, useText } from '../i18n/index.ts';
import type { PageEntry } from '../routing/nav.ts';
import { Modalities } from '../ui/bits.tsx';
import { Spinner } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { useDebounced } from '../ui/use-debounced.ts';
import { chooseLocale } from './header.tsx';
import { beginsWith, matchesWords } from './match.ts';
import { PAGE_ICONS } from './sidebar.tsx';
import { setThemeChoice } from './theme.ts';

interface Entry {
  readonly id: string;
  readonly group: string;
  readonly label: string;
  readonly detail?: ReactNode;
  readonly icon: ReactNode;
  readonly run: () => void;
}
interface PaletteProps {
  readonly pages: readonly PageEntry[];
  readonly onClose: () => void;
  readonly onHelp: () => void;
}

function useFound(q: string): { entries: Entry[]; isLoading: boolean } {
  const t = useText('shell');
  const common = useText('common');
  const can = useCan();
  const locale = useLocale();
  const router = useRouter();
  const found = useQuery({
    queryKey: ['search', q],
    queryFn: ({ signal }) => call('search', { query: { q, limit: 6 }, signal }),
    enabled: q.length >= 2 && can('patients.read'),
    placeholderData: (previous) => (q.length >= 2 ? previous : undefined),
  });
  const patients = (found.data?.patients ?? []).map((patient) => ({
    id: `p${patient.id}`,
    group: t('palettePatients'),
    label: formatName(patient) || common('noName'),
    detail: [formatDate(patient.birthDate, locale), patient.recordNumber].filter(Boolean).join(' · '),
    icon: <UserRound size={16} />,
    run: () => void router.navigate({ to: '/app/patients/$id', params: { id: patient.id } }),
  }));
  const studies = (found.data?.studies ?? []).map((study) => ({
    id: `s${study.id}`,
    group: t('paletteStudies'),
    label: [formatName(study.patient) || common('noName'), study.description].filter(Boolean).join(' · '),
    detail: (
      <>
        <Modalities list={study.modalities} /> {formatDate(study.studyDate, locale)}
      </>
    ),
    icon: <ScanLine size={16} />,
    run: () =>
      void router.navigate({
        to: '/app/studies/$studyInstanceUid',
        params: { studyInstanceUid: study.studyInstanceUid },
        search: {},
      }),
  }));
  return { entries: [...patients, ...studies], isLoading: found.isFetching };
}

function useCommands(pages: readonly PageEntry[], onHelp: () => void): Entry[] {
  const t = useText('shell');
  const patients = useText('patients');
  const can = useCan();
  const locale = useLocale();
  const router = useRouter();
  const other = locale === 'fr' ? 'en' : 'fr';
  const group = t('paletteActions');
  const actions: Entry[] = [
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
  if (can('patients.write')) {
    actions.unshift({
      id: 'new',
      group,
      label: patients('newPatient'),
      icon: <UserRoundPlus size={16} />,
      run: () => void router.navigate({ to: '/app/patients', search: { create: true } }),
    });
  }
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

/** Goes anywhere from the keyboard: patients, studies, pages, actions. */
export function Palette({ pages, onClose, onHelp }: PaletteProps) {
  const t = useText('shell');
  const [q, setQ] = useState('');
  const settled = useDebounced(q.trim());
  const { entries: found, isLoading } = useFound(settled);
  const commands = useCommands(pages, onHelp).filter((entry) => matchesWords(entry.label, q));
  // A page whose name begins with what was typed is meant: many patients have such a name.
  const named = commands.filter((entry) => q.trim().length >= 2 && beginsWith(entry.label, q));
  const entries = [...named, ...found, ...commands.filter((entry) => !named.includes(entry))];
  const [index, setIndex] = useState(0);
  const active = Math.min(index, Math.max(0, entries.length - 1));
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector(`#palette-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [active]);
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
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(open) => !open && onClose()}
      className="ng-veil fixed inset-0 z-50 flex items-start justify-center bg-[#05070999] p-3 pt-[9vh]"
    >
      <Modal className="ng-pop w-full max-w-xl overflow-hidden rounded-2xl border border-line bg-surface shadow-pop">
        <Dialog aria-label={t('paletteTitle')} className="flex max-h-[70vh] flex-col outline-none">
          <div className="flex items-center gap-3 border-b border-line px-4 text-dim focus-within:border-accent">
            {isLoading ? <Spinner size={17} /> : <Search size={17} aria-hidden="true" />}
            <input
              autoFocus
              type="search"
              role="combobox"
              aria-expanded="true"
              aria-controls="palette-list"
              aria-activedescendant={entries.length > 0 ? `palette-${active}` : undefined}
              aria-label={t('searchLabel')}
              placeholder={t('palettePlaceholder')}
              value={q}
              onChange={(event) => {
                setQ(event.target.value);
                setIndex(0);
              }}
              onKeyDown={onKeyDown}
              className="h-14 flex-1 bg-transparent text-base text-text outline-none!"
            />
          </div>
          <div
            ref={list}
            id="palette-list"
            role="listbox"
            tabIndex={-1}
            aria-label={t('paletteTitle')}
            className="min-h-0 overflow-auto p-2"
          >
            {entries.length === 0 && !isLoading && <p className="px-3 py-8 text-center text-dim">{t('paletteEmpty', { q })}</p>}
            {entries.map((entry, position) => (
              <div key={entry.id}>
                {entries[position - 1]?.group !== entry.group && (
                  <p className="px-3 pt-2 pb-1 text-[12px] text-dim">{entry.group}</p>
                )}
                <div
                  id={`palette-${position}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={position === active}
                  onClick={() => run(entry)}
                  onKeyDown={() => undefined}
                  onMouseMove={() => setIndex(position)}
                  className={cx(
                    'flex h-10 items-center gap-3 rounded-lg px-3 coarse:h-12',
                    position === active ? 'bg-accent-soft text-text' : 'text-text',
                  )}
                >
                  <span className={position === active ? 'text-accent' : 'text-dim'}>{entry.icon}</span>
                  <span className="min-w-0 flex-1 truncate">{entry.label}</span>
                  <span className="tabular hidden shrink-0 items-center gap-2 text-[13px] text-dim sm:flex">{entry.detail}</span>
                </div>
              </div>
            ))}
          </div>
          <p className="hidden border-t border-line px-4 py-2 text-[12px] text-dim sm:block">{t('paletteHint')}</p>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
