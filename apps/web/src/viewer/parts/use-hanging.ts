import type { HangingLayout, Prior } from '@negatoscope/contract';
import { candidatesOf, type SeriesSummary } from '@negatoscope/dicom';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { ViewerSession } from '../engine/index.ts';
import { bestOf, refOf, WIDE_PX } from '../model/beside.ts';
import { type Desk, type DeskAction, type Hung, ONE_PANE } from '../model/desk.ts';
import type { StudyRef } from '../model/dicomweb.ts';
import { hang, layoutFor } from '../model/hanging.ts';
import { priorsQuery } from '../model/priors.ts';
import { useHangingRules } from './use-hanging-rules.ts';
import { type StudyState, useStudy } from './use-study.ts';

/** Longest time, in ms, that the first picture of a room waits, once its series are known, to know in which pane it hangs. What says so is asked for before or beside it. */
const LONGEST_MS = 1000;

export interface HangingInput {
  readonly study: StudyRef;
  readonly series: readonly SeriesSummary[] | undefined;
  /** The series that was asked for. */
  readonly asked: string | undefined;
  /** What is to stand beside it; null for nothing, undefined for the most relevant prior. */
  readonly compare: StudyRef | null | undefined;
  /** The first image is here, or will not come: only then the prior takes a part of the line. */
  readonly isSettled: boolean;
  readonly session: ViewerSession | undefined;
  readonly act: (action: DeskAction) => void;
}

export interface HangingState {
  /** Other studies of the patient, the best first; undefined while they are not known. */
  readonly priors: readonly Prior[] | undefined;
  /** The study that stands beside. */
  readonly beside: StudyRef | undefined;
  readonly besideList: StudyState;
  /** The first study of this room hangs as it is to hang, or has waited long enough to know how: nothing is drawn before in a pane that is about to become another one. */
  readonly isPlaced: boolean;
  /** Lays another study beside this one, or none. */
  readonly compareWith: (study: StudyRef | undefined) => void;
}

const NO_PRIORS: readonly Prior[] = [];
function usePriors(study: StudyRef): readonly Prior[] | undefined {
  const { data, isError } = useQuery(priorsQuery(study));
  return data?.items ?? (isError ? NO_PRIORS : undefined);
}

/** Becomes true when `place` is called, or a while after there is something to place. */
function usePlaced(isThere: boolean): readonly [isPlaced: boolean, place: () => void] {
  const [isPlaced, setPlaced] = useState(false);
  const place = useCallback(() => setPlaced(true), []);
  useEffect(() => {
    if (!isThere) return;
    const limit = setTimeout(place, LONGEST_MS);
    return () => clearTimeout(limit);
  }, [isThere, place]);
  return [isPlaced, place];
}

interface Choice {
  /** The study beside which it was chosen. */
  readonly of: StudyRef;
  readonly beside: StudyRef | undefined;
}

/** Hangs a study by its rule, with the most relevant prior beside it, until the reader arranges something. */
export function useHanging({ study, series, asked, compare, isSettled, session, act }: HangingInput): HangingState {
  const priors = usePriors(study);
  const [choice, setChoice] = useState<Choice>();
  const chosen = choice?.of === study ? choice : undefined;
  const [isWide] = useState(() => window.innerWidth >= WIDE_PX);
  const comparable = isWide ? priors && bestOf(priors) : undefined;
  const best = useMemo(() => comparable && refOf(comparable), [comparable]);
  const beside = chosen === undefined ? (compare === null ? undefined : (compare ?? best)) : chosen.beside;
  const rules = useHangingRules(study.groupId);
  const isKnown = rules !== undefined && (chosen !== undefined || compare !== undefined || priors !== undefined);
  const [isPlaced, place] = usePlaced(series !== undefined);
  const besideList = useStudy(isSettled ? beside : undefined);
  const rule = useMemo((): HangingLayout | undefined => {
    if (series === undefined) return undefined;
    return layoutFor(series, rules ?? [], beside !== undefined);
  }, [series, beside, rules]);

  useEffect(() => {
    if (series === undefined || rule === undefined) return;
    const current = { study, series: candidatesOf(series) };
    // A prior that can't be had keeps nothing waiting.
    const besideSeries = besideList.errorCode === undefined ? besideList.series : [];
    const prior = beside && { study: beside, series: besideSeries && candidatesOf(besideSeries) };
    const hung = hang({ rule, current, prior, asked });
    const isOne = !isKnown || (!isWide && chosen === undefined && compare == null);
    if (isOne) act({ type: 'hang', grid: ONE_PANE, slots: [firstOf(hung.slots, study)] });
    else act({ type: 'hang', ...hung, ...(chosen !== undefined && { isChosen: true }) });
    if (isKnown) place();
  }, [study, series, rule, beside, besideList.series, besideList.errorCode, asked, isKnown, isWide, chosen, compare, act, place]);
  useEffect(() => {
    if (rule !== undefined && isKnown) session?.links.setLinked(rule.isLinked);
  }, [session, rule, isKnown]);

  const compareWith = useCallback((other: StudyRef | undefined) => setChoice({ of: study, beside: other }), [study]);
  return { priors, beside, besideList, isPlaced, compareWith };
}

const firstOf = (slots: Desk['slots'], study: StudyRef): Hung | undefined => slots.find((hung) => hung?.study === study);
