import { render } from "preact";
import { connectHost } from "./host.js";
import { App } from "./parts/app.js";
import { Session } from "./session.js";
import { readViewState } from "./view-state.js";
import "./viewer.css";

/** Tables are read, not watched: five times a second is enough, and leaves the time to the timeline. */
const REFRESH_MS = 200;
/** While a program runs, waits grow longer without any event. */
const LIVE_REFRESH_MS = 500;

const root = document.getElementById("app") ?? document.body.appendChild(document.createElement("div"));
let timer: ReturnType<typeof setTimeout> | undefined;
let liveTimer: ReturnType<typeof setTimeout> | undefined;
let revision = 0;
let shown = 0;

const session = new Session(() => {
  timer ??= setTimeout(show, Math.max(0, shown + REFRESH_MS - performance.now()));
});
const host = connectHost((message) => session.receive(message));
const initial = readViewState(host.loadState());

function show(): void {
  clearTimeout(timer);
  clearTimeout(liveTimer);
  timer = undefined;
  shown = performance.now();
  render(<App session={session} host={host} initial={initial} revision={++revision} />, root);
  // Read by tests and by nobody else: that everything has arrived can be seen from outside.
  document.body.dataset.events = String(session.store.eventCount);
  document.body.dataset.state = session.state;
  if (session.state === "live") liveTimer = setTimeout(show, LIVE_REFRESH_MS);
}

show();
host.send({ type: "ready" });
