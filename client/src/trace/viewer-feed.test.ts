import type { HostToViewer } from "@lockscope/trace";
import { StreamReader } from "@lockscope/trace";
import { describe, expect, it } from "vitest";
import { busyTrace, newSession } from "../testing/sample-trace.js";
import { Sessions } from "./sessions.js";
import { ViewerFeed } from "./viewer-feed.js";

/** A page that keeps what it is sent. */
function page() {
  const sessions = new Sessions();
  const got: HostToViewer[] = [];
  const state = { hidden: false };
  let tries = 0;
  const feed = new ViewerFeed(sessions, async (message) => {
    tries++;
    if (!state.hidden) got.push(message);
    return !state.hidden;
  });
  const kinds = () => got.map(({ type }) => type);
  /** The rows that the page has since it last started from nothing, read as the page reads them. */
  const rows = () => {
    let count = 0;
    let reader = new StreamReader({ prelude: false });
    for (const message of got) {
      if (message.type === "reset") {
        count = 0;
        reader = new StreamReader({ prelude: false });
      } else if (message.type === "batch") {
        expect(message.bytes.constructor.name).toBe("ArrayBuffer");
        for (const { header } of reader.push(new Uint8Array(message.bytes))) count += header.rowCount;
      }
    }
    expect(reader.end().pendingBytes).toBe(0);
    return count;
  };
  return { sessions, got, state, feed, kinds, rows, tried: () => tries };
}

const receive = (session: ReturnType<typeof newSession>, pairs: number) => {
  for (const batch of busyTrace(pairs).batches) session.receive(batch);
};

