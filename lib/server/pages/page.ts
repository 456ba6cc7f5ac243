import { html, type HttpResponse } from "../../network/mod.ts";
import { type Markup, markup } from "./markup.ts";

/** What the browser may do with a page: nothing but show it, with the style below. */
const policy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Where the style sheet is served. */
export const stylePath = "/ui/style.css";

/** A whole page. */
export function page(title: string, content: Markup): HttpResponse {
  const document = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - dfs</title>
<link rel="stylesheet" href="${stylePath}">
</head>
<body>
<header><a href="/ui/">dfs</a></header>
<main>
${content}
</main>
</body>
</html>
`;
  return html(document.text, {
    headers: {
      "Content-Security-Policy": policy,
      "X-Content-Type-Options": "nosniff",
      "Referrer-Policy": "no-referrer",
    },
  });
}

/** The style of every page. */
export const style = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 60rem; padding: 0 1rem 3rem; }
header { border-bottom: 1px solid #8884; font-weight: 700; padding: 1rem 0; }
header a { color: inherit; text-decoration: none; }
h1 { font-size: 1.4rem; font-weight: 600; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8884; padding: 0.35rem 0.75rem 0.35rem 0; text-align: left; vertical-align: top; }
td:first-child { overflow-wrap: anywhere; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.quiet { color: #888; }
code { overflow-wrap: anywhere; }
`;
