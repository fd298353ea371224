import type { Annotation, AnnotationEdit } from '@negatoscope/contract';
import type { ApiErrorCode } from '../../api/error.ts';
import { newId } from '../../api/new-id.ts';
import type { StudyRef } from '../model/dicomweb.ts';
import type { EditQueue } from './edit-queue.ts';
import {
  type Content,
  contentOf,
  isGeometry,
  isSameContent,
  isSameStudy,
  type KeptEdit,
  standing,
  type Target,
  targetOf,
} from './kept-edit.ts';

/** An annotation as it is shown: what the server has, with what is on its way over it. */
export interface ShownAnnotation extends Target, Content {
  readonly id: string;
  readonly mayChange: boolean;
}

/** An edit that came second: both are kept, and a person says which is to stand. */
export interface Conflict {
  readonly id: string;
  readonly mine: AnnotationEdit;
}

export interface AnnotationsSnapshot {
  readonly items: readonly ShownAnnotation[];
  /** The server has said what is drawn on the study: until then an empty list means nothing. */
  readonly isKnown: boolean;
  /** Edits that the server has not taken yet. */
  readonly waiting: number;
  readonly conflicts: readonly Conflict[];
  /** Why the last refused edit was refused, until it is read. */
  readonly refused: ApiErrorCode | 'EXPIRED' | undefined;
}

export interface StudyAnnotationsOptions {
  readonly study: StudyRef;
  readonly authorId: string | undefined;
  readonly canWrite: boolean;
  readonly queue: Pick<EditQueue, 'add' | 'waitingOf' | 'subscribe'>;
  /** Asks the server for what has changed. */
  readonly refresh: () => Promise<unknown>;
}

/** One thing that was done, to be taken back or done again. */
interface Command {
  readonly id: string;
  readonly target: Target;
  readonly before: Content | undefined;
  readonly after: Content | undefined;
}

/** Undo depth: more than a reader takes back, little enough to cost nothing. */
const MAX_STEPS = 200;

/** What is drawn on one study by whoever, and what its reader does to it. Everything goes through the queue: drawing, changing, deleting, undo and redo. */
export class StudyAnnotations {
  readonly canWrite: boolean;
  readonly #options: StudyAnnotationsOptions;
  readonly #known = new Map<string, Annotation>();
  readonly #shownOf = new WeakMap<object, ShownAnnotation>();
  readonly #listeners = new Set<() => void>();
  readonly #stop: () => void;
  #conflicts: readonly Conflict[] = [];
  #refused: AnnotationsSnapshot['refused'];
  #isKnown = false;
  #done: Command[] = [];
  #undone: Command[] = [];
  #snapshot: AnnotationsSnapshot;

