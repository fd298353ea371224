import type { StudyRef } from '../model/dicomweb.ts';
import { type Content, isSameStudy, type Target } from './kept-edit.ts';
import type { ShownAnnotation, StudyAnnotations } from './study-annotations.ts';

/** A study on the desk, with what is drawn on it. */
export interface OpenStudy {
  readonly study: StudyRef;
  /** The study that is read, and not one beside it. */
  readonly isRead: boolean;
  readonly annotations: StudyAnnotations;
  readonly close: () => void;
}

interface DrawingsSnapshot {
  readonly items: readonly ShownAnnotation[];
}

/**
 * What is drawn on each of the studies that are on the desk, as one store. What is drawn on an image of the prior is the prior's; undo is that of the
 * study that is looked at.
 */
export class DeskDrawings {
  readonly canWrite: boolean;
  readonly #open: (study: StudyRef, isRead: boolean) => OpenStudy;
  readonly #studyOf: (seriesInstanceUid: string) => StudyRef | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #stops = new Map<OpenStudy, () => void>();
  #studies: readonly OpenStudy[] = [];
  #active: StudyRef | undefined;
  #snapshot: DrawingsSnapshot = { items: [] };

  constructor(
    canWrite: boolean,
    open: (study: StudyRef, isRead: boolean) => OpenStudy,
    studyOf: (seriesInstanceUid: string) => StudyRef | undefined,
  ) {
    this.canWrite = canWrite;
    this.#open = open;
    this.#studyOf = studyOf;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getSnapshot = (): DrawingsSnapshot => this.#snapshot;

  /** The studies that are on the desk from now on, the one that is read first; what was drawn on those that stay stays with its undo. */
  show(studies: readonly StudyRef[]): readonly OpenStudy[] {
    const before = this.#studies;
    this.#studies = studies.map((study, index) => {
      const isRead = index === 0;
      const known = before.find((one) => one.isRead === isRead && isSameStudy(one.study, study));
      return known ?? this.#begin(study, isRead);
    });
    for (const one of before) if (!this.#studies.includes(one)) this.#end(one);
    this.#publish();
    return this.#studies;
  }

  /** The study whose edits undo and redo take back. */
  setActive(study: StudyRef): void {
    this.#active = study;
  }

  close(): void {
    this.show([]);
    this.#listeners.clear();
  }

  draw(id: string, target: Target, content: Content): void {
    const study = this.#studyOf(target.seriesInstanceUid);
    this.#of(study)?.draw(id, target, content);
  }

  change(id: string, change: Partial<Content>): void {
    this.#with(id)?.change(id, change);
  }

  remove(id: string): void {
    this.#with(id)?.remove(id);
  }

  undo(): boolean {
    return this.#of(this.#active)?.undo() ?? false;
  }

  redo(): boolean {
    return this.#of(this.#active)?.redo() ?? false;
  }

  #of(study: StudyRef | undefined): StudyAnnotations | undefined {
    return this.#studies.find((one) => study !== undefined && isSameStudy(one.study, study))?.annotations;
  }

  #with(id: string): StudyAnnotations | undefined {
    return this.#studies.find(({ annotations }) => annotations.getSnapshot().items.some((item) => item.id === id))?.annotations;
  }

  #begin(study: StudyRef, isRead: boolean): OpenStudy {
    const opened = this.#open(study, isRead);
    this.#stops.set(
      opened,
      opened.annotations.subscribe(() => this.#publish()),
    );
    return opened;
  }

  #end(opened: OpenStudy): void {
    this.#stops.get(opened)?.();
    this.#stops.delete(opened);
    opened.close();
  }

  #publish(): void {
    this.#snapshot = { items: this.#studies.flatMap(({ annotations }) => annotations.getSnapshot().items) };
    for (const listener of [...this.#listeners]) listener();
  }
}
