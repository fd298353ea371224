import type { DicomNode, Group, NodeTrial } from '@negatoscope/contract';
import { History, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { queryClient } from '../../api/query-client.ts';
import { formatInstant, formatNumber } from '../../i18n/format.ts';
import { type Text, useLocale, useText } from '../../i18n/index.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { showToast } from '../../ui/toast.tsx';

const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ['nodes'] });

/** Takes a node away at once; who did not mean it takes that back. */
function useRemove(onRemoved: () => void): (node: DicomNode) => Promise<void> {
  const t = useText('admin');
  const common = useText('common');
  const locale = useLocale();
  const failed = (failure: unknown): void => showToast(errorText(failure, locale), { tone: 'danger' });
  const undo = async ({ id, name }: DicomNode): Promise<void> => {
    try {
      await call('restoreNode', { params: { id } });
      showToast(t('nodeRestored', { name }));
    } catch (failure) {
      failed(failure);
    }
    refresh();
  };
  return async (node) => {
    try {
      await call('removeNode', { params: { id: node.id } });
      onRemoved();
      showToast(t('nodeRemoved', { name: node.name }), { action: { label: common('undo'), run: () => void undo(node) } });
    } catch (failure) {
      failed(failure);
    }
    refresh();
  };
}

/** What came of an echo, in words that say what to do about it. */
export function trialText(t: Text<'admin'>, { outcome, reason }: NodeTrial, values: { ms: string; aeTitle: string }): string {
  if (outcome !== 'REFUSED' || reason === null) return t(`trial_${outcome}`, values);
  return t(`trial_REFUSED_${reason}`, values);
}

function useTrial(node: DicomNode, ownTitle: string) {
  const t = useText('admin');
  const locale = useLocale();
  const [said, setSaid] = useState<{ text: string; isGood: boolean }>();
  const [isPending, setPending] = useState(false);
  const run = async (): Promise<void> => {
    setPending(true);
    setSaid(undefined);
    try {
      const trial = await call('tryNode', { params: { id: node.id } });
      const values = { ms: formatNumber(trial.ms, locale), aeTitle: ownTitle };
      setSaid({ text: trialText(t, trial, values), isGood: trial.outcome === 'OK' });
    } catch (failure) {
      setSaid({ text: errorText(failure, locale), isGood: false });
    } finally {
      setPending(false);
    }
  };
  return { said, isPending, run };
}

function Sends({ node, groups }: { node: DicomNode; groups: readonly Group[] | undefined }) {
  const t = useText('admin');
  if (!node.mayStore) return t('sendsNowhere');
  if (node.groupId === null) return t('sendsUngrouped');
  const group = groups?.find(({ id }) => id === node.groupId)?.name;
  // Until the groups are there nothing is said of them.
  if (groups === undefined) return '…';
  return t('sendsTo', { group: group ?? t('goneGroup') });
}

/** What else is open between it and this server, in either direction. */
const RIGHTS = ['mayQuery', 'mayRetrieve', 'mayWorklist', 'mayBeAsked', 'takesStudies'] as const;

interface Props {
  readonly node: DicomNode;
  readonly groups: readonly Group[] | undefined;
  /** The AE title of this server. */
  readonly ownTitle: string;
  readonly onEdit: () => void;
  /** It is no longer known. */
  readonly onRemoved: () => void;
  /** What happened with it is asked for. */
  readonly onTell: () => void;
}

function RowActions({ node, onEdit, onTell, onRemoved }: Pick<Props, 'node' | 'onEdit' | 'onTell' | 'onRemoved'>) {
  const t = useText('admin');
  const nodes = useText('nodes');
  const remove = useRemove(onRemoved);
  return (
    <>
      <IconButton label={nodes('history', { name: node.name })} onPress={onTell}>
        <History size={16} />
      </IconButton>
      <IconButton label={t('editNode', { name: node.name })} onPress={onEdit}>
        <Pencil size={16} />
      </IconButton>
      <IconButton label={t('removeNode', { name: node.name })} onPress={() => void remove(node)}>
        <Trash2 size={16} />
      </IconButton>
    </>
  );
}

/** One node: what it is called, where it is, what becomes of what it sends, when it was seen, and whether it answers. */
export function NodeRow({ node, groups, ownTitle, ...on }: Props) {
  const t = useText('admin');
  const nodes = useText('nodes');
  const locale = useLocale();
  const { said, isPending, run } = useTrial(node, ownTitle);
  const seen = node.lastSeenAt === null ? t('neverSeen') : t('lastSeen', { at: formatInstant(node.lastSeenAt, locale) });
  return (
    <li className="border-b border-line/70 px-4 py-2 last:border-0">
      <div className="flex min-h-10 flex-wrap items-center justify-end gap-x-3 gap-y-1">
        <div className="min-w-56 flex-1">
          <p className="font-medium break-words">{node.name}</p>
          <p className="tabular text-[13px] break-words text-dim">
            {node.aeTitle} · {node.host.includes(':') ? `[${node.host}]` : node.host}:{node.port}
            {node.usesTls && ' · TLS'}
          </p>
          <p className="tabular text-[13px] break-words text-dim">
            <Sends node={node} groups={groups} />
            {RIGHTS.filter((right) => node[right]).map((right) => ` · ${nodes(`has_${right}`)}`)} · {seen}
          </p>
        </div>
        <div className="flex items-center gap-1">
          <Button size="small" isPending={isPending} onPress={() => void run()} aria-label={t('tryNode', { name: node.name })}>
            {t('tryShort')}
          </Button>
          <RowActions node={node} {...on} />
        </div>
      </div>
      <p
        role="status"
        className={said === undefined ? 'sr-only' : `pb-1 text-[13px] ${said.isGood ? 'text-accent' : 'text-danger'}`}
      >
        {isPending ? t('trying') : said?.text}
      </p>
    </li>
  );
}
