import { staffName } from '@negatoscope/contract/person-name';
import { useNavigate } from '@tanstack/react-router';
import { CircleHelp, LogOut, Search, SunMoon, UserRound } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import {
  Button as AriaButton,
  Menu,
  Header as MenuHeader,
  MenuSection,
  MenuTrigger,
  Popover,
  Separator,
} from 'react-aria-components';
import { call } from '../api/client.ts';
import { meQuery, signOut, useUser } from '../api/me.ts';
import { queryClient } from '../api/query-client.ts';
import { ImportPill } from '../features/import/import-pill.tsx';
import { Bell } from '../features/notices/bell.tsx';
import { formatName } from '../i18n/format.ts';
import { type Locale, setLocale, useLocale, useText } from '../i18n/index.ts';
import { Kbd } from '../ui/bits.tsx';
import { IconButton } from '../ui/button.tsx';
import { Mark } from '../ui/logo.tsx';
import { MENU_CLASS, MenuEntry } from '../ui/menu.tsx';
import { onTheme, setThemeChoice, type ThemeChoice, themeChoice } from './theme.ts';

export async function chooseLocale(locale: Locale): Promise<void> {
  await setLocale(locale);
  const user = await call('updateProfile', { body: { locale } }).catch(() => undefined);
  if (user !== undefined) queryClient.setQueryData(meQuery.queryKey, (me) => (me === undefined ? me : { ...me, user }));
}

const Title = ({ children }: { children: string }) => (
  <MenuHeader className="px-2.5 pt-1.5 pb-1 text-[12px] text-dim">{children}</MenuHeader>
);

export function Header({ onSearch, onHelp }: { onSearch: () => void; onHelp: () => void }) {
  const t = useText('shell');
  return (
    <header className="flex h-14 shrink-0 items-center gap-1.5 border-b border-line px-3 sm:px-4">
      <span className="mr-1 md:hidden">
        <Mark />
      </span>
      <button
        type="button"
        onClick={onSearch}
        aria-label={t('searchLabel')}
        aria-haspopup="dialog"
        className="flex h-9 max-w-md min-w-0 flex-[4] items-center gap-2.5 rounded-lg border border-line-strong/60 bg-surface px-3 text-dim transition-colors hover:border-line-strong coarse:h-11"
      >
        <Search size={16} aria-hidden="true" className="shrink-0" />
        <span className="flex-1 truncate text-left">{t('searchPlaceholder')}</span>
        <span className="hidden gap-1 sm:flex" aria-hidden="true">
          <Kbd>/</Kbd>
          <Kbd>Ctrl K</Kbd>
        </span>
      </button>
      <div className="hidden flex-1 sm:block" />
      <ImportPill />
      <Bell />
      <span className="hidden sm:block">
        <IconButton label={t('keys')} onPress={onHelp}>
          <CircleHelp size={18} />
        </IconButton>
      </span>
      <ThemeMenu />
      <AccountMenu />
    </header>
  );
}

function ThemeMenu() {
  const t = useText('shell');
  const choice = useSyncExternalStore(onTheme, themeChoice);
  return (
    <MenuTrigger>
      <IconButton label={t('theme')}>
        <SunMoon size={18} />
      </IconButton>
      <Popover placement="bottom end" className={MENU_CLASS}>
        <Menu
          className="outline-none"
          selectionMode="single"
          selectedKeys={[choice]}
          disallowEmptySelection
          onAction={(key) => setThemeChoice(key as ThemeChoice)} // The keys are the three choices below.
        >
          <MenuEntry id="dark">{t('themeDark')}</MenuEntry>
          <MenuEntry id="light">{t('themeLight')}</MenuEntry>
          <MenuEntry id="system">{t('themeSystem')}</MenuEntry>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function AccountMenu() {
  const t = useText('shell');
  const common = useText('common');
  const user = useUser();
  if (user === undefined) return null;
  return (
    <MenuTrigger>
      <AriaButton
        aria-label={t('account', { name: staffName(user) })}
        className="ml-1 flex size-9 items-center justify-center rounded-full border border-line-strong/60 bg-surface-2 text-[12px] font-semibold transition-colors hover:border-accent coarse:size-11"
      >
        {`${user.firstName.slice(0, 1)}${user.lastName.slice(0, 1)}`.toUpperCase()}
      </AriaButton>
      <Popover placement="bottom end" className={MENU_CLASS}>
        <div className="px-2.5 pt-1.5 pb-2">
          <p className="font-medium">{formatName(user)}</p>
          <p className="text-[13px] text-dim">{common(`role${user.role}`)}</p>
        </div>
        <Separator className="mb-1 h-px bg-line" />
        <AccountActions />
      </Popover>
    </MenuTrigger>
  );
}

function AccountActions() {
  const t = useText('shell');
  const locale = useLocale();
  const navigate = useNavigate();
  const act = (key: string): void => {
    if (key === 'fr' || key === 'en') void chooseLocale(key);
    else if (key === 'profile') void navigate({ to: '/app/profile' });
    else void signOut();
  };
  return (
    <Menu className="outline-none" onAction={(key) => act(String(key))}>
      <MenuSection>
        <MenuEntry id="profile" icon={<UserRound size={16} />}>
          {t('profile')}
        </MenuEntry>
      </MenuSection>
      <MenuSection selectionMode="single" selectedKeys={[locale]}>
        <Title>{t('language')}</Title>
        <MenuEntry id="fr">{t('french')}</MenuEntry>
        <MenuEntry id="en">{t('english')}</MenuEntry>
      </MenuSection>
      <Separator className="my-1 h-px bg-line" />
      <MenuSection>
        <MenuEntry id="out" icon={<LogOut size={16} />}>
          {t('signOut')}
        </MenuEntry>
      </MenuSection>
    </Menu>
  );
}
