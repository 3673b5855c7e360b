// etcd-6708: sync() holds the write lock and, five calls and two interfaces further down, the client it is part of
// takes the read lock.
import { go, RWMutex } from "@lockscope/sync";

interface HttpClient {
  do(action: string): Promise<string>;
}

interface MembersApi {
  leader(): Promise<string>;
  list(): Promise<string[]>;
}

class HttpMembersApi implements MembersApi {
  constructor(private readonly client: HttpClient) {}

  async leader(): Promise<string> {
    return this.client.do("leader");
  }

  async list(): Promise<string[]> {
    return ["http://a:2379", "http://b:2379"];
  }
}

class ClusterClient implements HttpClient {
  readonly #rw = new RWMutex({ name: "cluster client" });
  #endpoints: string[] = ["http://a:2379"];
  #pinned = 0;

  async #leaderEndpoint(): Promise<string> {
    const members: MembersApi = new HttpMembersApi(this);
    return members.leader();
  }

  async #setEndpoints(endpoints: string[]): Promise<void> {
    const leader = await this.#leaderEndpoint();
    this.#endpoints = endpoints;
    this.#pinned = Math.max(endpoints.indexOf(leader), 0);
  }

  async sync(): Promise<void> {
    await this.#rw.lock();
    try {
      const members: MembersApi = new HttpMembersApi(this);
      await this.#setEndpoints(await members.list()); // want: reentrant-lock
    } finally {
      this.#rw.unlock();
    }
  }

  async do(action: string): Promise<string> {
    await this.#rw.rLock();
    const endpoint = this.#endpoints[this.#pinned] ?? "";
    this.#rw.rUnlock();
    return action === "leader" ? endpoint : "";
  }
}

export default async function scenario(): Promise<void> {
  const client = new ClusterClient();
  await go(() => client.sync(), { name: "sync" }).join();
}
