// Talks to the api: JSON in and out, problems as errors, and the token when one is asked for.

/** An answer that is not what was asked for. `status` is 0 when there was no answer at all. */
export class ApiError extends Error {
  constructor(status, detail) {
    super(detail);
    this.name = "ApiError";
    this.status = status;
    this.detail = detail;
  }
}

const AWAY = "The api does not answer. It may be restarting, or this device is offline.";

/** Returns whether an error only says that its reader has left. */
export function isAbort(error) {
  return error?.name === "AbortError";
}

/** Returns an address with its parameters; a list repeats one, empty values are left out. */
export function address(path, params) {
  const query = params instanceof URLSearchParams ? new URLSearchParams(params) : new URLSearchParams();
  if (!(params instanceof URLSearchParams)) {
    for (const [name, value] of Object.entries(params ?? {})) {
      for (const each of [value].flat()) {
        if (each !== null && each !== undefined && each !== "") query.append(name, each);
      }
    }
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/**
 * The api of this page.
 *
 * Reading goes by the cookie of `POST /v1/session`, which scripts cannot see; the api takes it for
 * GET alone. The token itself is kept in memory, for changes, and is asked for again after a reload.
 */
export class Api {
  #token = "";
  #skewMs = 0;
  #askForToken;

  /** @param {(detail: string) => Promise<void>} askForToken Resolves when there is a session. */
  constructor(askForToken) {
    this.#askForToken = askForToken;
  }

  /** Returns the api's time of day: a phone's clock may be minutes off. */
  nowMs() {
    return Date.now() + this.#skewMs;
  }

  /** Returns the JSON at a path. @throws {ApiError} */
  async get(path, params, signal) {
    return (await this.open("GET", address(path, params), { signal })).json();
  }

  /** Returns `{value, etag}`: the JSON and the version to hand to `patch` or `put`. @throws {ApiError} */
  async read(path, params, signal) {
    const response = await this.open("GET", address(path, params), { signal });
    return { value: await response.json(), etag: response.headers.get("ETag") };
  }

  /** Changes what the body names. @throws {ApiError} */
  patch(path, body, options) {
    return this.#change("PATCH", path, body, options);
  }

  /** Replaces. @throws {ApiError} */
  put(path, body, options) {
    return this.#change("PUT", path, body, options);
  }

  /** Removes. @throws {ApiError} */
  delete(path, options) {
    return this.#change("DELETE", path, undefined, options);
  }

  async #change(method, path, body, { etag, signal } = {}) {
    const headers = { ...(body !== undefined && { "Content-Type": "application/json" }), ...(etag && { "If-Match": etag }) };
    const response = await this.open(method, path, { headers, signal, body: body && JSON.stringify(body) });
    return response.status === 204 ? null : response.json();
  }

  /** Returns an answer that went well, body unread; asks for a token and tries again when it must. */
  async open(method, url, options = {}) {
    for (;;) {
      const tried = this.#token;
      const response = await this.#fetch(method, url, options);
      if (response.ok) return response;
      const error = await problem(response);
      if (response.status !== 401) throw error;
      if (tried === this.#token) await this.#askForToken(error.detail);
      options.signal?.throwIfAborted();
    }
  }

  /** Begins a session with a token. @throws {ApiError} When it is not valid. */
  async signIn(token) {
    const body = JSON.stringify({ token });
    const response = await this.#fetch("POST", "/v1/session", { headers: { "Content-Type": "application/json" }, body });
    if (!response.ok) throw await problem(response);
    this.#token = token;
  }

  /** Ends the session; the token stays valid. */
  async signOut() {
    this.#token = "";
    await this.#fetch("DELETE", "/v1/session");
  }

  async #fetch(method, url, options = {}) {
    const authorization = this.#token && { Authorization: `Bearer ${this.#token}` };
    const headers = { Accept: "application/json", ...authorization, ...options.headers };
    try {
      const response = await fetch(url, { ...options, method, headers, cache: "no-store" });
      this.#noteTime(response.headers.get("Date"));
      return response;
    } catch (error) {
      if (isAbort(error)) throw error;
      throw new ApiError(0, AWAY);
    }
  }

  /** The header has whole seconds, so a smaller difference is none. */
  #noteTime(date) {
    const skewMs = Date.parse(date ?? "") - Date.now();
    if (Number.isFinite(skewMs)) this.#skewMs = Math.abs(skewMs) > 2000 ? skewMs : 0;
  }
}

async function problem(response) {
  const said = await response.json().catch(() => ({}));
  const error = new ApiError(response.status, said.detail ?? `The api answered ${response.status}.`);
  error.retryAfterS = Number(response.headers.get("Retry-After")) || 0;
  return error;
}
