import type { DicomNode, Group } from '@negatoscope/contract';
import { useEffect, useRef, useState } from 'react';
import { fold } from '../../i18n/fold.ts';
import { useText } from '../../i18n/index.ts';
import { SearchBox } from '../../ui/page.tsx';
import { NodeRow } from './node-row.tsx';

/** As many are seen at a glance. */
const AT_A_GLANCE = 10;

interface Props {
  readonly nodes: readonly DicomNode[];
  readonly groups: readonly Group[] | undefined;
  readonly ownTitle: string;
  readonly onEdit: (node: DicomNode) => void;
  readonly onTell: (node: DicomNode) => void;
}

const isOne = ({ name, aeTitle, host }: DicomNode, sought: string): boolean =>
  fold(`${name} ${aeTitle} ${host}`).includes(fold(sought.trim()));

/** Whoever takes a node away by keyboard goes on with the next one: what had the focus is gone. */
function useNextRow(nodes: readonly DicomNode[]) {
  const box = useRef<HTMLDivElement>(null);
  const removed = useRef<number>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the row goes with the list that is read after it.
  useEffect(() => {
    const at = removed.current;
    if (at === undefined || document.activeElement !== document.body) return;
    removed.current = undefined;
    const rows = [...(box.current?.querySelectorAll('li') ?? [])];
    (rows[Math.min(at, rows.length - 1)]?.querySelector('button') ?? box.current)?.focus({ preventScroll: true });
  }, [nodes]);
  return {
    box,
    onRemoved: (at: number): void => {
      removed.current = at;
    },
  };
}

/** The nodes that are known; of many those that are looked for. */
export function NodeList({ nodes, onEdit, onTell, ...row }: Props) {
  const t = useText('nodes');
  const [sought, setSought] = useState('');
  const { box, onRemoved } = useNextRow(nodes);
  const isLong = nodes.length > AT_A_GLANCE;
  const shown = isLong ? nodes.filter((node) => isOne(node, sought)) : nodes;
  return (
    <div ref={box} tabIndex={-1}>
      {isLong && (
        <div className="mb-3 flex">
          <SearchBox value={sought} label={t('find')} placeholder={t('findHint')} onChange={setSought} />
        </div>
      )}
      {isLong && shown.length === 0 && (
        <p role="status" className="text-dim">
          {t('findNone')}
        </p>
      )}
      <ul className="ng-card empty:hidden">
        {shown.map((node, at) => (
          <NodeRow
            key={node.id}
            node={node}
            {...row}
            onEdit={() => onEdit(node)}
            onTell={() => onTell(node)}
            onRemoved={() => onRemoved(at)}
          />
        ))}
      </ul>
    </div>
  );
}
