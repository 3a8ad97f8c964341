/**
 * Client of the talent programme platform: openapi-fetch over the generated types, and what every client needs besides.
 *
 *   const api = connect({ baseUrl, token });
 *   const { data } = await api.GET("/v1/journeys", { params: { query: { limit: 20 } } });
 */
import createClient, { type Client, type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema.d.ts";

export type Problem = components["schemas"]["Problem"];
export type Schemas = components["schemas"];
export type Api = Client<paths>;
export type CloudEvent = Schemas["CloudEvent"];

/** A refusal (RFC 9457); `problem.errors` lists everything that is wrong at once. */
export class Refused extends Error {
  readonly status: number;
  readonly problem: Problem;
  readonly retryAfter: number | undefined;

  constructor(problem: Problem, retryAfter: number | undefined) {
    super(`${problem.status} ${problem.code}: ${problem.detail}`);
    this.name = "Refused";
    this.status = problem.status;
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

export interface Connection {
  /** Origin of the gateway, like `https://talent.example`. */
  readonly baseUrl: string;
  /** Gives an access token; asked before every request, so it may renew. */
  readonly token: () => string | Promise<string>;
  readonly language?: "zh-CN" | "en";
}

/** A client whose refusals are thrown as {@link Refused} and whose changes carry an `Idempotency-Key`. */
export function connect(connection: Connection): Api {
  const api = createClient<paths>({ baseUrl: connection.baseUrl });
  const manners: Middleware = {
    async onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${await connection.token()}`);
      request.headers.set("Accept-Language", connection.language ?? "zh-CN");
      if (request.method !== "GET" && !request.headers.has("Idempotency-Key")) {
        request.headers.set("Idempotency-Key", crypto.randomUUID());
      }
      return request;
    },
    async onResponse({ response }) {
      if (response.headers.get("Content-Type")?.startsWith("application/problem+json") === true) {
        const waiting = response.headers.get("Retry-After");
        throw new Refused((await response.json()) as Problem, waiting === null ? undefined : Number(waiting));
      }
      return undefined;
    },
  };
  api.use(manners);
  return api;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor?: string | null;
}

/** Every item of a list, page after page: `each((at) => api.GET(…, { params: { query: { limit: 50, ...at } } }))`. */
export async function* each<T>(
  page: (at: { cursor?: string }) => Promise<{ data?: Page<T> | undefined }>,
): AsyncGenerator<T, void, undefined> {
  let cursor: string | undefined;
  do {
    const { data } = await page(cursor === undefined ? {} : { cursor });
    if (data === undefined) return;
    yield* data.items;
    cursor = data.next_cursor ?? undefined;
  } while (cursor !== undefined);
}

export interface Watching {
  readonly signal?: AbortSignal;
  /** Id of the last event that was seen; without it the stream begins with what comes next. */
  readonly lastEventId?: string;
}

export interface Seen {
  /** To be kept: the stream goes on after it, whenever that is. */
  readonly id: string;
  readonly event: CloudEvent;
}

/** The live feed. It connects again by itself and goes on where it was: nothing is skipped. */
export async function* watch(connection: Connection, watching: Watching = {}): AsyncGenerator<Seen, void, undefined> {
  let last = watching.lastEventId;
  let wait = 2000;
  const ended = (): boolean => watching.signal?.aborted === true;
  while (!ended()) {
    try {
      const headers: Record<string, string> = { Authorization: `Bearer ${await connection.token()}` };
      if (last !== undefined) headers["Last-Event-ID"] = last;
      const response = await fetch(`${connection.baseUrl}/v1/events/stream`, {
        headers,
        ...(watching.signal === undefined ? {} : { signal: watching.signal }),
      });
      if (!response.ok || response.body === null) throw new Refused((await response.json()) as Problem, undefined);
      for await (const frame of frames(response.body)) {
        const retry = frame.get("retry");
        if (retry !== undefined) wait = Number(retry);
        const id = frame.get("id");
        const data = frame.get("data");
        if (id !== undefined && data !== undefined) {
          last = id;
          yield { id, event: JSON.parse(data) as CloudEvent };
        }
      }
    } catch (error) {
      if (ended()) return;
      if (error instanceof Refused && error.status < 500 && error.status !== 429) throw error;
    }
    if (!ended()) await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

async function* frames(body: ReadableStream<Uint8Array>): AsyncGenerator<ReadonlyMap<string, string>, void, undefined> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let kept = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      kept += decoder.decode(value, { stream: true });
      const parts = kept.split("\n\n");
      kept = parts.pop() ?? "";
      for (const part of parts) {
        const lines = part.split("\n").filter((line) => !line.startsWith(":"));
        yield new Map(lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]));
      }
    }
  } finally {
    await reader.cancel();
  }
}
