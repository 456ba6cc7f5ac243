/**
 * The readers of the live feed's bench, in one process: URL READERS EVENTS.
 *
 * @module
 */
import { HttpClient, readEventStream } from "../../lib/network/client/mod.ts";

const [url = "", readers = 0, events = 0] = Deno.args.map((arg, index) => index === 0 ? arg : Number(arg)) as [
  string,
  number,
  number,
];
const encoder = new TextEncoder();
using client = new HttpClient({ origin: url, maxConnections: readers });
const responses = [];
for (let reader = 0; reader < readers; reader++) {
  responses.push(await client.request({ method: "GET", path: "/api/events?type=file.*" }));
}
await Deno.stdout.write(encoder.encode("connected\n"));
const outcomes = await Promise.all(responses.map(async ({ body }) => {
  let seen = 0;
  for await (const { event, data } of readEventStream(body)) {
    if (data === undefined) continue;
    // Parsing JSON a million times would be measured as well.
    if (event !== "file.deleted" || !data.includes(`/file-${seen + 1}.txt"`)) return `wrong after ${seen}: ${data}`;
    if (++seen === events) return "complete";
  }
  return `ended after ${seen}`;
}));
const wrong = outcomes.filter((outcome) => outcome !== "complete");
await Deno.stdout.write(encoder.encode(wrong.length === 0 ? "none lost\n" : `${wrong.length} wrong: ${wrong[0]}\n`));
client.close();
Deno.exit(wrong.length === 0 ? 0 : 1);
