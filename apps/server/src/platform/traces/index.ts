import { type Attributes, context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

/** What a span may say: names that this server's code has, and figures. Never what came with a request: addresses, identifiers, names and messages are of patients. */
export type SpanFacts = Readonly<Record<string, string | number>> & Attributes;

let isOn = false;
const tracer = () => trace.getTracer('negatoscope');

/** What failed, as its code or its kind: messages may quote what was asked. */
function failed(span: Span, error: unknown): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  span.setAttribute('error.type', code ?? (error instanceof Error ? error.name : 'unknown'));
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** Does the work, as a span of its own where traces were asked for. */
export function traced<T>(name: string, facts: SpanFacts, work: () => Promise<T>, kind = SpanKind.INTERNAL): Promise<T> {
  if (!isOn) return work();
  return tracer().startActiveSpan(name, { kind, attributes: facts }, async (span) => {
    try {
      return await work();
    } catch (error) {
      failed(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The same within another span only: what nobody has asked for (a queue that is looked at) is no story. */
export const tracedWithin = <T>(name: string, facts: SpanFacts, work: () => Promise<T>): Promise<T> =>
  isOn && trace.getActiveSpan() !== undefined ? traced(name, facts, work, SpanKind.CLIENT) : work();

/** One request of others, which goes on in `next`; gives what ends it. Undefined where nobody asked for traces. */
export function beginRequest(
  name: string,
  facts: SpanFacts,
  next: () => void,
): ((facts: SpanFacts, isFailed: boolean) => void) | undefined {
  if (!isOn) {
    next();
    return undefined;
  }
  const span = tracer().startSpan(name, { kind: SpanKind.SERVER, attributes: facts });
  context.with(trace.setSpan(context.active(), span), next);
  return (more, isFailed) => {
    span.setAttributes(more);
    if (isFailed) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  };
}

/** Sends spans of this process to a collector (OTLP over HTTP); the libraries are loaded only here. Nobody waits for it, and what it does not take is dropped. */
export async function openTraces(
  endpoint: string | undefined,
  part: string,
  version: string,
): Promise<{ close(): Promise<void> }> {
  if (endpoint === undefined) return { close: async () => undefined };
  const [{ AsyncLocalStorageContextManager }, { OTLPTraceExporter }, { resourceFromAttributes }, sdk] = await Promise.all([
    import('@opentelemetry/context-async-hooks'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/sdk-trace-base'),
  ]);
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces`, timeoutMillis: 5_000 });
  const provider = new sdk.BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'negatoscope', 'service.version': version, 'negatoscope.process': part }),
    spanProcessors: [new sdk.BatchSpanProcessor(exporter)],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  isOn = true;
  return {
    close: async () => {
      isOn = false;
      await provider.shutdown().catch(() => undefined);
      trace.disable();
      context.disable();
    },
  };
}
