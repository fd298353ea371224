import type { NodeEventCode, Transfer, TransferItem } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Cable, Trash2 } from 'lucide-react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useCan } from '../../api/me.ts';
import { codeText } from '../../entities/node/code-text.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Skeleton, Uid } from '../../ui/bits.tsx';
import { buttonClass } from '../../ui/button.tsx';

/** What is mended where the node is set, and nowhere else. */
const OF_NODE: readonly NodeEventCode[] = [
  ...(['UNREACHABLE', 'NO_ANSWER', 'LOST', 'PROTOCOL', 'NO_TLS', 'NO_ADDRESS'] as const),
  ...(['ASSOCIATION_REFUSED', 'CALLING_AET', 'CALLED_AET', 'NODE_GONE'] as const),
];
/** What passes by itself. */
const PASSING: readonly NodeEventCode[] = ['BUSY', 'OUT_OF_RESOURCES', 'LIMIT', 'CONGESTION'];

/** What went wrong for the same reason, in the same words of the node. */
function groupsOf(problems: readonly TransferItem[]): readonly (readonly [TransferItem, ...TransferItem[]])[] {
  const groups = new Map<string, [TransferItem, ...TransferItem[]]>();
  for (const problem of problems) {
    const { outcome, code, comment } = problem;
    const key = JSON.stringify([outcome, code, comment]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [problem]);
    else group.push(problem);
  }
  return [...groups.values()];
}

/** What to do about it, with the way there for who may go. */
function Recovery({ code }: { code: NodeEventCode | null }) {
  const t = useText('archives');
  const can = useCan();
  if (code === null) return null;
  if (PASSING.includes(code)) return <p className="text-[13px] text-dim">{t('recoverLater')}</p>;
  const [isOfNode, isInTrash] = [OF_NODE.includes(code), code === 'IN_TRASH'];
  const link = `my-1 w-fit ${buttonClass('plain')}`;
  return (
    <>
      {isOfNode && <p className="text-[13px] text-dim">{t(code === 'NODE_GONE' ? 'recoverGone' : 'recoverNode')}</p>}
      {isOfNode && can('system.manage') && (
        <Link to="/app/admin/nodes" className={link}>
          <Cable size={14} />
          {t('openNodes')}
        </Link>
      )}
      {isInTrash && can('trash.move') && (
        <Link to="/app/trash" className={link}>
          <Trash2 size={14} />
          {t('toTrash')}
        </Link>
      )}
    </>
  );
}

/** More than these would push the next reason out of sight. */
const FEW = 5;

function Identifiers({ items }: { items: readonly TransferItem[] }) {
  const t = useText('archives');
  const list = (
    <p className="mt-1 flex flex-wrap gap-x-4 gap-y-1">
      {items.map(({ studyInstanceUid, sopInstanceUid }) => (
        <Uid key={`${studyInstanceUid} ${sopInstanceUid ?? ''}`} value={sopInstanceUid ?? studyInstanceUid} keep={18} />
      ))}
    </p>
  );
  if (items.length <= FEW) return list;
  return (
    <details className="text-[13px]">
      <summary className="w-fit cursor-pointer py-2 text-dim coarse:py-3">{t('problemUids', { count: items.length })}</summary>
      {list}
    </details>
  );
}

function Problem({ items }: { items: readonly [TransferItem, ...TransferItem[]] }) {
  const t = useText('archives');
  const locale = useLocale();
  const [{ outcome, code, comment, sopInstanceUid }] = items;
  const count = t(sopInstanceUid === null ? 'studies' : 'images', { count: items.length });
  const why = code === null ? '' : codeText(code, locale);
  return (
    <li className="border-b border-line/70 py-2 last:border-0">
      <p>
        <span className={outcome === 'FAILED' ? 'text-danger' : 'text-amber'}>{why}</span>{' '}
        <span className="tabular text-[13px] text-dim">({count})</span>
      </p>
      {comment !== null && <p className="text-[13px] break-words text-dim">« {comment} »</p>}
      <Recovery code={code} />
      <Identifiers items={items} />
    </li>
  );
}

/** What of a transfer did not go well, each reason once, with what to do about it. */
export function Problems({ transfer }: { transfer: Transfer }) {
  const t = useText('archives');
  const locale = useLocale();
  const { data, error, refetch } = useQuery({
    queryKey: ['transfers', transfer.id],
    queryFn: ({ signal }) => call('getTransfer', { params: { id: transfer.id }, signal }),
  });
  if (data === undefined && error !== null)
    return <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton width="100%" height={120} />;
  if (data.problems.length === 0) return <p className="text-dim">{t('problemsNone')}</p>;
  // A hundred are told.
  const more = data.kind === 'SEND' ? data.failed + data.warned - data.problems.length : 0;
  return (
    <>
      <ul>
        {groupsOf(data.problems).map((items) => (
          <Problem key={`${items[0].outcome} ${items[0].code} ${items[0].comment}`} items={items} />
        ))}
      </ul>
      {more > 0 && <p className="text-dim">{t('problemsMore', { count: more })}</p>}
    </>
  );
}