  constructor(options: StudyAnnotationsOptions) {
    this.#options = options;
    this.canWrite = options.canWrite && options.authorId !== undefined;
    this.#stop = options.queue.subscribe({
      onSaved: (kept, annotation) => this.#onSaved(kept, annotation),
      onRefused: (kept, code) => void this.#onRefused(kept, code),
      onChange: () => this.#publish(),
    });
    this.#snapshot = this.#describe();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getSnapshot = (): AnnotationsSnapshot => this.#snapshot;

  close(): void {
    this.#stop();
    this.#listeners.clear();
  }

  /** What the server says, in whatever order it comes: of each annotation the latest version counts. */
  receive(items: readonly Annotation[]): void {
    this.#isKnown = true;
    this.#take(items);
  }

  #take(items: readonly Annotation[]): void {
    for (const item of items) {
      // What a later version of the server has in a form that this page does not know costs no other drawing.
      if (isGeometry(item.geometry) && item.version > (this.#known.get(item.id)?.version ?? 0)) this.#known.set(item.id, item);
    }
    this.#publish();
  }

  draw(id: string, target: Target, content: Content): void {
    this.#do({ id, target, before: undefined, after: content });
  }

  /** Moves an annotation, or gives it another text. What changes nothing is no edit. */
  change(id: string, change: Partial<Content>): void {
    const shown = this.#shown(id);
    if (shown?.mayChange !== true) return;
    const before = contentOf(shown);
    const after = { ...before, ...change };
    if (!isSameContent(before, after)) this.#do({ id, target: targetOf(shown), before, after });
  }

  remove(id: string): void {
    const shown = this.#shown(id);
    if (shown?.mayChange === true) this.#do({ id, target: targetOf(shown), before: contentOf(shown), after: undefined });
  }

  /** Takes back the latest edit of this page on this study; false when there is none, or somebody has changed it since. */
  readonly undo = (): boolean => this.#step(this.#done, this.#undone, 'before', 'after');

  readonly redo = (): boolean => this.#step(this.#undone, this.#done, 'after', 'before');

  /** Decides a conflict: `mine` is sent again, upon what stands now. */
  settle(id: string, choice: 'mine' | 'theirs'): void {
    const conflict = this.#conflicts.find((one) => one.id === id);
    this.#conflicts = this.#conflicts.filter((one) => one.id !== id);
    if (conflict !== undefined && choice === 'mine') {
      const { mine } = conflict;
      this.#do({
        id,
        target: targetOf(mine),
        before: standing(this.#known.get(id)),
        after: mine.isDeleted ? undefined : contentOf(mine),
      });
    }
    this.#publish();
  }

  /** The refusal was read. */
  readonly readRefusal = (): void => {
    this.#refused = undefined;
    this.#publish();
  };

  #shown(id: string): ShownAnnotation | undefined {
    return this.#snapshot.items.find((item) => item.id === id);
  }

  #do(command: Command): void {
    if (!this.canWrite) return;
    this.#done.push(command);
    if (this.#done.length > MAX_STEPS) this.#done.shift();
    this.#undone = [];
    this.#send(command, command.after, command.before);
  }

  #step(from: Command[], to: Command[], wanted: 'before' | 'after', expected: 'before' | 'after'): boolean {
    const command = from.pop();
    if (command === undefined) return false;
    const shown = this.#shown(command.id);
    if (!isSameContent(shown === undefined ? undefined : contentOf(shown), command[expected])) {
      // What has been changed elsewhere since is not overwritten by taking back.
      this.#refused = 'ANNOTATION_CHANGED';
      this.#publish();
      return false;
    }
    to.push(command);
    this.#send(command, command[wanted], command[expected]);
    return true;
  }

  /** Sends content as the next version; undefined deletes, and keeps what was there. */
  #send({ id, target }: Command, content: Content | undefined, before: Content | undefined): void {
    const { study, authorId, queue } = this.#options;
    const kept = content ?? before;
    if (kept === undefined || authorId === undefined) return;
    const edit: AnnotationEdit = {
      editId: newId(),
      authorId,
      baseVersion: this.#nextBase(id),
      ...target,
      ...contentOf(kept),
      isDeleted: content === undefined,
    };
    queue.add({ study, annotationId: id, edit });
  }

  /** The version upon which the next edit is made: those that wait come before it. */
  #nextBase(id: string): number {
    const waiting = this.#options.queue.waitingOf(this.#options.study).findLast(({ annotationId }) => annotationId === id);
    return waiting === undefined ? (this.#known.get(id)?.version ?? 0) : waiting.edit.baseVersion + 1;
  }

  #isOwn({ study }: KeptEdit): boolean {
    return isSameStudy(study, this.#options.study);
  }

  #onSaved(kept: KeptEdit, annotation: Annotation): void {
    if (this.#isOwn(kept)) this.#take([annotation]);
  }

  async #onRefused(kept: KeptEdit, code: ApiErrorCode | 'EXPIRED'): Promise<void> {
    if (!this.#isOwn(kept)) return;
    const isOf = ({ id }: { readonly id: string }): boolean => id === kept.annotationId;
    this.#done = this.#done.filter((command) => !isOf(command));
    this.#undone = this.#undone.filter((command) => !isOf(command));
    if (code === 'ANNOTATION_CHANGED') {
      this.#conflicts = [...this.#conflicts.filter((one) => !isOf(one)), { id: kept.annotationId, mine: kept.edit }];
      this.#publish();
      await this.#options.refresh().catch(() => undefined);
    } else this.#refused = code;
    this.#publish();
  }

  #publish(): void {
    this.#snapshot = this.#describe();
    for (const listener of [...this.#listeners]) listener();
  }

  /** What did not change stays the same object, so that who draws it sees that by looking. */
  #shownAs(of: Annotation | AnnotationEdit, { id, mayChange }: Pick<ShownAnnotation, 'id' | 'mayChange'>): ShownAnnotation {
    const shown = this.#shownOf.get(of) ?? { id, ...targetOf(of), ...contentOf(of), mayChange };
    this.#shownOf.set(of, shown);
    return shown;
  }

  #describe(): AnnotationsSnapshot {
    const { queue, study } = this.#options;
    const items = new Map<string, ShownAnnotation>();
    for (const item of this.#known.values()) if (!item.isDeleted) items.set(item.id, this.#shownAs(item, item));
    const waiting = queue.waitingOf(study);
    for (const { annotationId: id, edit } of waiting) {
      if (edit.isDeleted) items.delete(id);
      else items.set(id, this.#shownAs(edit, { id, mayChange: true }));
    }
    const [isKnown, conflicts, refused] = [this.#isKnown, this.#conflicts, this.#refused];
    return { items: [...items.values()], isKnown, waiting: waiting.length, conflicts, refused };
  }
}
