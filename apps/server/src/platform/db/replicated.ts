import type pg from 'pg';

/**
 * It is committed here, and the replica that was to have it too (`synchronous_standby_names`) has not said so. Whoever is told that it is kept would lose it
 * with this server: so nobody is. Read as a statement that was cancelled.
 */
export class NotReplicated extends Error {
  readonly code = '57014';

  constructor() {
    super('No replica has confirmed what was committed: PostgreSQL gave up waiting for it.');
  }
}

const alone = new WeakSet<pg.ClientBase>();

/**
 * A commit waits for its replica for ever, and who asked gives up. Where somebody cancels that wait (`pg_cancel_backend`), PostgreSQL warns, and answers as if
 * all were well. The warning is told by the function of PostgreSQL that gives it; its text is translated.
 */
export function hearReplication(client: pg.ClientBase): void {
  client.on('notice', ({ routine }) => {
    if (routine === 'SyncRepWaitForLSN') alone.add(client);
  });
}

/** After a commit. Fails with NotReplicated. */
export function requireReplicated(client: pg.ClientBase): void {
  if (alone.delete(client)) throw new NotReplicated();
}
