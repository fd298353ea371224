import { useEffect, useState } from 'react';
import { type CutItem, cuttable, type Uncut } from './cuttable.ts';
import type { LayerItem, LayersState } from './layer.ts';

/** Items that are shown, ready to be cut by planes of one space, in the order of their layers; and those that can't be, with their reason. */
export interface CutItems {
  readonly items: readonly (CutItem & { readonly id: string; readonly name: string | undefined })[];
  readonly uncut: readonly { readonly id: string; readonly name: string | undefined; readonly reason: Uncut }[];
  readonly isLoading: boolean;
  /** Changes with the items. */
  readonly key: string;
}

type Known = ReadonlyMap<string, CutItem | Uncut>;
const NONE: Known = new Map();

/** Reads what is asked for, each once for as long as the planes are open. */
export function useCutItems(
  { layers, shown }: Pick<LayersState, 'layers' | 'shown'>,
  frameOfReferenceUid: string | undefined,
): CutItems {
  const [known, setKnown] = useState(NONE);
  const wanted = layers.flatMap((layer) => layer.items.filter(({ id }) => shown.has(id)).map((item) => ({ layer, item })));
  const key = wanted.map(({ item }) => item.id).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for what is wanted.
  useEffect(() => {
    let isCurrent = true;
    const run = async (): Promise<void> => {
      for (const { layer, item } of wanted) {
        if (known.has(item.id)) continue;
        const read = await cuttable(layer, item, frameOfReferenceUid);
        if (!isCurrent) return;
        setKnown((current) => new Map(current).set(item.id, read));
      }
    };
    void run();
    return () => {
      isCurrent = false;
    };
  }, [key, frameOfReferenceUid]);
  return {
    ...sorted(
      wanted.map(({ item }) => item),
      known,
    ),
    key: `${key} ${known.size}`,
  };
}

function sorted(wanted: readonly LayerItem[], known: Known): Omit<CutItems, 'key'> {
  const items: CutItems['items'][number][] = [];
  const uncut: CutItems['uncut'][number][] = [];
  for (const { id, name } of wanted) {
    const read = known.get(id);
    if (typeof read === 'object') items.push({ ...read, id, name });
    else if (read !== undefined) uncut.push({ id, name, reason: read });
  }
  return { items, uncut, isLoading: items.length + uncut.length < wanted.length };
}
