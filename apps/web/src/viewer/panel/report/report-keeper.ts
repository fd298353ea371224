import type { BodyOf, ReportDraft, ReportSection, ReportSections, StudyReport, saveReport } from '@negatoscope/contract';
import { call } from '../../../api/client.ts';
import { ApiError } from '../../../api/error.ts';
import { Keeper, mayOutlivePage } from '../../../api/keeper.ts';
import type { StudyRef } from '../../model/dicomweb.ts';

/** Typing that rests for so long is kept. */
const REST_MS = 800;
/** After so long what did not reach the server is sent again. */
const AGAIN_MS = 5_000;

export const NO_SECTIONS: ReportSections = { history: '', technique: '', comparison: '', findings: '', impression: '' };

export interface Written {
  readonly sections: ReportSections;
  readonly language: ReportDraft['language'];
  readonly template: string | null;
}

export interface Keeping extends Written {
  /** Version of the draft that the server has; 0 before the first. */
  readonly version: number;
  readonly state: 'nothing' | 'saved' | 'waiting' | 'saving' | 'failed';
  readonly savedAt: Date | undefined;
  readonly failure: unknown;
  /** What somebody else wrote meanwhile; `null` where it was signed. */
  readonly theirs: ReportDraft | null | undefined;
  /** The study is in another record than the author saw. */
  readonly isOfOtherPatient: boolean;
}

const draftIn = (error: ApiError): ReportDraft | null => (error.current as ReportDraft | null | undefined) ?? null; // As `saveReport` says.

/**
 * Keeps a report as it is typed: once typing rests, when the page goes, and again and again while the server is away. It lives longer than what shows it, so that the next
 * study may come while the last text is on its way.
 */
export class ReportKeeper extends Keeper<Keeping> {
  readonly #study: StudyRef;
  readonly #authorId: string;
  #amends = 0;
  #patientId = '';
  /** Typed since what is on its way was sent. */
  #isChanged = false;
  /** What was sent and perhaps not taken: it is sent again as it was. */
  #unsure: BodyOf<typeof saveReport> | undefined;

  constructor(study: StudyRef, authorId: string, language: ReportDraft['language']) {
    super({
      ...{ sections: NO_SECTIONS, language, template: null, version: 0, state: 'nothing' },
      ...{ savedAt: undefined, failure: undefined, theirs: undefined, isOfOtherPatient: false },
    });
    this.#study = study;
    this.#authorId = authorId;
  }

  /** Whether something is here that the server does not have. */
  get isUnsaved(): boolean {
    return this.#isChanged || this.#unsure !== undefined;
  }

  /** What the server has; what is typed here stays over it. */
  receive({ patientId, draft, versions }: StudyReport): void {
    if (this.isUnsaved || this.isRunning || this.snapshot().theirs !== undefined) return;
    this.#amends = versions[0]?.content.number ?? 0;
    this.#patientId = draft?.writtenFor ?? patientId;
    if (draft === null) {
      if (this.snapshot().version > 0) this.show({ sections: NO_SECTIONS, template: null, version: 0, state: 'nothing' });
      return;
    }
    if (draft.version !== this.snapshot().version || draft.isOfOtherPatient !== this.snapshot().isOfOtherPatient)
      this.#take(draft);
  }

  set(section: ReportSection, text: string): void {
    this.replace({ sections: { ...this.snapshot().sections, [section]: text } });
  }

  replace(change: Partial<Written>): void {
    this.#isChanged = true;
    this.show({ ...change, state: 'waiting' });
    this.keepIn(REST_MS);
  }

  /** Keeps now what waits; whether all is kept then. */
  async flush(): Promise<boolean> {
    await this.keepNow();
    return !this.isUnsaved && this.snapshot().theirs === undefined;
  }

  /** Whose text stands where two wrote: the other one stays among the kept texts. */
  settle(isMine: boolean): void {
    const { theirs } = this.snapshot();
    if (theirs === undefined || theirs === null) return;
    this.#amends = theirs.amends;
    this.#patientId = theirs.writtenFor;
    if (!isMine) {
      this.#take(theirs);
      return;
    }
    this.show({ version: theirs.version, theirs: undefined, failure: undefined });
    this.replace({});
  }

  /** It was signed meanwhile: what is here goes on as an amendment. */
  amend({ patientId, versions }: StudyReport): void {
    this.#amends = versions[0]?.content.number ?? 0;
    this.#patientId = patientId;
    this.show({ version: 0, theirs: undefined, failure: undefined });
    this.replace({});
  }

  /** Its author has read it again for the patient who has the study now. */
  readFor(patientId: string): void {
    this.#patientId = patientId;
    this.show({ isOfOtherPatient: false, failure: undefined });
    this.replace({});
  }

  #take(draft: ReportDraft): void {
    this.#isChanged = false;
    this.show({
      ...{ sections: draft.sections, language: draft.language, template: draft.template, version: draft.version },
      ...{ state: 'saved', savedAt: new Date(draft.changedAt), failure: undefined, theirs: undefined },
      isOfOtherPatient: draft.isOfOtherPatient,
    });
  }

  protected async keep(): Promise<void> {
    while (this.isUnsaved && this.snapshot().theirs === undefined && !this.snapshot().isOfOtherPatient) {
      this.show({ state: 'saving' });
      const body = this.#unsure ?? this.#body();
      this.#unsure = body;
      if (!(await this.#send(body))) return;
    }
  }

  #body(): BodyOf<typeof saveReport> {
    const { sections, language, template, version } = this.snapshot();
    this.#isChanged = false;
    return {
      ...{ editId: crypto.randomUUID(), authorId: this.#authorId, baseVersion: version, amends: this.#amends },
      ...{ patientId: this.#patientId, sections, language, template },
    };
  }

  /** Whether it was taken. */
  async #send(body: BodyOf<typeof saveReport>): Promise<boolean> {
    const { studyInstanceUid, groupId } = this.#study;
    try {
      const keepalive = mayOutlivePage(body);
      const kept = await call('saveReport', { params: { studyInstanceUid }, query: { groupId }, body, keepalive });
      this.#unsure = undefined;
      this.show({
        ...{ version: kept.version, state: this.#isChanged ? 'waiting' : 'saved', savedAt: new Date(kept.changedAt) },
        failure: undefined,
      });
      return true;
    } catch (failure) {
      this.#refused(failure);
      return false;
    }
  }

  #refused(failure: unknown): void {
    const code = failure instanceof ApiError ? failure.code : undefined;
    if (failure instanceof ApiError && code === 'REPORT_CHANGED') {
      this.#unsure = undefined;
      this.show({ state: 'failed', failure, theirs: draftIn(failure) });
      return;
    }
    if (code === 'REPORT_OF_OTHER_PATIENT') {
      this.#unsure = undefined;
      this.#isChanged = true;
      this.show({ state: 'failed', failure, isOfOtherPatient: true });
      return;
    }
    // What is certain not to have been taken is made anew with what was typed since.
    if (failure instanceof ApiError && failure.status >= 400 && failure.status < 500) {
      this.#unsure = undefined;
      this.#isChanged = true;
    }
    this.show({ state: 'failed', failure });
    this.keepIn(AGAIN_MS);
  }
}
