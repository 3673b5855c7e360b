/** The trace view's document for a browser. Nothing runs in it but our one script, and it can reach nothing but us. */
export function tracePage(nonce: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="lockscope-open" content="vscode://file">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="viewer.css">
<title>Lock trace</title>
</head>
<body>
<div id="app"></div>
<script nonce="${nonce}" src="viewer.js"></script>
</body>
</html>
`;
}

export function contentPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
