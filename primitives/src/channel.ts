/** Channels, select and timers: Go's `chan`, `select` and the part of `time` that speaks through channels. */
export type { SelectCase } from "./channel/cases.js";
export { Channel } from "./channel/channel.js";
export { onReceive, onSend, otherwise, select } from "./channel/select.js";
export { after, Timer, tick } from "./channel/timer.js";
export type { ReceiveChannel, SendChannel } from "./channel/views.js";
