import type { Annotation } from '@negatoscope/contract';
import { call } from '../../api/client.ts';
import { addressOf, ROUTES } from '../../api/routes.ts';
import { onSession, sessionState } from '../../api/session.ts';
import type { StudyRef } from '../model/dicomweb.ts';
import { ringStudy } from '../model/study-bell.ts';

const AGAIN_MS = 2_000;
/** A line that says nothing for so long is dead: the server shows itself every ten seconds. */
const DEAD_AFTER_MS = 35_000;

/** What `changed` events and lists hold. */
interface Changes {
  readonly items: readonly Annotation[];
  readonly seq: number;
}

/**
 * Gives what is drawn on a study, and every change of it, for as long as it is open. The events take one of the few connections that a browser has
 * for a server: a page that nobody sees lets go of it, and asks again when it is seen.
 */
export class LiveAnnotations {
  readonly #study: StudyRef;
  readonly #receive: (items: readonly Annotation[]) => void;
  readonly #stop = new AbortController();
  #seq = 0;
  #source: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(study: StudyRef, receive: (items: readonly Annotation[]) => void) {
    this.#study = study;
    this.#receive = receive;
    const { signal } = this.#stop;
    const onSeen = (): void => void (document.hidden ? this.#again() : this.#begin());
    document.addEventListener('visibilitychange', onSeen, { signal });
    window.addEventListener('online', onSeen, { signal });
    const stopSession = onSession(() => {
      if (sessionState() === 'signed-in') void this.#begin();
    });
    signal.addEventListener('abort', stopSession);
    void this.#begin();
  }

  close(): void {
    this.#stop.abort();
    this.#again();
  }

  /** Asks now for what has changed. */
  async refresh(): Promise<void> {
    const { studyInstanceUid, groupId } = this.#study;
    this.#take(await call('listAnnotations', { params: { studyInstanceUid }, query: { groupId, after: this.#seq } }));
  }

  #take({ items, seq }: Changes): void {
    if (this.#stop.signal.aborted) return;
    this.#seq = Math.max(this.#seq, seq);
    this.#receive(items);
  }

  get #isWanted(): boolean {
    return !this.#stop.signal.aborted && !document.hidden;
  }

  /** The list first: it renews a session that has run out, which events can't. */
  async #begin(): Promise<void> {
    try {
      await this.refresh();
      if (this.#isWanted) this.#listen();
    } catch {
      this.#again();
    }
  }

  /** Lets go of the events, and takes them up in a moment where they are wanted. */
  #again(): void {
    this.#source?.close();
    this.#source = undefined;
    clearTimeout(this.#timer);
    if (this.#isWanted) this.#timer = setTimeout(() => void this.#begin(), AGAIN_MS);
  }

  #listen(): void {
    const { studyInstanceUid, groupId } = this.#study;
    const [, path = ''] = ROUTES.annotationEvents.split(' ');
    const alive = (): void => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#again(), DEAD_AFTER_MS);
    };
    const source = new EventSource(addressOf(path, { studyInstanceUid }, { groupId, after: this.#seq }));
    source.addEventListener('alive', alive);
    source.addEventListener('changed', (event: MessageEvent<string>) => {
      alive();
      this.#take(JSON.parse(event.data) as Changes); // The server's own list.
    });
    source.addEventListener('reading', () => ringStudy(this.#study));
    source.addEventListener('error', () => {
      if (source === this.#source) this.#again();
    });
    this.#source?.close();
    this.#source = source;
    alive();
  }
}
