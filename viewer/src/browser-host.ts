/**
 * A page without an editor around it: shows the trace that `?trace=URL` names, of its own origin only. Source places
 * can be opened if the server says by which links: `<meta name="lockscope-open" content="vscode://file">`.
 */
import type { HostToViewer, SessionInfo } from "@lockscope/trace";
import type { Host } from "./host.js";
import { placeLink } from "./model/place-link.js";
import { streamTrace } from "./stream-trace.js";

const STATE_KEY = "lockscope.viewer";

type Receive = (message: HostToViewer) => void;

export function connectBrowserHost(receive: Receive): Host {
  const links = document.querySelector<HTMLMetaElement>('meta[name="lockscope-open"]')?.content;
  const address = new URLSearchParams(location.search).get("trace");
  const url = address === null ? undefined : new URL(address, location.href);
  const loading = new AbortController();
  return {
    send(message) {
      switch (message.type) {
        case "ready":
          if (url !== undefined) void fetchTrace(url, loading.signal, receive);
          break;
        case "open":
          if (links !== undefined) location.assign(placeLink(links, message));
          break;
        case "export":
          if (url !== undefined) download(fileName(url), url.href);
          break;
        case "save":
          downloadContent(message.name, message.content);
          break;
        case "compare-file":
          void chooseFile().then((file) => file && readFile(file, receive));
          break;
      }
    },
    loadState: () => {
      const text = sessionStorage.getItem(STATE_KEY);
      return text === null ? undefined : JSON.parse(text);
    },
    saveState: (state) => sessionStorage.setItem(STATE_KEY, JSON.stringify(state)),
    canOpen: links !== undefined,
    opensBeside: false,
    stopLoading: () => loading.abort(),
  };
}

async function fetchTrace(url: URL, signal: AbortSignal, receive: Receive): Promise<void> {
  const info: SessionInfo = { id: url.href, name: fileName(url) };
  const fail = (message: string) => {
    receive({ type: "reset", session: info });
    receive({ type: "ended", session: info.id, reason: "malformed", message });
  };
  if (url.origin !== location.origin) return fail("only traces of this page's own origin are shown");
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (error) {
    return fail(String(error));
  }
  const { ok, status, statusText, body } = response;
  if (!ok || body === null) return fail(`the server answered ${status} ${statusText}`);
  await streamTrace(
    body,
    { ...info, canExport: true },
    { as: "reset", size: sizeOf(response), signal },
    receive,
  );
}

/** Our own server sends files that may grow, whose length is not known; others say what there is. */
const sizeOf = ({ headers }: Response): number =>
  Number(headers.get("lockscope-size") ?? headers.get("content-length")) || 0;

/** Sends a file that the user has chosen, to be compared. */
async function readFile(file: File, receive: Receive): Promise<void> {
  await streamTrace(
    file.stream(),
    { id: `file ${file.name}`, name: file.name },
    { as: "other", size: file.size },
    receive,
  );
}

/** Undefined if the user chooses none. */
function chooseFile(): Promise<File | undefined> {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".locktrace";
  return new Promise((resolve) => {
    input.addEventListener("change", () => resolve(input.files?.[0]));
    input.addEventListener("cancel", () => resolve(undefined));
    input.click();
  });
}

function downloadContent(name: string, content: ArrayBuffer | string): void {
  const address = URL.createObjectURL(new Blob([content]));
  download(name, address);
  // The browser has its own hold on what it saves.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function download(name: string, address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

const fileName = (url: URL) => decodeURIComponent(url.pathname.split("/").pop() ?? "trace");
