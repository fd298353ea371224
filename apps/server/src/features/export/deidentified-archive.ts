import type { DeidAction, DeidProfile, DeidSubstitutes, KeyedHash } from '@negatoscope/dicom';
import { type Actor, scopeOf } from '../../access/index.ts';
import { type DeidentifiedFile, deidentifiedFile, NotDeidentified, substitutesOf } from '../../archive/deidentified/index.ts';
import * as repository from '../../archive/records/exported.ts';
import { once } from '../../kernel/once.ts';
import type { ObjectReader } from '../../platform/objects/store/index.ts';
import type { ZipEntry } from '../../platform/zip/zip-writer.ts';
import type { Selection } from './archive.ts';
import { HeldFiles, type ToldDecision } from './deid/held-files.ts';
import type { ExportDeps } from './deps.ts';
import { hashedContent, instancePages, openVerified } from './stored-instances.ts';

/** By which key and options files lose their identity. */
export interface Treatment {
  readonly hash: KeyedHash;
  readonly profile: DeidProfile;
  readonly project?: { readonly id: string; readonly name: string };
}

interface ToldFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Place in the manifest's `treatments`. */
  readonly treatment: number;
  readonly isRecognisable?: true;
  /** What somebody said of its pixels. */
  readonly pixels?: ToldDecision;
}

interface Leaving {
  readonly substitutes: DeidSubstitutes;
  readonly held: HeldFiles;
  readonly place: Parameters<HeldFiles['hold']>[2];
}

const numbered = (number: number): string => String(number).padStart(4, '0');

/**
 * The entries of an export without identities: files under a pseudonym and numbers, and `manifest.json` last, which says what was done to each file and
 * which did not leave and why, and carries no value of any.
 */
export class DeidentifiedArchive {
  readonly #deps: ExportDeps & { readonly reader: ObjectReader };
  readonly #actor: Actor;
  readonly #treatment: Treatment;
  readonly #files: ToldFile[] = [];
  readonly #refused: { readonly path: string; readonly because: string }[] = [];
  readonly #treatments = new Map<string, number>();

  constructor(deps: ExportDeps & { readonly reader: ObjectReader }, actor: Actor, treatment: Treatment) {
    this.#deps = deps;
    this.#actor = actor;
    this.#treatment = treatment;
  }

  /** How many files have left. */
  get left(): number {
    return this.#files.length;
  }

  /** What did not leave, by its place. */
  get refused(): readonly { readonly path: string; readonly because: string }[] {
    return this.#refused;
  }

  async *entries({ patients, studies }: Selection): AsyncGenerator<ZipEntry> {
    for (const { json: patient } of patients) {
      const own = studies.filter(({ patient_id }) => patient_id === patient.id);
      for (const [index, { json: study }] of own.entries()) {
        await this.#deps.audit.use(this.#actor, {
          studyId: study.id,
          patientId: patient.id,
          groupId: study.groupId,
          kind: 'export',
        });
        yield* this.#study(patient.id, study, numbered(index + 1));
      }
    }
    const treatments = [...this.#treatments.keys()].map((text): unknown => JSON.parse(text));
    const { project, profile } = this.#treatment;
    const options = [...profile.options].sort();
    const told = { project, profile: 'PS3.15 Basic', options, algorithm: 'SHA-256' };
    const manifest = { ...told, files: this.#files, refused: this.#refused, treatments };
    const bytes = Buffer.from(JSON.stringify(manifest, null, 1));
    yield { name: 'manifest.json', sizeBytes: bytes.length, modified: this.#deps.clock.now(), content: once(bytes) };
  }

  async *#study(
    patientId: string,
    { id: studyId, groupId }: Selection['studies'][number]['json'],
    number: string,
  ): AsyncGenerator<ZipEntry> {
    const substitutes = substitutesOf(this.#treatment.hash, patientId);
    const scope = scopeOf(this.#actor);
    const series = await this.#deps.db.reading(scope, (tx) => repository.findSeries(tx, scope, studyId));
    for (const [index, { id: seriesId }] of series.entries()) {
      let count = 0;
      for await (const page of instancePages(this.#deps.db, scope, seriesId)) {
        const held = await HeldFiles.of(this.#deps, this.#actor, page);
        for (const instance of page) {
          count += 1;
          const path = `${substitutes.patientId}/${number}/${numbered(index + 1)}/${numbered(count)}.dcm`;
          const entry = await this.#entry(path, instance, { substitutes, held, place: { studyId, groupId, seriesId } });
          if (entry !== undefined) yield entry;
        }
        await held.keep();
      }
    }
  }

  async #entry(
    name: string,
    instance: repository.ExportedInstance,
    { substitutes, held, place }: Leaving,
  ): Promise<ZipEntry | undefined> {
    try {
      const decided = held.decisionOf(instance);
      const stored = { id: instance.id, sizeBytes: instance.size_bytes };
      const reader = await openVerified(this.#deps, { ...stored, sha256: instance.file_sha256 });
      const wish = { profile: this.#treatment.profile, substitutes, decision: decided?.decision };
      const file = await deidentifiedFile(reader, stored, wish);
      const content = this.#told(name, file, decided?.told);
      return { name, sizeBytes: file.sizeBytes, modified: this.#deps.clock.now(), content };
    } catch (error) {
      held.hold(error, instance, place);
      this.#refused.push({ path: name, because: error instanceof NotDeidentified ? error.because : 'UNREADABLE' });
      return undefined;
    }
  }

  #told(path: string, file: DeidentifiedFile, pixels: ToldDecision | undefined): AsyncGenerator<Uint8Array> {
    return hashedContent(file.bytes, (sent) => {
      const told = { path, ...sent, treatment: this.#placeOf(file.actions), ...(pixels && { pixels }) };
      this.#files.push(file.isRecognisable ? { ...told, isRecognisable: true } : told);
    });
  }

  /** Files of a machine are mostly treated alike. */
  #placeOf(actions: readonly DeidAction[]): number {
    const text = JSON.stringify(actions);
    const known = this.#treatments.get(text) ?? this.#treatments.size;
    this.#treatments.set(text, known);
    return known;
  }
}
