/** What the page may load from, as the editor gave it. */
export interface PageSources {
  /** The editor's own origin for files of the extension. */
  readonly origin: string;
  readonly script: string;
  readonly style: string;
  /** New for every page. */
  readonly nonce: string;
}

/** The trace view's document. Nothing runs in it but our one script, and it can reach nothing but our files. */
export function tracePage({ origin, script, style, nonce }: PageSources): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${origin}`,
    `font-src ${origin}`,
    `img-src ${origin} data:`,
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>Lock trace</title>
</head>
<body>
<div id="app"></div>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>
`;
}
