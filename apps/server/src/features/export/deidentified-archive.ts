import type { DeidAction, DeidProfile, KeyedHash } from '@negatoscope/dicom';
import { type Actor, scopeOf } from '../../access/index.ts';
import { type DeidentifiedFile, deidentifiedFile, NotDeidentified, substitutesOf } from '../../archive/deidentified/index.ts';
import * as repository from '../../archive/records/exported.ts';
import { Failure } from '../../kernel/failure.ts';
import { once } from '../../kernel/once.ts';
import type { ObjectReader } from '../../platform/objects/store/index.ts';
import type { ZipEntry } from '../../platform/zip/zip-writer.ts';
import type { Selection } from './archive.ts';
import { HeldFiles, type ToldDecision } from './deid/held-files.ts';
import type { ExportDeps } from './deps.ts';
import { type NiftiSeries, type NiftiTools, niftiOf } from './nifti/index.ts';
import { hashedContent, instancePages, madeAside, openVerified } from './stored-instances.ts';
import { ToldSeries } from './told-series.ts';

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
  /** What somebody said of its pixels; of several images what each of them was said, once. */
  readonly pixels?: ToldDecision | readonly ToldDecision[];
  /** Of how many images it was made, and all that was done to them, by their places. */
  readonly images?: number;
  readonly treatments?: readonly number[];
}

type Wish = Parameters<typeof deidentifiedFile>[2];
/** A series by its place in the index, and how it loses its identity. */
interface Leaving {
  readonly place: Parameters<HeldFiles['hold']>[2];
  readonly wish: Wish;
}

/** What the manifest says of text in pixels. */
const UNSEEN = 'A file without "pixels" left by what its header says: nobody has looked whether its pictures show text.';

const isOurs = ({ code }: Failure): boolean => code === 'STORAGE_FULL' || code === 'UNAVAILABLE';

/** One file of a series, and what people said of the pixels that are in it. */
type DecidedSeries = NiftiSeries & { readonly said: readonly ToldDecision[] };

interface Own {
  readonly patient: Selection['patients'][number]['json'];
  readonly own: Selection['studies'];
}

/**
 * Patients by their pseudonyms, and each one's studies by the UIDs that they get: in the order in which they were asked for, or in that of days, the places in the files of two projects would say who is who, and a study
 * without dates when it was.
 */
