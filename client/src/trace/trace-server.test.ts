import { existsSync, statSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { dirname } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { busyTrace, prelude } from "../testing/sample-trace.js";
import { Sessions } from "./sessions.js";
import { type Launch, TraceServer } from "./trace-server.js";

const disposals: (() => unknown)[] = [];
afterEach(async () => {
  for (const dispose of disposals.splice(0)) await dispose();
});

function startServer(patienceMs?: number) {
  const sessions = new Sessions();
  const log: string[] = [];
  const server = new TraceServer(sessions, (message) => log.push(message), patienceMs);
  disposals.push(() => server.dispose());
  return { sessions, log, server };
}

const pathOf = ({ variables }: Launch) => variables.LOCKSCOPE_TRACE.replace(/^pipe:/, "");

/** A traced program's end of the line. */
function program(launch: Launch): Socket & { over?: boolean } {
  const socket: Socket & { over?: boolean } = connect(pathOf(launch));
  socket.on("error", () => {}); // being hung up on is what some tests want
  socket.on("close", () => {
    socket.over = true;
  });
  socket.resume();
  disposals.push(() => socket.destroy());
  return socket;
}

describe("the trace server", () => {
  it("takes a trace in any chunks, from several processes of one launch", async () => {
    const { server, sessions } = startServer();
    const launch = await server.launch();
    const bytes = Buffer.concat([prelude(launch.variables.LOCKSCOPE_TOKEN), ...busyTrace(5000).batches]);
    const [slow, fast] = [program(launch), program(launch)];
    fast.end(bytes);
    for (let at = 0; at < bytes.length; at += 1001) slow.write(bytes.subarray(at, at + 1001));
    slow.end();
    await expect.poll(() => sessions.all.map((session) => session.end?.reason)).toEqual(["exited", "exited"]);
    expect(sessions.all.map((session) => session.store.eventCount)).toEqual([10_002, 10_002]);
  });

  it("hangs up on who does not know the token", async () => {
    const { server, sessions, log } = startServer();
    const launch = await server.launch();
    const peers = [prelude("wrong"), prelude(), Buffer.from("GET / HTTP/1.1\r\n\r\n")].map((bytes) => {
      const peer = program(launch);
      peer.write(bytes);
      return peer;
    });
    await expect.poll(() => peers.every(({ over }) => over)).toBe(true);
    expect(sessions.all).toEqual([]);
    expect(log).toHaveLength(3);
  });

  it("hangs up on who says nothing", async () => {
    const { server, log } = startServer(20);
    const peer = program(await server.launch());
    await expect.poll(() => peer.over).toBe(true);
    expect(log[0]).toContain("did not say who it is");
  });

  it("ends the session when a program dies in mid-batch, and goes on serving", async () => {
    const { server, sessions } = startServer();
    const launch = await server.launch();
    const victim = program(launch);
    const [batch] = busyTrace(10).batches;
    victim.write(Buffer.concat([prelude(launch.variables.LOCKSCOPE_TOKEN), batch!, batch!.subarray(0, 50)]));
    await expect.poll(() => sessions.all[0]?.store.eventCount).toBe(22);
    victim.destroy();
    await expect.poll(() => sessions.all[0]?.end?.reason).toBe("broken");
    program(launch).end(Buffer.concat([prelude(launch.variables.LOCKSCOPE_TOKEN), batch!]));
    await expect.poll(() => sessions.all[1]?.end?.reason).toBe("exited");
  });

  it("hangs up on a program whose stream turns into garbage", async () => {
    const { server, sessions } = startServer();
    const launch = await server.launch();
    const peer = program(launch);
    peer.write(Buffer.concat([prelude(launch.variables.LOCKSCOPE_TOKEN), Buffer.alloc(4096, "x")]));
    await expect.poll(() => peer.over).toBe(true);
    expect(sessions.all[0]?.end?.reason).toBe("malformed");
  });

  it("gives each launch a token of its own, which is worth nothing after its end", async () => {
    const { server, sessions } = startServer();
    const [first, second] = [await server.launch(), await server.launch()];
    expect(first.variables.LOCKSCOPE_TOKEN).not.toBe(second.variables.LOCKSCOPE_TOKEN);
    first.end();
    const late = program(second);
    late.write(prelude(first.variables.LOCKSCOPE_TOKEN));
    await expect.poll(() => late.over).toBe(true);
    expect(sessions.all).toEqual([]);
  });

  // A named pipe has neither a folder nor a mode.
  const unixOnly = process.platform === "win32" ? [] : ["a socket"];
  it.each(unixOnly)("listens for the user alone, and only while needed: %s", async () => {
    const { server, sessions } = startServer();
    const launch = await server.launch();
    const folder = dirname(pathOf(launch));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const peer = program(launch);
    peer.write(prelude(launch.variables.LOCKSCOPE_TOKEN));
    await expect.poll(() => sessions.all.length).toBe(1);
    launch.end();
    expect(existsSync(folder)).toBe(true);
    peer.end();
    await expect.poll(() => existsSync(folder)).toBe(false);
    const next = await server.launch();
    expect(existsSync(pathOf(next))).toBe(true);
  });
});
