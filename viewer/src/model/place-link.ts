import type { Site } from "@lockscope/trace";

/**
 * The link that opens a place, for a server that says by which (`vscode://file`). The path comes from a trace:
 * nothing in it can end the link's path, or lead elsewhere.
 */
export function placeLink(links: string, place: Pick<Site, "file" | "line" | "column">): string {
  const path = place.file.replaceAll("\\", "/").split("/").map(encodeURIComponent).join("/");
  return `${links}${path.startsWith("/") ? "" : "/"}${path}:${place.line}:${Math.max(1, place.column)}`;
}
