import type { askDeidPseudonym, BodyOf, ResultOf } from '@negatoscope/contract';
import { pseudonymFrom } from '@negatoscope/dicom';
import { type Person, scopeOf } from '../../../access/index.ts';
import { patientsAfter } from '../../../archive/records/exported.ts';
import { storableText } from '../../../archive/search/index-list.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { type ProjectDeps, requireProject } from './projects.ts';

/** Hashed between two looks at other work: a few milliseconds. */
const PAGE = 1000;

type Patient = Awaited<ReturnType<typeof patientsAfter>>[number];

/** No list says who is who: each patient's pseudonym is made again by the key, until one is it. */
async function find({ db }: ProjectDeps, actor: Person, isIt: (id: string) => boolean): Promise<Patient | undefined> {
  const scope = scopeOf(actor);
  for (let after: string | null = null; ; ) {
    const position: string | null = after;
    const page: Patient[] = await db.reading(scope, (tx) => patientsAfter(tx, scope, position, PAGE));
    const found = page.find(({ id }) => isIt(id));
    if (found !== undefined || page.length < PAGE) return found;
    after = page.at(-1)?.id ?? null;
  }
}

/**
 * Whose pseudonym it is, also of a record that was merged since; the question is noted, whatever the answer. Fails with NOT_FOUND for a project that is not
 * seen and for nobody's pseudonym, with PROJECT_KEY_LOST.
 */
export async function askWho(
  deps: ProjectDeps,
  actor: Person,
  { id, pseudonym, reason }: BodyOf<typeof askDeidPseudonym> & { readonly id: string },
): Promise<ResultOf<typeof askDeidPseudonym>> {
  if (storableText(reason) !== reason) {
    throw new Failure('VALIDATION_FAILED', { errors: [{ path: 'reason', message: 'Not a text.' }] });
  }
  const { hash } = await requireProject(deps, actor, id);
  const found = await find(deps, actor, (patientId) => pseudonymFrom(hash, patientId) === pseudonym);
  await deps.audit.note({
    action: 'deid-project.asked-who',
    outcome: found === undefined ? 'FAILURE' : 'SUCCESS',
    actor,
    entityType: 'deid-project',
    entityId: id,
    ...(found === undefined ? {} : { patientId: found.stands_id, groupId: found.group_id }),
    details: { reason },
  });
  if (found === undefined) throw notFound();
  return { patientId: found.stands_id, recordNumber: found.number };
}
