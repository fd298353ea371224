import { useQuery } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import type { Result } from '../../api/operation.ts';
import { queryClient } from '../../api/query-client.ts';
import { formatInstant } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Skeleton } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { showToast } from '../../ui/toast.tsx';
import { NewToken } from './new-token.tsx';
import { Section } from './section.tsx';

export function Tokens() {
  const t = useText('profile');
  const locale = useLocale();
  const [isMaking, setMaking] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['tokens'],
    queryFn: ({ signal }) => call('listTokens', { signal }),
  });
  const revoke = async (id: string): Promise<void> => {
    try {
      await call('revokeToken', { params: { id } });
      showToast(t('revoked'));
    } catch (failure) {
      showToast(errorText(failure, locale), { tone: 'danger' });
    }
    void queryClient.invalidateQueries({ queryKey: ['tokens'] });
  };
  return (
    <Section
      title={t('tokens')}
      lead={t('tokensText')}
      action={
        <Button size="small" icon={<Plus size={15} />} onPress={() => setMaking(true)}>
          {t('newToken')}
        </Button>
      }
    >
      {data === undefined && error === null && <Skeleton width="100%" height={44} />}
      {data === undefined && error !== null && <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />}
      {data?.items.length === 0 && <p className="text-dim">{t('noTokens')}</p>}
      <ul>
        {data?.items.map((token) => (
          <TokenLine key={token.id} token={token} onRevoke={() => void revoke(token.id)} />
        ))}
      </ul>
      <NewToken isOpen={isMaking} onClose={() => setMaking(false)} />
    </Section>
  );
}

function TokenLine({ token, onRevoke }: { token: Result<'listTokens'>['items'][number]; onRevoke: () => void }) {
  const t = useText('profile');
  const locale = useLocale();
  return (
    <li className="flex min-h-14 items-center gap-3.5 border-t border-line/70 py-2 first:border-0">
      <KeyRound size={18} className="text-dim" />
      <div className="min-w-0 flex-1">
        <p className="truncate">{token.name}</p>
        <p className="tabular truncate text-[13px] text-dim" title={token.permissions.join(', ')}>
          {t('tokenExpires', { when: formatInstant(token.expiresAt, locale) })} · {token.permissions.join(', ')}
        </p>
      </div>
      <Button size="small" kind="danger" onPress={onRevoke}>
        {t('revoke')}
      </Button>
    </li>
  );
}
