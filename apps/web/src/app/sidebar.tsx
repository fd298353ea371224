import { Link, useRouter } from '@tanstack/react-router';
import {
  Activity,
  Archive,
  Boxes,
  BrainCircuit,
  Cable,
  CalendarClock,
  ChartColumn,
  ChevronsLeft,
  ChevronsRight,
  FileText,
  FolderInput,
  GitCompareArrows,
  KeyRound,
  LayoutDashboard,
  type LucideIcon,
  Microscope,
  MoreHorizontal,
  ScanLine,
  ScrollText,
  Share2,
  Stethoscope,
  Trash2,
  UserCheck,
  UserRound,
  UserRoundCog,
  UsersRound,
  VenetianMask,
} from 'lucide-react';
import { useState } from 'react';
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { useText } from '../i18n/index.ts';
import { type PageEntry, type PageId, pageOf } from '../routing/nav.ts';
import { cx } from '../ui/cx.ts';
import { Mark } from '../ui/logo.tsx';

export const PAGE_ICONS: Record<PageId, LucideIcon> = {
  dashboard: LayoutDashboard,
  patients: UsersRound,
  consultations: Stethoscope,
  worklist: ScanLine,
  predictions: Microscope,
  statistics: ChartColumn,
  import: FolderInput,
  archives: Archive,
  deidentification: VenetianMask,
  shares: Share2,
  conflicts: GitCompareArrows,
  identityReview: UserCheck,
  trash: Trash2,
  users: UserRoundCog,
  groups: Boxes,
  access: KeyRound,
  audit: ScrollText,
  reports: FileText,
  retention: CalendarClock,
  models: BrainCircuit,
  nodes: Cable,
  system: Activity,
  profile: UserRound,
};
/** The router calls a link current on every page below its address: all of them lie below the dashboard's. */
const EXACT = { exact: true } as const;

const SECTIONS = ['main', 'review', 'administration'] as const;

/** As it was left; until then narrow where the page needs the room more. */
function readCollapsed(): boolean {
  const isTablet = window.matchMedia('(max-width: 1023px)').matches;
  try {
    const kept = localStorage.getItem('ng.sidebar');
    return kept === null ? isTablet : kept === 'narrow';
  } catch {
    return isTablet;
  }
}

interface NavProps {
  readonly pages: readonly PageEntry[];
  readonly path: string;
}
/** Whether the sidebar is narrow, which is kept for the next time. */
function useNarrow(): [boolean, () => void] {
  const [narrow, setNarrow] = useState(readCollapsed);
  const toggle = (): void => {
    setNarrow(!narrow);
    try {
      localStorage.setItem('ng.sidebar', narrow ? 'wide' : 'narrow');
    } catch {
      // The choice then lasts as long as the page.
    }
  };
  return [narrow, toggle];
}

export function Sidebar({ pages, path }: NavProps) {
  const t = useText('shell');
  const [narrow, toggle] = useNarrow();
  const headings = { main: undefined, review: t('review'), administration: t('administration') };
  return (
    <nav
      aria-label={t('mainNavigation')}
      className={cx(
        'hidden shrink-0 flex-col gap-1 border-r border-line bg-surface px-2.5 pb-3 transition-[width] duration-150 ease-out md:flex',
        narrow ? 'w-[60px]' : 'w-[212px]',
      )}
    >
      <HomeLink narrow={narrow} />
      <div className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto">
        {SECTIONS.map((section) => {
          const entries = pages.filter((page) => page.section === section);
          if (entries.length === 0) return null;
          return <NavSection key={section} pages={entries} path={path} heading={headings[section]} narrow={narrow} />;
        })}
      </div>
      <button
        type="button"
        onClick={toggle}
        aria-expanded={!narrow}
        aria-label={narrow ? t('expand') : t('collapse')}
        title={narrow ? t('expand') : t('collapse')}
        className="flex h-9 items-center gap-3 rounded-lg px-2.5 text-dim hover:bg-surface-2 hover:text-text"
      >
        {narrow ? <ChevronsRight size={18} /> : <ChevronsLeft size={18} />}
        {!narrow && <span className="truncate text-[13px]">{t('collapse')}</span>}
      </button>
    </nav>
  );
}

