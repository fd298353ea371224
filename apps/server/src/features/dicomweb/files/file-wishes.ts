import type { ParsedInstance } from '@negatoscope/dicom';
import type { InstanceEntry } from '../../../archive/pixels/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import { type MediaRange, matchesType } from '../accept.ts';
import { targetOf } from './file-targets.ts';

type FileForm = 'single' | 'multipart' | 'zip';

/** How a client would have files: in tiers of equal quality, best first, the transfer syntaxes it takes; undefined is any. */
export interface FileWish {
  readonly form: FileForm;
  readonly tiers: readonly (readonly (string | undefined)[])[];
}

function formOf(range: MediaRange, isInstance: boolean): FileForm | undefined {
  if (!range.multipart && range.type === 'application/zip') return 'zip';
  if (!matchesType(range, 'application/dicom')) return undefined;
  if (range.multipart || range.type !== 'application/dicom') return 'multipart';
  return isInstance ? 'single' : undefined;
}

/**
 * What an Accept header says of files (PS3.18 10.4.4, Sup 211 for ZIP), the form of the best range first. Without a transfer syntax, or with `*`,
 * files come as they are stored. Fails with NOT_ACCEPTABLE when no range is one of files.
 */
export function fileWishes(ranges: readonly MediaRange[], isInstance: boolean): FileWish[] {
  const forms = new Map<FileForm, Map<number, (string | undefined)[]>>();
  for (const range of ranges) {
    const form = formOf(range, isInstance);
    if (form === undefined) continue;
    const tiers = forms.get(form) ?? new Map<number, (string | undefined)[]>();
    const syntax = range.transferSyntax === '*' ? undefined : range.transferSyntax;
    tiers.set(range.q, [...(tiers.get(range.q) ?? []), syntax]);
    forms.set(form, tiers);
  }
  if (forms.size === 0) throw new Failure('NOT_ACCEPTABLE');
  return [...forms].map(([form, tiers]) => ({ form, tiers: [...tiers.values()] }));
}

/** One file of an answer: as stored, or in the transfer syntax `target`. */
export interface PlannedFile {
  readonly entry: InstanceEntry;
  readonly seriesInstanceUid: string;
  readonly target: string | undefined;
}

type HeaderOf = (entry: InstanceEntry) => Promise<ParsedInstance>;

/** Whether every file goes as it is stored, whatever its transfer syntax: nothing needs to be looked at then. */
export const takesStored = ({ tiers }: FileWish): boolean => tiers[0]?.includes(undefined) === true;

/** The best form of one instance, the stored one among equals; undefined when the wish has none that it can come in. */
async function planFile({ tiers }: FileWish, stored: PlannedFile, headerOf: HeaderOf): Promise<PlannedFile | undefined> {
  const { entry } = stored;
  for (const tier of tiers) {
    if (tier.includes(undefined) || tier.includes(entry.transferSyntaxUid)) return stored;
    const header = await headerOf(entry);
    for (const wanted of tier) {
      const target = wanted === undefined ? undefined : targetOf(header, wanted);
      if (target !== undefined) return target === entry.transferSyntaxUid ? stored : { ...stored, target };
    }
  }
  return undefined;
}

export interface FilePlan {
  readonly form: FileForm;
  readonly files: AsyncIterable<PlannedFile> | readonly PlannedFile[];
  /** Instances that can't come in any wanted transfer syntax. */
  readonly leftOut: number;
}

/** Decides on every instance before anything is sent. Fails with NOT_ACCEPTABLE when none can come as wanted. */
export async function planFiles(
  wishes: readonly FileWish[],
  stored: readonly PlannedFile[],
  headerOf: HeaderOf,
): Promise<FilePlan> {
  for (const wish of wishes) {
    const files: PlannedFile[] = [];
    for (const one of stored) {
      const planned = await planFile(wish, one, headerOf).catch((error: unknown) => {
        // A header that can't be read rules out its own instance.
        if (error instanceof Failure && ['FRAME_UNREADABLE', 'OBJECT_DAMAGED'].includes(error.code)) return undefined;
        throw error;
      });
      if (planned !== undefined) files.push(planned);
    }
    if (files.length > 0) return { form: wish.form, files, leftOut: stored.length - files.length };
  }
  throw new Failure('NOT_ACCEPTABLE', { detail: 'This can not be given in any of the wanted transfer syntaxes.' });
}
