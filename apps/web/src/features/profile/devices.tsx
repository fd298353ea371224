import { useQuery } from '@tanstack/react-query';
import { Monitor, Pencil, Smartphone } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import type { Result } from '../../api/operation.ts';
import { queryClient } from '../../api/query-client.ts';
import { formatInstant } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Skeleton } from '../../ui/bits.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { showToast } from '../../ui/toast.tsx';
import { describeAgent } from './agent.ts';
import { RenameDialog } from './rename-dialog.tsx';
import { Section } from './section.tsx';

type Session = Result<'listSessions'>['items'][number];

function useEnding() {
  const t = useText('profile');
  const locale = useLocale();
  const ended = async (work: Promise<unknown>, said: 'deviceGone' | 'othersGone'): Promise<void> => {
    try {
      await work;
      showToast(t(said));
    } catch (failure) {
      showToast(errorText(failure, locale), { tone: 'danger' });
    }
    void queryClient.invalidateQueries({ queryKey: ['sessions'] });
  };
  return {
    end: (id: string) => ended(call('endSession', { params: { id } }), 'deviceGone'),
    endOthers: () => ended(call('endOtherSessions'), 'othersGone'),
  };
}

async function nameDevice(id: string, given: string): Promise<void> {
  await call('nameSession', { params: { id }, body: { name: given === '' ? null : given } });
  void queryClient.invalidateQueries({ queryKey: ['sessions'] });
}

/** Where one is signed in; each device can be signed out. */
export function Devices() {
  const t = useText('profile');
  const locale = useLocale();
  const { end, endOthers } = useEnding();
  const { data, error, refetch } = useQuery({
    queryKey: ['sessions'],
    queryFn: ({ signal }) => call('listSessions', { signal }),
  });
  const hasOthers = data?.items.some(({ current }) => !current) ?? false;
  return (
    <Section
      title={t('devices')}
      lead={t('devicesText')}
      action={
        hasOthers && (
          <Button size="small" kind="danger" onPress={() => void endOthers()}>
            {t('signOutOthers')}
          </Button>
        )
      }
    >
      {data === undefined && error === null && <Skeleton width="100%" height={96} />}
      {data === undefined && error !== null && <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />}
      <ul>
        {data?.items.map((session) => (
          <Device key={session.id} session={session} onEnd={() => void end(session.id)} />
        ))}
      </ul>
    </Section>
  );
}

const WAYS = { PASSWORD: 'byPassword', PASSKEY: 'byPasskey', PROVIDER: 'byProvider' } as const;

function Device({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const t = useText('profile');
  const locale = useLocale();
  const [isNaming, setNaming] = useState(false);
  const agent = describeAgent(session.userAgent);
  const said = agent === undefined ? t('otherBrowser') : t('onComputer', agent);
  const name = session.name ?? said;
  const isPhone = agent !== undefined && ['Android', 'iPhone'].includes(agent.system);
  return (
    <li className="flex min-h-14 items-center gap-3.5 border-t border-line/70 py-2 first:border-0">
      {isPhone ? <Smartphone size={18} className="shrink-0 text-dim" /> : <Monitor size={18} className="shrink-0 text-dim" />}
      <div className="min-w-0 flex-1">
        <p className="truncate">
          {name}
          {session.current && <span className="ml-2 text-[13px] text-accent">● {t('thisDevice')}</span>}
        </p>
        <p className="tabular text-[13px] text-dim">
          {session.name !== null && `${said} · `}
          {t('lastUsed', { when: formatInstant(session.lastUsedAt, locale) })} · {session.ip} · {t(WAYS[session.wayIn])}
        </p>
      </div>
      <IconButton label={t('rename', { name })} onPress={() => setNaming(true)}>
        <Pencil size={16} />
      </IconButton>
      {isNaming && (
        <RenameDialog
          {...{ title: t('deviceRename'), name: session.name ?? '', hint: t('deviceNameHint', { said }), isRequired: false }}
          onSave={(given) => nameDevice(session.id, given)}
          onClose={() => setNaming(false)}
        />
      )}
      {!session.current && (
        <Button size="small" onPress={onEnd}>
          {t('signOutDevice')}
        </Button>
      )}
    </li>
  );
}
