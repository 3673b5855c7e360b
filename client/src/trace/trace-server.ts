import { randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { type Batch, StreamReader, TraceFormatError } from "@lockscope/trace";
import { type Endpoint, listen } from "./endpoint.js";
import { type SessionOptions, TraceSession } from "./session.js";
import type { Sessions } from "./sessions.js";

/** One run of a program, with all the processes that it starts. */
export interface Launch {
  /** What its processes find in their environment. */
  readonly variables: { readonly LOCKSCOPE_TRACE: string; readonly LOCKSCOPE_TOKEN: string };
  /** Its processes keep their last rows in memory and deliver them on demand. */
  readonly canDump: boolean;
  /** No more processes will come. Those that are connected stay until they end. */
  end(): void;
}

/** A peer that has not said who it is by then is hung up on. */
const PRELUDE_PATIENCE_MS = 10_000;

/**
 * Receives traces. It listens from the first launch until the last one has ended and every process of it has
 * hung up; who does not know the token of a launch gets nothing in.
 */
export class TraceServer {
  /** By token, how their sessions are. */
  readonly #launches = new Map<string, SessionOptions>();
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #endpoint: Promise<Endpoint> | undefined;

  constructor(
    private readonly sessions: Pick<Sessions, "add">,
    private readonly log: (message: string) => void,
    private readonly patienceMs = PRELUDE_PATIENCE_MS,
  ) {}

  async launch(options: SessionOptions = {}): Promise<Launch> {
    const token = randomBytes(24).toString("base64url");
    this.#launches.set(token, options);
    try {
      const { address } = await this.#listen();
      return {
        variables: { LOCKSCOPE_TRACE: address, LOCKSCOPE_TOKEN: token },
        canDump: options.canDump ?? false,
        end: () => {
          this.#launches.delete(token);
          this.#closeIfIdle();
        },
      };
    } catch (error) {
      this.#launches.delete(token);
      throw error;
    }
  }

  /** Hangs up on everybody. */
  async dispose(): Promise<void> {
    this.#launches.clear();
    for (const socket of this.#sockets) socket.destroy();
    await this.#close();
  }

  #listen(): Promise<Endpoint> {
    if (this.#endpoint === undefined) {
      const server = createServer((socket) => this.#accept(socket));
      this.#server = server;
      this.#endpoint = listen(server);
      this.#endpoint.catch(() => {
        if (this.#server === server) this.#endpoint = undefined;
      });
    }
    return this.#endpoint;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    const reader = new StreamReader();
    let session: TraceSession | undefined;
    const patience = setTimeout(() => this.#refuse(socket, "it did not say who it is"), this.patienceMs);
    socket.on("data", (chunk) => {
      if (session === undefined) {
        session = this.#admit(socket, reader, chunk);
        if (reader.prelude !== undefined) clearTimeout(patience);
      } else {
        session.receive(chunk);
        if (session.end !== undefined) socket.destroy();
      }
    });
    socket.on("error", (error) => this.log(`A traced program's connection failed: ${error.message}.`));
    socket.on("close", () => {
      clearTimeout(patience);
      this.#sockets.delete(socket);
      session?.close();
      this.#closeIfIdle();
    });
  }

  /** The session of a peer whose first line has arrived and is right. */
  #admit(socket: Socket, reader: StreamReader, chunk: Uint8Array): TraceSession | undefined {
    let batches: Batch[] = [];
    let damage: TraceFormatError | undefined;
    try {
      batches = reader.push(chunk);
    } catch (error) {
      if (!(error instanceof TraceFormatError)) throw error;
      damage = error;
    }
    const { prelude } = reader;
    if (prelude === undefined) {
      if (damage !== undefined) this.#refuse(socket, damage.message);
      return undefined;
    }
    const options = this.#optionsOf(prelude.token);
    if (options === undefined) {
      this.#refuse(socket, "it does not know the token");
      return undefined;
    }
    const session = new TraceSession(randomUUID(), reader, prelude, options);
    this.sessions.add(session);
    session.append(batches);
    // Its own first line was right: the damage is this session's end, not a stranger's noise.
    if (damage !== undefined) socket.destroy();
    return session;
  }

  #refuse(socket: Socket, why: string): void {
    this.log(`A connection to the trace was refused: ${why}.`);
    socket.destroy();
  }

  /** Undefined for who does not know a token. */
  #optionsOf(token: string): SessionOptions | undefined {
    const given = Buffer.from(token);
    for (const [known, options] of this.#launches) {
      const expected = Buffer.from(known);
      if (expected.length === given.length && timingSafeEqual(expected, given)) return options;
    }
    return undefined;
  }

  #closeIfIdle(): void {
    if (this.#launches.size > 0 || this.#sockets.size > 0) return;
    this.#close().catch((error: Error) => this.log(`The trace's socket was not removed: ${error.message}.`));
  }

  async #close(): Promise<void> {
    const endpoint = this.#endpoint;
    this.#endpoint = undefined;
    this.#server = undefined;
    const open = await endpoint?.catch(() => undefined); // who asked for it was told why it failed
    await open?.close();
  }
}
