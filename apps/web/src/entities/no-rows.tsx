import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useCan, useUser } from '../api/me.ts';
import { useText } from '../i18n/index.ts';
import { Empty } from '../ui/bits.tsx';
import { Button, buttonClass } from '../ui/button.tsx';

interface NoRowsProps {
  readonly icon: ReactNode;
  readonly isFiltered: boolean;
  readonly onClear: () => void;
  readonly texts: Readonly<Record<'emptyTitle' | 'emptyText' | 'noMatchTitle' | 'noMatchText', string>>;
}
/** An empty list of what imports bring: the filters leave nothing, or nothing has come yet. */
export function NoRows({ icon, isFiltered, onClear, texts }: NoRowsProps) {
  const t = useText('imports');
  const common = useText('common');
  const can = useCan();
  const user = useUser();
  if (user?.role === 'RESEARCHER' && user.groupId === null) {
    return (
      <Empty icon={icon} title={t('noGroupTitle')}>
        {t('noGroupText')}
      </Empty>
    );
  }
  if (isFiltered) {
    return (
      <Empty title={texts.noMatchTitle} action={<Button onPress={onClear}>{common('clearFilters')}</Button>}>
        {texts.noMatchText}
      </Empty>
    );
  }
  return (
    <Empty
      icon={icon}
      title={texts.emptyTitle}
      action={
        can('imports.create') && (
          <Link to="/app/import" search={{}} className={buttonClass('primary')}>
            {t('importFolder')}
          </Link>
        )
      }
    >
      {texts.emptyText}
    </Empty>
  );
}
