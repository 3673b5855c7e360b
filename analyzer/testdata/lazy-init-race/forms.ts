interface Client {
  readonly name: string;
  close(): Promise<void>;
}
declare function connect(): Promise<Client>;
declare function load(key: string): Promise<string>;
declare function pause(): Promise<void>;

let client: Client | undefined;
let pending: Promise<Client> | undefined;
let config: string | null = null;
const cache = new Map<string, string>();
const inflight = new Map<string, Promise<string>>();
const table: Record<string, string> = {};

export async function getClient(): Promise<Client> {
  if (!client) {
    client = await connect(); // want: lazy-init-race
  }
  return client;
}

export async function getEarly(): Promise<Client> {
  if (client !== undefined) return client;
  const made = await connect();
  client = made; // want: lazy-init-race
  return made;
}

export async function nullish(): Promise<Client> {
  return (client ??= await connect()); // want: lazy-init-race
}

export async function or(): Promise<string> {
  config = config || (await load("config")); // want: lazy-init-race
  return config;
}

export async function inTurn(): Promise<string> {
  config = config ?? (await load("config")); // want: lazy-init-race
  return config;
}

export async function local(): Promise<string> {
  let value = config;
  if (value === null) value = await load("config");
  config = value; // want: lazy-init-race
  return value;
}

export async function cached(key: string): Promise<string> {
  if (!cache.has(key)) {
    cache.set(key, await load(key)); // want: lazy-init-race
  }
  return cache.get(key) as string;
}

export async function got(key: string): Promise<string> {
  const hit = cache.get(key);
  if (hit) return hit;
  const value = await load(key);
  cache.set(key, value); // want: lazy-init-race
  return value;
}

export async function indexed(key: string): Promise<string | undefined> {
  if (!(key in table) && !table[key]) table[key] = await load(key); // want: lazy-init-race
  return table[key];
}

export class Session {
  #token: string | undefined;
  #expires = 0;
  #ready = false;
  #loading: Promise<string> | undefined;
  #closed = false;
  #refreshing = false;

  async token(): Promise<string> {
    if (this.#token && Date.now() < this.#expires) return this.#token;
    const token = await load("token");
    this.#token = token; // want: lazy-init-race
    this.#expires = Date.now() + 60_000;
    return token;
  }

  async init(): Promise<void> {
    if (this.#ready) return;
    await pause();
    this.#ready = true; // want: lazy-init-race
  }

  async byHelper(): Promise<string | undefined> {
    if (!this.#token) await this.#fill();
    return this.#token;
  }

  async #fill(): Promise<void> {
    this.#token = await load("token"); // want: lazy-init-race
  }

  then(): Promise<string> {
    if (this.#token) return Promise.resolve(this.#token);
    return load("token").then((token) => {
      this.#token = token; // want: lazy-init-race
      return token;
    });
  }

  async shared(): Promise<string> {
    if (this.#token) return this.#token;
    if (!this.#loading) this.#loading = load("token");
    this.#token = await this.#loading;
    return this.#token;
  }

  sharedToo(): Promise<string> {
    if (this.#token) return Promise.resolve(this.#token);
    this.#loading ??= (async () => {
      try {
        this.#token = await load("token");
        return this.#token;
      } finally {
        this.#loading = undefined;
      }
    })();
    return this.#loading;
  }

  async again(): Promise<string> {
    if (!this.#token) {
      const token = await load("token");
      if (!this.#token) this.#token = token;
    }
    return this.#token;
  }

  async flagFirst(): Promise<void> {
    if (this.#ready) return;
    this.#ready = true;
    await pause();
  }

  async refresh(): Promise<void> {
    if (this.#refreshing) return;
    this.#refreshing = true;
    try {
      if (!this.#token) this.#token = await load("token");
    } finally {
      this.#refreshing = false;
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await pause();
    this.#closed = true;
  }

  async reload(): Promise<void> {
    if (this.#token) await pause();
    this.#token = await load("token");
  }

  async drop(): Promise<void> {
    if (!this.#token) return;
    await pause();
    this.#token = undefined;
  }
}

export function sharedPromise(): Promise<Client> {
  if (!pending) {
    pending = connect().catch((error: unknown) => {
      pending = undefined;
      throw error;
    });
  }
  return pending;
}

export async function single(key: string): Promise<string> {
  const hit = cache.get(key);
  if (hit !== undefined) return hit;
  const running = inflight.get(key);
  if (running) return running;
  const promise = load(key);
  inflight.set(key, promise);
  try {
    const value = await promise;
    cache.set(key, value);
    return value;
  } finally {
    inflight.delete(key);
  }
}

export async function perCall(keys: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const key of keys) if (!found.has(key)) found.set(key, await load(key));
  let first: string | undefined;
  if (!first) first = await load("first");
  return found;
}

export async function polled(): Promise<void> {
  while (!client) {
    await pause();
  }
  await client.close();
}
