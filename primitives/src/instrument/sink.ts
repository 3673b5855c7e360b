import { closeSync, openSync, writeSync } from "node:fs";
import { connect } from "node:net";
import type { Endpoint } from "./config.js";

/** Where the bytes of a trace go. */
export interface Sink {
  /** Whether it takes more now; if not, `onReady` is called once it does. */
  write(bytes: Uint8Array): boolean;
  onReady: () => void;
  /** Calls `sent` when everything written has left this process. */
  end(sent: () => void): void;
}

/** What a slow listener may leave queued here; the rest waits in the ring, which may overflow. */
const MAX_QUEUED_BYTES = 4 * 1024 * 1024;

/** @param fail called once when the sink can take nothing any more, with the reason */
export function openSink(endpoint: Endpoint, fail: (reason: string) => void): Sink {
  return endpoint.kind === "file" ? fileSink(endpoint.path, fail) : socketSink(endpoint, fail);
}

/** Synchronous: this thread has nothing else to do, and what is written is out of our hands. */
function fileSink(path: string, fail: (reason: string) => void): Sink {
  let file: number | undefined;
  const attempt = (action: () => void) => {
    try {
      action();
    } catch (error) {
      file = undefined;
      fail((error as Error).message);
    }
  };
  attempt(() => {
    file = openSync(path, "w");
  });
  return {
    onReady: () => {},
    write(bytes) {
      attempt(() => {
        for (let at = 0; file !== undefined && at < bytes.length; ) at += writeSync(file, bytes, at);
      });
      return true;
    },
    end(sent) {
      attempt(() => {
        if (file !== undefined) closeSync(file);
      });
      sent();
    },
  };
}

function socketSink(endpoint: Exclude<Endpoint, { kind: "file" }>, fail: (reason: string) => void): Sink {
  const socket = connect(endpoint.kind === "pipe" ? { path: endpoint.path } : endpoint);
  let ended = false;
  const sink: Sink = {
    onReady: () => {},
    write(bytes) {
      socket.write(bytes);
      return socket.writableLength < MAX_QUEUED_BYTES;
    },
    end(sent) {
      ended = true;
      socket.end(sent);
    },
  };
  socket.on("drain", () => sink.onReady());
  socket.on("error", (error) => fail(error.message));
  // Nothing is ever sent to us; but without reading, the listener's hanging up would go unnoticed.
  socket.on("end", () => {
    if (!ended) fail("the listener has hung up");
  });
  socket.resume();
  return sink;
}

/** "bank.locktrace", 2: "bank.2.locktrace". */
export function numbered(path: string, number: number): string {
  return path.replace(/(\.[^./\\]*)?$/, `.${number}$1`);
}
