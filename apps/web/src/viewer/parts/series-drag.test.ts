import { expect, it } from 'vitest';
import { dragSeries, hungFrom, isSeriesDrag } from './series-drag.ts';

/** What a browser carries from one place to another, of another window too. */
function transfer() {
  const data = new Map<string, string>();
  return {
    effectAllowed: 'none',
    setData: (type: string, text: string) => void data.set(type, text),
    getData: (type: string) => data.get(type) ?? '',
    get types() {
      return [...data.keys()];
    },
  } as unknown as DataTransfer & { setData: (type: string, text: string) => void };
}

it('a series is dropped as it was taken, with the study that it is of', () => {
  const carried = transfer();
  const hung = { study: { studyInstanceUid: '1.1', groupId: 'none' }, seriesInstanceUid: '1.1.1' };
  expect(isSeriesDrag(carried)).toBe(false);
  dragSeries(carried, hung);
  expect([isSeriesDrag(carried), hungFrom(carried)]).toEqual([true, hung]);
  dragSeries(carried, { ...hung, study: { studyInstanceUid: '1.1' } });
  expect(hungFrom(carried)).toEqual({ study: { studyInstanceUid: '1.1', groupId: undefined }, seriesInstanceUid: '1.1.1' });
});

it('what is something else is no series', () => {
  for (const text of ['', 'x', '1', 'null', '{}', '{"studyInstanceUid":1,"seriesInstanceUid":"1"}', '{"studyInstanceUid":"1"}']) {
    const carried = transfer();
    carried.setData('application/x-negatoscope-series', text);
    expect(hungFrom(carried)).toBeUndefined();
  }
});
