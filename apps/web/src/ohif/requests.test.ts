import { describe, expect, it, vi } from 'vitest';
import { type Page, storeTrouble, watchRequests, watchWayBack } from './requests.ts';

const ORIGIN = 'https://pacs.example';

/** Stands in for the browser's own: notes what is sent and answers when told. */
function makeRequest() {
  class FakeRequest extends EventTarget {
    static last: FakeRequest;
    headers: Record<string, string> = {};
    opened: unknown[] = [];
    body: unknown;
    status = 0;
    responseType = '';
    responseText = '';
    open(...args: unknown[]): void {
      this.opened = args;
      FakeRequest.last = this;
    }
    setRequestHeader(name: string, value: string): void {
      this.headers[name] = value;
    }
    send(body: unknown): void {
      this.body = body;
    }
    answer(status: number, text = ''): void {
      Object.assign(this, { status, responseText: text });
      this.dispatchEvent(new Event('loadend'));
    }
  }
  return FakeRequest;
}

function watched(language: 'fr' | 'en' = 'fr') {
  const Request = makeRequest();
  const tell = vi.fn<Page['tell']>();
  const page: Page = {
    origin: ORIGIN,
    language: () => language,
    csrf: () => ({ 'X-CSRF-Token': 'token' }),
    openStudies: () => '1.2.3',
    tell,
  };
  watchRequests(Request as unknown as typeof XMLHttpRequest, page);
  const make = (method: string, url: string) => {
    const request = new Request();
    request.open(method, url, true);
    request.send('body');
    return request;
  };
  return { make, tell };
}

describe('requests of OHIF’s page', () => {
  it('that change something here carry the token; reading ones and those to strangers don’t', () => {
    const { make } = watched();
    expect(make('POST', '/dicom-web/studies').headers).toEqual({ 'X-CSRF-Token': 'token' });
    expect(make('post', `${ORIGIN}/dicom-web/studies/1.2`).headers).toEqual({ 'X-CSRF-Token': 'token' });
    expect(make('GET', '/dicom-web/studies').headers).toEqual({});
    expect(make('POST', 'https://elsewhere.example/dicom-web/studies').headers).toEqual({});
    expect(make('POST', '/dicom-web/studies')).toMatchObject({ opened: ['POST', '/dicom-web/studies', true], body: 'body' });
  });

  it('that ask for a person’s other studies name the open one and no identifier', () => {
    const { make } = watched();
    const { opened } = make('GET', '/dicom-web/studies?limit=101&00100020=H-123&includefield=all');
    expect(opened[1]).toBe(`${ORIGIN}/dicom-web/studies?limit=101&includefield=all&samePatientAs=1.2.3`);
    expect(make('GET', '/dicom-web/studies?limit=101').opened[1]).toBe('/dicom-web/studies?limit=101');
    expect(make('GET', 'https://elsewhere.example/dicom-web/studies?PatientID=1').opened[1]).toContain('PatientID=1');
  });

  it('that store are watched: what failed is told with its code, what was stored is not', () => {
    const { make, tell } = watched();
    make('POST', '/dicom-web/studies').answer(200);
    expect(tell).not.toHaveBeenCalled();
    make('POST', '/dicom-web/studies').answer(403, JSON.stringify({ code: 'CSRF_REQUIRED' }));
    expect(tell).toHaveBeenLastCalledWith(expect.stringContaining('CSRF_REQUIRED'));
    make('POST', '/dicom-web/groups/g/studies').answer(0);
    expect(tell).toHaveBeenLastCalledWith(expect.stringContaining('ne répond pas'));
    make('POST', '/dicom-web/studies').answer(202);
    expect(tell).toHaveBeenCalledTimes(3);
    make('POST', '/api/auth/refresh').answer(500);
    make('GET', '/dicom-web/studies').answer(500);
    expect(tell).toHaveBeenCalledTimes(3);
  });

  it.each([
    [409, 'en', '409'],
    [507, 'fr', '507'],
    [0, 'en', 'does not answer'],
    [202, 'en', 'Not everything'],
  ] as const)('a store answered with %i says so (%s)', (status, language, part) => {
    expect(storeTrouble({ status, text: '<html>' }, language)).toContain(part);
  });
});

describe('the way back from OHIF', () => {
  it.each(['/viewer', '/viewer/', '/viewer/?startDate=1', './'])('%s is the worklist of Negatoscope', (url) => {
    const own = vi.fn();
    const history = { pushState: own } as unknown as History;
    const goTo = vi.fn();
    watchWayBack(history, ORIGIN, goTo);
    history.pushState({}, '', url);
    expect([own.mock.calls, goTo.mock.calls]).toEqual([[], [['/app/worklist']]]);
  });

  it.each(['/viewer/viewer?StudyInstanceUIDs=1', undefined, '/viewer/segmentation'])('%s is left alone', (url) => {
    const own = vi.fn();
    const history = { pushState: own } as unknown as History;
    const goTo = vi.fn();
    watchWayBack(history, ORIGIN, goTo);
    history.pushState({ a: 1 }, '', url);
    expect([own.mock.calls, goTo.mock.calls]).toEqual([[[{ a: 1 }, '', url]], []]);
  });
});
