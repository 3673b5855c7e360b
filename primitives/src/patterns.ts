/**
 * Pipelines of channels. A stage is a task that receives, works and sends; it holds one value at a time, so
 * a slow consumer slows down all before it. Each ends when its input is closed or its context ends, and
 * then closes its output. To stop early, end the context: that is what tells the stages before.
 */
export { bridge, fanIn, fanOut, or, orDone, tee } from "./patterns/join.js";
export {
  filter,
  map,
  reduce,
  skip,
  skipWhile,
  stream,
  take,
  takeWhile,
} from "./patterns/transform.js";
