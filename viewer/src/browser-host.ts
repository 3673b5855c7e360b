import { type HostToViewer, type SessionEnd, StreamReader, TraceFormatError } from "@lockscope/trace";
import type { Host } from "./host.js";

const STATE_KEY = "lockscope.viewer";

/** A page without an editor around it: shows the trace that `?trace=URL` names, of its own origin only. */
export function connectBrowserHost(receive: (message: HostToViewer) => void): Host {
  return {
    send(message) {
      if (message.type !== "ready") return;
      const url = new URLSearchParams(location.search).get("trace");
      if (url !== null) void fetchTrace(new URL(url, location.href), receive);
    },
    loadState: () => {
      const text = sessionStorage.getItem(STATE_KEY);
      return text === null ? undefined : JSON.parse(text);
    },
    saveState: (state) => sessionStorage.setItem(STATE_KEY, JSON.stringify(state)),
    canOpen: false,
  };
}

async function fetchTrace(url: URL, receive: (message: HostToViewer) => void): Promise<void> {
  const session = url.href;
  const end = (reason: SessionEnd, message?: string) =>
    receive({ type: "ended", session, reason, ...(message === undefined ? {} : { message }) });
  const name = decodeURIComponent(url.pathname.split("/").pop() ?? "trace");
  receive({ type: "reset", session: { id: session, name } });
  if (url.origin !== location.origin)
    return end("malformed", "only traces of this page's own origin are shown");
  const reader = new StreamReader();
  try {
    const response = await fetch(url);
    if (!response.ok || response.body === null) {
      return end("malformed", `the server answered ${response.status} ${response.statusText}`);
    }
    let announced = false;
    for (let body = response.body.getReader(); ; ) {
      const { done, value } = await body.read();
      if (done) break;
      const batches = reader.push(value);
      if (!announced && reader.prelude !== undefined) {
        const { meta } = reader.prelude;
        receive({ type: "reset", session: { id: session, name: meta.program || name, meta } });
        announced = true;
      }
      for (const { bytes } of batches) receive({ type: "batch", session, bytes: bytes.buffer });
    }
  } catch (error) {
    if (error instanceof TraceFormatError) return end("malformed", error.message);
    return end("broken", String(error));
  }
  const { truncated, error } = reader.end();
  if (error !== undefined) return end("malformed", error.message);
  end(truncated ? "broken" : "exited", truncated ? "the trace is cut off" : undefined);
}
