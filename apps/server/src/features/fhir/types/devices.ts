import { deviceResource } from '../resources/device.ts';
import { deviceId } from '../resources/said.ts';
import { idsOf, textsOf } from '../search/values.ts';
import { type Ask, type FhirReaders, type Kind, type Page, pageOfAll } from './kind.ts';

/** Models are few. One that was removed is found by its id where it has answered something that the actor sees. */
async function find({ predictions }: FhirReaders, { actor, query, writing }: Ask): Promise<Page> {
  const ids = idsOf(query);
  const names = textsOf(query, 'device-name').map((any) => any.map((name) => name.toLowerCase()));
  const isNamed = (of: readonly string[]): boolean =>
    names.every((any) => any.some((name) => of.some((one) => one.toLowerCase().startsWith(name))));
  const installed = (await predictions.models()).filter(
    ({ name, version, title }) => (ids === null || ids.includes(deviceId(name, version))) && isNamed([name, title.fr, title.en]),
  );
  const found = installed.map((model) => deviceResource(model, model, writing));
  for (const id of (ids ?? []).filter((id) => !found.some((one) => one.id === id))) {
    const [name = '', version = ''] = id.split(/\.(.*)/s);
    if (version !== '' && isNamed([name]) && (await predictions.hasAnswered(actor, name, version)))
      found.push(deviceResource({ name, version }, undefined, writing));
  }
  return pageOfAll(
    query,
    found,
    (one) => one.id ?? '',
    (some) => some.map((resource) => ({ resource, patientId: null, groupId: null })),
  );
}

export const DEVICES: Kind = {
  type: 'Device',
  parameters: {
    _id: { kind: 'token', means: 'Name and version of the model, with a dot between.' },
    'device-name': { kind: 'string', means: 'How the name of a model begins.' },
  },
  find,
};
