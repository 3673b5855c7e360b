import { type HostToViewer, isHostMessage, type ViewerToHost } from "@lockscope/trace";
import { connectBrowserHost } from "./browser-host.js";

/** Whoever shows the page: the editor, or a plain browser. */
export interface Host {
  send(message: ViewerToHost): void;
  /** What `saveState` was last given, also by an earlier life of the page. */
  loadState(): unknown;
  saveState(state: unknown): void;
  /** Source places can be shown. */
  readonly canOpen: boolean;
  /** They are shown beside the page: a click on a span may do so, as nobody is led away. */
  readonly opensBeside: boolean;
  /** Leaves a trace that is loading at what has come of it; left out: the host does not load it by itself. */
  stopLoading?(): void;
}

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** Finds the host and has its messages given to `receive`; the caller then sends `ready`. */
export function connectHost(receive: (message: HostToViewer) => void): Host {
  const { acquireVsCodeApi } = globalThis as { acquireVsCodeApi?: () => VsCodeApi };
  if (acquireVsCodeApi === undefined) return connectBrowserHost(receive);
  const api = acquireVsCodeApi();
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    if (isHostMessage(event.data)) receive(event.data);
  });
  return {
    send: (message) => api.postMessage(message),
    loadState: () => api.getState(),
    saveState: (state) => api.setState(state),
    canOpen: true,
    opensBeside: true,
  };
}
