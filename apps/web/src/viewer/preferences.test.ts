import { describe, expect, it } from 'vitest';
import { preferencesFrom, USUAL_PREFERENCES } from './preferences.ts';

describe('settings of the viewer', () => {
  it('come back as they were kept', () => {
    const own = { textSize: 'large', mouse: { middle: 'window', right: 'scroll', wheel: 'zoom' }, left: 'length' };
    expect(preferencesFrom(JSON.stringify(own))).toEqual(own);
  });
  it.each([null, '', 'x', '1', 'null', '[]', '{"mouse":5}', '{"textSize":"<b>","mouse":{"middle":"eval"},"left":[]}'])(
    'are the usual ones where %j was kept',
    (text) => expect(preferencesFrom(text)).toEqual(USUAL_PREFERENCES),
  );
});
