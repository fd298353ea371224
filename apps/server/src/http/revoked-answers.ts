import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Link, Person, Reader } from '../access/index.ts';
import { atClose } from '../platform/sending/at-close.ts';

/** What is known of rights that end; identity gives it. */
export interface RightsWatch {
  /** Grows with every change of rights. */
  readonly epoch: number;
  /** Calls back when rights of a person, or of anybody (undefined), may have changed. */
  onChange(listener: (userId: string | undefined) => void): void;
  stillHolds(actor: Person): Promise<boolean>;
  /** Whether something that was open to them for a time has ended by itself. */
  isOver(actor: Person): boolean;
}

/** What is known of where images stand; the archive gives it. */
export interface PlacesWatch {
  /** Grows with every change. */
  readonly epoch: number;
  /** Calls back when something may stand elsewhere. */
  onChange(listener: () => void): void;
  /** Whether all that is in an actor's answer is still theirs to see. */
  stillSees(actor: Reader): Promise<boolean>;
}

/** What is known of visits by links that end; sharing gives it. */
export interface VisitsWatch {
  stillHolds(actor: Link): Promise<boolean>;
  isOver(actor: Link): boolean;
}

/** Changes of the index come in crowds while something is imported: answers are looked at once for all of this time. */
const GATHER_MS = 200;
/** How often answers are looked at that were begun with something open for a time only, which nobody tells the end of. */
const LOOK_EVERY_MS = 1000;
/** Of these looks one asks the database, too: what was open may have gone elsewhere. */
const ASK_EVERY = 30;

declare module 'fastify' {
  interface FastifyRequest {
    /** What `RightsWatch.epoch` was before the actor was found. */
    rightsEpoch: number;
    /** The same of `PlacesWatch.epoch`. */
    placesEpoch: number;
  }
}

export const isStream = (payload: unknown): payload is Readable =>
  typeof payload === 'object' && payload !== null && 'pipe' in payload;

/** Looks at what was begun with something open for a time only, until it has ended: nobody tells of that. Gives what ends it. */
function lookOften(isOver: () => boolean, look: () => void): () => void {
  let looks = 0;
  const timer = setInterval(() => {
    looks += 1;
    if (isOver() || looks % ASK_EVERY === 0) look();
  }, LOOK_EVERY_MS).unref();
  return () => clearInterval(timer);
}

/** Whose rights somebody reads by. */
const standsOn = (actor: Reader): string => (actor.kind === 'person' ? actor.userId : actor.authorId);

function cut({ log, raw, request }: FastifyReply): void {
  log.info({ route: request.routeOptions.url }, 'answer ended: its rights are over, or what is in it went elsewhere');
  raw.destroy();
}

/** The same, once for all calls of some moments. */
function gathered(work: () => void): () => void {
  let isGathering = false;
  return () => {
    if (isGathering) return;
    isGathering = true;
    setTimeout(() => {
      isGathering = false;
      work();
    }, GATHER_MS).unref();
  };
}

/** Looks after answers that are on their way: gives what begins to watch one, and what looks at it at once. */
function watcherOf(rights: RightsWatch, places: PlacesWatch, visits: VisitsWatch) {
  const running = new Map<FastifyReply, Reader>();
  const isOver = (actor: Reader): boolean => (actor.kind === 'person' ? rights.isOver(actor) : visits.isOver(actor));
  // What a link shows hangs on its author's scope: wherever anything goes, that is asked again.
  const holds = (actor: Reader, mayHaveEnded: boolean): Promise<boolean> | boolean =>
    actor.kind === 'person' ? !mayHaveEnded || rights.stillHolds(actor) : visits.stillHolds(actor);

  /** Rights that nothing was told of are not asked for again: an import tells of places several times a second, to each page that listens. */
  async function check(reply: FastifyReply, actor: Reader, mayHaveEnded: boolean): Promise<void> {
    if (!isOver(actor) && (await holds(actor, mayHaveEnded)) && (await places.stillSees(actor))) return;
    cut(reply);
  }
  // A database that is away decides nothing: when it is back, everybody is looked at again.
  const look = (reply: FastifyReply, actor: Reader, mayHaveEnded = true): Promise<void> =>
    check(reply, actor, mayHaveEnded).catch((error: Error) => reply.log.warn({ error: error.message }, 'rights not looked at'));

  rights.onChange((userId) => {
    for (const [reply, actor] of running) if (userId === undefined || standsOn(actor) === userId) void look(reply, actor);
  });
  const lookAtPlaces = gathered(() => {
    for (const [reply, actor] of running) void look(reply, actor, false);
  });
  places.onChange(() => running.size > 0 && lookAtPlaces());
  const watch = (reply: FastifyReply, actor: Reader): void => {
    running.set(reply, actor);
    const endsByItself = actor.kind === 'link' || actor.openedUntil !== undefined;
    const end = endsByItself
      ? lookOften(
          () => isOver(actor),
          () => void look(reply, actor),
        )
      : undefined;
    atClose(reply.raw, () => {
      running.delete(reply);
      end?.();
    });
  };
  return { watch, look, isOver };
}

/**
 * Ends downloads and event streams when the session or token that began them is revoked, its person suspended, or their role, level
 * or group changed, when what was open to them in an emergency is over, and when a study that is in them goes to a group that they don't see, or for good: the connection is cut, so that nobody takes half an archive for a whole one. Answers that fit in memory are
 * sent at once and need no watch; uploads are not cut, since what changes data was allowed when it began.
 */
export function endRevokedAnswers(
  app: FastifyInstance,
  { rights, places, visits }: { readonly rights: RightsWatch; readonly places: PlacesWatch; readonly visits: VisitsWatch },
): void {
  const { watch, look, isOver } = watcherOf(rights, places, visits);
  app.decorateRequest('rightsEpoch', 0);
  app.decorateRequest('placesEpoch', 0);
  app.addHook('onRequest', (request, _reply, done) => {
    request.rightsEpoch = rights.epoch;
    request.placesEpoch = places.epoch;
    done();
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    const actor = request.visitor ?? request.actor;
    if (actor !== undefined && isStream(payload)) {
      watch(reply, actor);
      // What changed between the actor's request and its answer was told before there was something to end: an answer that takes long to make begins when that was looked at.
      if (request.rightsEpoch !== rights.epoch || request.placesEpoch !== places.epoch || isOver(actor)) {
        void look(reply, actor, request.rightsEpoch !== rights.epoch).then(() => {
          // Nobody reads it any more: it gives back what it holds.
          if (reply.raw.destroyed) payload.destroy();
          done(null, payload);
        });
        return;
      }
    }
    done(null, payload);
  });
}
