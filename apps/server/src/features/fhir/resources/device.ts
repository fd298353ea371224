import type { Model } from '@negatoscope/contract';
import { deviceId } from './said.ts';
import { wordsIn } from './texts.ts';
import { local, type Resource, resource, type Writing } from './values.ts';

/** A model, or what is left of one that was removed: predictions keep its name and version. */
export function deviceResource(
  { name, version }: Pick<Model, 'name' | 'version'>,
  model: Model | undefined,
  { language }: Writing,
): Resource {
  const words = wordsIn(language);
  return resource({
    resourceType: 'Device',
    id: deviceId(name, version),
    language,
    status: model === undefined || model.state === 'REFUSED' || model.state === 'MISSING' ? 'inactive' : 'active',
    deviceName: [
      { name, type: 'model-name' },
      { name: model?.title[language], type: 'user-friendly-name' },
    ].filter((one) => one.name !== undefined),
    type: { coding: [local('image-model', 'Model that reads images')], text: 'Software' },
    version: [{ value: version }],
    note: [
      { text: words.research },
      { text: words.modelScore },
      ...(model === undefined ? [] : [{ text: words.card.replace('{card}', () => model.card) }]),
    ],
  });
}