const HomeLink = ({ narrow }: Pick<SectionProps, 'narrow'>) => (
  <Link
    to="/app"
    activeOptions={EXACT}
    className="mb-2 flex h-14 items-center gap-3 rounded-lg px-1.5 font-semibold"
    aria-label="Negatoscope"
  >
    <Mark />
    {!narrow && <span>Negatoscope</span>}
  </Link>
);

interface SectionProps extends NavProps {
  readonly heading: string | undefined;
  readonly narrow: boolean;
}
function NavSection({ pages, path, heading, narrow }: SectionProps) {
  const current = pageOf(path)?.id;
  return (
    <div className="mb-3">
      {heading !== undefined &&
        (narrow ? (
          <hr className="mx-2 mb-2 border-line" />
        ) : (
          <p className="px-2.5 pt-1 pb-1.5 text-[11px] font-medium text-dim">{heading}</p>
        ))}
      <ul className="flex flex-col gap-0.5">
        {pages.map((page) => (
          <li key={page.id}>
            <NavLink page={page} isCurrent={page.id === current} narrow={narrow} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function NavLink({ page, isCurrent, narrow }: { page: PageEntry; isCurrent: boolean; narrow: boolean }) {
  const t = useText('shell');
  const Icon = PAGE_ICONS[page.id];
  return (
    <Link
      to={page.to}
      activeOptions={EXACT}
      aria-current={isCurrent ? 'page' : undefined}
      aria-label={narrow ? t(page.id) : undefined}
      title={narrow ? t(page.id) : undefined}
      className={cx(
        'flex h-9 items-center gap-3 rounded-lg px-2.5 transition-colors duration-150 coarse:h-11',
        isCurrent ? 'bg-accent-soft font-medium text-accent' : 'text-dim hover:bg-surface-2 hover:text-text',
      )}
    >
      <Icon size={18} className="shrink-0" aria-hidden="true" />
      {!narrow && <span className="truncate">{t(page.id)}</span>}
    </Link>
  );
}

const BAR_ITEM = 'flex h-14 flex-1 flex-col items-center justify-center gap-1 text-[11px]';

/** The same pages on phones: four of them, and the others behind "more". */
export function BottomBar({ pages, path }: NavProps) {
  const t = useText('shell');
  const current = pageOf(path)?.id;
  const first = pages.filter((page) => page.section === 'main').slice(0, 4);
  const rest = pages.filter((page) => !first.includes(page));
  return (
    <nav
      aria-label={t('mainNavigation')}
      className="flex border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {first.map((page) => {
        const Icon = PAGE_ICONS[page.id];
        return (
          <Link
            key={page.id}
            to={page.to}
            activeOptions={EXACT}
            aria-current={page.id === current ? 'page' : undefined}
            className={cx(BAR_ITEM, page.id === current ? 'font-medium text-accent' : 'text-dim')}
          >
            <Icon size={20} aria-hidden="true" />
            <span className="max-w-full truncate px-1">{t(page.id)}</span>
          </Link>
        );
      })}
      <MorePages pages={rest} path={path} />
    </nav>
  );
}

function MorePages({ pages, path }: NavProps) {
  const t = useText('shell');
  const router = useRouter();
  const current = pageOf(path)?.id;
  return (
    <MenuTrigger>
      <AriaButton className={cx(BAR_ITEM, pages.some((page) => page.id === current) ? 'text-accent' : 'text-dim')}>
        <MoreHorizontal size={20} aria-hidden="true" />
        {t('more')}
      </AriaButton>
      <Popover placement="top end" className="ng-pop min-w-52 rounded-xl border border-line bg-surface p-1.5 shadow-pop">
        <Menu className="outline-none" onAction={(key) => router.history.push(String(key))}>
          {pages.map((page) => (
            <MenuItem
              key={page.id}
              id={page.to}
              textValue={t(page.id)}
              className="flex h-11 items-center rounded-lg px-3 outline-none data-[focused]:bg-surface-2"
            >
              {t(page.id)}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