function byPseudonym(hash: KeyedHash, { patients, studies }: Selection): Own[] {
  const sorted = <T>(list: readonly T[], nameOf: (one: T) => string): T[] =>
    list
      .map((one) => [nameOf(one), one] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, one]) => one);
  return sorted(patients, ({ json }) => substitutesOf(hash, json.id).patientId).map(({ json: patient }) => {
    const own = studies.filter(({ patient_id }) => patient_id === patient.id);
    return { patient, own: sorted(own, ({ json }) => substitutesOf(hash, patient.id).uid(json.studyInstanceUid)) };
  });
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
  /** With it, series leave as NIfTI files where they can. */
  readonly #nifti: NiftiTools | undefined;
  readonly #series = new ToldSeries();
  #left = 0;

  constructor(deps: ExportDeps & { readonly reader: ObjectReader }, actor: Actor, treatment: Treatment, nifti?: NiftiTools) {
    this.#deps = deps;
    this.#actor = actor;
    this.#treatment = treatment;
    this.#nifti = nifti;
  }

  /** How many images have left. */
  get left(): number {
    return this.#left;
  }

  /** What did not leave, by its place. */
  get refused(): readonly { readonly path: string; readonly because: string }[] {
    return this.#refused;
  }

  async *entries({ patients, studies }: Selection): AsyncGenerator<ZipEntry> {
    for (const { patient, own } of byPseudonym(this.#treatment.hash, { patients, studies })) {
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
    const series = this.#nifti === undefined ? {} : { series: this.#series.all };
    const manifest = { ...told, pixels: UNSEEN, ...series, files: this.#files, refused: this.#refused, treatments };
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
    const wish = { profile: this.#treatment.profile, substitutes };
    for (const [index, { id: seriesId }] of series.entries()) {
      const folder = `${substitutes.patientId}/${number}/${numbered(index + 1)}`;
      const leaving = { wish, place: { studyId, groupId, seriesId } };
      const made = this.#nifti && (await this.#asNifti(this.#nifti, folder, leaving));
      if (made !== undefined) yield* this.#niftiEntries(folder, made);
      else yield* this.#images(folder, leaving);
    }
  }

  async *#images(folder: string, leaving: Leaving): AsyncGenerator<ZipEntry> {
    let count = 0;
    for await (const page of instancePages(this.#deps.db, scopeOf(this.#actor), leaving.place.seriesId)) {
      const held = await HeldFiles.of(this.#deps, this.#actor, page);
      for (const instance of page) {
        count += 1;
        yield* this.#entry(`${folder}/${numbered(count)}.dcm`, instance, { ...leaving, held });
      }
      await held.keep();
    }
  }

  /** Undefined where the series leaves as DICOM, which the manifest says with the reason. */
  async #asNifti(tools: NiftiTools, folder: string, { place, wish }: Leaving): Promise<DecidedSeries | undefined> {
    const instances: repository.ExportedInstance[] = [];
    for await (const page of instancePages(this.#deps.db, scopeOf(this.#actor), place.seriesId)) instances.push(...page);
    // One about which somebody has decided leaves as they said also inside of a volume.
    const held = await HeldFiles.of(this.#deps, this.#actor, instances);
    const said = new Map<string, ToldDecision>();
    const open = async (instance: repository.ExportedInstance) => {
      const decided = held.decisionOf(instance);
      if (decided !== undefined) said.set(JSON.stringify(decided.told), decided.told);
      return this.#open(instance, { ...wish, decision: decided?.decision });
    };
    const made = await this.#series.tell(folder, () => niftiOf(tools, instances, open));
    return made && { ...made, said: [...said.values()] };
  }

  async *#niftiEntries(
    place: string,
    { bytes, sidecar, actions, isRecognisable, said }: DecidedSeries,
  ): AsyncGenerator<ZipEntry> {
    const [only, another] = said;
    const pixels = only === undefined ? {} : { pixels: another === undefined ? only : said };
    const modified = this.#deps.clock.now();
    const beside = Buffer.from(JSON.stringify(sidecar, null, 1));
    const treatments = [...new Set(actions.map((one) => this.#placeOf(one)))];
    const path = `${place}.nii.gz`;
    const content = hashedContent(madeAside(bytes), (sent) => {
      this.#left += actions.length;
      const file = { path, ...sent, treatment: treatments[0] ?? 0, images: actions.length, treatments, ...pixels };
      this.#files.push(isRecognisable ? { ...file, isRecognisable: true } : file);
    });
    try {
      yield { name: path, sizeBytes: bytes.sizeBytes, modified, content };
      yield { name: `${place}.json`, sizeBytes: beside.length, modified, content: once(beside) };
    } finally {
      await bytes.remove();
    }
  }

  async #open(instance: repository.ExportedInstance, wish: Wish): Promise<DeidentifiedFile> {
    const stored = { id: instance.id, sizeBytes: instance.size_bytes };
    const reader = await openVerified(this.#deps, { ...stored, sha256: instance.file_sha256 });
    return deidentifiedFile(reader, stored, wish);
  }

  /** One entry, or none with the reason told. What it takes is given back when whoever has it asks for the next one, or for no more. */
  async *#entry(
    name: string,
    instance: repository.ExportedInstance,
    { wish, held, place }: Leaving & { readonly held: HeldFiles },
  ): AsyncGenerator<ZipEntry> {
    let opened: { readonly file: DeidentifiedFile; readonly told: ToldDecision | undefined };
    try {
      const decided = held.decisionOf(instance);
      opened = { file: await this.#open(instance, { ...wish, decision: decided?.decision }), told: decided?.told };
    } catch (error) {
      // The room for it, or what decodes it, is not there for the next one either: nothing is wrong with the file.
      if (error instanceof Failure && isOurs(error)) throw error;
      held.hold(error, instance, place);
      this.#refused.push({ path: name, because: error instanceof NotDeidentified ? error.because : 'UNREADABLE' });
      return;
    }
    const { file, told } = opened;
    try {
      yield { name, sizeBytes: file.sizeBytes, modified: this.#deps.clock.now(), content: this.#told(name, file, told) };
    } finally {
      await file.discard();
    }
  }

  #told(path: string, file: DeidentifiedFile, pixels: ToldDecision | undefined): AsyncGenerator<Uint8Array> {
    return hashedContent(file.bytes, (sent) => {
      this.#left += 1;
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
