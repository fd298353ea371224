import { useState } from 'react';
import { ApiError } from '../api/error.ts';
import type { ReadingPorts } from '../viewer/panel/ports.ts';

interface ViewerProps {
  readonly studyInstanceUid: string;
  readonly namelessUids?: readonly string[];
  readonly groupId?: string;
  readonly initialSeriesUid?: string;
  readonly compare?: { readonly studyInstanceUid: string; readonly groupId?: string } | null;
  readonly onBack?: () => void;
  readonly ports?: ReadingPorts;
  readonly addressOf?: (study: { readonly studyInstanceUid: string; readonly groupId?: string }) => string;
}

/** A study that the stand-in fails on, as the viewer may. */
export const BREAKS = '2.25.666';

/** In place of the viewer, which draws by WebGL and is tested in a browser: what the page opens it with, and what it asks of the page. */
export function Viewer(props: ViewerProps) {
  const { studyInstanceUid, namelessUids = [], groupId, initialSeriesUid, compare, ports, onBack, addressOf } = props;
  const [told, setTold] = useState('');
  if (studyInstanceUid === BREAKS) throw new TypeError('no context');
  const beside = compare === null ? 'alone' : compare?.studyInstanceUid;
  const asks: readonly (readonly [string, () => unknown])[] = [
    ['back', () => onBack?.()],
    ['next', async () => setTold(JSON.stringify((await ports?.findNext()) ?? 'nothing'))],
    ['read', async () => setTold(String(await ports?.markRead()))],
    ['open', () => ports?.open({ studyInstanceUid: '2.25.9' })],
    ['openNext', () => ports?.openNext({ studyInstanceUid: '2.25.8', groupId: 'none' })],
    ['nothing', () => ports?.onNothingLeft()],
    ['away', () => ports?.onFailed(new ApiError('OFFLINE', 0))],
    ['address', () => setTold(addressOf?.({ studyInstanceUid, groupId: 'none' }) ?? '')],
  ];
  return (
    <section aria-label="viewer">
      <output>{[studyInstanceUid, groupId, initialSeriesUid, beside, namelessUids.join(' ')].filter(Boolean).join(' ')}</output>
      <p>{told}</p>
      {asks.map(([name, ask]) => (
        <button key={name} type="button" onClick={() => void ask()}>
          {name}
        </button>
      ))}
    </section>
  );
}
