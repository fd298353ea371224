import { LineMeter } from './line-meter.ts';

/** Answers that are sent as they are: an event stream that stays open says nothing of the line. */
const COUNTED = /\/(?:assets|dicom-web)\//;

const meter = new LineMeter();
let observer: PerformanceObserver | undefined;

function count(entries: readonly PerformanceEntry[]): void {
  const answers = entries.filter(
    (entry): entry is PerformanceResourceTiming => entry instanceof PerformanceResourceTiming && COUNTED.test(entry.name),
  );
  for (const { requestStart, responseStart, responseEnd, transferSize } of answers.sort((a, b) => a.responseEnd - b.responseEnd))
    if (responseStart > 0)
      meter.add({ startMs: responseStart, endMs: responseEnd, bytes: transferSize, waitMs: responseStart - requestStart });
}

/** The line as this page's own requests have found it, those for its code included (Resource Timing). */
export function line(): LineMeter {
  if (observer === undefined) {
    count(performance.getEntriesByType('resource'));
    observer = new PerformanceObserver((list) => count(list.getEntries()));
    observer.observe({ type: 'resource' });
  }
  count(observer.takeRecords());
  return meter;
}