describe("the feed of a page", () => {
  it("sends nothing before the page is ready, then everything, then what is new, then the end", async () => {
    const { sessions, feed, kinds, rows, got } = page();
    const session = newSession();
    sessions.add(session);
    receive(session, 10);
    expect(got).toEqual([]);
    feed.receive({ type: "ready" });
    await expect.poll(rows).toBe(22);
    receive(session, 20_000);
    await expect.poll(rows).toBe(22 + 40_002);
    session.close();
    await expect.poll(() => kinds().at(-1)).toBe("ended");
    expect(kinds().slice(0, 3)).toEqual(["sessions", "reset", "batch"]);
    expect(got.at(-1)).toEqual({ type: "ended", session: "1", reason: "exited" });
  });

  it("says how much of what there is has yet to be sent", async () => {
    const { sessions, feed, kinds, got } = page();
    const session = newSession();
    sessions.add(session);
    receive(session, 40_000);
    session.unread = 1000;
    feed.receive({ type: "ready" });
    await expect.poll(() => kinds().filter((kind) => kind === "batch").length).toBeGreaterThan(2);
    let left = session.bytes + session.unread;
    for (const message of got) {
      if (message.type !== "batch") continue;
      left -= message.bytes.byteLength;
      expect(message.left).toBe(left);
    }
  });

  it("sends a page that is shown again everything from the beginning", async () => {
    const { sessions, feed, kinds, rows, got } = page();
    const session = newSession();
    sessions.add(session);
    feed.receive({ type: "ready" });
    receive(session, 10);
    await expect.poll(rows).toBe(22);
    feed.pause();
    const before = got.length;
    receive(session, 10);
    session.close();
    feed.receive({ type: "ready" });
    await expect.poll(() => kinds().at(-1)).toBe("ended");
    expect(kinds().slice(before, before + 2)).toEqual(["sessions", "reset"]);
    expect(rows()).toBe(44);
  });

  it("stops when a message does not arrive, until the page asks again", async () => {
    const { sessions, feed, rows, state, kinds, tried } = page();
    const session = newSession();
    sessions.add(session);
    feed.receive({ type: "ready" });
    await expect.poll(() => kinds().length).toBe(2);
    state.hidden = true;
    receive(session, 10);
    await expect.poll(() => tried()).toBeGreaterThan(2);
    state.hidden = false;
    feed.receive({ type: "ready" });
    await expect.poll(rows).toBe(22);
  });

  it("follows the user's choice of session", async () => {
    const { sessions, feed, rows, got } = page();
    const [first, second] = [newSession("1"), newSession("2")];
    sessions.add(first);
    receive(first, 1);
    sessions.add(second);
    receive(second, 5);
    feed.receive({ type: "ready" });
    await expect.poll(rows).toBe(4);
    feed.receive({ type: "select-session", id: "2" });
    await expect.poll(rows).toBe(12);
    const lists = got.filter((message) => message.type === "sessions");
    expect(lists.at(-1)).toMatchObject({ current: "2", list: [{ id: "1" }, { id: "2" }] });
  });

  it("sends another session beside the current one when asked, again to a page that is shown again", async () => {
    const { sessions, feed, got } = page();
    const [first, second] = [newSession("1"), newSession("2")];
    sessions.add(first);
    sessions.add(second);
    receive(first, 1);
    receive(second, 1);
    second.close();
    feed.receive({ type: "ready" });
    feed.receive({ type: "load", id: "2" });
    const about = (id: string) => got.filter((message) => "session" in message && message.session === id);
    await expect.poll(() => about("2").map(({ type }) => type)).toEqual(["batch", "ended"]);
    expect(got).toContainEqual({ type: "other", session: second.info });
    expect(about("1").map(({ type }) => type)).toEqual(["batch"]);
    feed.receive({ type: "ready" });
    await expect.poll(() => about("1")).toHaveLength(2);
    await expect.poll(() => about("2").map(({ type }) => type)).toEqual(["batch", "ended", "batch", "ended"]);
    feed.pause();
    sessions.select("2");
    const before = got.length;
    feed.receive({ type: "ready" });
    await expect.poll(() => got.at(-1)).toMatchObject({ type: "ended", session: "2" });
    expect(got.slice(before).map(({ type }) => type)).toEqual(["sessions", "reset", "batch", "ended"]);
  });

  it("sends the other session that was chosen before the page listened", async () => {
    const { sessions, feed, got } = page();
    sessions.add(newSession("1"));
    feed.compareWith(newSession("file"));
    feed.focus({ type: "focus-comparison" });
    expect(got).toEqual([]);
    feed.receive({ type: "ready" });
    expect(got.map(({ type }) => type)).toEqual(["sessions", "reset", "other", "focus-comparison"]);
  });

  it("has the page show something as soon as it listens, once, after what is said of the session", () => {
    const sessions = new Sessions();
    const got: HostToViewer[] = [];
    const remark: HostToViewer = { type: "thresholds", heldMs: 1, waitMs: 2 };
    const post = async (message: HostToViewer) => got.push(message) > 0;
    const feed = new ViewerFeed(sessions, post, () => [remark]);
    sessions.add(newSession());
    feed.focus({ type: "focus-lock", id: 7 });
    feed.tell(remark);
    expect(got).toEqual([]);
    feed.receive({ type: "ready" });
    feed.receive({ type: "ready" });
    const kinds = ["sessions", "reset", "thresholds"];
    expect(got.map(({ type }) => type)).toEqual([...kinds, "focus-lock", ...kinds]);
  });

  it("leaves nothing behind", () => {
    const { sessions, feed } = page();
    const session = newSession();
    sessions.add(session);
    const listeners = () => session.listenerCount("data") + session.listenerCount("end");
    const before = listeners();
    feed.receive({ type: "ready" });
    feed.compareWith(session);
    expect(listeners()).toBe(before + 4);
    feed.dispose();
    expect(listeners()).toBe(before);
    expect(sessions.listenerCount("list")).toBe(0);
  });
});

describe("the current session", () => {
  it("is a new one once the old one has ended, but not while that runs", () => {
    const sessions = new Sessions();
    const [first, second, third] = [newSession("1"), newSession("2"), newSession("3")];
    sessions.add(first);
    receive(first, 1);
    sessions.add(second);
    expect(sessions.current).toBe(first);
    first.close();
    sessions.add(third);
    expect(sessions.current).toBe(third);
  });

  it("is the first process of a new launch, whatever still runs", () => {
    const sessions = new Sessions();
    const [old, fresh] = [newSession("1", { token: "a" }), newSession("2", { token: "b" })];
    sessions.add(old);
    receive(old, 1);
    sessions.add(fresh);
    expect(sessions.current).toBe(fresh);
  });

  it("is not a silent one when another speaks", () => {
    const sessions = new Sessions();
    const [npm, program] = [newSession("1"), newSession("2")];
    sessions.add(npm);
    sessions.add(program);
    expect(sessions.current).toBe(npm);
    receive(program, 1);
    expect(sessions.current).toBe(program);
  });

  it("is kept, with the latest others, when old ones are forgotten", () => {
    const sessions = new Sessions();
    for (let id = 1; id <= 30; id++) {
      const session = newSession(String(id));
      sessions.add(session);
      session.close();
      if (id === 1) sessions.select("1");
    }
    expect(sessions.all.length).toBeLessThan(12);
    expect(sessions.current?.id).toBe("30");
  });
});
