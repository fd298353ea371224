import { useQuery } from '@tanstack/react-query';
import { FingerprintPattern, Pencil, Plus } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText, SaidError } from '../../api/error.ts';
import type { Result } from '../../api/operation.ts';
import { makePasskey, supportsPasskeys } from '../../api/passkeys.ts';
import { queryClient } from '../../api/query-client.ts';
import { RecoveryCodes } from '../../entities/account/factor-setup.tsx';
import { formatInstant } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Notice, Skeleton } from '../../ui/bits.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { showToast } from '../../ui/toast.tsx';
import { describeAgent } from './agent.ts';
import { RenameDialog } from './rename-dialog.tsx';
import { Section } from './section.tsx';

type Passkey = Result<'listPasskeys'>['items'][number];

/** What a new one is called until its owner says otherwise: by where it was made. */
function useNameHere(): string {
  const t = useText('profile');
  const agent = describeAgent(navigator.userAgent);
  return agent === undefined ? t('passkey') : t('onComputer', agent);
}

function usePasskeyActions() {
  const t = useText('profile');
  const locale = useLocale();
  const name = useNameHere();
  const [isPending, setPending] = useState(false);
  const [codes, setCodes] = useState<readonly string[]>();
  const reload = (): void => {
    for (const queryKey of [['passkeys'], ['own-factor']]) void queryClient.invalidateQueries({ queryKey });
  };
  const orTell = async (work: () => Promise<void>): Promise<void> => {
    setPending(true);
    // Who has cancelled knows it: that is told plainly.
    await work().catch((error: unknown) =>
      showToast(errorText(error, locale), error instanceof SaidError ? {} : { tone: 'danger' }),
    );
    setPending(false);
    reload();
  };
  return {
    isPending,
    codes,
    dropCodes: () => setCodes(undefined),
    add: () =>
      orTell(async () => {
        const passkey = await makePasskey(await call('beginPasskey'));
        const { recoveryCodes } = await call('addPasskey', { body: { name, passkey } });
        if (recoveryCodes === null) showToast(t('passkeyAdded'));
        else setCodes(recoveryCodes);
      }),
    remove: (id: string) =>
      orTell(async () => {
        await call('removePasskey', { params: { id } });
        showToast(t('passkeyRemoved'));
      }),
    rename: async (id: string, given: string): Promise<void> => {
      await call('renamePasskey', { params: { id }, body: { name: given } });
      reload();
    },
  };
}

/** What one signs in with instead of a password, or shows besides it. */
export function Passkeys() {
  const t = useText('profile');
  const auth = useText('auth');
  const locale = useLocale();
  const actions = usePasskeyActions();
  const { data, error, refetch } = useQuery({
    queryKey: ['passkeys'],
    queryFn: ({ signal }) => call('listPasskeys', { signal }),
  });
  const canAdd = data?.unavailable === null && supportsPasskeys();
  return (
    <Section
      title={t('passkeys')}
      lead={t('passkeysText')}
      action={
        canAdd && (
          <Button size="small" icon={<Plus size={15} />} isPending={actions.isPending} onPress={() => void actions.add()}>
            {t('passkeyAdd')}
          </Button>
        )
      }
    >
      {data === undefined && error === null && <Skeleton width="100%" height={44} />}
      {data === undefined && error !== null && <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />}
      {data !== undefined && <List data={data} actions={actions} />}
      <Dialog title={auth('recoveryCodes')} isOpen={actions.codes !== undefined} onClose={actions.dropCodes}>
        {actions.codes !== undefined && <RecoveryCodes codes={actions.codes} onDone={actions.dropCodes} />}
      </Dialog>
    </Section>
  );
}

function List({
  data: { items, unavailable },
  actions,
}: {
  data: Result<'listPasskeys'>;
  actions: ReturnType<typeof usePasskeyActions>;
}) {
  const t = useText('profile');
  const why = unavailable ?? (supportsPasskeys() ? undefined : 'PASSKEYS_UNSUPPORTED');
  return (
    <>
      {why !== undefined && <Notice>{t(why)}</Notice>}
      {why === undefined && items.length === 0 && <p className="text-dim">{t('noPasskeys')}</p>}
      <ul>
        {items.map((passkey) => (
          <PasskeyLine key={passkey.id} passkey={passkey} actions={actions} />
        ))}
      </ul>
    </>
  );
}

function PasskeyLine({ passkey, actions }: { passkey: Passkey; actions: ReturnType<typeof usePasskeyActions> }) {
  const t = useText('profile');
  const locale = useLocale();
  const [isNaming, setNaming] = useState(false);
  const { id, name, isSynced, createdAt, lastUsedAt, elsewhere } = passkey;
  return (
    <li className="flex min-h-14 items-center gap-3.5 border-t border-line/70 py-2 first:border-0">
      <FingerprintPattern size={18} className="shrink-0 text-dim" />
      <div className="min-w-0 flex-1">
        <p className="truncate">{name}</p>
        <p className="tabular text-[13px] text-dim">
          {lastUsedAt === null
            ? t('passkeySince', { when: formatInstant(createdAt, locale) })
            : t('passkeyUsed', { when: formatInstant(lastUsedAt, locale) })}
          {isSynced && ` · ${t('passkeySynced')}`}
        </p>
        {elsewhere !== null && <p className="text-[13px] text-amber">{t('passkeyElsewhere', { address: elsewhere })}</p>}
      </div>
      <IconButton label={t('rename', { name })} onPress={() => setNaming(true)}>
        <Pencil size={16} />
      </IconButton>
      <Button size="small" kind="danger" aria-label={t('passkeyRemoveNamed', { name })} onPress={() => void actions.remove(id)}>
        {t('factorRemove')}
      </Button>
      {isNaming && (
        <RenameDialog
          {...{ title: t('passkeyRename'), name, isRequired: true }}
          onSave={(given) => actions.rename(id, given)}
          onClose={() => setNaming(false)}
        />
      )}
    </li>
  );
}
